// Whatever PostHog's API takes, pull writes a program that compiles, means what is live, and takes it over without a write: every option of every step, trigger
// and setting with values of other kinds, as far as the emulator takes them.
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { pulledFlow } from "../../operate/pull";
import { canonical, definitionOf } from "../../definition/canonical/canonical";
import { systemClock } from "../../api";
import { flowLifecycle } from "../../provider/flow/lifecycle";
import { Session } from "../../provider/session";
import { convert } from "../../sdk/convert";
import { errorsIn, ROOT } from "../support/compile-modules";
import { expectFaithful, runText } from "../support/pulled";

type Json = any;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ projects: [{ id: "1" }] });
});
afterAll(() => emulator.stop());

const ABSENT = Symbol("absent");
const ODD: readonly unknown[] = [
  ABSENT,
  null,
  "",
  "7",
  "{event.event}",
  "{{ person.properties.a }}",
  7,
  1.5,
  true,
  [],
  ["a"],
  {},
  { a: 1 },
];

/** The value with each of its parts, the whole excepted, replaced by each odd value. */
function* oddOnes(value: Json, but: readonly string[] = []): Generator<Json> {
  for (const key of Object.keys(value)) {
    if (but.includes(key)) continue;
    for (const odd of ODD) {
      const copy = structuredClone(value);
      if (odd === ABSENT) {
        if (Array.isArray(copy)) continue;
        delete copy[key];
      } else copy[key] = odd;
      yield copy;
    }
    const inner = value[key];
    if (typeof inner === "object" && inner !== null) {
      for (const changed of oddOnes(inner)) {
        const copy = structuredClone(value);
        copy[key] = changed;
        yield copy;
      }
    }
  }
}

const liquid = (value: Json): Json => ({ value, templating: "liquid" });
const person = (key: string): Json => ({ key, value: ["a"], operator: "exact", type: "person" });
const STEPS: Readonly<Record<string, Json>> = {
  email: {
    type: "function_email",
    config: {
      template_id: "template-email",
      message_category_type: "marketing",
      tracking_enabled: true,
      inputs: {
        email: liquid({
          from: { integrationId: 7, integrationIds: [7, 8], email: "a@example.com", name: "A" },
          to: { email: "b@example.com", name: "B" },
          subject: "Hi",
          preheader: "P",
          replyTo: "c@example.com",
          cc: "d@example.com",
          bcc: "e@example.com",
          html: "<p>Hi</p>",
          text: "Hi",
          design: { body: {} },
        }),
      },
    },
  },
  sms: {
    type: "function_sms",
    config: {
      template_id: "template-twilio",
      inputs: {
        twilio_account: { value: 4 },
        from_number: { value: "+15550100000" },
        to_number: liquid("+15550100001"),
        message: liquid("Hi"),
      },
    },
  },
  push: {
    type: "function_push",
    config: {
      template_id: "template-native-push",
      inputs: {
        channels: { value: [3] },
        distinctId: liquid("{{ person.distinct_id }}"),
        title: liquid("Hi"),
        body: liquid("There"),
        image: liquid("https://example.com/a.png"),
        data: liquid({ a: "b" }),
      },
    },
  },
  webhook: {
    type: "function",
    config: {
      template_id: "template-webhook",
      inputs: {
        url: { value: "https://example.com" },
        method: { value: "POST" },
        body: { value: { a: "b" } },
        headers: { value: { "Content-Type": "application/json" } },
        debug: { value: true },
      },
    },
  },
  slack: {
    type: "function",
    config: {
      template_id: "template-slack",
      inputs: {
        slack_workspace: { value: 11 },
        channel: { value: "C1" },
        text: { value: "Hi" },
        blocks: { value: [{ type: "divider" }] },
      },
    },
  },
  delay: { type: "delay", config: { delay_duration: "3d" } },
  delayUntil: {
    type: "delay",
    config: {
      delay_until: {
        expression: "person.properties.renewal",
        offset: "-3d",
        timezone: "UTC",
        use_person_timezone: true,
        fallback_timezone: "UTC",
      },
      max_delay_duration: "5d",
    },
  },
  window: {
    type: "wait_until_time_window",
    config: {
      day: ["monday"],
      time: ["09:00", "17:00"],
      timezone: "UTC",
      use_person_timezone: true,
      fallback_timezone: "UTC",
    },
  },
  wait: {
    type: "wait_until_condition",
    config: {
      condition: { filters: { properties: [person("a")] } },
      events: [
        {
          name: "A",
          filters: { events: [{ id: "a", name: "A", type: "events", order: 0, properties: [person("b")] }] },
        },
      ],
      max_wait_duration: "2h",
    },
  },
  branch: {
    type: "conditional_branch",
    config: { conditions: [{ name: "A", filters: { properties: [person("a")] } }] },
  },
  split: {
    type: "random_cohort_branch",
    config: {
      cohorts: [
        { name: "A", percentage: 50 },
        { name: "B", percentage: 50 },
      ],
    },
  },
};
const COMMON = {
  name: "A",
  description: "B",
  on_error: "abort",
  filters: { source: "events", properties: [person("a")] },
  output_variable: { key: "v", result_path: "body.a", spread: true },
};

const source = (inputs: Json): Json => ({
  inputs: { event: { value: "a" }, distinct_id: { value: "b" }, properties: { value: { a: "b" } }, ...inputs },
});
const events = {
  events: [{ id: "a", name: "A", type: "events", order: 0, properties: [person("a")] }],
  actions: [{ id: 12, name: "B", type: "actions", order: 0 }],
};
const TRIGGERS: Readonly<Record<string, Json>> = {
  event: { type: "event", filters: { ...events, properties: [person("a")], filter_test_accounts: true } },
  webhook: {
    type: "webhook",
    template_id: "template-source-webhook",
    ...source({ method: { value: "POST" }, debug: { value: true } }),
  },
  manual: { type: "manual", template_id: "template-source-webhook", ...source({ method: { value: "POST" } }) },
  pixel: {
    type: "tracking_pixel",
    template_id: "template-source-webhook-pixel",
    ...source({ debug: { value: true } }),
  },
  schedule: { type: "schedule", filters: { a: 1 } },
  batch: {
    type: "batch",
    filters: {
      properties: [person("a")],
      audience_type: "accounts",
      filter_test_accounts: true,
      tag_names: ["a"],
      assignment_status: "all",
      assigned_to_user_ids: [1],
    },
  },
  table: { type: "data-warehouse-table", table_name: "a", filters: { properties: [person("a")] }, key_property: "a" },
  slack: {
    type: "internal-event",
    filters: {
      events: [{ id: "$slack_message_received" }],
      properties: [{ key: "channel", value: ["C1"], operator: "exact", type: "event" }],
    },
  },
  github: {
    type: "internal-event",
    filters: {
      events: [{ id: "$github_event_received" }],
      properties: [
        { key: "repository", value: ["a/b"], operator: "exact", type: "event" },
        { key: "event_type", value: ["release"], operator: "exact", type: "event" },
      ],
    },
  },
};
const SETTINGS = {
  description: "A",
  exit_condition: "exit_on_conversion",
  trigger_masking: { hash: "{person.id}", ttl: 60, threshold: 2 },
  email_sending_rate_limit: { count: 1, period: "hour" },
  conversion: {
    filters: [person("a")],
    events: [{ filters: { events: [{ id: "a", name: "A", type: "events", order: 0 }] } }],
    window: "7d",
  },
  variables: [{ key: "v", type: "number", label: "V", default: 1 }],
};

const ON_EVENT = { type: "event", filters: { events: [{ id: "a", name: "a", type: "events", order: 0 }] } };
const waysOf = ({ type, config }: Json): number =>
  type === "wait_until_condition"
    ? 1
    : type === "conditional_branch"
      ? (config?.conditions?.length ?? 0)
      : type === "random_cohort_branch"
        ? (config?.cohorts?.length ?? 0)
        : 0;

/** A flow of these steps, one after the other; whatever way is taken. */
function flowOf(steps: readonly Json[], trigger: Json = ON_EVENT, settings: Json = {}): Json {
  const ids = ["trigger_node", ...steps.map((_, i) => `s${i}`), "exit_node"];
  return {
    name: "Odd",
    status: "draft",
    variables: [{ key: "v", type: "string", label: "v", default: "" }],
    ...settings,
    actions: [
      { id: "trigger_node", name: "T", type: "trigger", config: trigger },
      ...steps.map((step, i) => ({ name: `S${i}`, ...step, id: `s${i}` })),
      { id: "exit_node", name: "Exit", type: "exit", config: {} },
    ],
    edges: ids.slice(0, -1).flatMap((from, i) => {
      const to = ids[i + 1]!;
      const step = i === 0 ? undefined : steps[i - 1];
      const branches =
        step === undefined
          ? []
          : Array.from({ length: waysOf(step) }, (_, index) => ({ from, to, type: "branch", index }));
      return [...branches, ...(step?.type === "random_cohort_branch" ? [] : [{ from, to, type: "continue" }])];
    }),
  };
}

const headers = { authorization: "Bearer phx_test", "content-type": "application/json" };
const root = (): string => `${emulator.url}/api/projects/1/hog_flows/`;
async function live(json: Json, use: (flow: Json) => Promise<void> = async () => {}): Promise<Json | undefined> {
  // A 500 is PostHog's answer to some malformed values, and stores nothing, either.
  const made = await fetch(root(), { method: "POST", headers, body: JSON.stringify(json) });
  const row = (await made.json()) as Json;
  if (!made.ok) return undefined;
  const flow = await (await fetch(`${root()}${row.id}/`, { headers })).json();
  await use(flow);
  // The fewer there are, the faster one is found.
  emulator.ui.remove(row.id);
  return flow;
}

/** Steps of a flow: what one cannot say must not hide the others. */
const TOGETHER = 25;
const texts = new Map<string, string>();
const forms: Record<string, string[]> = {};

async function expectTakenOver(flow: Json, name: string): Promise<void> {
  const pulled = pulledFlow(flow);
  (forms[pulled.form] ??= []).push(`${name}: ${pulled.why ?? ""}`);
  const told = (error: unknown): Error => new Error(`${name}: ${(error as Error).message}\n${pulled.files[0]!.text}`);
  try {
    expectFaithful(flow, pulled);
  } catch (error) {
    throw told(error);
  }
  texts.set(path.join(ROOT, "test/operate", `odd-${texts.size}.ts`), pulled.files[0]!.text);
  const { definition } = convert(runText(pulled)[0]!.args, pulled.name);
  if (JSON.stringify(flow).includes('"secret":true')) return;
  const session = new Session({
    env: { POSTHOG_API_KEY: "phx_test", POSTHOG_HOST: emulator.url },
    // A clock of its own has a limiter of its own, which does not wait for the minute after 480 requests.
    clock: { ...systemClock },
    warn: () => {},
    note: () => {},
  });
  emulator.clearRequests();
  await flowLifecycle(session)
    .create({
      ...canonical(definitionOf(definition)),
      adopt: flow.id,
      host: emulator.url,
      projectId: "1",
      owner: "urn:pulumi:dev::odd::posthog:HogFlow::odd",
    })
    .catch((error: unknown) => {
      throw told(error);
    });
  // The marker alone is written.
  expect(
    emulator.requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, body }) => [method, Object.keys(body as Json).sort()]),
    name,
  ).toEqual([["PATCH", ["base_updated_at", "description"]]]);
}

/** In CI a sample of triggers and settings, in which every option and every value comes; `HOGFLOW_PULL_ODD=1` for all. */
const EVERY = Number(process.env["HOGFLOW_PULL_ODD"] ?? 5);
const sample = (all: Iterable<Json>): Json[] => [...all].filter((_, i) => i % EVERY === 0);

describe("odd values that the API takes", () => {
  it.each(Object.keys(STEPS))(
    "in a step: %s",
    async (name) => {
      const taken: Json[] = [];
      for (const step of oddOnes({ ...(name === "webhook" ? COMMON : {}), ...STEPS[name] }, ["type"]))
        if ((await live(flowOf([step]))) !== undefined) taken.push(step);
      for (let i = 0; i < taken.length; i += TOGETHER)
        expect(
          await live(flowOf(taken.slice(i, i + TOGETHER)), (flow) => expectTakenOver(flow, `${name} ${i}`)),
        ).toBeDefined();
    },
    120_000,
  );

  it.each(Object.keys(TRIGGERS))(
    "in a trigger: %s",
    async (name) => {
      for (const trigger of sample(oddOnes(TRIGGERS[name], ["type"])))
        await live(flowOf([], trigger), (flow) => expectTakenOver(flow, `${name}: ${JSON.stringify(trigger)}`));
    },
    120_000,
  );

  it("in the settings", async () => {
    for (const settings of sample(oddOnes(SETTINGS)))
      await live(flowOf([], ON_EVENT, settings), (flow) => expectTakenOver(flow, JSON.stringify(settings)));
  }, 120_000);

  it("make programs that compile, all of them in one go", () => {
    expect(texts.size).toBeGreaterThan(100);
    // Of a step, what its function cannot say goes through `action`; of messages, everything does.
    for (const name of ["email", "sms", "push", "slack"])
      expect(
        forms["composition"]!.filter((form) => form.startsWith(`${name} `)),
        name,
      ).not.toEqual([]);
    expect(
      [...(forms["keyed"] ?? []), ...(forms["pasted"] ?? [])].filter((form) => /^(?:email|sms|push|slack) /.test(form)),
    ).toEqual([]);
    expect(errorsIn(texts)).toEqual([]);
  }, 180_000);
});
