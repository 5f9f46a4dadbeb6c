// Accepting drift of a flow that is written as `steps`: the options of step functions that differ; and where steps were added, removed or rewired, the
// program of the flow as a line diff, because a place in nested lists has no shorter words.
import { structuredPatch } from "diff";
import { isDict, same, type Dict } from "../../definition/canonical/values";
import type { Paint } from "../change/change-text";
import { lineDiff } from "../change/line-diff";
import type { NoComposition } from "../pull/composition";
import { bodiesIn, Call, print, type Body } from "../pull/expression";
import { programText } from "../pull/program";
import { NO_SCHEDULES } from "../pull/schedules";
import type { ResourceDrift } from "./drift";
import { isSame, patchLines, wasNote } from "./patch";
import { callOf, sidesOf, type Side, type Steps } from "./sides";
import { jsonText, oneLine, shellWord } from "../../definition/plain-text";

/** What to write, in blocks of lines; or why steps cannot say it. */
export function acceptSteps(
  { name, id, deployed, live }: ResourceDrift,
  resource: string,
  paint: Paint,
): { blocks: string[] } | NoComposition {
  const sides = sidesOf(name, deployed, live);
  if ("why" in sides) return sides;
  const { was, is } = sides;
  const blocks = isRewired(was.steps, is.steps)
    ? [
        [
          `// ${oneLine(resource)}: steps were added, removed or rewired. This turns the program as it was deployed into what is live.`,
          ...programDiff(was, is, paint),
        ].join("\n"),
      ]
    : patch(was, is, resource);
  return { blocks: [...blocks, ...bodies(was, is, id, paint)] };
}

const isRewired = (was: Steps, is: Steps): boolean => {
  const wires = (steps: Steps): Dict =>
    Object.fromEntries(Object.entries(steps).map(([id, { next, branches }]) => [id, { next, branches }]));
  return !same(wires(was), wires(is));
};

function patch(was: Side, is: Side, resource: string): string[] {
  const settings = ({ composition: { args } }: Side): Dict =>
    Object.fromEntries(Object.entries(args).filter(([key]) => key !== "steps"));
  const steps = Object.keys(is.steps)
    .filter((id) => is.steps[id]!.type !== "trigger")
    .flatMap((id) => stepLines(callOf(was, id), callOf(is, id), id));
  const lines = [
    ...patchLines(settings(was), settings(is), 2),
    ...(steps.length === 0 ? [] : ["  steps: [", ...steps, "  ],"]),
  ];
  return lines.length === 0
    ? []
    : [
        [`// ${resource}: write this into its program. What is not here stays as it is.`, "{", ...lines, "}"].join(
          "\n",
        ),
      ];
}

const INDENT = 4;
const PAD = " ".repeat(INDENT);

/** The call with what differs: `delay("wait", "1d"), // was "3d"`. */
function stepLines(was: Call, is: Call, id: string): string[] {
  if (nameOf(was) !== nameOf(is)) return [`${PAD}${print(is, INDENT)}, // was ${nameOf(was)}`];
  const [before, after] = [partsOf(was), partsOf(is)];
  const options = patchLines(before.options, after.options, INDENT + 2);
  if (options.length === 0 && isSame(before.middle, after.middle)) return [];
  // The editor's id tells which step it is where the program calls it otherwise.
  const pinned = after.key === id ? "" : ` // id: ${jsonText(id)}`;
  const head = `${PAD}${nameOf(is)}(${print(after.key)}`;
  const { middle } = after;
  if (middle === undefined) return [`${head}, {${pinned}`, ...options, `${PAD}}),`];
  if (Array.isArray(middle))
    return [
      `${head}, [${pinned}`,
      ...arms(before.middle, middle),
      ...(options.length === 0 ? [`${PAD}]),`] : [`${PAD}], {`, ...options, `${PAD}}),`]),
    ];
  const note = `${isSame(before.middle, middle) ? "" : wasNote(before.middle)}${pinned}`;
  return options.length === 0
    ? [`${head}, ${print(middle)}),${note}`]
    : [`${head}, ${print(middle)}, {${note}`, ...options, `${PAD}}),`];
}

/** All of them, because their order is what people go by. */
const arms = (was: unknown, is: readonly unknown[]): string[] =>
  is.map(
    (arm, i) =>
      `${PAD}  ${print(arm, INDENT + 2)},${Array.isArray(was) && !isSame(was[i], arm) ? wasNote(was[i]) : ""}`,
  );

const nameOf = ({ name }: Call): string => (typeof name === "string" ? name : print(name));

/** First argument, what stands between (a duration, the arms of a branch), and options. */
function partsOf({ args }: Call): { key: unknown; middle?: unknown; options: Dict } {
  const [key, ...rest] = args;
  const last = rest[rest.length - 1];
  const [middle] = isDict(last) ? rest.slice(0, -1) : rest;
  return { key, ...(middle === undefined ? {} : { middle }), options: isDict(last) ? last : {} };
}

const CONTEXT = 3;

function programDiff(was: Side, is: Side, paint: Paint): string[] {
  const text = ({ options, composition }: Side): string =>
    programText(undefined, options.name, composition, NO_SCHEDULES);
  const { hunks } = structuredPatch("", "", text(was), text(is), "", "", { context: CONTEXT });
  const lines = hunks.flatMap((hunk) => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines,
  ]);
  return ["--- as deployed", "+++ as it is live", ...lines].map((line) => painted(line, paint));
}

const painted = (line: string, paint: Paint): string =>
  line.startsWith("+") ? paint(line, "green") : line.startsWith("-") ? paint(line, "red") : line;

/** How the files of designs end, which the editor writes and nobody reads. */
const DESIGN_FILE = ".design.json";

/** Bodies of e-mails that are new or other ones. */
function bodies(was: Side, is: Side, id: string, paint: Paint): string[] {
  const before = new Map(bodiesOf(was));
  return bodiesOf(is).flatMap(([words, { text, path }]) => {
    const old = before.get(words)?.text;
    if (old === text) return [];
    const linesOf = (body: string): string[] => body.replace(/\n$/, "").split("\n");
    const lines = path.endsWith(DESIGN_FILE)
      ? []
      : lineDiff(linesOf(old ?? ""), linesOf(text)).map((line) => `//   ${painted(line, paint)}`);
    return [
      [
        `// ${oneLine(words)}, which belongs where the program reads it from. \`hogflow pull ${shellWord(id)} --out pulled\` writes it whole.`,
        ...lines,
      ].join("\n"),
    ];
  });
}

/** By words: `html of welcome`, `design of welcome`. */
const bodiesOf = ({ composition }: Side): [string, Body][] =>
  bodiesIn(composition.args).map((body) => [
    body.path
      .replace(/^.*\//, "")
      .replace(
        /^(.*?)\.(?:(design)\.json|(html))$/,
        (_, key: string, design?: string, html?: string) => `${design ?? html} of ${key}`,
      ),
    body,
  ]);
