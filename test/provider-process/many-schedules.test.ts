// One flow with 500 schedules, under PostHog's real limits (API §6.4): all are made, whoever waits is told why, and a refresh reads them together. Time is
// a file that provider and emulator share, and waiting moves it on at once.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { plain } from "../support/mini-engine";
import { runProgram } from "../support/program";
import type { Kind, Properties } from "../support/provider-process";
import { batch, mail, useWorld } from "./support";

const SCHEDULES = 500;
const AT_ONCE = 16;
const START = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;

const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-time-"));
const clock = path.join(folder, "now");
writeFileSync(clock, String(START));
const now = (): number => Number(readFileSync(clock, "utf8"));
const world = useWorld({ clock: { file: clock }, emulator: { now } });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const day = (i: number): string => new Date(Date.UTC(2040, 0, 2, 9) + i * DAY).toISOString();

interface Made {
  kind: Kind;
  id: string;
  outputs: Properties;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

it(`a flow with ${SCHEDULES} schedules`, { timeout: 240_000 }, async () => {
  world.emulator.rateLimit({ perMinute: 480, perHour: 4_800 });
  const project = world.project();
  const { provider } = world;
  const program = (ids: Record<string, string>) =>
    runProgram(
      (sdk) => {
        const digest = new sdk.HogFlow(
          "digest",
          batch(["pro"], { actions: { ...batch().actions, mail: mail() } }) as never,
        );
        for (let i = 0; i < SCHEDULES; i += 1)
          new sdk.HogFlowSchedule(`day_${i}`, {
            flow: digest,
            rrule: "FREQ=WEEKLY;BYDAY=MO",
            startsAt: day(i),
          });
      },
      { config: project.config, ids },
    );
  const made: Made[] = [];
  const make = async (kind: Kind, given: Properties): Promise<string> => {
    const { inputs, failures } = await provider.check(kind, {}, plain(given));
    expect(failures).toEqual([]);
    const { id, outputs } = await provider.create(kind, inputs);
    made.push({ kind, id, outputs: plain(outputs) });
    return id;
  };
  const flowId = await make("flow", (await program({})).find(({ kind }) => kind === "flow")!.inputs);
  const schedules = (await program({ digest: flowId })).filter(({ kind }) => kind === "schedule");
  await inParallel(schedules, async ({ inputs }) => void (await make("schedule", inputs)));
  expect(world.emulator.schedules(flowId)).toHaveLength(SCHEDULES);

  // A search, a creation, the schedules, and their list once, as the last look at it was a minute ago.
  const requests = project.records.length;
  expect(requests).toBe(2 + SCHEDULES + 1);
  expect(project.records.filter(({ status }) => status >= 400)).toEqual([]);
  expect((now() - START) / 60_000).toBe(Math.floor((requests - 1) / 456));
  expect(await provider.notes()).toEqual([
    "Waiting 60 s for PostHog's rate limit: it allows 480 requests a minute for each API key, and this run has made them. It continues by itself.",
  ]);

  const later = await world.another();
  const edited = made[7]!;
  world.emulator.ui.schedule.edit(flowId, edited.id.split("/")[1]!, { rrule: "FREQ=DAILY" });
  const changed: string[] = [];
  const read = async ({ kind, id, outputs }: Made): Promise<void> => {
    const answer = await later.read(kind, id, outputs);
    expect(answer.id).toBe(id);
    if (kind === "schedule" && answer.inputs!["rrule"] !== outputs["rrule"]) changed.push(id);
  };
  expect(await project.during(() => inParallel(made, read))).toEqual(["GET /* 200"]);
  expect(changed).toEqual([edited.id]);
});

it("a 429 is waited out, and the user is told of it once", async () => {
  const project = world.project();
  const provider = await world.another();
  const flows = Array.from({ length: 3 }, (_, i) => project.flow(batch(), `digest-${i}`, { provider }));
  project.fault({ method: "POST", when: "before", kind: "status", status: 429, retryAfter: "43" });
  const before = now();
  await Promise.all(flows.map((flow) => flow.go()));
  expect(project.flows()).toHaveLength(3);
  expect(now() - before).toBe(43_000);
  expect(await provider.notes()).toEqual([
    expect.stringMatching(
      /^Waiting 43 s for PostHog's rate limit: it answered 429, so something else uses the same API key/,
    ),
  ]);
});
