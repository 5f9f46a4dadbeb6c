/** What is refused, with which path and code; and the shapes that make the server fail. */
import { describe, expect, it } from "vitest";
import { DOES_NOT_COMPILE } from "../../emulator/index";
import { edge, event, exit, flow, mail, person, step, trigger, useEmulator, webhook, batch } from "./support";

const used = useEmulator();
const post = (body: any) => used.api("POST", "", body);

type Row = [body: any, attr: string | null, code?: string, detail?: RegExp];

const of = (action: any, extra: any = {}) => flow([trigger(), action], extra);
const on = (config: any) => flow([trigger(config)]);
const active = (config: any) => flow([trigger(config)], { status: "active" });
const set = (extra: any) => flow(undefined, extra);
const broken = { properties: [{ key: DOES_NOT_COMPILE, type: "hogql" }] };
const cohort = { properties: [{ key: "id", type: "cohort", value: 3, operator: "in" }] };
const input = (inputs: any) => of(webhook(inputs));
const delay = (config: any) => of(step("delay", config));
const wait = (config: any) => of(step("wait_until_condition", config));
const slack = (properties: any[]) => ({
  type: "internal-event",
  filters: { events: [event("$slack_message_received")], properties },
});
const github = (properties: any[]) => ({
  type: "internal-event",
  filters: { events: [event("$github_event_received")], properties },
});
const prop = (key: string, value: unknown, operator = "exact") => ({ key, value, operator, type: "event" });

const ALWAYS: Row[] = [
  [{ name: "x" }, "actions", "required"],
  [set({ actions: {} }), "actions", "not_a_list"],
  [set({ actions: null }), "actions", "null"],
  [flow([trigger(), "x"]), "actions__1__non_field_errors", "invalid_input", /Expected a dictionary, but got str/],
  [flow([trigger(), null]), "actions__1", "null"],
  [flow([]), "actions", "invalid_input", /^Exactly one trigger action is required$/],
  [flow([trigger(), exit, { ...exit }]), "actions", "invalid_input", /^Duplicate action id\(s\): exit_node$/],
  [of(step("nope", {})), "actions__1__type", "invalid_input", /^Unsupported action type "nope"\..* Valid types are: /],
  [of({ ...exit, id: " " }), "actions__1__id", "blank"],
  [of({ ...exit, id: "i".repeat(201) }), "actions__1__id", "max_length"],
  [of({ ...exit, name: true }), "actions__1__name", "invalid_input", /^Not a valid string\.$/],
  [of({ ...exit, name: "a\0b" }), "actions__1__name", "null_characters_not_allowed"],
  [of({ ...exit, on_error: "" }), "actions__1__on_error", "invalid_choice"],
  [of({ ...exit, created_at: "2030-01-01" }), "actions__1__created_at", "invalid_input"],
  [
    of({ ...exit, filters: broken }),
    "actions__1__filters__non_field_errors",
    "invalid_input",
    /^Invalid filter configuration: /,
  ],
  [of({ ...exit, filters: "x" }), "actions__1__filters__non_field_errors"],
  [of({ ...exit, filters: { events: "x" } }), "actions__1__filters__events", "not_a_list"],
  [of({ ...exit, filters: { properties: ["x"] } }), "actions__1__filters__properties__0", "not_a_dict"],
  [of({ ...exit, filters: { source: "x" } }), "actions__1__filters__source", "invalid_choice"],
  [of({ ...exit, output_variable: "" }), "actions__1__output_variable"],
  [set({ edges: "x" }), "edges", "not_a_list"],
  [set({ edges: [{ from: "a", to: "b" }] }), "edges__0__type", "required"],
  [set({ edges: [edge("a", "b", { index: null })] }), "edges__0__index", "null"],
  [set({ status: "" }), "status", "invalid_choice", /^"" is not a valid choice\.$/],
  [set({ exit_condition: "x" }), "exit_condition", "invalid_choice"],
  [set({ origin_product: "x" }), "origin_product", "invalid_choice"],
  [set({ source_record: "Bad" }), "source_record"],
  [set({ description: null }), "description", "null"],
  [set({ name: true }), "name"],
  [set({ variables: {} }), "variables__non_field_errors", "not_a_list"],
  [set({ variables: null }), "variables", "null"],
  [
    set({ variables: [{ key: "a" }, { key: "a" }] }),
    "variables__non_field_errors",
    "invalid_input",
    /^Variable keys must be unique$/,
  ],
  [set({ variables: [{ a: "x" }, { b: "y" }] }), "variables__non_field_errors"],
  [set({ variables: [{ key: "a", default: "é".repeat(900) }] }), "variables__non_field_errors", "invalid_input", /5KB/],
  [set({ variables: [{ key: "a", default: true }] }), "variables", "{'default': ['invalid']}"],
  [set({ variables: [{ key: "a" }, { key: "b", default: true }] }), "variables", "{}"],
  [set({ conversion: { filters: null } }), "conversion__filters", "null"],
  [set({ conversion: { events: null } }), "conversion__events", "null"],
  [set({ conversion: { events: [{ filters: null }] } }), "conversion__events__0__filters", "null"],
  [set({ conversion: { window: "" } }), "conversion__window", "blank"],
  [set({ conversion: { window: "9".repeat(33) } }), "conversion__window", "max_length"],
  [set({ conversion: { window: "P7D" } }), "conversion__window", "invalid_input", /pattern/],
  [set({ conversion: { window: "366d" } }), "conversion__window", "invalid_input", /365d/],
  [set({ conversion: { filters: broken.properties } }), null, "invalid_input", /^Invalid filter configuration: /],
  [set({ conversion: { events: [{ filters: { ...broken, events: [event()] } }] } }), null],
  [set({ conversion: { events: [{ filters: { events: [event()], source: "x" } }] } }), "source", "invalid_choice"],
  [set({ trigger_masking: { hash: " " } }), "trigger_masking__hash", "blank"],
  [set({ trigger_masking: { hash: "x", ttl: 1.5 } }), "trigger_masking__ttl", "invalid_input"],
  [set({ email_sending_rate_limit: { count: 0, period: "hour" } }), "email_sending_rate_limit__count", "min_value"],
  // The server's field order decides which of several errors is told.
  [{ actions: null, edges: null, status: "x", name: true }, "name"],
  [{ actions: null, edges: null }, "edges", "null"],
];

const STEPS: Row[] = [
  [delay({}), "actions__1__config", "invalid_input", /^delay_duration must be a duration string such as '30s'/],
  [delay({ delay_duration: " 5m" }), "actions__1__config"],
  [delay({ delay_duration: "5m", delay_until: { expression: "x" } }), "actions__1__config"],
  [delay({ delay_until: "x" }), "actions__1__config"],
  [delay({ delay_until: { expression: " " } }), "actions__1__config", "invalid_input", /expression/],
  [delay({ delay_until: { expression: "a(" } }), "actions__1__config", "invalid_input", /expression/],
  [delay({ delay_until: { expression: "a", offset: "" } }), "actions__1__config", "invalid_input", /offset/],
  [
    delay({ delay_until: { expression: "a", use_person_timezone: "yes" } }),
    "actions__1__config",
    "invalid_input",
    /use_person_timezone/,
  ],
  [delay({ delay_until: { expression: "a", timezone: "utc" } }), "actions__1__config", "invalid_input", /IANA/],
  [wait({ max_wait_duration: "1w" }), "actions__1__config", "invalid_input", /max_wait_duration/],
  [
    wait({ condition: { filters: null }, conditions: [] }),
    "actions__1__config",
    "invalid_input",
    /^Cannot specify both/,
  ],
  [
    wait({ condition: { filters: { properties: [{ key: "now() > 1", type: "hogql" }] } } }),
    "actions__1__config",
    "invalid_input",
    /current time/,
  ],
  [wait({ events: [{ filters: { events: [event()], ...broken } }] }), "actions__1__non_field_errors"],
  [of(step("conditional_branch", {})), "actions__1__config", "invalid_input", /conditions/],
  [of(step("conditional_branch", { conditions: [{}] })), "actions__1__config", "invalid_input", /filters/],
  [
    of(step("conditional_branch", { conditions: [{ filters: { properties: "x" } }] })),
    "actions__1__properties",
    "not_a_list",
  ],
  [
    of(step("conditional_branch", { conditions: [{ filters: cohort }] })),
    "actions__1__non_field_errors",
    "invalid_input",
    /cohort id=3/,
  ],
  [
    of(step("conditional_branch", { conditions: [{ filters: { events: [] } }] })),
    "actions__1__non_field_errors",
    "invalid_input",
    /^Event filters are not allowed/,
  ],
  [
    of(step("conditional_branch", { conditions: [], delay_duration: "1h" })),
    "actions__1__config",
    "invalid_input",
    /not supported on conditional_branch.*use a wait step/,
  ],
  [
    of(step("random_cohort_branch", { cohorts: [{ percentage: "5" }] })),
    "actions__1__config",
    "invalid_input",
    /percentage/,
  ],
  [of(step("function", { template_id: "nope" })), "actions__1__template_id", "invalid_input", /^Template not found$/],
  [
    of(step("function", { template_id: "0199aabb-ccdd-0000-1122-334455667788" })),
    "actions__1__template_id",
    "invalid_input",
    /^Template not found\. .*not a UUID/,
  ],
  [
    of(
      step("function", {
        template_id: "template-posthog-create-task",
        inputs: { prompt: { value: "x" }, repository: { value: "app" } },
      }),
    ),
    "actions__1__inputs__repository",
    "invalid_input",
    /organization\/repo/,
  ],
  [
    of(
      step("function", {
        template_id: "template-posthog-create-task",
        inputs: { prompt: { value: "x" }, max_parallel_tasks: { value: 0 } },
      }),
    ),
    "actions__1__inputs__max_parallel_tasks",
    "invalid_input",
    /between 1 and 100/,
  ],
  [
    of(step("function_sms", { template_id: "template-email" })),
    "actions__1__template_id",
    "invalid_input",
    /literal 'template-twilio'/,
  ],
  [
    of(
      step("function_email", {
        template_id: "0199aabb-ccdd-0000-1122-334455667788",
        template_uuid: "0199aabb-ccdd-0000-1122-334455667799",
      }),
    ),
    "actions__1__template_id",
    "invalid_input",
    /^Ambiguous/,
  ],
  [of(mail({ subject: "", text: "" }, { template_uuid: "nope" })), "actions__1__template_uuid"],
  [of(step("function_email", {})), "actions__1__inputs__email", "invalid_input", /^Missing value for 'subject'\.$/],
  [
    of(mail({ from: undefined, subject: "" })),
    "actions__1__inputs__email",
    "invalid_input",
    /^Missing values for 'from', 'subject'\.$/,
  ],
  [of(step("function", { template_id: "template-webhook", inputs: null })), "actions__1__inputs", "null"],
  [of(step("function", { template_id: "template-webhook", inputs: [] })), "actions__1__inputs", "not_a_dict"],
  [input({ url: {} }), "actions__1__inputs__url", "invalid_input", /^This field is required\.$/],
  [input({ url: "x" }), "actions__1__inputs__url__non_field_errors"],
  [input({ url: { value: null } }), "actions__1__inputs__url__value", "null"],
  [input({ url: { value: "x", templating: "jinja" } }), "actions__1__inputs__url__templating", "invalid_choice"],
  [input({ url: { value: "{{ x }}" } }), "actions__1__inputs__url", "invalid_input", /^Invalid template: /],
  [input({ url: { value: "{event." } }), "actions__1__inputs__url", "invalid_input", /^Invalid template: /],
  [
    input({ url: { value: "{distinct_id}" } }),
    "actions__1__inputs__url",
    "invalid_input",
    /Variable not available in inputs: distinct_id/,
  ],
  [
    input({ debug: { value: "x", templating: "liquid" } }),
    "actions__1__inputs__debug",
    "invalid_input",
    /^Liquid templating/,
  ],
  [input({ headers: { value: "x" } }), "actions__1__inputs__headers", "invalid_input", /dictionary/],
  [
    input({ url: { value: "{inputs.method}" }, method: { value: "{inputs.url}" } }),
    "actions__1__inputs",
    "invalid_input",
    /^Circular/,
  ],
  [
    input({ signing_secret: { secret: true } }),
    "actions__1__inputs__signing_secret",
    "invalid_input",
    /^No value is saved/,
  ],
];

const TRIGGERS: Row[] = [
  [on({}), "actions__0__config", "invalid_input", /^Invalid trigger type/],
  [on({ type: "event", filters: [] }), "actions__0__filters", "invalid_input", /^Filters must be a dictionary\.$/],
  [on({ type: "event", filters: { events: [event()], ...broken } }), "actions__0__non_field_errors"],
  [active({ type: "event" }), "actions__0__filters", "invalid_input", /^Pick at least one event or property filter/],
  [active({ type: "event", filters: { source: "person-updates", events: [event()] } }), "actions__0__filters"],
  [on({ type: "batch" }), "actions__0__filters", "invalid_input", /^Filters are required for batch triggers\.$/],
  [on({ type: "batch", filters: {} }), "actions__0__filters", "invalid_input", /required/],
  [
    on({ type: "batch", filters: { properties: {} } }),
    "actions__0__filters__properties",
    "invalid_input",
    /^Properties must be an array\.$/,
  ],
  [
    on({ type: "batch", filters: { audience_type: "x" } }),
    "actions__0__filters__audience_type",
    "invalid_input",
    /^Must be 'persons' or 'accounts'\.$/,
  ],
  [on({ type: "batch", filters: { events: [event()] } }), "actions__0__filters"],
  [active({ type: "data-warehouse-view" }), "actions__0__table_name", "invalid_input", /table name is required/],
  [
    on({ type: "internal-event", filters: { events: [event("x")] } }),
    "actions__0__filters",
    "invalid_input",
    /^These events cannot trigger a workflow: x/,
  ],
  [on({ type: "internal-event", filters: {} }), "actions__0__filters"],
  [active(slack([])), "actions__0__filters", "invalid_input", /Slack channel/],
  [active(github([prop("event_type", ["x"])])), "actions__0__filters", "invalid_input", /repository/],
  [active(github([prop("repository", ["a/b"])])), "actions__0__filters", "invalid_input", /event/],
  [on({ type: "webhook" }), "actions__0__template_id", "invalid_input", /template-source-webhook/],
  [
    flow([trigger({ type: "data-warehouse-table", table_name: "t" }), step("wait_until_condition", {})], {
      status: "active",
    }),
    "actions",
    "invalid_input",
    /rely on person data/,
  ],
  [
    flow(
      [
        trigger(slack([prop("channel", ["C1"])])),
        step("wait_until_condition", { condition: { filters: { properties: [person()] } } }),
      ],
      { status: "active" },
    ),
    "actions",
    "invalid_input",
    /rely on person data, which a internal-event trigger has none of: wait_until_condition$/,
  ],
];

describe.each([
  ["always", ALWAYS],
  ["steps", STEPS],
  ["triggers", TRIGGERS],
])("%s", (_name, rows) => {
  it.each(rows.map((row, i) => [`${i}: ${row[1]} ${row[2] ?? ""}`, row] as const))(
    "%s",
    async (_title, [body, attr, code = "invalid_input", detail = /./]) => {
      expect(await post(body)).toMatchObject({
        status: 400,
        body: { type: "validation_error", attr, code, detail: expect.stringMatching(detail) },
      });
    },
  );
});

describe("what is accepted", () => {
  it.each([
    ["warehouse drafts as sent", on({ type: "data-warehouse-table", filters: broken })],
    ["a Slack draft without channel", on(slack([]))],
    ["a schedule trigger with nothing else", on({ type: "schedule" })],
    ["no conditions", of(step("conditional_branch", { conditions: [] }))],
    ["odd percentages", of(step("random_cohort_branch", { cohorts: [{ percentage: -1 }, { percentage: true }] }))],
    ["dangling and double edges", set({ edges: [edge("a", "b"), edge("a", "b")] })],
    ["an unknown input reference", input({ url: { value: "{inputs.nope}" } })],
    ["an empty dictionary", input({ headers: { value: {} } })],
    ["an email that is empty as a whole", of({ ...mail(), config: { inputs: { email: { value: {} } } } })],
    [
      "lambdas and literals in templates",
      input({ url: { value: "{arrayMap(x -> x.id, event.properties.list)}{'}'}{1 + 2}" } }),
    ],
    [
      "any known template for a webhook trigger",
      on({ type: "webhook", template_id: "template-webhook", inputs: { url: { value: "x" } } }),
    ],
    ["2000 steps", flow([trigger(), ...Array.from({ length: 2000 }, (_, i) => ({ ...exit, id: `e${i}` }))])],
    ["a batch audience", flow([batch({ audience_type: "persons", properties: [person()] })])],
  ])("%s", async (_name, body) => {
    expect((await post(body)).status).toBe(201);
  });
});

describe("what makes the server fail", () => {
  it.each([
    ["a config that is a list", of(step("delay", []))],
    ["a condition entry that is no object", of(step("conditional_branch", { conditions: ["x"] }))],
    ["a condition that is text", wait({ condition: "x" })],
    ["wait events as text", wait({ events: "x" })],
    ["conversion event filters that are no object", set({ conversion: { events: [{ filters: "x" }] } })],
    ["an email input as text", of({ ...mail(), config: { inputs: { email: "x" } } })],
    ["a hash that does not compile", set({ trigger_masking: { hash: "{" } })],
  ])("%s", async (_name, body) => {
    expect(await post(body)).toMatchObject({
      status: 500,
      body: { type: "server_error", code: "error", detail: "A server error occurred.", attr: null },
    });
  });

  it("a base_updated_at that is a number or an impossible date", async () => {
    const { id } = await used.api.create();
    for (const base_updated_at of [5, "2030-02-31T00:00:00Z"])
      expect((await used.api("PATCH", `/${id}`, { base_updated_at })).status).toBe(500);
    for (const base_updated_at of [null, "soon"])
      expect((await used.api("PATCH", `/${id}`, { base_updated_at })).status).toBe(200);
  });

  it("a PATCH with incomplete objects is stored and keeps the flow unreadable until it is replaced", async () => {
    for (const change of [{ actions: [trigger(), { id: "x", name: "x", type: "exit" }] }, { edges: [{ from: "a" }] }]) {
      const { id } = await used.api.create();
      expect((await used.api("PATCH", `/${id}`, change)).status).toBe(500);
      expect((await used.api("GET", `/${id}`)).status).toBe(500);
      expect((await used.api("GET", `?id=${id}`)).body.count).toBe(1);
      expect(used.emulator.flow(id)).toMatchObject(change);
      expect((await used.api("PUT", `/${id}`, flow(undefined, { edges: [] }))).status).toBe(200);
    }
  });

  it("other incomplete objects are refused and not stored", async () => {
    const { id } = await used.api.create();
    for (const [change, status] of [
      [{ actions: [trigger(), { id: "w", name: "w", type: "wait_until_condition" }] }, 500],
      [{ actions: [{ id: "t", name: "t", type: "trigger" }] }, 400],
      [{ trigger_masking: { ttl: 60 } }, 500],
      [{ email_sending_rate_limit: { count: 1 } }, 400],
    ] as const) {
      expect((await used.api("PATCH", `/${id}`, change)).status).toBe(status);
      expect((await used.api("GET", `/${id}`)).status).toBe(200);
    }
  });
});
