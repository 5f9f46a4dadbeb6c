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
import { isTrigger, kindOf, type BranchNode, type StepNode } from "./node";
import { linkSteps, type LinkedStep } from "./wiring";

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
    found.findings.push({
      rule: "step-entry",
      path: ["actions", TRIGGER_ID],
      what: trigger === undefined ? "a flow needs its `trigger`" : `expected a trigger, got ${kindOf(trigger)}`,
      fix: 'Write trigger: on.event("user signed up")',
    });
  if (!Array.isArray(steps)) {
    found.findings.push({
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
    found.findings.push({
      rule: "empty-path",
      path: ["actions"],
      what: "a flow without steps does nothing",
      fix: "Give it a step",
    });
  const linked = linkSteps(steps, register, found);
  if (start)
    put(
      found.actions,
      idOf(start),
      write({ node: start, id: idOf(start), branches: [], edges: { next: linked.first } }, found),
    );
  for (const step of linked.steps) put(found.actions, step.id, write(step, found));
  if (linked.needsExit) addExit(found);
  return found;
}

/** The common end. A step of the program that has its id is it. */
function addExit({ actions, findings }: Compiled): void {
  const own = actions[EXIT_ID] as Dict | undefined;
  if (own === undefined) put(actions, EXIT_ID, { type: "exit", name: "Exit" });
  else if (own["type"] !== "exit")
    findings.push({
      rule: "duplicate-step-id",
      path: ["actions", EXIT_ID],
      what: `the id "${EXIT_ID}" is reserved for the flow's end`,
      fix: "Give this step another id",
    });
}

function write({ node, id, branches, edges }: LinkedStep, found: Compiled): Dict {
  const at = new At(["actions", id], found);
  at.source(node.location);
  const { maker, key } = node;
  if (typeof node.options !== "object" || node.options === null || pulumi.Output.isInstance(node.options)) {
    at.report(`${maker} takes its options as an object, got ${kindOf(node.options)}`, { rule: "step-option" });
    return { type: node.type, name: defaultTitle(String(key)), ...edges };
  }
  const options = node.options as Dict;
  checkNames(node, options, at);
  const config = configOf(node, branches, at);
  takeOwned(node, options["editorOwns"], at, found);
  return {
    type: node.type,
    name: options["name"] ?? defaultTitle(String(key)),
    ...leaves(options, ["description", "onError"], at),
    ...(options["filters"] === undefined ? {} : { filters: conditionFilters(options["filters"], at.at("filters")) }),
    ...(options["outputVariable"] === undefined
      ? {}
      : { outputVariable: outputVariables(options["outputVariable"], at.at("outputVariable")) }),
    ...(config === undefined ? {} : { config }),
    ...edges,
  };
}

/** A config is written by code that trusts the compiler. Where nobody asked it, a wrong kind of value is a finding like any other. */
function configOf(node: StepNode, branches: readonly BranchNode[], at: At): Dict | undefined {
  try {
    return node.config(at.at("config"), branches);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    at.report(`an option of ${node.maker} has an invalid value (${error.message})`, {
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
    at.report(`\`${name}\` is not an option of ${maker}`, {
      rule: "step-option",
      ...(near === undefined ? { fix: `Options are ${known.join(", ")}` } : { suggestion: `\`${near}\`` }),
    });
  }
}

/** `editorOwns` in the step's own words, as paths (design L17). */
function takeOwned(node: StepNode, given: unknown, at: At, found: Compiled): void {
  if (given === undefined) return;
  if (!Array.isArray(given)) {
    at.report("`editorOwns` must be a list of the step's options", {
      rule: "step-option",
      fix: 'Write editorOwns: ["subject"]',
    });
    return;
  }
  const editable = node.editable ?? {};
  for (const word of given) {
    const path = typeof word === "string" && Object.hasOwn(editable, word) ? editable[word]! : undefined;
    if (path !== undefined) found.editorOwns.push(formatPath([...at.path, ...path]));
    else {
      const near = typeof word === "string" ? nearest(word, Object.keys(editable)) : undefined;
      at.report(`editorOwns: "${String(word)}" is not a field of ${node.maker} that the editor can own`, {
        rule: "step-option",
        ...(near === undefined
          ? { fix: `Fields are ${Object.keys(editable).join(", ")}` }
          : { suggestion: `"${near}"` }),
      });
    }
  }
}
