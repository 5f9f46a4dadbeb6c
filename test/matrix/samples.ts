// Valid values for a field, from its schema: the first one stands in programs, the others are what somebody changes it to. Where a schema says
// less than PostHog asks, a hint by path helps out.
import { z } from "zod";
import { findTemplate, type InputSchema, type InputType } from "../../emulator/templates";
import { same, type Dict } from "../../definition/canonical/values";
import { unwrapped } from "../../definition/schema/rules";
import type { Home } from "./homes";

const TEXTS = ["first text", "second text", "3h", "2d", "Europe/Berlin", "America/New_York", "10:00", "16:00"];
const NUMBERS = [120, 7, 60];

const plan = { key: "plan", value: ["pro"], operator: "is_not", type: "person" };
const country = { key: "country", value: ["DE", "AT"], operator: "icontains", type: "person" };
const onEvent = (id: string): Dict => ({ events: [{ id }] });
const onSlack = (channel: string): Dict => ({
  events: [{ id: "$slack_message_received" }],
  properties: [{ key: "channel", value: [channel], type: "event" }],
});

/** By home and path. The first match counts. */
const HINTS: readonly [RegExp, readonly unknown[]][] = [
  [/(properties|conversion\.filters)\[\]$/, [plan, country]],
  [/(properties|conversion\.filters)\[\]\.key$/, ["plan", "country"]],
  [/(properties|conversion\.filters)\[\]\.value$/, [["pro"], ["pro", "team"], "pro", 7, true, { from: 1 }]],
  [/(properties|conversion\.filters)\[\]\.operator$/, ["is_not", "icontains"]],
  // An audience is not found by events.
  [/trigger batch config\.filters\.properties\[\]\.type$/, ["person", "group"]],
  [/(properties|conversion\.filters)\[\]\.type$/, ["event", "group"]],
  [
    /internal-event config\.filters\.events\[\]$/,
    [{ id: "$github_event_received" }, { id: "$slack_message_received" }],
  ],
  [/internal-event config\.filters\.events\[\]\.id$/, ["$slack_message_received", "$github_event_received"]],
  [/(events|actions)\[\]\.id$/, ["user signed up", "order placed", 7, null]],
  [
    / config\.events\[\]$|conversion\.events\[\]$/,
    [{ filters: onEvent("order placed") }, { filters: onEvent("order paid") }],
  ],
  [/(events|actions)\[\]$/, [{ id: "order placed" }, { id: "order paid" }]],
  [/(events|actions)\[\]\.(type|name)$/, ["other label", "third label"]],
  [/(events|actions)\[\]\.order$/, [3, 5]],
  [/\.source$/, ["internal-events", "person-updates", "data-warehouse-table", "data-warehouse-view"]],
  [
    /dataWarehouse$/,
    [
      [{ id: "t1", name: "invoices", table_name: "stripe.invoice" }],
      [{ id: "t2", name: "charges", table_name: "stripe.charge" }],
    ],
  ],
  [/internal-event config\.filters$/, [onSlack("C0123"), onSlack("C0456")]],
  [
    /(trigger event config|config\.events\[\]|conversion\.events\[\])\.filters$/,
    [onEvent("order placed"), onEvent("order paid")],
  ],
  [/conversion\.filters$/, [[plan], [country]]],
  [/filters$/, [{ properties: [plan] }, { properties: [country] }]],
  [/^function template-slack .*templateId$/, ["template-slack", "template-webhook"]],
  [/^function\S* .*templateId$/, ["template-webhook", "template-slack"]],
  [/^trigger tracking_pixel .*templateId$/, ["template-source-webhook"]],
  [/^trigger .*templateId$/, ["template-source-webhook-pixel"]],
  [/templateUuid$/, ["0198aaaa-bbbb-4ccc-8ddd-eeeeffff0000", "0198aaaa-bbbb-4ccc-8ddd-eeeeffff0001"]],
  [/mappings$/, [[{ name: "First", inputs: { a: 1 } }], [{ name: "Second", inputs: { a: 2 } }]]],
  [/\.expression$/, ["person.properties.renewal", "person.properties.expiry"]],
  [/\.offset$/, ["-3d", "1h"]],
  [/\.hash$/, ["{person.id}", "{event}"]],
  [/\.(cohorts)\[\]$/, [{ percentage: 25 }, { percentage: 75, name: "Rest" }]],
  [
    /\.(condition|conditions\[\])$/,
    [{ filters: { properties: [plan] } }, { name: "Label", filters: { properties: [country] } }],
  ],
];

const mail = (subject: string): Dict => ({
  from: { integrationId: 7, email: "team@example.com", name: "Team", integrationIds: [7, 8] },
  to: { email: "{{ person.properties.email }}", name: "You" },
  replyTo: "reply@example.com",
  cc: "copy@example.com",
  bcc: "hidden@example.com",
  subject,
  preheader: "In short",
  text: "Hello",
  html: "<p>Hello</p>",
});

/** Values of template inputs, by the type that the template gives them. */
const INPUTS: Record<InputType, readonly unknown[]> = {
  string: ["https://hooks.example.com/b", "other {event.event} text", ""],
  boolean: [true, false],
  number: [5, 6],
  choice: ["PUT", "PATCH"],
  dictionary: [{ "X-Team": "{event.event}", "content-type": "text/plain" }, {}],
  json: [
    { who: "{person.properties.email}", list: [1, null, { deepKey: "x", snake_key: true }], empty: {} },
    ["list"],
    "text",
  ],
  integration: [456, 457],
  integration_field: ["C0123", "C0456"],
  integration_multi: [[789], [789, 790]],
  native_email: [mail("Welcome"), mail("Welcome back")],
};

/** The inputs of the home's template that are no secrets. */
export function templateInputs(home: Home): readonly InputSchema[] {
  return templateOf(home).filter((input) => !input.secret);
}

export function templateOf(home: Home): readonly InputSchema[] {
  const config = (home.bare["config"] ?? {}) as Dict;
  const literal: Readonly<Record<string, string>> = {
    function_email: "template-email",
    function_sms: "template-twilio",
    function_push: "template-native-push",
    webhook: "template-source-webhook",
    manual: "template-source-webhook",
    tracking_pixel: "template-source-webhook-pixel",
  };
  return (
    findTemplate(config["templateId"] ?? literal[String(home.type === "trigger" ? config["type"] : home.type)])
      ?.inputs_schema ?? []
  );
}

/** Of inputs that PostHog takes with any JSON, and its worker with some alone: a trigger knows no person, and the data of a push are texts, its choices those of its template. */
const OF_PLACE: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [
    /^trigger \S+ properties$/,
    [{ who: "{request.body.email}", list: [1, null, { deepKey: "x", snake_key: true }], empty: {} }, ["list"], "text"],
  ],
  [/^function_push data$/, [{ who: "{person.properties.email}", plan: "pro" }, {}]],
  [/^function_push android_priority$/, ["normal", "high"]],
  [/^function_push ios_interruptionLevel$/, ["passive", "critical"]],
];

/** Of inputs whose texts are Liquid. */
const LIQUID_INPUTS: Readonly<Record<string, readonly unknown[] | undefined>> = {
  string: ["{{ person.id }}", "plain"],
  dictionary: [{ plan: "{{ person.id }}" }, { plan: "plain" }],
};

function ofInput(home: Home, text: string): readonly unknown[] | undefined {
  if (text === "config.inputs") return wholeInputs(home);
  const [, key, member] = /^config\.inputs\.(\w+)(\.\w+)?$/.exec(text) ?? [];
  const input = key === undefined ? undefined : templateOf(home).find((candidate) => candidate.key === key);
  if (!input) return undefined;
  const isLiquid = input.templating === "liquid";
  const values =
    OF_PLACE.find(([pattern]) => pattern.test(`${home.name} ${String(key)}`))?.[1] ??
    (isLiquid ? LIQUID_INPUTS[input.type] : undefined) ??
    INPUTS[input.type as InputType];
  if (member === undefined)
    return values.map((value) => ({ value, ...(input.templating === "liquid" ? { templating: "liquid" } : {}) }));
  return member === ".value" ? values : undefined;
}

/** All inputs of a step: the least, with two values of the last one that its template has. */
function wholeInputs(home: Home): readonly unknown[] {
  const bare = ((home.bare["config"] as Dict)["inputs"] ?? {}) as Dict;
  const last = templateInputs(home).at(-1);
  return last === undefined
    ? [bare]
    : (ofInput(home, `config.inputs.${last.key}`) ?? []).slice(0, 2).map((item) => ({ ...bare, [last.key]: item }));
}

/** Distinct valid values of the field. */
export function samples(home: Home, typed: z.ZodType, text: string): unknown[] {
  const given =
    ofInput(home, text) ??
    HINTS.find(([pattern]) => pattern.test(`${home.name} ${text}`))?.[1] ??
    bySchema(home, typed, text);
  const valid = given.filter((value) => unwrapped(typed).schema.safeParse(value).success);
  return valid.filter((value, i) => valid.findIndex((other) => same(other, value)) === i);
}

function bySchema(home: Home, typed: z.ZodType, text: string): readonly unknown[] {
  const { schema } = unwrapped(typed);
  if (schema instanceof z.ZodString) return TEXTS;
  if (schema instanceof z.ZodNumber) return NUMBERS;
  if (schema instanceof z.ZodBoolean) return [true, false];
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodNull) return [null];
  if (schema instanceof z.ZodUnion)
    return (schema.options as z.ZodType[]).flatMap((option) => samples(home, option, text));
  if (schema instanceof z.ZodArray) {
    const [a, b] = samples(home, schema.element as z.ZodType, `${text}[]`);
    return [[a], [b ?? a], [a, b], [b, a]];
  }
  if (schema instanceof z.ZodRecord) {
    const [a, b] = samples(home, schema.valueType as z.ZodType, `${text}.plan`);
    return [{ plan: a }, { plan: b ?? a }];
  }
  if (schema instanceof z.ZodObject) return [ofShape(home, schema, text, 0), ofShape(home, schema, text, 1)];
  if (schema instanceof z.ZodUnknown) return ["some data", { some: ["data"] }, 7];
  return [];
}

/** An object with what it requires; where that is nothing, with the first field that says something. */
function ofShape(home: Home, schema: z.ZodObject, text: string, which: number): Dict {
  const fields = Object.entries(schema.shape);
  const required = fields.filter(([, field]) => !field.safeParse(undefined).success);
  const chosen = required.length > 0 ? required : fields.slice(0, 1);
  return Object.fromEntries(
    chosen.map(([key, field]) => {
      const values = samples(home, field, `${text}.${key}`).filter(
        (value) => !same(value, unwrapped(field).rule.default),
      );
      return [key, values[which] ?? values[0]];
    }),
  );
}
