// Rules about how runs begin and end, apart from their steps: exit conditions, goals, masking, and errors (run time §1.5, §2.5, §4.1).
import { containsUnknown, isDict, isUnknown, own } from "../definition/canonical/values";
import { parseHogTemplate } from "../definition/language";
import { CONVERSION_WINDOW } from "../definition/schema/limits";
import { stepKindOf } from "../definition/schema/step-kinds";
import { triggerKindOf } from "../definition/schema/trigger-kinds";
import { eventsAmongProperties } from "../definition/graph/properties";
import { rulesOf } from "./rule";
import { listOf, textOf } from "../definition/graph/view";
import { email, flowOf, onEvent, onWebhook, person, startedBy, webhook, where } from "./examples";

/** Properties of people and groups can change after the start; those of the event cannot. */
const CHANGES: ReadonlySet<unknown> = new Set(["person", "group", "cohort", "hogql", undefined]);
/** What is a map as a whole. */
const MAPS: ReadonlySet<string> = new Set(["person", "event", "groups", "person.properties", "event.properties"]);
const goal = { events: [{ filters: { events: [{ id: "paid" }] } }] };
const GOAL_FIX = 'Put an event goal in `events`: conversion.events: [{ filters: { events: [{ id: "paid" }] } }]';
/** More minutes than this are beyond the longest window, so they were meant as seconds. */
const MOST_MINUTES = CONVERSION_WINDOW.maxDays * 24 * 60;

/** A duration of so many seconds in its largest whole unit. */
function durationOf(seconds: number): string {
  const [unit, size] = (
    [
      ["d", 86_400],
      ["h", 3_600],
      ["m", 60],
    ] as const
  ).find(([, size]) => seconds % size === 0) ?? ["s", 1];
  return `${seconds / size}${unit}`;
}

function windowFix(minutes: unknown): string {
  if (typeof minutes !== "number" || !(minutes > 0))
    return 'Write the window with its unit, such as window: "7d"; without one it is 90 days';
  const inSeconds = minutes > MOST_MINUTES;
  const why = inSeconds
    ? `: as minutes, ${minutes} are more than ${CONVERSION_WINDOW.maxDays}d, so they were meant as seconds`
    : "";
  return `Write window: "${durationOf(inSeconds ? minutes : minutes * 60)}"${why}. Without it the window is 90 days`;
}

const masking = { triggerMasking: { hash: "{person.id}", ttl: 86_400 } };

export const endRules = rulesOf({
  "exit-never-fires": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A flow that exits when its trigger no longer matches has a trigger that can stop matching.",
    why: "The trigger's filter is tested on the event that started the run, which never changes; only tests of people and groups can become false",
    cites: "run time §4.1",
    fails: flowOf({}, { exitCondition: "exit_on_trigger_not_matched" }),
    passes: startedBy(
      onEvent({ events: [{ id: "user signed up" }], ...where(person("plan", "trial")) }),
      {},
      { exitCondition: "exit_on_trigger_not_matched" },
    ),
    *find({ definition, trigger }) {
      const exit = definition["exitCondition"];
      if (typeof exit !== "string" || !exit.startsWith("exit_on_trigger_not_matched") || !trigger) return;
      const filters = trigger.config["filters"];
      if (trigger.type === "event") {
        if (
          containsUnknown(filters) ||
          own(filters, "filterTestAccounts") !== undefined ||
          listOf(own(filters, "actions")).length > 0
        )
          return;
        const tests = [
          ...listOf(own(filters, "properties")),
          ...listOf(own(filters, "events")).flatMap((item) => listOf(own(item, "properties"))),
        ];
        if (tests.some((test) => CHANGES.has(own(test, "type")))) return;
      }
      yield {
        path: ["exitCondition"],
        what: `nobody leaves this flow because its trigger no longer matches${exit.endsWith("_or_conversion") ? "; only the goal ends a run early" : ""}`,
        fix: exit.endsWith("_or_conversion") ? "Write exit_on_conversion" : "Write exit_only_at_end",
      };
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
    *find({ definition, given }) {
      const goal = definition["conversion"];
      // An entry that says nothing in the canonical form has another finding.
      if (listOf(own(own(given, "conversion"), "events")).length > 0 || isDict(own(goal, "filters"))) return;
      if (isDict(goal) && ["filters", "events"].every((key) => !isUnknown(goal[key]) && listOf(goal[key]).length === 0))
        yield {
          path: ["conversion"],
          what: "the goal names neither an event nor a property",
          fix: "Add one, or leave `conversion` out",
        };
    },
  },
  "event-as-property": {
    severity: "error",
    refusedBy: "run-time",
    text: "An event is listed among events, not among properties.",
    why: "PostHog looks for a property of that name, so the event never counts",
    cites: "API §3.4, §3.7",
    fails: flowOf({}, { conversion: { filters: [{ id: "paid", type: "events" }] } }),
    passes: flowOf({}, { conversion: { events: [{ filters: { events: [{ id: "paid" }] } }] } }),
    *find(flow) {
      const goal = flow.definition["conversion"];
      if (isDict(goal) && isDict(goal["filters"]) && !isUnknown(goal["filters"]))
        yield {
          path: ["conversion", "filters"],
          covers: ["conversion", "filters"],
          what: "is a list of property tests",
          fix: GOAL_FIX,
        };
      for (const { path, item, kind } of eventsAmongProperties(flow)) {
        const fix =
          kind === "goal"
            ? GOAL_FIX
            : `Write it in \`events\` of the filters: events: [{ id: ${JSON.stringify(own(item, "id") ?? "…")} }]`;
        yield {
          path,
          covers: path,
          what:
            kind === "goal"
              ? "is an event, and these are property tests: the goal would never count"
              : "is an event, and these are property tests",
          fix,
        };
      }
    },
  },
  "window-minutes": {
    severity: "error",
    refusedBy: "meaning",
    text: "The conversion window is given as `window`, with its unit.",
    why: "PostHog drops `window_minutes` when the flow is saved, and without `window` the goal counts for 90 days",
    cites: "API §2.3, §3.7",
    fails: flowOf({}, { conversion: { ...goal, window_minutes: 604_800 } }),
    passes: flowOf({}, { conversion: { ...goal, window: "7d" } }),
    *find({ given }) {
      const conversion = own(given, "conversion");
      for (const key of ["window_minutes", "windowMinutes"]) {
        const minutes = own(conversion, key);
        if (minutes === undefined || minutes === null) continue;
        const path = ["conversion", key];
        const fix = own(conversion, "window") === undefined ? windowFix(minutes) : "Remove it: `window` is what counts";
        yield { path, covers: path, what: `\`${key}\` is no longer read`, fix };
      }
    },
  },
  "masking-map": {
    severity: "warning",
    refusedBy: "run-time",
    text: "The hash of a masking is a text or a number, not a map.",
    why: "PostHog counts by the result as text, and every map is the same text, so there is one counter for everybody",
    cites: "run time §1.5",
    fails: flowOf({}, { triggerMasking: { hash: "{{'who': person.id}}", ttl: 3600 } }),
    passes: flowOf({}, { triggerMasking: { hash: "{concat(person.id, '-', event.event)}", ttl: 3600 } }),
    *find({ definition }) {
      const hash = textOf(own(definition["triggerMasking"], "hash"));
      const parts = hash === undefined ? undefined : parseHogTemplate(hash.trim()).parts;
      const [node] = parts ?? [];
      if (parts?.length !== 1 || typeof node !== "object") return;
      if (node.kind === "dict" || (node.kind === "field" && MAPS.has(node.chain.join("."))))
        yield {
          path: ["triggerMasking", "hash"],
          what: "yields a map",
          fix: "Name what distinguishes the starts, such as {person.id}, or join several with concat(…)",
        };
    },
  },
  "masking-idle": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A flow with masking starts on events, rows or for an audience.",
    why: "Webhook, manual, pixel and schedule starts are never masked: every one starts a run",
    cites: "run time §1.1, §1.5",
    fails: startedBy(onWebhook(), {}, masking),
    passes: flowOf({}, masking),
    *find({ definition, trigger }) {
      if (definition["triggerMasking"] !== undefined && trigger && triggerKindOf(trigger.type)?.isMasked === false)
        yield {
          path: ["triggerMasking"],
          what: `has no effect with a ${trigger.type} trigger`,
          fix: "Remove it, and limit the requests where they come from",
        };
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
      if (typeof threshold === "number" && (threshold === 1 || threshold < 0))
        yield {
          path: ["triggerMasking", "threshold"],
          what: `a threshold of ${threshold} masks nobody`,
          fix: "Leave it out to let only the first start in a window through",
        };
    },
  },
  "abort-of-next": {
    severity: "warning",
    refusedBy: "run-time",
    text: 'A step that continues after an error is not followed by one with `onError: "abort"`.',
    why: "When it fails, PostHog reads `onError` of the step that follows, and ends the run",
    cites: "run time §2.5",
    fails: flowOf({ notify: webhook(), mail: email({}, { onError: "abort" }) }),
    passes: flowOf({ notify: webhook({}, { onError: "abort" }), mail: email({}, { onError: "abort" }) }),
    *find({ steps, graph, actions }) {
      for (const [id, step] of steps) {
        const to = graph.to(id, "continue");
        if (
          to === undefined ||
          to === id ||
          !stepKindOf(step["type"])?.mayFail ||
          step["onError"] === "abort" ||
          isUnknown(step["onError"])
        )
          continue;
        if (own(actions[to], "onError") === "abort")
          yield {
            path: ["actions", id, "onError"],
            what: `a run that fails here does not continue, because "${to}" has onError: "abort"`,
            fix: 'Write onError: "abort" here too, if that is intended',
          };
      }
    },
  },
});
