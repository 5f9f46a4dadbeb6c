// Rules about time: what waits shorter or longer than it reads, and what never comes (run time §3.1–§3.5).
import { isDict, isUnknown, own } from "../definition/canonical/values";
import { UNIT_SECONDS, WAIT_CAPS } from "../definition/schema/limits";
import { rulesOf } from "./rule";
import { listOf, textOf, type FlowView } from "../definition/graph/view";
import { isBare, waitEvents } from "./conditions";
import { bought, delay, flowOf, person, wait, where } from "./examples";

const LIMITS = ["delayDuration", "maxWaitDuration", "maxDelayDuration"] as const;
const until = (config: object, more: object = {}) => ({
  type: "delay",
  config: { delayUntil: { expression: "person.properties.renewal" }, ...config },
  ...more,
});
const window = (config: object) => ({
  type: "wait_until_time_window",
  config: { day: "weekday", time: ["09:00", "17:00"], ...config },
});
const paid = { filters: where(person("paid", "true")) };

/** Whether the program says it, in either spelling: it is the default, which the canonical form leaves out. */
function saysContinue(flow: FlowView, id: string): boolean {
  const step = own(flow.given["actions"], id);
  return (own(step, "onError") ?? own(step, "on_error")) === "continue";
}

export const waitRules = rulesOf({
  "wait-clamped": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A wait is at most 60s, 60m, 24h or 30d.",
    why: "PostHog cuts a wait at 60s, 60m, 24h or 30d, and does not carry the rest into the next unit",
    cites: "run time §3.1",
    fails: flowOf({ pause: delay("90m") }),
    passes: flowOf({ pause: delay("1.5h") }),
    *find(flow) {
      for (const { config, at } of flow.ofType("delay", "wait_until_condition")) {
        for (const key of LIMITS) {
          const duration = textOf(config[key]);
          const unit = duration?.slice(-1) ?? "";
          const cap = WAIT_CAPS[unit];
          if (
            duration !== undefined &&
            UNIT_SECONDS[unit] !== undefined &&
            cap !== undefined &&
            Number.parseFloat(duration) > cap
          )
            yield {
              path: [...at, key],
              what: `${duration} lasts only ${cap}${unit}`,
              fix: "Use a larger unit, or two waits",
            };
        }
      }
    },
  },
  "zero-wait": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A wait is longer than zero.",
    why: "Everybody continues at once",
    cites: "run time §3.1",
    fails: flowOf({ pause: delay("0s") }),
    passes: flowOf({ pause: delay("1s") }),
    *find(flow) {
      for (const { config, at } of flow.ofType("delay", "wait_until_condition")) {
        for (const key of LIMITS)
          if (Number.parseFloat(textOf(config[key]) ?? "1") === 0)
            yield {
              path: [...at, key],
              what: `${String(config[key])} is not a wait`,
              fix: "Write a longer one, or remove the step",
            };
      }
    },
  },
  "wait-without-limit": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A wait for a condition has `maxWaitDuration`.",
    why: "Without it nobody waits: everybody takes `next` at once",
    cites: "run time §3.5",
    fails: flowOf({ bought: wait({ events: [bought], maxWaitDuration: undefined }) }),
    passes: flowOf({ bought: wait({ events: [bought] }) }),
    *find(flow) {
      for (const { config, at } of flow.ofType("wait_until_condition"))
        if (config["maxWaitDuration"] === undefined || config["maxWaitDuration"] === "")
          yield {
            path: [...at, "maxWaitDuration"],
            what: "is missing, so nobody waits",
            fix: 'For example maxWaitDuration: "3d"',
          };
    },
  },
  "wait-for-nothing": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A wait for a condition names an event or a property.",
    why: "Everybody waits for the whole time, and leaves by `next`",
    cites: "run time §3.5",
    fails: flowOf({ bought: wait({}) }),
    passes: flowOf({ bought: wait({ events: [bought] }) }),
    *find(flow) {
      for (const { id, config, at } of flow.ofType("wait_until_condition")) {
        const { condition, events } = config;
        if (
          isUnknown(condition) ||
          isUnknown(events) ||
          listOf(events).length > 0 ||
          listOf(waitEvents(flow, id)).some((entry) => isDict(entry) && isBare(entry, "events"))
        )
          continue;
        const filters = isDict(condition) ? condition["filters"] : undefined;
        if (isDict(condition) && isBare(condition)) continue;
        if (
          isUnknown(filters) ||
          (isDict(filters) &&
            ["properties", "events", "actions", "filterTestAccounts"].some((key) => filters[key] !== undefined))
        )
          continue;
        yield {
          path: at,
          what: "waits for nothing: it has neither `events` nor a condition",
          fix: "Name what it waits for, or use a delay",
        };
      }
    },
  },
  "wait-on-event-property": {
    severity: "warning",
    refusedBy: "run-time",
    text: "The condition of a wait tests people and groups, not properties of an event.",
    why: "It is first tested on the event that started the run, then on every later event of the person",
    cites: "run time §3.5",
    fails: flowOf({ paid: wait({ condition: { filters: where({ key: "plan", value: "pro", type: "event" }) } }) }),
    passes: flowOf({ paid: wait({ condition: paid }) }),
    *find(flow) {
      for (const { path, type } of conditionTests(flow))
        if (type === "event" || type === "event_metadata" || type === "element")
          yield {
            path,
            what: "a condition on an event property is tested on whatever event comes next",
            fix: "Put it in `events`, with the event's name",
          };
    },
  },
  "wait-on-variable": {
    severity: "warning",
    refusedBy: "run-time",
    text: "The condition of a wait does not test variables.",
    why: "Variables do not change while somebody waits, and signals are tested without them",
    cites: "run time §3.5, §5.3",
    fails: flowOf(
      { paid: wait({ condition: { filters: where({ key: "score", value: "9", type: "workflow_variable" }) } }) },
      { variables: { score: { type: "number", default: "0" } } },
    ),
    passes: flowOf({ paid: wait({ condition: paid }) }),
    *find(flow) {
      for (const { path, type } of conditionTests(flow))
        if (type === "workflow_variable")
          yield { path, what: "no variable changes while somebody waits", fix: "Use a conditional_branch step" };
    },
  },
  "delay-until-aborts": {
    severity: "warning",
    refusedBy: "run-time",
    text: 'A delay with `delayUntil` does not have `onError: "continue"`.',
    why: "If the date is missing or invalid, the run fails, whatever `onError` says",
    cites: "run time §2.5, §3.2",
    fails: flowOf({ before: until({}, { onError: "continue" }) }),
    passes: flowOf({ before: until({}) }),
    *find(flow) {
      for (const { id, config } of flow.ofType("delay"))
        if (config["delayUntil"] !== undefined && saysContinue(flow, id))
          yield {
            path: ["actions", id, "onError"],
            what: "a run without a valid date does not continue here",
            fix: "Skip the step for people without the date with `filters`, and leave `onError` out",
          };
    },
  },
  "idle-limit": {
    severity: "warning",
    refusedBy: "run-time",
    text: "`maxDelayDuration` is used with `delayUntil`.",
    why: "With `delayDuration` it has no effect",
    cites: "API §3.3, §4.2",
    fails: flowOf({ pause: { type: "delay", config: { delayDuration: "5d", maxDelayDuration: "1d" } } }),
    passes: flowOf({ pause: until({ maxDelayDuration: "1d" }) }),
    *find(flow) {
      for (const { config, at } of flow.ofType("delay"))
        if (config["maxDelayDuration"] !== undefined && config["delayUntil"] === undefined)
          yield {
            path: [...at, "maxDelayDuration"],
            what: "has no effect on a delay of fixed length",
            fix: "Remove it",
          };
    },
  },
  "idle-zone": {
    severity: "warning",
    refusedBy: "run-time",
    text: "`fallbackTimezone` is used with `usePersonTimezone: true`.",
    why: "Without it, `timezone` counts alone",
    cites: "run time §3.3",
    fails: flowOf({ hours: window({ fallbackTimezone: "Europe/Berlin" }) }),
    passes: flowOf({ hours: window({ fallbackTimezone: "Europe/Berlin", usePersonTimezone: true }) }),
    *find(flow) {
      for (const { config, at } of flow.ofType("delay", "wait_until_time_window")) {
        const holder = isDict(config["delayUntil"]) ? config["delayUntil"] : config;
        const path = holder === config ? at : [...at, "delayUntil"];
        if (holder["fallbackTimezone"] !== undefined && holder["usePersonTimezone"] === undefined)
          yield {
            path: [...path, "fallbackTimezone"],
            what: "has no effect without `usePersonTimezone: true`",
            fix: "Add it, or write `timezone`",
          };
      }
    },
  },
  "window-always-open": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A time window has different start and end times.",
    why: "With equal times it is open all day",
    cites: "run time §3.4",
    fails: flowOf({ hours: window({ time: ["09:00", "09:00"] }) }),
    passes: flowOf({ hours: window({ time: ["09:00", "10:00"] }) }),
    *find(flow) {
      for (const { config, at } of flow.ofType("wait_until_time_window")) {
        const [start, end] = listOf(config["time"]);
        if (textOf(start) !== undefined && start === end)
          yield {
            path: [...at, "time"],
            what: `a window from ${String(start)} to ${String(end)} is open all day`,
            fix: 'Write time: "any" if that is intended',
          };
      }
    },
  },
});

function* conditionTests(flow: FlowView): Generator<{ path: (string | number)[]; type: string }> {
  for (const { config, at } of flow.ofType("wait_until_condition")) {
    const condition = config["condition"];
    const filters = isDict(condition) ? condition["filters"] : undefined;
    for (const [i, property] of listOf(isDict(filters) ? filters["properties"] : undefined).entries()) {
      const type = isDict(property) ? textOf(property["type"]) : undefined;
      if (type !== undefined) yield { path: [...at, "condition", "filters", "properties", i], type };
    }
  }
}
