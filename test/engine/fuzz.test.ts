// Whole life-cycles on the real engine: one stack, random programs, edits in the editor, refreshes and ups, and what must hold after each.
// The fuzzer proper (test/fuzz) makes thousands of them on a small model of the engine; this is its check against the real one.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/index";
import { random, type Random } from "../support/random-flow";
import { newFlow, editProgram, type FlowSpec, type Names } from "../fuzz/programs";
import { untidyText } from "../fuzz/tidy";
import { wantedDifference } from "../fuzz/wanted";
import { program as source, stackFor } from "../support/flows";
import type { Stack } from "../support/engine";

const SEED = 7;
const ROUNDS = 4;
const BUDGET_MS = 40_000;

let emulator: Emulator;
let stack: Stack;
let count = 0;
const secrets: string[] = [];
const names: Names = {
  text: () => `unique${(count += 1)}x`,
  secret: () => {
    const value = `sekrit-${(count += 1)}-qz${count}`;
    secrets.push(value);
    return value;
  },
};

beforeAll(async () => {
  emulator = await startEmulator({
    keys: [{ key: "phx_test" }, { key: "phx_scratch" }],
    projects: [{ id: "1" }, { id: "2" }],
  });
  emulator.clock.set("2026-12-01T08:00:00Z");
  stack = await stackFor(emulator, { env: { HOGFLOW_SEED: "fuzz" } });
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

/** The program as a user would paste it; schedules belong to their flow. */
function written(flows: readonly FlowSpec[]): string {
  const lines = flows.flatMap(({ name, json, args, schedules }) => [
    `const ${name} = new HogFlow("${name}", { definition: JSON.parse(${JSON.stringify(JSON.stringify(json))}), ...${JSON.stringify(args)} } as any);`,
    ...schedules.map(
      (schedule) =>
        `new HogFlowSchedule("${schedule.name}", { flow: ${schedule.bareId ? `${name}.id` : name}, ...${JSON.stringify(schedule.args)} } as any);`,
    ),
  ]);
  return source(...lines);
}

/** An id that Pulumi's own runtime cannot carry, and what only a faked clock makes valid. */
const suits = (flows: readonly FlowSpec[]): boolean =>
  !/"toString"|__proto__/.test(JSON.stringify(flows)) &&
  flows.every(({ schedules }) => schedules.every(({ args }) => !String(args["startsAt"]).startsWith("2030-06")));

function changed(flows: FlowSpec[], r: Random): FlowSpec[] {
  for (;;) {
    const next = structuredClone(flows);
    editProgram(next, r, names);
    if (next.length > 0 && suits(next)) return next;
  }
}

it("ends each round with what the program says, and with nothing else", { timeout: 120_000 }, async () => {
  const end = Date.now() + BUDGET_MS;
  const r = random(SEED);
  let flows: FlowSpec[] = [];
  while (flows.length < 2 || !suits(flows)) flows = [newFlow("f0", r, names), newFlow("f1", r, names)];
  for (let round = 0; round < ROUNDS && Date.now() < end; round += 1) {
    if (round > 0) flows = changed(changed(flows, r), r);
    await stack.writeProgram(written(flows));
    const touched = emulator.flows("1").find(() => r.chance(0.7));
    const text = names.text();
    if (touched) emulator.ui.edit(touched.id, (flow) => void (flow.name = text));
    // Unseen, it is not overwritten; the refresh shows it.
    const up = await stack.up(["--refresh"]);
    expect(up.code, up.output).toBe(0);
    const live = emulator.flows("1");
    expect(live.map(({ status }) => status).filter((status) => status === "active").length).toBeLessThanOrEqual(
      flows.length,
    );
    for (const spec of flows) {
      const own = live.filter(({ description }) => description.includes(`/${spec.name}. `));
      expect(own, spec.name).toHaveLength(1);
      expect(
        await wantedDifference(emulator, "2", spec, own[0]),
        `seed ${SEED}, round ${round}, ${spec.name}`,
      ).toBeUndefined();
      expect(own[0].schedules).toHaveLength(spec.schedules.length);
      expect(own[0].schedules.map(({ status }: any) => status)).not.toContain("paused");
    }
    expect(live).toHaveLength(flows.length);
    const requests = emulator.requests.length;
    const again = await stack.up(["--expect-no-changes"]);
    expect(again.code, again.output).toBe(0);
    expect(emulator.requests.length, "requests of an up without a change").toBe(requests);
    for (const { output } of [up, again]) expect(untidyText(output)).toBeUndefined();
  }
  const destroyed = await stack.destroy();
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(emulator.flows("1").filter(({ status }) => status !== "archived")).toEqual([]);
  const kept = `${stack.log}\n${await stack.stateText()}`;
  // The program itself has them in clear; what the engine keeps and prints has not.
  for (const secret of secrets) expect(kept.includes(secret), secret).toBe(false);
});
