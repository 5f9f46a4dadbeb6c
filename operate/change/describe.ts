// Compares two definitions in keyed form and says, by step, what changes for people.
import { differences } from "../../definition/canonical/compare";
import { formatPath, getAt, parsePath, startsWith, type Path } from "../../definition/canonical/paths";
import { isDict, own, same, type Dict } from "../../definition/canonical/values";
import { orderOf } from "../../definition/graph/flow-graph";
import { stepKindOf } from "../../definition/schema/step-kinds";
import type { ActionType } from "../../definition/schema/types";
import { edgesOf, edgeId } from "../graph/edges";
import { inputInWords } from "../words/inputs";
import { doesWords, kindWords, titleOf } from "../words/steps";
import { keyWords, LATER, valueLines, valueWords } from "../words/values";
import { SECRET } from "../../definition/canonical/secrets";
import type { Aspect, Change, FlowChange, StepChange } from "./changes";
import { COMMON, FACETS, FLOW_FACETS, type Facet } from "./facets";
import { LIFECYCLE_FLAGS, withoutBookkeeping } from "./lifecycle-flags";

/** Texts up to this length are shown side by side; longer ones become a line diff. */
const SHORT = 90;

/** What a comparison knows apart from both sides. */
export interface DescribeOptions {
  /** Paths of secrets that change although both sides show `[secret]`. */
  changedSecrets?: readonly string[];
}

/**
 * What changes from one definition to another, in words. Give masked definitions: what is here is printed.
 *
 * @example
 * ```ts
 * const wait = (delayDuration: string) => ({ actions: { wait: { type: "delay", name: "Wait", config: { delayDuration } } } });
 * describeChange(wait("3d"), wait("1d")).steps[0].changes; // [{ aspect: "timing", label: "wait", before: "3 days", after: "1 day" }]
 * ```
 */
export function describeChange(before: Dict, after: Dict, { changedSecrets = [] }: DescribeOptions = {}): FlowChange {
  const was = isDict(before["actions"]) ? before["actions"] : {};
  const is = isDict(after["actions"]) ? after["actions"] : {};
  const secrets = changedSecrets.map((text) => parsePath(text)).filter((path): path is Path => path !== undefined);
  const order = [...orderOf(is), ...orderOf(was).filter((id) => !Object.hasOwn(is, id))];
  const steps = order.flatMap((id): StepChange[] => {
    const own_ = secrets.filter((path) => path[0] === "actions" && path[1] === id).map((path) => path.slice(2));
    const change = stepChange(id, was, is, own_);
    return change ? [change] : [];
  });
  const settings = ({ actions: _, ...rest }: Dict): Dict => withoutBookkeeping(rest);
  const flowSecrets = secrets.filter((path) => path[0] !== "actions");
  return {
    flow: facetChanges(
      { before: settings(before), after: settings(after) },
      { facets: [...FLOW_FACETS, ...LIFECYCLE_FLAGS], secrets: flowSecrets, wholes: { before, after } },
    ),
    steps,
  };
}

function stepChange(id: string, was: Dict, is: Dict, secrets: readonly Path[]): StepChange | undefined {
  const before = own(was, id);
  const after = own(is, id);
  const [actions, step] = isDict(after) ? [is, after] : [was, before];
  if (!isDict(step)) return undefined;
  const common = { id, title: titleOf(actions, id), is: kindWords(step) };
  if (!isDict(before) || !isDict(after)) {
    const does = doesWords(step);
    return {
      ...common,
      kind: isDict(after) ? "added" : "removed",
      ...(does === undefined ? {} : { does }),
      between: neighbours(id, actions),
      changes: isDict(after) ? contentsOf(step) : [],
    };
  }
  // Of another kind, it has nothing in common with what it was: it is described like a new one.
  const isRetyped = before["type"] !== after["type"];
  const retyped: Change[] = isRetyped
    ? [
        { aspect: "settings", label: "kind of step", before: kindAndDoes(before), after: kindAndDoes(after) },
        ...contentsOf(after),
      ]
    : [];
  const unsaid = ["next", "branches", "type", ...(isRetyped ? ["config"] : [])];
  const rest = (step: Dict): Dict => Object.fromEntries(Object.entries(step).filter(([key]) => !unsaid.includes(key)));
  const facets = isRetyped ? COMMON : [...COMMON, ...facetsOf(after)];
  const changes = [
    ...retyped,
    ...facetChanges({ before: rest(before), after: rest(after) }, { facets, secrets, wholes: { before, after } }),
    ...rewirings(id, was, is),
  ];
  return changes.length === 0 ? undefined : { ...common, kind: "changed", changes };
}

const facetsOf = ({ type }: Dict): readonly Facet[] =>
  typeof type === "string" && Object.hasOwn(FACETS, type) ? FACETS[type as ActionType] : [];

function kindAndDoes(step: Dict): string {
  const does = doesWords(step);
  return does === undefined ? kindWords(step) : `${kindWords(step)}: ${does}`;
}

/** What a step that is new says and sends: a reviewer reads it in full. */
function contentsOf(step: Dict): Change[] {
  const texts = facetsOf(step)
    .filter(({ aspect }) => aspect === "text")
    .flatMap((facet) => {
      const change = changeOf(facet.aspect, facet.label, undefined, facet.says(getAt(step, facet.paths[0]!), step));
      return change ? [change] : [];
    });
  const inputs = getAt(step, ["config", "inputs"]);
  return stepKindOf(step["type"])?.template === "given" && isDict(inputs)
    ? [...texts, ...others({}, { config: { inputs } }, [{ path: ["config", "inputs"] }])]
    : texts;
}

function neighbours(id: string, actions: Dict): { before: string[]; after: string[] } {
  const { into, from } = neighbourIds(actions);
  const titles = (ids: readonly string[] = []): string[] => [...new Set(ids)].map((other) => titleOf(actions, other));
  return { before: titles(into.get(id)), after: titles(from.get(id)) };
}

interface Neighbours {
  /** Steps that lead to a step, and steps that it leads to, by its id. */
  into: ReadonlyMap<string, readonly string[]>;
  from: ReadonlyMap<string, readonly string[]>;
}

/** Looked up for every step that is added or removed, and made once: a new flow of a thousand steps has a thousand of them. */
const known = new WeakMap<Dict, Neighbours>();

function neighbourIds(actions: Dict): Neighbours {
  const before = known.get(actions);
  if (before) return before;
  const into = new Map<string, string[]>();
  const from = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, id: string, other: string): void =>
    void (map.get(id)?.push(other) ?? map.set(id, [other]));
  for (const edge of edgesOf(actions)) {
    add(into, edge.to, edge.from);
    add(from, edge.from, edge.to);
  }
  const ways = { into, from };
  known.set(actions, ways);
  return ways;
}

function rewirings(id: string, was: Dict, is: Dict): Change[] {
  const edges = (actions: Dict) => new Map(edgesOf({ [id]: actions[id] }).map((edge) => [edgeId(edge), edge]));
  const [before, after] = [edges(was), edges(is)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): Change[] => {
    const [old, fresh] = [before.get(key), after.get(key)];
    if (old?.to === fresh?.to) return [];
    const label = (fresh ?? old)!.label;
    const titles = [old && titleOf(was, old.to), fresh && titleOf(is, fresh.to)];
    // Two steps may have one title.
    const [from, to] =
      titles[0] === titles[1] ? [`${titles[0]!} (${old!.to})`, `${titles[1]!} (${fresh!.to})`] : titles;
    return [
      {
        aspect: "wiring",
        label: label === undefined ? "leads to" : `leads to (${label})`,
        before: from ?? "nowhere",
        after: to ?? "nowhere",
      },
    ];
  });
}

function facetChanges(
  { before, after }: { before: Dict; after: Dict },
  {
    facets,
    secrets,
    wholes,
  }: { facets: readonly Facet[]; secrets: readonly Path[]; wholes: { before: Dict; after: Dict } },
): Change[] {
  const changes: Change[] = [];
  const covered: Path[] = [];
  for (const facet of facets) {
    if (facet.paths.every((path) => same(getAt(before, path), getAt(after, path)))) continue;
    const [was, is] = [getAt(before, facet.paths[0]!), getAt(after, facet.paths[0]!)];
    const change = changeOf(
      facet.aspect,
      facet.label,
      facet.says(was, wholes.before, is),
      facet.says(is, wholes.after, was),
    );
    // Where the words are the same, the fields themselves are listed.
    if (!change) continue;
    changes.push(change);
    covered.push(...facet.paths);
  }
  const rest = differences(before, after).filter(({ path }) => !covered.some((prefix) => startsWith(path, prefix)));
  const hidden = secrets.filter((path) => same(getAt(before, path), getAt(after, path)));
  return [
    ...changes,
    ...others(before, after, rest),
    ...hidden.map((path): Change => ({
      aspect: "secret",
      label: nameOf(path),
      before: SECRET,
      after: `a new ${SECRET}`,
    })),
  ];
}

/** What has no words of its own: inputs of templates as a whole, everything else by its path. */
function others(before: Dict, after: Dict, list: readonly { path: Path }[]): Change[] {
  const shown = new Map<string, Path>();
  for (const { path } of list.flatMap((difference) => opened(difference, before, after))) {
    const whole =
      path[0] === "config" && path[1] === "inputs"
        ? path.slice(0, path[2] === "email" && path[3] === "value" ? 5 : path[3] === "value" ? 4 : 3)
        : path.slice(0, path[0] === "config" ? 2 : 1);
    shown.set(formatPath(whole), whole);
  }
  return [...shown.values()].map((path): Change => {
    const label = nameOf(path);
    if (path[path.length - 1] === "design")
      return {
        aspect: "text",
        label: "layout in PostHog's e-mail editor",
        before: "as it is",
        after: getAt(after, path) === undefined ? "removed" : "changed",
      };
    const [was, is] = [valueAt(before, path), valueAt(after, path)];
    const aspect: Aspect =
      was === SECRET || is === SECRET ? "secret" : path[1] === "inputs" && [was, is].some(isText) ? "text" : "settings";
    const inWords = (side: Dict, value: unknown, other: unknown): unknown =>
      path[0] === "config" && path[1] === "inputs" ? inputInWords(side, String(path[2]), { value, other }) : value;
    return (
      changeOf(aspect, label, sideOf(inWords(before, was, is)), sideOf(inWords(after, is, was))) ??
      changeOf(aspect, label, sideOf(was), sideOf(is)) ?? {
        aspect,
        label,
        before: valueWords(was),
        after: valueWords(is),
      }
    );
  });
}

/** What may be in a message; a number or a switch is a setting. */
const isText = (value: unknown): boolean => typeof value === "string" || isDict(value) || Array.isArray(value);

/** A text as lines, which are quoted in a sentence; a list or map as lines where it has several; anything else in words. */
function sideOf(value: unknown): string | string[] | undefined {
  if (value === undefined || typeof value === "string") return value === undefined ? undefined : valueLines(value);
  const lines = isDict(value) || Array.isArray(value) ? valueLines(value) : [valueWords(value)];
  return lines.length === 1 ? lines[0] : lines;
}

/** A difference of a whole configuration or of all inputs, one by one. */
function opened({ path }: { path: Path }, before: Dict, after: Dict): { path: Path }[] {
  const text = formatPath(path);
  if (text !== "config" && text !== "config.inputs") return [{ path }];
  const keys = [getAt(before, path), getAt(after, path)].flatMap((side) => (isDict(side) ? Object.keys(side) : []));
  return [...new Set(keys)].sort().flatMap((key) => opened({ path: [...path, key] }, before, after));
}

/** The value there; of an input of a template what it holds. */
function valueAt(definition: Dict, path: Path): unknown {
  const value = getAt(definition, path);
  return path.length === 3 && path[1] === "inputs" && isDict(value) && Object.hasOwn(value, "value")
    ? value["value"]
    : value;
}

/** The last words of a path that say what it is. */
function nameOf(path: Path): string {
  const parts = path.filter((part) => part !== "config" && part !== "inputs" && part !== "value");
  return parts.map((part) => (typeof part === "number" ? String(part + 1) : keyWords(part))).join(" ");
}

/** One change from both sides' words, or undefined when they say the same. */
function changeOf(
  aspect: Aspect,
  label: string,
  before: string | string[] | undefined,
  after: string | string[] | undefined,
): Change | undefined {
  if (same(before, after)) return undefined;
  const lines = (side: string | string[] | undefined): string[] =>
    side === undefined ? [] : Array.isArray(side) ? side : [side];
  const [was, is] = [lines(before), lines(after)];
  const short = [was, is].every((side) => side.length <= 1 && (side[0] ?? "").length <= SHORT);
  if (!short) return { aspect, label, lines: { before: was, after: is } };
  const side = (given: string | string[] | undefined): string | undefined =>
    Array.isArray(given) ? (given[0] === undefined ? undefined : quote(given[0])) : given;
  const [old, fresh] = [side(before), side(after)];
  return {
    aspect,
    label,
    ...(old === undefined ? {} : { before: old }),
    ...(fresh === undefined ? {} : { after: fresh }),
  };
}

const quote = (line: string): string => (line === SECRET || line === `(${LATER})` ? line : `"${line}"`);
