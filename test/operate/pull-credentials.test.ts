// Credentials that a live flow has in clear are in no pulled file: the program reads them from the configuration, and means the same flow with them.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { definitionProgram, pulledFlow } from "../../operate/pull";
import { decode } from "../../definition/canonical/decode";
import { credentialTexts } from "../../definition/graph/credential-texts";
import { runText } from "../support/pulled";
import { convert } from "../../sdk/convert";
import * as pulumi from "@pulumi/pulumi";

let emulator: Emulator;
beforeAll(async () => void (emulator = await startEmulator({})));
afterAll(() => emulator.stop());

const KEYS = [
  "q7Vd2mXk9ZpT4wLs8RnC",
  "abc123def456",
  "s3cr3t-pw",
  "T024BE7LD/B01ABCDE/x9Kd2mXk9ZpT4wLs8RnC",
  "9f8e7d6c5b",
  "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
  "glpat-q7Vd2mXk9ZpT4wLs8RnC",
  "sk_live_4eC39HqLyjWDarjt",
];
const [TOKEN, PARAMETER, PASSWORD, HOOK, MEMBER, IN_MAIL, IN_VARIABLE, IN_TEMPLATE] = KEYS as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

const HTML = `<p>${"Hello. ".repeat(20)}</p><a href="https://x.example.com/?token=${IN_MAIL}">go</a>`;
const flow = (more: object = {}): any =>
  emulator.ui.create("1", {
    name: "Leaky",
    variables: [{ key: "gitlab", type: "string", label: "GitLab", default: IN_VARIABLE }],
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
        id: "notify",
        name: "Notify",
        type: "function",
        config: {
          template_id: "template-webhook",
          inputs: {
            url: { value: `https://app:${PASSWORD}@hooks.example.com/a?list=4&api_key=${PARAMETER}` },
            headers: { value: { Authorization: `Bearer ${TOKEN}`, "X-List": "4", "Content-Type": "application/json" } },
            body: {
              value: {
                apiKey: MEMBER,
                again: `Bearer ${TOKEN}`,
                mail: "{person.properties.email}",
                slack: `https://hooks.slack.com/services/${HOOK}`,
              },
            },
            signing_secret: { value: "never-shown-4711" },
          },
        },
      },
      {
        id: "tell",
        name: "Tell",
        type: "function",
        config: {
          template_id: "template-webhook",
          inputs: {
            url: { value: "https://a.example.com" },
            body: { templating: "liquid", value: { text: `Hi {{ person.properties.name }}, ${IN_TEMPLATE}` } },
          },
        },
      },
      {
        id: "mail",
        name: "Mail",
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
                html: HTML,
              },
            },
          },
        },
      },
      { id: "exit_node", name: "Exit", type: "exit", config: {} },
    ],
    edges: [
      ["trigger_node", "notify"],
      ["notify", "tell"],
      ["tell", "mail"],
      ["mail", "exit_node"],
    ].map(([from, to]) => ({ from, to, type: "continue" })),
    ...more,
  });

/** The definition that a program makes once its configuration is set. */
async function meaning(
  pulled: { files: { path: string; text: string }[] },
  values: Readonly<Record<string, string>>,
): Promise<unknown> {
  const [made] = runText(pulled);
  const { definition, findings: problems } = convert(made!.args, made!.name);
  expect(problems).toEqual([]);
  // In place of what the configuration of the test holds, the value that people set. The longest name first: others begin like it.
  const text = JSON.stringify(await resolved(definition));
  return JSON.parse(
    Object.entries(values)
      .sort(([a], [b]) => b.length - a.length)
      .reduce((all, [key, value]) => all.replaceAll(`the secret ${key}`, value), text),
  );
}

async function resolved(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) return new Promise((resolve) => value.apply((known) => resolve(known)));
  if (Array.isArray(value)) return Promise.all(value.map(resolved));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await resolved(item)] as const)),
  );
}

const leaks = (texts: unknown): string[] =>
  [...KEYS, "never-shown-4711"].filter((key) => JSON.stringify(texts).includes(key));

describe.each([
  ["composition", {}],
  ["keyed", { conversion: { window_minutes: 60, filters: [], novelty: 1 } }],
])("as %s", (form, more) => {
  it("are configuration, and the flow is the same with it", async () => {
    const live = flow();
    const pulled = pulledFlow({ ...live, ...more });
    if (form === "composition") expect(pulled.form).toBe(form);
    expect(leaks(pulled)).toEqual([]);
    expect(pulled.credentials.map(({ path }) => path)).toContain("actions.notify.config.inputs.url.value");
    // One value has one name.
    expect(pulled.secrets).toHaveLength(KEYS.length);
    for (const key of pulled.secrets)
      expect(pulled.files[0]!.text).toContain(`//   pulumi config set --secret ${key} `);
    expect(pulled.files[0]!.text).toContain("stored()");
    if (form !== "composition") return;
    const values = Object.fromEntries(
      pulled.credentials.map(({ key, path, what }) => [key, KEYS.find((value) => valueAt(live, path, value, what))!]),
    );
    const made = JSON.stringify(await meaning(pulled, values));
    expect(leaks(JSON.parse(made)).sort()).toEqual([...KEYS].sort());
    const textsIn = (of: unknown): string[] =>
      credentialTexts(of)
        .map(({ path, text }) => `${path.join(".")} ${text}`)
        .sort();
    expect(textsIn(JSON.parse(made))).toEqual(textsIn(decode(live)));
  });
});

/** Whether this value is the one at the path, where several may be in one text. */
function valueAt(live: any, path: string, value: string, what: string): boolean {
  const text = credentialTexts(decode(live)).filter(
    (found) => found.path.join(".") === path.replace(/\["([^"]+)"\]/g, ".$1"),
  );
  return text.some((found) =>
    found.credentials.some(
      (credential) => credential.what === what && found.text.slice(credential.start, credential.end) === value,
    ),
  );
}

describe("elsewhere", () => {
  it("are in no program of an older version, and in none of PostHog's JSON", () => {
    const live = flow();
    expect(leaks(definitionProgram(decode(live), { name: "old" }))).toEqual([]);
    const pasted = pulledFlow({
      ...live,
      actions: live.actions.map((action: any) =>
        action.id === "tell"
          ? { ...action, novelty: { a: [1] }, config: { ...action.config, mystery: { deep: true } } }
          : action,
      ),
      odd: { key: 1 },
    });
    expect(leaks(pasted)).toEqual([]);
    expect(pasted.secrets).toHaveLength(KEYS.length);
  });

  it("are masked where a title has one, which must be known in the program", () => {
    const live = flow();
    const pulled = pulledFlow({
      ...live,
      actions: live.actions.map((action: any) =>
        action.id === "tell" ? { ...action, name: `Tell ${IN_MAIL}` } : action,
      ),
    });
    expect(leaks(pulled)).toEqual([]);
    expect(pulled.files[0]!.text).toContain("is part of the flow's structure");
  });

  it("leave a program alone that has none", () => {
    const live = flow({
      name: "Tight",
      variables: [],
      actions: [
        {
          id: "trigger_node",
          name: "Event",
          type: "trigger",
          config: { type: "event", filters: { events: [{ id: "a", name: "a", type: "events", order: 0 }] } },
        },
        { id: "exit_node", name: "Exit", type: "exit", config: {} },
      ],
      edges: [{ from: "trigger_node", to: "exit_node", type: "continue" }],
    });
    expect(pulledFlow(live)).toMatchObject({ secrets: [], credentials: [] });
  });
});
