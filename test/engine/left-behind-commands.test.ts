// What killed runs leave when the program is changed back: `up` does not see it, and `hogflow drift`, `doctor` and `review` do, until it is adopted
// or archived.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow, type Ran } from "../support/command";
import type { Stack } from "../support/engine";
import { arrival, flow, mailing, program, stackFor, untidy } from "../support/flows";

let emulator: Emulator;
let stack: Stack;
const run = async (...args: string[]): Promise<Ran> => {
  const ran = await hogflow([...args, "--stack", stack.stack], { cwd: stack.dir, env: stack.env });
  expect(untidy(ran.stdout + ran.stderr)).toEqual([]);
  return ran;
};
const idOf = (name: string): string => emulator.flows().find((one) => one.name === name).id;
const up = async (...args: string[]): Promise<void> => {
  const { code, output } = await stack.up(args);
  expect(code, output).toBe(0);
};

const CLOCK = {
  trigger_node: { type: "trigger", name: "Clock", config: { type: "schedule" }, next: "exit_node" },
  exit_node: { type: "exit", name: "Exit" },
};
const clock = flow("clock", { status: "active", actions: CLOCK });
const schedule = (name: string, day: string, adopt = "") =>
  `new HogFlowSchedule("${name}", { flow: clock, rrule: "FREQ=WEEKLY;BYDAY=${day}", startsAt: "2030-01-07T09:00:00"${adopt} });`;
const monday = schedule("monday", "MO");
const welcome = (adopt = "") => flow("welcome", { status: "active", ...mailing() }, adopt);

beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { program: program(clock, monday) });
  await up();
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

it("nothing is found while all is in the state", async () => {
  const drift = await run("drift");
  expect([drift.code, drift.stdout, drift.stderr]).toEqual([0, "2 resources: 2 as deployed.\n", ""]);
  expect((await run("doctor")).stdout).toMatch(
    /^ok {7}left-behind {5}2 resources in the state, and nothing else of this stack$/m,
  );
  expect(await run("review")).toMatchObject({ code: 0, stderr: "" });
});

it("a flow that a killed run activated, whose program is then changed back, and a schedule of the stack's own flow", async () => {
  await stack.writeProgram(program(clock, monday, welcome()));
  emulator.clearRequests();
  // The activation is the second request.
  emulator.fault({ method: "PATCH", when: "after", kind: "hang" });
  const killed = await stack.up([], {
    kill: { when: arrival(emulator, "PATCH", /hog_flows\//).then(() => activated("welcome")), target: "provider" },
  });
  expect(killed.code).not.toBe(0);
  await stack.writeProgram(program(clock, monday, schedule("tuesday", "TU")));
  emulator.clearRequests();
  emulator.fault({ method: "POST", path: "/schedules", when: "after", kind: "hang" });
  await stack.up([], {
    kill: { when: arrival(emulator, "POST", /schedules\/?$/).then(() => scheduled(2)), target: "provider" },
  });
  await stack.writeProgram(program(clock, monday));

  // Pulumi knows nothing of the flow; the schedule shows where a refresh reads its flow.
  await up();
  const refused = await stack.up(["--refresh"]);
  expect(refused.code).not.toBe(0);
  expect(refused.output).toMatch(/has a schedule that no resource of this stack manages: .*BYDAY=TU/);
  expect(emulator.flow(idOf("welcome")).status).toBe("active");
  expect(emulator.schedules(idOf("clock"))).toHaveLength(2);

  const tuesday = emulator.schedules(idOf("clock")).find(({ rrule }: any) => rrule.includes("TU")).id;
  const [flowId, scheduleId] = [idOf("welcome"), `${idOf("clock")}/${tuesday}`];
  const drift = await run("drift");
  expect(drift.code).toBe(2);
  expect(drift.stdout).toContain(`Flow "welcome" (active)`);
  expect(drift.stdout).toContain(`give the resource "welcome" adopt: "${flowId}"`);
  expect(drift.stdout).toContain(`write a HogFlowSchedule with adopt: "${scheduleId}"`);
  expect(drift.stdout).toContain("left by an interrupted run, or removed from the state: adopt or archive");
  expect(drift.stdout).toMatch(/2 resources: 2 as deployed\. In no state: 1 flow, 1 schedule\.\n$/);

  const doctor = await run("doctor");
  expect(doctor.code).toBe(2);
  expect(doctor.stdout).toContain(
    `in no state: Flow "welcome" (active) ${flowId} and Schedule of "clock" (active) ${scheduleId}`,
  );

  const review = await run("review");
  expect(review.code).toBe(2);
  expect(review.stdout.split("\n")[0]).toContain("2 flows and schedules of this stack are in no state; see below.");
  expect(review.stdout).toContain(`\`${flowId}\``);
  expect(review.stdout).toContain(`\`${scheduleId}\``);
});

it("is in order again once both are adopted", async () => {
  const tuesday = emulator.schedules(idOf("clock")).find(({ rrule }: any) => rrule.includes("TU")).id;
  await stack.writeProgram(
    program(
      clock,
      monday,
      schedule("tuesday", "TU", `, adopt: "${idOf("clock")}/${tuesday}"`),
      welcome(`adopt: "${idOf("welcome")}"`),
    ),
  );
  await up();
  expect(await run("drift")).toMatchObject({ code: 0, stdout: "4 resources: 4 as deployed.\n", stderr: "" });
  expect((await run("doctor")).code).toBe(0);
  expect((await run("review")).code).toBe(0);
});

it("names a flow that was taken out of the state, and none that is archived", async () => {
  const { deployment } = await stack.exportState();
  const { urn } = deployment.resources.find(({ urn: name }: { urn: string }) => name.endsWith("::welcome"));
  const deleted = await stack.run(["state", "delete", urn, "--yes", "--stack", stack.stack]);
  expect(deleted.code, deleted.output).toBe(0);
  expect((await run("drift", "--json")).stdout).toContain(`"verdict": "left-behind"`);
  // The program still has it, so the next up takes it over.
  expect((await run("review")).code).toBe(0);
  emulator.ui.edit(idOf("welcome"), (one) => void (one.status = "archived"));
  expect(await run("drift")).toMatchObject({ code: 0, stdout: "3 resources: 3 as deployed.\n" });
});

/** Resolves once it is so in PostHog. */
async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !isSo(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) throw new Error("it did not happen");
}
const activated = (name: string): Promise<void> => until(() => emulator.flow(idOf(name)).status === "active");
const scheduled = (count: number): Promise<void> => until(() => emulator.schedules(idOf("clock")).length === count);
