// What PostHog's worker demands of the inputs of a step once they are rendered, field by field: its API stores far more than its worker can run. The rules of a
// preview and the simulator both read this table; the worker cases of the tests are the third party that neither of them wrote.
import { table } from "./table";
import type { KnownTemplate } from "./templates";

/** What a field may hold. */
export type Taken =
  | "a text"
  | "a text that is not empty"
  | "a number"
  | "an object"
  | "a map of texts"
  | "a whole number"
  | "a whole number of at least 0"
  | "true or false"
  | "normal or high"
  | "passive, active, time-sensitive or critical"
  | "a method in capital letters"
  | "a web address"
  | "a whole address, or an empty text"
  | "a list that is not empty"
  | "a list of at most 10"
  | "at most 10 numbers"
  | "a list of at most 50"
  | "anything but 0 and false";

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
/** What the worker's parser takes: spaces around an address, for one. */
const isWebAddress = (value: unknown): boolean =>
  isText(value) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
/** Empty counts as absent. */
const isOneOf =
  (words: readonly string[]) =>
  (value: unknown): boolean =>
    value === "" || words.includes(value as string);

/** Whether a rendered value is what a field may hold. */
export const HOLDS: Readonly<Record<Taken, (value: unknown) => boolean>> = {
  "a text": isText,
  "a text that is not empty": (value) => isText(value) && value !== "",
  "a number": (value) => typeof value === "number",
  "an object": isMap,
  "a map of texts": (value) => value === "" || (isMap(value) && Object.values(value).every(isText)),
  "a whole number": (value) => Number.isInteger(value),
  "a whole number of at least 0": (value) => Number.isInteger(value) && (value as number) >= 0,
  "true or false": (value) => typeof value === "boolean",
  "normal or high": isOneOf(["normal", "high"]),
  "passive, active, time-sensitive or critical": isOneOf(["passive", "active", "time-sensitive", "critical"]),
  "a method in capital letters": (value) => isText(value) && /^[A-Z]+$/.test(value),
  "a web address": isWebAddress,
  "a whole address, or an empty text": (value) => value === "" || (isText(value) && URL.canParse(value)),
  "a list that is not empty": (value) => Array.isArray(value) && value.length > 0,
  "a list of at most 10": (value) => !Array.isArray(value) || new Set(value).size <= 10,
  "at most 10 numbers": (value) =>
    Array.isArray(value) && value.length <= 10 && value.every((item) => typeof item === "number"),
  "a list of at most 50": (value) => !Array.isArray(value) || value.length <= 50,
  "anything but 0 and false": (value) => value !== 0 && value !== false,
};

/**
 * What happens otherwise. `fails`: the step fails, for everybody. `refused`: the trigger answers with an error and starts no run. `dropped`: what does not fit is
 * left out without a word, and the rest is sent. `rejected`: the worker sends it, and who gets the request answers with an error.
 */
export type Otherwise = "fails" | "refused" | "dropped" | "rejected";

export interface Demand {
  /** Where the field is: the name of the input, then the members of its value. */
  at: readonly [input: string, ...members: string[]];
  takes: Taken;
  /**
   * The field may be absent: the worker does without it, or PostHog fills in the template's default when the flow is saved. Null is absent for a whole
   * input, but not where a default is filled in: there it is what a template came to. Inside a value it is a value like any other.
   */
  optional?: true | "filled in";
  otherwise: Otherwise;
  /** What the worker does with the field, in a sentence without its end. */
  why: string;
  /** How to write it. */
  fix: string;
}

const demand = (at: string, takes: Taken, why: string, fix: string, more: Partial<Demand> = {}): Demand => ({
  at: at.split(".") as [string, ...string[]],
  takes,
  otherwise: "fails",
  why,
  fix,
  ...more,
});
const optional = { optional: true } as const;
const filledIn = { optional: "filled in" } as const;
const optionals = (ats: readonly string[], takes: Taken, why: string, fix: string): Demand[] =>
  ats.map((at) => demand(at, takes, why, fix, optional));
const optionalText = (at: string, fix = "Write one text, or leave it out"): Demand =>
  demand(
    at,
    "a text",
    "The worker accepts a text here or nothing; anything else fails the step for everybody",
    fix,
    optional,
  );
const filled = (at: string, status: number, fix: string, more: Partial<Demand> = {}): Demand =>
  demand(
    at,
    "a text that is not empty",
    `Without it every request is answered with ${status}, and no run starts`,
    fix,
    { otherwise: "refused", ...more },
  );

const PUSH_TEXTS = [
  "collapseKey",
  "android_channelId",
  "android_sound",
  "android_tag",
  "android_icon",
  "android_color",
  "android_clickAction",
  "ios_sound",
  "ios_subtitle",
  "ios_category",
  "ios_threadId",
];

/** By template. A template that is not here has demands that are not known. */
export const WORKER_CONTRACT = table<readonly Demand[]>({
  "template-email": [
    demand(
      "email.from",
      "an object",
      "The worker reads the sender from `from.integrationId`; without it the step fails for everybody",
      "Write from: { integrationId: <id of the e-mail integration> }",
    ),
    demand(
      "email.from.integrationId",
      "a number",
      "The worker reads the sender from `from.integrationId`, even if there is `integrationIds`; without it the step fails for everybody",
      "Give the id of the e-mail integration as a number",
    ),
    demand(
      "email.from.integrationIds",
      "at most 10 numbers",
      "The worker accepts a list of up to ten ids of e-mail integrations; anything else fails the step for everybody",
      "Give up to ten ids as numbers, or leave it out",
      optional,
    ),
    optionalText("email.from.email"),
    optionalText("email.from.name"),
    demand(
      "email.to",
      "an object",
      "The worker reads the recipient from `to.email`; anything else fails the step for everybody",
      'Write to: { email: "{{ person.properties.email }}", name: "" }',
    ),
    demand(
      "email.to.email",
      "a text that is not empty",
      "The worker reads the recipient from `to.email`; without it the step fails for everybody",
      'Write to: { email: "{{ person.properties.email }}", name: "" }',
    ),
    optionalText("email.to.name"),
    demand("email.subject", "a text", "Without a subject the step fails for everybody", "Write a text"),
    demand(
      "email.html",
      "a text",
      "The worker requires `html` as a text, which may be empty; without it the step fails for everybody",
      'Give the body as `html`, or write html: "" next to `text`',
    ),
    optionalText("email.text"),
    optionalText("email.preheader"),
    optionalText("email.replyTo", "Write the addresses as one text, with commas between them, or leave it out"),
    optionalText("email.cc", "Write the addresses as one text, with commas between them, or leave it out"),
    optionalText("email.bcc", "Write the addresses as one text, with commas between them, or leave it out"),
  ],
  "template-native-push": [
    demand(
      "channels",
      "a list that is not empty",
      "Without a channel the step fails for everybody",
      "Give the ids of the push integrations",
    ),
    demand(
      "channels",
      "a list of at most 10",
      "The worker uses the first ten channels and ignores the rest",
      "Use at most 10 channels in a step",
      { otherwise: "dropped" },
    ),
    demand(
      "distinctId",
      "a text",
      "A value that is not a text fails the step for everybody",
      "Write {{ person.distinct_id }}",
      filledIn,
    ),
    demand("title", "a text", "A title that is not a text fails the step for everybody", "Write a text", filledIn),
    demand(
      "body",
      "a text",
      "The template always sends `body`, and null is refused: without it no push is sent",
      'Write body: { value: "" } if there is nothing to say',
    ),
    demand(
      "image",
      "a whole address, or an empty text",
      "Anything but a whole address fails the step for everybody",
      "Write the address with https://, or leave it out",
      optional,
    ),
    demand(
      "data",
      "a map of texts",
      "A value that is not a text fails the step for everybody",
      "Write every value as a text",
      optional,
    ),
    demand(
      "ttlSeconds",
      "a whole number of at least 0",
      "Anything else fails the step for everybody",
      "Write whole seconds, or leave it out",
      optional,
    ),
    demand(
      "ios_badge",
      "a whole number",
      "Anything else fails the step for everybody",
      "Write a whole number, or leave it out",
      optional,
    ),
    demand(
      "ios_mutableContent",
      "true or false",
      "Anything else fails the step for everybody",
      "Write true or false, or leave it out",
      optional,
    ),
    demand(
      "android_priority",
      "normal or high",
      "Anything else fails the step for everybody",
      "Write one of them, or leave it out",
      optional,
    ),
    demand(
      "ios_interruptionLevel",
      "passive, active, time-sensitive or critical",
      "Anything else fails the step for everybody",
      "Write one of them, or leave it out",
      optional,
    ),
    ...optionals(
      PUSH_TEXTS,
      "a text",
      "A value that is not a text fails the step for everybody",
      "Write a text, or leave it out",
    ),
  ],
  "template-twilio": [
    demand(
      "from_number",
      "a text that is not empty",
      "Twilio requires the sender as a text",
      "Write the number as a text, such as +15550100000",
      { ...optional, otherwise: "rejected" },
    ),
    demand(
      "to_number",
      "a text that is not empty",
      "An empty recipient fails the step, also for a transactional message",
      "Write {{ person.properties.phone }}, or the property that holds the number",
      filledIn,
    ),
    demand("message", "a text that is not empty", "An empty message fails the step", "Write a text", filledIn),
  ],
  "template-slack": [
    demand(
      "channel",
      "a text that is not empty",
      "Slack requires the channel as a text",
      "Write the id of the channel, such as C0123456",
      { ...optional, otherwise: "rejected" },
    ),
    demand("blocks", "a list of at most 50", "The template cuts the message after 50 blocks", "Use at most 50 blocks", {
      ...optional,
      otherwise: "dropped",
    }),
  ],
  "template-webhook": [
    demand(
      "method",
      "a text",
      "A method that is not a text fails the step for everybody",
      'Write one of "POST", "PUT", "PATCH", "GET" and "DELETE"',
      optional,
    ),
    demand(
      "url",
      "a web address",
      "Without http or https no request is made, and the step fails for everybody",
      "Write the address with https://",
    ),
    demand(
      "headers",
      "a map of texts",
      "A header with a value that is not a text is silently left out",
      "Write every value as a text",
      { ...optional, otherwise: "dropped" },
    ),
    demand(
      "body",
      "anything but 0 and false",
      "A body of 0 or false fails the step",
      "Put it in an object, or write it as a text",
      optional,
    ),
  ],
  "template-source-webhook": [
    demand(
      "method",
      "a method in capital letters",
      "It must match the request's method exactly: any other request is answered with 405, and no run starts",
      'Write method: { value: "POST" }',
      { otherwise: "refused" },
    ),
    filled(
      "event",
      400,
      'Write event: { value: "$workflow_triggered" }, or what the request holds: "{request.body.event}"',
      optional,
    ),
    filled("distinct_id", 400, 'Write distinct_id: { value: "{request.body.distinct_id}" }', optional),
  ],
  "template-source-webhook-pixel": [
    demand(
      "event",
      "a text that is not empty",
      "Without it the pixel answers, and no run starts",
      'Write event: { value: "{request.query.ph_event}" }',
      { ...optional, otherwise: "refused" },
    ),
    demand(
      "distinct_id",
      "a text that is not empty",
      "Without it the pixel answers, and no run starts",
      'Write distinct_id: { value: "{request.query.ph_distinct_id}" }',
      { ...optional, otherwise: "refused" },
    ),
  ],
} satisfies Readonly<Record<KnownTemplate, readonly Demand[]>>);

/** The value at a demand's place, below rendered inputs; undefined where there is none. */
export function valueAt({ at: [input, ...members] }: Demand, inputs: Readonly<Record<string, unknown>>): unknown {
  let value = inputs[input];
  for (const member of members) value = isMap(value) ? value[member] : undefined;
  return value;
}

/** Whether rendered inputs keep a demand. What lacks the object around the field breaks that object's demand, not this one. */
export function keeps(demand: Demand, inputs: Readonly<Record<string, unknown>>): boolean {
  const [input, ...members] = demand.at;
  const around = members.length > 0 ? valueAt({ ...demand, at: [input, ...members.slice(0, -1)] }, inputs) : inputs;
  if (members.length > 0 && !isMap(around)) return true;
  const value = valueAt(demand, inputs);
  const isAbsent = value === undefined || (value === null && members.length === 0 && demand.optional !== "filled in");
  return isAbsent ? demand.optional !== undefined : HOLDS[demand.takes](value);
}
