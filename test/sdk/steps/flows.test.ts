// What each function of composition writes into the keyed form, and that preview has nothing against whole flows.
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineFlow, HogFlow, validate } from "../../../sdk";
import {
  branch,
  delay,
  delayUntil,
  destination,
  email,
  event,
  eventProperty,
  exit,
  hog,
  liquid,
  on,
  otherwise,
  person,
  push,
  slack,
  sms,
  timeWindow,
  variables,
  waitUntil,
  webhook,
  when,
} from "../../../sdk";
import { compile } from "../../../sdk/steps/compile";
import { convert, secretPaths } from "../../../sdk/convert";

const from = { integrationId: 7 };
const wait = delay("pause", "1d");
const start = on.event("user signed up");
const configOf = (step: unknown): any => (compile(start, [step]).actions as any)[(step as { key: string }).key];
const triggerOf = (trigger: unknown): any => {
  const { actions, findings: problems } = compile(trigger, [wait]);
  expect(problems).toEqual([]);
  return Object.values(actions)[0];
};

describe("messages", () => {
  it("e-mail: texts are Liquid, the recipient is an object, and an e-mail with text alone has an empty html", () => {
    expect(
      configOf(email("welcome", { from, subject: liquid`Hi ${person("first_name").or("there")}`, text: "Hello" })),
    ).toEqual({
      type: "function_email",
      name: "Welcome",
      next: "exit_node",
      config: {
        inputs: {
          email: {
            templating: "liquid",
            value: {
              from,
              to: { email: "{{ person.properties.email }}", name: "" },
              subject: 'Hi {{ person.properties.first_name | default: "there" }}',
              text: "Hello",
              html: "",
            },
          },
        },
      },
    });
    const recipient = (to: unknown): unknown =>
      configOf(email("welcome", { from, to: to as never, subject: "Hi", html: "<p>Hi</p>" })).config.inputs.email.value
        .to;
    expect(recipient("ada@example.com")).toEqual({ email: "ada@example.com", name: "" });
    expect(recipient(liquid`${person("work_email")}`)).toEqual({
      email: "{{ person.properties.work_email }}",
      name: "",
    });
    expect(recipient(person("work_email"))).toEqual({ email: "{{ person.properties.work_email }}", name: "" });
    expect(recipient({ email: person("work_email") })).toEqual({
      email: "{{ person.properties.work_email }}",
      name: "",
    });
  });

  it("e-mail: everything, under the API's names", () => {
    const step = configOf(
      email("welcome", {
        name: "Say hello",
        description: "First contact",
        onError: "abort",
        filters: person("email").isSet(),
        from: { integrationId: 7, name: liquid`${person("owner")}` },
        to: { email: liquid`${person("work_email")}`, name: "You" },
        subject: "Hi",
        preheader: "p",
        replyTo: "r@example.com",
        cc: "c@example.com",
        bcc: "b@example.com",
        html: "<p>x</p>",
        text: "x",
        messageCategoryType: "transactional",
        messageCategoryId: "cat",
        trackingEnabled: false,
      }),
    );
    expect(step).toMatchObject({
      name: "Say hello",
      description: "First contact",
      onError: "abort",
      filters: { properties: [{ key: "email", operator: "is_set", type: "person" }] },
    });
    expect(step.config).toEqual({
      messageCategoryId: "cat",
      messageCategoryType: "transactional",
      trackingEnabled: false,
      inputs: {
        email: {
          templating: "liquid",
          value: {
            from: { integrationId: 7, name: "{{ person.properties.owner }}" },
            to: { email: "{{ person.properties.work_email }}", name: "You" },
            subject: "Hi",
            preheader: "p",
            replyTo: "r@example.com",
            cc: "c@example.com",
            bcc: "b@example.com",
            html: "<p>x</p>",
            text: "x",
          },
        },
      },
    });
  });

  it("SMS and push: under the templates' own names", () => {
    expect(
      configOf(
        sms("remind", { twilioAccount: 456, fromNumber: "+15550100000", message: liquid`See you, ${person("name")}` }),
      ).config,
    ).toEqual({
      inputs: {
        twilio_account: { value: 456 },
        from_number: { value: "+15550100000" },
        to_number: { value: "{{ person.properties.phone }}", templating: "liquid" },
        message: { value: "See you, {{ person.properties.name }}", templating: "liquid" },
      },
    });
    expect(
      configOf(
        sms("remind", {
          twilioAccount: 456,
          fromNumber: liquid`${person("sender")}`,
          toNumber: person("mobile"),
          message: "Hi",
        }),
      ).config.inputs,
    ).toMatchObject({
      from_number: { value: "{{ person.properties.sender }}", templating: "liquid" },
      to_number: { value: "{{ person.properties.mobile }}", templating: "liquid" },
    });
    expect(configOf(push("nudge", { channels: [3], title: "Cart" })).config.inputs.body).toEqual({
      value: "",
      templating: "liquid",
    });
    expect(
      configOf(
        push("nudge", {
          channels: [3],
          title: "Cart",
          body: liquid`${eventProperty("items")} things`,
          data: { deep: "link" },
        }),
      ).config,
    ).toEqual({
      inputs: {
        channels: { value: [3] },
        distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" },
        title: { value: "Cart", templating: "liquid" },
        body: { value: "{{ event.properties.items }} things", templating: "liquid" },
        data: { value: { deep: "link" }, templating: "liquid" },
      },
    });
  });

  it("webhook, Slack and any other destination", () => {
    expect(
      configOf(
        webhook("tell", {
          url: "https://example.com",
          method: "PUT",
          headers: { a: "b" },
          body: { email: hog`${person("email")}`, deep: [1, true] },
          debug: true,
        }),
      ).config,
    ).toEqual({
      templateId: "template-webhook",
      inputs: {
        url: { value: "https://example.com" },
        method: { value: "PUT" },
        headers: { value: { a: "b", "Content-Type": "application/json" } },
        body: { value: { email: "{person.properties.email}", deep: [1, true] } },
        debug: { value: true },
      },
    });
    expect(
      configOf(slack("tell", { slackWorkspace: 11, channel: "C1", text: liquid`Hi ${person("name")}` })).config,
    ).toEqual({
      templateId: "template-slack",
      inputs: {
        slack_workspace: { value: 11 },
        channel: { value: "C1" },
        text: { value: "Hi {{ person.properties.name }}", templating: "liquid" },
      },
    });
    const hubspot = destination<{ access_token: pulumi.Output<string>; email: string }>("template-hubspot");
    expect(
      configOf(hubspot("to_crm", { inputs: { access_token: pulumi.secret("x"), email: "{person.properties.email}" } }))
        .config,
    ).toMatchObject({ templateId: "template-hubspot", inputs: { email: { value: "{person.properties.email}" } } });
  });
});

describe("time", () => {
  it("delays, moments, windows and waits", () => {
    expect(configOf(delay("let_them_try", "3d"))).toEqual({
      type: "delay",
      name: "Let them try",
      config: { delayDuration: "3d" },
      next: "exit_node",
    });
    expect(
      configOf(
        delayUntil("renewal", {
          expression: person("renewal"),
          offset: "-3d",
          timezone: "Europe/Berlin",
          usePersonTimezone: true,
          maxDelayDuration: "7d",
        }),
      ).config,
    ).toEqual({
      delayUntil: {
        expression: "person.properties.renewal",
        offset: "-3d",
        timezone: "Europe/Berlin",
        usePersonTimezone: true,
      },
      maxDelayDuration: "7d",
    });
    expect(
      configOf(timeWindow("daytime", { day: ["monday"], time: ["09:00", "17:00"], timezone: "UTC" })).config,
    ).toEqual({ day: ["monday"], time: ["09:00", "17:00"], timezone: "UTC" });
    expect(configOf(timeWindow("weekend", { day: "weekend", timezone: "UTC" })).config).toEqual({
      day: "weekend",
      time: "any",
      timezone: "UTC",
    });
    expect(
      configOf(
        waitUntil("bought", {
          events: [event("paid"), { name: "Or else", event: event("trial", eventProperty("days").gt(3)) }],
          condition: person("plan").is("pro"),
          maxWaitDuration: "2h",
        }),
      ).config,
    ).toEqual({
      condition: { filters: { properties: [{ key: "plan", value: ["pro"], operator: "exact", type: "person" }] } },
      events: [
        { filters: { events: [{ id: "paid" }] } },
        {
          name: "Or else",
          filters: {
            events: [{ id: "trial", properties: [{ key: "days", value: 3, operator: "gt", type: "event" }] }],
          },
        },
      ],
      maxWaitDuration: "2h",
    });
  });
});

describe("triggers", () => {
  it.each([
    [
      on.event("a", { where: person("vip").is(true), filterTestAccounts: true }),
      {
        type: "event",
        filters: {
          events: [{ id: "a" }],
          properties: [{ key: "vip", value: ["true"], operator: "exact", type: "person" }],
          filterTestAccounts: true,
        },
      },
    ],
    [on.event(["a", event("b")]), { type: "event", filters: { events: [{ id: "a" }, { id: "b" }] } }],
    [
      on.webhook({
        event: "{request.body.event}",
        distinctId: "{request.body.id}",
        properties: { a: "{request.body.a}" },
      }),
      {
        type: "webhook",
        inputs: {
          event: { value: "{request.body.event}" },
          distinct_id: { value: "{request.body.id}" },
          properties: { value: { a: "{request.body.a}" } },
          method: { value: "POST" },
        },
      },
    ],
    [
      on.manual(),
      {
        type: "manual",
        inputs: {
          event: { value: "$workflow_triggered" },
          distinct_id: { value: "{request.body.user_id}" },
          method: { value: "POST" },
        },
      },
    ],
    [
      on.manual({ method: "GET" }),
      {
        type: "manual",
        inputs: {
          event: { value: "$workflow_triggered" },
          distinct_id: { value: "{request.body.user_id}" },
          method: { value: "GET" },
        },
      },
    ],
    [
      on.trackingPixel(),
      {
        type: "tracking_pixel",
        inputs: {
          event: { value: "{request.query.ph_event}" },
          distinct_id: { value: "{request.query.ph_distinct_id}" },
        },
      },
    ],
    [on.schedule(), { type: "schedule" }],
    [
      on.batch([], { audienceType: "persons" }),
      { type: "batch", filters: { properties: [], audienceType: "persons" } },
    ],
    [on.warehouseTable("stripe.invoice"), { type: "data-warehouse-table", tableName: "stripe.invoice" }],
    [
      on.warehouseView("big", { keyProperty: "id" }),
      { type: "data-warehouse-view", tableName: "big", keyProperty: "id" },
    ],
    [
      on.slackMessage({ channel: "C1" }),
      {
        type: "internal-event",
        filters: {
          events: [{ id: "$slack_message_received" }],
          properties: [{ key: "channel", value: ["C1"], operator: "exact", type: "event" }],
        },
      },
    ],
    [
      on.github({ repository: "acme/app", eventTypes: ["release"] }),
      {
        type: "internal-event",
        filters: {
          events: [{ id: "$github_event_received" }],
          properties: [
            { key: "repository", value: ["acme/app"], operator: "exact", type: "event" },
            { key: "event_type", value: ["release"], operator: "exact", type: "event" },
          ],
        },
      },
    ],
  ])("%#", (trigger, config) => {
    expect(triggerOf(trigger)).toMatchObject({ type: "trigger", next: "pause", config });
    expect(triggerOf(trigger).config).toEqual(config);
  });

  it("have a title, and an id that can be pinned", () => {
    expect(Object.keys(compile(on.schedule({ id: "start", name: "Every week" }), [wait]).actions)).toEqual([
      "start",
      "pause",
      "exit_node",
    ]);
    expect(triggerOf(on.schedule({ name: "Every week" })).name).toBe("Every week");
  });
});

describe("what the editor owns", () => {
  it("stands in the step's words, and is sent as paths", () => {
    const { editorOwns } = convert(
      {
        trigger: on.batch([], { editorOwns: ["filters"] }),
        steps: [
          email("welcome", { from, subject: "x", html: "<p>x</p>", editorOwns: ["subject", "html"] }),
          delay("pause", "1d", { id: "a.b", editorOwns: ["duration"] }),
        ],
      },
      "x",
    );
    expect(editorOwns).toEqual([
      "actions.trigger_node.config.filters",
      "actions.welcome.config.inputs.email.value.subject",
      "actions.welcome.config.inputs.email.value.html",
      'actions["a.b"].config.delayDuration',
    ]);
  });
});

describe("settings", () => {
  it("goal and variables are written in keyed form", () => {
    const vars = variables({ score: "number", coupon: { type: "string", default: "X" } });
    const { definition } = convert(
      {
        trigger: start,
        steps: [webhook("rate", { url: "https://example.com", outputVariable: vars.score.from("body.score") })],
        variables: vars,
        conversion: { events: event("paid"), filters: person("plan").is("pro"), window: "14d" },
      },
      "x",
    );
    expect(definition).toMatchObject({
      variables: { score: { type: "number" }, coupon: { type: "string", default: "X" } },
      conversion: {
        events: [{ filters: { events: [{ id: "paid" }] } }],
        filters: [{ key: "plan", value: ["pro"], operator: "exact", type: "person" }],
        window: "14d",
      },
      actions: { rate: { outputVariable: { key: "score", resultPath: "body.score" } } },
    });
  });
});

describe("outputs", () => {
  it("stay leaves, and a secret one makes itself secret and nothing else", async () => {
    const {
      definition,
      outputs,
      findings: problems,
    } = convert(
      {
        trigger: start,
        steps: [
          webhook("tell", {
            url: pulumi.output("https://example.com"),
            body: { a: hog`${pulumi.secret("s3cr3t")} and ${person("name")}`, b: "plain" },
            signingSecret: pulumi.secret("key"),
          }),
        ],
      },
      "x",
    );
    expect(problems).toEqual([]);
    const paths = await new Promise((resolve) => secretPaths(outputs)!.apply(resolve));
    expect(paths).toEqual([
      "actions.tell.config.inputs.body.value.a",
      "actions.tell.config.inputs.signing_secret.value",
    ]);
    expect((definition["actions"] as any).tell.config.inputs.body.value.b).toBe("plain");
  });

  it("are refused as titles", () => {
    const { findings: problems } = convert(
      { trigger: start, steps: [delay("pause", "1d", { name: pulumi.output("x") as never })] },
      "x",
    );
    expect(problems).toMatchObject([
      { path: ["actions", "pause", "name"], what: "is an output, but must be known in the program" },
    ]);
  });
});

describe("whole flows", () => {
  const plan = () =>
    defineFlow({
      trigger: start,
      conversion: { events: event("subscribed"), window: "14d" },
      steps: [
        email("welcome", { from, subject: "Welcome", text: "Hello" }),
        branch("plan", [
          when(person("plan").is("pro"), [exit("already_paying")]),
          otherwise([email("upgrade", { from, subject: "More?", text: "Hello" })]),
        ]),
      ],
    });

  it("are what defineFlow was given", () => {
    const args = { trigger: start, steps: [wait] } as const;
    expect(defineFlow(args)).toBe(args);
  });

  it("have nothing against them in preview", () => {
    expect(validate(plan())).toEqual([]);
  });

  it("have findings with file and line of the step", () => {
    const [finding] = validate({
      trigger: start,
      steps: [email("welcome", { from, subject: liquid`{{ broken`, text: "Hello" })],
    });
    expect(finding).toMatchObject({
      path: "actions.welcome.config.inputs.email.value.subject",
      locations: [expect.stringMatching(/^test\/sdk\/steps\/flows\.test\.ts:\d+$/)],
    });
  });

  it("cannot be given in two forms", () => {
    const { findings: problems } = convert({ trigger: start, steps: [wait], actions: {} }, "x");
    expect(problems[0]!.what).toBe("a flow takes one form, not steps and actions");
  });
});

describe("the resource", () => {
  const registered: Record<string, any> = {};
  beforeAll(() =>
    pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ((registered[name] = inputs), { id: `${name}-id`, state: {} }),
      call: () => ({}),
    }),
  );
  afterAll(() => pulumi.runtime.disconnect());

  it("takes steps, and is what it always was", async () => {
    const flow = new HogFlow("composed", { trigger: start, steps: [wait] });
    await new Promise((resolve) => flow.id.apply(resolve));
    expect(HogFlow.isInstance(flow)).toBe(true);
    expect(registered["composed"].actions).toMatchObject({
      trigger_node: { next: "pause" },
      pause: { next: "exit_node" },
    });
    expect(registered["composed"].sources["actions.pause"]).toEqual([
      expect.stringMatching(/^test\/sdk\/steps\/flows\.test\.ts:\d+$/),
    ]);
  });
});
