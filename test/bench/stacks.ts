// Pairs of stacks of any size on the real engine: ours, against an emulator of its own, and the floor, a provider of the same transport that does nothing. Their
// programs read what they make from a file. States are made by the provider process and imported: the engine's file backend writes the whole state at
// every step, so making a large stack through it takes minutes that measure nothing.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { startEmulator, type Emulator } from "../../emulator/index";
import { createStack, type Stack } from "../support/engine";
import { plain } from "../support/mini-engine";
import { runProgram } from "../support/program";
import { providerTexts, startProvider, type Kind, type Properties } from "../support/provider-process";
import type { Transport } from "../support/transport";
import { PLACE } from "./flows";

export const KEY = "phx_bench";
const PROJECT = "bench";
/** Calls in flight: what the engine does by default on two cores. */
export const PARALLEL = 8;

const OURS = `import { readFileSync } from "node:fs";
import { HogFlow, HogFlowSchedule } from "pulumi-hogflow";
const { flows, schedules } = JSON.parse(readFileSync(__dirname + "/resources.json", "utf8"));
for (const [i, args] of flows.entries()) {
  const flow = new HogFlow("flow-" + i, args);
  for (const [k, schedule] of [schedules[i] ?? []].flat().entries()) new HogFlowSchedule("schedule-" + i + (k ? "-" + k : ""), { ...schedule, flow });
}
`;

/** Its provider is as small as one can be; outputs are the inputs. Schedules wait for their flow, as ours do. */
const floorProgram = (floorClass: string): string => `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
${floorClass}
const { flows, schedules } = JSON.parse(readFileSync(__dirname + "/resources.json", "utf8"));
for (const [i, props] of flows.entries()) {
  const flow = new Floor("flow-" + i, props);
  for (const [k, schedule] of [schedules[i] ?? []].flat().entries()) {
    const name = "schedule-" + i + (k ? "-" + k : "");
    new Floor(name, { name, ...schedule, flowId: flow.id });
  }
}
`;
const FLOORS: Readonly<Record<Transport, string>> = {
  dynamic: floorProgram(`const provider: pulumi.dynamic.ResourceProvider = {
  check: async (olds: any, news: any) => ({ inputs: news }),
  create: async (inputs: any) => ({ id: "floor-" + inputs.name, outs: inputs }),
  read: async (id: any, props: any) => { const { __provider, ...rest } = props; return { id, props: rest, inputs: rest }; },
  update: async (id: any, olds: any, news: any) => ({ outs: news }),
  delete: async () => {},
};
class Floor extends pulumi.dynamic.Resource {
  constructor(name: string, props: any) { super(provider, name, props, undefined, "bench", "Floor"); }
}`),
  plugin: floorProgram(`class Floor extends pulumi.CustomResource {
  constructor(name: string, props: any) { super("bench:index:Floor", name, props); }
}`),
};
const NULL_PLUGIN = { name: "bench", path: path.join(import.meta.dirname, "null-plugin") };

export interface Resources {
  flows: Properties[];
  /** By index of their flow: one, none, or several, which only the engine itself can make (`made: false`). */
  schedules: (Properties | Properties[] | null)[];
}

export interface PairOptions {
  /** Whether the resources are there already; otherwise the stacks are empty. Default: they are. */
  made?: boolean;
  progress?(text: string): void;
}

export interface Pair {
  transport: Transport;
  ours: Stack;
  floor: Stack;
  emulator: Emulator;
  /** Writes what both programs make. */
  write(resources: Resources): Promise<void>;
  /** Milliseconds of a command that must succeed, and its output. */
  run(stack: Stack, args: string[]): Promise<{ ms: number; output: string }>;
  dispose(): Promise<void>;
}

/** The same on both transports, to be measured in turns. */
export async function pairsOf(
  resources: Resources,
  options: PairOptions = {},
): Promise<{ dynamic: Pair; plugin: Pair; dispose(): Promise<void> }> {
  const dynamic = await pairOf(resources, options);
  try {
    const plugin = await pairOf(resources, { ...options, transport: "plugin" });
    return { dynamic, plugin, dispose: async () => void (await Promise.all([dynamic.dispose(), plugin.dispose()])) };
  } catch (error) {
    await dynamic.dispose();
    throw error;
  }
}

/** Default: on the dynamic provider. */
export async function pairOf(
  resources: Resources,
  { made = true, progress, transport = "dynamic" }: PairOptions & { transport?: Transport } = {},
): Promise<Pair> {
  const emulator = await startEmulator({ projects: [{ id: PLACE.projectId }], keys: [{ key: KEY }] });
  const env = { POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: PLACE.projectId, POSTHOG_API_KEY: KEY };
  const stacks: Stack[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(stacks.map((stack) => stack.dispose()));
    await emulator.stop();
  };
  try {
    const isPlugin = transport === "plugin";
    const chosen: Record<string, string> = isPlugin ? { "posthog:provider": transport } : {};
    stacks.push(await createStack({ project: PROJECT, program: OURS, env, plugin: isPlugin, config: chosen }));
    const floorPlugin = isPlugin ? { plugin: NULL_PLUGIN } : {};
    stacks.push(await createStack({ project: PROJECT, program: FLOORS[transport], env, ...floorPlugin }));
    const [ours, floor] = stacks as [Stack, Stack];
    const write = async (wanted: Resources): Promise<void> => {
      await writeFile(path.join(ours.dir, "resources.json"), JSON.stringify(wanted));
      await writeFile(path.join(floor.dir, "resources.json"), JSON.stringify(await inputsOf(wanted, emulator.url)));
    };
    const pair: Pair = {
      transport,
      ours,
      floor,
      emulator,
      write,
      dispose,
      async run(stack, args) {
        const started = performance.now();
        const result = await stack.run([...args, "--stack", stack.stack, "--non-interactive", "--color", "never"], {
          timeoutMs: 1_800_000,
        });
        const ms = performance.now() - started;
        if (result.code !== 0)
          throw new Error(`pulumi ${args.join(" ")} ended with code ${result.code}:\n${result.output.slice(-4000)}`);
        return { ms, output: result.output };
      },
    };
    if (made && resources.flows.length > 0) {
      progress?.(`making the states of ${resources.flows.length} flows (${transport})`);
      await seed(pair, resources);
    } else await write(resources);
    return pair;
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What the program sends for each resource, as check returns it: the floor gets the same. */
async function inputsOf(resources: Resources, host: string): Promise<Resources> {
  const registered = await registrations(resources, host);
  const take = (kind: Kind, name: string): Properties | null => {
    const found = registered.find((one) => one.kind === kind && one.name === name);
    if (!found) return null;
    const { __provider: _, findings: __, secretPaths: ___, sources: ____, ...rest } = plain(found.inputs);
    return JSON.parse(JSON.stringify(rest)) as Properties;
  };
  const taken = (schedule: Properties | Properties[] | null, i: number): Properties | Properties[] | null =>
    Array.isArray(schedule)
      ? schedule.map((_, k) => take("schedule", scheduleName(i, k))!)
      : take("schedule", scheduleName(i));
  return {
    flows: resources.flows.map((_, i) => take("flow", `flow-${i}`)!),
    schedules: resources.schedules.map(taken),
  };
}

const scheduleName = (i: number, k = 0): string => `schedule-${i}${k > 0 ? `-${k}` : ""}`;

const registrations = (resources: Resources, host: string, ids: Record<string, string> = {}) =>
  runProgram(
    (sdk) => {
      for (const [i, args] of resources.flows.entries()) {
        const flow = new sdk.HogFlow(`flow-${i}`, args as never);
        for (const [k, schedule] of [resources.schedules[i] ?? []].flat().entries())
          new sdk.HogFlowSchedule(scheduleName(i, k), { ...schedule, flow } as never);
      }
    },
    { config: { "posthog:host": host, "posthog:projectId": PLACE.projectId }, project: PROJECT, stack: "dev", ids },
  );

/** Makes the resources through the provider process, and a state of each stack that says so. */
async function seed(pair: Pair, resources: Resources): Promise<void> {
  const one: Resources = { flows: resources.flows.slice(0, 1), schedules: resources.schedules.slice(0, 1) };
  await pair.write(one);
  await pair.run(pair.ours, ["up", "--yes", "--skip-preview"]);
  await pair.run(pair.floor, ["up", "--yes", "--skip-preview"]);
  for (const flow of pair.emulator.flows()) pair.emulator.ui.remove(flow.id);
  await pair.write(resources);

  const floorResources = JSON.parse(await readFile(path.join(pair.floor.dir, "resources.json"), "utf8")) as Resources;
  await replicate(pair.floor, resources, (kind, i) => {
    const inputs =
      kind === "flow"
        ? floorResources.flows[i]!
        : {
            name: `schedule-${i}`,
            ...floorResources.schedules[i],
            flowId: `floor-${String(floorResources.flows[i]!["name"])}`,
          };
    return { id: `floor-${String(inputs["name"])}`, inputs, outputs: inputs };
  });

  const provider = await startProvider({
    transport: pair.transport,
    env: { POSTHOG_API_KEY: KEY, POSTHOG_HOST: pair.emulator.url },
  });
  try {
    const made = new Map<string, { id: string; inputs: Properties; outputs: Properties }>();
    const make = async (kind: Kind, name: string, given: Properties): Promise<void> => {
      const { inputs, failures } = await provider.check(kind, {}, given);
      if (failures.length > 0) throw new Error(`${name}: ${failures.map(({ reason }) => reason).join("\n")}`);
      const { id, outputs } = await provider.create(kind, inputs);
      made.set(name, { id, inputs: plain(inputs), outputs: plain(outputs) });
    };
    await pooled(
      (await registrations(resources, pair.emulator.url)).filter(({ kind }) => kind === "flow"),
      ({ kind, name, inputs }) => make(kind, name, inputs),
    );
    if (resources.schedules.some(Boolean)) {
      const ids = Object.fromEntries([...made].map(([name, { id }]) => [name, id]));
      await pooled(
        (await registrations(resources, pair.emulator.url, ids)).filter(({ kind }) => kind === "schedule"),
        ({ kind, name, inputs }) => make(kind, name, inputs),
      );
    }
    await replicate(pair.ours, resources, (kind, i) => made.get(`${kind}-${i}`)!);
  } finally {
    await provider.stop();
  }
  pair.emulator.clearRequests();
}

async function pooled<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}

/** Imports a state in which the one resource of each kind stands as often as there are resources. */
async function replicate(
  stack: Stack,
  resources: Resources,
  made: (kind: Kind, i: number) => { id: string; inputs: Properties; outputs: Properties },
): Promise<void> {
  const state = await stack.exportState();
  const all: any[] = state.deployment.resources;
  const texts = providerTexts();
  const samples: Record<Kind, any> = {
    flow: all.find(({ urn }) => urn.endsWith("::flow-0")),
    schedule: all.find(({ urn }) => urn.endsWith("::schedule-0")),
  };
  const copies = (kind: Kind, i: number): any => {
    const sample = samples[kind];
    const { id, inputs, outputs } = made(kind, i);
    // A plugin needs no text of a provider in the inputs, and one that does nothing has none in the outputs either.
    const textIn = (properties: Properties): Properties =>
      "__provider" in properties ? { __provider: properties["__provider"] || texts[kind] } : {};
    const urn = (of: string): string => of.replace(/::(flow|schedule)-0$/, `::$1-${i}`);
    return {
      ...sample,
      urn: urn(sample.urn),
      id,
      inputs: { ...inputs, ...textIn(sample.inputs) },
      outputs: { ...outputs, ...textIn(sample.outputs) },
      ...(sample.dependencies ? { dependencies: sample.dependencies.map(urn) } : {}),
      ...(sample.propertyDependencies
        ? {
            propertyDependencies: Object.fromEntries(
              Object.entries(sample.propertyDependencies as Record<string, string[] | null>).map(([key, urns]) => [
                key,
                urns?.map(urn) ?? null,
              ]),
            ),
          }
        : {}),
    };
  };
  const rest = all.filter((resource) => resource !== samples.flow && resource !== samples.schedule);
  state.deployment.resources = [
    ...rest,
    ...resources.flows.flatMap((_, i) => [
      copies("flow", i),
      ...(resources.schedules[i] ? [copies("schedule", i)] : []),
    ]),
  ];
  const { code, output } = await stack.importState(state);
  if (code !== 0) throw new Error(`the state cannot be imported:\n${output}`);
}
