// A status that becomes the program's, people who are protected whatever the state believes, and a replacement that keeps the words of marketing: each on
// the real engine, with a flow whose status the program states and with one whose status is left to PostHog's editor, side by side in one stack.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, Stack } from "../support/engine";
import { delay, email, eventTrigger, exit, flow, program, requestLine, stackFor, untidy } from "../support/flows";
import { typeOf } from "../support/transport";

const waiting = {
  trigger_node: eventTrigger("pause"),
  pause: delay("mail"),
  mail: email("exit_node"),
  exit_node: exit,
};
const hasty = { trigger_node: eventTrigger("mail"), mail: email("exit_node"), exit_node: exit };
const SUBJECT = "actions.mail.config.inputs.email.value.subject";

/** The status that the program states for each flow, unless a test states another. */
const FLOWS: Readonly<Record<string, string | undefined>> = { stated: "active", open: undefined };
const NAMES = Object.keys(FLOWS);

let emulator: Emulator;
let stack: Stack;
/** By name. */
let ids: Record<string, string>;

const declared = (name: string, actions: object, more: object): string =>
  flow(name, { actions, ...(FLOWS[name] === undefined ? {} : { status: FLOWS[name] }), ...more });
const write = (actions: object, more: object = {}) =>
  stack.writeProgram(program(...NAMES.map((name) => declared(name, actions, more))));
const idsIn = (project: string): Record<string, string> =>
  Object.fromEntries(emulator.flows(project).map(({ name, id }) => [name, id]));
const writes = () =>
  emulator.requests
    .filter(({ method }) => method !== "GET")
    .map((request) => NAMES.reduce((line, name) => line.replace(ids[name]!, `<${name}>`), requestLine(request)));
const succeeds = (result: CommandResult) => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
};
/** Fails with these texts, for each of so many flows. */
const fails = (result: CommandResult, texts: string[], flows = NAMES.length) => {
  // Not ended by the test.
  expect(result.code, result.output).toBeGreaterThan(0);
  expect(untidy(result.output)).toEqual([]);
  const output = result.output.replace(/\s+/g, " ");
  for (const text of texts) expect(output).toContain(text);
  expect(output.match(/\*\*(updating|deleting|replacing)[a-z ]* failed\*\*/g), output).toHaveLength(flows);
};
const nothingToDo = async () => {
  emulator.clearRequests();
  succeeds(await stack.up(["--expect-no-changes"]));
  expect(emulator.requests).toEqual([]);
  succeeds(await stack.refresh(["--expect-no-changes"]));
};
const untouched = () => {
  for (const id of Object.values(ids)) {
    expect(emulator.flow(id)).toMatchObject({ status: "active", draft: null });
    expect(emulator.flow(id).actions.map((step: any) => step.id)).toContain("pause");
  }
  expect(emulator.flows("2")).toEqual([]);
};
const subjects = () =>
  Object.values(ids).map(
    (id) => emulator.flow(id).actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject,
  );
/** One flow's failure must not hide the other's. */
const BOTH = "--continue-on-error";
const replacing = (name: string) => [
  "--target-replace",
  `urn:pulumi:dev::${stack.project}::${typeOf("flow")}::${name}`,
];

beforeAll(async () => {
  emulator = await startEmulator({ projects: [{ id: "1" }, { id: "2" }] });
  stack = await stackFor(emulator);
  await write(waiting, { protectInFlight: true });
  succeeds(await stack.up());
  ids = idsIn("1");
  expect(Object.keys(ids).sort()).toEqual([...NAMES].sort());
  for (const id of Object.values(ids)) {
    // The state of a status that is left to the editor still says draft.
    emulator.ui.setStatus(id, "active");
    emulator.inFlight(id, 42);
  }
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

it("protects people from a change that a refused write has shown to be of an active flow", async () => {
  await write(hasty, { protectInFlight: true });
  fails(await stack.up([BOTH]), ["protectInFlight: 42 people are in this flow"]);
  untouched();
});

it.each(["draft", "archived"])("protects them from becoming %s", async (off) => {
  await write(waiting, { protectInFlight: true, status: off });
  fails(await stack.up([BOTH]), [`42 people are in this flow, and all of them would leave it when it becomes ${off}`]);
  untouched();
});

it("protects them from a deletion, a destroy, a replacement and a move", async () => {
  const refusal = (name: string) => `protectInFlight: 42 people are in flow ${ids[name]}`;
  const refused = NAMES.map(refusal);
  await write(waiting, { protectInFlight: true });
  fails(await stack.destroy([BOTH]), refused);
  untouched();
  // Replacements one by one: an engine that is to continue on an error hangs when one fails.
  for (const name of NAMES) {
    fails(await stack.up(replacing(name)), [refusal(name)], 1);
    untouched();
  }
  for (const name of NAMES) {
    const moved = (other: string) => (other === name ? { projectId: "2", replaceOnMove: true } : {});
    const statements = NAMES.map((other) => declared(other, waiting, { protectInFlight: true, ...moved(other) }));
    await stack.writeProgram(program(...statements));
    fails(await stack.up(), [refusal(name)], 1);
    untouched();
  }
  await stack.writeProgram(program());
  fails(await stack.up([BOTH]), refused);
  untouched();
});

it.each([
  ["active", "draft"],
  ["draft", "active"],
  ["active", "archived"],
])(
  "sends a status that is stated where none was, and shows it in preview: %s in PostHog, %s in the program",
  async (live, said) => {
    await write(waiting);
    succeeds(await stack.up());
    emulator.ui.setStatus(ids["open"]!, live);
    await stack.writeProgram(program(declared("stated", waiting, {}), declared("open", waiting, { status: said })));
    const preview = await stack.preview(["--diff"]);
    succeeds(preview);
    expect(preview.output).toMatch(new RegExp(`\\+ status\\s*: "${said}"`));
    emulator.clearRequests();
    succeeds(await stack.up());
    expect(writes()).toContain("PATCH 1/hog_flows/<open>");
    expect(emulator.flow(ids["open"]!).status).toBe(said);
    emulator.clearRequests();
    succeeds(await stack.up(["--expect-no-changes"]));
    expect(emulator.requests).toEqual([]);
  },
);

it("sends a status that changes", async () => {
  await write(waiting, { status: "draft" });
  succeeds(await stack.up());
  expect(emulator.flow(ids["stated"]!).status).toBe("draft");
});

it("replaces a flow with the words that its editor wrote last", async () => {
  await write(waiting, { editorOwns: [SUBJECT] });
  succeeds(await stack.up());
  for (const [name, id] of Object.entries(ids))
    emulator.ui.edit(
      id,
      (live) =>
        void (live.actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject = `Of ${name}`),
    );
  const before = ids;
  succeeds(await stack.up(NAMES.flatMap(replacing)));
  ids = idsIn("1");
  for (const name of NAMES) expect(ids[name]).not.toBe(before[name]);
  expect(subjects().sort()).toEqual(["Of open", "Of stated"]);
  await nothingToDo();
});

it("moves it with them", async () => {
  await write(waiting, { editorOwns: [SUBJECT], projectId: "2", replaceOnMove: true });
  succeeds(await stack.up());
  expect(emulator.flows("1")).toEqual([]);
  ids = idsIn("2");
  expect(subjects().sort()).toEqual(["Of open", "Of stated"]);
  await nothingToDo();
});
