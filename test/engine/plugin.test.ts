// What the plugin can do on the real engine, and a dynamic provider cannot: import, hear Ctrl-C, several accounts in one program, messages under their resource.
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { version } from "../../package.json";
import schema from "../../plugin/schema.json";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, Stack } from "../support/engine";
import { flow, mailing, program, stackFor, untidy } from "../support/flows";

const OTHER_KEY = "phx_other";
const TYPE = "hogflow:index:HogFlow";

let emulator: Emulator;
let elsewhere: Emulator;
let stack: Stack;

const succeeds = (result: CommandResult) => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
};
const resource = async (name: string): Promise<any> =>
  (await stack.exportState()).deployment.resources.find(({ urn }: any) => urn.endsWith(`::${name}`));

const { inputProperties } = schema.resources[TYPE];
const programOf = (inputs: object) =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => Object.hasOwn(inputProperties, key)));

beforeAll(async () => {
  [emulator, elsewhere] = await Promise.all([
    startEmulator(),
    startEmulator({ keys: [{ key: OTHER_KEY }], projects: [{ id: "7" }] }),
  ]);
  stack = await stackFor(emulator, { plugin: true, program: program(), config: { "posthog:provider": "plugin" } });
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
  await elsewhere?.stop();
});

it("has a schema that Pulumi takes without a complaint", async () => {
  const executable = path.join(stack.dir, "node_modules/pulumi-hogflow/dist/plugin/pulumi-resource-hogflow");
  const { code, stdout, stderr } = await stack.run(["package", "get-schema", executable]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(Object.keys(JSON.parse(stdout).resources)).toEqual(Object.keys(schema.resources));
});

describe("an import", () => {
  let id: string;

  beforeAll(async () => {
    await stack.writeProgram(program(flow("made", { ...mailing(), status: "active", marker: false })));
    succeeds(await stack.up());
    ({ id } = await resource("made"));
    await stack.run(["state", "delete", "--yes", "--stack", stack.stack, (await resource("made")).urn]);
    await stack.writeProgram(program());
    emulator.clearRequests();
    // The Node language host of the tests makes no code.
    const options = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false", "--stack", stack.stack];
    succeeds(await stack.run(["import", TYPE, "found", id, ...options, "--non-interactive", "--color", "never"]));
  });

  it("takes the live flow into the state, and writes nothing", async () => {
    expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    const { inputs } = await resource("found");
    expect(inputs).toMatchObject({
      name: "made",
      status: "active",
      adopted: true,
      actions: { mail: { type: "function_email" } },
    });
  });

  it("is no change for a program that says the same", async () => {
    // What code is made of: the inputs that the schema has.
    await stack.writeProgram(program(flow("found", programOf((await resource("found")).inputs))));
    emulator.clearRequests();
    succeeds(await stack.up(["--expect-no-changes"]));
    expect(emulator.requests).toEqual([]);
  });

  it("by the resource option is no change in PostHog either", async () => {
    const { urn, inputs } = await resource("found");
    await stack.run(["state", "delete", "--yes", "--stack", stack.stack, urn]);
    const args = JSON.stringify(programOf(inputs));
    await stack.writeProgram(program(`new HogFlow("found", ${args} as any, { import: "${id}" });`));
    emulator.clearRequests();
    succeeds(await stack.up());
    expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect((await resource("found")).id).toBe(id);
  });

  it("archives the flow when it leaves the program, because somebody made it in PostHog", async () => {
    await stack.writeProgram(program());
    succeeds(await stack.up());
    expect(emulator.flow(id).status).toBe("archived");
  });
});

it("serves several accounts in one program, each with its key", async () => {
  await stack.writeProgram(
    program(
      `class Account extends pulumi.ProviderResource { constructor(name: string, props: any) { super("hogflow", name, props, { version: "${version}" }); } }`,
      `const other = new Account("other", { host: "${elsewhere.url}", projectId: 7, apiKey: pulumi.secret("${OTHER_KEY}") });`,
      flow("here", mailing()),
      `new HogFlow("there", ${JSON.stringify(mailing())} as any, { provider: other });`,
    ),
  );
  succeeds(await stack.up());
  expect(
    emulator
      .flows()
      .filter(({ status }) => status === "draft")
      .map(({ name }) => name),
  ).toEqual(["here"]);
  expect(elsewhere.flows("7").map(({ name }) => name)).toEqual(["there"]);
  expect(await stack.stateText()).not.toContain(OTHER_KEY);
  succeeds(await stack.up(["--expect-no-changes"]));
});

it("says a warning under the resource that it is about", async () => {
  const { diagnostics = [] } = await (async () => {
    await stack.writeProgram(
      program(
        flow("here", { ...mailing(), adoptFrom: "shop/none" }),
        flow("quiet", { ...mailing("Quiet"), marker: false }),
      ),
    );
    return stack.previewJson();
  })();
  const about = diagnostics
    .filter(({ message }) => message.includes("with marker: false"))
    .map(({ urn }) => urn?.split("::").pop());
  expect(about).toEqual(["quiet"]);
});

it("hears Ctrl-C while it waits for a rate limit, and ends", async () => {
  await stack.writeProgram(program(flow("late", mailing("Late"))));
  emulator.fault({ method: "POST", path: /hog_flows/, when: "before", kind: "status", status: 429, retryAfter: "100" });
  const { code, output } = await stack.up([], {
    kill: { when: /Waiting 100 s for PostHog's rate limit/, signal: "SIGINT" },
    timeoutMs: 60_000,
  });
  expect(code).toBeGreaterThan(0);
  expect(output).not.toContain("exited prematurely");
  expect(output).toMatch(/was not sent|429/);
});
