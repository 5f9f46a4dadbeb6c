// What the matrix found: a row for every kind of edit, every fault with its path, and what to do next.
import { FAULTS, type Outcome } from "./bench";
import { KINDS } from "./cell";

export interface Report {
  lines: string[];
  ok: boolean;
}

export function report(outcomes: readonly Outcome[], { whole, seconds }: { whole: boolean; seconds: number }): Report {
  const lines: string[] = [""];
  const count = (list: readonly Outcome[], ...results: Outcome["result"][]): number => list.filter(({ result }) => results.includes(result)).length;
  const row = (name: string, ...cells: (number | string)[]): void => void lines.push(`${name.padEnd(30)}${cells.map((cell) => String(cell).padStart(12)).join("")}`);
  row("", "cells", "to be seen", "seen", "quiet", "false alarm", "fault", "undone", "impossible");
  const rowOf = (name: string, list: readonly Outcome[]): void => {
    const faults = list.filter(({ result }) => FAULTS.has(result));
    const seen = count(list, "seen");
    row(name, list.length, seen + faults.filter(({ result }) => result !== "false alarm").length, seen, count(list, "quiet", "blind"), count(list, "false alarm"), faults.length - count(list, "false alarm"), count(list, "undone"), count(list, "impossible"));
  };
  for (const kind of KINDS) {
    const list = outcomes.filter(({ cell }) => cell.kind === kind);
    if (list.length > 0) rowOf(kind, list);
  }
  rowOf("all", outcomes);
  const reasons = new Map<string, number>();
  for (const { result, detail } of outcomes) if (result === "impossible") reasons.set(generic(detail ?? ""), (reasons.get(generic(detail ?? "")) ?? 0) + 1);
  lines.push("", "Not possible:");
  for (const [reason, times] of [...reasons].sort(([, a], [, b]) => b - a)) lines.push(`${String(times).padStart(6)}  ${reason}`);
  const faults = outcomes.filter(({ result }) => FAULTS.has(result));
  if (faults.length > 0) lines.push("", "Faults:");
  for (const { cell, result, detail } of faults.slice(0, 200)) lines.push(`  ${result}: ${cell.field} ${cell.kind}${cell.note ? ` ${cell.note}` : ""} (${cell.mode}): ${detail ?? ""}`);
  lines.push("", `${outcomes.length} cells in ${seconds.toFixed(1)} s, ${count(outcomes, "quiet", "blind")} quiet, by row ${outcomes.filter(({ byRow, result }) => byRow && result === "quiet").length}`);
  void whole;
  return { lines, ok: faults.length === 0 };
}

const generic = (detail: string): string => detail.replace(/\d+/g, "N").slice(0, 140);
