// Runs that end in the middle: Ctrl-C, and a provider or an engine that is killed. The next `up` goes on, and there is exactly one of each flow.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { Stack } from "../support/engine";
import { flow, mailing, program, stackFor, untidy } from "../support/flows";
import { startGate, type Gate } from "../support/held-answers";
import { upInTerminal, type Foreground } from "../support/terminal";

const FLOWS = /\/hog_flows\/?$/;
const SCHEDULES = /\/schedules\/?$/;
const CANCELLING = /\^C received/;
const TAKEN_OVER = "from an interrupted run of this stack";

let emulator: Emulator;
/** Every request of the stack comes through here. */
let gate: Gate;
let stack: Stack;
const names = () =>
  emulator
    .flows()
    .map(({ name }) => name)
    .sort();
const stateIds = async (): Promise<Record<string, string>> => {
  const { deployment } = await stack.exportState();
  const flows = (deployment.resources ?? []).filter(({ type }: { type: string }) => type.endsWith(":HogFlow"));
  return Object.fromEntries(flows.map(({ urn, id }: { urn: string; id: string }) => [urn.split("::").pop(), id]));
};
const liveIds = () => Object.fromEntries(emulator.flows().map(({ name, id }) => [name, id]));

const first = flow("first", mailing());
const second = `new HogFlow("second", ${JSON.stringify(mailing())} as any, { dependsOn: [first] });`;
const third = flow("third", mailing());
/** The third again, as a flow that schedules can start. */
const clock = flow("third", {
  actions: {
    trigger_node: { type: "trigger", name: "Clock", config: { type: "schedule" }, next: "exit_node" },
    exit_node: { type: "exit", name: "Exit" },
  },
});
const monday = (adopt = "") =>
  `new HogFlowSchedule("monday", { flow: third, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2030-01-07T09:00:00"${adopt} });`;
const fourth = flow("fourth", mailing());

beforeAll(async () => {
  emulator = await startEmulator();
  gate = await startGate(emulator.url);
  stack = await stackFor(emulator, { program: program(first, second), env: { POSTHOG_HOST: gate.url } });
});
afterAll(async () => {
  await stack?.dispose();
  await gate?.stop();
  await emulator?.stop();
});

/** Ctrl-C, which the engine has noticed when this resolves. */
async function interrupt(up: Foreground): Promise<void> {
  const providers = up.providers();
  expect(providers).toHaveLength(1);
  up.interrupt();
  // Pulumi may put plugins into groups of their own; the provider must live through a signal all the same.
  for (const { pid, inGroup } of providers) if (!inGroup) process.kill(pid, "SIGINT");
  await up.said(CANCELLING);
}

it("finishes the running request on Ctrl-C, starts nothing more, and goes on with the next up", async () => {
  const post = gate.hold("POST", FLOWS);
  const up = await upInTerminal(stack);
  await post.answered;
  await interrupt(up);
  post.release();
  const ended = await up.ended;
  expect(ended.code).not.toBe(0);
  expect(untidy(ended.output)).toEqual([]);
  expect(names()).toEqual(["first"]);
  expect(await stateIds()).toEqual(liveIds());
});

it("takes over what a second Ctrl-C kept from the state, because it waits for no answer", async () => {
  const post = gate.hold("POST", FLOWS);
  const up = await upInTerminal(stack);
  await post.answered;
  await interrupt(up);
  up.interrupt();
  expect((await up.ended).code).not.toBe(0);
  post.release();
  expect(names()).toEqual(["first", "second"]);
  expect(Object.keys(await stateIds())).toEqual(["first"]);
  await stack.cancel();

  const next = await stack.up();
  expect(next.code, next.output).toBe(0);
  expect(next.output).toContain(TAKEN_OVER);
  expect(names()).toEqual(["first", "second"]);
  expect(await stateIds()).toEqual(liveIds());
});

it("takes over what a killed provider had made", async () => {
  await stack.writeProgram(program(first, second, third));
  const killed = await stack.up([], { kill: { when: gate.hold("POST", FLOWS).answered, target: "provider" } });
  expect(killed.code).not.toBe(0);
  expect(names()).toEqual(["first", "second", "third"]);

  const next = await stack.up();
  expect(next.code, next.output).toBe(0);
  expect(next.output).toContain(TAKEN_OVER);
  expect(names()).toEqual(["first", "second", "third"]);
  expect(await stateIds()).toEqual(liveIds());
});

it("names the schedule that a killed provider had made, and takes it over when told to", async () => {
  await stack.writeProgram(program(first, second, clock, monday()));
  const killed = await stack.up([], { kill: { when: gate.hold("POST", SCHEDULES).answered, target: "provider" } });
  expect(killed.code).not.toBe(0);

  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(untidy(refused.output)).toEqual([]);
  const adopt = /set (adopt: "[^"]+")/.exec(refused.output)?.[1];
  expect(refused.output).toContain("Two equal schedules would send everything twice");
  expect(adopt).toBeDefined();
  await stack.writeProgram(program(first, second, clock, monday(`, ${adopt}`)));
  const adopted = await stack.up();
  expect(adopted.code, adopted.output).toBe(0);
  expect(emulator.schedules(liveIds()["third"])).toHaveLength(1);
});

it("takes over what a killed engine had begun", async () => {
  await stack.writeProgram(program(first, second, clock, monday(), fourth));
  const killed = await stack.up([], { kill: { when: gate.hold("POST", FLOWS).answered, target: "engine" } });
  expect(killed.signal).toBe("SIGKILL");
  await stack.cancel();

  const next = await stack.up();
  expect(next.code, next.output).toBe(0);
  expect(next.output).toContain(TAKEN_OVER);
  expect(names()).toEqual(["first", "fourth", "second", "third"]);
  expect(await stateIds()).toEqual(liveIds());
  const refresh = await stack.refresh(["--preview-only", "--expect-no-changes"]);
  expect(refresh.code, refresh.output).toBe(0);
});
