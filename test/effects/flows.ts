// Random flows in keyed form in which people wait, and what happens around them: small sets of properties, events and answers, so that conditions are met now and then.
import { canonical } from "../../definition/canonical/canonical";
import type { Dict } from "../../definition/canonical/values";
import type { Scenario } from "../../testing";
import type { ActionType, TriggerType } from "../../definition/schema/types";
import type { Random } from "../support/random-flow";

export const WAITING: readonly ActionType[] = ["delay", "wait_until_condition", "wait_until_time_window"];
export const KINDS: readonly ActionType[] = [
  ...WAITING,
  "delay",
  "delay",
  "function",
  "function_email",
  "function_sms",
  "function_push",
  "conditional_branch",
  "random_cohort_branch",
];
const EVENTS = ["signup", "purchase", "visit"] as const;
/** Where the outside world answers with 1, with 2, and not at all. */
const HOSTS = ["https://one.example/", "https://two.example/", "https://down.example/"] as const;

export const duration = (r: Random): string => r.pick(["45m", "3h", "1d", "2d", "5d"]);

export function property(r: Random): Dict {
  return r.pick<() => Dict>([
    () => ({
      key: "plan",
      type: "person",
      operator: r.pick(["exact", "is_not"]),
      value: r.shuffled(["free", "pro", "team"]).slice(0, 1 + r.int(2)),
    }),
    () => ({ key: "paid", type: "person", operator: r.pick(["exact", "is_not"]), value: ["true"] }),
    () => ({ key: "phone", type: "person", operator: r.pick(["is_set", "is_not_set"]) }),
    () => ({ key: "score", type: "person", operator: r.pick(["gt", "lt"]), value: r.int(4) }),
    () => ({
      key: "seen",
      type: "person",
      operator: r.pick(["is_date_after", "is_date_before"]),
      value: r.pick(["-1d", "-3d", "2026-01-06"]),
    }),
    () => ({
      key: r.pick(["answer", "tier"]),
      type: "workflow_variable",
      operator: r.pick(["exact", "is_not"]),
      value: r.pick([1, 2, "gold"]),
    }),
    () => ({ key: "amount", type: "event", operator: "gt", value: r.int(3) }),
  ])();
}

export const properties = (r: Random, least = 1): Dict[] => Array.from({ length: least + r.int(2) }, () => property(r));
export const state = (r: Random): Dict => ({ properties: properties(r) });
export const event = (r: Random): Dict => ({
  filters: { events: [{ id: r.pick(EVENTS), ...(r.chance(0.3) ? { properties: [property(r)] } : {}) }] },
});

export const delayUntil = (r: Random): Dict => ({
  expression: r.pick([
    "person.properties.renewal",
    "toDateTime('2026-01-08 09:00:00')",
    "person.properties.nothing",
    "properties.due",
  ]),
  ...(r.chance(0.3) ? { offset: r.pick(["-1d", "3h"]) } : {}),
  ...(r.chance(0.3) ? { timezone: "Asia/Tokyo" } : {}),
});
export const url = (r: Random): Dict => ({ value: `${r.pick(HOSTS)}${r.int(3)}` });
export const mail = (r: Random): Dict => ({
  email: {
    templating: "liquid",
    value: {
      from: { integrationId: 7 },
      to: { email: r.chance(0.15) ? "" : "{{ person.properties.email }}", name: "" },
      subject: `Hello ${r.int(9)}`,
      html: "<p>Hi</p>",
      text: "Hi",
    },
  },
});

export function config(r: Random, type: ActionType): Dict | undefined {
  switch (type) {
    case "delay":
      return r.chance(0.75)
        ? { delayDuration: duration(r) }
        : { delayUntil: delayUntil(r), ...(r.chance(0.4) ? { maxDelayDuration: duration(r) } : {}) };
    case "wait_until_condition":
      return {
        ...(r.chance(0.7) ? { condition: { filters: state(r) } } : {}),
        ...(r.chance(0.6) ? { events: [event(r)] } : {}),
        maxWaitDuration: duration(r),
      };
    case "wait_until_time_window":
      return {
        day: r.pick<unknown>(["any", "weekday", ["monday", "thursday"]]),
        time: r.pick<unknown>(["any", ["14:00", "16:00"], ["22:00", "02:00"]]),
        ...(r.chance(0.3) ? { timezone: "Europe/Berlin" } : {}),
      };
    case "conditional_branch":
      return { conditions: Array.from({ length: 1 + r.int(2) }, () => ({ filters: state(r) })) };
    case "random_cohort_branch":
      return { cohorts: [{ percentage: r.pick([10, 50, 90]) }, { percentage: 50 }] };
    case "function":
      return {
        templateId: "template-webhook",
        inputs: {
          url: url(r),
          method: { value: "POST" },
          ...(r.chance(0.3) ? { body: { value: { who: "{person.properties.email}" } } } : {}),
        },
      };
    case "function_email":
      return {
        inputs: mail(r),
        ...(r.chance(0.5) ? { messageCategoryType: r.pick(["marketing", "transactional"]) } : {}),
      };
    case "function_sms":
      return {
        inputs: {
          twilio_account: { value: 4 },
          from_number: { value: "+15550100000" },
          to_number: { value: "{person.properties.phone}" },
          message: { value: "Hi" },
        },
        messageCategoryType: "transactional",
      };
    case "function_push":
      return {
        inputs: {
          distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" },
          channels: { value: [3] },
          title: { value: "Hi" },
          body: { value: "" },
        },
      };
    default:
      return undefined;
  }
}

export function step(r: Random, type: ActionType, name: string): Dict {
  const made = config(r, type);
  return {
    type,
    name,
    ...(made === undefined ? {} : { config: made }),
    ...(r.chance(0.25) ? { onError: "abort" } : {}),
    ...(r.chance(0.15) ? { filters: state(r) } : {}),
    ...(type === "function" && r.chance(0.6) ? { outputVariable: { key: "answer", resultPath: "body.score" } } : {}),
  };
}

export const triggerConfig = (r: Random, type: TriggerType): Dict => {
  switch (type) {
    case "event":
      return {
        type,
        filters: {
          events: [{ id: "signup" }],
          ...(r.chance(0.5)
            ? {
                properties: [
                  r.chance(0.5) ? property(r) : { key: "score", type: "person", operator: "gte", value: r.int(3) },
                ],
              }
            : {}),
        },
      };
    case "webhook":
    case "manual":
      return {
        type,
        inputs: { event: { value: "signup" }, distinct_id: { value: "{request.body.id}" }, method: { value: "POST" } },
      };
    case "tracking_pixel":
      return { type, inputs: { event: { value: "signup" }, distinct_id: { value: "{request.query.id}" } } };
    case "batch":
      return { type, filters: { properties: [{ key: "email", operator: "is_set", type: "person" }] } };
    case "schedule":
      return { type };
    case "internal-event":
      return {
        type,
        filters: {
          events: [{ id: "$slack_message_received" }],
          properties: [{ key: "channel", value: ["C1"], operator: "exact", type: "event" }],
        },
      };
    default:
      return { type, tableName: "stripe.invoice" };
  }
};

export const conversion = (r: Random): Dict => ({
  ...(r.chance(0.7) ? { filters: properties(r) } : {}),
  ...(r.chance(0.5) ? { events: [event(r)] } : {}),
  ...(r.chance(0.3) ? { window: "14d" } : {}),
});
export const EXITS = [
  "exit_on_conversion",
  "exit_on_trigger_not_matched",
  "exit_on_trigger_not_matched_or_conversion",
  "exit_only_at_end",
] as const;

/** A trigger, two to seven steps in a row with branches forward, and an exit; now and then a way back from a step that waits. */
export function randomDefinition(r: Random): Dict {
  const ids = Array.from({ length: 2 + r.int(6) }, (_, i) => `s${i}`);
  const actions: Dict = {
    start: {
      type: "trigger",
      name: "Start",
      config: triggerConfig(
        r,
        r.chance(0.8) ? "event" : r.pick(["webhook", "batch", "schedule", "data-warehouse-table", "internal-event"]),
      ),
      next: ids[0],
    },
  };
  for (const [i, id] of ids.entries()) {
    const type = i === 0 && r.chance(0.85) ? r.pick(WAITING) : r.pick(KINDS);
    const made = step(r, type, id.toUpperCase());
    // Long enough for the change to find somebody there.
    if (i === 0 && type === "delay" && r.chance(0.7)) made["config"] = { delayDuration: r.pick(["2d", "5d"]) };
    const to = (): string =>
      i > 0 && WAITING.includes(type) && r.chance(0.04) ? ids[0]! : r.pick([...ids.slice(i + 1, i + 3), "end"]);
    const conditions = (made["config"] as Dict | undefined)?.["conditions"];
    const count =
      type === "wait_until_condition"
        ? 1
        : type === "random_cohort_branch"
          ? 2
          : Array.isArray(conditions)
            ? conditions.length
            : 0;
    actions[id] = {
      ...made,
      ...(r.chance(0.98) ? { next: ids[i + 1] !== undefined && r.chance(0.8) ? ids[i + 1] : to() } : {}),
      ...(count > 0 ? { branches: Array.from({ length: r.chance(0.97) ? count : count - 1 }, to) } : {}),
    };
  }
  actions["end"] = { type: "exit", name: "End" };
  return canonical({
    name: "Flow",
    actions,
    ...(r.chance(0.8) ? { exitCondition: r.pick(EXITS) } : {}),
    ...(r.chance(0.5) ? { conversion: conversion(r) } : {}),
    ...(r.chance(0.3) ? { triggerMasking: { hash: "{person.id}", ttl: 86_400 } } : {}),
    ...(r.chance(0.3) ? { emailSendingRateLimit: { count: r.pick([1, 5]), period: "hour" } } : {}),
    ...(r.chance(0.5) ? { variables: { tier: { type: "string", default: r.pick(["gold", "tin"]) } } } : {}),
  });
}

/** Three people with lives of their own in the week from the start. Chance gives the same number every time, so that only the shares of a split decide. */
export function randomScenario(r: Random, triggerType: string): Scenario {
  const person = (distinctId: string) => ({
    distinctId,
    properties: {
      email: `${distinctId}@example.com`,
      plan: r.pick(["free", "pro", "team"]),
      paid: r.chance(0.3),
      score: r.int(4),
      seen: r.pick(["2026-01-01", "2026-01-04", "2026-01-06", "2026-01-08"]),
      ...(r.chance(0.5) ? { phone: "+15550100001" } : {}),
      ...(r.chance(0.5) ? { renewal: r.pick(["2026-01-07T09:00:00Z", "2026-01-12"]) } : {}),
    },
  });
  const [first, ...others] = ["ada", "bob", "cy"].map(person);
  const hours = (most: number): string => `+${1 + r.int(most)}h`;
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: r.int(most + 1) }, make);
  const id = (): string => r.pick(["ada", "bob", "cy"]);
  const number = r.next();
  const isRow = triggerType.startsWith("data-warehouse");
  return {
    person: first!,
    others,
    ...(isRow
      ? { trigger: { row: { amount: 2 } } }
      : triggerType === "internal-event"
        ? { trigger: { event: "$slack_message_received", properties: { channel: "C1" } } }
        : triggerType === "batch" || triggerType === "schedule"
          ? {}
          : { trigger: { event: "signup", properties: { amount: 2 } } }),
    ...(triggerType === "batch" || triggerType === "schedule"
      ? { schedule: { rrule: "FREQ=DAILY", startsAt: "2026-01-05T09:00:00Z", occurrences: 4 } }
      : {}),
    events: [
      ...["bob", "cy"].map((distinctId) => ({
        event: "signup",
        distinctId,
        at: hours(30),
        properties: { amount: r.int(4), ...(r.chance(0.5) ? { due: "2026-01-09T00:00:00Z" } : {}) },
      })),
      ...some(6, () => ({ event: r.pick(EVENTS), distinctId: id(), at: hours(240), properties: { amount: r.int(4) } })),
    ],
    personUpdates: some(6, () => ({
      at: hours(240),
      distinctId: id(),
      set: r.pick<Dict>([
        { plan: r.pick(["free", "pro", "team"]) },
        { paid: r.chance(0.7) },
        { score: r.int(4) },
        { seen: "2026-01-07" },
      ]),
    })),
    http: {
      [HOSTS[0]]: { status: 200, body: { score: 1 } },
      [HOSTS[1]]: { status: 200, body: { score: 2 } },
      [HOSTS[2]]: 500,
    },
    random: () => number,
    until: "+25d",
    testAccounts: [],
    pushChannels: [3],
    ...(r.chance(0.3) ? { sweep: false } : {}),
    ...(r.chance(0.3) ? { abortQuirk: false } : {}),
  };
}
