// Which fields of a step make one thing for people, and how it is said: "wait", "subject", "only for". One table per type of step; what no row covers is
// listed by its path, so nothing is left out.
import type { Path } from "../../definition/canonical/paths";
import { isDict, type Dict } from "../../definition/canonical/values";
import type { FlowField } from "../../definition/schema/schemas";
import type { ActionType, ExitCondition, MessageCategoryType, OnError } from "../../definition/schema/types";
import { conditionWords, filtersWords, propertyWords } from "../words/filters";
import { inputInWords } from "../words/inputs";
import { awaitedWords, doesWords, shareWords, triggerWords, windowWords } from "../words/steps";
import { counted, durationWords, keyWords, listWords, valueLines, valueWords } from "../words/values";
import type { Aspect } from "./changes";

export interface Facet {
  aspect: Aspect;
  label: string;
  /** The fields that it is made of, from the step or the flow. */
  paths: readonly Path[];
  /**
   * The value in words, or lines of text for a line diff; `value` is the value at the first path, `other` the one of the other side. Undefined: nothing to say.
   */
  says(value: unknown, whole: Dict, other?: unknown): string | string[] | undefined;
}

const optional =
  (words: (value: unknown) => string) =>
  (value: unknown): string | undefined =>
    value === undefined ? undefined : words(value);
const text = (value: unknown): string[] | undefined => (value === undefined ? undefined : valueLines(value));
const plain = optional(valueWords);
/** A text of an input, with what is filled in in words. */
const template =
  (key: string): Facet["says"] =>
  (value, whole, other) =>
    text(inputInWords(whole, key, { value, other }));
const config = (whole: Dict): Dict => (isDict(whole["config"]) ? whole["config"] : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const ON_ERROR: Readonly<Record<OnError, string>> = { abort: "the run ends", continue: "the run continues" };
const CATEGORY: Readonly<Record<MessageCategoryType, string>> = {
  marketing: "marketing: not sent to people who opted out",
  transactional: "transactional: also sent to people who opted out",
};
const EXITS: Readonly<Record<ExitCondition, string>> = {
  exit_on_conversion: "when the person converts",
  exit_on_trigger_not_matched: "when the person no longer matches the trigger",
  exit_on_trigger_not_matched_or_conversion: "when the person converts or no longer matches the trigger",
  exit_only_at_end: "only at its end",
};
const from =
  (words: Readonly<Record<string, string>>) =>
  (value: unknown): string =>
    typeof value === "string" && Object.hasOwn(words, value) ? words[value]! : valueWords(value);

/** One alone in a line; several as a list in their order, so that a diff shows which one changed. */
const conditions = (value: unknown): string | string[] => {
  const words = list(value).map(conditionWords);
  return words.length === 1 ? words[0]! : words;
};

const sender = (value: unknown): string => {
  if (!isDict(value)) return valueWords(value);
  const address = [value["name"], value["email"]].filter((part) => typeof part === "string" && part !== "").join(", ");
  const integrations = [
    ...new Set([value["integrationId"], ...list(value["integrationIds"])].filter((id) => id !== undefined)),
  ];
  return [
    address,
    integrations.length === 0
      ? ""
      : `sender ${listWords(
          integrations.map((id) => valueWords(id)),
          "and",
        )}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
};
/** An address, with its name where there is one. */
const address = (value: unknown): string => {
  if (!isDict(value)) return valueWords(value);
  const { name, email, ...rest } = value;
  const named = [name, email]
    .filter((part) => part !== undefined && part !== "")
    .map((part) => valueWords(part))
    .join(" at ");
  return [named, ...Object.entries(rest).map(([key, item]) => `${keyWords(key)} ${valueWords(item)}`)]
    .filter((part) => part !== "")
    .join(", ");
};

const addressed: Facet["says"] = (value, whole, other) =>
  optional(address)(inputInWords(whole, "email", { value, other }));

const email = (field: string): Path => ["config", "inputs", "email", "value", field];
const inputOf = (name: string): Path => ["config", "inputs", name, "value"];

/** What every step has. */
export const COMMON: readonly Facet[] = [
  { aspect: "title", label: "title", paths: [["name"]], says: plain },
  { aspect: "settings", label: "note", paths: [["description"]], says: text },
  {
    aspect: "settings",
    label: "when it fails",
    paths: [["onError"]],
    says: (value) => from(ON_ERROR)(value ?? "continue"),
  },
  { aspect: "condition", label: "only for", paths: [["filters"]], says: (value) => filtersWords(value) ?? "everyone" },
  {
    aspect: "settings",
    label: "keeps its result in",
    paths: [["outputVariable"]],
    says: optional((value) =>
      listWords(
        (Array.isArray(value) ? value : [value]).map((item) =>
          isDict(item)
            ? `${String(item["key"])}${item["resultPath"] === undefined ? "" : ` (from ${String(item["resultPath"])})`}`
            : valueWords(item),
        ),
        "and",
      ),
    ),
  },
];

const MESSAGE: readonly Facet[] = [
  {
    aspect: "audience",
    label: "kind of message",
    paths: [["config", "messageCategoryType"]],
    says: optional(from(CATEGORY)),
  },
  { aspect: "settings", label: "message category", paths: [["config", "messageCategoryId"]], says: plain },
  {
    aspect: "settings",
    label: "open and click tracking",
    paths: [["config", "trackingEnabled"]],
    says: (value) => (value === false ? "off" : value === true || value === undefined ? "on" : valueWords(value)),
  },
];

export const FACETS: Readonly<Record<ActionType, readonly Facet[]>> = {
  trigger: [
    {
      aspect: "audience",
      label: "starts",
      paths: ["filters", "type", "tableName", "templateId"].map((key) => ["config", key]),
      says: (_, whole) => triggerWords(whole["config"]),
    },
  ],
  function: [{ aspect: "settings", label: "template", paths: [["config", "templateId"]], says: plain }],
  function_email: [
    { aspect: "text", label: "subject", paths: [email("subject")], says: template("email") },
    { aspect: "text", label: "preview text", paths: [email("preheader")], says: template("email") },
    { aspect: "text", label: "text", paths: [email("text")], says: template("email") },
    { aspect: "text", label: "HTML", paths: [email("html")], says: template("email") },
    { aspect: "settings", label: "sender", paths: [email("from")], says: optional(sender) },
    { aspect: "audience", label: "recipient", paths: [email("to")], says: addressed },
    { aspect: "settings", label: "replies go to", paths: [email("replyTo")], says: addressed },
    { aspect: "audience", label: "copy to", paths: [email("cc")], says: addressed },
    { aspect: "audience", label: "blind copy to", paths: [email("bcc")], says: addressed },
    ...MESSAGE,
  ],
  function_sms: [
    { aspect: "text", label: "message", paths: [inputOf("message")], says: template("message") },
    { aspect: "settings", label: "sent from", paths: [inputOf("from_number")], says: plain },
    {
      aspect: "audience",
      label: "sent to",
      paths: [inputOf("to_number")],
      says: (value, whole, other) => plain(inputInWords(whole, "to_number", { value, other })),
    },
    ...MESSAGE,
  ],
  function_push: [
    { aspect: "text", label: "title of the notification", paths: [inputOf("title")], says: template("title") },
    { aspect: "text", label: "text", paths: [inputOf("body")], says: template("body") },
    ...MESSAGE,
  ],
  delay: [
    {
      aspect: "timing",
      label: "wait",
      paths: [
        ["config", "delayDuration"],
        ["config", "delayUntil"],
        ["config", "maxDelayDuration"],
      ],
      says: (_, whole) => doesWords(whole),
    },
  ],
  wait_until_condition: [
    {
      aspect: "condition",
      label: "waits for",
      paths: [
        ["config", "events"],
        ["config", "condition"],
      ],
      says: (_, whole) => awaitedWords(config(whole)),
    },
    {
      aspect: "timing",
      label: "waits at most",
      paths: [["config", "maxWaitDuration"]],
      says: (value) => (value === undefined ? "0 seconds" : durationWords(value)),
    },
  ],
  wait_until_time_window: [
    {
      aspect: "timing",
      label: "waits for",
      paths: ["day", "time", "timezone", "usePersonTimezone", "fallbackTimezone"].map((key) => ["config", key]),
      says: (_, whole) => windowWords(config(whole)),
    },
  ],
  conditional_branch: [
    { aspect: "condition", label: "conditions", paths: [["config", "conditions"]], says: conditions },
  ],
  random_cohort_branch: [
    {
      aspect: "condition",
      label: "shares",
      paths: [["config", "cohorts"]],
      says: (_, whole) => listWords(shareWords(config(whole)), "and"),
    },
  ],
  exit: [{ aspect: "settings", label: "reason", paths: [["config", "reason"]], says: plain }],
};

const STATUS: Readonly<Record<string, string>> = {
  active: "active",
  draft: "draft: no one enters",
  archived: "archived: no one enters, and hidden in PostHog's list",
};

const ordinal = (number: number): string =>
  `${number}${{ one: "st", two: "nd", few: "rd" }[ORDINALS.select(number) as string] ?? "th"}`;
const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });

function masking(value: unknown): string | undefined {
  if (!isDict(value)) return undefined;
  const seconds = typeof value["ttl"] === "number" ? value["ttl"] : undefined;
  const window =
    seconds === undefined
      ? "three years"
      : seconds % 86_400 === 0
        ? counted(seconds / 86_400, "day")
        : seconds % 3600 === 0
          ? counted(seconds / 3600, "hour")
          : counted(seconds, "second");
  const often = typeof value["threshold"] === "number" ? `every ${ordinal(value["threshold"])} time` : "once";
  return `${often} in ${window} for each \`${String(value["hash"])}\``;
}

function conversion(value: unknown): string | undefined {
  if (!isDict(value)) return undefined;
  const events = list(value["events"]).map(
    (entry) => filtersWords(isDict(entry) ? entry["filters"] : entry) ?? "any event",
  );
  const goals = [
    ...events,
    ...(list(value["filters"]).length > 0 ? [listWords(list(value["filters"]).map(propertyWords), "and")] : []),
  ];
  return `${listWords(goals, "or")} within ${value["window"] === undefined ? "90 days" : durationWords(value["window"])}`;
}

const variableLines = (value: unknown): string[] | undefined =>
  isDict(value)
    ? Object.entries(value).map(
        ([key, item]) =>
          `${key}${isDict(item) && item["default"] !== undefined ? `, by default ${valueWords(item["default"])}` : ""}`,
      )
    : undefined;

/** What the flow itself has, in the order of a review. Steps and edges are listed one by one, and further keys by their path. */
const FLOW_FIELDS: Readonly<Record<Exclude<FlowField, "actions" | "leftover" | "extra">, Omit<Facet, "paths">>> = {
  status: {
    aspect: "status",
    label: "status",
    says: (value) => (value === undefined ? "set in PostHog" : from(STATUS)(value)),
  },
  name: { aspect: "title", label: "title", says: plain },
  description: { aspect: "settings", label: "description", says: text },
  exitCondition: {
    aspect: "audience",
    label: "people leave early",
    says: (value) => from(EXITS)(value ?? "exit_on_conversion"),
  },
  triggerMasking: {
    aspect: "audience",
    label: "the same person starts",
    says: (value) => (value === undefined ? "every time" : masking(value)),
  },
  conversion: {
    aspect: "settings",
    label: "goal",
    says: (value) => (value === undefined ? "none" : conversion(value)),
  },
  emailSendingRateLimit: {
    aspect: "timing",
    label: "e-mails are sent",
    says: (value) =>
      isDict(value)
        ? `at most ${valueWords(value["count"])} ${value["period"] === "hour" ? "an hour" : `a ${String(value["period"])}`}`
        : value === undefined
          ? "without a limit"
          : valueWords(value),
  },
  variables: { aspect: "settings", label: "variables", says: variableLines },
};
export const FLOW_FACETS: readonly Facet[] = Object.entries(FLOW_FIELDS).map(([field, facet]) => ({
  ...facet,
  paths: [[field]],
}));
