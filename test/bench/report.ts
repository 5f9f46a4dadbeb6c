// The benchmark's table, and the same as JSON.
import os from "node:os";
import { verdict, type Row } from "./figure";

const number = (value: number, unit: string): string =>
  `${value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(3)}${unit === "" ? "" : ` ${unit}`}`;

/** What came out of one figure, while the others are still measured. */
export function line(row: Row): string {
  const { ours, floor, ratio, plugin, reached } = verdict(row);
  const onPlugin =
    plugin &&
    `, plugin ${number(plugin.ours, row.unit)}${plugin.floor === undefined ? "" : `, its floor ${number(plugin.floor, row.unit)}`}, ${plugin.share.toFixed(3)} of dynamic`;
  return `${row.name}: ${number(ours, row.unit)}${floor === undefined ? "" : `, floor ${number(floor, row.unit)}, ratio ${ratio!.toFixed(3)}`}${onPlugin ?? ""}${row.requests ? `, ${row.requests.ours} requests` : ""} (${reached ? "reached" : "not reached"}: ${goalOf(row)})`;
}

const goalOf = ({ goal, plugin }: Row): string =>
  plugin && Number.isFinite(plugin.limit) ? `${goal}; plugin ≤ ${plugin.limit} × dynamic` : goal;

const HEAD = [
  "figure",
  "ours",
  "floor",
  "ratio",
  "spread",
  "plugin",
  "its floor",
  "ratio",
  "÷ dynamic",
  "requests",
  "goal",
  "reached",
];

export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { ours, floor, ratio, spread, plugin, reached } = verdict(row);
    return [
      row.name,
      number(ours, row.unit),
      floor === undefined ? "–" : number(floor, row.unit),
      ratio === undefined ? "–" : ratio.toFixed(3),
      `± ${(spread * 100).toFixed(0)} %`,
      plugin ? number(plugin.ours, row.unit) : "–",
      plugin?.floor === undefined ? "–" : number(plugin.floor, row.unit),
      plugin?.ratio === undefined ? "–" : plugin.ratio.toFixed(3),
      plugin ? plugin.share.toFixed(3) : "–",
      row.requests ? `${row.requests.ours} of ${row.requests.limit}` : "–",
      goalOf(row),
      reached ? "yes" : "NO",
    ];
  });
  const widths = HEAD.map((head, i) => Math.max(head.length, ...lines.map((line) => line[i]!.length)));
  const text = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd();
  const notes = rows.filter((row) => row.note).map((row) => `${row.name}: ${row.note}`);
  return [
    text(HEAD),
    text(widths.map((width) => "-".repeat(width))),
    ...lines.map(text),
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
}

/** Machine and versions, as far as they bear on the figures. */
export function machine(): Record<string, string> {
  return {
    cpu: `${os.availableParallelism()} × ${os.cpus()[0]?.model.trim() ?? "unknown"}`,
    memory: `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`,
    system: `${os.type()} ${os.release()}`,
    node: process.versions.node,
    engine: process.env["HOGFLOW_ENGINE_VERSION"] ?? "unknown",
  };
}

export const json = (rows: readonly Row[]): string =>
  `${JSON.stringify(
    {
      machine: machine(),
      figures: rows.map((row) => {
        const { ours, floor, ratio, spread, plugin, reached } = verdict(row);
        return {
          name: row.name,
          unit: row.unit,
          ours: row.ours,
          floor: row.floor ?? null,
          median: { ours, floor: floor ?? null },
          spread,
          ratio: ratio ?? null,
          plugin: row.plugin ? { ours: row.plugin.ours, floor: row.plugin.floor ?? null, ...plugin } : null,
          requests: row.requests ?? null,
          goal: row.goal,
          reached,
          ...(row.note ? { note: row.note } : {}),
        };
      }),
    },
    null,
    2,
  )}\n`;
