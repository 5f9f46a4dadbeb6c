// What the options of the SDK's functions take, so that a program is written with a function only where the compiler takes what is live: PostHog's API stores
// far more than the types allow. One row for each option; one that is missing here does not compile.
import { isDict } from "../../definition/canonical/values";
import type {
  ActionOptions,
  BatchOptions,
  DelayOptions,
  DelayUntilOptions,
  DestinationOptions,
  EmailOptions,
  EventTriggerOptions,
  ExitOptions,
  GitHubTriggerOptions,
  ManualTriggerOptions,
  PushOptions,
  SlackOptions,
  SlackTriggerOptions,
  SmsOptions,
  StepOptions,
  TimeWindowOptions,
  TrackingPixelOptions,
  TriggerOptions,
  WaitUntilOptions,
  WarehouseOptions,
  WebhookOptions,
  WebhookTriggerOptions,
} from "../../sdk/index";
import { table } from "../../definition/schema/table";
import type * as sdk from "../../sdk/index";
import { NotExpressible } from "./conditions";
import { Body, Call, isPlain, StoredSecret, Tagged } from "./expression";
import { isClockTime, isDuration } from "./literals";

/** Whether an expression is something that the option's type takes. */
type Fits = (value: unknown) => boolean;

/** Written by functions of this folder, which know what they write. */
const written: Fits = () => true;
/** Never written here. */
const nothing: Fits = () => false;
const number: Fits = (value) => typeof value === "number";
const boolean: Fits = (value) => typeof value === "boolean";
/** A text that is no template. */
const plain: Fits = (value) => typeof value === "string";
const text: Fits = (value) =>
  plain(value) || value instanceof Tagged || (value instanceof Body && typeof value.data === "string");
const secret: Fits = (value) => value instanceof StoredSecret;
const oneOf =
  (...values: readonly string[]): Fits =>
  (value) =>
    typeof value === "string" && values.includes(value);
const listOf =
  (fits: Fits): Fits =>
  (value) =>
    Array.isArray(value) && value.every(fits);
const oneOrMore =
  (fits: Fits): Fits =>
  (value) =>
    fits(value) || listOf(fits)(value);
const mapOf =
  (fits: Fits): Fits =>
  (value) =>
    isPlain(value) && Object.values(value).every(fits);
const object = (needed: Readonly<Record<string, Fits>>, optional: Readonly<Record<string, Fits>> = {}): Fits => {
  const all = { ...needed, ...optional };
  return (value) =>
    isPlain(value) &&
    Object.keys(needed).every((key) => value[key] !== undefined) &&
    Object.entries(value).every(([key, item]) => item === undefined || (Object.hasOwn(all, key) && all[key]!(item)));
};
/** Data of any shape, with templates in it. */
const data: Fits = (value) =>
  value === null ||
  text(value) ||
  value instanceof StoredSecret ||
  number(value) ||
  boolean(value) ||
  listOf(data)(value) ||
  mapOf(data)(value);
const zone: Fits = (value) => typeof value === "string" || value instanceof Call;

type KeysOf<T> = T extends unknown ? keyof T : never;
type Takes<T> = Readonly<Record<KeysOf<T> & string, Fits>>;

const STEP: Takes<StepOptions> = {
  name: plain,
  id: plain,
  description: plain,
  onError: oneOf("continue", "abort"),
  filters: written,
};
const RESULT = { ...STEP, outputVariable: written };
const MESSAGE = {
  ...RESULT,
  messageCategoryType: oneOf("marketing", "transactional"),
  messageCategoryId: plain,
  editorOwns: nothing,
};
const ZONES = { timezone: zone, usePersonTimezone: boolean, fallbackTimezone: zone };
const TRIGGER: Takes<TriggerOptions> = { name: plain, id: plain, description: plain };
const FILTERED = { ...TRIGGER, where: written, filterTestAccounts: boolean, editorOwns: nothing };
const METHOD = oneOf("POST", "GET", "PUT", "PATCH", "DELETE");
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const EMAIL: Takes<EmailOptions> = {
  ...MESSAGE,
  from: object({ integrationId: number }, { integrationIds: listOf(number), email: text, name: text }),
  to: (value) => text(value) || object({ email: text }, { name: text })(value),
  subject: text,
  preheader: text,
  replyTo: text,
  cc: text,
  bcc: text,
  html: text,
  text,
  design: (value) => (value instanceof Body ? isDict(value.data) : isPlain(value)),
  trackingEnabled: boolean,
};
const SMS: Takes<SmsOptions> = { ...MESSAGE, twilioAccount: number, fromNumber: text, toNumber: text, message: text };
const PUSH: Takes<PushOptions> = {
  ...MESSAGE,
  channels: listOf(number),
  title: text,
  body: text,
  image: text,
  data: mapOf(text),
  distinctId: text,
};
const WEBHOOK: Takes<WebhookOptions> = {
  ...RESULT,
  url: text,
  method: METHOD,
  body: data,
  headers: mapOf(text),
  signingSecret: secret,
  debug: boolean,
  editorOwns: nothing,
};
const SLACK: Takes<SlackOptions> = {
  ...RESULT,
  slackWorkspace: number,
  channel: text,
  text,
  blocks: data,
  inputs: mapOf(data),
  editorOwns: nothing,
};
const DESTINATION: Takes<DestinationOptions<object>> = { ...RESULT, inputs: mapOf(data), editorOwns: nothing };
const ACTION: Takes<ActionOptions & { branches: 1 }> = {
  ...RESULT,
  type: plain,
  config: isPlain,
  branches: written,
  editorOwns: nothing,
};
const DELAY: Takes<DelayOptions> = { ...STEP, editorOwns: nothing };
const DELAY_UNTIL: Takes<DelayUntilOptions> = {
  ...STEP,
  ...ZONES,
  expression: plain,
  offset: plain,
  maxDelayDuration: isDuration,
  editorOwns: nothing,
};
const TIME_WINDOW: Takes<TimeWindowOptions> = {
  ...STEP,
  ...ZONES,
  day: (value) =>
    oneOf("any", "weekday", "weekend")(value) || (listOf(oneOf(...DAYS))(value) && (value as unknown[]).length > 0),
  time: (value) => value === "any" || (listOf(isClockTime)(value) && (value as unknown[]).length === 2),
};
const WAIT_UNTIL: Takes<WaitUntilOptions & { onMatch: 1; onTimeout: 1 }> = {
  ...RESULT,
  maxWaitDuration: isDuration,
  events: written,
  condition: written,
  onMatch: written,
  onTimeout: written,
  editorOwns: nothing,
};
const EXIT: Takes<ExitOptions> = { name: plain, id: plain, description: plain, reason: plain };

const ON_EVENT: Takes<EventTriggerOptions> = FILTERED;
const SOURCE = { ...TRIGGER, event: plain, distinctId: plain, properties: mapOf(plain) };
const ON_WEBHOOK: Takes<WebhookTriggerOptions> = { ...SOURCE, method: METHOD, authHeader: secret, debug: boolean };
const ON_MANUAL: Takes<ManualTriggerOptions> = { ...SOURCE, method: METHOD };
const ON_PIXEL: Takes<TrackingPixelOptions> = { ...SOURCE, debug: boolean };
const ON_BATCH: Takes<BatchOptions> = {
  ...TRIGGER,
  filterTestAccounts: boolean,
  editorOwns: nothing,
  audienceType: oneOf("persons", "accounts"),
  tagNames: listOf(plain),
  assignmentStatus: oneOf("all", "assigned", "unassigned"),
  assignedToUserIds: listOf(number),
};
const ROWS: Takes<WarehouseOptions> = { ...TRIGGER, where: written, keyProperty: plain, editorOwns: nothing };
const ON_SLACK: Takes<SlackTriggerOptions> = { ...TRIGGER, channel: oneOrMore(plain) };
const ON_GITHUB: Takes<GitHubTriggerOptions> = { ...TRIGGER, repository: oneOrMore(plain), eventTypes: listOf(plain) };

/** The functions of the SDK that make a step. */
type StepFunction = {
  [Name in keyof typeof sdk]: (typeof sdk)[Name] extends (...args: never[]) => infer Made
    ? Made extends sdk.Step
      ? Name
      : never
    : never;
}[keyof typeof sdk];

/** By the function that a call names; a function made by `destination` names none. */
const TAKES = table<Readonly<Record<string, Fits>>>({
  email: EMAIL,
  sms: SMS,
  push: PUSH,
  webhook: WEBHOOK,
  slack: SLACK,
  action: ACTION,
  delay: DELAY,
  delayUntil: DELAY_UNTIL,
  timeWindow: TIME_WINDOW,
  waitUntil: WAIT_UNTIL,
  branch: STEP,
  split: STEP,
  exit: EXIT,
  "on.event": ON_EVENT,
  "on.webhook": ON_WEBHOOK,
  "on.manual": ON_MANUAL,
  "on.trackingPixel": ON_PIXEL,
  "on.schedule": TRIGGER,
  "on.batch": ON_BATCH,
  "on.warehouseTable": ROWS,
  "on.warehouseView": ROWS,
  "on.slackMessage": ON_SLACK,
  "on.github": ON_GITHUB,
} satisfies Readonly<Record<StepFunction | `on.${keyof typeof sdk.on}`, Readonly<Record<string, Fits>>>>);

/** The call, whose options the compiler takes. Throws `NotExpressible` where it does not. */
export function typed(call: Call): Call {
  const takes: Readonly<Record<string, Fits>> | undefined =
    typeof call.name === "string" ? TAKES[call.name] : DESTINATION;
  const options = call.args[call.args.length - 1];
  if (takes === undefined || !isPlain(options)) return call;
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !(Object.hasOwn(takes, name) && takes[name]!(value)))
      throw new NotExpressible(`${name} is of a kind that the function does not take`);
  }
  return call;
}
