// The main story: people edit in PostHog what a program manages. A refresh shows it by step and field, `up --refresh` repairs it, and nothing is
// overwritten that nobody has seen.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { Stack } from "../support/engine";
import {
  batchTrigger,
  delay,
  email,
  eventTrigger,
  exit,
  flow,
  program,
  stackFor,
  stepOf,
  untidy,
} from "../support/flows";

let emulator: Emulator;
let stack: Stack;

const journey = (subject: string, more: Record<string, unknown> = {}) => ({
  status: "active",
  actions: {
    trigger_node: eventTrigger("pause"),
    pause: delay("mail"),
    mail: email("last", subject),
    last: delay("exit_node", "2d"),
    exit_node: exit,
    ...more,
  },
});
const loose = { actions: { trigger_node: eventTrigger("exit_node"), exit_node: exit } };
const digest = (country: string) => ({
  status: "active",
  actions: { trigger_node: batchTrigger("mail", country), mail: email("exit_node"), exit_node: exit },
});
const schedules = (names: string[]) =>
  names.map(
    (name, i) =>
      `new HogFlowSchedule("${name}", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2030-01-07T0${i}:00:00", timezone: "Europe/Berlin" });`,
  );
const programOf = (
  subject: string,
  country: string,
  more?: Record<string, unknown>,
  other: Record<string, unknown> = loose,
): string =>
  program(
    flow("journey", journey(subject, more)),
    flow("loose", other),
    flow("digest", digest(country)),
    ...schedules(["weekly", "monday"]),
  );

const id = (name: string): string => emulator.flows().find((found) => found.name === name).id;
const schedulesNow = () =>
  emulator
    .schedules(id("digest"))
    .map(({ status, starts_at }) => `${status} ${starts_at}`)
    .sort();
const BOTH_ACTIVE = ["active 2030-01-06T23:00:00Z", "active 2030-01-07T00:00:00Z"];
const content = (name: string) => {
  const { actions, edges, conversion, status } = emulator.flow(id(name));
  return JSON.parse(
    JSON.stringify({ actions, edges, conversion, status }, (key, value) =>
      key === "bytecode" || key === "updated_at" ? undefined : value,
    ),
  );
};

beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { program: programOf("Welcome", "DE") });
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

describe("edits in PostHog's editor", () => {
  let before: unknown;

  it("show by step and field in a refresh that changes nothing, with exit code 7", async () => {
    expect(schedulesNow()).toEqual(BOTH_ACTIVE);
    before = content("journey");
    emulator.ui.edit(id("journey"), (found) => {
      found.actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject = "Bought!";
      // `last` goes, `bonus` comes, and the trigger passes over the pause.
      const last = found.actions.findIndex((step: any) => step.id === "last");
      found.actions.splice(last, 1, {
        ...found.actions[last],
        id: "bonus",
        name: "Bonus wait",
        config: { delay_duration: "3d" },
      });
      found.edges = [
        ["trigger_node", "mail"],
        ["pause", "mail"],
        ["mail", "bonus"],
        ["bonus", "exit_node"],
      ].map(([from, to]) => ({ from, to, type: "continue" }));
      found.conversion = {
        window_minutes: null,
        filters: [{ key: "plan", value: ["pro"], operator: "exact", type: "person" }],
      };
    });
    emulator.ui.setStatus(id("journey"), "draft");
    emulator.ui.setStatus(id("loose"), "active");
    const [first] = emulator.schedules(id("digest"));
    emulator.ui.schedule.remove(id("digest"), first.id);

    const refresh = await stack.refresh(["--preview-only", "--diff", "--expect-no-changes"]);
    expect(refresh.code).toBe(7);
    expect(untidy(refresh.output)).toEqual([]);
    expect(refresh.output).toMatch(/subject\s*: "Welcome"\s+=> "Bought!"/);
    expect(refresh.output).toMatch(/\+ bonus/);
    expect(refresh.output).toMatch(/- last/);
    expect(refresh.output).toMatch(/next\s*: "pause"\s+=> "mail"/);
    expect(refresh.output).toMatch(/next\s*: "last"\s+=> "bonus"/);
    expect(refresh.output).toMatch(/\+ conversion/);
    expect(refresh.output).toMatch(/status\s*: "active"\s+=> "draft"/);
    // Two flows are as they were: what nobody stated is nobody's drift.
    expect(refresh.output).toMatch(/~ 1 to update/);
    expect(refresh.output).toMatch(/- 1 to delete/);
  });

  it("are not overwritten unseen", async () => {
    await stack.writeProgram(programOf("Hello", "DE"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(untidy(up.output)).toEqual([]);
    expect(up.output).toContain("Somebody changed the flow in PostHog");
    expect(up.output).toContain("actions.bonus");
    expect(up.output).toContain("actions.mail.config.inputs.email.value.subject");
    expect(up.output).toContain("pulumi refresh");
    expect(up.output).toContain(`overwriteDrift: "${emulator.flow(id("journey")).updated_at}"`);
    await stack.writeProgram(programOf("Welcome", "DE"));
  });

  it("are repaired by up --refresh", async () => {
    const up = await stack.up(["--refresh"]);
    expect(up.code, up.output).toBe(0);
    expect(content("journey")).toEqual(before);
    expect(emulator.flow(id("loose")).status).toBe("active");
    expect(schedulesNow()).toEqual(BOTH_ACTIVE);
  });

  it("are not what PostHog does by itself: after a background refresh an update is repeated once with the new stamp, without a word", async () => {
    emulator.backgroundRefresh();
    emulator.clearRequests();
    await stack.writeProgram(programOf("Hello again", "DE"));
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).not.toContain("warning");
    expect(emulator.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
      "PUT 409",
      "GET 200",
      "PUT 200",
    ]);
    await stack.writeProgram(programOf("Welcome", "DE"));
    expect((await stack.up()).code).toBe(0);
  });
});

describe("a flow that somebody deleted", () => {
  it("is named by an update, with the command that goes on", async () => {
    emulator.ui.remove(id("journey"));
    await stack.writeProgram(programOf("Hello", "DE"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(untidy(up.output)).toEqual([]);
    expect(up.output).toMatch(/was deleted in PostHog\. Run pulumi refresh/);
  });

  it("shows as gone in a refresh, and is created again by up --refresh", async () => {
    const refresh = await stack.refresh(["--preview-only"]);
    expect(refresh.code, refresh.output).toBe(0);
    expect(refresh.output).toMatch(/journey\s+delete/);
    const up = await stack.up(["--refresh"]);
    expect(up.code, up.output).toBe(0);
    expect(
      emulator
        .flows()
        .map(({ name, status }) => `${name} ${status}`)
        .sort(),
    ).toEqual(["digest active", "journey active", "loose active"]);
  });
});

describe("a changed audience", () => {
  it("is announced in preview as a replacement of the schedules, beside an inserted step that names itself and its predecessor alone", async () => {
    await stack.writeProgram(programOf("Hello", "FR", { pause: delay("insert"), insert: delay("mail", "3h") }));
    const preview = await stack.previewJson();
    expect(stepOf(preview, "journey").op).toBe("update");
    expect(Object.keys(stepOf(preview, "journey").detailedDiff ?? {}).sort()).toEqual([
      "actions.insert",
      "actions.pause.next",
    ]);
    expect([stepOf(preview, "weekly").op, stepOf(preview, "monday").op]).toEqual(["replace", "replace"]);
  });

  it("leaves one active schedule each, while overwriteDrift overwrites the one edit that somebody has looked at", async () => {
    const { updated_at } = emulator.ui.edit(
      id("loose"),
      (found) => (found.actions[0].config.filters.events[0].id = "somebody's event"),
    );
    await stack.writeProgram(
      programOf(
        "Hello",
        "FR",
        { pause: delay("insert"), insert: delay("mail", "3h") },
        { ...loose, description: "New", overwriteDrift: updated_at },
      ),
    );
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(schedulesNow()).toEqual(BOTH_ACTIVE);
    expect(emulator.flow(id("loose")).actions[0].config.filters.events[0].id).toBe("user signed up");
    expect(emulator.flow(id("loose")).description).toContain("New");
  });

  it("shows the pause when it was made in PostHog, and is repaired", async () => {
    emulator.ui.edit(id("digest"), (found) => {
      found.actions[0].config.filters = {
        properties: [{ key: "country", value: ["ES"], operator: "exact", type: "person" }],
      };
    });
    expect(schedulesNow().every((line) => line.startsWith("paused"))).toBe(true);
    const refresh = await stack.refresh(["--preview-only", "--diff", "--expect-no-changes"]);
    expect(refresh.code).toBe(7);
    expect(refresh.output).toMatch(/\+ paused\s*: "PostHog paused this schedule/);
    const up = await stack.up(["--refresh"]);
    expect(up.code, up.output).toBe(0);
    expect(schedulesNow()).toEqual(BOTH_ACTIVE);
    const after = await stack.refresh(["--preview-only", "--expect-no-changes"]);
    expect(after.code, after.output).toBe(0);
  });
});
