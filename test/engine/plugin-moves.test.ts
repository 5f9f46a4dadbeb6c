// A stack moves from the dynamic provider to the plugin and back, by one line of its configuration: with a component, secrets, what the editor owns, a schedule and a flow
// without a marker, nothing changes in PostHog, and no request is made. In between, it lives on the plugin.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, PreviewDigest, Stack } from "../support/engine";
import {
  batchTrigger,
  email,
  eventTrigger,
  exit,
  flow,
  mailing,
  program,
  stackFor,
  stepOf,
  untidy,
  webhook,
} from "../support/flows";

const SECRET = "sealed-value-1";
const SUBJECT = "actions.mail.config.inputs.email.value.subject";

let emulator: Emulator;
let stack: Stack;

const source = (subject = "Welcome") =>
  program(
    flow("welcome", { ...mailing(subject), status: "active" }),
    flow("owned", { ...mailing("First words"), editorOwns: [SUBJECT] }),
    flow("unmarked", { ...mailing(), marker: false }),
    flow(
      "called",
      { status: "active" },
      `actions: { trigger_node: ${JSON.stringify(eventTrigger("call"))}, call: { ...${JSON.stringify(webhook("exit_node"))}, config: { templateId: "template-webhook", inputs: { url: { value: "https://hooks.example.com/a" }, headers: { value: { Authorization: config.requireSecret("token") } } } } }, exit_node: ${JSON.stringify(exit)} }`,
    ),
    `class Group extends pulumi.ComponentResource {
      constructor(name: string) {
        super("my:Group", name);
        const digest = new HogFlow("digest", ${JSON.stringify({ status: "active", actions: { trigger_node: batchTrigger("mail", "DE"), mail: email("exit_node"), exit_node: exit } })} as any, { parent: this });
        new HogFlowSchedule("weekly", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2030-01-07T09:00:00", timezone: "Europe/Berlin" }, { parent: digest });
      }
    }
    new Group("group");`,
    `export const url = welcome.url;`,
    `export const status = welcome.status;`,
  );

const succeeds = (result: CommandResult) => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
};
const changed = ({ steps }: PreviewDigest) =>
  steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").pop()}`);
const types = async (): Promise<string[]> => {
  const { deployment } = await stack.exportState();
  const found: string[] = deployment.resources
    .map(({ type }: any) => type)
    .filter((type: string) => type.includes("HogFlow"));
  return [...new Set(found)].sort();
};
const DYNAMIC = ["pulumi-nodejs:dynamic/posthog:HogFlow", "pulumi-nodejs:dynamic/posthog:HogFlowSchedule"];
const PLUGIN = ["hogflow:index:HogFlow", "hogflow:index:HogFlowSchedule"];

/** Preview and `up` show no change and ask PostHog nothing. */
async function unchanged(): Promise<void> {
  emulator.clearRequests();
  expect(changed(await stack.previewJson())).toEqual([]);
  succeeds(await stack.up(["--expect-no-changes"]));
  expect(emulator.requests).toEqual([]);
}

beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { plugin: true, program: source(), config: { "test:token": { secret: SECRET } } });
  succeeds(await stack.up());
  expect(await types()).toEqual(DYNAMIC);
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

describe("a stack that moves to the plugin", () => {
  it("is unchanged, in preview and up, without a request", async () => {
    await stack.setConfig("posthog:provider", "plugin");
    await unchanged();
    expect(await types()).toEqual(PLUGIN);
    await unchanged();
  });

  it("shows no drift, and sees what somebody edits", async () => {
    succeeds(await stack.refresh(["--expect-no-changes"]));
    const id = (await stack.exportState()).deployment.resources.find(({ urn }: any) => urn.endsWith("::welcome")).id;
    emulator.ui.edit(id, (live: any) => {
      live.actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject = "From the editor";
    });
    const drift = await stack.refresh(["--preview-only", "--expect-no-changes", "--diff"]);
    expect(drift.code).not.toBe(0);
    expect(drift.output).toContain("From the editor");
    succeeds(await stack.refresh());
    succeeds(await stack.up());
    expect(emulator.flow(id).actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject).toBe(
      "Welcome",
    );
  });

  it("knows in preview what an update leaves as it is", async () => {
    await stack.writeProgram(source("Hello"));
    const preview = await stack.previewJson();
    expect(changed(preview)).toEqual(["update welcome"]);
    expect(Object.keys(stepOf(preview, "welcome").detailedDiff!)).toEqual([SUBJECT]);
    const shown = await stack.preview(["--diff"]);
    // An output of the stack that may change is in the preview.
    expect(shown.output).not.toContain("url");
    succeeds(await stack.up());
    expect(await stack.outputs()).toMatchObject({ status: "active", url: expect.stringMatching(/\/workflow$/) });
  });

  it("has its secrets nowhere in clear", async () => {
    expect(await stack.stateText()).not.toContain(SECRET);
    expect(stack.log).not.toContain(SECRET);
  });

  it("names the keys of its own package where one is missing", async () => {
    await stack.writeProgram(source("Again"));
    const { code, output } = await stack.up([], { env: { POSTHOG_API_KEY: "" } });
    expect(code).not.toBe(0);
    expect(output).toContain("pulumi config set --secret hogflow:apiKey");
    await stack.writeProgram(source("Hello"));
  });

  it("moves back, unchanged and without a request", async () => {
    await stack.setConfig("posthog:provider", "dynamic");
    await unchanged();
    expect(await types()).toEqual(DYNAMIC);
    await unchanged();
    succeeds(await stack.refresh(["--expect-no-changes"]));
  });

  it("is told of a transport that there is not", async () => {
    await stack.setConfig("posthog:provider", "plug-in");
    const { code, output } = await stack.preview();
    expect(code).not.toBe(0);
    expect(output).toContain('posthog:provider is "plug-in", and must be plugin or dynamic');
    await stack.setConfig("posthog:provider", "plugin");
  });

  it("is destroyed by the plugin", async () => {
    succeeds(await stack.up());
    succeeds(await stack.destroy());
    expect(emulator.flows()).toEqual([]);
  });
});
