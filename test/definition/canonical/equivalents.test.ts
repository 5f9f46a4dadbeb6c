// Which forms of a flow are one and the same (API §2.3, by row), and which are real edits.
import { describe, expect, it } from "vitest";
import { canonical } from "../../../definition/canonical/canonical";
import { decode, keyed, SERVER_KEYS } from "../../../definition/canonical/decode";
import { encode } from "../../../definition/canonical/encode";
import type { Reports } from "../../../definition/canonical/structure";
import type { Dict } from "../../../definition/canonical/values";
import { canonicalOf } from "./support";

// Flows of the wire, by the part that matters.
const TRIGGER = {
  id: "t",
  name: "T",
  type: "trigger",
  config: { type: "manual", template_id: "template-source-webhook", inputs: {} },
};
const flow = (more: Dict = {}): Dict => ({ name: "F", actions: [TRIGGER], edges: [], ...more });
const trigger = (config: Dict, more: Dict = {}): Dict => flow({ actions: [{ ...TRIGGER, config }], ...more });
const step = (type: string, config: unknown, more: Dict = {}): Dict =>
  flow({ actions: [TRIGGER, { id: "s", name: "S", type, config, ...more }] });
const email = (value: Dict, config: Dict = {}): Dict =>
  step("function_email", {
    template_id: "template-email",
    inputs: { email: { value, templating: "liquid" } },
    ...config,
  });
const branch = (filters: unknown): Dict => step("conditional_branch", { conditions: [{ filters }] });
const wait = (config: Dict): Dict => step("wait_until_condition", { max_wait_duration: "1h", ...config });
const edges = (...list: Dict[]): Dict =>
  flow({
    actions: [
      TRIGGER,
      { id: "a", name: "A", type: "exit", config: {} },
      { id: "b", name: "B", type: "exit", config: {} },
    ],
    edges: list,
  });
const event = (id: unknown, more: Dict = {}): Dict => ({ id, ...more });
const EVENTS = { events: [event("x")] };
const UUID = "0198aaaa-bbbb-4ccc-8ddd-eeeeffff0000";
const property = (more: Dict): Dict => ({ key: "plan", value: ["pro"], type: "event", ...more });
const generatedDesign = (html: string): Dict => ({
  schemaVersion: 16,
  counters: {},
  body: {
    id: "body",
    rows: [{ cells: [1], columns: [{ contents: [{ type: "html", values: { html } }] }] }],
    values: {},
  },
});

const wrappedDesign = (html: string): Dict => ({
  schemaVersion: 16,
  counters: { u_row: 1 },
  body: {
    id: "html-wrap-body",
    rows: [
      {
        id: "html-wrap-row",
        cells: [1],
        columns: [
          {
            id: "html-wrap-column",
            contents: [{ id: "html-wrap-content", type: "html", values: { html } }],
            values: {},
          },
        ],
        values: {},
      },
    ],
    values: {},
  },
});

const EQUAL: [string, Dict, Dict][] = [
  [
    "a test without a value, which the editor gives its operator",
    branch({ properties: [property({ operator: "is_set", value: "is_set" })] }),
    branch({ properties: [{ key: "plan", type: "event", operator: "is_set" }] }),
  ],
  ["1 the copy of the trigger", flow(), flow({ trigger: { type: "event", anything: 1 } })],
  [
    "2, 3 what the server keeps",
    flow(),
    flow(Object.fromEntries([...SERVER_KEYS].map((key) => [key, "made by PostHog"]))),
  ],
  [
    "4 the exit condition of rows",
    trigger({ type: "data-warehouse-table", table_name: "x" }),
    trigger({ type: "data-warehouse-table", table_name: "x" }, { exit_condition: "exit_only_at_end" }),
  ],
  [
    "4 the exit condition of internal events",
    trigger({ type: "internal-event", filters: EVENTS }),
    trigger({ type: "internal-event", filters: EVENTS }, { exit_condition: "exit_only_at_end" }),
  ],
  ["the default exit condition", flow(), flow({ exit_condition: "exit_on_conversion" })],
  [
    "5 defaults of a step",
    step("delay", { delay_duration: "1h" }),
    step("delay", { delay_duration: "1h" }, { description: "", on_error: null, filters: null, output_variable: null }),
  ],
  [
    "going on after an error, written out",
    step("function", { template_id: "x" }),
    step("function", { template_id: "x" }, { on_error: "continue" }),
  ],
  [
    "5 the editor's stamps",
    step("delay", { delay_duration: "1h" }),
    step("delay", { delay_duration: "1h" }, { created_at: 5, updated_at: 6 }),
  ],
  [
    "6 a bare output variable",
    step("function", { template_id: "x" }, { output_variable: "a" }),
    step("function", { template_id: "x" }, { output_variable: { key: "a" } }),
  ],
  [
    "6 inside a list",
    step("function", { template_id: "x" }, { output_variable: ["a"] }),
    step("function", { template_id: "x" }, { output_variable: [{ key: "a", spread: false }] }),
  ],
  [
    "7 what the compiler adds",
    branch({ properties: [property({})] }),
    branch({
      properties: [property({})],
      source: "events",
      bytecode: ["_H"],
      bytecode_contract: 1,
      bytecode_error: "x",
      transpiled: "x",
    }),
  ],
  [
    "7 empty members of a filter",
    branch({}),
    branch({
      source: "events",
      events: [],
      actions: [],
      properties: [],
      filter_test_accounts: false,
      data_warehouse: [],
    }),
  ],
  ["7 test accounts as text", branch({ filter_test_accounts: true }), branch({ filter_test_accounts: "true" })],
  ["7 warehouse tables of events", branch({}), branch({ data_warehouse: [{ name: "x" }] })],
  [
    "7 events of a person filter",
    branch({ source: "person-updates" }),
    branch({ source: "person-updates", ...EVENTS, actions: [event(1)] }),
  ],
  [
    "7 a table that nobody chose",
    branch({ source: "data-warehouse-table" }),
    branch({ source: "data-warehouse-table", data_warehouse: [{ name: "Select a table" }] }),
  ],
  [
    "the usual operator",
    branch({ properties: [property({})] }),
    branch({ properties: [property({ operator: "exact" })] }),
  ],
  [
    "labels, types and places of events",
    trigger({ type: "event", filters: EVENTS }),
    trigger({
      type: "event",
      filters: { events: [event("x", { name: "x", type: "events", order: 0, properties: [] })] },
    }),
  ],
  [
    "no label at all",
    trigger({ type: "event", filters: { events: [event(null)] } }),
    trigger({ type: "event", filters: { events: [event(null, { name: null })] } }),
  ],
  [
    "8 test accounts beside the filters",
    trigger({ type: "event", filters: { ...EVENTS, filter_test_accounts: true } }),
    trigger({ type: "event", filters: EVENTS, filter_test_accounts: true }),
  ],
  [
    "8 no choice beside the filters",
    trigger({ type: "event", filters: EVENTS }),
    trigger({ type: "event", filters: EVENTS, filter_test_accounts: null }),
  ],
  [
    "9 the source of internal events",
    trigger({ type: "internal-event", filters: EVENTS }),
    trigger({ type: "internal-event", filters: { ...EVENTS, source: "internal-events" } }),
  ],
  [
    "9 the label of a Slack channel",
    trigger({ type: "internal-event", filters: { properties: [property({ key: "channel", value: ["C1"] })] } }),
    trigger({ type: "internal-event", filters: { properties: [property({ key: "channel", value: ["C1|general"] })] } }),
  ],
  [
    "9 the case of a repository",
    trigger({ type: "internal-event", filters: { properties: [property({ key: "repository", value: "acme/app" })] } }),
    trigger({
      type: "internal-event",
      filters: { properties: [property({ key: "repository", value: "Acme/App", operator: "exact" })] },
    }),
  ],
  [
    "9 the case of a repository in the GitHub event",
    trigger({
      type: "internal-event",
      filters: {
        events: [
          event("$github_event_received", { properties: [property({ key: "repository", value: ["acme/app"] })] }),
        ],
      },
    }),
    trigger({
      type: "internal-event",
      filters: {
        events: [
          event("$github_event_received", { properties: [property({ key: "repository", value: ["Acme/App"] })] }),
        ],
      },
    }),
  ],
  [
    "10 the source of rows",
    trigger({ type: "data-warehouse-view", table_name: "x" }),
    trigger({
      type: "data-warehouse-view",
      table_name: "x",
      filters: { source: "data-warehouse-view", properties: [], ...EVENTS },
    }),
  ],
  [
    "11 what the compiler adds to inputs",
    step("function", { template_id: "x", inputs: { url: { value: 1 } } }),
    step("function", { template_id: "x", inputs: { url: { value: 1, order: 3, bytecode: [], bytecode_contract: 1 } } }),
  ],
  [
    "11 no inputs",
    step("function", { template_id: "x" }),
    step("function", { template_id: "x", inputs: {}, mappings: [] }),
  ],
  ["12 the one template of e-mail", email({ subject: "x" }, { template_id: undefined }), email({ subject: "x" })],
  ["12 an empty template", email({ subject: "x" }, { template_id: "" }), email({ subject: "x" })],
  [
    "12 a UUID as template",
    email({ subject: "x" }, { template_id: `{${UUID.toUpperCase()}}` }),
    email({ subject: "x" }, { template_uuid: UUID }),
  ],
  [
    "12 a UUID without hyphens",
    step("function_sms", { template_id: UUID.replaceAll("-", "") }),
    step("function_sms", { template_id: "template-twilio", template_uuid: UUID }),
  ],
  [
    "14 the generated design",
    email({ html: "<p>x</p>" }),
    email({ html: "<p>x</p>", design: generatedDesign("<p>x</p>") }),
  ],
  ["14 an empty design", email({ html: "<p>x</p>" }), email({ html: "<p>x</p>", design: {} })],
  ["14 no design", email({ html: "<p>x</p>" }), email({ html: "<p>x</p>", design: null })],
  [
    "14 the generated design with the other id",
    email({ html: "<p>x</p>" }),
    email({ html: "<p>x</p>", design: wrappedDesign("<p>x</p>") }),
  ],
  [
    "empty parts of an e-mail",
    email({ from: { integrationId: 7 }, to: { email: "a@example.com" } }),
    email({
      from: { integrationId: 7, email: "", name: "" },
      to: { email: "a@example.com", name: "" },
      preheader: "",
      cc: "",
      bcc: "",
      replyTo: "",
    }),
  ],
  [
    "the one sender as a list",
    email({ from: { integrationId: 7 } }),
    email({ from: { integrationId: 7, integrationIds: [7] } }),
  ],
  [
    "the editor's marks of an event",
    trigger({ type: "event", filters: EVENTS }),
    trigger({ type: "event", filters: { events: [event("x", { uuid: UUID, custom_name: null })] } }),
  ],
  [
    "the editor's marks of an event that a step waits for",
    wait({ events: [{ filters: EVENTS }] }),
    wait({ events: [{ filters: { events: [event("x", { uuid: UUID, custom_name: "X" })] } }] }),
  ],
  [
    "the editor's marks of a PostHog action",
    branch({ actions: [event(1)] }),
    branch({ actions: [event(1, { uuid: UUID })] }),
  ],
  [
    "the editor's marks of a goal",
    flow({ conversion: { events: [{ filters: EVENTS }] } }),
    flow({ conversion: { events: [{ filters: { events: [event("x", { uuid: UUID })] } }] } }),
  ],
  [
    "18 no window in the old unit",
    flow({ conversion: { events: [{ filters: EVENTS }] } }),
    flow({ conversion: { events: [{ filters: EVENTS }], window_minutes: null } }),
  ],
  ["15 no condition", wait({}), wait({ condition: null })],
  ["15 a condition without a filter", wait({}), wait({ condition: { filters: null } })],
  ["15 an empty condition", wait({}), wait({ condition: {} })],
  ["16 no events", wait({}), wait({ events: [] })],
  ["16 events without a target", wait({}), wait({ events: [{ name: "x", filters: { properties: [property({})] } }] })],
  [
    "16 events that the source drops",
    wait({}),
    wait({ events: [{ filters: { source: "person-updates", ...EVENTS } }] }),
  ],
  [
    "17 the compiled moment",
    step("delay", { delay_until: { expression: "x" } }),
    step("delay", { delay_until: { expression: "x", bytecode: [], bytecode_error: "x", use_person_timezone: false } }),
  ],
  [
    "18 a goal as it comes back",
    flow({ conversion: { window: "7d" } }),
    flow({ conversion: { window: " 7d ", filters: [], events: [], bytecode: [] } }),
  ],
  [
    "18 goals without a target",
    flow({ conversion: {} }),
    flow({ conversion: { window: null, events: [{ filters: {} }] } }),
  ],
  [
    "19 masking as it comes back",
    flow({ trigger_masking: { hash: "{x}" } }),
    flow({ trigger_masking: { hash: " {x} ", ttl: null, threshold: null, bytecode: [] } }),
  ],
  [
    "20 values of variables",
    flow({ variables: [{ key: "a", default: "5" }] }),
    flow({ variables: [{ key: " a ", default: 5 }] }),
  ],
  [
    "20 their white space",
    flow({ variables: [{ key: "a", label: "A" }] }),
    flow({ variables: [{ key: "a", label: " A " }] }),
  ],
  [
    "21 keys and white space of edges",
    edges({ from: "t", to: "a", type: "continue" }),
    edges({ from: " t ", to: "a\n", type: "continue", label: "x" }),
  ],
  [
    "21 an index as text",
    edges({ from: "t", to: "a", type: "branch", index: 0 }),
    edges({ from: "t", to: "a", type: "branch", index: "0" }),
  ],
  ["2.6 no edges in a list row", flow(), flow({ edges: {} })],
  [
    "24 unknown keys at the top and of steps",
    step("delay", { delay_duration: "1h" }),
    { ...step("delay", { delay_duration: "1h" }, { new_key: 1 }), new_key: 1 },
  ],
  ["2.2 white space of names", flow({ description: "x" }), flow({ name: " F ", description: "x\n" })],
  ["an exit without a reason", step("exit", {}), step("exit", { reason: null })],
  [
    "the order of edges",
    edges({ from: "t", to: "a", type: "branch", index: 0 }, { from: "t", to: "b", type: "continue" }),
    edges({ from: "t", to: "b", type: "continue" }, { from: "t", to: "a", type: "branch", index: 0 }),
  ],
];

const DIFFERENT: [string, Dict, Dict][] = [
  [
    "a test without a value that has another one",
    branch({ properties: [property({ operator: "is_set", value: "is_not_set" })] }),
    branch({ properties: [{ key: "plan", type: "event", operator: "is_set" }] }),
  ],
  [
    "the text of an audience",
    trigger({
      type: "batch",
      filters: { properties: [property({ operator: "is_set", value: "is_set", type: "person" })] },
    }),
    trigger({ type: "batch", filters: { properties: [{ key: "plan", type: "person", operator: "is_set" }] } }),
  ],
  ["a title", flow(), flow({ name: "G" })],
  ["a description", flow(), flow({ description: "x" })],
  ["another exit condition", flow(), flow({ exit_condition: "exit_only_at_end" })],
  ["another duration", step("delay", { delay_duration: "1h" }), step("delay", { delay_duration: "60m" })],
  [
    "the label of a condition",
    step("conditional_branch", { conditions: [{ name: "A", filters: {} }] }),
    step("conditional_branch", { conditions: [{ name: "B", filters: {} }] }),
  ],
  [
    "the order of conditions",
    step("conditional_branch", { conditions: [{ name: "A" }, { name: "B" }] }),
    step("conditional_branch", { conditions: [{ name: "B" }, { name: "A" }] }),
  ],
  [
    "a value of a property",
    branch({ properties: [property({})] }),
    branch({ properties: [property({ value: ["free"] })] }),
  ],
  [
    "the case of a property",
    branch({ properties: [property({ key: "repository", value: ["A"] })] }),
    branch({ properties: [property({ key: "repository", value: ["a"] })] }),
  ],
  [
    "the case of a repository with another operator",
    trigger({
      type: "internal-event",
      filters: { properties: [property({ key: "repository", value: "A", operator: "icontains" })] },
    }),
    trigger({
      type: "internal-event",
      filters: { properties: [property({ key: "repository", value: "a", operator: "icontains" })] },
    }),
  ],
  [
    "the label of an event",
    trigger({ type: "event", filters: EVENTS }),
    trigger({ type: "event", filters: { events: [event("x", { name: "Label" })] } }),
  ],
  [
    "the place of an event",
    trigger({ type: "event", filters: EVENTS }),
    trigger({ type: "event", filters: { events: [event("x", { order: 4 })] } }),
  ],
  [
    "any event",
    trigger({ type: "event", filters: { events: [event(null)] } }),
    trigger({ type: "event", filters: { events: [event("null")] } }),
  ],
  ["the stream of a filter", branch({}), branch({ source: "person-updates" })],
  ["test accounts", branch({}), branch({ filter_test_accounts: true })],
  [
    "the language of an input",
    step("function", { template_id: "x", inputs: { a: { value: 1 } } }),
    step("function", { template_id: "x", inputs: { a: { value: 1, templating: "hog" } } }),
  ],
  [
    "white space in an input",
    step("function", { template_id: "x", inputs: { a: { value: "x" } } }),
    step("function", { template_id: "x", inputs: { a: { value: "x " } } }),
  ],
  [
    "false in an input",
    step("function", { template_id: "x", inputs: { a: { value: false } } }),
    step("function", { template_id: "x", inputs: {} }),
  ],
  [
    "null inside data",
    step("function", { template_id: "x", inputs: { a: { value: { b: null } } } }),
    step("function", { template_id: "x", inputs: { a: { value: {} } } }),
  ],
  [
    "a key of data that looks like one of ours",
    step("function", { template_id: "x", inputs: { distinct_id: { value: 1 } } }),
    step("function", { template_id: "x", inputs: { distinctId: { value: 1 } } }),
  ],
  ["an e-mail's text", email({ html: "<p>x</p>" }), email({ html: "<p>y</p>" })],
  [
    "a composed design",
    email({ html: "<p>x</p>" }),
    email({
      html: "<p>x</p>",
      design: { ...generatedDesign("<p>x</p>"), body: { rows: [{ columns: [{ contents: [] }] }] } },
    }),
  ],
  [
    "a design of other html",
    email({ html: "<p>x</p>" }),
    email({ html: "<p>x</p>", design: generatedDesign("<p>y</p>") }),
  ],
  [
    "a design of two blocks",
    email({ html: "x" }),
    email({
      html: "x",
      design: {
        schemaVersion: 16,
        body: { rows: [{ columns: [{ contents: [{ type: "html", values: { html: "x" } }, { type: "text" }] }] }] },
      },
    }),
  ],
  ["a design without html", email({ text: "x" }), email({ text: "x", design: {} })],
  [
    "ending after an error",
    step("function", { template_id: "x" }),
    step("function", { template_id: "x" }, { on_error: "abort" }),
  ],
  ["a recipient as text", email({ to: { email: "a@example.com" } }), email({ to: "a@example.com" })],
  [
    "the name of a recipient",
    email({ to: { email: "a@example.com" } }),
    email({ to: { email: "a@example.com", name: "A" } }),
  ],
  ["an empty address of a recipient", email({ to: {} }), email({ to: { email: "" } })],
  ["an empty html", email({ text: "x" }), email({ text: "x", html: "" })],
  ["an empty subject", email({ html: "x" }), email({ html: "x", subject: "" })],
  ["an address to reply to", email({ replyTo: "" }), email({ replyTo: "a@example.com" })],
  ["null as an address to reply to", email({}), email({ replyTo: null })],
  [
    "a second sender",
    email({ from: { integrationId: 7 } }),
    email({ from: { integrationId: 7, integrationIds: [7, 8] } }),
  ],
  [
    "a list with another sender",
    email({ from: { integrationId: 7 } }),
    email({ from: { integrationId: 7, integrationIds: [8] } }),
  ],
  [
    "the method of a webhook that is written out",
    trigger({ type: "webhook" }),
    trigger({ type: "webhook", inputs: { method: { value: "POST" } } }),
  ],
  [
    "the text of a push that is written out",
    step("function_push", { inputs: { title: { value: "x" } } }),
    step("function_push", { inputs: { title: { value: "x" }, body: { value: "" } } }),
  ],
  ["tracking that is switched off", email({}), email({}, { tracking_enabled: false })],
  ["tracking that is written out", email({}), email({}, { tracking_enabled: true })],
  [
    "an unknown key of config",
    step("delay", { delay_duration: "1h" }),
    step("delay", { delay_duration: "1h", new_key: null }),
  ],
  [
    "an unknown key deep in config",
    branch({ properties: [property({ odd: 1 })] }),
    branch({ properties: [property({ odd: 2 })] }),
  ],
  ["a goal", flow(), flow({ conversion: {} })],
  [
    "the threshold of masking",
    flow({ trigger_masking: { hash: "x" } }),
    flow({ trigger_masking: { hash: "x", threshold: 0 } }),
  ],
  [
    "an empty default of a variable",
    flow({ variables: [{ key: "a" }] }),
    flow({ variables: [{ key: "a", default: "" }] }),
  ],
  [
    "a step's id",
    step("delay", { delay_duration: "1h" }),
    flow({ actions: [TRIGGER, { id: "s2", name: "S", type: "delay", config: { delay_duration: "1h" } }] }),
  ],
  [
    "where an edge leads",
    edges({ from: "t", to: "a", type: "continue" }),
    edges({ from: "t", to: "b", type: "continue" }),
  ],
  [
    "the index of a branch",
    edges({ from: "t", to: "a", type: "branch", index: 0 }),
    edges({ from: "t", to: "a", type: "branch", index: 1 }),
  ],
  ["a dangling edge", edges(), edges({ from: "t", to: "ghost", type: "continue" })],
  [
    "a doubled edge",
    edges({ from: "t", to: "a", type: "continue" }),
    edges({ from: "t", to: "a", type: "continue" }, { from: "t", to: "a", type: "continue" }),
  ],
  [
    "the order of two edges of one kind",
    edges({ from: "t", to: "a", type: "continue" }, { from: "t", to: "b", type: "continue" }),
    edges({ from: "t", to: "b", type: "continue" }, { from: "t", to: "a", type: "continue" }),
  ],
  [
    "that order, dangling first",
    edges({ from: "t", to: "ghost", type: "continue" }, { from: "t", to: "b", type: "continue" }),
    edges({ from: "t", to: "b", type: "continue" }, { from: "t", to: "ghost", type: "continue" }),
  ],
  [
    "that order, after a gap",
    edges({ from: "t", to: "a", type: "branch", index: 2 }, { from: "t", to: "b", type: "branch", index: 2 }),
    edges({ from: "t", to: "b", type: "branch", index: 2 }, { from: "t", to: "a", type: "branch", index: 2 }),
  ],
  [
    "that order, with an index that continue edges have no use for",
    edges({ from: "t", to: "x", type: "continue", index: 3 }, { from: "t", to: "y", type: "continue" }),
    edges({ from: "t", to: "y", type: "continue" }, { from: "t", to: "x", type: "continue", index: 3 }),
  ],
];

describe("equal", () => {
  it.each(EQUAL)("%s", (_, a, b) => {
    expect(canonicalOf(b)).toEqual(canonicalOf(a));
    expect(encode(canonicalOf(b))).toEqual(encode(canonicalOf(a)));
  });
});

describe("different", () => {
  it.each(DIFFERENT)("%s", (_, a, b) => {
    expect(canonicalOf(b)).not.toEqual(canonicalOf(a));
    expect(encode(canonicalOf(b))).not.toEqual(encode(canonicalOf(a)));
    // And the difference survives the way there and back.
    expect(decode(encode(canonicalOf(b)))).toEqual(canonicalOf(b));
  });
});

it("a window in the old unit is no part of what PostHog answers, and an unknown key of a program", () => {
  const wire = flow({ conversion: { events: [{ filters: EVENTS }], window_minutes: 604800 } });
  expect(decode(wire)).toEqual(decode(flow({ conversion: { events: [{ filters: EVENTS }] } })));
  const unknown: string[] = [];
  const report = (conversion: Dict): void =>
    void canonical(
      { actions: {}, conversion },
      { unknownKey: ({ path, key }) => void unknown.push([...path, key].join(".")) },
    );
  report({ window_minutes: null });
  expect(unknown).toEqual([]);
  report({ window_minutes: 604800 });
  expect(unknown).toEqual(["conversion.window_minutes"]);
});

describe("a batch audience is kept word for word (API §5.5)", () => {
  const audiences: Dict[] = [
    { properties: [] },
    { properties: [], audience_type: "persons" },
    { properties: [], filter_test_accounts: false },
    { properties: [{ key: "a", value: ["x"], operator: "exact", type: "person" }] },
    { properties: [{ key: "a", value: ["x"], type: "person" }] },
    {
      properties: [{ key: "a", value: null, type: "person", group_type_index: null }],
      audience_type: null,
      tag_names: [],
      odd_key: { deep_key: null },
      bytecode: [],
    },
    { source: "events", properties: [], events: [] },
  ];
  it.each(audiences)("%j", (filters) => {
    const wire = trigger({ type: "batch", filters });
    const [sent] = encode(canonicalOf(wire))["actions"] as [{ config: { filters: unknown } }];
    expect(sent.config.filters).toEqual(filters);
    for (const other of audiences)
      if (other !== filters)
        expect(canonicalOf(trigger({ type: "batch", filters: other }))).not.toEqual(canonicalOf(wire));
  });
});

describe("unknown keys of config are kept both ways", () => {
  const odd = { newKey: { snake_key: [null, { camelKey: 1 }] }, new_key: null };
  it.each<[string, Dict]>([
    ["a delay", step("delay", { delay_duration: "1h", ...odd })],
    ["a condition", step("conditional_branch", { conditions: [{ filters: { ...odd }, ...odd }] })],
    ["a share", step("random_cohort_branch", { cohorts: [{ percentage: 1, ...odd }] })],
    [
      "a webhook trigger with filters",
      trigger({ type: "webhook", filters: { events: [{ id: "x" }], filter_test_accounts: true }, ...odd }),
    ],
    ["an unknown trigger", trigger({ type: "new-trigger", ...odd })],
    ["an unknown step", step("new_step", odd)],
  ])("%s", (_, wire) => {
    const [given] = (wire["actions"] as Dict[]).slice(-1);
    const [sent] = (encode(canonicalOf(wire))["actions"] as Dict[]).slice(-1);
    expect(sent!["config"]).toMatchObject(given!["config"] as Dict);
  });
});

describe("both spellings are one key (design L15)", () => {
  const keyedFlow = (config: Dict, more: Dict = {}, settings: Dict = {}): Dict =>
    canonical({ ...settings, actions: { s: { type: "delay", name: "S", config, ...more } } });
  const canonicalKeys = keyedFlow({ delayDuration: "1h" }, { onError: "abort" }, { exitCondition: "exit_only_at_end" });

  it.each<[string, Dict]>([
    ["in config", keyedFlow({ delay_duration: "1h" }, { onError: "abort" }, { exitCondition: "exit_only_at_end" })],
    [
      "of steps and flow",
      keyedFlow({ delayDuration: "1h" }, { on_error: "abort" }, { exit_condition: "exit_only_at_end" }),
    ],
    [
      "under extra, as before the key was known",
      keyedFlow(
        { delayDuration: "1h" },
        { extra: { on_error: "abort" } },
        { extra: { exit_condition: "exit_only_at_end" } },
      ),
    ],
    [
      "one of them absent",
      keyedFlow(
        { delayDuration: undefined, delay_duration: "1h" },
        { onError: null, on_error: "abort" },
        { exitCondition: undefined, exit_condition: "exit_only_at_end" },
      ),
    ],
  ])("%s", (_, other) => expect(other).toEqual(canonicalKeys));

  it("reports a key that is given in both", () => {
    const doubled: string[] = [];
    const reports: Reports = { doubled: (path) => doubled.push(path.join(".")) };
    canonical(
      {
        actions: {
          s: {
            type: "delay",
            name: "S",
            config: { delayDuration: "1h", delay_duration: "2h" },
            onError: "abort",
            extra: { on_error: "continue" },
          },
        },
      },
      reports,
    );
    expect(doubled.sort()).toEqual(["actions.s.config.delayDuration", "actions.s.onError"]);
  });

  it("keeps what is unknown under extra, and sends it", () => {
    const form = canonical({
      actions: { s: { type: "exit", name: "S", extra: { new_key: 1 } } },
      extra: { other_key: 2, actions: [] },
    });
    expect(form["extra"]).toEqual({ other_key: 2, actions: [] });
    expect(encode(form)).toMatchObject({ other_key: 2, actions: [{ id: "s", new_key: 1 }] });
    expect(decode({ ...encode(form), other_key: 3 }, form)["extra"]).toEqual({ other_key: 3 });
  });
});

describe("leftover", () => {
  const steps = {
    t: { type: "trigger", name: "T", config: { type: "manual" } },
    a: { type: "exit", name: "A" },
    b: { type: "exit", name: "B" },
  };
  const edge = (to: string, more: Dict = {}): Dict => ({ from: "t", to, type: "continue", ...more });

  it("edges that a step has room for belong into it", () => {
    expect(canonical({ actions: steps, leftover: { edges: [edge("a")] } })).toEqual(
      canonical({ actions: { ...steps, t: { ...steps.t, next: "a" } } }),
    );
    expect(
      canonical({
        actions: steps,
        leftover: { edges: [edge("b", { type: "branch", index: 1 }), edge("a", { type: "branch", index: 0 })] },
      }),
    ).toEqual(canonical({ actions: { ...steps, t: { ...steps.t, branches: ["a", "b"] } } }));
  });
  it("others stay, in one order", () => {
    const other = [edge("ghost"), edge("a"), edge("b", { type: "branch", index: 4 })];
    const form = canonical({ actions: steps, leftover: { edges: other } });
    expect(form["leftover"]).toEqual({ edges: [other[2], other[0], other[1]] });
    expect(decode(encode(form))).toEqual(form);
  });
  it("never takes the place of a way that is not known yet", () => {
    const unknown = { ...steps, t: { ...steps.t, next: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } };
    expect(canonical({ actions: unknown, leftover: { edges: [edge("a")] } })).toMatchObject({
      actions: unknown,
      leftover: { edges: [edge("a")] },
    });
  });
  it("holds variables and steps without a key of their own", () => {
    const wire = {
      ...flow(),
      actions: [TRIGGER, { ...TRIGGER, name: "Second" }, { type: "exit" }],
      variables: [{ key: "a" }, { key: "a", label: "again" }, { label: "none" }],
    };
    const form = canonical(keyed(wire));
    expect(form["leftover"]).toEqual({
      variables: [{ key: "a", label: "again" }, { label: "none" }],
      actions: [{ ...TRIGGER, name: "Second" }, { type: "exit" }],
    });
    expect(decode(encode(form))).toEqual(form);
  });
  it("never lets a variable change its key", () => {
    expect(encode({ actions: {}, variables: { a: { key: "b", default: "1" } } })["variables"]).toEqual([
      { key: "a", default: "1" },
    ]);
  });
});
