// The peak memory of the provider process while 500 flows are refreshed, beside the floor's. Linux only, which tells it.
import { readFileSync } from "node:fs";
import { interleaved, type Figure } from "../figure";
import { flowArgs } from "../flows";
import { PARALLEL, pairOf, type Pair } from "../stacks";

const FLOWS = 500;
const LIMIT = 1.3;
const LOOK_MS = 50;
const MEGA = 2 ** 20;

/** The most that the provider process of the stack held at once, in MiB. */
async function peakOf(pair: Pair, stack: Pair["ours"], args: string[]): Promise<number> {
  let peak = 0;
  let provider: number | undefined;
  const look = (): void => {
    provider ??= stack
      .processes()
      .find(({ command }) => command.includes("dynamic-provider") && command.includes("node"))?.pid;
    if (provider === undefined) return;
    try {
      const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${provider}/status`, "utf8"))?.[1];
      peak = Math.max(peak, (Number(kilobytes ?? 0) * 1024) / MEGA);
    } catch {
      // It has ended since.
    }
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    await pair.run(stack, args);
  } finally {
    clearInterval(timer);
  }
  if (peak === 0) throw new Error("The provider process was not seen, so its memory is not known.");
  return peak;
}

export const memory: Figure = {
  name: "memory",
  what: "peak memory of the provider process, refresh of 500 flows",
  async measure({ rounds, progress }) {
    if (process.platform !== "linux") {
      progress("memory is only measured on Linux");
      return [];
    }
    const pair = await pairOf(
      { flows: Array.from({ length: FLOWS }, (_, i) => flowArgs(i)), schedules: [] },
      { progress },
    );
    try {
      const work = (stack: Pair["ours"]) => async () => {
        progress(`memory, ${stack === pair.ours ? "ours" : "floor"}`);
        return peakOf(pair, stack, ["refresh", "--preview-only", "--parallel", String(PARALLEL)]);
      };
      const [ours, floor] = await interleaved(rounds(3), [work(pair.ours), work(pair.floor)]);
      return [
        {
          name: `provider process, refresh of ${FLOWS}`,
          unit: "MiB",
          ours: ours!,
          floor: floor!,
          goal: `≤ ${LIMIT} × floor`,
          limit: LIMIT,
        },
      ];
    } finally {
      await pair.dispose();
    }
  },
};
