// Reads what `pulumi preview --json` prints (PDP §6): the flows and schedules of the stack before and after, problems and warnings. Secrets are masked
// here, so that nothing behind this door can print one.
import { withoutSecretLiterals } from "../program/failures";
import { nameIn, RESOURCE_KINDS, typeIn } from "../../definition/resource-types";
import { isDict, own, type Dict } from "../../definition/canonical/values";
import { isKnownOff } from "../../provider/flow/in-flight";
import { archivesOnDelete } from "../../provider/flow/outputs";
import { OperateError } from "../errors";
import { masked } from "../mask";
import { reasonOf } from "./undescribed";
import { SECRET } from "../../definition/canonical/secrets";
import { getAt, parsePath } from "../../definition/canonical/paths";
import { table } from "../../definition/schema/table";

/** What happens to a resource, from all of the engine's steps for it. */
export type Fate = "create" | "update" | "replace" | "delete" | "same";

/** A flow or schedule of a preview. */
export interface PreviewedResource {
  kind: "flow" | "schedule";
  /** Logical name in the program. */
  name: string;
  urn: string;
  fate: Fate;
  /** Id in PostHog, where it already exists. */
  id?: string;
  /** Whether a live resource is taken over instead of creating one. */
  adopts?: true;
  /** Inputs before and after, masked. */
  before?: Dict;
  after?: Dict;
  /** What the state knows of its status in PostHog. */
  liveStatus?: string;
  /** Whether a refresh found it switched off in PostHog, although this stack deployed it as active. */
  isSwitchedOff?: true;
  /** Of a schedule: the URN of its flow, also where the flow's id is not known yet. */
  flowUrn?: string;
  /** Address of the editor, and version, from the state. */
  url?: string;
  version?: number;
  /** What a deletion does to it in PostHog: `onDelete: "archive"` archives, and Pulumi's `retainOnDelete` leaves it as it is. */
  end?: "deleted" | "archived" | "kept";
  /** Paths of secrets that get another value. */
  changedSecrets: string[];
  /** Why its inputs could not be read; `before` and `after` are absent then. */
  error?: string;
}

/** What of a preview is about flows. */
export interface Preview {
  /** `project/stack`, where any resource tells it. */
  stack?: string;
  /** Whether it also holds what stays (`--show-sames`), so that it names all that is in the state. */
  isWhole?: boolean;
  resources: PreviewedResource[];
  /** Errors that stop the update, as the engine told them. */
  problems: string[];
  warnings: string[];
  /** How many other resources of the stack change. */
  otherChanges: number;
}

/** What the engine's words for a step come to. Those that are not here change nothing. */
const FATES = table<Fate>({
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "discard-replaced": "replace",
  "import-replacement": "replace",
});
/** Of several steps for one resource the first of these counts. */
const STRONGEST: readonly Fate[] = ["replace", "delete", "create", "update", "same"];

/**
 * Reads the output of `pulumi preview --json`.
 *
 * @param text What the command printed, also with lines of the engine before the JSON.
 * @throws OperateError when there is no preview in it.
 * @example
 * ```ts
 * parsePreview('{ "steps": [], "changeSummary": {} }').resources; // []
 * ```
 */
export function parsePreview(text: string): Preview {
  const digest = digestIn(text);
  const found = new Map<string, { steps: Dict[]; kind: PreviewedResource["kind"] }>();
  let otherChanges = 0;
  for (const step of digest["steps"] as unknown[]) {
    if (!isDict(step) || typeof step["urn"] !== "string") continue;
    // With --refresh: what the state was before it. The steps that follow begin with what the refresh has read.
    if (step["op"] === "refresh") continue;
    const kind = RESOURCE_KINDS[typeIn(step["urn"])];
    // A component's own changes, and the stack's, are in what they hold.
    if (kind === undefined)
      otherChanges +=
        FATES[String(step["op"])] !== undefined && own(step["newState"] ?? step["oldState"], "custom") === true ? 1 : 0;
    else found.set(step["urn"], { kind, steps: [...(found.get(step["urn"])?.steps ?? []), step] });
  }
  const stack = stackIn(digest["steps"] as unknown[]);
  return {
    ...(stack === undefined ? {} : { stack }),
    ...(isWhole(digest) ? { isWhole: true } : {}),
    resources: [...found].map(([urn, { kind, steps }]) => resource(urn, kind, steps)),
    ...diagnostics(digest["diagnostics"]),
    otherChanges,
  };
}

/**
 * Without `--show-sames` what stays is only counted. A preview that fails has not come to all of its resources, and one that creates the stack itself has no
 * state, or one that was made for it alone.
 */
function isWhole({ steps, changeSummary, diagnostics: messages }: Dict): boolean {
  const stays = (steps as unknown[]).filter((step) => own(step, "op") === "same").length;
  if (
    (steps as unknown[]).some(
      (step) => own(step, "op") === "create" && String(own(step, "urn")).split("::")[2] === "pulumi:pulumi:Stack",
    )
  )
    return false;
  return (
    isDict(changeSummary) && Number(changeSummary["same"] ?? 0) <= stays && diagnostics(messages).problems.length === 0
  );
}

/** Out of the first name that tells project and stack: `urn:pulumi:<stack>::<project>::…`. */
function stackIn(steps: readonly unknown[]): string | undefined {
  const names = steps.map((step) => /^urn:pulumi:([^:]+)::([^:]+)::/.exec(String(own(step, "urn"))));
  const first = names.find((match) => match !== null);
  return first ? `${first[2]!}/${first[1]!}` : undefined;
}

function digestIn(text: string): Dict {
  const start = /^[ \t]*\{/m.exec(text);
  let value: unknown;
  try {
    value = start ? JSON.parse(text.slice(start.index)) : undefined;
  } catch {
    value = undefined;
  }
  if (isDict(value) && Array.isArray(value["steps"])) return value;
  // A preview that ends before its first step has only diagnostics.
  if (isDict(value) && Array.isArray(value["diagnostics"])) return { steps: [], ...value };
  throw new OperateError({
    what: "This is not the output of `pulumi preview --json`",
    why: "A JSON object with `steps` was expected",
    fix: "Make it with: pulumi preview --json > preview.json",
  });
}

function resource(urn: string, kind: PreviewedResource["kind"], steps: readonly Dict[]): PreviewedResource {
  const fates = steps.map(({ op }) => FATES[String(op)] ?? "same");
  const fate = STRONGEST.find((candidate) => fates.includes(candidate)) ?? "same";
  const old = steps.map(({ oldState }) => oldState).find(isDict);
  const fresh = steps
    .map(({ newState }) => newState)
    .filter(isDict)
    .at(-1);
  const { before, after, error } = sidesOf(old, fate === "delete" ? undefined : fresh);
  const outputs = own(old, "outputs");
  const text = (key: string): string | undefined =>
    typeof own(outputs, key) === "string" ? (own(outputs, key) as string) : undefined;
  const version = own(outputs, "version");
  return {
    kind,
    name: nameIn(urn),
    urn,
    fate,
    ...(typeof own(old, "id") === "string" ? { id: own(old, "id") as string } : {}),
    ...(fate === "create" && typeof after?.["adopt"] === "string" ? { adopts: true, id: after["adopt"] } : {}),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(text("liveStatus") === undefined ? {} : { liveStatus: text("liveStatus")! }),
    ...(kind === "flow" && isSwitchedOff(before) ? { isSwitchedOff: true } : {}),
    ...(kind === "schedule" && flowUrnIn(fresh ?? old) !== undefined ? { flowUrn: flowUrnIn(fresh ?? old)! } : {}),
    ...(text("url") === undefined ? {} : { url: text("url")! }),
    ...(typeof version === "number" ? { version } : {}),
    ...(fate === "delete"
      ? { end: own(old, "retainOnDelete") === true ? "kept" : archivesOnDelete(before ?? {}) ? "archived" : "deleted" }
      : {}),
    changedSecrets: steps
      .flatMap(({ detailedDiff }) => (isDict(detailedDiff) ? Object.keys(detailedDiff) : []))
      .filter((path) => isSecretAt(before, path) && isSecretAt(after, path)),
    ...(error === undefined ? {} : { error }),
  };
}

/** A refresh notes it in the inputs. */
const isSwitchedOff = (before: Dict | undefined): boolean =>
  isKnownOff(before?.["status"]) && typeof before?.["switchedOff"] === "string";

/** A schedule that takes the HogFlow itself depends on it. */
function flowUrnIn(state: unknown): string | undefined {
  const urns = own(own(state, "propertyDependencies"), "flowId");
  return Array.isArray(urns)
    ? urns.find((urn): urn is string => typeof urn === "string" && RESOURCE_KINDS[typeIn(urn)] === "flow")
    : undefined;
}

/** What cannot be masked cannot be shown, and one resource does not keep the others from being reviewed. */
function sidesOf(
  old: unknown,
  fresh: unknown,
): { before?: Dict | undefined; after?: Dict | undefined; error?: string } {
  try {
    return { before: maskedInputs(old), after: maskedInputs(fresh) };
  } catch (error) {
    return { error: reasonOf(error) };
  }
}

function maskedInputs(state: unknown): Dict | undefined {
  const inputs = own(state, "inputs");
  if (!isDict(inputs)) return undefined;
  const { __provider: _, __schedules: _names, ...rest } = inputs;
  return masked(rest);
}

const isSecretAt = (definition: Dict | undefined, path: string): boolean => {
  const parts = parsePath(path);
  return definition !== undefined && parts !== undefined && String(getAt(definition, parts)).includes(SECRET);
};

/**
 * Warnings of a provider process come as lines of its error output, one diagnostic a line, the first with `warning:` before it and the others indented
 * (tried); those of the engine and the program come whole.
 */
function diagnostics(value: unknown): { problems: string[]; warnings: string[] } {
  const problems: string[] = [];
  const warnings: string[] = [];
  let open: string[] | undefined;
  for (const entry of Array.isArray(value) ? value : []) {
    const message =
      typeof own(entry, "message") === "string"
        ? withoutSecretLiterals(own(entry, "message") as string).replace(/(?<!\n)\n+$/, "")
        : "";
    const severity = own(entry, "severity");
    if (message.trim() === "") continue;
    if (severity === "error") problems.push(message.replace(/^error: /, ""));
    else if (severity === "warning" || message.startsWith("warning: ")) {
      open = [message.replace(/^warning: (\[runtime\] )?/, "")];
      warnings.push(open[0]!);
      continue;
    } else if (open !== undefined && /^\s/.test(message)) {
      open.push(message);
      warnings[warnings.length - 1] = open.join("\n");
      continue;
    }
    open = undefined;
  }
  return { problems, warnings };
}
