// L5, L6, L7: whatever happens to a request, and wherever the provider is killed, the next `up` ends with exactly what the program wants. The cases
// are generated: every request of every operation, times every way in which it can go wrong.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator, type Fault } from "../../emulator/index";
import { startProvider, type ProviderProcess } from "../support/provider-process";
import { batch, mail, Project, type Resource, weekly } from "./support";

/** One key each, so that the limiter of a process does not hold one case back for another. */
const HOSTS = 8;
const AT_ONCE = 160;
/** Short, so that an answer that never comes costs little. */
const TIMEOUT_MS = 2_000;

const V1 = batch(["pro"], { status: "active" });
const V2 = { ...V1, actions: { ...V1.actions, mail: mail("Second version") } };
const DRAFT = batch(["pro"], { status: "draft" });

interface Rig {
  flow: Resource;
  schedule: Resource;
}

interface Operation {
  name: string;
  /** The requests that it makes, by what they are called here. */
  requests: Record<string, { method: string; path: string }>;
  prepare?(rig: Rig): Promise<unknown>;
  run(rig: Rig): Promise<unknown>;
  /** The next run; the same when absent. */
  again?(rig: Rig, one: Case): Promise<unknown>;
  /** How many reads come before the write. */
  reads?: number;
  /** What there is in the end: version of the content, status, schedules. */
  end: { subject: string; status: string; interval?: number } | "nothing" | "flow alone";
  /** A delete: what is to be done is to have nothing. */
  isDelete?: boolean;
}

const FLOW = "/[^/]+/$";
const SCHEDULES = "/[^/]+/schedules/$";
const SCHEDULE = "/[^/]+/schedules/[^/]+/$";
const rule = (flow: Resource, interval: number): object =>
  weekly(flow.id, { rrule: `FREQ=WEEKLY;INTERVAL=${interval};BYDAY=MO` });
const put = { PUT: { method: "PUT", path: FLOW } };
const changed = { "GET schedules": { method: "GET", path: SCHEDULES }, PATCH: { method: "PATCH", path: SCHEDULE } };

const OPERATIONS: Operation[] = [
  {
    name: "creating an active flow",
    requests: {
      search: { method: "GET", path: "/\\?search" },
      POST: { method: "POST", path: "/$" },
      activation: { method: "PATCH", path: FLOW },
    },
    run: ({ flow }) => flow.go(V1),
    reads: 1,
    end: { subject: "Welcome!", status: "active" },
  },
  {
    name: "updating a flow",
    requests: put,
    prepare: ({ flow }) => flow.go(V1),
    run: ({ flow }) => flow.go(V2),
    end: { subject: "Second version", status: "active" },
  },
  {
    name: "updating a flow, and then taking the change back",
    requests: put,
    prepare: ({ flow }) => flow.go(V1),
    run: ({ flow }) => flow.go(V2),
    again: async ({ flow }, { kill }) => {
      // Nothing that was killed could tell the state, and a program without a change asks PostHog nothing (L4): it takes a refresh to see.
      if (kill) await flow.refresh();
      return flow.go(V1);
    },
    end: { subject: "Welcome!", status: "active" },
  },
  {
    name: "activating a flow",
    requests: { PATCH: { method: "PATCH", path: FLOW } },
    prepare: ({ flow }) => flow.go(DRAFT),
    run: ({ flow }) => flow.go(V1),
    end: { subject: "Welcome!", status: "active" },
  },
  {
    name: "updating and activating a flow",
    requests: { ...put, PATCH: { method: "PATCH", path: FLOW } },
    prepare: ({ flow }) => flow.go(DRAFT),
    run: ({ flow }) => flow.go(V2),
    end: { subject: "Second version", status: "active" },
  },
  {
    name: "updating and switching a flow off",
    requests: put,
    prepare: ({ flow }) => flow.go(V1),
    run: ({ flow }) => flow.go({ ...V2, status: "draft" }),
    end: { subject: "Second version", status: "draft" },
  },
  {
    name: "deleting a flow",
    requests: { DELETE: { method: "DELETE", path: FLOW } },
    prepare: ({ flow }) => flow.go(V1),
    run: ({ flow }) => flow.destroy(),
    reads: 1,
    end: "nothing",
    isDelete: true,
  },
  {
    name: "creating a schedule",
    requests: { "GET schedules": { method: "GET", path: SCHEDULES }, POST: { method: "POST", path: SCHEDULES } },
    prepare: ({ flow }) => flow.go(V1),
    run: ({ flow, schedule }) => schedule.go(rule(flow, 1)),
    again: ({ flow, schedule }, one) => adopting(schedule, rule(flow, 1), one),
    reads: 1,
    end: { subject: "Welcome!", status: "active", interval: 1 },
  },
  {
    name: "updating a schedule",
    requests: changed,
    prepare: async ({ flow, schedule }) => void (await flow.go(V1), await schedule.go(rule(flow, 1))),
    run: ({ flow, schedule }) => schedule.go(rule(flow, 2)),
    reads: 1,
    end: { subject: "Welcome!", status: "active", interval: 2 },
  },
  {
    name: "updating a schedule, and then taking the change back",
    requests: { PATCH: changed.PATCH },
    prepare: async ({ flow, schedule }) => void (await flow.go(V1), await schedule.go(rule(flow, 1))),
    run: ({ flow, schedule }) => schedule.go(rule(flow, 2)),
    reads: 1,
    again: async ({ flow, schedule }, { kill }) => {
      if (kill) await schedule.refresh();
      return schedule.go(rule(flow, 1));
    },
    end: { subject: "Welcome!", status: "active", interval: 1 },
  },
  {
    name: "deleting a schedule",
    requests: { DELETE: { method: "DELETE", path: SCHEDULE } },
    prepare: async ({ flow, schedule }) => void (await flow.go(V1), await schedule.go(rule(flow, 1))),
    run: ({ schedule }) => schedule.destroy(),
    end: "flow alone",
    isDelete: true,
  },
];

/** A schedule carries no mark: one that may be ours is named, and taken over by its name (L5). */
async function adopting(schedule: Resource, args: object, { kill, blind, fault }: Case): Promise<void> {
  const orphaned = (kill || blind) && fault.when === "after" && fault.method === "POST";
  if (!orphaned) return void (await schedule.go(args));
  const id = /set adopt: "([^"]+)"/.exec(await schedule.fails(args))?.[1];
  expect(id).toBeDefined();
  await schedule.go({ ...args, adopt: id });
  schedule.args = args;
}

const KINDS: Record<string, Pick<Fault, "kind" | "when" | "status" | "retryAfter">> = {
  "is cut before it works": { kind: "cut", when: "before" },
  "is cut after it worked": { kind: "cut", when: "after" },
  "answers 500 before it works": { kind: "status", when: "before", status: 500 },
  "answers 500 after it worked": { kind: "status", when: "after", status: 500 },
  "answers 429": { kind: "status", when: "before", status: 429, retryAfter: "0" },
  "hangs before it works": { kind: "hang", when: "before" },
  "hangs after it worked": { kind: "hang", when: "after" },
};

interface Case {
  operation: Operation;
  title: string;
  fault: Omit<Fault, "path"> & { path: string };
  /** Reads of the flow and the list fail, too, so that nobody can look how a write ended. */
  blind?: boolean;
  kill?: boolean;
}

function cases(): Case[] {
  return OPERATIONS.flatMap((operation) =>
    Object.entries(operation.requests).flatMap(([request, { method, path }]): Case[] => [
      ...Object.entries(KINDS).flatMap(([kind, fault]): Case[] => {
        const armed = { ...fault, method, path };
        const isWrite = method !== "GET";
        // Before or after, a read has done nothing, and one failure of it is repeated.
        if (!isWrite && fault.when === "after") return [];
        return [
          ...(isWrite ? [{ operation, title: `${request} ${kind}, once`, fault: { ...armed, times: 1 } }] : []),
          { operation, title: `${request} ${kind}, all the time`, fault: { ...armed, times: 100 } },
          ...(isWrite && fault.when === "after"
            ? [
                {
                  operation,
                  title: `${request} ${kind}, and then nothing can be read`,
                  fault: { ...armed, times: 100 },
                  blind: true,
                },
              ]
            : []),
        ];
      }),
      ...(["before", "after"] as const).map((when): Case => ({
        operation,
        title: `the provider is killed ${when} ${request} works`,
        fault: { kind: "hang", when, method, path, times: 1 },
        kill: true,
      })),
    ]),
  );
}

interface Outcome {
  project: Project;
  rig: Rig;
  hits: number;
  first?: unknown;
  second?: unknown;
  last?: { flow: string; schedule: string };
  refreshed?: { flow: string; schedule: string };
}

const CASES = cases();

/** Runs all tasks, some at a time. */
async function pooled<T>(items: readonly T[], task: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = [...items.entries()];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await task(next[1], next[0]);
    }),
  );
}

const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a request that goes wrong, and the next up", () => {
  const emulators: Emulator[] = [];
  const providers: ProviderProcess[] = [];
  const outcomes: Outcome[] = [];

  beforeAll(async () => {
    for (let i = 0; i < HOSTS; i += 1) {
      emulators.push(
        await startEmulator({
          keys: [{ key: `phx_fault_${i}` }],
          projects: CASES.map((_, n) => ({ id: String(n + 1) })),
        }),
      );
    }
    const keys = JSON.stringify(Object.fromEntries(emulators.map(({ url }, i) => [url, `phx_fault_${i}`])));
    const start = async (env: Record<string, string> = {}): Promise<ProviderProcess> => {
      const provider = await startProvider({ env, config: { "posthog:apiKeys": keys } });
      providers.push(provider);
      return provider;
    };
    // As in life: a process for each run, which knows nothing of the others.
    const [prepare, first, doomed, second] = await Promise.all([
      start(),
      start({ POSTHOG_REQUEST_TIMEOUT_MS: String(TIMEOUT_MS) }),
      start(),
      start(),
    ]);
    const world = { provider: prepare } as never;

    await pooled(CASES, async ({ operation }, i) => {
      const project = new Project(world, emulators[i % HOSTS]!, String(i + 1));
      const rig: Rig = { flow: project.flow(V1, "digest"), schedule: project.schedule({}, "mondays") };
      await operation.prepare?.(rig);
      outcomes[i] = { project, rig, hits: 0 };
    });

    const withProvider = (rig: Rig, provider: ProviderProcess): Rig => {
      rig.flow.provider = provider;
      rig.schedule.provider = provider;
      return rig;
    };
    const run = async (index: number, provider: ProviderProcess): Promise<void> => {
      const { operation, fault, blind } = CASES[index]!;
      const { project, rig } = outcomes[index]!;
      const armed = project.fault(fault);
      const reads = blind
        ? project.fault({
            kind: "status",
            when: "before",
            status: 503,
            method: "GET",
            path: "/",
            skip: operation.reads ?? 0,
            times: 1000,
          })
        : undefined;
      const outcome = outcomes[index]!;
      outcome.first = await thrown(operation.run(withProvider(rig, provider)));
      outcome.hits = armed.hits();
      armed.remove();
      reads?.remove();
    };
    const killed = CASES.map((_, i) => i).filter((i) => CASES[i]!.kill);
    const waiting = killed.map((i) => run(i, doomed));
    const survivors = pooled(
      CASES.map((_, i) => i).filter((i) => !CASES[i]!.kill),
      (i) => run(i, first),
    );
    // All of these requests hang in one process, and all of them lose it at the same moment.
    const asked = (i: number): boolean =>
      outcomes[i]!.project.records.some(
        ({ method, path, query, status }) =>
          status === 0 &&
          method === CASES[i]!.fault.method &&
          new RegExp(`/hog_flows${CASES[i]!.fault.path}`).test(path + (query && `?${query}`)),
      );
    for (let tries = 0; killed.some((i) => !asked(i)); tries += 1) {
      if (tries === 1_200)
        throw new Error(
          `never asked: ${killed
            .filter((i) => !asked(i))
            .map((i) => CASES[i]!.title)
            .join(", ")}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await doomed.kill();
    await Promise.all(waiting);
    await survivors;

    await pooled(CASES, async ({ operation }, i) => {
      const outcome = outcomes[i]!;
      const rig = withProvider(outcome.rig, second);
      outcome.second = await thrown((operation.again ?? operation.run)(rig, CASES[i]!));
      const op = async (resource: Resource): Promise<string> =>
        resource.state ? (await resource.preview()).op : "nothing";
      outcome.last = { flow: await op(rig.flow), schedule: await op(rig.schedule) };
      const refreshed = async (resource: Resource): Promise<string> =>
        resource.state ? resource.refresh() : "nothing";
      outcome.refreshed = { flow: await refreshed(rig.flow), schedule: await refreshed(rig.schedule) };
    });
  }, 300_000);

  afterAll(async () => {
    await Promise.all(providers.map((provider) => provider.kill().catch(() => undefined)));
    await Promise.all(emulators.map((emulator) => emulator.stop()));
  });

  describe.each(OPERATIONS)("$name", (operation) => {
    const own = CASES.map((one, index) => ({ ...one, index })).filter((one) => one.operation === operation);
    for (const { title, index } of own)
      it(title, () => {
        const { project, rig, hits, second, last, refreshed } = outcomes[index]!;
        expect(hits, "the fault was never met").toBeGreaterThan(0);
        expect(second, "the next up").toBeUndefined();
        const flows = project.flows();
        if (operation.end === "nothing") {
          expect(flows).toEqual([]);
          expect(rig.flow.state).toBeUndefined();
          return;
        }
        expect(
          flows.map(({ id }) => id),
          "flows",
        ).toEqual([rig.flow.id]);
        const live = flows[0];
        const schedules = live.schedules.map(({ id, rrule, status }: any) => ({
          id: `${live.id}/${id}`,
          rrule,
          status,
        }));
        const end = operation.end === "flow alone" ? { subject: "Welcome!", status: "active" } : operation.end;
        expect({ subject: live.actions[1].config.inputs.email.value.subject, status: live.status }).toEqual({
          subject: end.subject,
          status: end.status,
        });
        expect(schedules).toEqual(
          "interval" in end
            ? [{ id: rig.schedule.id, rrule: `FREQ=WEEKLY;INTERVAL=${end.interval};BYDAY=MO`, status: "active" }]
            : [],
        );
        const wanted = { flow: "same", schedule: "interval" in end ? "same" : "nothing" };
        expect(last, "the plan after it").toEqual(wanted);
        expect(refreshed, "the refresh after it").toEqual(wanted);
        expect(rig.flow.outputs["attempt"]).toBeUndefined();
        expect(rig.schedule.state?.outputs["unfinished"]).toBeUndefined();
        expect(live.revisions ?? []).toEqual([]);
      });
  });
});
