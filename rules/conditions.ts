// Rules about branches and shares: which conditions PostHog takes, which are never reached, and how shares are weighed (API §4.2, run time §3.6, §3.7).
import type { Path } from "../definition/canonical/paths";
import { containsUnknown, isDict, isUnknown, own, type Dict } from "../definition/canonical/values";
import { stepKindOf } from "../definition/schema/step-kinds";
import { triggerKindOf } from "../definition/schema/trigger-kinds";
import { rulesOf } from "./rule";
import { listOf, type FlowView } from "../definition/graph/view";
import { branch, flowOf, person, pro, split, wait, where } from "./examples";

/** Conditions of branches and waits, with their paths. */
function* conditionsIn(
  flow: FlowView,
): Generator<{ id: string; path: Path; condition: unknown; kind: "branch" | "wait"; index: number }> {
  for (const { id, step, config, at } of flow.whose(({ filters }) => filters.length > 0))
    for (const { key, isList, decides } of stepKindOf(step["type"])!.filters) {
      if (decides === "wait-event") continue;
      const conditions = isList ? listOf(config[key]) : config[key] === undefined ? [] : [config[key]];
      for (const [index, condition] of conditions.entries())
        yield { id, path: [...at, key, ...(isList ? [index] : [])], condition, kind: decides, index };
    }
}

const CLOCK = /\b(?:now|today)\s*\(/;

const UNDER_FILTERS = ["properties", "events", "actions"] as const;

/** Objects that hold `filters`, with what they lead to where nothing is under it: what a bare one was meant to be is seen from its keys. */
function* holders(flow: FlowView): Generator<{ path: Path; covers: Path; holder: Dict; of: "condition" | "events" }> {
  for (const { path, condition } of conditionsIn(flow))
    if (isDict(condition)) yield { path, covers: path, holder: condition, of: "condition" };
  const lists = [
    { at: ["conversion"], list: own(own(flow.given, "conversion"), "events") },
    ...[...flow.ofType("wait_until_condition")].map(({ id, at }) => ({ at, list: waitEvents(flow, id) })),
  ];
  for (const { at, list } of lists)
    for (const [i, entry] of listOf(list).entries())
      if (isDict(entry))
        yield { path: [...at, "events", i], covers: [...at, "events", i], holder: entry, of: "events" };
  const { trigger } = flow;
  const filters = triggerKindOf(trigger?.type)?.filters;
  if (trigger && (filters === "compiled" || filters === "audience")) {
    const path = ["actions", trigger.id, "config"];
    yield {
      path,
      covers: [...path, "filters"],
      holder: trigger.config,
      of: filters === "audience" ? "condition" : "events",
    };
  }
}
/** The events of a wait as they came: what says nothing is not part of the canonical form. */
export const waitEvents = (flow: FlowView, id: string): unknown =>
  own(own(own(own(flow.given, "actions"), id), "config"), "events");

/** The key of a holder that belongs under `filters`, and how it is written there. */
function bareKey({
  holder,
  of,
}: {
  holder: Dict;
  of: "condition" | "events";
}): { key: string; fix: string } | undefined {
  const { filters } = holder;
  if (filters !== undefined && !(isDict(filters) && Object.keys(filters).length === 0)) return undefined;
  const key = UNDER_FILTERS.find((name) => Array.isArray(holder[name]));
  if (key !== undefined) return { key, fix: `Put it under \`filters\`: { filters: { ${key}: […] } }` };
  if (of === "condition" && typeof holder["key"] === "string")
    return { key: "key", fix: "Put the test in a list under `filters`: { filters: { properties: [{ key: … }] } }" };
  if (of === "events" && typeof holder["id"] === "string" && holder["type"] !== "event")
    return {
      key: "id",
      fix: `Put the event into a list under \`filters\`: { filters: { events: [{ id: ${JSON.stringify(holder["id"])} }] } }`,
    };
  return undefined;
}

/** Whether what a condition tests is there, but not where PostHog looks for it. */
export const isBare = (holder: Dict, of: "condition" | "events" = "condition"): boolean =>
  bareKey({ holder, of }) !== undefined;

export const conditionRules = rulesOf({
  "bare-condition": {
    severity: "error",
    refusedBy: "run-time",
    text: "A condition, an event or a trigger has its tests under `filters`.",
    why: "PostHog reads nothing else: it refuses the flow, or tests nothing and everybody matches",
    cites: "API §3.2, §3.3, §3.7, §4.2",
    fails: flowOf({ ways: { type: "conditional_branch", config: { conditions: [pro] }, branches: ["exit_node"] } }),
    passes: flowOf({ ways: branch([pro], ["exit_node"]) }),
    *find(flow) {
      for (const { path, covers, ...held } of holders(flow)) {
        const bare = bareKey(held);
        if (bare)
          yield { path: [...path, bare.key], covers, what: `\`${bare.key}\` is not under \`filters\``, fix: bare.fix };
      }
    },
  },
  "event-in-condition": {
    severity: "error",
    refusedBy: "server",
    text: "A condition tests properties, not events.",
    why: "PostHog refuses events in conditions",
    cites: "API §4.2",
    fails: flowOf({ ways: branch([{ events: [{ id: "paid" }] }], ["exit_node"]) }),
    passes: flowOf({ ways: branch([pro], ["exit_node"]) }),
    *find(flow) {
      for (const { path, condition, kind } of conditionsIn(flow)) {
        const filters = isDict(condition) ? condition["filters"] : undefined;
        if (isDict(filters) && filters["events"] !== undefined)
          yield {
            path: [...path, "filters", "events"],
            what: "a condition cannot look for events",
            fix: kind === "wait" ? "Put them in `config.events`" : "Use properties, or a wait_until_condition step",
          };
      }
    },
  },
  "condition-and-conditions": {
    severity: "error",
    refusedBy: "server",
    text: "A step has `condition` or `conditions`, not both.",
    why: "PostHog refuses both",
    cites: "API §4.2",
    fails: flowOf({ paid: wait({ condition: { filters: pro }, conditions: [] }) }),
    passes: flowOf({ paid: wait({ condition: { filters: pro } }) }),
    *find(flow) {
      for (const { step, config, at } of flow.ofType("conditional_branch", "wait_until_condition")) {
        const surplus = step["type"] === "conditional_branch" ? "condition" : "conditions";
        if (config["condition"] !== undefined && config["conditions"] !== undefined)
          yield {
            path: [...at, surplus],
            what: "takes `condition` or `conditions`, not both",
            fix: `Remove \`${surplus}\``,
          };
      }
    },
  },
  "branch-delay": {
    severity: "error",
    refusedBy: "server",
    text: "A conditional branch does not wait.",
    why: "PostHog accepts `delay_duration` here only if it is already stored",
    cites: "API §4.2, run time §3.6",
    fails: flowOf({
      ways: {
        type: "conditional_branch",
        config: { conditions: [{ filters: pro }], delay_duration: "1h" },
        branches: ["exit_node"],
      },
    }),
    passes: flowOf({ ways: branch([pro], ["exit_node"]) }),
    *find(flow) {
      for (const { config, at } of flow.ofType("conditional_branch")) {
        const value = config["delay_duration"];
        if (value !== undefined && value !== null && value !== "" && !flow.isStored([...at, "delay_duration"], value))
          yield {
            path: [...at, "delay_duration"],
            what: "a branch cannot wait",
            fix: "Use a wait_until_condition step",
          };
      }
    },
  },
  "wait-on-clock": {
    severity: "error",
    refusedBy: "server",
    text: "The condition of a wait does not read the clock.",
    why: "Nothing checks it again as time passes, so PostHog refuses now() and today() here",
    cites: "API §4.2, run time §3.5",
    fails: flowOf({
      due: wait({ condition: { filters: where({ key: "person.properties.due < now()", type: "hogql" }) } }),
    }),
    passes: flowOf({
      due: wait({ condition: { filters: where({ key: "person.properties.due < '2030-01-01'", type: "hogql" }) } }),
    }),
    *find(flow) {
      for (const { path, condition, kind } of conditionsIn(flow)) {
        const filters = isDict(condition) ? condition["filters"] : undefined;
        if (kind !== "wait" || !isDict(filters) || flow.isStored(path, condition)) continue;
        for (const [i, property] of listOf(filters["properties"]).entries()) {
          const key = isDict(property) && property["type"] === "hogql" ? property["key"] : undefined;
          if (typeof key === "string" && CLOCK.test(key))
            yield {
              path: [...path, "filters", "properties", i, "key"],
              what: "a wait cannot look at the clock",
              fix: "Use a delay with `delayUntil` for a date, or a person property",
            };
        }
      }
    },
  },
  "empty-branch": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A branch has conditions, and a split has shares.",
    why: "Everybody takes `next`",
    cites: "API §4.5, run time §3.6, §3.7",
    fails: flowOf({ ways: branch([], undefined) }),
    passes: flowOf({ ways: branch([pro], ["exit_node"]) }),
    *find(flow) {
      for (const { step, config, at } of flow.whose(({ branches }) => branches?.list !== undefined)) {
        const key = stepKindOf(step["type"])!.branches!.list!;
        if (Array.isArray(config[key]) && (config[key] as unknown[]).length === 0)
          yield { path: [...at, key], what: "is empty, so nothing branches", fix: "Add one, or remove the step" };
      }
    },
  },
  "condition-always-true": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A condition of a branch tests something.",
    why: "A condition without a test matches everybody, so no later one is reached",
    cites: "run time §3.6, §5.1",
    fails: flowOf({ ways: branch([{}, pro], ["exit_node", "exit_node"]) }),
    passes: flowOf({ ways: branch([pro, where(person("seats", 10, "gt"))], ["exit_node", "exit_node"]) }),
    *find(flow) {
      for (const { path, condition, kind } of conditionsIn(flow)) {
        const filters = isDict(condition) ? condition["filters"] : undefined;
        if (
          kind === "branch" &&
          isDict(condition) &&
          !isBare(condition) &&
          !isUnknown(filters) &&
          (filters === undefined || (isDict(filters) && !Object.keys(filters).some((key) => key !== "source")))
        )
          yield {
            path,
            what: "matches everybody",
            fix: "Add a property, or point `next` there and remove the condition",
          };
      }
    },
  },
  "negative-share": {
    severity: "error",
    refusedBy: "meaning",
    text: "No share is below zero.",
    why: "PostHog accepts it, and shifts the other shares by it",
    cites: "API §4.5, run time §3.7",
    fails: flowOf({ ways: split([110, -10], ["exit_node", "exit_node"]) }),
    passes: flowOf({ ways: split([90, 10], ["exit_node", "exit_node"]) }),
    *find(flow) {
      for (const { path, value } of shares(flow))
        if (value < 0) yield { path, what: `a share of ${value} makes no sense` };
    },
  },
  "share-of-nothing": {
    severity: "warning",
    refusedBy: "run-time",
    text: "Every share is above zero.",
    why: "Nobody takes this branch",
    cites: "run time §3.7",
    fails: flowOf({ ways: split([100, 0], ["exit_node", "exit_node"]) }),
    passes: flowOf({ ways: split([99, 1], ["exit_node", "exit_node"]) }),
    *find(flow) {
      for (const { path, value } of shares(flow)) if (value === 0) yield { path, what: "nobody takes a share of 0" };
    },
  },
  "shares-sum": {
    severity: "warning",
    refusedBy: "run-time",
    text: "The shares of a split add up to 100.",
    why: "They are weights: PostHog scales them to 100, and nobody is left out",
    cites: "API §4.5, run time §3.7",
    fails: flowOf({ ways: split([45, 45], ["exit_node", "exit_node"]) }),
    passes: flowOf({ ways: split([45, 45, 10], ["exit_node", "exit_node", "exit_node"]) }),
    *find(flow) {
      for (const { config, at } of flow.ofType("random_cohort_branch")) {
        const values = listOf(config["cohorts"]).map((cohort) => (isDict(cohort) ? cohort["percentage"] : undefined));
        if (
          values.length === 0 ||
          containsUnknown(values) ||
          !values.every((value) => typeof value === "number" && value >= 0)
        )
          continue;
        const sum = (values as number[]).reduce((a, b) => a + b, 0);
        if (Math.abs(sum - 100) < 0.001) continue;
        const real = (values as number[]).map((value) => `${Math.round((value / sum) * 1000) / 10} %`).join(", ");
        yield {
          path: [...at, "cohorts"],
          what:
            sum === 0
              ? "all shares are 0: everybody takes `next`"
              : `the shares add up to ${sum}, so they are really ${real}`,
          fix: "Give a control group a separate share, with a branch to the exit",
        };
      }
    },
  },
});

function* shares(flow: FlowView): Generator<{ path: Path; value: number }> {
  for (const { config, at } of flow.ofType("random_cohort_branch")) {
    for (const [i, cohort] of listOf(config["cohorts"]).entries()) {
      const value = isDict(cohort) ? cohort["percentage"] : undefined;
      if (typeof value === "number") yield { path: [...at, "cohorts", i, "percentage"], value };
    }
  }
}
