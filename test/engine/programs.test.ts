// Programs of both module systems, resources that are only read, a package that is missing, and flows that move.
import { rename } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { Stack } from "../support/engine";
import { eventTrigger, exit, flow, mailing, program, requestLine, stackFor, untidy } from "../support/flows";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ projects: [{ id: "1" }, { id: "2" }, { id: "7" }] });
});
afterAll(() => emulator?.stop());

describe("a program in ES modules that reads what others made", () => {
  let stack: Stack;
  let flowId: string;
  beforeAll(async () => {
    const made = emulator.ui.create("7", {
      name: "Made by hand",
      status: "active",
      actions: [
        { id: "trigger_node", name: "Clock", type: "trigger", config: { type: "schedule" } },
        { id: "exit_node", name: "Exit", type: "exit", config: {} },
      ],
      edges: [{ from: "trigger_node", to: "exit_node", type: "continue" }],
    });
    flowId = made.id;
    const schedule = emulator.ui.schedule.create(flowId, {
      rrule: "FREQ=DAILY",
      starts_at: "2030-01-07T02:00:00Z",
      timezone: "UTC",
      variables: {},
    });
    stack = await stackFor(emulator, {
      esm: true,
      projectId: "7",
      program: program(
        flow("own", mailing()),
        `const other = HogFlow.get("other", "${flowId}");`,
        `const clock = HogFlowSchedule.get("clock", "${flowId}/${schedule.id}");`,
        `const title = await Promise.resolve("from an ES module");`,
        `export const read = { title, status: other.status, url: other.url, version: other.version, rrule: clock.rrule, schedule: clock.status, own: own.status };`,
      ),
    });
  });
  afterAll(() => stack?.dispose());

  it("goes up, gets the live values, and is unchanged afterwards", async () => {
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect((await stack.outputs()).read).toEqual({
      title: "from an ES module",
      status: "active",
      url: `${emulator.url}/project/7/workflows/${flowId}/workflow`,
      version: 1,
      rrule: "FREQ=DAILY",
      schedule: "active",
      own: "draft",
    });
    const again = await stack.preview(["--expect-no-changes"]);
    expect(again.code, again.output).toBe(0);
  });

  it("says what is missing when there is no project, or nothing with that id", async () => {
    const nothing = "0198c0de-0000-7000-8000-000000000001";
    await stack.writeProgram(
      program(`HogFlow.get("nothing", "${nothing}");`, `HogFlowSchedule.get("never", "${flowId}/${nothing}");`),
    );
    const bare = await stack.preview([], { env: { POSTHOG_PROJECT_ID: "" } });
    const gone = await stack.preview();
    for (const { code, output } of [bare, gone]) expect([code === 0, untidy(output)]).toEqual([false, []]);
    expect(bare.output).toContain("There is no PostHog project. Set it with: pulumi config set posthog:projectId");
    // Which of the two comes first is the engine's choice.
    expect(gone.output).toMatch(/There is no (flow|schedule) [0-9a-f/-]+ in project 7 on http:/);
  });

  it("destroys its own flow and not the one that it reads", async () => {
    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    expect(emulator.flows("7").map(({ name }) => name)).toEqual(["Made by hand"]);
  });
});

describe("a flow in a program", () => {
  let stack: Stack;
  const inProject = (project: string, more = "") =>
    program(
      flow(
        "welcome",
        { actions: { trigger_node: eventTrigger("exit_node"), exit_node: exit } },
        `projectId: ${project}, ${more}`,
      ),
    );
  const changes = () =>
    emulator.requests
      .filter(({ method }) => method !== "GET")
      .map((request) => requestLine(request).replace(/[0-9a-f-]{36}/, "<id>"));
  beforeAll(async () => {
    stack = await stackFor(emulator, { program: inProject("1") });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    emulator.clearRequests();
  });
  afterAll(() => stack?.dispose());

  it("is refreshed only where the package is installed, and says what to run", async () => {
    const link = path.join(stack.dir, "node_modules", "pulumi-hogflow");
    await rename(link, `${link}-away`);
    const refresh = await stack.refresh();
    await rename(`${link}-away`, link);
    expect(refresh.code).not.toBe(0);
    expect(refresh.output).toContain("Run: npm install pulumi-hogflow");
    expect(untidy(refresh.output)).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });

  it("does not move to another project by accident", async () => {
    await stack.writeProgram(inProject("2"));
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(untidy(preview.output)).toEqual([]);
    expect(preview.output).toMatch(/projectId: this resource is at projectId 1, but the program now says 2\./);
    expect(preview.output).toContain("replaceOnMove: true");
  });

  it("moves with replaceOnMove: a draft here before it is deleted there", async () => {
    await stack.writeProgram(inProject("2", "replaceOnMove: true"));
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(changes()).toEqual(["POST 2/hog_flows", "DELETE 1/hog_flows/<id>"]);
    expect([emulator.flows("1").length, emulator.flows("2").length]).toEqual([0, 1]);
  });

  it("is a draft again before it is deleted on --target-replace", async () => {
    emulator.clearRequests();
    const up = await stack.up(["--target-replace", "**welcome"]);
    expect(up.code, up.output).toBe(0);
    expect(changes()).toEqual(["POST 2/hog_flows", "DELETE 2/hog_flows/<id>"]);
  });
});
