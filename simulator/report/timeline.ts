// A simulation as text: one line for each thing that happens, in order of time.
import { iso, spanText } from "../input/moment";
import type { End, Run, StepVisit } from "../result/run";
import type { Simulation } from "../result/simulation";
import { oneLine } from "../../definition/plain-text";
import { table } from "../../definition/schema/table";

/** How a report is worded. */
export interface ReportOptions {
  /** What to call steps, by id. Default: their ids. */
  titles?: ReadonlyMap<string, string>;
}

/**
 * The story of a simulation: one line for each thing that happens, with the time since the run's start; then warnings, and what is not simulated.
 * Also on the result: `run.timeline()`.
 *
 * @param options `titles`: what to call steps, by id; default their ids.
 *
 * @example
 * console.log(timelineOf(simulate(flow, { trigger: "user signed up" })));
 * // Onboarding, from Mon 2026-01-05 09:00 UTC
 * //   +0s      welcome         sent: e-mail "Welcome" to ada@example.com
 * //   +0s      let_them_try    waits 5d
 * //   +5d      let_them_try    waited
 * //   +5d      the run ends: reached the exit
 */
export function timelineOf(simulation: Simulation, { titles = new Map() }: ReportOptions = {}): string {
  const nameOf: NameOf = (id) => titles.get(id) ?? id;
  const { flow, started, runs, attempts, notSimulated, warnings } = simulation;
  const lines = [`${flow}, from ${dayText(started)}`];
  // Later events of a person often start nothing; that is not worth a line.
  for (const { what, outcome, at } of attempts)
    if (outcome !== "started" && (outcome !== "filtered" || runs.length === 0))
      lines.push(`  ${after(at, started)}no run: ${what}`);
  if (attempts.length === 0) lines.push("  nothing started a run");
  for (const run of runs) {
    lines.push(
      `${runs.length > 1 ? `Run ${run.number + 1}` : "Run"}${run.person === undefined ? "" : ` of ${run.person}`}, started by ${run.startedBy}${runs.length > 1 ? ` at ${spanText(Date.parse(run.started) - Date.parse(started))}` : ""}`,
    );
    lines.push(...runLines(run, nameOf));
  }
  for (const warning of warnings) lines.push(`note: ${warning}`);
  lines.push(...notSimulated);
  return lines.map(oneLine).join("\n");
}

type NameOf = (id: string) => string;

function runLines(run: Run, nameOf: NameOf): string[] {
  const width = Math.min(28, Math.max(4, ...run.steps.map(({ id }) => [...nameOf(id)].length)));
  const lines = run.steps.flatMap((visit) => visitLines(run, visit, { width, nameOf }));
  return [...lines, `  ${pad(spanText(run.end.after))}the run ends: ${endText(run.end, nameOf)}`];
}

function endText({ how, reason, step }: End, nameOf: NameOf): string {
  const why = how === "still_running" && step !== undefined ? `still waits on ${nameOf(step)}` : reason;
  return `${HOW[how] ?? how}${why === "" ? "" : ` (${why})`}`;
}

function visitLines(run: Run, visit: StepVisit, { width, nameOf }: { width: number; nameOf: NameOf }): string[] {
  const name = nameOf(visit.id);
  const space = " ".repeat(Math.max(0, width - [...name].length));
  const line = (ms: number, text: string): string => `  ${pad(spanText(ms))}${name}${space}  ${text}`;
  const parks = visit.parks.map(({ at, until, reason }) =>
    line(Date.parse(at) - Date.parse(run.started), `${reason} (until ${dayText(until)})`),
  );
  if (visit.left === undefined || visit.outcome === "ended" || visit.outcome === "exited") return parks;
  const branch = visit.branch === undefined || visit.to === undefined ? "" : ` → ${nameOf(visit.to)}`;
  return [...parks, line(visit.leftAfter ?? 0, `${visit.outcome}: ${visit.reason}${branch}`)];
}

const HOW = table<string>({
  exit: "exit",
  conversion: "conversion",
  trigger_not_matched: "the trigger no longer matches",
  workflow_changed: "the workflow changed",
  failed: "failed",
  canceled: "canceled",
  not_started: "never started",
  still_running: "still running",
  endless: "never",
  not_simulated: "not simulated",
});

const pad = (text: string): string => text.padEnd(14);
const after = (at: string, started: string): string => pad(spanText(Date.parse(at) - Date.parse(started)));

/** "Mon 2026-01-05 09:00 UTC". */
function dayText(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const text = iso(date.getTime());
  const seconds = text.slice(17, 19) === "00" ? "" : `:${text.slice(17, 19)}`;
  return `${["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][date.getUTCDay()]} ${text.slice(0, 10)} ${text.slice(11, 16)}${seconds} UTC`;
}
