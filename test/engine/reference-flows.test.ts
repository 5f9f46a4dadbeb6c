// One of every trigger and step, as PostHog's own clients send them, through the real engine: what goes up as a pasted definition is quiet from then on.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { Stack } from "../support/engine";
import { program, stackFor, untidy } from "../support/flows";
import { REFERENCE_FLOWS, type Json } from "../support/reference-flows";

const FLOWS = Object.values(REFERENCE_FLOWS);
const SCHEDULES = FLOWS.flatMap(({ schedule }) => (schedule ? [schedule] : []));
const SECRETS = ["s3cr3t", "Bearer shared-token"];

const nameOf = (flow: Json): string => String(flow["name"]).toLowerCase().replace(/\W+/g, "-");

const idsOf = (flow: Json): string[] => (flow["actions"] as { id: string }[]).map(({ id }) => id).sort();
const edgesOf = (flow: Json): string[] =>
  (flow["edges"] as Json[]).map(({ from, to, type, index }) => [from, type, index, to].join(" ")).sort();

const statements = FLOWS.map(({ flow, schedule }, i) => {
  const made = `const flow${i} = new HogFlow("${nameOf(flow)}", { definition: ${JSON.stringify(flow)} });`;
  if (!schedule) return made;
  const { starts_at: startsAt, ...rest } = schedule;
  return `${made}\nnew HogFlowSchedule("${nameOf(flow)}", { flow: flow${i}, ...${JSON.stringify({ ...rest, startsAt })} });`;
});

let emulator: Emulator;
let stack: Stack;
beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { program: program(...statements) });
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

it("goes up as it was sent", async () => {
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(up.output).toContain(`+ ${1 + FLOWS.length + SCHEDULES.length} created`);
  expect(untidy(up.output)).toEqual([]);

  for (const { flow, schedule } of FLOWS) {
    const live = emulator.flows("1").find(({ name }) => name === flow["name"]);
    expect(live).toMatchObject({ status: flow["status"] });
    // In whatever order: it has no meaning.
    expect(idsOf(live)).toEqual(idsOf(flow));
    expect(edgesOf(live)).toEqual(edgesOf(flow));
    expect(emulator.schedules(live.id)).toMatchObject(schedule ? [schedule] : []);
  }
});

it("has nothing to do in a second up, and asks nothing", async () => {
  emulator.clearRequests();
  const again = await stack.up(["--expect-no-changes"]);
  expect(again.code, again.output).toBe(0);
  expect(emulator.requests).toEqual([]);
});

it("is as it should be for a refresh", async () => {
  const refreshed = await stack.refresh(["--expect-no-changes"]);
  expect(refreshed.code, refreshed.output).toBe(0);
});

it("shows no secret", async () => {
  const text = `${await stack.stateText()}\n${stack.log}`;
  expect(text).toContain("Welcome ping");
  for (const secret of SECRETS) expect(text).not.toContain(secret);
});

it("leaves nothing in the end", async () => {
  const destroyed = await stack.destroy();
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(emulator.flows()).toEqual([]);
});
