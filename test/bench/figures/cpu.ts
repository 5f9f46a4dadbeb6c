// CPU time of the provider process, which a busy machine and a slow disk change less than the time of a command: in whole commands beside the floor's, and for each
// kind of call in a process of its own. Linux only, which tells it.
import { startEmulator } from "../../../emulator/index";
import { plain } from "../../support/mini-engine";
import { startProvider, type ProviderProcess, type Properties } from "../../support/provider-process";
import type { Transport } from "../../support/transport";
import { interleaved, type Context, type Figure, type Row } from "../figure";
import { edited, flowArgs, PLACE } from "../flows";
import { costOf, cpuMsOf } from "../provider-process";
import { KEY, pairsOf } from "../stacks";

const FLOWS = 100;
/** Of the plugin to the dynamic provider. */
const NO_OP_LIMIT = 0.5;
const PLUGIN_LIMIT = 1;
const NO_GOAL = Number.POSITIVE_INFINITY;

async function commands({ rounds, progress }: Context): Promise<Row[]> {
  const resources = { flows: Array.from({ length: FLOWS }, (_, i) => flowArgs(i)), schedules: [] };
  const { dynamic, plugin, dispose } = await pairsOf(resources, { progress });
  const rows: Row[] = [];
  try {
    for (const { name, args, limit } of [
      { name: "no-op up", args: ["up", "--yes", "--skip-preview", "--expect-no-changes"], limit: NO_OP_LIMIT },
      { name: "refresh", args: ["refresh", "--preview-only", "--expect-no-changes"], limit: PLUGIN_LIMIT },
    ]) {
      const works = [dynamic, plugin].flatMap((pair) =>
        [pair.ours, pair.floor].map((stack) => async () => {
          progress(`${name}, ${stack === pair.ours ? "ours" : "floor"} (${pair.transport})`);
          return (await costOf(pair, stack, args)).cpuMs;
        }),
      );
      const [ours, floor, onPlugin, pluginFloor] = await interleaved(rounds(5), works);
      rows.push({
        name: `provider CPU, ${name} of ${FLOWS} flows`,
        unit: "ms",
        ours: ours!,
        floor: floor!,
        plugin: { ours: onPlugin!, floor: pluginFloor, limit },
        goal: "–",
        limit: NO_GOAL,
      });
    }
    return rows;
  } finally {
    await dispose();
  }
}

const CALLS = ["start", "check", "create", "diff", "read", "update", "delete"] as const;
type Call = (typeof CALLS)[number];

/** CPU of a new process for each kind of call, about as many flows, one after the other. */
async function callsOf(transport: Transport): Promise<Record<Call, number>> {
  const emulator = await startEmulator({ projects: [{ id: PLACE.projectId }], keys: [{ key: KEY }] });
  const provider = await startProvider({ transport, env: { POSTHOG_API_KEY: KEY, POSTHOG_HOST: emulator.url } });
  try {
    let before = 0;
    const used = {} as Record<Call, number>;
    const measured = async <T>(call: Call, work: (i: number) => Promise<T>): Promise<T[]> => {
      const made: T[] = [];
      for (let i = 0; i < FLOWS; i += 1) made.push(await work(i));
      const now = cpuMsOf(provider.pid);
      used[call] = now - before;
      before = now;
      return made;
    };
    before = cpuMsOf(provider.pid);
    used.start = before;
    const given = Array.from({ length: FLOWS }, (_, i): Properties => ({
      ...flowArgs(i),
      ...PLACE,
      host: emulator.url,
    }));
    const checked = await measured("check", (i) => inputsOf(provider, given[i]!));
    const made = await measured("create", (i) => provider.create("flow", checked[i]!));
    const states = made.map(({ outputs }) => plain(outputs) as Properties);
    const id = (i: number): string => made[i]!.id;
    await measured("diff", (i) => provider.diff("flow", id(i), states[i]!, checked[i]!));
    await measured("read", (i) => provider.read("flow", id(i), states[i]!));
    const after = await measured("update", (i) => provider.update("flow", id(i), states[i]!, edited(checked[i]!)));
    await measured("delete", (i) => provider.delete("flow", id(i), after[i]!));
    return used;
  } finally {
    await provider.stop();
    await emulator.stop();
  }
}

async function inputsOf(provider: ProviderProcess, given: Properties): Promise<Properties> {
  const { inputs, failures } = await provider.check("flow", {}, given);
  if (failures.length > 0) throw new Error(failures[0]!.reason);
  return plain(inputs) as Properties;
}

async function calls({ rounds, progress }: Context): Promise<Row[]> {
  const works = (["dynamic", "plugin"] as const).map((transport) => () => {
    progress(`calls (${transport})`);
    return callsOf(transport);
  });
  const [dynamic, plugin] = await interleaved(rounds(5), works);
  return CALLS.map((call) => ({
    name: `provider CPU, ${call === "start" ? "start" : `${FLOWS} calls of ${call}`}`,
    unit: "ms",
    ours: dynamic!.map((used) => used[call]),
    plugin: { ours: plugin!.map((used) => used[call]), limit: PLUGIN_LIMIT },
    goal: "–",
    limit: NO_GOAL,
  }));
}

export const cpu: Figure = {
  name: "cpu",
  what: `CPU time of the provider process: no-op up and refresh of ${FLOWS} flows, and each kind of call`,
  async measure(context) {
    if (process.platform !== "linux") {
      context.progress("CPU time is only measured on Linux");
      return [];
    }
    return [...(await calls(context)), ...(await commands(context))];
  },
};
