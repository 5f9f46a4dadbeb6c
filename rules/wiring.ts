// Rules about edges: where they lead, which are missing, and which nobody takes. PostHog takes any list of edges, and a run that comes to a missing
// one fails after its message is already sent (API §3.5, run time §2.4).
import { formatPath, type Path } from "../definition/canonical/paths";
import { isDict, isUnknown, own, type Dict } from "../definition/canonical/values";
import { nearest } from "../definition/schema/names";
import { rulesOf, type RuleFinding } from "./rule";
import { listOf, textOf, type FlowView } from "../definition/graph/view";
import { branchCount, isLeftByBranches } from "../definition/graph/branches";
import { leftoverEdges } from "../definition/graph/flow-graph";
import { stepKindOf, type Branches, type WaitingType } from "../definition/schema/step-kinds";
import { branch, delay, flowOf, pro } from "./examples";

/** Edges as the steps have them, with their paths. */
const targets = ({ graph }: FlowView): { path: Path; to: string }[] =>
  graph.stated.map(({ from, to, index }) => ({
    path: ["actions", from, ...(index === undefined ? ["next"] : ["branches", index])],
    to,
  }));

/** Who comes to nothing where `next` is missing. */
const WHO_GOES_ON: Readonly<Record<Branches["next"], string>> = {
  otherwise: " when no condition matches",
  timeout: " when the time is out",
  nobody: "",
};
const count = (n: number, one: string): string =>
  n === 1 ? `one ${one}` : `${n} ${one}${one.endsWith("ch") ? "es" : "s"}`;

export const wiringRules = rulesOf({
  "missing-step": {
    severity: "error",
    refusedBy: "run-time",
    text: "`next` and `branches` lead to steps of the flow.",
    why: "PostHog accepts edges to nowhere, and runs fail there after their message is sent",
    cites: "API §3.5, run time §2.4",
    fails: flowOf({ pause: delay("1d", { next: "exit_nod" }) }),
    passes: flowOf({ pause: delay("1d", { next: "exit_node" }) }),
    *find(flow) {
      for (const { path, to } of targets(flow)) {
        if (Object.hasOwn(flow.actions, to)) continue;
        const ids = Object.keys(flow.actions);
        const near = nearest(to, ids);
        yield {
          path,
          what: `there is no step "${to}"`,
          ...(near
            ? { suggestion: `"${near}"` }
            : { fix: `Steps are ${ids.slice(0, 20).join(", ")}${ids.length > 20 ? " …" : ""}` }),
        };
      }
    },
  },
  "back-to-trigger": {
    severity: "error",
    refusedBy: "run-time",
    text: "No edge leads to the trigger.",
    why: "A trigger only starts runs; a run cannot continue at it",
    cites: "run time §2.3",
    fails: flowOf({ pause: delay("1d", { next: "trigger_node" }) }),
    passes: flowOf({ pause: delay() }),
    *find(flow) {
      for (const { path, to } of targets(flow)) {
        const target = flow.actions[to];
        if (Object.hasOwn(flow.actions, to) && isDict(target) && target["type"] === "trigger")
          yield {
            path,
            what: `leads back to the trigger "${to}", which only starts runs`,
            fix: "Point to the step that follows the trigger",
          };
      }
    },
  },
  "dead-end": {
    severity: "warning",
    refusedBy: "run-time",
    text: "Every path ends in a step of type exit.",
    why: "A path without an edge does not end the run, but fails it after the step is done",
    cites: "run time §0.3, §2.4, §4",
    fails: flowOf({ ways: branch([pro], ["exit_node"], { next: undefined }) }),
    passes: flowOf({ ways: branch([pro], ["exit_node"]) }),
    *find({ steps, graph }) {
      for (const [id, step] of steps) {
        const type = textOf(step["type"]);
        if (
          type === undefined ||
          type === "exit" ||
          step["next"] !== undefined ||
          graph.to(id, "continue") !== undefined ||
          !graph.reachable.has(id)
        )
          continue;
        if (isLeftByBranches(step)) continue;
        if (type === "trigger")
          yield {
            path: ["actions", id],
            what: "the trigger leads nowhere: every run fails at its start",
            fix: "Give it `next`",
          };
        else
          yield {
            path: ["actions", id],
            what: `leads nowhere${WHO_GOES_ON[stepKindOf(type)?.branches?.next ?? "nobody"]}: \`next\` is missing`,
            fix: 'Point it to a step of type "exit", or to the step that follows',
          };
      }
    },
  },
  "missing-branch": {
    severity: "warning",
    refusedBy: "run-time",
    text: "Every condition and every share has its branch, and a wait has `branches[0]`.",
    why: "A run that takes a branch without an edge fails",
    cites: "API §3.3, §3.5, run time §2.4, §3.5",
    fails: flowOf({ ways: branch([pro, pro], ["exit_node"]) }),
    passes: flowOf({ ways: branch([pro, pro], ["exit_node", "exit_node"]) }),
    *find({ steps, graph }) {
      for (const [id, step] of steps) {
        const wanted = branchCount(step);
        if (wanted === undefined || (step["branches"] !== undefined && !Array.isArray(step["branches"]))) continue;
        const given = listOf(step["branches"]).length;
        const missing = Array.from({ length: wanted }, (_, i) => i).filter(
          (i) => i >= given && graph.to(id, i) === undefined,
        );
        if (missing.length === 0) continue;
        const { list, each } = stepKindOf(step["type"])!.branches!;
        const what =
          list === undefined
            ? "has no `branches[0]`: people who match have no next step"
            : `has no branch for ${missing.map((i) => `${each} ${i}`).join(", ")}`;
        yield { path: ["actions", id, "branches"], what, fix: "Write the next step for each, in order" };
      }
    },
  },
  "surplus-branch": {
    severity: "warning",
    refusedBy: "meaning",
    text: "There are no more branches than conditions or shares, and none on steps that do not branch.",
    why: "Nobody ever takes it",
    cites: "API §3.3, §3.5",
    fails: flowOf({ ways: branch([pro], ["exit_node", "exit_node"]) }),
    passes: flowOf({ ways: branch([pro], ["exit_node"]) }),
    *find({ steps }) {
      for (const [id, step] of steps) {
        const wanted = branchCount(step);
        const given = listOf(step["branches"]).length;
        if (wanted === undefined || given <= wanted || step["type"] === "exit") continue;
        const path = ["actions", id, "branches", wanted];
        const branches = stepKindOf(step["type"])?.branches;
        if (!branches)
          yield {
            path,
            what: `a ${String(step["type"])} step has no branches`,
            fix: "Use `next`, or a step that branches",
          };
        else
          yield {
            path,
            what: `has ${count(given, "branch")} for ${count(wanted, branches.each)}`,
            fix: "Remove it, or add the condition or share for it",
          };
      }
    },
  },
  "way-after-exit": {
    severity: "warning",
    refusedBy: "meaning",
    text: "An exit leads nowhere.",
    why: "A run ends at its exit, so nothing after it runs",
    cites: "run time §3.11",
    fails: flowOf({ done: { type: "exit", next: "exit_node" }, exit_node: { type: "exit" } }),
    passes: flowOf({ done: { type: "exit" } }),
    *find({ steps }) {
      for (const [id, step] of steps) {
        if (step["type"] !== "exit") continue;
        for (const key of ["next", "branches"])
          if (step[key] !== undefined)
            yield {
              path: ["actions", id, key],
              what: "an exit ends the run, and leads nowhere",
              fix: "Remove it, or use another type of step",
            };
      }
    },
  },
  "leftover-edge": {
    severity: "warning",
    refusedBy: "run-time",
    text: "Every edge leads from a step to a step, is unique, and follows an edge with the index before it.",
    why: "PostHog keeps such edges, but no run takes them, or the run fails",
    cites: "API §3.5, run time §2.4",
    fails: flowOf({ pause: delay() }, { leftover: { edges: [{ from: "pause", to: "ghost", type: "continue" }] } }),
    passes: flowOf({ pause: delay() }),
    *find({ definition, actions, graph }) {
      for (const [i, edge] of leftoverEdges(definition).entries()) {
        const { from, to, type, index } = edge;
        if ([from, to, type, index].some(isUnknown)) continue;
        const name = `${String(type)} edge ${index === undefined ? "" : `${String(index)} `}from "${String(from)}" to "${String(to)}"`;
        const missing = [from, to].filter((id) => typeof id === "string" && !Object.hasOwn(actions, id));
        const what =
          missing.length > 0
            ? `there is no step "${String(missing[0])}"`
            : type === "branch" && index === undefined
              ? "it has no index"
              : graph.isStated(String(from), type === "continue" ? "continue" : Number(index))
                ? "there is another edge like it, which counts"
                : "the branches before it are missing";
        yield {
          path: ["leftover", "edges", i],
          what: `the ${name} cannot be written as \`next\` and \`branches\`: ${what}`,
          fix: "Remove it",
        };
      }
    },
  },
  "unreachable-step": {
    severity: "warning",
    refusedBy: "meaning",
    text: "Every step can be reached from the trigger.",
    why: "Nobody ever reaches it",
    cites: "API §4.4",
    fails: flowOf({ pause: delay("1d", { next: "exit_node" }), lost: delay() }),
    passes: flowOf({ pause: delay(), found: delay() }),
    *find({ steps, graph }) {
      if (!graph.isKnown) return;
      const lost = steps.filter(([id]) => !graph.reachable.has(id)).map(([id]) => id);
      for (const id of lost)
        yield {
          path: ["actions", id],
          what: "no path from the trigger leads here",
          fix: "Point a step to it with `next` or `branches`, or remove it",
        };
    },
  },
  "endless-loop": {
    severity: "error",
    refusedBy: "run-time",
    text: "Every loop has a step in it that waits.",
    why: "Runs would loop without a pause and without end, and send again in every round",
    cites: "run time §0.3 (12)",
    fails: flowOf({
      first: branch([pro], ["second"], { next: "exit_node" }),
      second: {
        type: "function",
        config: { templateId: "template-webhook", inputs: { url: { value: "https://example.com" } } },
        next: "first",
      },
    }),
    passes: flowOf({ first: branch([pro], ["second"], { next: "exit_node" }), second: delay("1d", { next: "first" }) }),
    *find({ actions, graph }) {
      const pauses = (id: string): boolean => holdsUp(actions[id]);
      for (const group of graph.loops({ unpaused: true, pauses }))
        yield loop(group, "loops without a pause", "Add a delay or a wait to it, or end it");
    },
  },
  loop: {
    severity: "warning",
    refusedBy: "run-time",
    text: "A flow loops only on purpose.",
    why: "A loop has no limit, and the same person gets its messages again in every round",
    cites: "run time §0.3 (12)",
    fails: flowOf({ pause: delay("1d"), again: branch([pro], ["pause"]) }),
    passes: flowOf({ pause: delay("1d"), again: branch([pro], ["exit_node"]) }),
    *find({ actions, graph }) {
      const spinning = new Set(graph.loops({ unpaused: true, pauses: (id) => holdsUp(actions[id]) }).flat());
      for (const group of graph.loops())
        if (!group.some((id) => spinning.has(id)))
          yield loop(group, "loops", 'Acknowledge it if it is intended: acknowledge: ["loop"]');
    },
  },
});

/** Whether a step really makes a run wait: one without a limit, or of no length, lets everybody through at once (run time §3.1, §3.5). */
function holdsUp(step: unknown): boolean {
  const type = own(step, "type");
  if (stepKindOf(type)?.stay !== "waits") return false;
  const config = own(step, "config");
  return WAITS[type as WaitingType](isDict(config) ? config : {});
}

const WAITS: Readonly<Record<WaitingType, (config: Dict) => boolean>> = {
  delay: (config) =>
    config["delayUntil"] !== undefined ||
    isUnknown(config["delayDuration"]) ||
    !(Number.parseFloat(String(config["delayDuration"])) === 0),
  wait_until_condition: (config) => config["maxWaitDuration"] !== undefined && config["maxWaitDuration"] !== "",
  wait_until_time_window: () => true,
};

const loop = (group: readonly string[], what: string, fix: string): RuleFinding => {
  const ids = [...group].reverse();
  return {
    path: ["actions", ids[0]!],
    what: `this part of the flow ${what}: ${ids.map((id) => formatPath([id])).join(" → ")}`,
    fix,
  };
};
