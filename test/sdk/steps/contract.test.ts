// Every function of composition with every option is something that PostHog's worker can run, and that preview has nothing against. The lists are complete by
// construction: a function or an option without a sample fails here.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { STEP_KINDS } from "../../../definition/schema/step-kinds";
import * as sdk from "../../../sdk";
import { convert } from "../../../sdk/convert";
import { isStep, isTrigger, type StepNode } from "../../../sdk/steps/node";
import { breaksOf, contractBreaks, wireOf } from "../../support/contract";

const {
  action,
  branch,
  delay,
  delayUntil,
  destination,
  email,
  event,
  eventProperty,
  exit,
  file,
  hog,
  liquid,
  on,
  otherwise,
  person,
  push,
  share,
  slack,
  sms,
  split,
  timeWindow,
  variables,
  waitUntil,
  webhook,
  when,
} = sdk;

const vars = variables({ answer: "string" });
const secret = pulumi.secret("key");
const message = {
  messageCategoryType: "transactional",
  messageCategoryId: "0199b2f4-5c1e-7a40-8b8e-3f6d2a9c4e10",
} as const;
const step = {
  name: "A step",
  id: "pinned",
  description: "For people",
  onError: "abort",
  filters: person("email").isSet(),
} as const;
const result = { ...step, outputVariable: vars.answer.from("body.answer") };
const from = { integrationId: 7 };
const start = { name: "A trigger", id: "start", description: "For people" };
const pause = [delay("pause", "1d")];

/** By function: the least that it takes, and calls that use every option at least once. */
const STEPS: Readonly<Record<string, readonly object[]>> = {
  email: [
    email("a", { from, subject: "Hi", text: "Hi {{ unsubscribe_url }}" }),
    email("a", { from, subject: "Hi", html: '<a href="{{ unsubscribe_url }}">x</a>', to: "ada@example.com" }),
    email("a", {
      from,
      subject: liquid`Hi ${person("name")}`,
      html: liquid`<p>${file("README.md")}</p>{{ unsubscribe_url }}`,
      to: liquid`${person("work_email")}`,
    }),
    email("a", {
      ...result,
      ...message,
      from: { integrationId: 7, integrationIds: [7, 8], email: "team@example.com", name: liquid`${person("owner")}` },
      to: { email: person("email"), name: liquid`${person("name")}` },
      subject: person("name"),
      preheader: "More",
      replyTo: "r@example.com",
      cc: "a@example.com, b@example.com",
      bcc: pulumi.output("c@example.com"),
      html: "<p>Hi</p>",
      text: "Hi",
      trackingEnabled: false,
      design: {
        body: { rows: [{ columns: [{ contents: [{ type: "html", values: { html: "<p>Hi</p>" } }] }] }] },
        schemaVersion: 16,
      },
      editorOwns: ["subject", "html"],
    }),
  ],
  push: [
    push("a", { channels: [3], title: "Hi" }),
    push("a", {
      ...result,
      ...message,
      channels: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      title: liquid`Hi ${person("name")}`,
      body: person("plan"),
      image: "https://example.com/a.png",
      data: { link: liquid`app://${person("id")}`, kind: "offer" },
      distinctId: "{{ person.distinct_id }}",
      editorOwns: ["title"],
    }),
    push("a", { channels: pulumi.output([3]), title: "Hi", image: liquid`https://example.com/${person("id")}.png` }),
  ],
  sms: [
    sms("a", { twilioAccount: 4, fromNumber: "+15550100000", message: "Hi" }),
    sms("a", {
      ...result,
      ...message,
      twilioAccount: pulumi.output(4),
      fromNumber: pulumi.output("+15550100000"),
      toNumber: person("mobile"),
      message: liquid`Hi ${person("name")}`,
      editorOwns: ["message"],
    }),
    sms("a", {
      twilioAccount: 4,
      fromNumber: liquid`${person("sender")}`,
      toNumber: "+15550100001",
      message: person("text"),
    }),
  ],
  webhook: [
    webhook("a", { url: "https://example.com" }),
    webhook("a", {
      ...result,
      url: "https://example.com",
      method: "PUT",
      body: { a: hog`${person("email")}`, n: [1, true, null] },
      headers: { "X-Count": 5, "X-On": true, "X-Seats": person("seats"), "X-Key": secret, "X-Text": "a" },
      signingSecret: secret,
      debug: true,
      editorOwns: ["url"],
    }),
    webhook("a", {
      url: hog`https://example.com/${person("id")}`,
      method: "GET",
      headers: { "X-Plan": hog`${person("plan")}` },
    }),
    webhook("a", {
      url: liquid`https://example.com/${person("id")}`,
      body: "text",
      headers: { "X-Plan": liquid`${person("plan")}`, "X-Count": pulumi.output(5) },
    }),
    webhook("a", { url: person("hook"), body: person("data"), headers: { "X-Plan": "{person.properties.plan}" } }),
  ],
  slack: [
    slack("a", { slackWorkspace: 11, channel: "C1", text: "Hi" }),
    slack("a", {
      ...result,
      slackWorkspace: pulumi.output(11),
      channel: pulumi.output("C1"),
      text: hog`Hi ${person("name")}`,
      blocks: [{ type: "section", text: { type: "mrkdwn", text: hog`${person("name")}` } }],
      inputs: { username: "Hog" },
      editorOwns: ["text"],
    }),
    slack("a", { slackWorkspace: 11, channel: liquid`${person("channel")}`, text: liquid`Hi ${person("name")}` }),
  ],
  destination: [
    destination<{ email: sdk.DestinationText }>("template-mine")("a", {
      ...result,
      inputs: { email: hog`${person("email")}` },
      editorOwns: ["email"],
    }),
  ],
  action: [
    action("a", {
      ...result,
      type: "function",
      config: { templateId: "template-webhook", inputs: { url: { value: "https://example.com" } } },
      editorOwns: ["inputs.url.value"],
    }),
    action("a", { type: "ai_decision", config: { prompt: "Urgent?" }, branches: [[exit()]] }),
  ],
  delay: [delay("a", "3d", { ...step, editorOwns: ["duration"] })],
  delayUntil: [
    delayUntil("a", {
      ...step,
      expression: person("renewal"),
      offset: "-3d",
      timezone: "Europe/Berlin",
      usePersonTimezone: true,
      fallbackTimezone: "UTC",
      maxDelayDuration: "7d",
      editorOwns: ["expression"],
    }),
  ],
  timeWindow: [
    timeWindow("a", {
      ...step,
      day: "weekday",
      time: ["09:00", "17:00"],
      timezone: "Europe/Berlin",
      usePersonTimezone: true,
      fallbackTimezone: "UTC",
    }),
  ],
  waitUntil: [
    waitUntil("a", {
      ...result,
      events: { name: "Paid", event: event("paid") },
      condition: person("paid").is(true),
      maxWaitDuration: "2d",
      onMatch: [exit()],
      onTimeout: pause,
      editorOwns: ["maxWaitDuration"],
    }),
  ],
  branch: [
    branch(
      "a",
      [when(person("plan").is("pro"), [exit("done", { reason: "paid" })], { name: "Pro" }), otherwise(pause)],
      step,
    ),
  ],
  split: [split("a", [share("A", 50, pause), share("B", 50, [exit()])], step)],
  exit: [exit("a", { name: "The end", id: "end", description: "For people", reason: "done" })],
};

const request = { event: "{request.body.event}", distinctId: "{request.body.distinct_id}" };
const TRIGGERS: Readonly<Record<keyof typeof on, readonly object[]>> = {
  event: [
    on.event("a"),
    on.event(["a", event("b", eventProperty("n").gt(1))], {
      ...start,
      where: person("plan").is("pro"),
      filterTestAccounts: true,
      editorOwns: ["filters"],
    }),
  ],
  webhook: [
    on.webhook(request),
    on.webhook({
      ...start,
      ...request,
      properties: { a: "{request.body.a}" },
      method: "PUT",
      authHeader: secret,
      debug: true,
    }),
  ],
  manual: [
    on.manual(),
    on.manual({
      ...start,
      event: "started",
      distinctId: "{request.body.user_id}",
      properties: { a: "{request.body.$variables.a}" },
      method: "GET",
    }),
  ],
  trackingPixel: [
    on.trackingPixel(),
    on.trackingPixel({
      ...start,
      event: "opened",
      distinctId: "{request.query.who}",
      properties: { a: "{request.query.a}" },
      debug: true,
    }),
  ],
  schedule: [on.schedule(start)],
  batch: [
    on.batch([], {
      ...start,
      audienceType: "accounts",
      filterTestAccounts: true,
      tagNames: ["a"],
      assignmentStatus: "all",
      assignedToUserIds: [1],
      editorOwns: ["filters"],
    }),
  ],
  warehouseTable: [
    on.warehouseTable("stripe.invoice", {
      ...start,
      where: eventProperty("amount").gt(5),
      keyProperty: "id",
      editorOwns: ["filters"],
    }),
  ],
  warehouseView: [
    on.warehouseView("big", {
      ...start,
      where: eventProperty("amount").gt(5),
      keyProperty: "id",
      editorOwns: ["filters"],
    }),
  ],
  slackMessage: [on.slackMessage({ ...start, channel: "C1" })],
  github: [on.github({ ...start, repository: "acme/app", eventTypes: ["release"] })],
};

/** Exports that write no step and no trigger. */
const OTHERS = new Set([
  "HogFlow",
  "HogFlowSchedule",
  "validate",
  "defineFlow",
  "Property",
  "VariableRef",
  "person",
  "eventProperty",
  "group",
  "cohort",
  "hogql",
  "propertyFilter",
  "event",
  "anyEvent",
  "postHogAction",
  "variables",
  "values",
  "hog",
  "liquid",
  "file",
  "mjml",
  "timeZone",
  "stored",
  "daily",
  "weekly",
  "weekdays",
  "monthly",
  "monthlyOn",
  "once",
  "goTo",
  "nothing",
  "otherwise",
  "share",
  "when",
  "on",
]);

const nodes = (samples: readonly object[]): StepNode[] => samples as StepNode[];
const optionsOf = (node: StepNode): string[] =>
  Object.entries(node.options as object)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
/** Paths are not among the options that a node keeps, but its arms. */
const given = (node: StepNode): string[] => [
  ...optionsOf(node),
  ...(node.branches === undefined ? [] : ["onMatch", "onTimeout", "branches"]),
];

describe("the samples", () => {
  it("have every function of the package", () => {
    expect(
      Object.keys(sdk)
        .filter((name) => !OTHERS.has(name))
        .sort(),
    ).toEqual(Object.keys(STEPS).sort());
    expect(Object.keys(TRIGGERS).sort()).toEqual(Object.keys(on).sort());
    const types = new Set(nodes(Object.values(STEPS).flat()).map(({ type }) => type));
    expect(Object.keys(STEP_KINDS).filter((type) => type !== "trigger" && !types.has(type))).toEqual([]);
    for (const samples of Object.values(STEPS)) expect(samples.every(isStep)).toBe(true);
    for (const samples of Object.values(TRIGGERS)) expect(samples.every(isTrigger)).toBe(true);
  });

  it.each([...Object.entries(STEPS), ...Object.entries(TRIGGERS)])("have every option of %s", (_, samples) => {
    const known = new Set(nodes(samples).flatMap((node) => node.known));
    const used = new Set(nodes(samples).flatMap(given));
    expect([...known].filter((name) => !used.has(name))).toEqual([]);
  });

  it("have every member of a sender and of a recipient", () => {
    const values = nodes(STEPS["email"]!).map((node) => node.options as { from: object; to?: unknown });
    const sender: Record<keyof sdk.Sender, true> = {
      integrationId: true,
      integrationIds: true,
      email: true,
      name: true,
    };
    expect(Object.keys(sender).filter((name) => !values.some(({ from: given }) => name in given))).toEqual([]);
    expect(values.some(({ to }) => typeof to === "object" && to !== null && "email" in to && "name" in to)).toBe(true);
  });
});

describe("PostHog's worker can run", () => {
  it.each(Object.entries(STEPS))("%s", (_, samples) =>
    expect(breaksOf({ steps: [...samples], triggers: [] })).toEqual([]),
  );
  it.each(Object.entries(TRIGGERS))("on.%s", (_, samples) =>
    expect(breaksOf({ steps: [], triggers: [...samples] })).toEqual([]),
  );
});

const errorsIn = (args: object): string[] =>
  sdk
    .validate({ name: "x", variables: vars, ...args } as never)
    .filter(({ severity }) => severity === "error")
    .map(({ path, what, rule }) => `${path}: ${what} [${rule}]`);

describe("preview has nothing against", () => {
  it.each(Object.entries(STEPS))("%s", (name, samples) => {
    // A step of a kind that PostHog may have some day has a template that is not known.
    for (const sample of samples) expect(errorsIn({ trigger: on.event("x"), steps: [sample] }), name).toEqual([]);
  });

  it.each(Object.entries(TRIGGERS))("on.%s", (_, samples) => {
    for (const sample of samples) expect(errorsIn({ trigger: sample, steps: pause })).toEqual([]);
  });
});

it("finds what the worker cannot run", () => {
  const wire = (steps: unknown, trigger: unknown = on.event("x")): string[] =>
    contractBreaks(wireOf(convert({ name: "x", trigger, steps: [steps] }, "x").definition));
  const mail = (change: object): unknown => email("a", { from, subject: "Hi", text: "Hi", ...change });
  expect(wire(mail({ from: "team@example.com" }))).toEqual(["a: email.from"]);
  expect(wire(mail({ from: { integrationId: "7" } }))).toEqual(["a: email.from.integrationId"]);
  expect(wire(mail({ cc: ["a@example.com"] }))).toEqual(["a: email.cc"]);
  expect(wire(mail({ to: ["a@example.com"] }))).toEqual(["a: email.to"]);
  expect(wire(mail({ to: { name: "Ada" } }))).toEqual(["a: email.to.email"]);
  expect(wire(push("a", { channels: [], title: "Hi", image: "cat.png", data: { n: 5 as never } }))).toEqual([
    "a: channels",
    "a: image",
    "a: data",
  ]);
  expect(wire(webhook("a", { url: "example.com" }))).toEqual(["a: url"]);
  expect(
    wire(
      action("a", {
        type: "function",
        config: {
          templateId: "template-webhook",
          inputs: {
            url: { value: "https://example.com" },
            headers: { value: { "X-Seats": "{person.properties.seats}" } },
          },
        },
      }),
    ),
  ).toEqual(["a: headers"]);
});
