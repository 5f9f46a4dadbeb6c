// Programs of live flows: what the written text makes, when it is run, is the flow that it was written from.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import {
  filesToOverwrite,
  formatPulled,
  pulledFlow,
  pulledNames,
  pullFlows,
  writePulled,
  type PulledFlow,
} from "../../operate/pull";
import { constantName } from "../../operate/program-text";
import { createClient } from "../../api";
import { encode } from "../../definition/canonical/encode";
import { markOf } from "../../definition/canonical/marker";
import * as sdk from "../../sdk";
import { errorsIn, ROOT } from "../support/compile-modules";
import { hogFlowsRequest } from "../support/hog-flows-request";
import { expectFaithful, runText } from "../support/pulled";
import { projectWith } from "../support/prettier-project";
import { randomComposition } from "../support/random-composition";
import { randomFlow } from "../support/random-flow";
import { REFERENCE_FLOWS } from "../support/reference-flows";

type Json = Record<string, any>;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

const request = (method: string, url: string, body?: unknown): Promise<any> =>
  hogFlowsRequest(emulator.url, method, url, body);

async function live(json: unknown): Promise<any> {
  const { id } = await request("POST", "", json);
  return request("GET", `${id}/`);
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
  const forms: Record<string, Record<string, Json>> = JSON.parse(
    readFileSync(path.resolve(import.meta.dirname, "../fixtures/examples/keyed-forms.json"), "utf8"),
  );
  const flows = Object.entries(forms).flatMap(([example, made]) =>
    Object.entries(made).map(([name, form]) => [`${example}: ${name}`, form] as const),
  );

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
      name: "Trial nurture",
      status: "active",
      actions: [
        {
          id: "trigger_node",
          name: "Event",
          type: "trigger",
          config: {
            type: "event",
            filters: { events: [{ id: "trial started", name: "trial started", type: "events", order: 0 }] },
          },
        },
        {
          id: "action_function_email_01985b7c-6a0e-7d1c-9b1e-000000000001",
          name: "Nudge!",
          type: "function_email",
          config: {
            template_id: "template-email",
            inputs: {
              email: {
                templating: "liquid",
                value: {
                  from: { integrationId: 7 },
                  to: { email: "{{ person.properties.email }}", name: "" },
                  subject: "Need a hand?",
                  html: `<p>${"Hello. ".repeat(20)}</p>`,
                },
              },
            },
          },
        },
        {
          id: "notify",
          name: "Notify",
          type: "function",
          config: {
            template_id: "template-webhook",
            inputs: { url: { value: "https://hooks.example.com/a" }, signing_secret: { value: "s3cr3t-value" } },
          },
        },
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
    expect(secrets).toEqual([]);
    expect(files[0]!.text).toContain("signingSecret: stored()");
    expect(files.map((file) => file.path)).toEqual(["flows/trial-nurture.ts", "flows/mails/trial-nurture/nudge.html"]);
    expect(files[1]!.text).toContain("Hello. Hello.");
  });

  it("reads like a flow that somebody wrote, although PostHog's editor made it", async () => {
    const email = (more: object): object => ({
      template_id: "template-email",
      inputs: {
        email: {
          templating: "liquid",
          value: {
            from: { integrationId: 7 },
            to: { email: "{{ person.properties.email }}", name: "" },
            subject: "Hi",
            html: `<h1>Hi</h1>${" ".repeat(90)}`,
            ...more,
          },
        },
      },
    });
    const design = {
      counters: { u_row: 1 },
      body: { rows: [{ columns: [{ contents: [{ type: "heading", values: { text: "Hi" } }] }] }] },
      schemaVersion: 16,
    };
    const flow = await live({
      name: "From the editor",
      variables: [{ key: "score", label: "Score", type: "number", default: "0" }],
      actions: [
        {
          id: "trigger_node",
          name: "Trigger",
          description: "User performs an action to start the workflow.",
          type: "trigger",
          config: {
            type: "event",
            filters: { events: [{ id: "signed up", name: "signed up", type: "events", order: 0 }] },
          },
        },
        {
          id: "plan",
          name: "Plan",
          type: "conditional_branch",
          config: {
            conditions: [
              { filters: { properties: [{ key: "email", type: "person", operator: "is_set", value: "is_set" }] } },
              { filters: { properties: [{ key: "score", type: "workflow_variable", operator: "gte", value: 9 }] } },
            ],
          },
        },
        { id: "hello", name: "Hello", type: "function_email", config: email({ design }) },
        {
          id: "exit_node",
          name: "Exit",
          description: "User moved through the workflow without errors.",
          type: "exit",
          config: { reason: "Default exit" },
        },
      ],
      edges: [
        { from: "trigger_node", to: "plan", type: "continue" },
        { from: "plan", to: "exit_node", type: "branch", index: 0 },
        { from: "plan", to: "hello", type: "branch", index: 1 },
        { from: "plan", to: "exit_node", type: "continue" },
        { from: "hello", to: "exit_node", type: "continue" },
      ],
    });
    const pulled = pulledFlow(flow);
    expect(pulled.form, pulled.why).toBe("composition");
    expectFaithful(flow, pulled);
    const [program, ...files] = pulled.files;
    expect(program!.text).toContain('when(person("email").isSet(), [exit()])');
    expect(program!.text).toContain("when(vars.score.gte(9), nothing)");
    // The common end stands once, behind everything.
    expect(program!.text).toContain(
      '      exit("exit_node", { name: "Exit", description: "User moved through the workflow without errors.", reason: "Default exit" }),\n    ],\n  },\n  { protect: true },\n);',
    );
    expect(program!.text).not.toContain("goTo");
    expect(program!.text).not.toContain("action(");
    // Options in the order in which they are read.
    expect(program!.text).toMatch(
      /email\("hello", \{\s+from: .*\s+subject: "Hi",\s+html: file\("flows\/mails\/from-the-editor\/hello\.html"\),\s+design: file\("flows\/mails\/from-the-editor\/hello\.design\.json"\),/,
    );
    expect(files.map(({ path: file }) => path.basename(file))).toEqual(["hello.html", "hello.design.json"]);
    expect(JSON.parse(files[1]!.text)).toEqual(design);
    expect(files[1]!.text).toBe(`${JSON.stringify(design, null, 2)}\n`);
  });

  it("takes schedules along, and leaves out those that it would wake", async () => {
    const flow = await live(
      Object.values(REFERENCE_FLOWS).find(({ flow: json }) =>
        (json["actions"] as any[]).some((action) => action.config.type === "batch"),
      )!.flow,
    );
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
    const labelled = {
      ...flow,
      actions: flow.actions.map((action: any) =>
        action.id === "notify"
          ? {
              ...action,
              filters: {
                source: "events",
                properties: [{ key: "a", value: ["b"], operator: "exact", type: "person", label: "odd" }],
              },
            }
          : action,
      ),
    };
    // What PostHog keeps beside a test for itself goes along.
    expect(pulledFlow(labelled)).toMatchObject({
      form: "composition",
      files: [
        {
          text: expect.stringContaining(
            'filters: propertyFilter({ key: "a", value: ["b"], type: "person", label: "odd" })',
          ),
        },
        {},
      ],
    });
    expectFaithful(labelled, pulledFlow(labelled));
    const odd = { ...flow, edges: [...flow.edges, { from: "notify", to: "nowhere", type: "branch", index: 0 }] };
    const pulled = pulledFlow(odd);
    // The types of the keyed form have no place for it, either.
    expect(pulled).toMatchObject({ form: "pasted", why: "some of its edges lead nowhere, or are there twice" });
    expectFaithful(odd, pulled);
    const windowed = await live(Object.values(REFERENCE_FLOWS)[0]!.flow);
    const other = {
      ...windowed,
      conversion: { filters: [], events: [{ filters: { events: [{ id: "a" }, { id: "b" }] } }], window: "7d" },
    };
    expect(pulledFlow(other)).toMatchObject({ form: "keyed", why: "an event of the goal is several" });
    expectFaithful(other, pulledFlow(other));
  });
});

describe("files that git has given the line ends of Windows", () => {
  it("are no edits: nothing is in the way, and nothing is written", async () => {
    const dir = mkdtempSync(path.join(tmpdir(), "hogflow-pulled-"));
    try {
      const flows = [
        pulledFlow(
          await live(
            Object.values(REFERENCE_FLOWS).find(({ flow }) =>
              (flow["actions"] as any[]).some(({ type }) => type === "function_email"),
            )!.flow,
          ),
        ),
      ];
      const { written } = await writePulled(flows, { cwd: dir });
      for (const file of written)
        writeFileSync(
          path.join(dir, file),
          `\uFEFF${readFileSync(path.join(dir, file), "utf8").replaceAll("\n", "\r\n")}`,
        );
      expect(await filesToOverwrite(flows, { cwd: dir })).toEqual([]);
      expect(await writePulled(flows, { cwd: dir })).toEqual({ written: [], unchanged: written });
      writeFileSync(path.join(dir, written[0]!), `${readFileSync(path.join(dir, written[0]!), "utf8")}// mine\r\n`);
      expect(await filesToOverwrite(flows, { cwd: dir })).toEqual([written[0]]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe("a whole project", () => {
  it("is read from the list, and by flow only where schedules may be", async () => {
    const own = await startEmulator();
    try {
      const client = createClient({ host: own.url, projectId: "1", apiKey: "phx_test" });
      for (const { flow } of Object.values(REFERENCE_FLOWS)) await client.createFlow(flow);
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

  it("calls a flow the same, and writes it the same, whichever others are pulled with it", async () => {
    const own = await startEmulator();
    try {
      const client = createClient({ host: own.url, projectId: "1", apiKey: "phx_test" });
      const { flow } = Object.values(REFERENCE_FLOWS)[0]!;
      const made = [];
      // Titles that are the same, that make the same name, and that are the name of another with something behind it; the first one is put away.
      for (const name of ["Welcome", "Welcome", "welcome!", "Other"])
        made.push(await client.createFlow({ ...flow, name }));
      await client.patchFlow(made[0]!.id, { status: "archived" } as never);
      const all = await pullFlows(client);
      const names = all.map(({ name }) => name);
      expect(new Set(names).size).toBe(3);
      expect(names).toContain("other");
      // The plain name is the oldest flow's, also when that is not pulled.
      expect(names).not.toContain("welcome");
      expect(names).toContain(`welcome-${made[1]!.id.slice(-6)}`);
      expect((await pullFlows(client, { ids: [made[0]!.id] }))[0]!.name).toBe("welcome");
      for (const one of all) expect(await pullFlows(client, { ids: [one.id.toUpperCase()] })).toEqual([one]);
      // Another one with the title changes nothing.
      await client.createFlow({ ...flow, name: "Welcome" });
      expect(
        (await pullFlows(client, { archived: true })).filter(({ id }) => all.some((one) => one.id === id)),
      ).toEqual(all);
    } finally {
      await own.stop();
    }
  });

  it("gives a schedule the same name when one before it is paused", () => {
    const schedule = (id: string, status: string) => ({
      id,
      rrule: "FREQ=DAILY",
      starts_at: "2099-01-05T09:00:00Z",
      timezone: "UTC",
      status,
      variables: {},
    });
    const flow = {
      ...Object.values(REFERENCE_FLOWS)[0]!.flow,
      id: "1",
      name: "Daily",
      status: "draft",
      schedules: [] as unknown[],
    };
    const text = (...schedules: unknown[]): string => pulledFlow({ ...flow, schedules } as never).files[0]!.text;
    expect(text(schedule("a", "active"), schedule("b", "active"))).toMatch(
      /new HogFlowSchedule\(\s*"daily-schedule-2"/,
    );
    const paused = text(schedule("a", "paused"), schedule("b", "active"));
    expect(paused).toMatch(/new HogFlowSchedule\(\s*"daily-schedule-2"/);
    expect(paused).not.toContain('"daily-schedule"');
  });

  it("has no constant that is called like something it imports", () => {
    for (const name of [...Object.keys(sdk).filter((key) => /^[a-z]/.test(key)), "config", "pulumi", "vars", "delete"])
      expect(constantName(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))).toBe(`${name}Flow`);
  });

  it("stops at the first flow that cannot be read", async () => {
    const batch = Object.values(REFERENCE_FLOWS)
      .map(({ flow }) => flow)
      .find((flow) => (flow["actions"] as any[])[0].config.type === "batch")!;
    const own = await startEmulator();
    try {
      const client = createClient({ host: own.url, projectId: "1", apiKey: "phx_test" });
      for (let i = 0; i < 40; i += 1) await client.createFlow({ ...batch, name: `Flow ${i}` });
      let read = 0;
      const failing = {
        allFlows: () => client.allFlows(),
        getFlow: async (id: string) =>
          (read += 1) === 3 ? Promise.reject(new Error("the third")) : client.getFlow(id),
      };
      await expect(pullFlows(failing)).rejects.toThrow("the third");
      const before = read;
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(read).toBe(before);
      expect(read).toBeLessThan(20);
    } finally {
      await own.stop();
    }
  });

  it("names what PostHog does not have", async () => {
    const client = createClient({ host: emulator.url, projectId: "1", apiKey: "phx_test" });
    await expect(pullFlows(client, { ids: ["01985b7c-0000-7000-8000-000000000000"] })).rejects.toThrow(
      "There is no flow 01985b7c-0000-7000-8000-000000000000",
    );
  });
});

describe("files that are there already", () => {
  const withMail = () =>
    Object.values(REFERENCE_FLOWS).find(({ flow }) =>
      (flow["actions"] as any[]).some(({ type }) => type === "function_email"),
    )!.flow;
  const inFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
    const dir = mkdtempSync(path.join(tmpdir(), "hogflow-pulled-"));
    try {
      await work(dir);
    } finally {
      rmSync(dir, { recursive: true });
    }
  };
  const at = (dir: string, file: string): string => path.join(dir, file);
  const put = (dir: string, file: string, text: string): void => {
    mkdirSync(path.dirname(at(dir, file)), { recursive: true });
    writeFileSync(at(dir, file), text);
  };

  it.each([
    "index",
    "Index",
    "INDEX!",
    "con",
    "Aux",
    "nul",
    "COM1",
    "lpt9",
    "..",
    "../../etc",
    "a.d",
    "package",
    "tsconfig",
    "",
  ])("a flow called %j gets a file that is no entry and no device, below its folder", async (title) => {
    const { name, files } = pulledFlow({ ...(await live(withMail())), name: title });
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(name).not.toMatch(/^(index|con|prn|aux|nul|com\d|lpt\d)$/);
    for (const file of files) expect(file.path).toMatch(new RegExp(`^flows/(mails/${name}/)?[a-z0-9_-]+(\\.[a-z]+)+$`));
    expect(files[0]!.path).toBe(`flows/${name}.ts`);
  });

  it.each(["flows/index.ts", "flows/trial.ts", "flows/mails/trial/welcome.html"])(
    "are never written over where pull did not write them: %s",
    (file) =>
      inFolder(async (dir) => {
        const [program, ...bodies] = pulledFlow({ ...(await live(withMail())), name: "Trial" }).files;
        // The user's own file, wherever a flow's title leads.
        const wanted = {
          ...pulledFlow(await live(withMail())),
          files: [
            { ...program!, path: file.endsWith(".ts") ? file : program!.path },
            ...(file.endsWith(".ts") ? bodies : [{ path: file, text: "<p>Theirs</p>" }]),
          ],
        };
        put(dir, file, "mine\n");
        for (const overwrite of [false, true])
          await expect(writePulled([wanted], { cwd: dir, overwrite })).rejects.toThrow(
            `A file is there already that \`hogflow pull\` did not write: ${file}. Nothing was written.`,
          );
        await expect(filesToOverwrite([wanted], { cwd: dir })).rejects.toThrow(file);
        expect(readFileSync(at(dir, file), "utf8")).toBe("mine\n");
        // Nor is anything beside it.
        expect(
          readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
        ).toHaveLength(1);
      }),
  );

  it("are written over when told to where pull wrote them, edits and bodies included", () =>
    inFolder(async (dir) => {
      const flows = [pulledFlow(await live(withMail()))];
      const { written } = await writePulled(flows, { cwd: dir });
      for (const file of written) writeFileSync(at(dir, file), `${readFileSync(at(dir, file), "utf8")}\n// edited\n`);
      expect(await filesToOverwrite(flows, { cwd: dir })).toEqual(written);
      await expect(writePulled(flows, { cwd: dir })).rejects.toThrow("with other content");
      expect(await writePulled(flows, { cwd: dir, overwrite: true })).toEqual({ written, unchanged: [] });
    }));

  it("keep their flow under a new title, so that no two programs adopt one id", () =>
    inFolder(async (dir) => {
      const own = await startEmulator();
      try {
        const client = createClient({ host: own.url, projectId: "1", apiKey: "phx_test" });
        const { id } = await client.createFlow({
          ...Object.values(REFERENCE_FLOWS)[0]!.flow,
          name: "First title",
        });
        const pull = async () => {
          const flows = await pullFlows(client, { names: pulledNames(at(dir, "flows")) });
          await writePulled(flows, { cwd: dir, overwrite: true });
          return flows.map(({ name }) => name);
        };
        expect(await pull()).toEqual(["first-title"]);
        // `adopt` may be gone from it by now.
        writeFileSync(
          at(dir, "flows/first-title.ts"),
          readFileSync(at(dir, "flows/first-title.ts"), "utf8").replace(/^ +adopt: .*\n/m, ""),
        );
        await client.patchFlow(id, { name: "Second title" });
        const { id: other } = await client.createFlow({
          ...Object.values(REFERENCE_FLOWS)[0]!.flow,
          name: "First title",
        });
        expect(await pull()).toEqual(["first-title", `first-title-${other.slice(-6)}`]);
        const adopted = readdirSync(at(dir, "flows"))
          .filter((file) => file.endsWith(".ts"))
          .map((file) => /adopt: "([^"]+)"/.exec(readFileSync(at(dir, `flows/${file}`), "utf8"))![1]);
        expect(adopted.sort()).toEqual([id, other].sort());
      } finally {
        await own.stop();
      }
    }));
});

describe("a flow that is taken over", () => {
  const forms = async (): Promise<[PulledFlow["form"], any][]> => {
    const flow = await live(Object.values(REFERENCE_FLOWS)[0]!.flow);
    return [
      ["composition", flow],
      [
        "keyed",
        {
          ...flow,
          conversion: { filters: [], events: [{ filters: { events: [{ id: "a" }, { id: "b" }] } }], window: "7d" },
        },
      ],
      [
        "pasted",
        { ...flow, edges: [...flow.edges, { from: flow.actions[0].id, to: "nowhere", type: "branch", index: 0 }] },
      ],
    ];
  };
  const schedule = {
    id: "01985b7c-0000-4000-8000-000000000009",
    rrule: "FREQ=DAILY",
    starts_at: "2099-01-05T09:00:00Z",
    timezone: "UTC",
    status: "active",
    variables: {},
  };

  it("is archived instead of deleted, and protected, in every form", async () => {
    for (const [form, flow] of await forms()) {
      const pulled = pulledFlow(flow);
      expect(pulled.form).toBe(form);
      const [made] = runText(pulled);
      expect(made).toMatchObject({ args: { adopt: flow.id, onDelete: "archive" }, options: { protect: true } });
      const text = pulled.files[0]!.text;
      expect(text.split("\n")[0]).toBe(
        `// Pulled from PostHog by hogflow, flow ${flow.id}. The next pull asks before it overwrites this file.`,
      );
      expect(text).toMatch(
        /\n\/\/ `adopt` takes the live flow over\. You can remove it after the first `pulumi up`, but not before: without it, that `up` creates a second\n?.* flow\.\n/,
      );
    }
  });

  it("has protected schedules, but for those that a new audience recreates", async () => {
    const of = (type: string) =>
      Object.values(REFERENCE_FLOWS)
        .map(({ flow }) => flow)
        .find((flow) => (flow["actions"] as any[])[0].config.type === type)!;
    const options = async (type: string): Promise<unknown> =>
      runText(pulledFlow({ ...(await live(of(type))), schedules: [schedule] }))[1]!.options;
    expect(await options("schedule")).toEqual({ protect: true });
    expect(await options("batch")).toBeUndefined();
  });

  it("is managed already: the program says by whom, and never agrees to take it away", async () => {
    const owner = (stack: string, name = "onboarding") => ({
      project: "shop",
      stack,
      name,
      urn: `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/posthog:HogFlow::${name}`,
    });
    const stack = { project: "shop", stack: "dev" };
    for (const [, flow] of await forms()) {
      expect(pulledFlow(flow, { stack }).managedBy).toBeUndefined();
      const own = pulledFlow({ ...flow, description: `Words.\n\n${markOf(owner("dev"))}` }, { stack });
      expect(own.managedBy).toEqual({
        isOwn: true,
        owner: "shop/dev/onboarding",
        fix: expect.stringContaining('give this one its name, "onboarding"'),
      });
      expect(own.files[0]!.text).toMatch(/^\/\/ This flow is already managed by shop\/dev\/onboarding\. /m);
      // The last marker decides.
      const other = pulledFlow(
        { ...flow, description: `${markOf(owner("dev"))}\n\n${markOf(owner("production"))}` },
        { stack },
      );
      expect(other.managedBy).toEqual({
        isOwn: false,
        owner: "shop/production/onboarding",
        fix: expect.stringContaining('adoptFrom: "shop/production"'),
      });
      for (const pulled of [own, other]) {
        expect(runText(pulled)[0]!.args).not.toHaveProperty("adoptFrom");
        expectFaithful({ ...flow, description: pulled === own ? "Words." : "" }, pulled);
      }
      // Without a stack nobody can say that it is its own.
      expect(pulledFlow({ ...flow, description: markOf(owner("dev")) }).managedBy).toMatchObject({
        isOwn: false,
        owner: "shop/dev/onboarding",
      });
    }
  });

  it("cannot leave the comment by the words of its marker", async () => {
    const [, flow] = (await forms())[0]!;
    const marker = markOf({ project: "shop", stack: "dev", name: "x", urn: "u" }).replace(
      "shop/dev/x",
      "shop/dev/x\rthrow new Error(1);\u2028throw new Error(2);//",
    );
    const pulled = pulledFlow({ ...flow, description: marker }, { stack: { project: "shop", stack: "dev" } });
    expect(pulled.managedBy!.owner).toContain("throw");
    expect(runText(pulled)).toHaveLength(1);
  });
});

/** In CI a sample; `HOGFLOW_PULL_FLOWS=10000` for all. */
const RANDOM = Number(process.env["HOGFLOW_PULL_FLOWS"] ?? 200);
const COMPILED = Math.min(RANDOM, 200);

describe("random flows", () => {
  const pulled: { flow: any; written: PulledFlow }[] = [];
  const forms = { composition: 0, keyed: 0, pasted: 0 };

  it(
    `are written as they are, ${RANDOM} of them`,
    async () => {
      for (let seed = 1; seed <= RANDOM; seed += 1) {
        const flow = await live(
          seed % 3 === 0
            ? randomFlow(seed)
            : seed % 3 === 1
              ? randomFlow(seed, { awkwardIds: false, oddEdges: false, unknownKeys: false })
              : randomComposition(seed),
        );
        emulator.ui.remove(flow.id);
        const written = pulledFlow(flow);
        forms[written.form] += 1;
        try {
          expectFaithful(flow, written);
        } catch (error) {
          throw new Error(
            `seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n${written.files[0]!.text}`,
          );
        }
        if (pulled.length < COMPILED) pulled.push({ flow, written });
      }
      // Otherwise the proof would be one of the keyed form alone.
      expect(forms.composition).toBeGreaterThan(RANDOM / 4);
      expect(forms.keyed).toBeGreaterThan(0);
      expect(forms.pasted).toBeGreaterThan(0);
    },
    120_000 + RANDOM * 200,
  );

  it(`compile, ${COMPILED} of them in one go, every other one as a project with settings of its own formats it`, async () => {
    const own = projectWith({
      ".prettierrc.json": JSON.stringify({
        printWidth: 60,
        semi: false,
        singleQuote: true,
        tabWidth: 4,
        endOfLine: "crlf",
        quoteProps: "consistent",
        experimentalTernaries: true,
        objectWrap: "collapse",
      }),
    });
    const { flows: formatted, note } = await formatPulled(
      pulled.map(({ written }) => written),
      { cwd: own },
    );
    expect(note).toBeUndefined();
    const chosen = pulled.map(({ flow, written }, i) => ({ flow, written: i % 2 === 0 ? written : formatted[i]! }));
    for (const { flow, written } of chosen) expectFaithful(flow, written);
    expect(
      errorsIn(
        new Map(
          chosen.map(({ written }, i) => [path.join(ROOT, "test/operate", `pulled-${i}.ts`), written.files[0]!.text]),
        ),
      ),
    ).toEqual([]);
  }, 180_000);
});
