// Writes a flow that was given as `trigger` and `steps` down in the keyed form, with the places of its steps, the fields that the editor owns, and
// everything that is wrong with it.
import * as pulumi from "@pulumi/pulumi";
import { formatPath } from "../../definition/canonical/paths";
import { put, type Dict } from "../../definition/canonical/values";
import { nearest } from "../../definition/schema/names";
import { defaultTitle, EXIT_ID, TRIGGER_ID } from "../../definition/schema/step-ids";
import { conditionFilters, outputVariables } from "../values";
import { At, notes, type Notes } from "./at";
import { idOf, Register } from "./ids";
import { leaves } from "./leaves";
import { isTrigger, kindOf, type ArmNode, type StepNode } from "./node";
import { wire, type Wires } from "./wiring";

export interface Compiled extends Notes {
  actions: Dict;
  /** Keyed paths. */
  editorOwns: string[];
}

export function compile(trigger: unknown, steps: unknown): Compiled {
  const found: Compiled = { ...notes(), actions: {}, editorOwns: [] };
  const register = new Register(found);
  const start = isTrigger(trigger) ? (trigger as object as StepNode) : undefined;
  if (start) register.add(start);
  else
    found.problems.push({
      rule: "step-entry",
      path: ["actions", TRIGGER_ID],
      what: trigger === undefined ? "a flow needs its `trigger`" : `expected a trigger, got ${kindOf(trigger)}`,
      fix: 'Write trigger: on.event("user signed up")',
    });
  if (!Array.isArray(steps)) {
    found.problems.push({
      rule: "step-entry",
      path: ["actions"],
      what: pulumi.Output.isInstance(steps)
        ? "`steps` is an output, but must be known in the program"
        : `\`steps\` must be a list, got ${kindOf(steps)}`,
      fix: "Write steps: [email(…), delay(…)]",
    });
    return found;
  }
  if (steps.length === 0)
    found.problems.push({
      rule: "empty-path",
      path: ["actions"],
      what: "a flow without steps does nothing",
      fix: "Give it a step",
    });
  const wired = wire(steps, register, found);
  if (start) put(found.actions, idOf(start), write(start, idOf(start), [], { next: wired.first }, found));
  for (const { node, id, arms, wires } of wired.steps) put(found.actions, id, write(node, id, arms, wires, found));
  if (wired.needsExit) addExit(found);
  return found;
}

/** The common end. A step of the program that has its id is it. */
function addExit({ actions, problems }: Compiled): void {
  const own = actions[EXIT_ID] as Dict | undefined;
  if (own === undefined) put(actions, EXIT_ID, { type: "exit", name: "Exit" });
  else if (own["type"] !== "exit")
    problems.push({
      rule: "duplicate-step-id",
      path: ["actions", EXIT_ID],
      what: `the id "${EXIT_ID}" is reserved for the flow's end`,
      fix: "Give this step another id",
    });
}

function write(node: StepNode, id: string, arms: readonly ArmNode[], wires: Wires, found: Compiled): Dict {
  const at = new At(["actions", id], found);
  at.source(node.place);
  const { maker, key } = node;
  if (typeof node.options !== "object" || node.options === null || pulumi.Output.isInstance(node.options)) {
    at.problem(`${maker} takes its options as an object, got ${kindOf(node.options)}`, { rule: "step-option" });
    return { type: node.type, name: defaultTitle(String(key)), ...wires };
  }
  const options = node.options as Dict;
  checkNames(node, options, at);
  const config = configOf(node, arms, at);
  takeOwned(node, id, options["editorOwns"], at, found);
  return {
    type: node.type,
    name: options["name"] ?? defaultTitle(String(key)),
    ...leaves(options, ["description", "onError"], at),
    ...(options["filters"] === undefined
      ? {}
      : { filters: conditionFilters(options["filters"] as never, at.at("filters")) }),
    ...(options["outputVariable"] === undefined
      ? {}
      : { outputVariable: outputVariables(options["outputVariable"] as never, at.at("outputVariable")) }),
    ...(config === undefined ? {} : { config }),
    ...wires,
  };
}

/** A config is written by code that trusts the compiler. Where nobody asked it, a wrong kind of value is a finding like any other. */
function configOf(node: StepNode, arms: readonly ArmNode[], at: At): Dict | undefined {
  try {
    return node.config(at.at("config"), arms);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    at.problem(`an option of ${node.maker} has an invalid value (${error.message})`, {
      rule: "step-option",
      fix: "Run the type check: npx tsc --noEmit",
    });
    return {};
  }
}

function checkNames({ maker, known }: StepNode, options: Dict, at: At): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name) || options[name] === undefined) continue;
    const near = nearest(name, known);
    at.problem(`\`${name}\` is not an option of ${maker}`, {
      rule: "step-option",
      ...(near === undefined ? { fix: `Options are ${known.join(", ")}` } : { suggestion: `\`${near}\`` }),
    });
  }
}

/** `editorOwns` in the step's own words, as paths (design L17). */
function takeOwned(node: StepNode, id: string, given: unknown, at: At, found: Compiled): void {
  if (given === undefined) return;
  if (!Array.isArray(given)) {
    at.problem("`editorOwns` must be a list of the step's options", {
      rule: "step-option",
      fix: 'Write editorOwns: ["subject"]',
    });
    return;
  }
  const editable = node.editable ?? {};
  for (const word of given) {
    const path = typeof word === "string" && Object.hasOwn(editable, word) ? editable[word]! : undefined;
    if (path !== undefined) found.editorOwns.push(formatPath(["actions", id, ...path]));
    else {
      const near = typeof word === "string" ? nearest(word, Object.keys(editable)) : undefined;
      at.problem(`editorOwns: "${String(word)}" is not a field of ${node.maker} that the editor can own`, {
        rule: "step-option",
        ...(near === undefined
          ? { fix: `Fields are ${Object.keys(editable).join(", ")}` }
          : { suggestion: `"${near}"` }),
      });
    }
  }
}
