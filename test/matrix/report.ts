// What the matrix found: a row for every kind of edit, every fault with its path, why edits were not possible, and what to do next.
import { FAULTS, type Outcome } from "./bench";
import { KINDS } from "./cell";
import { fieldNames } from "./field-cells";
import { unchangeable } from "./unchangeable";

export interface Report {
  lines: string[];
  ok: boolean;
}

export interface ReportOptions {
  /** Of the whole matrix: then every field must have a change that was seen. */
  whole: boolean;
  /** How many cells there should be. */
  expected: number;
  seconds: number;
}

const SHOWN_FAULTS = 200;
const SHOWN_REASONS = 40;
const NAME_WIDTH = 30;
const NUMBER_WIDTH = 13;
const HEAD = ["tried", "to be seen", "seen", "not seen", "false alarms", "undone", "impossible"];

const isFault = ({ result }: Outcome): boolean => FAULTS.has(result);
const count = (list: readonly Outcome[], ...results: Outcome["result"][]): number =>
  list.filter(({ result }) => results.includes(result)).length;

/** Numbers of some cells, in the order of HEAD. A refusal is not tried; an edit that PostHog undid leaves nothing to be seen. */
function numbers(list: readonly Outcome[]): number[] {
  const seen = count(list, "seen");
  const impossible = count(list, "impossible");
  const alarms = count(list, "false alarm");
  const unseen = list.filter(isFault).length - alarms;
  return [list.length - impossible, seen + unseen, seen, unseen, alarms, count(list, "undone"), impossible];
}

const row = (name: string, cells: readonly (string | number)[]): string =>
  `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => String(cell).padStart(NUMBER_WIDTH)).join("")}`;

export function report(outcomes: readonly Outcome[], { whole, expected, seconds }: ReportOptions): Report {
  const faults = outcomes.filter(isFault);
  const gaps = whole ? fieldGaps(outcomes) : [];
  const lost = expected - outcomes.length;
  const [tried = 0, , seen = 0, unseen = 0, alarms = 0, undone = 0, impossible = 0] = numbers(outcomes);
  const lines = [
    "",
    row("", HEAD),
    ...KINDS.map((kind) => [kind, outcomes.filter(({ cell }) => cell.kind === kind)] as const)
      .filter(([, list]) => list.length > 0)
      .map(([kind, list]) => row(kind, numbers(list))),
    row("all", numbers(outcomes)),
    "",
    ...reasons(outcomes),
    ...(faults.length > 0
      ? [
          "",
          "Faults:",
          ...faults.slice(0, SHOWN_FAULTS).map(faultLine),
          ...(faults.length > SHOWN_FAULTS ? [`  … and ${faults.length - SHOWN_FAULTS} more`] : []),
        ]
      : []),
    ...(gaps.length > 0 ? ["", "Fields:", ...gaps.map((gap) => `  ${gap}`)] : []),
    "",
    `Cells: ${outcomes.length} in ${seconds.toFixed(0)} s. Edits tried: ${tried}. Seen: ${seen}, not seen as they should be: ${unseen}. Nothing to see: ${count(outcomes, "quiet") + undone + alarms}, false alarms: ${alarms}.`,
    `Secrets rotated in PostHog, which nobody can see: ${count(outcomes, "blind")}. Not possible: ${impossible}. Settled by a row of the list: ${outcomes.filter(({ byRow, result }) => byRow && result !== "impossible").length}.`,
  ];
  const ok = faults.length === 0 && gaps.length === 0 && lost === 0 && outcomes.length > 0;
  return { lines: [...lines, nextStep({ ok, faults, gaps, lost, whole })], ok };
}

function nextStep({
  ok,
  faults,
  gaps,
  lost,
  whole,
}: {
  ok: boolean;
  faults: readonly Outcome[];
  gaps: readonly string[];
  lost: number;
  whole: boolean;
}): string {
  if (ok)
    return whole
      ? "Every possible edit was seen where it was made, none was imagined, and each was repaired. Nothing to do."
      : "All of these are as they should be. Without --only the whole matrix runs.";
  if (faults.length > 0)
    return `${faults.length} faults. Look at one of them: npm run matrix -- --only "${faults[0]!.cell.field} ${faults[0]!.cell.kind}"`;
  if (lost > 0) return `${lost} cells have no outcome: a process of the matrix lost them.`;
  return gaps.length > 0
    ? "Give the fields above a value that PostHog takes (test/matrix/samples.ts), or say why there is none (test/matrix/unchangeable.ts)."
    : "There is no such cell: --only looks for its text in field, kind and note.";
}

export const faultLine = ({ cell, result, detail }: Outcome): string =>
  `  ${result}: ${cell.field}: ${cell.kind}${cell.note === undefined ? "" : ` ${cell.note}`} (${cell.mode}): ${detail ?? ""}`;

/** What counts as a change of a field. */
const CHANGES: ReadonlySet<string> = new Set(["changed", "status"]);

/** Fields without a change that was seen, and those that are said to have none and have one. */
export function fieldGaps(outcomes: readonly Outcome[]): string[] {
  const changed = new Set(
    outcomes
      .filter(({ cell, result }) => CHANGES.has(cell.kind) && (result === "seen" || FAULTS.has(result)))
      .map(({ cell }) => cell.field),
  );
  const isChanged = (field: string): boolean =>
    changed.has(field) || [...changed].some((inner) => inner.startsWith(`${field}.`) || inner.startsWith(`${field}[`));
  return [...new Set(fieldNames())].flatMap((field) => {
    const excuse = unchangeable(field);
    if (isChanged(field))
      return excuse === undefined ? [] : [`${field}: can be changed, although it is said that ${excuse}`];
    return excuse === undefined ? [`${field}: no change of it was possible`] : [];
  });
}

function reasons(outcomes: readonly Outcome[]): string[] {
  const times = new Map<string, number>();
  for (const { result, detail } of outcomes) {
    if (result !== "impossible") continue;
    const reason = (detail ?? "")
      .replace(/__\d+/g, "__N")
      .replace(/\[\d+\]/g, "[N]")
      .slice(0, 150);
    times.set(reason, (times.get(reason) ?? 0) + 1);
  }
  const sorted = [...times].sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return [];
  const rest = sorted.slice(SHOWN_REASONS).reduce((sum, [, n]) => sum + n, 0);
  return [
    "Not possible, because PostHog or the provider's check refuses it:",
    ...sorted.slice(0, SHOWN_REASONS).map(([reason, n]) => `${String(n).padStart(6)}  ${reason}`),
    ...(rest > 0 ? [`${String(rest).padStart(6)}  other reasons`] : []),
  ];
}
