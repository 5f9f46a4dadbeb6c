// What people in flight, marketing and whoever reviews are promised, beside the stop button: each on the real engine, with a status that the program states
// and with one that is left to PostHog's editor.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow } from "../support/command";
import type { CommandResult, Stack } from "../support/engine";
import { delay, email, eventTrigger, exit, flow, program, stackFor, untidy, webhook } from "../support/flows";

const GOAL = { filters: [{ key: "paid", value: ["true"], operator: "exact", type: "person" }] };
const waiting = (subject = "Welcome") => ({
  trigger_node: eventTrigger("pause"),
  pause: delay("mail"),
  mail: email("exit_node", subject),
  exit_node: exit,
});

describe.each([{ status: "active" }, { status: undefined }])("with the status %j", ({ status }) => {
  let emulator: Emulator;
  let stack: Stack;
  let id: string;

  const stated = status === undefined ? {} : { status };
  const write = (more: object = {}, subject?: string) =>
    stack.writeProgram(program(flow("journey", { actions: waiting(subject), ...stated, ...more })));
  const succeeds = (result: CommandResult) => {
    expect(result.code, result.output).toBe(0);
    expect(untidy(result.output)).toEqual([]);
  };
  const words = (result: CommandResult) => result.output.replace(/\s+/g, " ");

  beforeAll(async () => {
    emulator = await startEmulator();
    stack = await stackFor(emulator);
    await write();
    succeeds(await stack.up());
    id = emulator.flows()[0].id;
    emulator.ui.setStatus(id, "active");
    succeeds(await stack.refresh());
  });
  afterAll(async () => {
    await stack?.dispose();
    await emulator?.stop();
  });

  it("announces a goal that takes people out, stops a review of it, and holds it back while somebody waits", async () => {
    emulator.inFlight(id, 42);
    await write({ conversion: GOAL, protectInFlight: true });
    const preview = await stack.preview();
    succeeds(preview);
    expect(words(preview)).toContain("this change concerns people in flight");
    expect(words(preview)).toMatch(/goal/);
    const review = await hogflow(["review", "--fail-on", "ejects", "--stack", stack.stack], {
      cwd: stack.dir,
      env: stack.env,
    });
    expect([review.code, review.stderr]).toEqual([2, expect.stringContaining("--fail-on stops here")]);
    expect(review.stdout).not.toMatch(/draft|No one in flight/);
    emulator.clearRequests();
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(words(up)).toContain("42 people are in this flow");
    expect(emulator.flow(id)).toMatchObject({ status: "active", draft: null });
    expect(JSON.stringify(emulator.flow(id).conversion ?? {})).not.toContain("paid");
    emulator.inFlight(id, 0);
    succeeds(await stack.up());
    expect(JSON.stringify(emulator.flow(id).conversion)).toContain("paid");
  });

  it("sees what somebody typed behind the marker, and keeps it", async () => {
    const { description } = emulator.flow(id);
    emulator.ui.edit(id, (live) => void (live.description = `${description} Ask sales before you change this.`));
    const refresh = await stack.refresh(["--preview-only", "--expect-no-changes"]);
    expect(refresh.code).toBe(7);
    await write({ description: "Ask sales before you change this." });
    succeeds(await stack.up(["--refresh"]));
    expect(emulator.flow(id).description).toContain("Ask sales before you change this.");
    succeeds(await stack.refresh(["--expect-no-changes"]));
    await write();
    succeeds(await stack.up());
  });

  it("leaves a duplicate alone that carries the marker, also when the state is lost", async () => {
    const original = emulator.flow(id);
    const copy = emulator.ui.create("1", {
      ...original,
      id: undefined,
      name: `${original.name} (copy)`,
      status: "draft",
    });
    emulator.ui.edit(
      copy.id,
      (live) =>
        void (live.actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject = "Of marketing"),
    );
    const before = JSON.stringify(emulator.flow(copy.id));
    const state = await stack.exportState();
    const forgotten = {
      ...state,
      deployment: {
        ...state.deployment,
        resources: state.deployment.resources.filter(({ type }: any) => !/HogFlow/.test(type)),
      },
    };
    succeeds(await stack.importState(forgotten));
    const up = await stack.up();
    succeeds(up);
    expect(up.output).toContain(`Resumed flow ${id}`);
    expect(up.output).not.toMatch(/[Dd]elete (it|the other)/);
    expect(JSON.stringify(emulator.flow(copy.id))).toBe(before);
    expect(emulator.flows().filter(({ name }) => name === original.name)).toHaveLength(1);
  });
});

describe("an adoption", () => {
  it("names a header and a method that the program does not state, and a later change wipes nothing unseen", async () => {
    const emulator = await startEmulator();
    const stack = await stackFor(emulator);
    try {
      const call = (inputs: object) => ({
        trigger_node: eventTrigger("call"),
        call: webhook("exit_node", inputs as never),
        exit_node: exit,
      });
      const live = { method: { value: "PUT" }, headers: { value: { Authorization: "Basic abc", "X-Team": "growth" } } };
      await stack.writeProgram(program(flow("journey", { actions: call(live), status: "active" })));
      expect((await stack.up()).code).toBe(0);
      const { id } = emulator.flows()[0];
      const other = await stackFor(emulator, { stack: "other" });
      try {
        await other.writeProgram(program(flow("journey", { actions: call({}), status: "active", adopt: id })));
        emulator.clearRequests();
        for (const result of [await other.preview(), await other.up()]) {
          expect(result.code).not.toBe(0);
          expect(result.output).toContain("actions.call.config.inputs.headers");
          expect(result.output).toContain("actions.call.config.inputs.method");
        }
        expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);
      } finally {
        await other.dispose();
      }
      // A change on both sides between two ups is a conflict, and never nothing.
      emulator.ui.edit(
        id,
        (flow) =>
          void (flow.actions.find((step: any) => step.id === "call").config.inputs.url.value =
            "https://hooks.example.com/theirs"),
      );
      await stack.writeProgram(
        program(
          flow("journey", {
            actions: call({ ...live, url: { value: "https://hooks.example.com/ours" } }),
            status: "active",
          }),
        ),
      );
      const conflict = await stack.up();
      expect(conflict.code).not.toBe(0);
      expect(conflict.output).toContain("actions.call.config.inputs.url");
      expect(emulator.flow(id).actions.find((step: any) => step.id === "call").config.inputs.url.value).toBe(
        "https://hooks.example.com/theirs",
      );
    } finally {
      await stack.dispose();
      await emulator.stop();
    }
  });
});
