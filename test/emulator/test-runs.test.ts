// Test runs: one step at a time, as PostHog's worker answers them. The shapes of answers and log lines are those of PostHog's own tests (run time §1.7).
import { describe, expect, it } from "vitest";
import { startEmulator } from "../../emulator/index";
import { clientOf, edge, exit, flow, mail, person, step, trigger, useEmulator, webhook } from "./support";

const used = useEmulator({ projects: [{ id: "1", timezone: "Europe/Berlin" }] });

const jane = {
  id: "123",
  name: "Jane Doe",
  url: "https://example.com/person/123",
  properties: { email: "jane@example.com", plan: "pro", age: 41 },
};
const pageview = {
  uuid: "b3a1fe86-b10c-43cc-acaf-d208977608d0",
  event: "$pageview",
  distinct_id: "123",
  timestamp: "2026-09-28T14:00:00Z",
  url: "https://example.com/events/1",
  properties: { amount: 5 },
};
const globals = { event: pageview, person: jane, groups: {} };

const line = (from: string, to: string, ...rest: string[]): any[] => [
  edge(from, to),
  ...(rest.length > 0 ? line(to, rest[0]!, ...rest.slice(1)) : []),
];
const chain = (actions: any[], extra: any = {}) =>
  flow([...actions, exit], {
    edges: line(actions[0].id, [...actions, exit][1].id, ...[...actions, exit].slice(2).map(({ id }) => id)),
    ...extra,
  });

interface Asked {
  id?: string;
  at?: string;
  globals?: any;
  [key: string]: any;
}

/** Tests a step of a flow that is stored nowhere. */
async function test(configuration: any, { id = "new", at, globals: with_ = globals, ...rest }: Asked = {}) {
  const body = {
    ...(configuration && { configuration }),
    globals: with_,
    ...(at !== undefined && { current_action_id: at }),
    ...rest,
  };
  return used.api("POST", `/${id}/invocations`, body);
}

const run = async (configuration: any, asked: Asked = {}) => {
  const { status, body } = await test(configuration, asked);
  expect({ status, body: status === 200 ? undefined : body }).toEqual({ status: 200, body: undefined });
  return body;
};
const messages = (answer: any): string[] => answer.logs.map((log: any) => log.message);

describe("the trigger", () => {
  it("lets the event in that it names, and leads to the next step", async () => {
    expect(await run(chain([trigger()]))).toEqual({
      nextActionId: "exit_node",
      status: "success",
      errors: [],
      logs: [
        { level: "debug", timestamp: expect.any(String), message: "Executing action [Action:trigger_node]" },
        { level: "info", timestamp: expect.any(String), message: "Workflow moved to action [Action:exit_node]" },
      ],
      variables: {},
      execResult: null,
    });
  });

  it("skips another event, and leads nowhere", async () => {
    const answer = await run(chain([trigger()]), { globals: { event: { ...pageview, event: "other" } } });
    expect(answer).toMatchObject({ nextActionId: null, status: "skipped", errors: [] });
    expect(messages(answer)).toContain("Workflow trigger did not match the event.");
  });

  it("looks at the properties of the event", async () => {
    const named = (value: string) => ({ key: "current_value", value, operator: "exact", type: "event" });
    const on = (value: string) =>
      chain([
        trigger({
          type: "event",
          filters: { events: [{ id: "changed", type: "events", properties: [named(value)] }] },
        }),
      ]);
    const event = { ...pageview, event: "changed", properties: { current_value: "enterprise" } };
    expect(await run(on("enterprise"), { globals: { event } })).toMatchObject({ status: "success" });
    expect(await run(on("free"), { globals: { event } })).toMatchObject({ status: "skipped", nextActionId: null });
  });

  it("of another kind lets everything in, and internal events and rows only their own", async () => {
    const batch = chain([trigger({ type: "batch", filters: { properties: [person()] } })]);
    expect(await run(batch)).toMatchObject({ status: "success", nextActionId: "exit_node" });
    const slack = chain([
      trigger({
        type: "internal-event",
        filters: {
          events: [{ id: "$slack_message_received", type: "events" }],
          properties: [{ key: "channel", value: ["C1"], operator: "exact", type: "event" }],
        },
      }),
    ]);
    const slackEvent = (channel: string) => ({ event: "$slack_message_received", properties: { channel } });
    expect(await run(slack)).toMatchObject({ status: "skipped" });
    expect(await run(slack, { globals: { event: slackEvent("C1") } })).toMatchObject({ status: "success" });
    expect(await run(slack, { globals: { event: slackEvent("C2") } })).toMatchObject({ status: "skipped" });
    const table = chain([trigger({ type: "data-warehouse-table", table_name: "accounts", filters: {} })]);
    const row = (name: string) => ({ event: "$warehouse_source_row", properties: { $source_table: name } });
    expect(await run(table, { globals: { event: row("accounts") } })).toMatchObject({ status: "success" });
    expect(await run(table, { globals: { event: row("others") } })).toMatchObject({ status: "skipped" });
    expect(await run(table)).toMatchObject({ status: "skipped" });
  });

  it("that asks for a person's property sees the person", async () => {
    const asks = (value: string) =>
      chain([
        trigger({
          type: "event",
          filters: { events: [{ id: "$pageview", type: "events" }], properties: [person("plan", [value])] },
        }),
      ]);
    expect(await run(asks("pro"))).toMatchObject({ status: "success" });
    expect(await run(asks("free"))).toMatchObject({ status: "skipped" });
    expect(await run(asks("pro"), { globals: { event: pageview } })).toMatchObject({ status: "skipped" });
  });
});

describe("requests", () => {
  const asked = chain([
    trigger(),
    webhook({
      url: { value: "https://example.com/{event.event}" },
      method: { value: "POST" },
      headers: { value: { "X-Plan": "{person.properties.plan}" } },
      body: { value: { age: "{person.properties.age}", text: "Hi {person.name}!", list: ["{upper('a')}"] } },
    }),
  ]);

  it("are written down with their rendered arguments", async () => {
    const answer = await run(asked, { at: "hook" });
    expect(answer).toMatchObject({ nextActionId: "exit_node", status: "success", errors: [], execResult: null });
    expect(messages(answer).slice(-2)).toEqual([
      "Async function 'fetch' was mocked with arguments:",
      `fetch('https://example.com/$pageview', ${JSON.stringify(
        {
          headers: { "X-Plan": "pro" },
          body: { age: 41, text: "Hi Jane Doe!", list: ["A"] },
          method: "POST",
        },
        null,
        2,
      )})`,
    ]);
    expect(messages(answer)).toContainEqual(expect.stringMatching(/^\[Action:hook\] Function completed in .*ms\./));
  });

  it("hide what secret inputs hold", async () => {
    const secret = chain([
      trigger(),
      webhook({ signing_secret: { value: "s3cr3t-value" }, body: { value: { echo: "{inputs.signing_secret}" } } }),
    ]);
    const answer = await run(secret, { at: "hook" });
    expect(JSON.stringify(answer)).not.toContain("s3cr3t-value");
    expect(messages(answer).at(-1)).toContain('"echo": "***REDACTED***"');
  });

  it("fail when a name is unknown, and go on unless the step aborts", async () => {
    const unknown = (on_error: string | null) =>
      chain([
        trigger(),
        webhook({ body: { value: { a: "{variables.list[1].name.first}", b: "{upper(null)}" } } }, { on_error }),
      ]);
    const answer = await run(unknown("continue"), { at: "hook" });
    expect(answer).toMatchObject({ status: "error", nextActionId: "exit_node", errors: [expect.any(String)] });
    expect(messages(answer)).toContainEqual(expect.stringMatching(/^\[Action:hook\] Errored: /));
    expect(await run(unknown("abort"), { at: "hook" })).toMatchObject({ status: "error", nextActionId: "hook" });
  });
});

describe("messages", () => {
  const letter = (value: any = {}, config: any = {}) =>
    chain([
      trigger(),
      mail(
        { to: { email: "{{ person.properties.email }}", name: "" }, html: "<p>{{ person.name }}</p>", ...value },
        config,
      ),
    ]);
  const sent = (answer: any): any => {
    const text = messages(answer).find((message) => message.startsWith("sendEmail("))!;
    return JSON.parse(text.slice("sendEmail(".length, -1));
  };

  it("carry the rendered texts", async () => {
    const answer = await run(
      letter({ subject: "Hi {{ person.name | upcase }} & {{ 1 | plus: 1 }}", text: "{{ event.properties.amount }}" }),
      { at: "mail" },
    );
    expect(answer).toMatchObject({ status: "success", nextActionId: "exit_node" });
    expect(sent(answer)).toMatchObject({
      to: { email: "jane@example.com", name: "" },
      from: { integrationId: 1 },
      subject: "Hi JANE DOE & 2",
      text: "5",
      html: "<p>Jane Doe</p>",
    });
  });

  it("escape what people put in, and read the mail editor's entities", async () => {
    const answer = await run(letter({ html: "{% if person.properties.age &gt; 40 %}{{ person.name }}{% endif %}" }), {
      at: "mail",
      globals: { ...globals, person: { ...jane, name: "<b>" } },
    });
    expect(sent(answer).html).toBe("&lt;b&gt;");
  });

  it("know the link to unsubscribe", async () => {
    const answer = await run(letter({ html: "<a href='{{ unsubscribe_url }}'>" }), { at: "mail" });
    expect(sent(answer).html).toMatch(/^<a href='http.*\/messaging-preferences\/[0-9a-f]+\/'>$/);
  });

  it("need a recipient unless they are transactional", async () => {
    const nobody = { at: "mail", globals: { event: pageview } };
    expect(await run(letter(), nobody)).toMatchObject({
      status: "error",
      errors: [expect.stringContaining("No recipient identifier found for message action [Action:mail]")],
    });
    expect(await run(letter({}, { message_category_type: "transactional" }), nobody)).toMatchObject({
      status: "success",
    });
  });

  it("by SMS and push are the calls that their templates make", async () => {
    const sms = step(
      "function_sms",
      {
        template_id: "template-twilio",
        inputs: {
          twilio_account: { value: 4 },
          from_number: { value: "+1" },
          to_number: { value: "{{ person.properties.phone }}" },
          message: { value: "Hi {{ person.name }}" },
        },
      },
      { id: "sms" },
    );
    const withPhone = { ...globals, person: { ...jane, properties: { phone: "+49 30" } } };
    const called = messages(await run(chain([trigger(), sms]), { at: "sms", globals: withPhone })).at(-1)!;
    expect(called).toContain("fetch('https://api.twilio.com/2010-04-01/Accounts/");
    expect(called).toContain('"body": "To=%2B49%2030&From=%2B1&Body=Hi%20Jane%20Doe"');
    const push = step(
      "function_push",
      {
        template_id: "template-native-push",
        inputs: {
          distinctId: { value: "{event.distinct_id}" },
          channels: { value: [7] },
          title: { value: "Hi" },
          ios_badge: { value: 0 },
        },
      },
      { id: "push" },
    );
    const pushed = messages(await run(chain([trigger(), push]), { at: "push" })).at(-1)!;
    expect(JSON.parse(pushed.slice("sendPushNotification(".length, -1))).toEqual({
      integrationIds: [7],
      distinctId: "123",
      payload: { title: "Hi", body: null, apns: { badge: 0 } },
    });
  });
});

describe("waits", () => {
  it("a delay parks where it is", async () => {
    used.emulator.clock.set("2026-06-01T10:00:00Z");
    const delay = (config: any) => chain([trigger(), step("delay", config, { id: "d" })]);
    const answer = await run(delay({ delay_duration: "90m" }), { at: "d" });
    expect(answer).toMatchObject({ nextActionId: "d", status: "success", execResult: null });
    expect(messages(answer)).toContain("Workflow will pause until 2026-06-01T11:00:00.000Z");
    const until = { expression: "person.properties.renewal", offset: "-1d", timezone: "Europe/Berlin" };
    const at = (renewal: unknown) => ({
      at: "d",
      globals: { ...globals, person: { ...jane, properties: { renewal } } },
    });
    expect(messages(await run(delay({ delay_until: until }), at("2026-06-10")))).toContain(
      "Workflow will pause until 2026-06-08T22:00:00.000Z",
    );
    expect(await run(delay({ delay_until: until }), at("2026-06-01"))).toMatchObject({ nextActionId: "exit_node" });
    expect(await run(delay({ delay_until: until }), at("soon"))).toMatchObject({ status: "error" });
    used.emulator.clock.release();
  });

  it("a time window parks until it opens", async () => {
    const window = chain([
      trigger(),
      step(
        "wait_until_time_window",
        { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berlin" },
        { id: "w" },
      ),
    ]);
    used.emulator.clock.set("2026-06-05T16:00:00Z");
    const closed = await run(window, { at: "w" });
    expect(closed.nextActionId).toBe("w");
    expect(messages(closed)).toContain("Workflow will pause until 2026-06-08T07:00:00.000Z");
    used.emulator.clock.set("2026-06-08T10:00:00Z");
    expect((await run(window, { at: "w" })).nextActionId).toBe("exit_node");
    used.emulator.clock.release();
  });

  it("a wait is over when the event comes that it waits for, and stays otherwise", async () => {
    const waits = flow(
      [
        trigger(),
        step(
          "wait_until_condition",
          {
            events: [{ filters: { events: [{ id: "follow_up", name: "follow_up", type: "events", order: 0 }] } }],
            condition: { filters: null },
            max_wait_duration: "5m",
          },
          { id: "wait_node" },
        ),
        exit,
      ],
      {
        edges: [
          edge("trigger_node", "wait_node"),
          edge("wait_node", "exit_node", { type: "branch", index: 0 }),
          edge("wait_node", "exit_node"),
        ],
      },
    );
    const asked = (event: string) =>
      run(waits, { at: "wait_node", globals: { ...globals, event: { ...pageview, event } } });
    const matched = await asked("follow_up");
    expect(matched).toMatchObject({ nextActionId: "exit_node", status: "success", execResult: { eventMatched: true } });
    expect(messages(matched).at(-1)).toBe("Test event 'follow_up' matched the wait conditions");
    const parked = await asked("some_other_event");
    expect(parked).toMatchObject({ nextActionId: "wait_node", status: "success" });
    expect(messages(parked).at(-1)).toMatch(/^Test event 'some_other_event' did not match the wait conditions/);
  });
});

describe("branches", () => {
  const conditions = [person("plan", ["pro"]), { key: "age", value: 60, operator: "gt", type: "person" }];
  const branching = flow(
    [
      trigger(),
      step(
        "conditional_branch",
        { conditions: conditions.map((each) => ({ filters: { properties: [each] } })) },
        { id: "b" },
      ),
      webhook({}, { id: "first" }),
      webhook({}, { id: "second" }),
      exit,
    ],
    {
      edges: [
        edge("trigger_node", "b"),
        edge("b", "first", { type: "branch", index: 0 }),
        edge("b", "second", { type: "branch", index: 1 }),
        edge("b", "exit_node"),
      ],
    },
  );
  const of = (properties: any) => run(branching, { at: "b", globals: { ...globals, person: { ...jane, properties } } });

  it("the first condition that holds leads on, and none leads along the continue edge", async () => {
    expect(await of({ plan: "pro", age: 70 })).toMatchObject({
      nextActionId: "first",
      execResult: { conditionResult: { nextAction: { id: "first" } } },
    });
    expect((await of({ plan: "free", age: 70 })).nextActionId).toBe("second");
    expect((await of({ plan: "free", age: 20 })).nextActionId).toBe("exit_node");
  });

  it("a split leads to one of its branches", async () => {
    const split = flow(
      [
        trigger(),
        step("random_cohort_branch", { cohorts: [{ percentage: 0 }, { percentage: 100 }] }, { id: "r" }),
        webhook(),
        exit,
      ],
      {
        edges: [
          edge("trigger_node", "r"),
          edge("r", "exit_node", { type: "branch", index: 0 }),
          edge("r", "hook", { type: "branch", index: 1 }),
        ],
      },
    );
    expect(await run(split, { at: "r" })).toMatchObject({
      nextActionId: "hook",
      execResult: { assigned_cohort: "hook" },
    });
  });

  it("a step's own filters let it be skipped", async () => {
    const filtered = chain([trigger(), webhook({}, { filters: { properties: [person("plan", ["free"])] } })]);
    const answer = await run(filtered, { at: "hook" });
    expect(answer).toMatchObject({ nextActionId: "exit_node", status: "success" });
    expect(messages(answer)).toEqual([
      "[Action:hook] Skipped due to filter conditions",
      "Workflow moved to action [Action:exit_node]",
    ]);
  });
});

describe("what is tested", () => {
  it("an exit ends where it is", async () => {
    expect(await run(chain([trigger()]), { at: "exit_node" })).toMatchObject({
      nextActionId: "exit_node",
      status: "success",
    });
  });

  it("an unknown step is an error", async () => {
    expect(await run(chain([trigger()]), { at: "nowhere" })).toMatchObject({
      status: "error",
      errors: ["Action nowhere not found"],
      nextActionId: "nowhere",
    });
  });

  it("variables have their defaults, and take what a step gives", async () => {
    const declared = {
      variables: [
        { key: "a", type: "string", default: "x" },
        { key: "n", type: "number", default: "" },
      ],
    };
    const given = { ...globals, variables: { n: 5, more: true } };
    expect((await run(chain([trigger()], declared), { globals: given })).variables).toEqual({
      a: "x",
      n: 5,
      more: true,
    });
    const split = chain(
      [
        trigger(),
        step(
          "random_cohort_branch",
          { cohorts: [] },
          { id: "r", output_variable: { key: "to", result_path: "assigned_cohort" } },
        ),
      ],
      declared,
    );
    const answer = await run(split, { at: "r" });
    expect(answer.variables).toEqual({ a: "x", n: null, to: "exit_node" });
    expect(messages(answer)).toContain('Stored action result in variable(s): to = "exit_node"');
  });

  it("a stored flow, its staged draft, or a configuration in place of them", async () => {
    const to = (url: string) =>
      chain([
        trigger(),
        webhook({ url: { value: url }, signing_secret: { value: "k3pt" }, body: { value: "{inputs.signing_secret}" } }),
      ]);
    const { id } = await used.api.create({ ...to("https://live.example.com"), status: "active" });
    const called = async (asked: Asked, configuration?: any) =>
      messages(await run(configuration, { id, at: "hook", ...asked })).at(-1);
    expect(await called({})).toContain("https://live.example.com");
    await used.api.patch(id, { ...to("https://draft.example.com"), stage_draft: true });
    expect(await called({ use_draft: true })).toContain("https://draft.example.com");
    expect(await called({})).toContain("https://live.example.com");
    const kept = to("https://sent.example.com");
    kept.actions[1].config.inputs.signing_secret = { secret: true };
    const shown = await called({}, kept);
    expect(shown).toContain("https://sent.example.com");
    expect(shown).toContain("***REDACTED***");
  });

  it("a deleted flow is tested like one that is not stored", async () => {
    const { id } = await used.api.create();
    await used.api("DELETE", `/${id}`);
    expect(await run(chain([trigger()]), { id })).toMatchObject({ nextActionId: "exit_node" });
    expect(await run(undefined, { id })).toMatchObject({ status: "error" });
  });

  it("globals without an event are refused by the worker", async () => {
    expect(await test(chain([trigger()]), { globals: {} })).toMatchObject({
      status: 400,
      body: { status: "error", message: "Missing event" },
    });
  });

  it("a template of the project runs its own program", async () => {
    const code = `
      fun shout(text) { return upper(text) }
      let lines := []
      for (let item in inputs.items) {
        if (item != 'skip') { lines := arrayPushBack(lines, shout(item)) }
      }
      let payload := {'method': 'PUT', 'body': {'lines': lines}}
      payload.body.count := length(lines)
      let res := fetch(inputs.url, payload)
      if (res.status >= 400) { throw Error('no') }
      print('done', res.status)
      return {'sent': length(lines)}
    `;
    const inputs_schema = [
      { key: "url", type: "string", label: "URL", required: true },
      { key: "items", type: "json", label: "Items" },
    ];
    const emulator = await startEmulator({
      templates: [{ id: "template-own", name: "Own", type: "destination", code_language: "hog", code, inputs_schema }],
    });
    const own = step(
      "function",
      {
        template_id: "template-own",
        inputs: { url: { value: "https://x.example.com" }, items: { value: ["a", "skip", "{person.name}"] } },
      },
      { id: "own" },
    );
    const { body } = await clientOf(emulator)("POST", "/new/invocations", {
      configuration: chain([trigger(), own]),
      globals,
      current_action_id: "own",
    });
    expect(body).toMatchObject({ status: "success", execResult: { sent: 2 } });
    expect(messages(body)).toContain("[Action:own] done, 200");
    expect(messages(body).at(-1)).toBe(
      `fetch('https://x.example.com', ${JSON.stringify({ method: "PUT", body: { lines: ["A", "JANE DOE"], count: 2 } }, null, 2)})`,
    );
    await emulator.stop();
  });
});

describe("levers", () => {
  it("an older server has no test runs", async () => {
    used.emulator.switches.testRuns = false;
    expect(await test(chain([trigger()]))).toMatchObject({ status: 404, body: { code: "not_found" } });
    used.emulator.switches.testRuns = true;
  });

  it("a worker that is down answers with its status", async () => {
    used.emulator.switches.workerStatus = 503;
    expect(await test(chain([trigger()]))).toMatchObject({
      status: 503,
      body: { status: "error", message: expect.any(String) },
    });
    used.emulator.switches.workerStatus = null;
  });

  it("a slow worker answers late, and right", async () => {
    used.emulator.fault({ path: "/invocations", kind: "slow", when: "before", ms: 300 });
    const asked = Date.now();
    expect(await test(chain([trigger()]))).toMatchObject({ status: 200, body: { status: "success" } });
    expect(Date.now() - asked).toBeGreaterThanOrEqual(295);
  });

  it("a step's answer is made to differ, in one flow or in all", async () => {
    const { id } = await used.api.create(chain([trigger()]));
    used.emulator.record(id, { steps: { trigger_node: { status: "error", errors: ["no"] } } });
    expect(await run(undefined, { id })).toMatchObject({ status: "error", errors: ["no"], nextActionId: "exit_node" });
    expect(await run(chain([trigger()]))).toMatchObject({ status: "success" });
    used.emulator.stepAnswer("trigger_node", (answer) => ({ ...answer, nextActionId: "elsewhere" }));
    expect(await run(chain([trigger()]))).toMatchObject({ nextActionId: "elsewhere" });
    used.emulator.stepAnswer("trigger_node", null);
    expect(await run(chain([trigger()]))).toMatchObject({ nextActionId: "exit_node" });
  });
});
