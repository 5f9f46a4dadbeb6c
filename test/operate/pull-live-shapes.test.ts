// Live flows as PostHog's editor, its templates and hands of all kinds make them: what the words of composition are for each, and what stands above a program
// whose flow cannot work.
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { pulledFlow, type PulledFlow } from "../../operate/pull";
import { validate } from "../../sdk";
import { errorsIn, ROOT } from "../support/compile-modules";
import { expectFaithful, runText } from "../support/pulled";

type Json = any;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
const programs = new Map<string, string>();
afterAll(() => emulator.stop());

const ON_EVENT = {
  type: "event",
  filters: { events: [{ id: "user signed up", name: "user signed up", type: "events", order: 0 }] },
};
const flowOf = (steps: readonly Json[], trigger: Json = ON_EVENT): Json => {
  const ids = ["trigger_node", ...steps.map(({ id }) => id), "exit_node"];
  return {
    name: "Live",
    exit_condition: "exit_only_at_end",
    actions: [
      { id: "trigger_node", name: "Start", type: "trigger", config: trigger },
      ...steps.map((step) => ({ name: step.id, ...step })),
      { id: "exit_node", name: "Exit", type: "exit", config: { reason: "Default exit" } },
    ],
    edges: ids.slice(0, -1).map((from, i) => ({ from, to: ids[i + 1], type: "continue" })),
  };
};

/** The program of a flow, which means what is live, and says above the flow whatever cannot work. */
async function pulled(json: Json): Promise<PulledFlow> {
  const headers = { authorization: "Bearer phx_test", "content-type": "application/json" };
  const answer = await fetch(`${emulator.url}/api/projects/1/hog_flows/`, {
    method: "POST",
    headers,
    body: JSON.stringify(json),
  });
  const made = (await answer.json()) as Json;
  if (!answer.ok) throw new Error(JSON.stringify(made));
  const flow = (await (
    await fetch(`${emulator.url}/api/projects/1/hog_flows/${made.id}/`, { headers })
  ).json()) as Json;
  const program = pulledFlow(flow);
  expectFaithful(flow, program);
  const text = program.files[0]!.text;
  programs.set(path.join(ROOT, "test/operate", `live-${programs.size}.ts`), text);
  const [found] = runText(program);
  const errors = validate(found!.args as never, found!.name).filter(({ severity }) => severity === "error");
  const comment = text
    .split("\n")
    .filter((line) => line.startsWith("// "))
    .map((line) => line.replace(/^\/\/ +/, ""))
    .join(" ");
  expect(program.remarks.map((remark) => remark.split(":")[0])).toEqual(errors.map(({ path: at }) => at));
  for (const { path: at, what } of errors) expect(comment).toContain(`- ${at}: ${what}`);
  expect(comment.includes("it cannot work")).toBe(errors.length > 0);
  return program;
}
const textOf = async (json: Json): Promise<string> => {
  const program = await pulled(json);
  expect(program.form, program.why).toBe("composition");
  return program.files[0]!.text;
};

const mail = (value: Json): Json => ({
  id: "mail",
  type: "function_email",
  config: {
    template_id: "template-email",
    inputs: {
      email: {
        templating: "liquid",
        value: {
          from: { integrationId: 7 },
          to: { email: "{{ person.properties.email }}", name: "" },
          subject: "Hi",
          html: "<p>Hi</p>",
          text: "Hi",
          ...value,
        },
      },
    },
  },
});
const mailText = (value: Json): Promise<string> => textOf(flowOf([mail(value)]));
const plainTo = { email: "{{ person.properties.email }}", name: "" };

describe("an e-mail", () => {
  it("goes to the person where nothing is said", async () => {
    expect(await mailText({})).toContain(
      'email("mail", { name: "mail", from: { integrationId: 7 }, subject: "Hi", html: "<p>Hi</p>", text: "Hi" })',
    );
  });

  it("goes to somebody else, with a name or without", async () => {
    expect(await mailText({ to: { email: "sales@example.com", name: "Sales" } })).toContain(
      'to: { email: "sales@example.com", name: "Sales" }',
    );
    expect(await mailText({ to: { email: "sales@example.com", name: "" } })).toContain(
      'to: { email: "sales@example.com" }',
    );
  });

  it("of text alone has no html", async () => {
    expect(await mailText({ html: "" })).toContain(
      'email("mail", { name: "mail", from: { integrationId: 7 }, subject: "Hi", text: "Hi" })',
    );
  });

  it("that was saved in the editor without a change reads like one that was not", async () => {
    expect(
      await mailText({
        preheader: "",
        cc: "",
        bcc: "",
        replyTo: "",
        from: { integrationId: 7, integrationIds: [7], name: "", email: "" },
      }),
    ).toContain(
      'email("mail", { name: "mail", from: { integrationId: 7 }, subject: "Hi", html: "<p>Hi</p>", text: "Hi" })',
    );
  });

  it.each<[string, Json]>([
    ["a recipient that is a text", { to: "{{ person.properties.email }}" }],
    ["no recipient's address", { to: { name: "Ann" } }],
    ["no html", { html: undefined }],
    ["a sender without an integration", { from: { name: "Team", email: "team@example.com" } }],
    ["an integration that is a text", { from: { integrationId: "7" } }],
    ["a list in cc", { cc: ["a@example.com", "b@example.com"] }],
    ["an empty list in cc, bcc and replyTo", { cc: [], bcc: [], replyTo: [] }],
    ["null as a preheader", { preheader: null }],
    ["a number as a subject", { subject: 5 }],
    ["a member that nobody knows", { attachments: [] }],
  ])("with %s is written as the API has it", async (_, value) => {
    expect(await mailText({ to: plainTo, ...value })).toContain('action("mail", {');
  });
});

describe("a call, a text message and a notification", () => {
  const step = (template: string, inputs: Json, type = "function"): Json => ({
    id: "it",
    type,
    config: { template_id: template, inputs },
  });
  const headers = (value: Json): Json =>
    step("template-webhook", { url: { value: "https://hooks.example.com" }, headers: { value } });

  it("with headers that are texts is a webhook", async () => {
    expect(await textOf(flowOf([headers({ "Content-Type": "text/plain" })]))).toContain('webhook("it", {');
  });

  it.each([true, 5, null, ["a"], { a: "b" }])("with %j as a header is written as the API has it", async (value) => {
    expect(await textOf(flowOf([headers({ "X-Test": value })]))).toContain('action("it", {');
  });

  const push = (inputs: Json): Json =>
    step(
      "template-native-push",
      {
        channels: { value: [6, 7] },
        distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" },
        title: { value: "Hi", templating: "liquid" },
        ...inputs,
      },
      "function_push",
    );
  it("of a push says its body, unless that is empty", async () => {
    expect(await textOf(flowOf([push({ body: { value: "Come", templating: "liquid" } })]))).toContain(
      'push("it", { name: "it", channels: [6, 7], title: "Hi", body: "Come" })',
    );
    expect(await textOf(flowOf([push({ body: { value: "", templating: "liquid" } })]))).toContain(
      'push("it", { name: "it", channels: [6, 7], title: "Hi" })',
    );
  });

  it("of a push without a body is written as the API has it", async () => {
    expect(await textOf(flowOf([push({})]))).toContain('action("it", {');
  });

  it("of a push as PostHog's guide has it is taken over in the languages that it has", async () => {
    await textOf(
      flowOf([
        push({
          distinctId: { value: "{event.distinct_id}" },
          title: { value: "About {event.event}" },
          body: { value: "Hi {{ person.properties.first_name }}, come back.", templating: "liquid" },
        }),
      ]),
    );
  });
});

describe("events as PostHog's editor and templates write them", () => {
  const trigger = (filters: Json): Promise<string> => textOf(flowOf([], { type: "event", filters }));
  const event = (more: Json): Json => ({ events: [{ id: "a", name: "a", type: "events", order: 0, ...more }] });

  it.each<[string, Json, string]>([
    ["a uuid", event({ uuid: "0199f0aa-0001-7000-8000-0000000000aa" }), 'on.event("a", '],
    ["a name of its own", event({ custom_name: "My A" }), 'on.event("a", '],
    ["a label", event({ id: "$pageview", name: "Pageview" }), 'on.event(event("$pageview", { label: "Pageview" }), '],
    [
      "a label and tests",
      event({
        id: "$pageview",
        name: "Pageview",
        properties: [{ key: "$pathname", value: ["/"], operator: "exact", type: "event" }],
      }),
      'on.event(event("$pageview", { label: "Pageview" }, eventProperty("$pathname").is("/")), ',
    ],
    ["any event", event({ id: null, name: "All events" }), 'on.event(anyEvent({ label: "All events" }), '],
    [
      "an action's number as a text",
      { actions: [{ id: "12", name: "Signed up", type: "actions", order: 0 }] },
      'on.event(postHogAction("12", "Signed up"), ',
    ],
    [
      "an action with tests",
      {
        actions: [
          {
            id: 12,
            name: "Signed up",
            type: "actions",
            order: 0,
            properties: [{ key: "plan", value: ["pro"], operator: "exact", type: "person" }],
          },
        ],
      },
      'on.event(postHogAction(12, "Signed up", person("plan").is("pro")), ',
    ],
  ])("are composition with %s", async (_, filters, call) => {
    expect(await trigger(filters)).toContain(call);
  });
});

describe("a trigger that waits for requests", () => {
  const source = (type: string, method: Json): Json =>
    flowOf([], {
      type,
      template_id: "template-source-webhook",
      inputs: {
        event: { value: "$workflow_triggered" },
        distinct_id: { value: "{request.body.user_id}" },
        ...(method === undefined ? {} : { method: { value: method } }),
      },
    });

  it("takes POST, and says another method", async () => {
    expect(await textOf(source("manual", "POST"))).toContain('trigger: on.manual({ name: "Start" })');
    expect(await textOf(source("manual", "GET"))).toContain('trigger: on.manual({ name: "Start", method: "GET" })');
    expect(await textOf(source("webhook", "POST"))).toContain(
      'trigger: on.webhook({ name: "Start", event: "$workflow_triggered", distinctId: "{request.body.user_id}" })',
    );
    expect(await textOf(source("webhook", "PUT"))).toContain('method: "PUT"');
  });

  it.each(["webhook", "manual"])("is in the keyed form without a method: %s", async (type) => {
    expect(await pulled(source(type, undefined))).toMatchObject({ form: "keyed", why: "there is no method" });
  });
});

it("says above the flow what cannot work, in each form", async () => {
  const broken = { ...flowOf([]), conversion: { filters: ["plan"], window: "7d" } };
  const { files, remarks, form } = await pulled(broken);
  expect(form).toBe("pasted");
  expect(remarks).toEqual([
    expect.stringMatching(/^conversion\.filters\[0\]: expected an object, got text\. .* \[unchecked-shape\]$/),
  ]);
  expect(files[0]!.text).toMatch(
    /\n\/\/ PostHog has this flow as it is here, and it cannot work\. .*\n\/\/ - conversion\.filters\[0\]: [^\n]*\n(?:\/\/ {3}[^\n]*\n)*\/\/\n\/\/ `adopt` [^\n]*\n(?:\/\/ [^\n]*\n)*export const live = new HogFlow\(/,
  );
});

it("keeps all of an event that stands among the property tests of a goal", async () => {
  const { form, files } = await pulled({
    ...flowOf([]),
    conversion: { filters: [{ id: "paid", name: "paid", type: "events", order: 0 }], window: "7d" },
  });
  expect(form).toBe("pasted");
  expect(files[0]!.text).toContain('{ id: "paid", name: "paid", type: "events", order: 0 }');
});

it("all compile", () => {
  expect(programs.size).toBeGreaterThan(30);
  expect(errorsIn(programs)).toEqual([]);
}, 120_000);
