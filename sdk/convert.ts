// Turns what a program wrote into the keyed form that the engine sees, in the program and without touching outputs: through one `apply`, one secret
// leaf would make all of the steps secret (design §3). What is wrong here is told by check, together with everything else.
import * as pulumi from "@pulumi/pulumi";
import { shownPath, tooDeep, tooDeepFinding } from "../definition/canonical/depth";
import { formatPath, type Path } from "../definition/canonical/paths";
import { flowToOurs } from "../definition/canonical/structure";
import { inputItems } from "../definition/canonical/secrets";
import { isDict, own, put, type Dict } from "../definition/canonical/values";
import { MAX_NESTING } from "../definition/schema/limits";
import { flowSettings } from "../definition/schema/schemas";
import { formFinding, markTemplateSecrets, pastedForm, placeSecrets } from "../rules/pasted-form";
import type { ProgramFinding } from "../rules/program-findings";
import { At, notes, type Notes } from "./steps/at";
import { compile } from "./steps/compile";
import { goalOf, isGoal } from "./steps/goal";
import { isCondition, isEventFilter, isStored, isVariables, keyedVariables } from "./values";
import { isOurs } from "./values/as-text";

/** A leaf that is an output. */
export interface OutputLeaf {
  path: Path;
  output: pulumi.Output<unknown>;
}

export interface Converted {
  /** The definition in keyed form; leaves may be outputs. */
  definition: Dict;
  /** Files and lines of the program by keyed path (design L14). */
  sources: Record<string, string[]>;
  /** Paths that steps leave to PostHog's editor. */
  editorOwns: string[];
  outputs: OutputLeaf[];
  findings: ProgramFinding[];
}

export function convert(args: Dict, resourceName: string): Converted {
  const deep = tooDeep(args, MAX_NESTING);
  if (deep) {
    return {
      definition: { name: resourceName },
      outputs: [],
      sources: {},
      editorOwns: [],
      findings: [{ path: [...shownPath(deep)], ...tooDeepFinding(MAX_NESTING) }],
    };
  }
  const strayTrigger =
    args["trigger"] !== undefined &&
    args["steps"] === undefined &&
    (args["actions"] !== undefined || args["definition"] !== undefined);
  const composed =
    !strayTrigger && (args["steps"] !== undefined || args["trigger"] !== undefined)
      ? compile(args["trigger"], args["steps"])
      : { ...notes(), actions: undefined, editorOwns: [] };
  const { findings, sources, editorOwns } = composed;
  if (strayTrigger)
    findings.push({
      path: ["trigger"],
      what: "`trigger` needs `steps`, and this flow has none",
      fix: "Give `trigger` and `steps`, or the trigger as one of the `actions`",
    });
  const settings = withValues(
    Object.fromEntries(
      Object.keys(flowSettings.shape)
        .filter((key) => args[key] !== undefined)
        .map((key) => [key, args[key]]),
    ),
    composed,
  );
  const definition = { name: resourceName, ...base(args, composed.actions, findings), ...flowToOurs(settings) };
  if (isDict(args["secrets"]))
    placeSecrets(definition, args["secrets"], {
      findings,
      inputOf: (value) => (isStored(value) ? { secret: true } : { value: pulumi.secret(value) }),
    });
  unwrapStored(definition);
  markTemplateSecrets(definition, (value) => pulumi.secret(value));
  return { definition, outputs: leaves(definition, findings), findings, sources, editorOwns };
}

/** Settings in the words of conditions, events and variables. */
function withValues(settings: Dict, found: Notes): Dict {
  const out = { ...settings };
  if (isOurs(out["conversion"]) || isEventFilter(out["conversion"]) || isCondition(out["conversion"])) {
    new At(["conversion"], found).report(
      `is ${isEventFilter(out["conversion"]) ? "an event" : "a condition"}, and must be an object`,
      {
        rule: "condition-kind",
        fix: `Write conversion: { ${isEventFilter(out["conversion"]) ? 'events: event("subscribed")' : 'filters: person("plan").is("pro")'} }`,
      },
    );
    delete out["conversion"];
  }
  if (isGoal(out["conversion"])) out["conversion"] = goalOf(out["conversion"], new At(["conversion"], found));
  if (isVariables(out["variables"])) out["variables"] = keyedVariables(out["variables"]);
  return out;
}

/** The part that the chosen form gives. */
function base(args: Dict, composed: Dict | undefined, findings: ProgramFinding[]): Dict {
  const forms = [
    ...(composed === undefined ? [] : ["steps"]),
    ...["actions", "definition"].filter((key) => args[key] !== undefined),
  ];
  const formless = formFinding(
    forms,
    "Give `trigger` and `steps`, or `actions` (a map of steps by id), or `definition` (PostHog's JSON)",
  );
  if (formless) findings.push(formless);
  if (forms.length === 0) return {};
  if (composed !== undefined) return { actions: composed };
  if (args["actions"] !== undefined) return flowToOurs({ actions: args["actions"] });
  const pasted = args["definition"];
  if (!isDict(pasted)) {
    findings.push({
      path: ["definition"],
      what: pulumi.Output.isInstance(pasted)
        ? "is an output, but its steps must be known in the program"
        : "expected the JSON object that PostHog returns",
      fix: "Import the file, or read it with fs.readFileSync and JSON.parse",
    });
    return {};
  }
  return pastedForm(pasted, findings);
}

/** `stored()` is an input as a whole, also where it is given as its value. */
function unwrapStored(definition: Dict): void {
  for (const { key, item, inputs } of [...inputItems(definition)])
    if (isStored(item) || isStored(own(item, "value"))) put(inputs, key, { secret: true });
}

/** Below a step, the containers with members that must be known in the program. */
const STRUCTURE = new Set([
  "type",
  "name",
  "next",
  "branches",
  "config",
  "filters",
  "extra",
  "inputs",
  "conditions",
  "condition",
  "events",
  "cohorts",
  "delayUntil",
]);

/** Every output in the definition. One where structure is needed, and anything that JSON cannot hold, is a finding. */
function leaves(definition: Dict, findings: ProgramFinding[]): OutputLeaf[] {
  const found: OutputLeaf[] = [];
  const walk = (value: unknown, path: Path): void => {
    if (pulumi.Output.isInstance(value)) {
      if (isStructure(path))
        findings.push({
          path: [...path],
          what: "is an output, but must be known in the program",
          why: "Steps, their ids, titles, types and wiring are the structure of the flow",
          fix: "Compute it without apply; texts, numbers and dates inside can be outputs",
        });
      found.push({ path, output: value });
    } else if (Array.isArray(value)) value.forEach((item, i) => walk(item, [...path, i]));
    else if (isStored(value))
      findings.push({
        rule: "text-place",
        path: [...path],
        what: "`stored()` is used where PostHog stores no secret",
        fix: "Give it as the whole value of a secret input of a step, or give a plain value or an output",
      });
    else if (isOurs(value))
      findings.push({
        rule: "text-place",
        path: [...path],
        what: "a reference, a text, a condition or an event is used where a plain value is expected",
        fix: "Give a plain value or an output",
      });
    else if (isDict(value)) for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
    else if (!isPlain(value))
      findings.push({
        path: [...path],
        what: `is ${kindOf(value)}, which JSON cannot represent`,
        ...(value instanceof Date ? { fix: "Write value.toISOString()" } : {}),
      });
  };
  walk(definition, []);
  return found;
}

function isStructure(path: Path): boolean {
  const [top, , ...rest] = path;
  if (top === "variables") return path.length <= 2;
  if (top !== "actions") return false;
  if (path.length <= 2 || rest[0] === "branches") return true;
  const last = path[path.length - 1];
  if (rest[0] === "config" && rest[1] === "inputs") return path.length <= 5;
  return path.length <= 4 && typeof last === "string" && STRUCTURE.has(last);
}

const isPlain = (value: unknown): boolean =>
  value === null ||
  ["undefined", "string", "boolean"].includes(typeof value) ||
  (typeof value === "number" && Number.isFinite(value)) ||
  value instanceof Promise;

function kindOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "object" && value !== null) return `a ${value.constructor?.name ?? "object"}`;
  return `a ${typeof value}`;
}

/** The paths of the leaves that are secret. Values arrive at the provider without their marks, so it is told where they are (design L13). */
export function secretPaths(outputs: readonly OutputLeaf[]): pulumi.Output<string[] | undefined> | undefined {
  if (outputs.length === 0) return undefined;
  const paths = Promise.all(
    outputs.map(async ({ path, output }) => ((await pulumi.isSecret(output)) ? formatPath(path) : undefined)),
  );
  return pulumi.output(
    paths.then((all) => {
      const secret = all.filter((path): path is string => path !== undefined).sort();
      return secret.length > 0 ? secret : undefined;
    }),
  );
}
