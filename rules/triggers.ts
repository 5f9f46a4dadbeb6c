// Rules about what starts a flow: what PostHog demands of an active one, and of each kind of trigger (API §3.2, §4.2, §4.3).
import { containsUnknown, isDict, isUnknown, own, same, type Dict } from "../definition/canonical/values";
import { propertiesIn } from "../definition/graph/properties";
import { stepKindOf } from "../definition/schema/step-kinds";
import { triggerKindOf } from "../definition/schema/trigger-kinds";
import { rulesOf, type RuleFinding } from "./rule";
import { listOf, textOf, type FlowView } from "../definition/graph/view";
import { onEvent, person, startedBy, where } from "./examples";

const SLACK = "$slack_message_received";
const GITHUB = "$github_event_received";
const active = { status: "active" };
const onSlack = {
  type: "internal-event",
  filters: { events: [{ id: SLACK }], properties: [{ key: "channel", value: ["C0123456"], type: "event" }] },
};

/** The trigger's filters, where they are an object and nothing in them is unknown. What is not under `filters` has another finding. */
function filtersOf({ trigger }: FlowView): Dict | undefined {
  const filters = trigger?.config["filters"];
  if (
    (filters === undefined || same(filters, {})) &&
    ["events", "properties", "actions"].some((key) => trigger?.config[key] !== undefined)
  )
    return undefined;
  return isUnknown(filters) || containsUnknown(filters) ? undefined : isDict(filters) ? filters : {};
}
const at = ({ trigger }: FlowView, ...rest: (string | number)[]): (string | number)[] => [
  "actions",
  trigger?.id ?? "",
  "config",
  ...rest,
];

/** Values of the top-level properties that name a key exactly. */
const exactly = (filters: Dict, key: string): string[] =>
  listOf(filters["properties"]).flatMap((property) =>
    own(property, "key") === key && (own(property, "operator") ?? "exact") === "exact"
      ? [own(property, "value")].flat().filter((value): value is string => typeof value === "string" && value !== "")
      : [],
  );

const named = (item: unknown, key: string): boolean => {
  const value = own(item, key);
  return value !== undefined && value !== null && value !== "";
};

/** Why PostHog would refuse to activate the flow with this trigger (API §4.3). */
function* activation(flow: FlowView): Generator<RuleFinding> {
  const filters = filtersOf(flow);
  const { trigger } = flow;
  if (!trigger || !filters) return;
  const has = (list: string, key: string): boolean => listOf(filters[list]).some((item) => named(item, key));
  if (trigger.type === "event") {
    const ofPeople = filters["source"] === "person-updates";
    const ownProperty = ["events", "actions"].some((list) =>
      listOf(filters[list]).some((item) => listOf(own(item, "properties")).some((property) => named(property, "key"))),
    );
    if (has("properties", "key") || (!ofPeople && (has("events", "id") || has("actions", "id") || ownProperty))) return;
    yield {
      path: at(flow, "filters"),
      what: `an active flow must name at least one ${ofPeople ? "property" : "event or property"}, or the trigger will never fire`,
      fix: 'For example filters: { events: [{ id: "user signed up" }] }',
    };
  } else if (triggerKindOf(trigger.type)?.startedBy === "row") {
    const table = trigger.config["tableName"];
    if (table === undefined || table === "")
      yield {
        path: at(flow, "tableName"),
        what: "an active flow must name its table",
        fix: 'For example tableName: "stripe.invoice"',
      };
  } else if (trigger.type === "internal-event") {
    const ids = listOf(filters["events"]).map((item) => own(item, "id"));
    if (ids.includes(SLACK) && exactly(filters, "channel").length === 0)
      yield {
        path: at(flow, "filters", "properties"),
        what: "a Slack trigger needs its channel",
        fix: '{ key: "channel", value: ["C0123456"], type: "event" } in the properties of the filters, not of the event',
      };
    if (ids.includes(GITHUB) && exactly(filters, "repository").length === 0)
      yield {
        path: at(flow, "filters", "properties"),
        what: "a GitHub trigger needs its repository",
        fix: '{ key: "repository", value: ["acme/app"], type: "event" } in the properties of the filters, not of the event',
      };
    if (ids.includes(GITHUB) && exactly(filters, "event_type").length === 0)
      yield {
        path: at(flow, "filters", "properties"),
        what: "a GitHub trigger needs the type of event, or it will never fire",
        fix: '{ key: "event_type", value: ["release"], type: "event" } in the properties of the filters, not of the event',
      };
  }
}

/** What is wrong with the events of an internal-event trigger. */
function* internalEvents(flow: FlowView): Generator<RuleFinding> {
  const filters = filtersOf(flow);
  if (flow.trigger?.type !== "internal-event" || !filters) return;
  const events = listOf(filters["events"]);
  if (events.length === 0)
    yield {
      path: at(flow, "filters", "events"),
      what: "an internal-event trigger needs a list of events",
      fix: `Use [{ id: "${SLACK}" }] or [{ id: "${GITHUB}" }]`,
    };
  for (const [i, item] of events.entries()) {
    const id = own(item, "id");
    if (id !== SLACK && id !== GITHUB)
      yield {
        path: at(flow, "filters", "events", i, "id"),
        what: `${JSON.stringify(id ?? null)} is not an internal event`,
        fix: `Use "${SLACK}" or "${GITHUB}"; for analytics events, a trigger of type event`,
      };
  }
}

/** Types of property that say nothing about a person or an account. */
const NOT_OF_PEOPLE: ReadonlySet<unknown> = new Set([
  "event",
  "event_metadata",
  "element",
  "behavioral",
  "session",
  "workflow_variable",
]);

export const triggerRules = rulesOf({
  "active-trigger": {
    severity: "error",
    refusedBy: "server",
    text: "The trigger of an active flow names what starts it: an event or property, a table, a Slack channel, or a GitHub repository and event type.",
    why: "PostHog does not activate a flow that could never start",
    cites: "API §3.2, §4.3",
    fails: startedBy(onEvent({}), {}, active),
    passes: startedBy(onEvent(), {}, active),
    *find(flow) {
      if (flow.isActive) yield* activation(flow);
    },
  },
  "draft-trigger": {
    severity: "warning",
    refusedBy: "server",
    text: "The trigger of a draft could be activated.",
    why: "PostHog accepts the draft, but refuses to activate it",
    cites: "API §4.3",
    fails: startedBy(onEvent({})),
    passes: startedBy(onEvent()),
    *find(flow) {
      if (!flow.isActive && !isUnknown(flow.definition["status"])) yield* activation(flow);
    },
  },
  "internal-event": {
    severity: "error",
    refusedBy: "server",
    text: "The internal-event trigger of an active flow lists Slack messages or GitHub events, and no others.",
    why: "PostHog has signals of only these two kinds, so any other trigger never fires",
    cites: "API §3.2, §4.1, §4.3",
    fails: startedBy({ type: "internal-event", filters: { events: [{ id: "$gitlab_event_received" }] } }, {}, active),
    passes: startedBy(onSlack, {}, active),
    *find(flow) {
      if (flow.isActive) yield* internalEvents(flow);
    },
  },
  "draft-internal-event": {
    severity: "warning",
    refusedBy: "server",
    text: "The internal-event trigger of a draft lists Slack messages or GitHub events, and no others.",
    why: "PostHog has signals of only these two kinds: some versions refuse such a draft, and none starts a run of it",
    cites: "API §3.2, §4.1, §4.3",
    fails: startedBy({ type: "internal-event", filters: { events: [] } }),
    passes: startedBy(onSlack),
    *find(flow) {
      if (!flow.isActive && !isUnknown(flow.definition["status"])) yield* internalEvents(flow);
    },
  },
  audience: {
    severity: "error",
    refusedBy: "server",
    text: "A batch flow defines its audience by properties of people or accounts.",
    why: "PostHog refuses an empty filter object, and events or actions in an audience",
    cites: "API §4.2",
    fails: startedBy({ type: "batch", filters: {} }),
    passes: startedBy({ type: "batch", filters: { properties: [person("plan", ["pro"])] } }),
    *find(flow) {
      const filters = flow.trigger?.config["filters"];
      if (flow.trigger?.type !== "batch" || !isDict(filters)) return;
      if (Object.keys(filters).length === 0)
        yield {
          path: at(flow, "filters"),
          what: "the audience is empty text",
          fix: "Write filters: { properties: [] } for everybody",
        };
      for (const key of ["events", "actions"])
        if (filters[key] && !isUnknown(filters[key]) && !(Array.isArray(filters[key]) && filters[key].length === 0))
          yield {
            path: at(flow, "filters", key),
            what: "an audience consists of people, not of events",
            fix: "Use properties, or a trigger of type event",
          };
    },
  },
  "audience-property": {
    severity: "error",
    refusedBy: "run-time",
    text: "An audience is defined by properties of people and accounts, and by cohorts, not by events.",
    why: "There is no event when PostHog looks up the audience, so it finds nobody",
    cites: "API §3.2, §3.4, run time §7.3",
    fails: startedBy({ type: "batch", filters: { properties: [{ key: "plan", value: "pro", type: "event" }] } }),
    passes: startedBy({ type: "batch", filters: { properties: [person("plan", ["pro"])] } }),
    *find(flow) {
      for (const { path, property, kind } of propertiesIn(flow)) {
        if (kind !== "audience" || flow.trigger?.type !== "batch" || !NOT_OF_PEOPLE.has(property["type"])) continue;
        const variable = property["type"] === "workflow_variable";
        yield {
          path,
          what: `a ${variable ? "variable" : `property of type ${String(property["type"])}`} finds no people`,
          fix: variable
            ? "Test a person property"
            : 'Test a person property, or make a cohort of the people who did it and use { key: "id", type: "cohort", value: <id of the cohort>, operator: "in" }',
        };
      }
    },
  },
  "audience-of-all": {
    severity: "warning",
    refusedBy: "meaning",
    text: "A batch flow runs for everybody only on purpose.",
    why: "Without a property test, every person of the project gets a run",
    cites: "API §3.2, run time §7.3",
    fails: startedBy({ type: "batch", filters: { properties: [] } }),
    passes: startedBy({ type: "batch", filters: { properties: [person("plan", ["pro"])] } }),
    *find(flow) {
      const filters = filtersOf(flow);
      if (
        flow.trigger?.type !== "batch" ||
        !filters ||
        Object.keys(filters).length === 0 ||
        filters["audienceType"] === "accounts" ||
        listOf(filters["properties"]).length > 0
      )
        return;
      if (filters["properties"] !== undefined && !Array.isArray(filters["properties"])) return;
      yield {
        path: at(flow, "filters"),
        what: "the audience is everybody",
        fix: 'If that is intended: acknowledge: ["audience-of-all"]',
      };
    },
  },
  "trigger-schedule": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A flow with a batch or schedule trigger has a HogFlowSchedule in the program.",
    why: "Without one it runs only when somebody starts it in PostHog, or by a schedule created elsewhere",
    cites: "API §3.2, §5.5",
    fails: startedBy({ type: "schedule" }, {}, { scheduled: false }),
    passes: startedBy({ type: "schedule" }, {}, { scheduled: true }),
    *find(flow) {
      if (flow.inputs["scheduled"] !== false || triggerKindOf(flow.trigger?.type)?.startedBy !== "schedule") return;
      yield {
        path: ["actions", flow.trigger!.id],
        what: "no HogFlowSchedule of this program is for this flow",
        fix: 'Add one: new HogFlowSchedule("…", { flow, rrule: …, startsAt: … })',
      };
    },
  },
  "row-scoped-step": {
    severity: "error",
    refusedBy: "server",
    text: "An active flow that starts on warehouse rows has no step that waits for a condition or splits at random.",
    why: "PostHog refuses to activate it: these steps rely on person data",
    cites: "API §4.3",
    fails: startedBy(
      { type: "data-warehouse-table", tableName: "stripe.invoice" },
      { split: { type: "random_cohort_branch", config: { cohorts: [{ percentage: 100 }] }, branches: ["exit_node"] } },
      active,
    ),
    passes: startedBy({ type: "data-warehouse-table", tableName: "stripe.invoice" }, {}, active),
    *find(flow) {
      if (flow.isActive && triggerKindOf(flow.trigger?.type)?.startedBy === "row") yield* rowScopedSteps(flow);
    },
  },
  "internal-event-step": {
    severity: "error",
    refusedBy: "run-time",
    text: "An active flow that starts on internal events has no step that waits for a condition or splits at random.",
    why: "Its runs have no person, which these steps need, and PostHog may refuse to activate it",
    cites: "API §4.3, run time §1.1, §3.5",
    fails: startedBy(
      onSlack,
      { split: { type: "random_cohort_branch", config: { cohorts: [{ percentage: 100 }] }, branches: ["exit_node"] } },
      active,
    ),
    passes: startedBy(onSlack, {}, active),
    *find(flow) {
      if (flow.isActive && flow.trigger?.type === "internal-event") yield* rowScopedSteps(flow);
    },
  },
  "draft-row-scoped-step": {
    severity: "warning",
    refusedBy: "server",
    text: "A draft that starts on rows or internal events has no step that PostHog would refuse on activation.",
    why: "PostHog accepts the draft, but refuses to activate it: these steps rely on person data",
    cites: "API §4.3",
    fails: startedBy(
      { type: "data-warehouse-table", tableName: "stripe.invoice" },
      { split: { type: "random_cohort_branch", config: { cohorts: [{ percentage: 100 }] }, branches: ["exit_node"] } },
    ),
    passes: startedBy({ type: "data-warehouse-table", tableName: "stripe.invoice" }),
    *find(flow) {
      if (!flow.isActive && !isUnknown(flow.definition["status"])) yield* rowScopedSteps(flow);
    },
  },
  "forced-exit-condition": {
    severity: "error",
    refusedBy: "meaning",
    text: "A flow that starts on rows or internal events has no exit condition but `exit_only_at_end`.",
    why: "PostHog sets it to exit_only_at_end on every save, because such runs have no person, and only a person's state could end them early",
    cites: "API §2.3 row 4",
    fails: startedBy(
      { type: "data-warehouse-table", tableName: "stripe.invoice" },
      {},
      { exitCondition: "exit_on_trigger_not_matched" },
    ),
    passes: startedBy(
      { type: "data-warehouse-table", tableName: "stripe.invoice" },
      {},
      { exitCondition: "exit_only_at_end" },
    ),
    *find(flow) {
      const exit = textOf(flow.given["exitCondition"]);
      if (isRowScoped(flow) && exit !== undefined && exit !== "exit_only_at_end" && exit !== "exit_on_conversion")
        yield {
          path: ["exitCondition"],
          what: `a flow with a ${flow.trigger!.type} trigger is always exit_only_at_end`,
          fix: "Leave `exitCondition` out",
        };
    },
  },
  "idle-exit-condition": {
    severity: "warning",
    refusedBy: "meaning",
    text: "A flow that starts on rows or internal events does not set the default exit condition.",
    why: "PostHog sets it to exit_only_at_end on every save",
    cites: "API §2.3 row 4",
    fails: startedBy(
      { type: "data-warehouse-table", tableName: "stripe.invoice" },
      {},
      { exitCondition: "exit_on_conversion" },
    ),
    passes: startedBy({ type: "data-warehouse-table", tableName: "stripe.invoice" }),
    *find(flow) {
      if (isRowScoped(flow) && flow.given["exitCondition"] === "exit_on_conversion")
        yield {
          path: ["exitCondition"],
          what: `a flow with a ${flow.trigger!.type} trigger is always exit_only_at_end; the value has no effect`,
          fix: "Leave `exitCondition` out",
        };
    },
  },
  "trigger-step-field": {
    severity: "warning",
    refusedBy: "run-time",
    text: "The trigger step has no `filters`, `onError` or `outputVariable`.",
    why: "A run starts after the trigger, so PostHog never reads these; what starts a run is in `config.filters`",
    cites: "run time §2.3",
    fails: startedBy(onEvent(), {
      trigger_node: { type: "trigger", config: onEvent(), filters: where(person("plan", "pro")) },
    }),
    passes: startedBy(onEvent({ events: [{ id: "user signed up" }], ...where(person("plan", "pro")) })),
    *find({ steps }) {
      for (const [id, step] of steps) {
        if (step["type"] !== "trigger") continue;
        for (const key of ["filters", "onError", "outputVariable"])
          if (step[key] !== undefined)
            yield {
              path: ["actions", id, key],
              what: `\`${key}\` has no effect on a trigger`,
              fix: key === "filters" ? "Move it into `config.filters`" : "Remove it",
            };
      }
    },
  },
});

const isRowScoped = ({ trigger }: FlowView): boolean => triggerKindOf(trigger?.type)?.isRowScoped === true;

function* rowScopedSteps(flow: FlowView): Generator<RuleFinding> {
  if (!isRowScoped(flow)) return;
  for (const [id, step] of flow.steps) {
    if (stepKindOf(step["type"])?.person === undefined) continue;
    yield {
      path: ["actions", id, "type"],
      what: `a ${String(step["type"])} step relies on person data, which a ${flow.trigger!.type} trigger does not have`,
      fix: "Use conditional_branch, or another trigger",
    };
  }
}
