// Slips that people and agents make with PostHog's JSON: each is one finding, at the place, with the way on, whatever the form; nothing else is said beside it.
import { describe, expect, it } from "vitest";
import { encode } from "../../definition/canonical/encode";
import type { Dict } from "../../definition/canonical/values";
import type { Finding } from "../../rules/finding";
import { branch, email, flowOf, person, pro, startedBy, wait, webhook } from "../../rules/examples";
import { examineFlow } from "../../rules/examine-flow";
import * as sdk from "../../sdk/index";
import { validate } from "../../sdk/validate";

const said = (list: readonly Finding[]): string[] =>
  list.map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);

/** A pasted flow with one step between its trigger and its exit. */
function pasted(
  step: Dict,
  more: Dict = {},
  config: Dict = { type: "event", filters: { events: [{ id: "user signed up", type: "events" }] } },
): Finding[] {
  const actions = [
    { id: "trigger_node", name: "Start", type: "trigger", config },
    { id: "s", name: "Step", ...step },
    { id: "exit_node", name: "Exit", type: "exit", config: {} },
  ];
  const edges = [
    { from: "trigger_node", to: "s", type: "continue" },
    { from: "s", to: "exit_node", type: "continue" },
    ...(/branch|condition/.test(String(step["type"]))
      ? [{ from: "s", to: "exit_node", type: "branch", index: 0 }]
      : []),
  ];
  return validate({
    definition: { name: "Flow", status: "draft", exit_condition: "exit_only_at_end", actions, edges, ...more },
  });
}
const mailWith = (value: Dict): Dict => ({
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
          ...value,
        },
      },
    },
  },
});
const plan = [{ key: "plan", value: ["pro"], operator: "exact", type: "person" }];

describe("an e-mail", () => {
  const at = "actions.s.config.inputs.email.value";
  it("whose recipient is a text", () => {
    const found = pasted(mailWith({ to: "{{ person.properties.email }}" }));
    expect(said(found)).toEqual([`error cannot-run ${at}.to`]);
    expect(found[0]!.fix).toContain('{ email: "{{ person.properties.email }}", name: "" }');
  });
  it("without html", () => {
    const found = pasted(mailWith({ html: undefined, text: "Hi" }));
    expect(said(found)).toEqual([`error cannot-run ${at}.html`]);
    expect(found[0]!.fix).toContain('html: ""');
    expect(pasted(mailWith({ html: "", text: "Hi" }))).toEqual([]);
  });
  it.each([[{ name: "Team", email: "team@example.com" }], [{ name: "", email: "" }]])("whose sender is %j", (from) => {
    const found = pasted(mailWith({ from }));
    expect(said(found)).toEqual([`error cannot-run ${at}.from.integrationId`]);
    expect(found[0]!.fix).toContain("e-mail integration");
  });
  it.each<[string, Dict, string]>([
    ["from", { from: "hello@example.com" }, "from"],
    ["integrationId", { from: { integrationId: "7" } }, "from.integrationId"],
    ["cc", { cc: ["a@example.com"] }, "cc"],
  ])("of an untyped program with a wrong %s, in steps", (_what, options, path) => {
    const { email: mail, exit, on } = sdk;
    const found = validate({
      trigger: on.event("user signed up"),
      steps: [mail("s", { from: { integrationId: 7 }, subject: "Hi", html: "<p>Hi</p>", ...options } as any), exit()],
    });
    expect(
      found.filter(
        ({ severity, path: where }) =>
          severity === "error" && where.startsWith(`actions.s.config.inputs.email.value.${path}`),
      ),
    ).not.toEqual([]);
  });
});

describe("an untyped program", () => {
  const { delay, file, on, waitUntil, event } = sdk;
  const from = { integrationId: 7 };
  const trigger = on.event("user signed up");
  const found = (args: object): string[] =>
    validate(args as any).map(({ rule, path, fix }) => `${rule} at ${path}: ${fix}`);

  it.each<[string, object, string]>([
    ["without a trigger", { steps: [delay("pause", "1d")] }, "step-entry at actions.trigger_node: Write trigger"],
    [
      "whose trigger is a text",
      { trigger: "user signed up", steps: [delay("pause", "1d")] },
      "step-entry at actions.trigger_node: Write trigger",
    ],
    ["whose steps are no list", { trigger, steps: delay("pause", "1d") }, "step-entry at actions: Write steps"],
    [
      "with a number as a length",
      { trigger, steps: [delay("pause", 3 as any)] },
      'wrong-shape at actions.pause.config.delayDuration: Write a number and a unit, such as "3d"',
    ],
    [
      "with a number as the length of a wait",
      { trigger, steps: [waitUntil("wait", { events: event("paid"), maxWaitDuration: 3 as any })] },
      'wrong-shape at actions.wait.config.maxWaitDuration: Write a number and a unit, such as "3d"',
    ],
    [
      "with a file without a path",
      { trigger, steps: [sdk.email("mail", { from, subject: "Hi", html: file(""), text: "Hi" })] },
      'file-missing at actions.mail.config.inputs.email.value.html: Write file("mails/welcome.html")',
    ],
  ])("%s has one finding, with the way on", (_what, args, expected) => {
    expect(found(args)).toEqual([expect.stringContaining(expected)]);
  });
});

describe("a test that is not under `filters`", () => {
  it("of a branch", () => {
    const found = pasted({ type: "conditional_branch", config: { conditions: [{ properties: plan }] } });
    expect(said(found)).toEqual(["error bare-condition actions.s.config.conditions[0].properties"]);
    expect(found[0]!.fix).toBe("Put it under `filters`: { filters: { properties: […] } }");
  });
  it("of a branch, without a list", () =>
    expect(said(pasted({ type: "conditional_branch", config: { conditions: [plan[0]!] } }))).toEqual([
      "error bare-condition actions.s.config.conditions[0].key",
    ]));
  it("of a wait", () =>
    expect(
      said(
        pasted({ type: "wait_until_condition", config: { condition: { properties: plan }, max_wait_duration: "1d" } }),
      ),
    ).toEqual(["error bare-condition actions.s.config.condition.properties"]));
  it.each<[string, Dict, string]>([
    ["an event", { id: "paid", name: "paid", type: "events" }, "id"],
    ["a list of events", { events: [{ id: "paid" }] }, "events"],
  ])("of a wait, as %s", (_what, entry, key) => {
    expect(
      said(pasted({ type: "wait_until_condition", config: { events: [entry], max_wait_duration: "1d" } })),
    ).toEqual([`error bare-condition actions.s.config.events[0].${key}`]);
  });
  it.each<[Dict, string]>([
    [{ id: "paid", type: "events" }, "id"],
    [{ events: [{ id: "paid" }] }, "events"],
  ])("of a goal: %j", (entry, key) => {
    expect(said(pasted(mailWith({}), { conversion: { events: [entry] } }))).toEqual([
      `error bare-condition conversion.events[0].${key}`,
    ]);
  });
  it.each<[Dict, string]>([
    [{ type: "event", events: [{ id: "paid" }] }, "events"],
    [{ type: "batch", properties: plan }, "properties"],
    [{ type: "internal-event", events: [{ id: "$slack_message_received" }] }, "events"],
  ])("of a trigger: %j", (config, key) =>
    expect(said(pasted({ type: "delay", config: { delay_duration: "1d" } }, {}, config))).toEqual([
      `error bare-condition actions.trigger_node.config.${key}`,
    ]),
  );
  it("is none under `filters`", () => {
    expect(
      validate({
        definition: encode(
          examineFlow(flowOf({ ways: branch([pro], ["exit_node"]), paid: wait({ condition: { filters: pro } }) }).flow!)
            .definition,
        ),
      } as any),
    ).toEqual([]);
  });
});

describe("a goal", () => {
  const paid = { id: "paid", name: "paid", type: "events", order: 0 };
  const goals = (conversion: Dict): Finding[] =>
    pasted(mailWith({}), { exit_condition: "exit_on_conversion", conversion });
  it.each([
    [{ filters: [paid] }, "[0]"],
    [{ filters: [{ id: "paid" }] }, "[0]"],
    [{ filters: [{ events: [paid] }] }, "[0]"],
    [{ filters: [{ filters: { events: [paid] } }] }, "[0]"],
    [{ filters: { events: [paid] } }, ""],
  ])("whose event is among the filters: %j", (conversion, at) => {
    const found = goals(conversion);
    expect(said(found)).toEqual([`error event-as-property conversion.filters${at}`]);
    expect(found[0]!.fix).toContain('conversion.events: [{ filters: { events: [{ id: "paid" }] } }]');
  });

  const events = [{ filters: { events: [paid] } }];
  it.each<[number | string, string]>([
    [604_800, 'window: "7d": as minutes, 604800 are more than 365d'],
    [10_080, 'window: "7d". '],
    [90, 'window: "90m"'],
    ["soon", "with its unit"],
  ])("whose window has no unit: %s", (window_minutes, fix) => {
    const found = goals({ filters: [], events, window_minutes });
    expect(said(found)).toEqual(["error window-minutes conversion.window_minutes"]);
    expect(found[0]!.fix).toContain(fix);
    expect(found[0]!.fix).toContain("90 days");
  });
  it("whose window is there twice", () => {
    const found = goals({ filters: [], events, window: "7d", window_minutes: 10_080 });
    expect(said(found)).toEqual(["error window-minutes conversion.window_minutes"]);
    expect(found[0]!.fix).toContain("Remove it");
  });
  it("may have a window without unit that is null", () =>
    expect(goals({ filters: [], events, window: "7d", window_minutes: null })).toEqual([]));
  it("may test properties", () => expect(goals({ filters: [person("plan", "pro")] })).toEqual([]));
});

describe("an input that is not wrapped", () => {
  const call = (inputs: Dict): Finding[] =>
    pasted({
      type: "function",
      config: { template_id: "template-webhook", inputs: { url: { value: "https://example.com" }, ...inputs } },
    });
  it.each<[Dict, string, string]>([
    [{ url: "https://example.com" }, "wrong-shape", "url"],
    [{ headers: { Accept: "text/plain" } }, "input-value", "headers"],
    [{ body: { who: "{person.id}", plan: "x" } }, "input-value", "body"],
  ])("%j", (inputs, rule, key) => {
    const found = call(inputs);
    expect(said(found)).toEqual([`error ${rule} actions.s.config.inputs.${key}`]);
    expect(found[0]!.fix).toContain(`Write ${key}: { value: `);
  });
  it("of an e-mail", () => {
    const { email: item } = (mailWith({})["config"] as { inputs: { email: { value: Dict } } }).inputs;
    expect(said(pasted({ type: "function_email", config: { inputs: { email: item.value } } }))).toEqual([
      "error input-value actions.s.config.inputs.email",
    ]);
  });
  it("keeps what PostHog writes beside a value", () =>
    expect(call({ url: { value: "https://example.com", bytecode: ["_H"], order: 0 } })).toEqual([]));
});

describe("a marketing e-mail", () => {
  const rulesOf = (value: Dict, more: Dict = { messageCategoryType: "marketing" }): string[] => {
    const mail = email(value);
    return said(
      examineFlow(flowOf({ mail: { ...mail, config: { ...(mail["config"] as Dict), ...more } } }).flow!).findings.all(),
    );
  };
  const at = (part: string): string => `warning unsubscribe-link actions.mail.config.inputs.email.value.${part}`;
  it("without a link to unsubscribe", () =>
    expect([rulesOf({}), rulesOf({ html: "", text: "News" }), rulesOf({ html: "<p>Unsubscribe by mail</p>" })]).toEqual(
      [[at("html")], [at("text")], [at("html")]],
    ));
  it.each([
    ['<a href="{{ unsubscribe_url }}">Stop</a>'],
    ["<a href='{{unsubscribe_url_one_click}}'>Stop</a>"],
    ['<a href="https://example.com/unsubscribe?u={{ person.id }}">Stop</a>'],
    ['<a href="https://example.com/email-preferences">Stop</a>'],
  ])("with %s", (link) => expect(rulesOf({ html: `<p>News</p>${link}` })).toEqual([]));
  it("may have it in its text alone", () =>
    expect(rulesOf({ html: "", text: "Stop: {{ unsubscribe_url }}" })).toEqual([]));
  it("is not one that says so, or nothing", () =>
    expect([rulesOf({}, { messageCategoryType: "transactional" }), rulesOf({}, {})]).toEqual([[], []]));
});

describe("a design", () => {
  const design = (...contents: Dict[]): Dict => ({ body: { rows: [{ columns: [{ contents }] }] } });
  const differs = (html: string, given: Dict): string[] =>
    said(examineFlow(flowOf({ mail: email({ html, design: given }) }).flow!).findings.all());
  const found = ["warning design-differs actions.mail.config.inputs.email.value.design"];
  const block = (type: string, key: string, text: string): Dict => ({ type, values: { [key]: text } });
  it("that says something else", () => {
    expect(
      differs("<p>Good to have you here.</p>", design(block("text", "text", "<p>Your trial ends soon.</p>"))),
    ).toEqual(found);
    expect(
      differs(
        "<p>Good to have you here.</p>",
        design(block("text", "text", "Good to have you here."), block("button", "text", "Start the big tour")),
      ),
    ).toEqual(found);
    expect(differs("<p></p>", design(block("html", "html", "<p>Your trial ends soon.</p>")))).toEqual(found);
  });
  it.each<[string, string, Dict]>([
    [
      "with other tags and spaces",
      "<table><td>Good&nbsp;to <b>have</b>\n you here.</td></table>",
      block("text", "text", "<p>Good to have you here.</p>"),
    ],
    [
      "with a hole",
      "<p>Hi {{ person.properties.name }}, good to have you.</p>",
      block("html", "html", "<style>p { color: red }</style><p>Hi {{ person.properties.name }}, good to have you.</p>"),
    ],
    ["with a short text", "<p>Good to have you here.</p>", block("button", "text", "Go on")],
    [
      "with an image",
      "<p>Good to have you here.</p>",
      { type: "image", values: { src: { url: "https://example.com/a.png" } } },
    ],
    [
      "with a part for some",
      "<p>Good to have you here.</p>",
      { type: "text", values: { text: "Only for those who pay", displayCondition: { type: "x" } } },
    ],
  ])("that says the same, %s", (_what, html, content) => expect(differs(html, design(content))).toEqual([]));
});

it("curly quotes in Liquid are called so, with the fix", () => {
  for (const subject of [
    "{{ person.properties.name | default: “there” }}",
    "{% if person.properties.plan == ‘pro’ %}Hi{% endif %}",
  ]) {
    const found = examineFlow(flowOf({ mail: email({ subject }) }).flow!).findings.all();
    expect(found).toMatchObject([
      {
        rule: "liquid-syntax",
        what: expect.stringContaining("curly quotes"),
        fix: expect.stringContaining("straight quotes"),
      },
    ]);
  }
  expect(
    examineFlow(
      flowOf({ mail: email({ subject: '“{{ person.properties.name | default: "‘you’" }}”' }) }).flow!,
    ).findings.all(),
  ).toEqual([]);
});

it("a rule of an earlier version that was wrong may stay acknowledged", () => {
  const { flow } = flowOf({ hook: webhook() });
  expect(said(examineFlow({ ...flow!, acknowledge: ["filter-reads-old-variable"] }).findings.all())).toEqual([
    "warning acknowledge-idle acknowledge[0]",
  ]);
});

it("an internal event that is none is an error for an active flow, and a warning for a draft", () => {
  const of = (status: string): string[] =>
    said(
      examineFlow(
        startedBy({ type: "internal-event", filters: { events: [{ id: "x" }] } }, {}, { status }).flow!,
      ).findings.all(),
    );
  expect([of("active"), of("draft")]).toEqual([
    ["error internal-event actions.trigger_node.config.filters.events[0].id"],
    ["warning draft-internal-event actions.trigger_node.config.filters.events[0].id"],
  ]);
});
