// A flow that somebody switches off in PostHog, in an emergency, on the real engine: refresh, preview and `up --refresh` say that the `up` switches it on again,
// `hogflow review --fail-on resumes` stops a pipeline before it, and each way to keep it off keeps it off.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow, type Ran } from "../support/command";
import type { CommandResult, Stack } from "../support/engine";
import { batchTrigger, email, eventTrigger, exit, flow, program, stackFor, untidy } from "../support/flows";

const steps = (subject: string) => ({
  trigger_node: eventTrigger("mail"),
  mail: email("exit_node", subject),
  exit_node: exit,
});
interface Program {
  /** TypeScript. */
  status?: string;
  subject?: string;
}
const programOf = ({ status = `status: "active"`, subject = "Welcome" }: Program = {}): string =>
  program(
    flow("paused", { actions: steps(subject) }, status),
    flow("left", {
      name: "Left to PostHog",
      actions: { ...steps("Hello"), trigger_node: eventTrigger("mail", "came back") },
    }),
    flow("digest", {
      status: "active",
      actions: { trigger_node: batchTrigger("mail", "DE"), mail: email("exit_node"), exit_node: exit },
    }),
    `new HogFlowSchedule("weekly", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2040-01-02T09:00:00Z" });`,
  );

let emulator: Emulator;
let stack: Stack;

const id = (name: string): string => emulator.flows().find((live) => live.name === name).id;
const statusNow = (): string => emulator.flow(id("paused")).status;
const off = (status = "draft"): string => {
  emulator.ui.setStatus(id("paused"), status);
  return emulator.flow(id("paused")).updated_at;
};
const write = (given?: Program) => stack.writeProgram(programOf(given));
const succeeds = ({ code, output }: CommandResult): string => {
  expect(code, output).toBe(0);
  expect(untidy(output)).toEqual([]);
  return output.replace(/\s+/g, " ");
};
const SWITCHED_OFF = "was switched off in PostHog: it is a draft there";
const SWITCHES_ON = "switches on a flow that was switched off in PostHog";
/** The review of a preview with these options, made by the recipes' own command. */
async function review(previewed: string[] = [], more: string[] = []): Promise<Ran> {
  const { stdout } = await stack.run([
    ...["preview", "--json", "--show-sames", "--stack", stack.stack, "--non-interactive"],
    ...previewed,
  ]);
  const ran = await hogflow(["review", "-", "--fail-on", "resumes", "--stack", stack.stack, ...more], {
    cwd: stack.dir,
    env: stack.env,
    input: stdout,
  });
  expect(untidy(ran.stdout + ran.stderr)).toEqual([]);
  return ran;
}
const stops = ({ code, stderr }: Ran): void => {
  expect(code, stderr).toBe(2);
  expect(stderr).toContain("resumes (");
  expect(stderr).toContain("--fail-on stops here");
};

beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { program: programOf() });
  succeeds(await stack.up());
});
beforeEach(async () => {
  await write();
  succeeds(await stack.up(["--refresh"]));
  expect(statusNow()).toBe("active");
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

it("is said by a refresh, by the preview of an `up --refresh`, and by the `up --refresh` that switches it on", async () => {
  const stamp = off();
  const refresh = succeeds(await stack.refresh(["--preview-only", "--diff"]));
  expect(refresh).toContain(SWITCHED_OFF);
  expect(refresh).toContain(`last saved ${stamp}`);
  expect(refresh).toContain('To keep it off, write status: "draft".');
  const preview = succeeds(await stack.preview(["--refresh", "--diff"]));
  expect(preview).toContain(SWITCHED_OFF);
  expect(preview).toContain(`${SWITCHES_ON}, where it was last saved ${stamp}`);
  expect(statusNow()).toBe("draft");
  const up = succeeds(await stack.up(["--refresh"]));
  expect(up).toContain(SWITCHES_ON);
  expect(statusNow()).toBe("active");
  succeeds(await stack.up(["--expect-no-changes"]));
  const again = succeeds(await stack.refresh(["--expect-no-changes"]));
  expect(again).not.toContain("switched off");
});

it("stays off under an up without a refresh, whether the program changes or not", async () => {
  off();
  succeeds(await stack.up(["--expect-no-changes"]));
  expect(statusNow()).toBe("draft");
  expect((await review()).code).toBe(0);
  await write({ subject: "Good to have you" });
  // Without a refresh the state still has it on, and PostHog says that it is off.
  stops(await review());
  const { code, output } = await stack.up();
  expect(code).not.toBe(0);
  expect(untidy(output)).toEqual([]);
  expect(output.replace(/\s+/g, " ")).toContain("Somebody switched the flow off");
  expect(statusNow()).toBe("draft");
});

it("is said by the preview after a refresh, and stops a pipeline, with a key and without", async () => {
  const stamp = off();
  succeeds(await stack.refresh());
  const preview = succeeds(await stack.preview(["--diff"]));
  expect(preview).toContain(`${SWITCHES_ON}, where it was last saved ${stamp}`);
  expect(preview).toMatch(/status *: "draft" => "active"/);
  stops(await review());
  stops(await review([], ["--offline"]));
  const { stdout } = await review([], ["--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    failedOn: ["resumes"],
    kinds: expect.arrayContaining(["starts", "resumes"]),
  });
});

it("stops a pipeline that refreshes before it deploys, although the state still has the flow on", async () => {
  off();
  stops(await review(["--refresh"]));
});

it.each([
  ["says draft", `status: "draft"`],
  ["leaves the status to PostHog", ""],
])("stays off where the program %s, also under `up --refresh`", async (_, status) => {
  off();
  await write({ status });
  expect((await review(["--refresh"])).code).toBe(0);
  const up = succeeds(await stack.up(["--refresh"]));
  expect(up).not.toContain(SWITCHES_ON);
  expect(statusNow()).toBe("draft");
  succeeds(await stack.up(["--expect-no-changes"]));
  // A status of the program's own that becomes active later is a decision, and no accident.
  await write();
  expect((await review()).code).toBe(0);
});

it("says of an archived flow whose status is left to PostHog that it stays archived", async () => {
  emulator.ui.setStatus(id("Left to PostHog"), "archived");
  expect(succeeds(await stack.refresh())).toContain('Flow "Left to PostHog"');
  const refresh = succeeds(await stack.refresh(["--expect-no-changes"]));
  expect(refresh).toContain("is archived in PostHog and sends nothing. The program states no status");
});

it("stops a pipeline before a schedule that PostHog paused runs again", async () => {
  emulator.ui.edit(id("digest"), (live) => {
    const trigger = live.actions.find(({ type }: any) => type === "trigger");
    trigger.config.filters.properties[0].value = ["AT"];
  });
  const [schedule] = emulator.schedules(id("digest"));
  expect(schedule!.status).toBe("paused");
  stops(await review(["--refresh"]));
});
