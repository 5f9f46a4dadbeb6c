// Rules about the set of steps: one trigger, and ids that PostHog, Pulumi and JavaScript all can hold.
import { isDict, isUnknown, own } from "../definition/canonical/values";
import { MAX_STEP_ID_LENGTH } from "../definition/schema/limits";
import { rulesOf } from "./rule";
import { listOf, textOf } from "../definition/graph/view";
import { delay, flowOf } from "./examples";

const RESERVED: ReadonlySet<string> = new Set(["__proto__", "__provider"]);
const NAMED =
  'trigger_node: { type: "trigger", name: "Trigger", config: { type: "event", filters: { events: [{ id: "user signed up" }] } }, next: … }';

export const stepRules = rulesOf({
  "one-trigger": {
    severity: "error",
    refusedBy: "server",
    text: "A flow has exactly one step of type trigger.",
    why: "PostHog refuses a flow with none or several",
    cites: "API §3.1, §4.1",
    fails: { flow: { name: "Example", actions: { exit_node: { type: "exit", name: "Exit" } } } },
    passes: flowOf({}),
    *find({ definition, actions, steps, inputs }) {
      // What is no trigger, or is no list of steps, is a finding of the composition.
      if (listOf(inputs["findings"]).some((finding) => own(finding, "rule") === "step-entry")) return;
      const unsure = Object.values(actions).some((step) => isUnknown(step) || isUnknown(own(step, "type")));
      const triggers = steps.filter(([, step]) => step["type"] === "trigger").map(([id]) => id);
      if (!isDict(definition["actions"]) || unsure || triggers.length === 1) return;
      if (triggers.length === 0)
        yield {
          path: ["actions"],
          what: "a flow needs exactly one step of type trigger, and this one has none",
          fix: `Add one, for example ${NAMED}`,
        };
      else
        yield {
          path: ["actions"],
          what: `a flow needs exactly one step of type trigger, and this one has ${triggers.length}: ${triggers.join(", ")}`,
          fix: "Create a separate flow for each",
        };
    },
  },
  "step-id": {
    severity: "error",
    refusedBy: "server",
    text: "A step's id has 1 to 200 characters.",
    why: "PostHog refuses others",
    cites: "API §2.2, §4.1, §6.5",
    fails: flowOf({ ["x".repeat(201)]: delay() }),
    passes: flowOf({ pause: delay() }),
    *find({ actions }) {
      for (const id of Object.keys(actions)) {
        if (id.trim() === "") yield { path: ["actions", id], what: "a step id may not be empty" };
        else if (id.trim().length > MAX_STEP_ID_LENGTH)
          yield { path: ["actions", id], what: `a step id may have at most ${MAX_STEP_ID_LENGTH} characters` };
      }
    },
  },
  "step-id-space": {
    severity: "error",
    refusedBy: "meaning",
    text: "A step's id does not begin or end with white space.",
    why: "PostHog removes it, and the id would change",
    cites: "API §2.2",
    fails: flowOf({ " pause": delay() }),
    passes: flowOf({ pause: delay() }),
    *find({ actions }) {
      for (const id of Object.keys(actions))
        if (id.trim() !== "" && id.trim() !== id)
          yield { path: ["actions", id], what: "a step id may not begin or end with white space" };
    },
  },
  "reserved-step-id": {
    severity: "error",
    refusedBy: "meaning",
    text: "No step is called `__proto__` or `__provider`.",
    why: "JavaScript and Pulumi reserve these names",
    cites: "PDP §1",
    fails: flowOf({ __provider: delay() }),
    passes: flowOf({ provider: delay() }),
    *find({ actions }) {
      for (const id of Object.keys(actions))
        if (RESERVED.has(id))
          yield { path: ["actions", id], what: `"${id}" cannot be a step id`, fix: "Choose another id" };
    },
  },
  "duplicate-step-id": {
    severity: "error",
    refusedBy: "server",
    text: "Every step has a unique id.",
    why: "PostHog refuses two steps with the same id: it could not say where people in flight are",
    cites: "API §1.3, §4.1",
    fails: flowOf(
      { pause: delay() },
      { leftover: { actions: [{ id: "pause", name: "Pause", type: "delay", config: { delay_duration: "1d" } }] } },
    ),
    passes: flowOf({ pause: delay(), second: delay() }),
    *find({ definition }) {
      for (const [i, step] of listOf(own(definition["leftover"], "actions")).entries()) {
        const id = textOf(own(step, "id"));
        yield {
          path: ["leftover", "actions", i],
          what: id ? `two steps have the id "${id}"` : "a step has no id",
          fix: "Give every step a unique id",
        };
      }
    },
  },
});
