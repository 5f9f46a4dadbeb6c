// What only the plugin does: arguments of programs in any language, configuration, previews of outputs, imports, and the end of waiting.
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { pluginDownloadUrl } from "../../definition/package";
import { exit, mail, trigger, useWorld, type Project } from "../provider-process/support";
import { isSecret, plain, secret } from "../support/mini-engine";
import { UNKNOWN, type Properties } from "../support/provider-process";
import { ask, Caller, urnOf } from "./support";

const world = useWorld();
const ROOT = path.resolve(import.meta.dirname, "../..");

let project: Project;
let flow: Caller;
beforeEach(() => {
  project = world.project();
  flow = new Caller(world.provider, urnOf("welcome"));
});

const hook = (value: unknown) => ({
  type: "function",
  name: "Hook",
  next: "exit_node",
  config: { templateId: "template-webhook", inputs: { url: { value: "https://x.example" }, headers: { value } } },
});
const steps = (more: Properties = {}): Properties => ({
  actions: { trigger_node: trigger(), mail: mail(), exit_node: exit },
  projectId: project.id,
  ...more,
});
/** Of a new flow: checked, created. */
async function up(news: Properties = steps()) {
  const { inputs, failures } = await flow.check(news);
  expect(failures).toEqual([]);
  return { inputs, ...(await flow.create(inputs)) };
}
const ownerOf = (name: string): string => urnOf(name).replace("hogflow:index:", "pulumi-nodejs:dynamic/posthog:");

describe("says of itself", () => {
  it("its version and its schema, which is the generated one", async () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    const generated = JSON.parse(readFileSync(path.join(ROOT, "plugin/schema.json"), "utf8"));
    expect((await ask(world.provider, "getPluginInfo")).getVersion()).toBe(version);
    expect(JSON.parse((await ask(world.provider, "getSchema")).getSchema())).toEqual({
      ...generated,
      version,
      pluginDownloadURL: pluginDownloadUrl(),
    });
  });

  it("that it takes secrets with their marks, and references to resources as their ids", async () => {
    const answer = await ask(world.provider, "handshake");
    expect([answer.getAcceptSecrets(), answer.getAcceptResources(), answer.getAcceptOutputs()]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("that it has no other types", async () => {
    await expect(new Caller(world.provider, "urn:pulumi:dev::shop::hogflow:index:Flow::x").check({})).rejects.toThrow(
      "There is no resource of the type hogflow:index:Flow in this provider.",
    );
  });
});

describe("the configuration", () => {
  it("keeps keys as secrets, whoever wrote them", async () => {
    const { inputs, failures } = await flow.config("checkConfig", {
      apiKey: "phx_1",
      apiKeys: '{"https://eu.posthog.com":"phx_2"}',
      host: "eu.posthog.com",
      version: "1.0.0",
    });
    expect(failures).toEqual([]);
    expect(isSecret(inputs.apiKey) && isSecret(inputs.apiKeys)).toBe(true);
    expect(plain(inputs)).toMatchObject({ apiKey: "phx_1", host: "eu.posthog.com", version: "1.0.0" });
  });

  it("is checked as a whole, without showing a value", async () => {
    const { failures } = await flow.config("checkConfig", {
      apikey: "phx_1",
      host: "https://eu.posthog.com/project/1",
      projectId: "one two",
      apiKeys: "phx_3",
    });
    expect(failures).toEqual([
      "apikey: `apikey` is not a setting of this provider. Did you mean `apiKey`?",
      "host: a host has no path: write https://eu.posthog.com. Use an origin such as https://eu.posthog.com.",
      "projectId: must be the number of a PostHog project, such as 12345.",
      "apiKeys: must be a map from host to key.",
    ]);
    expect(failures.join()).not.toContain("phx_");
  });

  it("never replaces what the provider manages", async () => {
    const before = { host: "https://eu.posthog.com" };
    expect(await flow.config("diffConfig", before, before)).toEqual({ changes: 1, replaces: [] });
    expect(await flow.config("diffConfig", { host: "https://us.posthog.com" }, before)).toEqual({
      changes: 2,
      replaces: [],
    });
  });

  it("says under which names it is set where a key is missing", async () => {
    const provider = await world.another({ env: { POSTHOG_API_KEY: "" } });
    const without = new Caller(provider, urnOf("welcome"));
    const { inputs } = await without.check(steps());
    await expect(without.create(inputs)).rejects.toThrow(
      /POSTHOG_API_KEY, or run: pulumi config set --secret hogflow:apiKey\./,
    );
  });
});

describe("arguments of a program", () => {
  it("get what the SDK of TypeScript adds: title, target, owner", async () => {
    const { inputs, failures } = await flow.check({
      actions: steps()["actions"],
      projectId: Number(project.id),
      description: null,
      onDelete: null,
    });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      name: "welcome",
      host: project.emulator.url,
      projectId: project.id,
      owner: ownerOf("welcome"),
    });
    expect(Object.keys(inputs).sort()).toEqual(["actions", "host", "name", "owner", "projectId"]);
    expect((await flow.check(steps({ marker: false }))).inputs).not.toHaveProperty("owner");
  });

  it("have an owner that names no type of this package, also below a parent", async () => {
    const child = new Caller(world.provider, "urn:pulumi:dev::shop::my:Group$hogflow:index:HogFlow::welcome");
    expect((await child.check(steps())).inputs["owner"]).toBe(
      "urn:pulumi:dev::shop::my:Group$pulumi-nodejs:dynamic/posthog:HogFlow::welcome",
    );
  });

  it("keep their secrets marked, by path, and the message about one shows none", async () => {
    const news = {
      ...steps(),
      actions: {
        trigger_node: trigger("hook"),
        hook: hook({ Authorization: secret("Bearer sealed-1") }),
        exit_node: exit,
      },
    };
    const { inputs, failures } = await flow.check(news);
    expect(failures).toEqual([]);
    expect(inputs["secretPaths"]).toEqual(["actions.hook.config.inputs.headers.value.Authorization"]);
    expect(inputs["actions"].hook.config.inputs.headers.value.Authorization).toEqual(secret("Bearer sealed-1"));
    const { outputs } = await flow.create(inputs);
    expect(outputs["actions"].hook.config.inputs.headers.value.Authorization).toEqual(secret("Bearer sealed-1"));
    expect(project.only().actions.find(({ id }: any) => id === "hook").config.inputs.headers.value.Authorization).toBe(
      "Bearer sealed-1",
    );
    const wrong = await flow.check({ ...news, emailSendingRateLimit: { count: secret("sealed-2"), period: "hour" } });
    expect(wrong.failures.join("\n")).toContain("emailSendingRateLimit.count: expected a number");
    expect(wrong.failures.join("\n")).not.toContain("sealed");
  });

  it("of a secret whole have a secret at each leaf", async () => {
    const news = {
      ...steps(),
      actions: {
        trigger_node: trigger("hook"),
        hook: hook(secret({ A: "sealed-a", B: ["sealed-b"] })),
        exit_node: exit,
      },
    };
    const at = "actions.hook.config.inputs.headers.value";
    expect((await flow.check(news)).inputs["secretPaths"]).toEqual([`${at}.A`, `${at}.B[0]`]);
    // The SDK knows which whole it was, and says so.
    expect((await flow.check({ ...news, secretPaths: [at] })).inputs["secretPaths"]).toEqual([at]);
  });

  it.each([
    ["as an object", (json: object) => json],
    ["as the text of a file", (json: object) => JSON.stringify(json)],
  ])("may be PostHog's JSON, %s", async (_, given) => {
    await up();
    const live = project.only();
    const { inputs, failures } = await flow.check({
      definition: given({ ...live, origin_product: "loops" }),
      projectId: project.id,
      name: "Copy",
    });
    expect(failures).toEqual([]);
    expect(inputs["name"]).toBe("Copy");
    expect(inputs["originProduct"]).toBe("loops");
    expect(Object.keys(inputs["actions"]).sort()).toEqual(["exit_node", "mail", "trigger_node"]);
  });

  it("of PostHog's JSON take secrets by step and input, which are secret whoever wrote them", async () => {
    const definition = {
      actions: [
        { id: "t", type: "trigger", name: "T", config: { type: "event", filters: { events: [{ id: "x" }] } } },
        {
          id: "h",
          type: "function",
          name: "H",
          config: {
            template_id: "template-webhook",
            inputs: { url: { value: "https://x.example" }, signing_secret: { secret: true } },
          },
        },
        { id: "e", type: "exit", name: "E" },
      ],
      edges: [
        { from: "t", to: "h", type: "continue" },
        { from: "h", to: "e", type: "continue" },
      ],
    };
    const { inputs, failures } = await flow.check({
      definition,
      projectId: project.id,
      secrets: { h: { signing_secret: "sealed-3" } },
    });
    expect(failures).toEqual([]);
    expect(inputs["actions"].h.config.inputs.signing_secret.value).toEqual(secret("sealed-3"));
    expect((await flow.check({ definition, projectId: project.id, secrets: { g: {} } })).failures.join()).toContain(
      'there is no step "g"',
    );
  });

  it.each<[string, Properties, RegExp]>([
    ["misspelt", { ...{ descripton: "x" } }, /`descripton` is not an argument of HogFlow\. .*`description`/],
    [
      "of the SDK of TypeScript alone",
      { steps: [] },
      /`steps` is not an argument of HogFlow\. Arguments are name, .*actions/,
    ],
    ["in two forms", { definition: { actions: [] } }, /a flow takes one form, not actions and definition/],
  ])("that are %s are findings", async (_, more, text) => {
    expect((await flow.check(steps(more))).failures.join("\n")).toMatch(text);
  });

  it("without steps are a finding, and so is a text that is no JSON", async () => {
    expect((await flow.check({ projectId: project.id })).failures.join()).toMatch(
      /a flow needs its steps\. .*`actions`/,
    );
    expect((await flow.check({ projectId: project.id, definition: "{" })).failures.join()).toMatch(
      /expected the JSON object that PostHog returns/,
    );
  });

  it("of a schedule come with the id of its flow", async () => {
    const schedule = new Caller(world.provider, urnOf("weekly", "schedule"));
    const { failures } = await schedule.check({
      rrule: "FREQ=DAILY",
      startsAt: "2030-12-02T09:00:00",
      projectId: project.id,
      flow: "x",
    });
    expect(failures.join("\n")).toMatch(/`flow` is not an argument of HogFlowSchedule\. Arguments are flowId, rrule/);
    expect(failures.join("\n")).toMatch(/^flowId: is required/m);
  });
});

describe("a preview", () => {
  it("of a new flow knows what the program states, and nothing that PostHog makes", async () => {
    const { inputs } = await flow.check(steps({ status: "active", description: secret("sealed text") }));
    const { id, outputs } = await flow.create(inputs, true);
    expect(id).toBe("");
    expect(outputs).toMatchObject({ name: "welcome", liveStatus: "active", url: UNKNOWN, version: UNKNOWN });
    expect(outputs["description"]).toEqual(secret("sealed text"));
    expect(project.flows()).toEqual([]);
  });

  it("of an update keeps what stays", async () => {
    const { id, outputs } = await up();
    const { inputs } = await flow.check(steps({ name: "Other" }));
    const previewed = await flow.update(id, outputs, inputs, true);
    expect(previewed).toMatchObject({
      name: "Other",
      url: outputs["url"],
      createdAt: outputs["createdAt"],
      version: UNKNOWN,
      updatedAt: UNKNOWN,
    });
    expect(project.only().name).toBe("welcome");
  });
});

describe("a difference", () => {
  it("that is in the outputs alone is named", async () => {
    const { id, outputs } = await up(steps({ status: "active" }));
    const { inputs } = await flow.check(steps({ status: "active" }));
    expect(await flow.diff(id, outputs, inputs)).toEqual({ changes: "none", replaces: [], detailed: [] });
    expect(await flow.diff(id, { ...outputs, liveStatus: "draft" }, inputs)).toEqual({
      changes: "some",
      replaces: [],
      detailed: ["liveStatus"],
    });
  });

  it("of the inputs is left to the engine, which knows what a program ignores", async () => {
    const { id, outputs } = await up();
    const { inputs } = await flow.check(steps({ name: "Other" }));
    expect(await flow.diff(id, outputs, inputs)).toEqual({ changes: "unknown", replaces: [], detailed: [] });
  });
});

describe("an import", () => {
  /** An import has no arguments: where the flow lives comes from the configuration. */
  const importer = async (urn = urnOf("found")): Promise<Caller> =>
    new Caller(await world.another({ config: { "posthog:projectId": project.id } }), urn);

  it("gives inputs that the same flow in a program does not change", async () => {
    const { id } = await up(steps({ marker: false, status: "active" }));
    const before = project.records.length;
    const found = await importer();
    const { inputs, outputs } = await found.read(id);
    expect(inputs).toMatchObject({ name: "welcome", status: "active", owner: ownerOf("found"), adopted: true });
    const { name, status, actions, host, projectId } = inputs!;
    const { inputs: checked, failures } = await found.check({ name, status, actions, host, projectId }, inputs);
    expect(failures).toEqual([]);
    expect(checked).toEqual(inputs);
    expect(await found.diff(id, outputs!, checked)).toMatchObject({ changes: "none" });
    expect(project.requests(before)).toEqual(["GET /* 200"]);
  });

  it("of a draft leaves its status to whoever presses the button", async () => {
    const { id } = await up(steps({ marker: false }));
    const { inputs, outputs } = await (await importer()).read(id);
    expect(inputs).not.toHaveProperty("status");
    expect(outputs).toMatchObject({ liveStatus: "draft" });
  });

  it("of a flow that another stack manages is refused by the next preview", async () => {
    const { id } = await up();
    const other = await importer("urn:pulumi:prod::shop::hogflow:index:HogFlow::found");
    const { inputs } = await other.read(id);
    const { failures } = await other.check(steps({ name: "welcome" }), inputs);
    expect(failures.join()).toContain("this flow is managed by shop/dev/welcome");
  });

  it("of a schedule gives inputs that the same schedule in a program does not change", async () => {
    const audience = {
      type: "batch",
      filters: { properties: [{ key: "plan", value: ["pro"], operator: "exact", type: "person" }] },
    };
    const { id: flowId } = await up({
      ...steps(),
      actions: { trigger_node: trigger("mail", audience), mail: mail(), exit_node: exit },
    });
    const made = new Caller(world.provider, urnOf("weekly", "schedule"));
    const program = {
      flowId,
      rrule: "FREQ=WEEKLY;BYDAY=MO",
      startsAt: "2030-12-02T09:00:00",
      timezone: "Europe/Berlin",
      projectId: project.id,
    };
    const { id } = await made.create((await made.check(program)).inputs);
    const found = await importer(urnOf("found", "schedule"));
    const { inputs, outputs } = await found.read(id);
    const { inputs: checked, failures } = await found.check(program, inputs);
    expect(failures).toEqual([]);
    expect(await found.diff(id, outputs!, checked)).toMatchObject({ changes: "none" });
  });

  it("of what is not there says so", async () => {
    await expect((await importer()).read("0198c0de-0000-7000-8000-000000000001")).rejects.toThrow(
      /There is no flow 0198c0de/,
    );
  });
});

it("says everything under the resource that it is about, and before its answer", async () => {
  const id = (await up()).id;
  const before = world.provider.said().length;
  const { failures } = await flow.check(steps({ name: "Twice", acknowledge: ["loop"] }));
  expect(failures).toEqual([]);
  expect(id).not.toBe("");
  const said = world.provider.said().slice(before);
  expect(said.length).toBeGreaterThan(0);
  expect(new Set(said.map(({ urn }) => urn))).toEqual(new Set([flow.urn]));
});

it("ends waiting when it is cancelled, and finishes what is under way", async () => {
  const provider = await world.another();
  const caller = new Caller(provider, urnOf("welcome"));
  const { inputs } = await caller.check(steps());
  project.fault({ method: "POST", when: "before", kind: "status", status: 429, retryAfter: "100" });
  const waiting = caller.create(inputs).then(
    () => "created",
    (error: Error) => error.message,
  );
  await expect
    .poll(() =>
      provider
        .said()
        .map(({ text }) => text)
        .join(),
    )
    .toContain("Waiting 100 s for PostHog's rate limit");
  await ask(provider, "cancel");
  expect(await waiting).toMatch(/was not sent: the caller stopped it|429/);
  expect(project.flows()).toEqual([]);
});

it.each([
  [0, "although the engine cancels it then"],
  [1, "but not where a resource was refused: what is left may be its own"],
])("with %i refusals says at the end of a run what no resource has, %s", async (refusals) => {
  const { id } = await up();
  const provider = await world.another();
  const other = new Caller(provider, urnOf("other"));
  const { inputs } = await other.check(steps());
  await other.create(inputs);
  if (refusals > 0)
    expect((await new Caller(provider, urnOf("wrong")).check(steps({ actions: {} }))).failures).not.toEqual([]);
  await ask(provider, "cancel");
  await provider.kill("SIGINT");
  const said = provider.said().map(({ text }) => text);
  expect(
    said
      .join("\n")
      .includes(`Flow "welcome" (${id}) is marked as this stack's, and no resource that this run has seen manages it`),
    said.join("\n"),
  ).toBe(refusals === 0);
});

it.each(["active", undefined])(
  "keeps a flow (%s) whose replacement a program of another language has made before it is deleted",
  async (status) => {
    const { inputs, id, outputs } = await up(steps(status === undefined ? {} : { status }));
    // As `pulumi up --target-replace` asks, in a run of its own.
    const run = new Caller(await world.another(), flow.urn);
    expect((await run.create(inputs)).id).toBe(id);
    await run.delete(id, outputs);
    expect(project.only()).toMatchObject({ id, status: status ?? "draft" });
  },
);
