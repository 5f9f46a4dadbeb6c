// Random flows with mistakes in them, reproducible by their seed: valid ones in keyed form, changed in one to three places. Whether the server takes
// one is not known here.
import { keyed } from "../../definition/canonical/decode";
import { isDict, type Dict } from "../../definition/canonical/values";
import { random, randomFlow, type Random } from "../support/random-flow";

type Path = (string | number)[];
interface Place {
  path: Path;
  holder: any;
  key: string | number;
  value: any;
}

function* placesIn(value: unknown, path: Path = []): Generator<Place> {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isDict(value)
      ? Object.entries(value)
      : [];
  for (const [key, item] of entries) {
    yield { path: [...path, key], holder: value, key, value: item };
    yield* placesIn(item, [...path, key]);
  }
}

const put = (holder: any, key: string | number, value: unknown): void =>
  void Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
const steps = (flow: any): [string, any][] =>
  Object.entries(flow.actions ?? {}).filter((entry): entry is [string, any] => isDict(entry[1]));
const ofType = (flow: any, ...types: string[]): any[] =>
  steps(flow)
    .map(([, step]) => step)
    .filter((step) => types.includes(step.type));
const someStep = (flow: any, r: Random, ...types: string[]): any =>
  r.pick(types.length > 0 ? ofType(flow, ...types) : steps(flow).map(([, step]) => step));
const triggerOf = (flow: any): any => ofType(flow, "trigger")[0];

const ODD_VALUES: readonly unknown[] = [
  null,
  5,
  -1,
  0,
  1.5,
  true,
  false,
  "",
  " ",
  "x",
  [],
  {},
  [null],
  ["x"],
  { a: 1 },
  "x".repeat(500),
  "a\u0000b",
  1e9,
  "2030-01-01",
];
const TEXTS: readonly string[] = [
  "{person.properties.name",
  "{{ person.properties.name }}",
  "{distinct_id}",
  "{event.properties.x}",
  "{{ persn.name }}",
  "{% if x %}",
  "{person.}",
  "{inputs.url}",
  "{inputs.body}",
  "}",
  "{}",
  "\\{x\\}",
  "{variables.answer}",
  "{1 + }",
  "{'a' + 'b'}",
  "{if(person.id, 'a', 'b')}",
  "{nope(1)}",
  "{request.body.x}",
  "{{ unsubscribe_url }}",
  "{{ x | nofilter }}",
  "{groups.company.id}",
];
const DURATIONS: readonly unknown[] = [
  "90m",
  "0s",
  "1w",
  "P1D",
  " 5m",
  "5m ",
  "1.5h",
  ".5d",
  "5.d",
  "-1d",
  "45d",
  "",
  null,
  5,
  "1d1h",
  "1D",
  "30",
];
const ZONES: readonly unknown[] = [
  "Europe/Berlin",
  "europe/berlin",
  "UTC+2",
  "EST",
  "",
  "Mars/Base",
  "utc",
  "Asia/Calcutta",
];
const PROPERTIES: readonly unknown[] = [
  { key: "id", type: "cohort", value: 3, operator: "in" },
  { key: "now() > 1", type: "hogql" },
  { key: "plan", value: [9, 3], operator: "between", type: "person" },
  { key: "plan", operator: "exact", type: "person" },
  { key: "plan", value: "x", operator: "icontain", type: "person" },
  { key: "", value: "x", type: "person" },
  { key: "plan", value: ["1", "2"], type: "person" },
  {},
  "x",
  null,
  { key: "answer", value: "1", type: "workflow_variable" },
  { key: "event.properties.x = 1", type: "hogql" },
  { key: "(", type: "hogql" },
  { key: "seen", value: "-7d", operator: "is_date_after", type: "person" },
];

/** One mistake, or something that might be one. */
type Mistake = (flow: any, r: Random) => void;
const MISTAKES: readonly Mistake[] = [
  // Anywhere.
  (flow, r) => {
    const { holder, key } = r.pick([...placesIn(flow)]);
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  (flow, r) => {
    const { holder, key } = r.pick([...placesIn(flow)].filter(({ path }) => path[0] !== "leftover"));
    put(holder, key, structuredClone(r.pick(ODD_VALUES)));
  },
  (flow, r) => {
    const { holder, key, value } = r.pick([...placesIn(flow)].filter((place) => typeof place.key === "string"));
    const name = String(key);
    const at = r.int(name.length + 1);
    delete holder[key];
    put(
      holder,
      r.pick([
        name.slice(0, at) + name.slice(at + 1),
        `${name.slice(0, at)}x${name.slice(at)}`,
        ` ${name}`,
        `${name}2`,
      ]),
      value,
    );
  },
  (flow, r) => {
    const { holder, key } = r.pick([...placesIn(flow)].filter(({ value }) => typeof value === "string"));
    put(holder, key, r.pick(TEXTS));
  },
  // Settings.
  (flow, r) => (flow.status = r.pick<unknown>(["active", "active", "draft", "archived", "actve", "", 5])),
  (flow, r) =>
    (flow.exitCondition = r.pick<unknown>([
      "exit_on_conversion",
      "exit_on_trigger_not_matched_or_conversion",
      "exit_sometimes",
      "",
      true,
    ])),
  (flow, r) =>
    (flow.triggerMasking = {
      hash: r.pick<unknown>(["{person.id}", "{", "{{ x }}", "", " ", 5, "now()", "{persn.id}"]),
      ttl: r.pick<unknown>([60, 59, 94_608_001, "60", 1.5]),
      threshold: r.pick<unknown>([0, 1, -1, 5, "5", 1.5]),
    }),
  (flow, r) =>
    (flow.conversion = {
      filters: [r.pick(PROPERTIES)],
      events: [{ filters: r.pick<unknown>([{}, "x", { events: [{ id: "paid" }] }, { source: "x" }, null]) }],
      window: r.pick(["14d", "0d", "400d", "1y", "", `${"0".repeat(40)}1d`]),
    }),
  (flow, r) =>
    (flow.emailSendingRateLimit = r.pick<unknown>([
      { count: 0, period: "hour" },
      { count: 5 },
      { count: 5, period: "day" },
      { count: 1_000_001, period: "minute" },
      { count: "5", period: "hour" },
    ])),
  (flow, r) =>
    (flow.variables = r.pick<unknown>([
      { a: { default: "é".repeat(900) } },
      { a: { default: null } },
      { a: { default: {} } },
      { " a": {} },
      { a: { type: 5, default: true } },
      "x",
      { a: 5 },
      { a: { more: [1] } },
    ])),
  (flow, r) => (flow.name = r.pick<unknown>(["x".repeat(401), "", 5, true, "a\u0000b"])),
  // Steps and wiring.
  (flow, r) => {
    const [id] = r.pick(steps(flow));
    put(flow.actions, r.pick(["", " ", "x".repeat(201), `${id} `, "new"]), structuredClone(flow.actions[id]));
  },
  (flow, r) => (someStep(flow, r).next = r.pick(["ghost", ...Object.keys(flow.actions)])),
  (flow, r) =>
    (someStep(flow, r).branches = Array.from({ length: r.int(4) }, () =>
      r.pick(["ghost", ...Object.keys(flow.actions)]),
    )),
  (flow, r) =>
    (someStep(flow, r).type = r.pick([
      "delay",
      "exit",
      "trigger",
      "function",
      "function_email",
      "conditional_branch",
      "random_cohort_branch",
      "wait_until_condition",
      "dealy",
    ])),
  (flow, r) => (someStep(flow, r).onError = r.pick<unknown>(["abort", "continue", "", "stop", 5])),
  (flow, r) =>
    (someStep(flow, r).outputVariable = r.pick<unknown>([
      "",
      "a",
      { key: "" },
      { key: "a" },
      5,
      [{ key: "a" }, {}],
      { label: "x" },
      [],
    ])),
  (flow, r) =>
    (someStep(flow, r).filters = r.pick<unknown>([
      {},
      "x",
      { events: "x" },
      { properties: [r.pick(PROPERTIES)] },
      { source: "x" },
      { events: [{ id: "signed up" }] },
      { filterTestAccounts: "true" },
      { filterTestAccounts: "yes" },
    ])),
  // Configs.
  (flow, r) => {
    const config = someStep(flow, r, "delay", "wait_until_condition")?.config;
    if (isDict(config)) config[r.pick(["delayDuration", "maxWaitDuration", "maxDelayDuration"])] = r.pick(DURATIONS);
  },
  (flow, r) => {
    const step = someStep(flow, r, "delay");
    if (step)
      step.config = {
        delayUntil: {
          expression: r.pick([
            "person.properties.x",
            "",
            "a(",
            "event.properties.x",
            "{person.id}",
            "toDateTime('2030-01-01')",
          ]),
          offset: r.pick<unknown>([undefined, "-3d", "3", "", "+1h"]),
          timezone: r.pick([undefined, ...ZONES]),
          usePersonTimezone: r.pick<unknown>([undefined, true, "yes"]),
        },
      };
  },
  (flow, r) => {
    const step = someStep(flow, r, "wait_until_time_window");
    if (step)
      step.config = {
        day: r.pick<unknown>(["any", [], "friday", ["Friday"], 5]),
        time: r.pick<unknown>(["any", ["9:00", "17:00"], ["09:00"], "09:00"]),
        timezone: r.pick(ZONES),
      };
  },
  (flow, r) => {
    const step = someStep(flow, r, "conditional_branch");
    if (step)
      step.config = {
        conditions: r.pick<unknown>([
          [],
          [{}],
          [{ filters: null }],
          [{ filters: { events: [{ id: "x" }] } }],
          [{ filters: { events: [] } }],
          ["x"],
          "x",
          [{ filters: { properties: [r.pick(PROPERTIES)] } }],
        ]),
        ...(r.chance(0.2) ? { delay_duration: "1h" } : {}),
        ...(r.chance(0.2) ? { condition: { filters: {} } } : {}),
      };
  },
  (flow, r) => {
    const step = someStep(flow, r, "wait_until_condition");
    if (isDict(step?.config))
      Object.assign(
        step.config,
        r.pick<object>([
          { condition: "x" },
          { condition: { filters: { properties: [r.pick(PROPERTIES)] } } },
          { events: "x" },
          { events: [{}] },
          { events: ["x"] },
          { conditions: [] },
          { condition: { filters: { events: [{ id: "x" }] } } },
        ]),
      );
  },
  (flow, r) => {
    const step = someStep(flow, r, "random_cohort_branch");
    if (step)
      step.config = {
        cohorts: r.pick<unknown>([
          [],
          [{ percentage: "50" }],
          [{ percentage: -5 }],
          [{}],
          "x",
          [{ percentage: 30 }, { percentage: 30 }],
          [{ percentage: 0 }],
        ]),
      };
  },
  (flow, r) => {
    const config = someStep(flow, r, "function", "function_email", "function_sms", "function_push")?.config;
    if (isDict(config))
      config["inputs"] = r.pick<unknown>([
        {},
        null,
        [],
        "x",
        { url: "x" },
        { url: { value: "" } },
        { url: { value: null } },
        { url: { value: 5 } },
        { url: { value: "x", templating: "jinja" } },
        {
          url: { value: r.pick(TEXTS), templating: r.pick([undefined, "hog", "liquid"]) },
          body: { value: { a: r.pick(TEXTS) } },
        },
        { url: { value: "x" }, headers: { value: "x" } },
        { url: { value: "x" }, debug: { value: "{{ x }}", templating: "liquid" } },
        { email: { value: {} } },
        { email: "x" },
        { email: { value: { from: { integrationId: 1 }, to: "a@example.com", subject: r.pick(TEXTS), text: "x" } } },
        {
          email: {
            value: { from: { integrationId: 1, email: "nope" }, to: "a@example.com", subject: "x", html: "x" },
            templating: "liquid",
          },
        },
      ]);
  },
  (flow, r) => {
    const step = triggerOf(flow);
    if (step) {
      step.config = r.pick<() => unknown>([
        () => ({
          type: "event",
          filters: r.pick<unknown>([
            {},
            undefined,
            [],
            { events: [] },
            { events: [{ id: null }] },
            { events: [{ id: "" }] },
            { properties: [r.pick(PROPERTIES)] },
            { source: "person-updates", events: [{ id: "x" }] },
            { source: "person-updates", properties: [{ key: "plan", value: "x", type: "person" }] },
            { actions: [{ id: 7 }] },
          ]),
        }),
        () => ({
          type: "batch",
          filters: r.pick<unknown>([
            {},
            undefined,
            { properties: {} },
            { properties: [] },
            { properties: [r.pick(PROPERTIES)] },
            { audienceType: "people", properties: [] },
            { audienceType: "persons" },
            { events: [{ id: "x" }] },
            { events: [] },
            "x",
            [],
          ]),
        }),
        () => ({
          type: r.pick(["data-warehouse-table", "data-warehouse-view"]),
          tableName: r.pick<unknown>([undefined, "", "stripe.invoice", 5]),
          filters: r.pick<unknown>([undefined, {}, { properties: [r.pick(PROPERTIES)] }, "x"]),
        }),
        () => ({
          type: "internal-event",
          filters: {
            events: r.pick<unknown>([
              [],
              [{ id: "x" }],
              [{ id: "$slack_message_received" }],
              [{ id: "$github_event_received" }],
              undefined,
            ]),
            properties: r.pick<unknown>([
              [],
              [{ key: "channel", value: ["C1"], type: "event" }],
              [{ key: "channel", value: [], type: "event" }],
              [{ key: "channel", value: "C1", operator: "icontains", type: "event" }],
              [
                { key: "repository", value: "a/b" },
                { key: "event_type", value: ["release"] },
              ],
            ]),
          },
        }),
        () => ({
          type: r.pick(["webhook", "manual", "tracking_pixel"]),
          inputs: r.pick<unknown>([
            undefined,
            {},
            { event: { value: r.pick(TEXTS) } },
            { event: "x" },
            { distinct_id: { value: 5 } },
          ]),
        }),
        () => ({ type: r.pick<unknown>(["evnt", "schedule", undefined, 5]) }),
        () => r.pick<unknown>([{}, null, "x", []]),
      ])();
    }
  },
];

/** A flow in keyed form with one to three things in it that may be wrong. */
export function brokenFlow(seed: number): Dict {
  const r = random(seed);
  const flow: any = structuredClone(
    keyed(
      randomFlow(r.int(2 ** 31), {
        awkwardIds: r.chance(0.2),
        oddEdges: r.chance(0.2),
        unknownKeys: r.chance(0.2),
        steps: 5,
      }),
    ),
  );
  if (flow.status === undefined || r.chance(0.5)) flow.status = r.pick(["draft", "active"]);
  const mistakes = r.int(8) === 0 ? 0 : 1 + r.int(3);
  for (let i = 0; i < mistakes; i += 1) {
    if (!isDict(flow.actions) || steps(flow).length === 0) break;
    r.pick(MISTAKES)(flow, r);
  }
  return flow as Dict;
}
