// The counts of many simulations as text.
import type { Many } from "./result";
import type { ReportOptions } from "../report/timeline";
import { oneLine } from "../../definition/plain-text";

export function tableOf(
  { flow, scenarios, runs, steps, branches, ends, coverage, notSimulated, warnings }: Many,
  { titles = new Map() }: ReportOptions = {},
): string {
  const nameOf = (id: string): string => titles.get(id) ?? id;
  const width = Math.max(
    4,
    ...Object.keys(steps).map((id) => [...nameOf(id)].length),
    ...branches.map(({ label }) => [...label].length + 4),
  );
  const share = (count: number): string => (runs === 0 ? "" : `${((100 * count) / runs).toFixed(0).padStart(4)} %`);
  const lines = [
    `${flow}: ${scenarios} ${scenarios === 1 ? "scenario" : "scenarios"}, ${runs} ${runs === 1 ? "run" : "runs"}`,
  ];
  for (const [id, { count }] of Object.entries(steps)) {
    lines.push(`  ${nameOf(id).padEnd(width)}  ${String(count).padStart(6)} ${share(count)}`);
    for (const branch of branches)
      if (branch.step === id)
        lines.push(
          `  ${`  → ${branch.label}`.padEnd(width)}  ${String(branch.count).padStart(6)} ${share(branch.count)}`,
        );
  }
  lines.push(
    `ends: ${
      Object.entries(ends)
        .map(([how, counted]) => `${how} ${counted.count}`)
        .join(", ") || "none"
    }`,
  );
  lines.push(
    `reached: ${coverage.steps.reached} of ${coverage.steps.total} steps, ${coverage.branches.reached} of ${coverage.branches.total} branches`,
  );
  return [...lines, ...warnings.map((warning) => `note: ${warning}`), ...notSimulated].map(oneLine).join("\n");
}
