// Rules about how runs begin and end besides their steps: exit conditions, goals, masking, and errors (run time §1.5, §2.5, §4.1).
import { containsUnknown, isDict, isUnknown, own } from "../../canonical/values";
import { rulesOf } from "../rule";
import { listOf } from "../view";
import { email, flowOf, onEvent, person, startedBy, webhook, where } from "./examples";

/** Triggers whose starts are masked (run time §1.1). */
const MASKED: ReadonlySet<string> = new Set(["event", "batch", "data-warehouse-table", "data-warehouse-view", "internal-event"]);
/** Properties of people and groups can change after the start; those of the event cannot. */
const CHANGES: ReadonlySet<unknown> = new Set(["person", "group", "cohort", "hogql", undefined]);
const MESSAGES: ReadonlySet<unknown> = new Set(["function", "function_email", "function_sms", "function_push"]);
const masking = { triggerMasking: { hash: "{person.id}", ttl: 86_400 } };

export const endRules = rulesOf({
  "exit-never-fires": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A flow that exits when its trigger does not match any more has a trigger that can stop to match.",
    why: "The trigger's filter is judged on the event that started the run, which never changes; only tests of people and groups can turn false",
    cites: "run time §4.1",
    fails: flowOf({}, { exitCondition: "exit_on_trigger_not_matched" }),
    passes: startedBy(onEvent({ events: [{ id: "user signed up" }], ...where(person("plan", "trial")) }), {}, { exitCondition: "exit_on_trigger_not_matched" }),
    *find({ definition, trigger }) {
      const exit = definition["exitCondition"];
      if (typeof exit !== "string" || !exit.startsWith("exit_on_trigger_not_matched") || !trigger) return;
      const filters = trigger.config["filters"];
      if (trigger.type === "event") {
        if (containsUnknown(filters) || own(filters, "filterTestAccounts") !== undefined || listOf(own(filters, "actions")).length > 0) return;
        const tests = [...listOf(own(filters, "properties")), ...listOf(own(filters, "events")).flatMap((item) => listOf(own(item, "properties")))];
        if (tests.some((test) => CHANGES.has(own(test, "type")))) return;
      }
      yield { path: ["exitCondition"], what: `nobody leaves this flow because its trigger does not match any more${exit.endsWith("_or_conversion") ? "; only the goal ends a run early" : ""}`, fix: exit.endsWith("_or_conversion") ? "Write exit_on_conversion" : "Write exit_only_at_end" };
    },
  },
  "empty-goal": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A goal names an event or a property.",
    why: "Nobody ever converts",
    cites: "API §3.7, run time §4.1",
    fails: flowOf({}, { conversion: { window: "14d" } }),
    passes: flowOf({}, { conversion: { window: "14d", events: [{ filters: { events: [{ id: "subscribed" }] } }] } }),
    *find({ definition }) {
      const goal = definition["conversion"];
      if (isDict(goal) && ["filters", "events"].every((key) => !isUnknown(goal[key]) && listOf(goal[key]).length === 0)) yield { path: ["conversion"], what: "the goal names neither an event nor a property", fix: "Add one, or leave `conversion` out" };
    },
  },
  "masking-idle": {
    severity: "warning",
    refusedBy: "run-time",
    text: "Masking stands on a flow that starts on events, rows or for an audience.",
    why: "Webhook, manual, pixel and schedule starts are never masked: every one makes a run",
    cites: "run time §1.1, §1.5",
    fails: startedBy({ type: "webhook" }, {}, masking),
    passes: flowOf({}, masking),
    *find({ definition, trigger }) {
      if (definition["triggerMasking"] !== undefined && trigger && isKnownTrigger(trigger.type) && !MASKED.has(trigger.type)) yield { path: ["triggerMasking"], what: `has no effect with a ${trigger.type} trigger`, fix: "Remove it, and keep count where the request comes from" };
    },
  },
  "masking-threshold": {
    severity: "warning",
    refusedBy: "run-time",
    text: "The threshold of a masking is 2 or more, or left out.",
    why: "With N, the hits 1, N + 1, 2N + 1 run: 1 masks nobody",
    cites: "run time §1.5",
    fails: flowOf({}, { triggerMasking: { hash: "{person.id}", threshold: 1 } }),
    passes: flowOf({}, { triggerMasking: { hash: "{person.id}", threshold: 2 } }),
    *find({ definition }) {
      const threshold = own(definition["triggerMasking"], "threshold");
      if (typeof threshold === "number" && (threshold === 1 || threshold < 0)) yield { path: ["triggerMasking", "threshold"], what: `a threshold of ${threshold} masks nobody`, fix: "Leave it out to let only the first hit of a window through" };
    },
  },
  "abort-of-next": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A step that goes on after an error is not followed by one that says `onError: \"abort\"`.",
    why: "When it fails, PostHog looks at the setting of the step that follows, and ends the run",
    cites: "run time §2.5",
    fails: flowOf({ notify: webhook(), mail: email({}, { onError: "abort" }) }),
    passes: flowOf({ notify: webhook({}, { onError: "abort" }), mail: email({}, { onError: "abort" }) }),
    *find({ steps, ways, actions }) {
      for (const [id, step] of steps) {
        const to = ways.way(id)?.to;
        if (to === undefined || to === id || !MESSAGES.has(step["type"]) || step["onError"] === "abort" || isUnknown(step["onError"])) continue;
        if (own(actions[to], "onError") === "abort") yield { path: ["actions", id, "onError"], what: `a run that fails here does not go on, because "${to}" says onError: "abort"`, fix: 'Write onError: "abort" here, too, if that is meant' };
      }
    },
  },
});

const isKnownTrigger = (type: string): boolean => MASKED.has(type) || ["webhook", "manual", "tracking_pixel", "schedule"].includes(type);
