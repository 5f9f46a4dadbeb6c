// What the provider process of a stack costs while a command runs: its CPU time and its peak memory. Linux only, which tells both.
import { readFileSync } from "node:fs";
import type { Stack } from "../support/engine";
import type { Pair } from "./stacks";

const LOOK_MS = 50;
/** Looking for new processes reads all of the machine's. */
const LOOKS_PER_SEARCH = 4;
const MEGA = 2 ** 20;
/** Of the clock in which Linux counts CPU time. */
const TICK_MS = 10;
/** The launcher of a dynamic provider is `node … dynamic-provider`, a plugin `node …/pulumi-resource-…`. */
const PROVIDER = /\bnode\b.*(dynamic-provider|pulumi-resource-(hogflow|bench)\b)/;

export interface Cost {
  cpuMs: number;
  peakMib: number;
}

/** CPU time of user and system so far, in milliseconds. */
export function cpuMsOf(pid: number): number {
  // Behind the name, which may have blanks, in brackets.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Runs a command, and sums up what its provider processes have cost when they were last seen. */
export async function costOf(pair: Pair, stack: Stack, args: string[]): Promise<Cost> {
  const costs = new Map<number, Cost>();
  let looks = 0;
  const look = (): void => {
    if (looks++ % LOOKS_PER_SEARCH === 0)
      for (const { pid, command } of stack.processes())
        if (PROVIDER.test(command) && !costs.has(pid)) costs.set(pid, { cpuMs: 0, peakMib: 0 });
    for (const [pid, cost] of costs) {
      try {
        cost.cpuMs = Math.max(cost.cpuMs, cpuMsOf(pid));
        const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        cost.peakMib = Math.max(cost.peakMib, (Number(kilobytes ?? 0) * 1024) / MEGA);
      } catch {
        // It has ended since.
      }
    }
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    await pair.run(stack, args);
  } finally {
    clearInterval(timer);
  }
  const seen = [...costs.values()].filter(({ peakMib }) => peakMib > 0);
  if (seen.length === 0) throw new Error("The provider process was not seen, so what it costs is not known.");
  return {
    cpuMs: seen.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    peakMib: Math.max(...seen.map(({ peakMib }) => peakMib)),
  };
}
