// Steps and triggers in plain English: what kind of step it is, and what it does, in one line.
import { isDict, isUnknown, own, type Dict } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import { linesOf } from "../../definition/plain-text";
import { table } from "../../definition/schema/table";
import type { ActionType, TriggerType } from "../../definition/schema/types";
import { audienceWords, conditionWords, filtersWords } from "./filters";
import { inputInWords } from "./inputs";
import { durationWords, LATER, listWords, offsetWords, valueWords } from "./values";

const DESTINATIONS = table({ "template-webhook": "webhook", "template-slack": "Slack message" });

/** What people call this step: `e-mail`, `webhook`, `template-hubspot`. */
export function kindWords(step: unknown): string {
  const type = own(step, "type");
  const kind = stepKindOf(type);
  const template = kind?.template === "given" ? own(own(step, "config"), "templateId") : undefined;
  return typeof template === "string" && !isUnknown(template)
    ? (DESTINATIONS[template] ?? template.replace(/^template-/, ""))
    : (kind?.noun ?? String(type));
}

/** The step's title, else its id. */
export function titleOf(actions: unknown, id: string): string {
  const name = own(own(actions, id), "name");
  return typeof name === "string" && name !== "" && !isUnknown(name) ? name : id;
}

/** Of a text that people read: its first line, with what is filled in in words; an e-mail's is in one of its fields. */
function message(step: unknown, key: string, field?: string): string | undefined {
  const item = own(own(own(own(step, "config"), "inputs"), key), "value");
  const text = inputInWords(step, key, { value: field === undefined ? item : own(item, field) });
  return typeof text === "string" && text !== "" ? valueWords(isUnknown(text) ? text : linesOf(text)[0]) : undefined;
}

/** `Monday to Friday, 09:00–17:00`. */
export function windowWords(config: Dict): string {
  const { day, time, timezone } = config;
  const days =
    day === "any"
      ? "any day"
      : day === "weekday"
        ? "Monday to Friday"
        : day === "weekend"
          ? "Saturday or Sunday"
          : Array.isArray(day)
            ? listWords(
                day.map((name) => capital(String(name))),
                "or",
              )
            : valueWords(day);
  const hours = time === "any" ? "any time" : Array.isArray(time) ? time.map(String).join("–") : valueWords(time);
  return `${days}, ${hours} (${zoneWords(config, timezone)})`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function zoneWords(config: Dict, timezone: unknown): string {
  const fixed = typeof timezone === "string" ? (isUnknown(timezone) ? LATER : timezone) : "UTC";
  if (config["usePersonTimezone"] !== true) return fixed;
  return `each person's own time, else ${typeof config["fallbackTimezone"] === "string" ? config["fallbackTimezone"] : fixed}`;
}

function delayWords(config: Dict): string {
  const until = config["delayUntil"];
  if (!isDict(until)) return durationWords(config["delayDuration"]);
  const offset = until["offset"] === undefined ? "" : `${offsetWords(until["offset"])} `;
  const most = config["maxDelayDuration"] === undefined ? "" : `, at most ${durationWords(config["maxDelayDuration"])}`;
  return `until ${offset}\`${String(until["expression"])}\` (${zoneWords(until, until["timezone"])})${most}`;
}

/** What ends a wait: events, and a condition of the person. */
export function awaitedWords(config: Dict): string {
  const events = Array.isArray(config["events"]) ? config["events"].map(conditionWords) : [];
  const condition = own(config["condition"], "filters") === undefined ? [] : [conditionWords(config["condition"])];
  return listWords([...events, ...condition], "or");
}

/** The shares of a split, in percent of all. */
export function shareWords(config: Dict): string[] {
  const cohorts = Array.isArray(config["cohorts"]) ? config["cohorts"] : [];
  const total = cohorts.reduce((sum: number, cohort) => sum + weight(cohort), 0);
  return cohorts.map((cohort, i) => {
    const name = own(cohort, "name");
    const share = own(cohort, "percentage");
    const percent =
      typeof share === "number" && total > 0 ? `${Math.round((share / total) * 1000) / 10} %` : valueWords(share);
    return `${typeof name === "string" && name !== "" ? name : `share ${i + 1}`} ${percent}`;
  });
}

const weight = (cohort: unknown): number => {
  const share = own(cohort, "percentage");
  return typeof share === "number" ? share : 0;
};

/** What starts the flow, by the type of its trigger (run time §1.1). */
const TRIGGERS: Readonly<Record<TriggerType, (config: Dict) => string>> = {
  event: (config) => `on ${filtersWords(config["filters"]) ?? "any event"}`,
  webhook: () => "when its webhook is called",
  manual: () => "when somebody presses the button in PostHog",
  tracking_pixel: () => "when its pixel is loaded",
  schedule: () => "on schedule, without a person",
  batch: (config) => `for ${audienceWords(config["filters"])}`,
  "data-warehouse-table": (config) => `for every new row of ${valueWords(config["tableName"])}${where(config)}`,
  "data-warehouse-view": (config) => `for every new row of ${valueWords(config["tableName"])}${where(config)}`,
  "internal-event": (config) => `on ${filtersWords(config["filters"]) ?? "any internal event"}`,
};

function where(config: Dict): string {
  const filters = filtersWords(config["filters"]);
  return filters === undefined ? "" : ` where ${filters}`;
}

/** `on "user signed up"`, `for everyone where …`. */
export function triggerWords(config: unknown): string {
  const type = own(config, "type");
  const words = typeof type === "string" && Object.hasOwn(TRIGGERS, type) ? TRIGGERS[type as TriggerType] : undefined;
  return words && isDict(config) ? words(config) : `on ${valueWords(type)}`;
}

const DOES: Readonly<Record<ActionType, (config: Dict, step: unknown) => string | undefined>> = {
  trigger: (config) => triggerWords(config),
  function: (_, step) => message(step, "url")?.replace(/^"(.*)"$/, "$1") ?? message(step, "text"),
  function_email: (_, step) => message(step, "email", "subject"),
  function_sms: (_, step) => message(step, "message"),
  function_push: (_, step) => message(step, "title"),
  delay: delayWords,
  wait_until_condition: (config) =>
    `${awaitedWords(config)}, at most ${config["maxWaitDuration"] === undefined ? "0 seconds" : durationWords(config["maxWaitDuration"])}`,
  wait_until_time_window: windowWords,
  conditional_branch: (config) =>
    Array.isArray(config["conditions"])
      ? listWords(config["conditions"].map(conditionWords), "or")
      : valueWords(config["conditions"]),
  random_cohort_branch: (config) => listWords(shareWords(config), "and"),
  exit: (config) => (typeof config["reason"] === "string" ? config["reason"] : undefined),
};

/**
 * What the step does, without its kind: `3 days`, `"Welcome!"`, `Monday to Friday, 09:00–17:00 (Europe/Berlin)`.
 *
 * @example
 * ```ts
 * doesWords({ type: "delay", name: "Wait", config: { delayDuration: "3d" } }); // 3 days
 * ```
 */
export function doesWords(step: unknown): string | undefined {
  const type = own(step, "type");
  const config = own(step, "config");
  if (typeof type !== "string" || !Object.hasOwn(DOES, type)) return undefined;
  return DOES[type as ActionType](isDict(config) ? config : {}, step);
}
