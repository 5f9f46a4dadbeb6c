// What PostHog takes and its worker cannot run, or runs with something missing: found in a map of steps and in pasted JSON, once, where it is, and with a way
// on. What works has no error. The outcomes come from the worker's own logic, not from the table that the rules read.
import { describe, expect, it } from "vitest";
import { encode } from "../../definition/canonical/encode";
import { UNKNOWN, type Dict } from "../../definition/canonical/values";
import type { Finding } from "../../rules/finding";
import type { Example } from "../../rules/rule";
import { email, flowOf, onWebhook, person, push, sms, startedBy, wait, webhook } from "../../rules/examples";
import { examineFlow } from "../../rules/examine-flow";
import { validate } from "../../sdk/validate";

function findings({ flow }: Example): Finding[] {
  const { definition, findings: found } = examineFlow(flow!);
  return found.all(definition);
}
const errors = (example: Example): Finding[] => findings(example).filter(({ severity }) => severity === "error");
/** The same as PostHog returns it. */
const pasted = ({ flow }: Example): Finding[] =>
  validate({ definition: { ...encode(examineFlow(flow!).definition), status: flow!["status"] ?? "draft" } } as any);
const said = (list: Finding[]): string[] => list.map(({ severity, path }) => `${severity} ${path}`);

const mail = (change: Dict): Example => flowOf({ mail: email(change) });
const hook = (inputs: Dict): Example => flowOf({ hook: webhook(inputs) });
const ping = (inputs: Dict): Example => flowOf({ ping: push(inputs) });
const text = (inputs: Dict): Example => flowOf({ text: sms(inputs) });
const slack = (inputs: Dict): Example =>
  flowOf({
    post: {
      type: "function",
      config: {
        templateId: "template-slack",
        inputs: { slack_workspace: { value: 9 }, channel: { value: "C1" }, text: { value: "New" }, ...inputs },
      },
    },
  });
const trigger = (type: string, inputs: Dict): Example => startedBy({ ...onWebhook(inputs), type });
const liquid = (value: unknown): Dict => ({ value, templating: "liquid" });
const value = (rest: string): string => `actions.mail.config.inputs.email.value.${rest}`;
const input = (step: string, rest: string): string => `actions.${step}.config.inputs.${rest}`;

const NEVER: [what: string, flow: Example, path: string][] = [
  ["a recipient as text", mail({ to: "{{ person.properties.email }}" }), value("to")],
  ["an address as recipient", mail({ to: "team@example.com" }), value("to")],
  ["a list of recipients", mail({ to: ["team@example.com"] }), value("to")],
  ["no recipient", mail({ to: undefined }), value("to")],
  ["a recipient with a name alone", mail({ to: { name: "Team" } }), value("to.email")],
  ["a recipient without address", mail({ to: { email: "" } }), value("to.email")],
  ["no html", mail({ html: undefined, text: "Hello" }), value("html")],
  ["html that is a list", mail({ html: ["<p>Hello</p>"] }), value("html")],
  ["a sender as text", mail({ from: "team@example.com" }), value("from")],
  [
    "a sender without integration",
    mail({ from: { name: "Team", email: "team@example.com" } }),
    value("from.integrationId"),
  ],
  ["an empty sender", mail({ from: { name: "", email: "" } }), value("from.integrationId")],
  ["an integration as text", mail({ from: { integrationId: "7" } }), value("from.integrationId")],
  [
    "an integration in Liquid",
    mail({ from: { integrationId: "{{ variables.sender }}" } }),
    value("from.integrationId"),
  ],
  ["a list of senders alone", mail({ from: { integrationIds: [7, 8] } }), value("from.integrationId")],
  ["a name of the sender that is a number", mail({ from: { integrationId: 7, name: 7 } }), value("from.name")],
  ["a subject that is a number", mail({ subject: 5 }), value("subject")],
  ["cc as a list", mail({ cc: ["a@example.com"] }), value("cc")],
  ["bcc as a list", mail({ bcc: ["a@example.com"] }), value("bcc")],
  ["replyTo as a map", mail({ replyTo: { email: "a@example.com" } }), value("replyTo")],
  ["a push without body", ping({ body: undefined }), input("ping", "body")],
  ["a push with an image of a folder", ping({ image: { value: "/cat.png" } }), input("ping", "image.value")],
  [
    "a push with an image of a folder, and a hole",
    ping({ image: { value: "/{person.properties.cat}.png" } }),
    input("ping", "image.value"),
  ],
  ["a push with data that is a number", ping({ data: { value: { seats: 12 } } }), input("ping", "data.value.seats")],
  ["a push to an empty list", ping({ channels: { value: [] } }), input("ping", "channels.value")],
  [
    "a webhook that takes no method",
    startedBy({ type: "webhook", inputs: { event: { value: "x" } } }),
    input("trigger_node", "method"),
  ],
  ["a manual trigger that takes no method", startedBy({ type: "manual" }), input("trigger_node", "method")],
  ["a webhook without an event", trigger("webhook", { event: { value: "" } }), input("trigger_node", "event.value")],
  [
    "a pixel without an id",
    startedBy({ type: "tracking_pixel", inputs: { distinct_id: { value: "" } } }),
    input("trigger_node", "distinct_id.value"),
  ],
  [
    "a webhook that reads the person",
    trigger("webhook", { distinct_id: { value: "{person.distinct_id}" } }),
    input("trigger_node", "distinct_id.value"),
  ],
  [
    "a manual trigger that reads the person, in a map",
    trigger("manual", { properties: { value: { plan: "{person.properties.plan}" } } }),
    input("trigger_node", "properties.value.plan"),
  ],
  [
    "a webhook that reads groups",
    trigger("webhook", { properties: { value: { company: "{groups.company.id}" } } }),
    input("trigger_node", "properties.value.company"),
  ],
  [
    "an SMS to a number in Hog",
    text({ to_number: { value: "{person.properties.phone}" } }),
    input("text", "to_number.value"),
  ],
  [
    "an SMS in Hog that says so",
    text({ message: { value: "Hi {concat(person.name, '!')}", templating: "hog" } }),
    input("text", "message.value"),
  ],
  [
    "an SMS from a number in Hog",
    text({ from_number: { value: "{person.properties.sender}" } }),
    input("text", "from_number.value"),
  ],
  [
    "an SMS from a number in Liquid that does not say so",
    text({ from_number: { value: "{{ person.properties.sender }}" } }),
    input("text", "from_number.value"),
  ],
  ["an SMS to nobody", text({ to_number: liquid("") }), input("text", "to_number.value")],
  ["an SMS that says nothing", text({ message: { value: "" } }), input("text", "message.value")],
  [
    "a push whose body is Hog",
    ping({ body: { value: "Hello {person.properties.name}" } }),
    input("ping", "body.value"),
  ],
  [
    "a Slack channel in Hog",
    slack({ channel: { value: "{person.properties.channel}" } }),
    input("post", "channel.value"),
  ],
  ["a Slack channel as a list", slack({ channel: { value: ["C1"] } }), input("post", "channel.value")],
  ["a method in Hog", hook({ method: { value: "{person.properties.method}" } }), input("hook", "method.value")],
  ["a number in Hog", ping({ ttlSeconds: { value: "{event.properties.ttl}" } }), input("ping", "ttlSeconds.value")],
  ["an address without scheme", hook({ url: { value: "crm.example.com/seats" } }), input("hook", "url.value")],
  [
    "an address without scheme, and a hole",
    hook({ url: { value: "crm.example.com/{person.id}" } }),
    input("hook", "url.value"),
  ],
  [
    "an address without scheme in Liquid",
    hook({ url: liquid("crm.example.com/{{ person.id }}") }),
    input("hook", "url.value"),
  ],
  ["an address of ftp", hook({ url: { value: "ftp://crm.example.com/seats" } }), input("hook", "url.value")],
  ["a body of 0", hook({ body: { value: 0 } }), input("hook", "body.value")],
  ["a body of false", hook({ body: { value: "{false}" } }), input("hook", "body.value")],
  ["a method that is a number", hook({ method: { value: 5 } }), input("hook", "method.value")],
  [
    "a trigger's method in small letters",
    trigger("webhook", { method: { value: "post" } }),
    input("trigger_node", "method.value"),
  ],
  [
    "a trigger's method that is a number",
    trigger("manual", { method: { value: 5 } }),
    input("trigger_node", "method.value"),
  ],
  [
    "a title that Hog makes a number",
    ping({ title: { value: "{event.properties.seats + 1}", templating: "hog" } }),
    input("ping", "title.value"),
  ],
  [
    "a title that Hog makes a list",
    ping({ title: { value: "{[person.name]}", templating: "hog" } }),
    input("ping", "title.value"),
  ],
  [
    "data that Hog makes a number",
    ping({ data: { value: { letters: "{length(person.name)}" } } }),
    input("ping", "data.value.letters"),
  ],
  ["data that is a text", ping({ data: { value: "seats" } }), input("ping", "data.value")],
  [
    "a map of Hog with a number as data",
    ping({ data: { value: "{{'seats': 12}}", templating: "hog" } }),
    input("ping", "data.value.seats"),
  ],
  ["half a minute of life", ping({ ttlSeconds: { value: 0.5 } }), input("ping", "ttlSeconds.value")],
  [
    "a priority that there is not",
    ping({ android_priority: { value: "urgent" } }),
    input("ping", "android_priority.value"),
  ],
  [
    "a sound that Hog makes a truth value",
    ping({ ios_sound: { value: "{person.properties.plan = 'pro'}" } }),
    input("ping", "ios_sound.value"),
  ],
  [
    "an event property in an audience",
    startedBy({ type: "batch", filters: { properties: [{ key: "plan", value: "pro", type: "event" }] } }),
    "actions.trigger_node.config.filters.properties[0]",
  ],
  [
    "a behaviour in an audience",
    startedBy({
      type: "batch",
      filters: { properties: [{ key: "paid", value: "performed_event", type: "behavioral" }] },
    }),
    "actions.trigger_node.config.filters.properties[0]",
  ],
  ["a mail to the person of a schedule", startedBy({ type: "schedule" }, { mail: email() }), value("to.email")],
  [
    "an SMS to the person of a row",
    startedBy({ type: "data-warehouse-table", tableName: "stripe.invoice" }, { text: sms() }),
    input("text", "to_number"),
  ],
  ["a push of a schedule", startedBy({ type: "schedule" }, { ping: push() }), "actions.ping.type"],
  [
    "a wait of a schedule",
    startedBy({ type: "schedule" }, { paid: wait({ events: [{ filters: { events: [{ id: "paid" }] } }] }) }),
    "actions.paid.type",
  ],
  [
    "a wait on a person under internal events",
    startedBy(
      onSlack(),
      { paid: wait({ condition: { filters: { properties: [person("paid", "true")] } } }) },
      { status: "active" },
    ),
    "actions.paid.type",
  ],
];
function onSlack(): Dict {
  return {
    type: "internal-event",
    filters: {
      events: [{ id: "$slack_message_received" }],
      properties: [{ key: "channel", value: ["C1"], type: "event" }],
    },
  };
}

const LOSES: [what: string, flow: Example, path: string][] = [
  [
    "eleven channels",
    ping({ channels: { value: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] } }),
    input("ping", "channels.value"),
  ],
  [
    "a header that is a number",
    hook({ headers: { value: { "X-Seats": 12 } } }),
    input("hook", "headers.value.X-Seats"),
  ],
  [
    "a header that a template makes a number",
    hook({ headers: { value: { "X-Seats": "{12}" } } }),
    input("hook", "headers.value.X-Seats"),
  ],
  [
    "a header that Hog makes a number",
    hook({ headers: { value: { "X-Letters": "{length(person.name)}" } } }),
    input("hook", "headers.value.X-Letters"),
  ],
  [
    "a header that Hog makes a truth value",
    hook({ headers: { value: { "X-Pro": "{person.properties.plan == 'pro'}" } } }),
    input("hook", "headers.value.X-Pro"),
  ],
  [
    "fifty-one blocks",
    slack({ blocks: { value: Array.from({ length: 51 }, () => ({ type: "divider" })) } }),
    input("post", "blocks.value"),
  ],
  [
    "a key of a map in Hog",
    hook({ body: { value: [{ "{person.properties.email}": 1 }] } }),
    'actions.hook.config.inputs.body.value[0]["{person.properties.email}"]',
  ],
  [
    "a key of a map in Liquid",
    hook({ body: liquid({ "{{ person.properties.email }}": 1 }) }),
    'actions.hook.config.inputs.body.value["{{ person.properties.email }}"]',
  ],
  [
    "a manual trigger that reads what the button does not send",
    trigger("manual", { properties: { value: { plan: "{request.body.plan}" } } }),
    input("trigger_node", "properties.value.plan"),
  ],
  [
    "a manual trigger that reads an address",
    trigger("manual", { distinct_id: { value: "{request.query.who}" } }),
    input("trigger_node", "distinct_id.value"),
  ],
  [
    "a pixel that reads a body",
    startedBy({ type: "tracking_pixel", inputs: { distinct_id: { value: "{request.body.who}" } } }),
    input("trigger_node", "distinct_id.value"),
  ],
  [
    "a hash that is a map",
    flowOf({}, { triggerMasking: { hash: "{{'who': person.id}}", ttl: 3600 } }),
    "triggerMasking.hash",
  ],
  [
    "a hash of all properties",
    flowOf({}, { triggerMasking: { hash: "{person.properties}", ttl: 3600 } }),
    "triggerMasking.hash",
  ],
  [
    "the result of an e-mail",
    flowOf({ mail: email({}, { outputVariable: { key: "sent" } }) }),
    "actions.mail.outputVariable",
  ],
  [
    "the result of a push",
    flowOf({ ping: push({}, { outputVariable: { key: "sent" } }) }),
    "actions.ping.outputVariable",
  ],
];

const FINE: [what: string, flow: Example][] = [
  ["a mail", mail({})],
  ["a mail with text alone", mail({ html: "", text: "Hello" })],
  ["a mail with several senders", mail({ from: { integrationId: 7, integrationIds: [7, 8], name: "News" } })],
  ["a mail to a recipient that is not known yet", mail({ to: UNKNOWN })],
  ["a mail from an integration that is not known yet", mail({ from: { integrationId: UNKNOWN } })],
  [
    "a mail of a saved message",
    flowOf({
      mail: {
        type: "function_email",
        config: {
          templateUuid: "0199aabb-ccdd-0000-1122-334455667788",
          inputs: { email: { value: { from: { integrationId: 7 }, to: { email: "a@example.com" } } } },
        },
      },
    }),
  ],
  ["a push without a word in its body and without an image", ping({ body: { value: "" }, image: { value: "" } })],
  ["a push with Hog in its title", ping({ title: { value: "{event.event}" } })],
  ["a push to one channel many times", ping({ channels: { value: Array<number>(12).fill(3) } })],
  [
    "a push whose data are not known before it is sent",
    ping({ data: { value: { seats: "{person.properties.seats}" } } }),
  ],
  [
    "a push with all its options",
    ping({
      ttlSeconds: { value: 0 },
      ios_badge: { value: 0 },
      ios_mutableContent: { value: true },
      android_priority: { value: "high" },
      ios_interruptionLevel: { value: "" },
      ios_sound: { value: "default" },
      collapseKey: { value: "{event.event}" },
    }),
  ],
  ["a push whose data are one expression", ping({ data: { value: "{event.properties.data}" } })],
  ["a push with an empty text for data", ping({ data: { value: "" } })],
  ["a push with an image of another scheme", ping({ image: { value: "content://pictures/{person.id}.png" } })],
  ["a webhook whose body is a condition", hook({ body: { value: "{person.properties.plan == 'pro'}" } })],
  ["an address with a space before it", hook({ url: { value: " HTTPS://crm.example.com/seats" } })],
  [
    "a trigger that reads what its request brings",
    trigger("webhook", { event: { value: "{event.event}" }, distinct_id: { value: "{variables.who}" } }),
  ],
  ["an SMS", text({ to_number: { value: "{{ person.properties.phone }}" }, message: { value: "Your code is {1}" } })],
  ["an SMS from a number in Liquid", text({ from_number: liquid("{{ person.properties.sender }}") })],
  ["an SMS with the template's own texts", text({})],
  ["a Slack message", slack({})],
  [
    "a webhook whose address is one expression",
    hook({
      url: { value: "{concat('https://crm.example.com/', person.properties.plan)}" },
      headers: { value: { "X-Plan": "{person.properties.plan}", "X-Seats": "12" } },
    }),
  ],
  ["a webhook whose address begins with a hole", hook({ url: liquid("{{ person.properties.host }}/seats") })],
  ["a webhook with an empty body", hook({ body: { value: "" } })],
  ["a webhook trigger with a secret", trigger("webhook", { auth_header: { value: "t0ken" } })],
  ["a manual trigger", trigger("manual", { distinct_id: { value: "{request.body.user_id}" } })],
  [
    "a manual trigger with variables",
    trigger("manual", { properties: { value: { plan: "{request.body.$variables.plan}", all: "{request.body}" } } }),
  ],
  [
    "a pixel with a query",
    startedBy({ type: "tracking_pixel", inputs: { distinct_id: { value: "{request.query.who}" } } }),
  ],
  [
    "a webhook that reads anything",
    trigger("webhook", { event: { value: "{request.query.event}" }, distinct_id: { value: "{request.body.who}" } }),
  ],
  ["a pixel", startedBy({ type: "tracking_pixel", inputs: {} })],
  [
    "inputs that are not known yet",
    flowOf({ hook: { type: "function", config: { templateId: "template-webhook", inputs: UNKNOWN } } }),
  ],
  [
    "a hash of two values",
    flowOf({}, { triggerMasking: { hash: "{concat(person.id, '-', event.event)}", ttl: 3600 } }),
  ],
];

describe("is an error, once", () => {
  it.each(NEVER)("%s", (_what, flow, path) => {
    expect(said(errors(flow))).toEqual([`error ${path}`]);
    expect(errors(flow)[0]!.fix).toBeTruthy();
    expect(errors(flow)[0]!.why).toBeTruthy();
  });
  it.each(NEVER)("in pasted JSON: %s", (_what, flow, path) => expect(said(pasted(flow))).toContain(`error ${path}`));
  it.each(NEVER)("in a draft and in an active flow: %s", (_what, { flow }, path) =>
    expect(said(errors({ flow: { ...flow, status: "active" } }))).toContain(`error ${path}`),
  );
});

describe("is a warning, once", () => {
  it.each(LOSES)("%s", (_what, flow, path) =>
    expect(said(findings(flow)).filter((line) => line.endsWith(path))).toEqual([`warning ${path}`]),
  );
  it.each(LOSES)("and stops nothing: %s", (_what, flow) => expect(errors(flow)).toEqual([]));
});

describe("is no error", () => {
  it.each(FINE)("%s", (_what, flow) => {
    expect(errors(flow)).toEqual([]);
    expect(findings(flow)).toEqual([]);
  });
});
