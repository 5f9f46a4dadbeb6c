// Renders the inputs of a function or message step, in their order, so that a rendered one can be used by later ones (run time §3.8, §6).
import { isDict, type Dict } from "../../definition/canonical/values";
import { parseHogTemplate, parseLiquid } from "../../definition/language";
import type { TemplateInputs } from "../../definition/schema/types";
import { failure, type Evaluation } from "../evaluation";
import { renderHogValue, renderLiquidValue } from "../render";
import type { Unfilled } from "../result/sent";
import type { StepState } from "../world/observer";
import { displayName } from "../world/people";
import { log } from "../world/record";
import type { StepRun } from "./step";
import { languageOf, sourceName, storedInputs } from "./templates";

/** What templates see; `event` is an object here, unlike in filters (run time §6.3). Without a person `person` is null. */
export function templateGlobals({ world, run, person, groups }: StepRun, template: string): Dict {
  const { event, variables } = run;
  return {
    ...runGlobals({ event, person, groups, variables }),
    project: { id: world.projectId, name: "", url: "" },
    source: { name: sourceName(world.live.model.name, template), url: link("workflows", world.live.model.id) },
  };
}

/** What a run has: its event, its person, their groups, and its variables. */
export const runGlobals = ({ event, person, groups, variables }: StepState): Dict => ({
  event: {
    uuid: event.uuid,
    event: event.event,
    distinct_id: event.distinctId,
    properties: event.properties,
    timestamp: event.timestamp,
    url: link("events", event.uuid),
    elements_chain: event.properties["$elements_chain"] ?? "",
  },
  person: person
    ? {
        id: person.id,
        properties: person.properties,
        name: displayName(person),
        url: link("person", person.distinctId),
        distinct_id: person.distinctId,
      }
    : null,
  groups: Object.fromEntries(
    groups.map(({ type, index, key, properties }) => [
      type,
      { id: key, type, index, url: link("groups", key), properties },
    ]),
  ),
  variables,
});

/** Where PostHog's own pages are is not known here. */
const link = (page: string, id: string): string => `https://posthog.invalid/${page}/${encodeURIComponent(id)}`;

type Language = ReturnType<typeof languageOf>;

interface Rendering {
  language: Language;
  globals: Dict;
  /** What the value is, for `unfilled`. */
  part: string;
  /** Where it is written down what has nothing to show. */
  unfilled?: Unfilled[] | undefined;
}

export function renderValue(
  { world: { now, random } }: Pick<StepRun, "world">,
  value: unknown,
  { language, globals, part, unfilled }: Rendering,
): Evaluation {
  if (language === "none") return { ok: true, value };
  const surroundings = {
    now,
    random,
    ...(unfilled && {
      unfilled: (expression: string, shows: string, at?: number) => {
        // Once, also where a loop comes by it again and again.
        let known = unfilled.find((other) => other.part === part && other.expression === expression);
        if (!known) unfilled.push((known = { part, expression, shows }));
        // Of what is in a map or a list, the index is not one of the part.
        if (at !== undefined && typeof value === "string") (known.at ??= []).push(at);
      },
    }),
  };
  return language === "liquid"
    ? renderLiquidValue(value, globals, surroundings)
    : renderHogValue(value, globals, surroundings);
}

export interface TemplateValues {
  template: string;
  inputs: TemplateInputs | undefined;
  /** Keys of inputs that are left out. */
  secret?: readonly string[];
  /** Where it is written down what has nothing to show. */
  unfilled?: Unfilled[];
}

/** All inputs but the secret ones, or the error of the first that fails. */
export function renderInputs(context: StepRun, { template, inputs: given, ...rest }: TemplateValues): Evaluation<Dict> {
  const inputs = storedInputs(template, given);
  warnOfUnset(context, inputs);
  const rendered = renderEach(context, { template, inputs, ...rest }, templateGlobals(context, template));
  if (rendered.ok) context.world.observer.onRendered?.(context.id, rendered.value);
  return rendered;
}

/** One input after the other; each sees those before it. */
export function renderEach(
  context: Pick<StepRun, "world">,
  { template, inputs = {}, secret = [], unfilled }: TemplateValues,
  globals: Dict,
): Evaluation<Dict> {
  const rendered: Dict = {};
  globals["inputs"] = rendered;
  for (const key of inOrder(inputs)) {
    const input = inputs[key];
    if (!isDict(input) || input["value"] === undefined || input["value"] === null || secret.includes(key)) continue;
    const language = languageOf(template, key, input);
    const result = renderValue(context, input["value"], { language, globals, part: key, unfilled });
    if (!result.ok) return failure(`Could not render input ${key}: ${result.error}`);
    rendered[key] = result.value;
  }
  return { ok: true, value: rendered };
}

/** An input that uses another comes after it (API §2.3.1). */
function inOrder(inputs: TemplateInputs): string[] {
  const keys = Object.keys(inputs);
  const done = new Set<string>();
  const visiting = new Set<string>();
  const visit = (key: string): void => {
    if (done.has(key) || visiting.has(key)) return;
    visiting.add(key);
    for (const { root, path } of references(inputs[key]?.value))
      if (root === "inputs" && path[0] !== undefined && Object.hasOwn(inputs, path[0])) visit(path[0]);
    done.add(key);
  };
  keys.forEach(visit);
  return [...done];
}

const MAY_REFER = /[{]/;

function references(value: unknown): { root: string; path: readonly string[] }[] {
  if (typeof value === "string") {
    if (!MAY_REFER.test(value) || !(value.includes("inputs") || value.includes("variables"))) return [];
    return [
      ...(value.includes("{{") || value.includes("{%") ? parseLiquid(value).references : []),
      ...parseHogTemplate(value).references,
    ];
  }
  if (Array.isArray(value)) return value.flatMap(references);
  return isDict(value) ? Object.values(value).flatMap(references) : [];
}

/** Variables that are used and not set render empty, with one warning (run time §3.8). */
function warnOfUnset(context: StepRun, inputs: TemplateInputs): void {
  const { run } = context;
  const missing = new Set<string>();
  for (const input of Object.values(inputs)) {
    for (const { root, path } of references(input?.value)) {
      const key = path[0];
      if (
        root === "variables" &&
        key !== undefined &&
        (run.variables[key] === undefined || run.variables[key] === null)
      )
        missing.add(key);
    }
  }
  if (missing.size > 0)
    log(context, "warn", `References variable(s) that are not set for this run: ${[...missing].join(", ")}`);
}
