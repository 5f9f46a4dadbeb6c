// Marketing edits the words in PostHog, and the structure stays in Git: the example `shared-ownership`, and how `editorOwns` goes with other options.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, Stack } from "../support/engine";
import { requestLine, stackFor, untidy } from "../support/flows";

let emulator: Emulator;
let stack: Stack;
let source: string;
let id: string;

const words = () => emulator.flow(id).actions.find((step: any) => step.id === "reminder").config.inputs.email.value;
/** What the editor does: it keeps a design, and makes html and text of it. */
const composed = (text: string) => ({
  subject: `${text}!`,
  text,
  html: `<h1>${text}</h1>`,
  design: {
    schemaVersion: 16,
    body: { rows: [{ columns: [{ contents: [{ type: "text", values: { text } }] }] }, { columns: [] }] },
  },
});
const edit = (change: (value: any) => void) =>
  emulator.ui.edit(id, (flow) =>
    change(flow.actions.find((step: any) => step.id === "reminder").config.inputs.email.value),
  );
const changes = () =>
  emulator.requests.filter(({ method }) => method !== "GET").map((request) => requestLine(request).replace(id, "<id>"));
const succeeds = (result: CommandResult) => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
};
/** Writes the example with these replacements, each of which must find its place. */
const write = (...replacements: [string, string][]) =>
  stack.writeProgram(
    replacements.reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    }, source),
  );

const PATIENCE: [string, string] = ['delay("patience", "2d")', 'delay("patience", "4d")'];
const EXTRA_STEP: [string, string][] = [['    delay("patience",', '    delay("night", "8h"),\n    delay("patience",']];
const THANKS: [string, string][] = [
  [
    '"Your projects stay for 30 days."),',
    '"Your projects stay for 30 days."),\n    wordsOfMarketing("thanks", "Thank you", "For your time."),',
  ],
];
const IGNORED: [string, string] = [
  "  ],\n});\n\nexport const url",
  '  ],\n}, { ignoreChanges: ["actions.patience.config.delayDuration"] });\n\nexport const url',
];

beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { copyOf: "examples/shared-ownership" });
  source = await readFile(path.join(stack.dir, "index.ts"), "utf8");
  succeeds(await stack.up());
  id = emulator.flows()[0].id;
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

describe("words that marketing edits", () => {
  it("are no drift, and nothing to do", async () => {
    edit((value) => Object.assign(value, composed("Half price")));
    succeeds(await stack.refresh(["--expect-no-changes"]));
    emulator.clearRequests();
    const up = await stack.up(["--expect-no-changes"]);
    succeeds(up);
    expect(up.output).not.toContain("warning");
    expect(emulator.requests).toEqual([]);
  });

  it("stay when the structure changes, also words that nobody has read yet", async () => {
    edit((value) => Object.assign(value, composed("Last chance")));
    await write(PATIENCE, ...EXTRA_STEP);
    emulator.clearRequests();
    succeeds(await stack.up());
    // The first was refused as stale, and what it was stale by is the editor's.
    expect(changes()).toEqual(["PUT 1/hog_flows/<id>", "PUT 1/hog_flows/<id>"]);
    expect(words()).toMatchObject(composed("Last chance"));
    expect(emulator.flow(id).actions.map((step: any) => step.id)).toContain("night");
  });

  it("do not cover an edit of another field: it stops an update, and shows in a refresh", async () => {
    edit((value) => Object.assign(value, composed("And now"), { to: { email: "everybody@example.com", name: "" } }));
    await write();
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(untidy(up.output)).toEqual([]);
    expect(up.output).toContain('actions.reminder.config.inputs.email.value.to.email (step "Reminder"): changed');
    expect(up.output).not.toMatch(/email\.value\.(subject|html|text|design)/);
    expect(words().to).toMatchObject({ email: "everybody@example.com" });

    const refresh = await stack.refresh(["--preview-only", "--diff", "--expect-no-changes"]);
    expect(refresh.code).toBe(7);
    expect(refresh.output).toMatch(/email\s*: "\{\{ person\.properties\.email \}\}"\s+=> "everybody@example\.com"/);
    expect(refresh.output).not.toMatch(/And now/);
  });

  it("stay while that edit is undone, and a new step begins with the program's", async () => {
    await write(...THANKS);
    succeeds(await stack.up(["--refresh"]));
    expect(emulator.flow(id).actions.find((step: any) => step.id === "thanks").config.inputs.email.value).toMatchObject(
      { subject: "Thank you", html: expect.stringContaining("<p>For your time.</p>") },
    );
    expect(words()).toMatchObject({ ...composed("And now"), to: { email: "{{ person.properties.email }}", name: "" } });
    succeeds(await stack.refresh(["--expect-no-changes"]));
  });
});

describe("beside ignoreChanges on another field", () => {
  it("both edits stay, and a change of the structure goes through", async () => {
    emulator.ui.edit(id, (flow) => {
      flow.actions.find((step: any) => step.id === "patience").config.delay_duration = "9d";
      Object.assign(
        flow.actions.find((step: any) => step.id === "reminder").config.inputs.email.value,
        composed("Both"),
      );
    });
    await write(IGNORED, ...EXTRA_STEP);
    succeeds(await stack.up(["--refresh"]));
    expect(emulator.flow(id).actions.find((step: any) => step.id === "patience").config.delay_duration).toBe("9d");
    expect(emulator.flow(id).actions.map((step: any) => step.id)).toContain("night");
    expect(words()).toMatchObject(composed("Both"));
  });
});

describe("beside adopt", () => {
  it("a flow is equal whose words alone are others, and keeps them", async () => {
    const { status, actions, edges, conversion, exit_condition } = emulator.flow(id);
    const copy = emulator.ui.create("1", { name: "trial-ending", status, actions, edges, conversion, exit_condition });
    emulator.ui.edit(copy.id, (flow) =>
      Object.assign(
        flow.actions.find((step: any) => step.id === "reminder").config.inputs.email.value,
        composed("Adopted"),
      ),
    );
    await write(
      ...EXTRA_STEP,
      ['new HogFlow("trial-ending", {', `new HogFlow("adopted", {\n  name: "trial-ending",\n  adopt: "${copy.id}",`],
      ['delay("patience", "2d")', 'delay("patience", "9d")'],
    );
    emulator.clearRequests();
    succeeds(await stack.up());
    // The marker, and the old resource is no longer in the program.
    expect(changes()).toEqual([`PATCH 1/hog_flows/${copy.id}`, "DELETE 1/hog_flows/<id>"]);
    id = copy.id;
    expect(words()).toMatchObject(composed("Adopted"));
    emulator.clearRequests();
    succeeds(await stack.up(["--expect-no-changes"]));
    expect(emulator.requests).toEqual([]);
    succeeds(await stack.refresh(["--expect-no-changes"]));
  });
});
