// Removes what runs left: flows by the mark in their titles, folders by their names, processes by their environment.
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { killMarked } from "../../tools/engine/leftovers.mjs";
import type { Gate } from "./gate";
import { isGoingOn, markIn, RUN_VARIABLE } from "./mark.mjs";
import type { Live, PostHog } from "./posthog";

const KILL_ROUNDS = 10;
/** A run of another machine cannot be seen. One that has done nothing for so long is over. */
const SILENT_AFTER_MS = 60 * 60_000;

/** Ends the processes of a run, and removes its temporary folder. */
export function sweepMachine(mark: string, temporary: string): void {
  for (let round = 0; round < KILL_ROUNDS && killMarked(RUN_VARIABLE, mark) > 0; round += 1);
  rmSync(path.join(temporary, mark), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Marks of other runs whose folders are here, and that are over. */
export function deadRuns(temporary: string, own: string): string[] {
  return readdirSync(temporary).filter((name) => markIn(name) === name && name !== own && isGoingOn(name) === false);
}

/** Marks of the flows of a project, by what became of their runs. */
export function runsOf(rows: readonly Live[], now = Date.now()): { over: Set<string>; goingOn: Set<string> } {
  const over = new Set<string>();
  const goingOn = new Set<string>();
  for (const mark of new Set(rows.map(({ name }) => markIn(name)).filter((mark) => mark !== undefined))) {
    const state = isGoingOn(mark);
    const last = Math.max(
      ...rows.filter(({ name }) => markIn(name) === mark).map((row) => Date.parse(row["updated_at"])),
    );
    const goes = state === "unknown" ? now - last < SILENT_AFTER_MS : state;
    (goes ? goingOn : over).add(mark);
  }
  return { over, goingOn };
}

/** Removes the flows of these marks. Returns how many there were. */
export async function sweepFlows(
  marks: ReadonlySet<string>,
  { posthog, gate }: { posthog: PostHog; gate: Gate },
): Promise<number> {
  const left = (await posthog.list()).filter(({ name }) => marks.has(markIn(name) ?? ""));
  for (const { id } of left) {
    gate.allow(id);
    await posthog.remove(id);
  }
  return left.length;
}
