// People who wait in a flow, and drafts that somebody has staged in the editor (design L8, L9): what preview says, and what an up dares to do. Also a
// flow that PostHog cannot show because somebody stored half a step.
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
const journey = (actions: object, more: object = {}) =>
  program(flow("journey", { status: "active", actions, ...more }));

let emulator: Emulator;
let stack: Stack;
let id: string;

const steps = () => emulator.flow(id).actions.map((step: any) => step.id);
const changes = () =>
  emulator.requests.filter(({ method }) => method !== "GET").map((request) => requestLine(request).replace(id, "<id>"));
const succeeds = (result: CommandResult) => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
};
const nothingToDo = async () => {
  emulator.clearRequests();
  succeeds(await stack.up(["--expect-no-changes"]));
  expect(emulator.requests).toEqual([]);
};

beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { program: journey(waiting, { protectInFlight: true }) });
  succeeds(await stack.up());
  id = emulator.flows()[0].id;
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

describe("a step that is taken out, with protectInFlight", () => {
  it("is announced in preview, with the step where people go on", async () => {
    await stack.writeProgram(journey(hasty, { protectInFlight: true }));
    const preview = await stack.preview();
    succeeds(preview);
    expect(preview.output).toContain('people in "pause" (Wait 1h) move to "mail"');
  });

  it("fails while somebody is in the flow, and changes nothing live", async () => {
    emulator.inFlight(id, 2);
    const before = steps();
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(untidy(up.output)).toEqual([]);
    expect(up.output).toContain("protectInFlight: 2 people are in this flow");
    expect(steps()).toEqual(before);
    expect(emulator.flow(id).draft).toBeNull();
  });

  it("fails where somebody has staged a draft, which is left alone", async () => {
    emulator.inFlight(id, 0);
    emulator.ui.stageDraft(id, (staged) => void (staged.actions[0].name = "Theirs"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(untidy(up.output)).toEqual([]);
    expect(up.output).toContain("somebody has staged changes in PostHog's editor");
    expect(emulator.flow(id).draft.actions[0].name).toBe("Theirs");
    expect(steps()).toContain("pause");
  });

  it("goes through when nobody waits, and the draft is the one that the program drops", async () => {
    await stack.writeProgram(
      journey(hasty, { protectInFlight: true, discardStagedDraft: emulator.flow(id).draft_updated_at }),
    );
    emulator.clearRequests();
    succeeds(await stack.up());
    expect(changes()).toEqual([
      "POST 1/hog_flows/<id>/discard_draft",
      "PATCH 1/hog_flows/<id>",
      "POST 1/hog_flows/<id>/publish",
      "POST 1/hog_flows/<id>/publish",
    ]);
    expect(steps()).toEqual(["trigger_node", "mail", "exit_node"]);
    expect(emulator.flow(id).draft).toBeNull();
    await nothingToDo();
  });
});

describe("a staged draft", () => {
  it("is a warning in a refresh, with its stamp, and no drift", async () => {
    await stack.writeProgram(journey(hasty));
    succeeds(await stack.up());
    emulator.ui.stageDraft(id, (staged) => void (staged.actions[0].name = "Theirs"));
    const refresh = await stack.refresh(["--expect-no-changes"]);
    succeeds(refresh);
    expect(refresh.output).toContain(`discardStagedDraft: "${emulator.flow(id).draft_updated_at}"`);
    await nothingToDo();
  });

  it("is dropped by the stamp of the warning, and no later one is", async () => {
    const stamp = emulator.flow(id).draft_updated_at;
    emulator.ui.stageDraft(id, (staged) => void (staged.actions[0].name = "Later"));
    await stack.writeProgram(journey(hasty, { discardStagedDraft: stamp }));
    const first = await stack.up();
    succeeds(first);
    expect(first.output).toContain("is not the one that discardStagedDraft names, so it was left alone");
    expect(emulator.flow(id).draft.actions[0].name).toBe("Later");
    await stack.writeProgram(journey(hasty, { discardStagedDraft: emulator.flow(id).draft_updated_at }));
    succeeds(await stack.up());
    expect(emulator.flow(id).draft).toBeNull();
  });
});

describe("an edit that somebody agrees to overwrite", () => {
  it("is announced with the people in steps that only PostHog has", async () => {
    const { updated_at } = emulator.ui.edit(id, (live: any) => {
      const first = live.edges.find(({ from }: any) => from === "trigger_node");
      live.edges.push({ from: "added", to: first.to, type: "continue" });
      first.to = "added";
      live.actions.push({
        id: "added",
        name: "Added",
        description: "",
        type: "delay",
        config: { delay_duration: "2d" },
        created_at: 1,
        updated_at: 1,
      });
    });
    await stack.writeProgram(journey(hasty, { description: "Ours", overwriteDrift: updated_at }));
    const preview = await stack.preview();
    succeeds(preview);
    expect(preview.output).toContain('people in "added" (Added) move to "mail"');
    succeeds(await stack.up());
    expect(steps()).not.toContain("added");
    await stack.writeProgram(journey(hasty));
    succeeds(await stack.up());
    await nothingToDo();
  });
});

describe("a flow that is stored incomplete, so that PostHog answers 500", () => {
  it("is read from its row and reported, and shows by step and field", async () => {
    emulator.ui.storeRaw(id, (stored) => void delete stored.actions.find((step: any) => step.id === "mail").name);
    const refresh = await stack.refresh(["--preview-only", "--diff", "--expect-no-changes"]);
    expect(refresh.code).toBe(7);
    expect(untidy(refresh.output)).toEqual([]);
    expect(refresh.output).toContain(`Flow ${id}: PostHog cannot read it (500)`);
    expect(refresh.output).toMatch(/- name\s*: "Mail"/);
  });

  it("is mended by up --refresh", async () => {
    succeeds(await stack.up(["--refresh"]));
    expect(emulator.flow(id).actions.find((step: any) => step.id === "mail").name).toBe("Mail");
    await nothingToDo();
    succeeds(await stack.refresh(["--expect-no-changes"]));
  });
});
