// L7, L9: people in flight of whom the state knows nothing are announced, and stopped for, too: those of an edit that is overwritten, those of a flow that somebody
// has activated meanwhile, and those whom an up that failed was about.
import { describe, expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();

const delay = (next: string): Dict => ({ type: "delay", name: "A day", config: { delayDuration: "1d" }, next });
const flowOf = (it: Rig, ids: string[], more: Dict = {}): Dict =>
  inputsOf(it, {
    actions: {
      trigger_node: {
        type: "trigger",
        name: "Signed up",
        config: { type: "event", filters: { events: [{ id: "user signed up" }] } },
        next: ids[0] ?? "exit_node",
      },
      ...Object.fromEntries(ids.map((id, i) => [id, delay(ids[i + 1] ?? "exit_node")])),
      exit_node: { type: "exit", name: "Exit" },
    },
    ...more,
  });
/** Somebody puts a wait in at the beginning. */
const addWait = (flow: Dict): void => {
  const edges = flow["edges"] as Dict[];
  const first = edges.find(({ from }) => from === "trigger_node")!;
  edges.push({ from: "added", to: first["to"], type: "continue" });
  first["to"] = "added";
  (flow["actions"] as Dict[]).push({
    id: "added",
    name: "Added",
    description: "",
    type: "delay",
    config: { delay_duration: "2d" },
    created_at: 1,
    updated_at: 1,
  });
};
const announced = (it: Rig): string[] =>
  it.warnings
    .splice(0)
    .filter((text) => text.includes("in flight"))
    .flatMap((text) =>
      text
        .split("\n")
        .slice(1)
        .map((line) => line.trim()),
    );
const messageOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "",
    (error: Error & { reasons?: string[] }) => error.reasons?.join(" ") ?? error.message,
  );
/** What the engine does with a program: check and diff, as in a preview. */
const preview = async (
  it: Rig,
  { id, inputs, outs }: { id: string; inputs: Dict; outs: Dict },
  program: Dict,
): Promise<Dict> => {
  const checked = await it.flow.check(inputs, program);
  expect(checked.failures).toEqual([]);
  await it.flow.diff(id, outs, checked.inputs);
  return checked.inputs;
};
const made = async (it: Rig, program: Dict) => {
  const { inputs } = await it.flow.check({}, program);
  const { id, outs } = await it.flow.create(inputs);
  announced(it);
  return { id, inputs, outs };
};
const broken = (it: Rig, ...methods: string[]): (() => void) => {
  const faults = methods.map((method) =>
    it.emulator.fault({ method, path: `/projects/${it.place.projectId}/`, kind: "cut", when: "before", times: 100 }),
  );
  return () => faults.forEach((fault) => fault.remove());
};

describe("an edit that is overwritten", () => {
  it.each([{ status: "active" }, {}])(
    "may hold people in steps that the state does not have: preview names them (%j)",
    async (mode) => {
      const it = rig();
      const state = await made(it, flowOf(it, ["wait"], mode));
      it.emulator.ui.setStatus(state.id, "active");
      const { updated_at } = it.emulator.ui.edit(state.id, addWait);
      await preview(it, state, flowOf(it, ["wait"], { ...mode, name: "Other", overwriteDrift: updated_at }));
      expect(announced(it)).toEqual(['people in "added" (Added) move to "wait"']);
    },
  );

  it("may be an activation: preview says who leaves, and protectInFlight holds", async () => {
    const it = rig();
    const state = await made(it, flowOf(it, ["wait"], { status: "draft", protectInFlight: true }));
    const { updated_at } = it.emulator.ui.setStatus(state.id, "active");
    it.emulator.inFlight(state.id, 5);
    const wanted = await preview(
      it,
      state,
      flowOf(it, ["wait"], { status: "draft", protectInFlight: true, name: "Other", overwriteDrift: updated_at }),
    );
    expect(announced(it)).toEqual(["everybody in flight leaves the flow, because it becomes draft"]);
    expect(await messageOf(it.flow.update(state.id, state.outs, wanted))).toContain("5 people are in this flow");
    expect(it.emulator.flow(state.id)).toMatchObject({ status: "active", name: "welcome", draft: null });
    it.emulator.inFlight(state.id, 0);
    // Counting moves the stamp, which is no edit.
    await it.flow.update(state.id, state.outs, { ...wanted, overwriteDrift: it.emulator.flow(state.id).updated_at });
    expect(it.emulator.flow(state.id)).toMatchObject({ status: "draft", name: "Other" });
  });

  it("is not looked up without a key: the flow counts as possibly active", async () => {
    const it = rig();
    const state = await made(it, flowOf(it, ["wait"], { status: "draft" }));
    const { updated_at } = it.emulator.ui.edit(state.id, (flow) => void (flow["name"] = "Theirs"));
    const change = flowOf(it, [], { status: "draft", overwriteDrift: updated_at });
    await preview(it, state, change);
    expect(announced(it)).toEqual([]);
    const keyless = rig({ POSTHOG_API_KEY: "" });
    await preview(keyless, state, change);
    expect(announced(keyless)).toEqual(["everybody in flight leaves the flow, because it becomes draft"]);
    await preview(it, { ...state, outs: { ...state.outs, overwriteDrift: updated_at } }, change);
    expect(announced(it)).toEqual([]);
  });

  it("is left alone, and not looked up, where nothing else changes", async () => {
    const it = rig();
    const state = await made(it, flowOf(it, ["wait"], { status: "active" }));
    const { updated_at } = it.emulator.ui.edit(state.id, addWait);
    const before = it.requests().length;
    await it.flow.update(
      state.id,
      state.outs,
      await preview(it, state, flowOf(it, ["wait"], { status: "active", overwriteDrift: updated_at })),
    );
    expect(announced(it)).toEqual([]);
    expect(it.requests().slice(before)).toEqual([]);
  });
});

describe("a flow that somebody has activated since the state", () => {
  it("is not changed under people whom no preview has spoken of, also where the program wants it to be active by now", async () => {
    const it = rig();
    const state = await made(it, flowOf(it, ["wait"], { status: "draft" }));
    it.emulator.ui.setStatus(state.id, "active");
    const wanted = await preview(it, state, flowOf(it, [], { status: "active" }));
    expect(announced(it)).toEqual([]);
    const message = await messageOf(it.flow.update(state.id, state.outs, wanted));
    expect(message).toContain('status: state "draft", PostHog "active", program "active"');
    expect(it.emulator.flow(state.id).actions.map(({ id }: Dict) => id)).toContain("wait");
    // After a refresh, preview speaks of them.
    const { inputs, props } = await it.flow.read(state.id, state.outs);
    const again = await preview(
      it,
      { id: state.id, inputs: inputs!, outs: props! },
      flowOf(it, [], { status: "active" }),
    );
    expect(announced(it)).toEqual(['people in "wait" (A day) move to "exit_node"']);
    await it.flow.update(state.id, props!, again);
    expect(it.emulator.flow(state.id)).toMatchObject({ status: "active" });
  });

  it("is written where that moves nobody", async () => {
    const it = rig();
    const state = await made(it, flowOf(it, ["wait"], { status: "draft" }));
    it.emulator.ui.setStatus(state.id, "active");
    await it.flow.update(
      state.id,
      state.outs,
      await preview(it, state, flowOf(it, ["wait"], { status: "active", name: "Other" })),
    );
    expect(it.emulator.flow(state.id)).toMatchObject({ status: "active", name: "Other" });
  });
});

describe("after an up that failed", () => {
  /** The engine keeps the inputs of the up that failed. */
  const failed = async (it: Rig, program: Dict, methods: string[]) => {
    const state = await made(it, flowOf(it, ["wait"], { status: "active" }));
    const { inputs } = await it.flow.check(state.inputs, program);
    const restore = broken(it, ...methods);
    const error = await it.flow.update(state.id, state.outs, inputs).then(
      () => expect.unreachable(),
      (thrown: Error & { properties: Dict }) => thrown,
    );
    restore();
    announced(it);
    return { id: state.id, inputs, outs: error.properties };
  };

  it("that could not switch the flow off, people are still in it", async () => {
    const it = rig();
    const state = await failed(it, flowOf(it, ["wait"], { status: "draft" }), ["GET", "PATCH"]);
    await preview(it, state, flowOf(it, [], { status: "active" }));
    expect(announced(it)).toEqual(['people in "wait" (A day) move to "exit_node"']);
    await preview(it, state, flowOf(it, [], { status: "draft" }));
    expect(announced(it)).toEqual(["everybody in flight leaves the flow, because it becomes draft"]);
  });

  it("whose outcome is unknown, they are where PostHog has them", async () => {
    const it = rig();
    const state = await failed(it, flowOf(it, ["wait"], { status: "draft", name: "Other" }), ["GET", "PUT"]);
    expect(state.outs).toHaveProperty("attempt");
    await preview(it, state, flowOf(it, [], { status: "active" }));
    expect(announced(it)).toEqual(['people in "wait" (A day) move to "exit_node"']);
  });
});
