// Changes of steps and settings as Markdown list items.
import type { Change, StepChange } from "../change/changes";
import { lineDiff } from "../change/line-diff";
import { shortened } from "../words/shorten";
import { counted, listWords, valueWords } from "../words/values";
import type { MessageExample } from "./behaviour";
import { TRAFFIC_DAYS, type Traffic } from "./facts";
import { escapeText, fenced } from "./markdown";

const SIGNS: Readonly<Record<StepChange["kind"], string>> = { added: "➕", removed: "➖", changed: "✏️" };

const STEP_FATES = { added: "Added", removed: "Removed" } as const;

const quoted = (titles: readonly string[]): string =>
  listWords(
    titles.map((title) => `“${escapeText(title)}”`),
    "or",
  );

/** Between which steps it is, or was. */
function neighboursText({ kind, between }: StepChange): string {
  if (!between) return "";
  const { before, after } = between;
  const is = kind === "added" ? "is" : "was";
  if (before.length > 0 && after.length > 0) return ` It ${is} between ${quoted(before)} and ${quoted(after)}.`;
  if (before.length > 0) return ` It ${is} after ${quoted(before)}.`;
  return after.length > 0 ? ` It ${is} before ${quoted(after)}.` : "";
}

/** One change; a text as a line diff. With `short`, only that it changes. */
export function changeItem(change: Change, options: { indent?: string; short?: boolean } = {}): string {
  const { indent = "" } = options;
  const { label, before, after, lines } = change;
  if (lines) {
    const diff = lineDiff(lines.before, lines.after);
    const added = diff.filter((line) => line.startsWith("+")).length;
    const removed = diff.filter((line) => line.startsWith("-")).length;
    if (options.short)
      return `${indent}- ${escapeText(label)}: ${counted(added, "new line")}, ${counted(removed, "line")} less`;
    return `${indent}- ${escapeText(label)}:\n\n${indented(fenced("diff", diff.join("\n")), `${indent}  `)}\n`;
  }
  if (before === undefined) return `${indent}- ${escapeText(label)}: ${strong(after ?? "")}`;
  return `${indent}- ${escapeText(label)}: ${after === undefined ? `${escapeText(before)} → nothing` : `${escapeText(before)} → ${strong(after)}`}`;
}

const strong = (text: string): string => `**${escapeText(text)}**`;
const indented = (text: string, indent: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? "" : `${indent}${line}`))
    .join("\n");

/** `e.g. "Welcome, Ada!"`. */
export const exampleWords = ({ text }: MessageExample): string =>
  `e.g. ${valueWords(shortened(text, LONGEST_EXAMPLE))}`;
const LONGEST_EXAMPLE = 90;

/** A step with what happens to it; alone, without what happens. */
export function stepItem(
  step: StepChange,
  {
    traffic,
    example,
    short = false,
    isAlone = false,
  }: { traffic?: Traffic; example?: MessageExample; short?: boolean; isAlone?: boolean } = {},
): string {
  const { kind, title, is, does, changes } = step;
  const name = `**${escapeText(title)}** (${escapeText(is)})`;
  // What it does may have brackets itself, so it stands outside of them.
  const full = does === undefined || kind === "changed" ? name : `${name}: ${escapeText(does)}`;
  const beside =
    example === undefined ? "" : `, ${escapeText(exampleWords(example))} for ${escapeText(example.person)}`;
  const what =
    isAlone || kind === "changed"
      ? `${name}${beside}`
      : `${STEP_FATES[kind]}: ${full}${beside}.${neighboursText(step)}`;
  const head = `- ${isAlone ? "" : `${SIGNS[kind]} `}${what}${traffic === undefined ? "" : `${kind === "changed" ? "." : ""} ${trafficText(traffic)}`}`;
  return [head, ...changes.map((change) => changeItem(change, { indent: "  ", short }))].join("\n");
}

function trafficText({ passed, failed }: Traffic): string {
  if (passed === 0) return `No one reached this step in the last ${TRAFFIC_DAYS} days.`;
  return `${counted(passed, "run")} reached this step in the last ${TRAFFIC_DAYS} days${failed === 0 ? "" : `; ${failed.toLocaleString("en-US")} failed here`}.`;
}
