// A status that becomes the program's, people who are protected whatever the state believes, and a replacement that keeps the words of marketing: each on
// the real engine, with a status that the program states and with one that is left to PostHog's editor.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, Stack } from "../support/engine";
import { delay, email, eventTrigger, exit, flow, program, requestLine, stackFor, untidy } from "../support/flows";

const waiting = {
  trigger_node: eventTrigger("pause"),
  pause: delay("mail"),
  mail: email("exit_node"),
  exit_node: exit,
};
const hasty = { trigger_node: eventTrigger("mail"), mail: email("exit_node"), exit_node: exit };
const SUBJECT = "actions.mail.config.inputs.email.value.subject";

describe.each([{ status: "active" }, { status: undefined }])("with the status %j", ({ status }) => {
  let emulator: Emulator;
  let stack: Stack;
  let id: string;

  const write = (actions: object, more: object = {}) =>
    stack.writeProgram(program(flow("journey", { actions, ...(status === undefined ? {} : { status }), ...more })));
  const writes = () =>
    emulator.requests
      .filter(({ method }) => method !== "GET")
      .map((request) => requestLine(request).replace(id, "<id>"));
  const succeeds = (result: CommandResult) => {
    expect(result.code, result.output).toBe(0);
    expect(untidy(result.output)).toEqual([]);
  };
  const fails = (result: CommandResult, text: string) => {
    expect(result.code).not.toBe(0);
    expect(untidy(result.output)).toEqual([]);
    expect(result.output.replace(/\s+/g, " ")).toContain(text);
  };
  const nothingToDo = async () => {
    emulator.clearRequests();
    succeeds(await stack.up(["--expect-no-changes"]));
    expect(emulator.requests).toEqual([]);
    succeeds(await stack.refresh(["--expect-no-changes"]));
  };
  const untouched = () => {
    expect(emulator.flow(id)).toMatchObject({ status: "active", draft: null });
    expect(emulator.flow(id).actions.map((step: any) => step.id)).toContain("pause");
    expect(emulator.flows("2")).toEqual([]);
  };
  const subject = () =>
    emulator.flow(id).actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject;

  beforeAll(async () => {
    emulator = await startEmulator({ projects: [{ id: "1" }, { id: "2" }] });
    stack = await stackFor(emulator);
    await write(waiting, { protectInFlight: true });
    succeeds(await stack.up());
    id = emulator.flows()[0].id;
    // The state of a status that is left to the editor still says draft.
    emulator.ui.setStatus(id, "active");
    emulator.inFlight(id, 42);
  });
  afterAll(async () => {
    await stack?.dispose();
    await emulator?.stop();
  });

  it("protects people from a change that a refused write has shown to be of an active flow", async () => {
    await write(hasty, { protectInFlight: true });
    fails(await stack.up(), "protectInFlight: 42 people are in this flow");
    untouched();
  });

  it.each(["draft", "archived"])("protects them from becoming %s", async (off) => {
    await write(waiting, { protectInFlight: true, status: off });
    fails(await stack.up(), `42 people are in this flow, and all of them would leave it when it becomes ${off}`);
    untouched();
  });

  it("protects them from a deletion, a destroy, a replacement and a move", async () => {
    const refused = `protectInFlight: 42 people are in flow ${id}`;
    await write(waiting, { protectInFlight: true });
    fails(await stack.destroy(), refused);
    untouched();
    fails(
      await stack.up([
        "--target-replace",
        `urn:pulumi:dev::${stack.project}::pulumi-nodejs:dynamic/posthog:HogFlow::journey`,
      ]),
      refused,
    );
    untouched();
    await write(waiting, { protectInFlight: true, projectId: "2", replaceOnMove: true });
    fails(await stack.up(), refused);
    untouched();
    await stack.writeProgram(program());
    fails(await stack.up(), refused);
    untouched();
  });

  it.runIf(status === undefined).each([
    ["active", "draft"],
    ["draft", "active"],
    ["active", "archived"],
  ])(
    "sends a status that is stated where none was, and shows it in preview: %s in PostHog, %s in the program",
    async (live, said) => {
      await write(waiting);
      succeeds(await stack.up());
      emulator.ui.setStatus(id, live);
      await write(waiting, { status: said });
      const preview = await stack.preview(["--diff"]);
      succeeds(preview);
      expect(preview.output).toMatch(new RegExp(`\\+ status\\s*: "${said}"`));
      emulator.clearRequests();
      succeeds(await stack.up());
      expect(writes()).toContain("PATCH 1/hog_flows/<id>");
      expect(emulator.flow(id).status).toBe(said);
      emulator.clearRequests();
      succeeds(await stack.up(["--expect-no-changes"]));
      expect(emulator.requests).toEqual([]);
    },
  );

  it.runIf(status !== undefined)("sends a status that changes", async () => {
    await write(waiting, { status: "draft" });
    succeeds(await stack.up());
    expect(emulator.flow(id).status).toBe("draft");
  });

  it("replaces a flow with the words that its editor wrote last", async () => {
    await write(waiting, { editorOwns: [SUBJECT] });
    succeeds(await stack.up());
    emulator.ui.edit(
      id,
      (live) =>
        void (live.actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject = "Theirs"),
    );
    const before = id;
    succeeds(
      await stack.up([
        "--target-replace",
        `urn:pulumi:dev::${stack.project}::pulumi-nodejs:dynamic/posthog:HogFlow::journey`,
      ]),
    );
    id = emulator.flows()[0].id;
    expect(id).not.toBe(before);
    expect(subject()).toBe("Theirs");
    await nothingToDo();
  });

  it("moves it with them", async () => {
    await write(waiting, { editorOwns: [SUBJECT], projectId: "2", replaceOnMove: true });
    succeeds(await stack.up());
    expect(emulator.flows("1")).toEqual([]);
    id = emulator.flows("2")[0].id;
    expect(subject()).toBe("Theirs");
    await nothingToDo();
  });
});
