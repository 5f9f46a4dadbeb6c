// Accepting drift of a flow that is written as `steps`: the options of step functions that differ; and where steps were added, removed or rewired, the
// program of the flow as a line diff, because a place in nested lists has no shorter words.
import { structuredPatch } from "diff";
import { inputItems } from "../../provider/canonical/secrets";
import { copy, isDict, own, put, same, type Dict } from "../../provider/canonical/values";
import type { Action } from "../../provider/schema/types";
import type { Paint } from "../change/change-text";
import { lineDiff } from "../change/line-diff";
import { compositionOf, wordsFor, type Composition, type CompositionOptions, type NoComposition } from "../pull/composition";
import { bodiesIn, Call, Name, print, type Body } from "../pull/expression";
import { programText } from "../pull/program";
import { NO_SCHEDULES } from "../pull/schedules";
import type { Written } from "../pull/step-options";
import { stepCall } from "../pull/steps";
import { keysOf } from "../pull/words";
import { SECRET } from "../words/values";
import type { ResourceDrift } from "./drift";
import { isSame, patchLines, wasNote } from "./patch";

type Steps = Record<string, Action>;

/** Both sides of a flow that drifted, as a program of steps. */
interface Side {
  definition: Dict;
  steps: Steps;
  options: CompositionOptions;
  composition: Composition;
}

/** What to write, in blocks of lines; or why steps cannot say it. */
export function acceptSteps({ name, id, deployed, live }: ResourceDrift, resource: string, paint: Paint): { blocks: string[] } | NoComposition {
  const known = keysOf(stepsOf(deployed));
  const was = side(deployed, name, known);
  const is = side(live, name, new Map([...known, ...keysOf(stepsOf(live), known)]));
  if ("why" in was) return was;
  if ("why" in is) return is;
  const blocks = isRewired(was.steps, is.steps)
    ? [[`// ${resource}: steps were added, removed or rewired. This is what turns the program as it was deployed into what is live.`, ...programDiff(was, is, paint)].join("\n")]
    : patch(was, is, resource);
  return { blocks: [...blocks, ...bodies(was, is, id, paint)] };
}

const stepsOf = (definition: Dict): Steps => (isDict(definition["actions"]) ? (definition["actions"] as Steps) : {});

function side(masked: Dict, name: string, keys: ReadonlyMap<string, string>): Side | NoComposition {
  const definition = withKept(masked);
  const options = { name, keys, bodies: "mails" };
  const composition = compositionOf(definition, options);
  return "why" in composition ? composition : { definition, steps: stepsOf(definition), options, composition };
}

/** A hidden input is configuration in a program. */
function withKept(masked: Dict): Dict {
  const out = copy(masked);
  for (const { key, item, inputs } of [...inputItems(out)]) if (own(item, "value") === SECRET) put(inputs, key, { secret: true });
  return out;
}

const isRewired = (was: Steps, is: Steps): boolean => {
  const wires = (steps: Steps): Dict => Object.fromEntries(Object.entries(steps).map(([id, { next, branches }]) => [id, { next, branches }]));
  return !same(wires(was), wires(is));
};

function patch(was: Side, is: Side, resource: string): string[] {
  const settings = ({ composition: { args } }: Side): Dict => Object.fromEntries(Object.entries(args).filter(([key]) => key !== "steps"));
  const steps = Object.keys(is.steps).filter((id) => is.steps[id]!.type !== "trigger").flatMap((id) => stepLines(callOf(was, id), callOf(is, id), id));
  const lines = [...patchLines(settings(was), settings(is), 2), ...(steps.length === 0 ? [] : ["  steps: [", ...steps, "  ],"])];
  return lines.length === 0 ? [] : [[`// ${resource}: write this into its program. What is not here stays as it is.`, "{", ...lines, "}"].join("\n")];
}

/** The path that a step leads to, which is the same on both sides. */
const AS_IT_IS = new Name("…");

function callOf({ definition, steps, options }: Side, id: string): Call {
  const { next, branches = [] } = steps[id]!;
  const paths: Written[] = branches.map((_, index) => ({ index, items: [AS_IT_IS] }));
  return stepCall({ id, step: steps[id]!, paths: next === undefined || branches.length === 0 ? paths : [...paths, { items: [] }] }, wordsFor(definition, options));
}

const INDENT = 4;

function stepLines(was: Call, is: Call, id: string): string[] {
  if (isSame(was, is)) return [];
  const pad = " ".repeat(INDENT);
  if (print(was.name) !== print(is.name)) return [`${pad}${print(is, INDENT)}, // was ${nameOf(was)}`];
  const [before, after] = [parts(was), parts(is)];
  const key = before.key;
  const pinned = key === id ? "" : ` // id: ${JSON.stringify(id)}`;
  const options = patchLines(before.options, after.options, INDENT + 2);
  const head = `${pad}${nameOf(is)}(${JSON.stringify(key)}`;
  const [old, fresh] = [before.middle, after.middle];
  if (fresh === undefined) return [`${head}, {${pinned}`, ...options, `${pad}}),`];
  const isList = Array.isArray(fresh);
  const tail = options.length === 0 ? [] : options;
  if (!isList) {
    const noted = isSame(old, fresh) ? "" : wasNote(old);
    return tail.length === 0 ? [`${head}, ${print(fresh)}),${noted}${pinned}`] : [`${head}, ${print(fresh)}, {${noted}${pinned}`, ...tail, `${pad}}),`];
  }
  const arms = fresh.map((arm, i) => `${pad}  ${print(arm, INDENT + 2)},${Array.isArray(old) && old.length === fresh.length && !isSame(old[i], arm) ? wasNote(old[i]) : ""}`);
  return [`${head}, [${pinned}`, ...arms, ...(tail.length === 0 ? [`${pad}]),`] : [`${pad}], {`, ...tail, `${pad}}),`])];
}

const nameOf = ({ name }: Call): string => (typeof name === "string" ? name : print(name));

/** Id, what stands between (a duration, the arms of a branch), and options. */
function parts({ args }: Call): { key: unknown; middle?: unknown; options: Dict } {
  const [key, ...rest] = args;
  const last = rest[rest.length - 1];
  const options = isDict(last) ? last : {};
  const [middle] = isDict(last) ? rest.slice(0, -1) : rest;
  return { key, ...(middle === undefined ? {} : { middle }), options };
}

const CONTEXT = 3;

function programDiff(was: Side, is: Side, paint: Paint): string[] {
  const text = ({ options, composition }: Side): string => programText(undefined, options.name, composition, NO_SCHEDULES);
  const { hunks } = structuredPatch("", "", text(was), text(is), "", "", { context: CONTEXT });
  return ["--- as deployed", "+++ as it is live", ...hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines])].map((line) => painted(line, paint));
}

const painted = (line: string, paint: Paint): string => (line.startsWith("+") ? paint(line, "green") : line.startsWith("-") ? paint(line, "red") : line);

/** Bodies of e-mails that are new or other ones. */
function bodies(was: Side, is: Side, id: string, paint: Paint): string[] {
  const before = new Map(bodiesOf(was));
  return bodiesOf(is).flatMap(([key, { text }]) => {
    const old = before.get(key)?.text;
    if (old === text) return [];
    const lines = lineDiff((old ?? "").split("\n"), text.split("\n")).map((line) => `//   ${painted(line, paint)}`);
    return [[`// html of ${key}, where the program reads it from. \`hogflow pull ${id} --out pulled\` writes it whole.`, ...lines].join("\n")];
  });
}

const bodiesOf = ({ composition }: Side): [string, Body][] => bodiesIn(composition.args).map((body) => [body.path.replace(/^.*\//, "").replace(/\.html$/, ""), body]);
