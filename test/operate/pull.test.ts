// Programs of live flows: what the written text makes, when it is run, is the flow that it was written from.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { pulledFlow, type PulledFlow } from "../../operate/pull/program";
import { pullFlows } from "../../operate/pull/pull";
import { createClient } from "../../provider/api";
import { canonical, definitionOf } from "../../provider/canonical/canonical";
import { decode } from "../../provider/canonical/decode";
import { encode } from "../../provider/canonical/encode";
import { inputItems } from "../../provider/canonical/secrets";
import { convert } from "../../sdk/convert";
import * as sdk from "../../sdk";
import { randomComposition } from "../support/random-composition";
import { randomFlow } from "../support/random-flow";
import { REFERENCE_FLOWS } from "../support/reference-flows";

type Json = Record<string, any>;
const require = createRequire(import.meta.url);

interface Made {
  kind: "flow" | "schedule";
  name: string;
  args: Json;
}

/** Runs a written program; its files are the ones that were written with it. */
function runText({ files }: PulledFlow): Made[] {
  const made: Made[] = [];
  const [program, ...bodies] = files;
  const capture = (kind: Made["kind"]) =>
    function (this: object, name: string, args: Json) {
      made.push({ kind, name, args });
    };
  const texts = new Map(bodies.map((body) => [body.path, body.text]));
  const file = (name: string): string => texts.get(name) ?? expect.fail(`there is no ${name}`);
  const names: Json = { "pulumi-hogflow": { ...sdk, file, HogFlow: capture("flow"), HogFlowSchedule: capture("schedule") }, "@pulumi/pulumi": { ...pulumi, Config: class { requireSecret = (key: string): pulumi.Output<string> => pulumi.secret(`the secret ${key}`); } } };
  const { outputText } = ts.transpileModule(program!.text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true } });
  new Function("require", "exports", outputText)((name: string) => names[name] ?? require(name), {});
  return made;
}

/** The definition that the arguments mean; secrets, which are outputs, as PostHog shows them. */
function meaning({ name, args }: Made): Json {
  const { definition, problems } = convert(args, name);
  expect(problems).toEqual([]);
  return withoutSecrets(canonical(definitionOf(definition)));
}

function withoutSecrets(definition: Json): Json {
  for (const { key, item, inputs } of [...inputItems(definition)]) {
    if (pulumi.Output.isInstance((item as Json)?.["value"]) || (item as Json)?.["secret"] === true) (inputs as Json)[key] = { secret: true };
  }
  const { status: _, ...content } = definition;
  return content;
}

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

async function request(method: string, url: string, body?: unknown): Promise<any> {
  const answer = await fetch(`${emulator.url}/api/projects/1/hog_flows/${url}`, { method, headers: { authorization: "Bearer phx_test", "content-type": "application/json" }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

async function live(json: unknown): Promise<any> {
  const { id } = await request("POST", "", json);
  return request("GET", `${id}/`);
}

function expectFaithful(flow: any, pulled: PulledFlow): void {
  const [made] = runText(pulled);
  expect(made).toMatchObject({ kind: "flow", args: { adopt: flow.id } });
  expect(meaning(made!)).toEqual(withoutSecrets(decode(flow)));
}

describe("the reference's flows", () => {
  it.each(Object.entries(REFERENCE_FLOWS))("%s is written as it is", async (_, { flow: json }) => {
    const flow = await live(json);
    const pulled = pulledFlow(flow);
    expectFaithful(flow, pulled);
    expect(pulledFlow(flow)).toEqual(pulled);
  });
});

describe("the examples' flows", () => {
  const forms: Record<string, Record<string, Json>> = JSON.parse(readFileSync(path.resolve(import.meta.dirname, "../fixtures/examples/keyed-forms.json"), "utf8"));
  const flows = Object.entries(forms).flatMap(([example, made]) => Object.entries(made).map(([name, form]) => [`${example}: ${name}`, form] as const));

  it.each(flows)("%s is written as it is, as composition", async (_, { editorOwns: _owned, ...form }) => {
    const flow = await live({ ...encode(form), status: form["status"] ?? "draft" });
    const pulled = pulledFlow(flow);
    expectFaithful(flow, pulled);
    expect(pulled.form, pulled.why).toBe("composition");
  });
});

describe("what is written", () => {
  const nudge = async (): Promise<any> =>
    live({
      name: "Trial nurture", status: "active",
      actions: [
        { id: "trigger_node", name: "Event", type: "trigger", config: { type: "event", filters: { events: [{ id: "trial started", name: "trial started", type: "events", order: 0 }] } } },
        { id: "action_function_email_01985b7c-6a0e-7d1c-9b1e-000000000001", name: "Nudge!", type: "function_email", config: { template_id: "template-email", inputs: { email: { templating: "liquid", value: { from: { integrationId: 7 }, to: "{{ person.properties.email }}", subject: "Need a hand?", html: `<p>${"Hello. ".repeat(20)}</p>` } } } } },
        { id: "notify", name: "Notify", type: "function", config: { template_id: "template-webhook", inputs: { url: { value: "https://hooks.example.com/a" }, signing_secret: { value: "s3cr3t-value" } } } },
        { id: "exit_node", name: "Exit", type: "exit", config: {} },
      ],
      edges: [
        { from: "trigger_node", to: "action_function_email_01985b7c-6a0e-7d1c-9b1e-000000000001", type: "continue" },
        { from: "action_function_email_01985b7c-6a0e-7d1c-9b1e-000000000001", to: "notify", type: "continue" },
        { from: "notify", to: "exit_node", type: "continue" },
      ],
    });

  it("is composition: titles make first arguments, the editor's ids are pinned, chosen ones stay", async () => {
    const flow = await nudge();
    // The wrapper that PostHog makes for the editor is no part of the form.
    const { form, files, secrets } = pulledFlow(flow);
    expect(form).toBe("composition");
    expect(files[0]!.text).toContain('email("nudge", {');
    expect(files[0]!.text).toContain('id: "action_function_email_01985b7c-6a0e-7d1c-9b1e-000000000001"');
    expect(files[0]!.text).toContain('webhook("notify", {');
    expect(files[0]!.text).toContain('status: "active"');
    expect(secrets).toEqual(["notifySigningSecret"]);
    expect(files[0]!.text).toContain('config.requireSecret("notifySigningSecret")');
    expect(files.map((file) => file.path)).toEqual(["flows/trial-nurture.ts", "flows/mails/trial-nurture/nudge.html"]);
    expect(files[1]!.text).toContain("Hello. Hello.");
  });

  it("takes schedules along, and leaves out those that it would wake", async () => {
    const flow = await live(Object.values(REFERENCE_FLOWS).find(({ flow: json }) => (json["actions"] as any[]).some((action) => action.config.type === "batch"))!.flow);
    const body = { rrule: "FREQ=WEEKLY;BYDAY=MO", starts_at: "2099-01-05T09:00:00Z", timezone: "Europe/Berlin" };
    const one = await request("POST", `${flow.id}/schedules/`, body);
    const text = (json: any): string => pulledFlow(json).files[0]!.text;
    expect(text(await request("GET", `${flow.id}/`))).toContain(`adopt: "${flow.id}/${one.id}"`);
    emulator.ui.edit(flow.id, (stored: any) => void (stored.actions[0].config.filters.properties[0].value = ["false"]));
    const paused = pulledFlow(await request("GET", `${flow.id}/`));
    expect(paused.leftOut).toMatchObject([{ id: one.id, why: expect.stringContaining("paused") }]);
    expect(paused.files[0]!.text).toContain(`// Schedule ${one.id} is not here: PostHog has paused it`);
    expect(paused.files[0]!.text).not.toContain("HogFlowSchedule");
  });

  it("is the keyed form, with the reason, where composition has no words", async () => {
    const flow = await nudge();
    const odd = { ...flow, actions: flow.actions.map((action: any) => (action.id === "notify" ? { ...action, filters: { source: "events", properties: [{ key: "a", value: ["b"], operator: "exact", type: "person", label: "odd" }] } } : action)) };
    const pulled = pulledFlow(odd);
    // The types of the keyed form have no place for it, either.
    expect(pulled).toMatchObject({ form: "pasted", why: expect.stringContaining("label") });
    expectFaithful(odd, pulled);
    const windowed = await live(Object.values(REFERENCE_FLOWS)[0]!.flow);
    const other = { ...windowed, conversion: { filters: [], events: [{ filters: { events: [{ id: "a" }, { id: "b" }] } }], window: "7d" } };
    expect(pulledFlow(other)).toMatchObject({ form: "keyed", why: "an event of the goal is several" });
    expectFaithful(other, pulledFlow(other));
  });
});

describe("a whole project", () => {
  it("is read from the list, and by flow only where schedules may be", async () => {
    const own = await startEmulator();
    try {
      const client = createClient({ host: own.url, projectId: "1", apiKey: "phx_test" });
      for (const { flow } of Object.values(REFERENCE_FLOWS)) await client.createFlow(flow as never);
      own.clearRequests();
      const pulled = await pullFlows(client);
      const scheduled = own.flows().filter((flow) => ["batch", "schedule"].includes(flow.trigger.type));
      expect(own.requests).toHaveLength(1 + scheduled.length);
      // Rows and details say the same.
      const byId = await pullFlows(client, { ids: pulled.map(({ id }) => id) });
      expect(pulled).toEqual(byId);
    } finally {
      await own.stop();
    }
  });

  it("names what PostHog does not have", async () => {
    const client = createClient({ host: emulator.url, projectId: "1", apiKey: "phx_test" });
    await expect(pullFlows(client, { ids: ["01985b7c-0000-7000-8000-000000000000"] })).rejects.toThrow("There is no flow 01985b7c-0000-7000-8000-000000000000");
  });
});

/** In CI a sample; `HOGFLOW_PULL_FLOWS=10000` for all. */
const RANDOM = Number(process.env["HOGFLOW_PULL_FLOWS"] ?? 200);
const COMPILED = Math.min(RANDOM, 200);

describe("random flows", () => {
  const pulled: PulledFlow[] = [];
  const forms = { composition: 0, keyed: 0, pasted: 0 };

  it(`are written as they are, ${RANDOM} of them`, async () => {
    for (let seed = 1; seed <= RANDOM; seed += 1) {
      const flow = await live(seed % 3 === 0 ? randomFlow(seed) : seed % 3 === 1 ? randomFlow(seed, { awkwardIds: false, oddEdges: false, unknownKeys: false }) : randomComposition(seed));
      emulator.ui.remove(flow.id);
      const written = pulledFlow(flow);
      forms[written.form] += 1;
      try {
        expectFaithful(flow, written);
      } catch (error) {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n${written.files[0]!.text}`);
      }
      if (pulled.length < COMPILED) pulled.push(written);
    }
    // Otherwise the proof would be one of the keyed form alone.
    expect(forms.composition).toBeGreaterThan(RANDOM / 4);
    expect(forms.keyed).toBeGreaterThan(0);
    expect(forms.pasted).toBeGreaterThan(0);
  }, 600_000);

  it(`compile, ${COMPILED} of them in one go`, () => {
    const root = path.resolve(import.meta.dirname, "../..");
    const names = new Map(pulled.map((written, i) => [path.join(root, "test/operate", `pulled-${i}.ts`), written.files[0]!.text]));
    const options: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, strict: true, skipLibCheck: true, noEmit: true, types: ["node"], paths: { "pulumi-hogflow": [path.join(root, "sdk/index.ts")] } };
    const host = ts.createCompilerHost(options);
    const { readFile, fileExists, getSourceFile } = host;
    host.fileExists = (name) => names.has(name) || fileExists(name);
    host.readFile = (name) => names.get(name) ?? readFile(name);
    host.getSourceFile = (name, ...rest) => (names.has(name) ? ts.createSourceFile(name, names.get(name)!, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest));
    const program = ts.createProgram([...names.keys()], options, host);
    const found = [...names.keys()].flatMap((name) => program.getSemanticDiagnostics(program.getSourceFile(name)).map((diagnostic) => `${path.basename(name)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}\n${names.get(name)!.split("\n")[ts.getLineAndCharacterOfPosition(diagnostic.file!, diagnostic.start!).line]}`));
    expect(found).toEqual([]);
  }, 180_000);
});
