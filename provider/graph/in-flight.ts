// What a change of the graph does to people who are in the flow while it is applied (run time §4.4, API §2.3 row 23): by step, where they go on, or
// that they leave.
import { stableText } from "../canonical/values";

/** What this module needs of a step. */
export interface GraphStep {
  type: unknown;
  name?: unknown;
  config?: unknown;
  next?: unknown;
  branches?: unknown;
}
export type Graph = ReadonlyMap<string, GraphStep>;

export interface Effect {
  /** The step that people are in. */
  id: string;
  name?: string;
  kind: "moved" | "ejected" | "rewired" | "unrouted" | "retyped";
  /** Where they go on. */
  to?: string;
  /** A new step that looks like this one under another id. */
  twin?: string;
}

/** Steps in which people stay for a while: they wait, or their message is queued or tried again (run time §3). */
const HOLDS_PEOPLE: ReadonlySet<unknown> = new Set(["delay", "wait_until_condition", "wait_until_time_window", "function", "function_email", "function_sms", "function_push"]);
/** Of these, the ones that everybody who comes by waits in. */
const WAITS: ReadonlySet<unknown> = new Set(["delay", "wait_until_condition", "wait_until_time_window"]);

export function effectsOnPeople(before: Graph, after: Graph): Effect[] {
  const effects: Effect[] = [];
  const twins = twinsIn(before, after);
  for (const [id, step] of before) {
    if (!HOLDS_PEOPLE.has(step.type)) continue;
    const named = { id, ...(typeof step.name === "string" ? { name: step.name } : {}) };
    const now = after.get(id);
    if (!now) {
      const to = survivor(id, before, after);
      const twin = twins(step);
      effects.push({ ...named, kind: to === undefined ? "ejected" : "moved", ...(to === undefined ? {} : { to }), ...(twin === undefined ? {} : { twin }) });
    } else if (now.type !== step.type) effects.push({ ...named, kind: "retyped" });
    else if (WAITS.has(step.type)) effects.push(...rewirings(named, step, now));
  }
  return effects;
}

/** Looks among the new steps for one that is the same but for its id. Their texts are made once, when the first step is looked for. */
function twinsIn(before: Graph, after: Graph): (step: GraphStep) => string | undefined {
  let known: Map<string, string> | undefined;
  const text = ({ type, config }: GraphStep): string => `${String(type)} ${stableText(config)}`;
  return (step) => {
    if (!known) {
      known = new Map();
      for (const [id, other] of after) {
        if (before.has(id)) continue;
        const like = text(other);
        if (!known.has(like)) known.set(like, id);
      }
    }
    return known.get(text(step));
  };
}

/** The step that PostHog moves people to when theirs is gone: the next that is still there along the old continue edges. */
function survivor(id: string, before: Graph, after: Graph): string | undefined {
  const seen = new Set<string>();
  let current: unknown = id;
  while (typeof current === "string" && !seen.has(current)) {
    if (after.has(current)) return current;
    seen.add(current);
    current = before.get(current)?.next;
  }
  return undefined;
}

function rewirings(named: { id: string; name?: string }, step: GraphStep, now: GraphStep): Effect[] {
  const ways = (of: GraphStep): unknown[] => [of.next, ...(Array.isArray(of.branches) ? of.branches : [])];
  const was = ways(step);
  const is = ways(now);
  for (let i = 0; i < was.length; i += 1) {
    if (typeof was[i] !== "string" || was[i] === is[i]) continue;
    return [typeof is[i] === "string" ? { ...named, kind: "rewired", to: String(is[i]) } : { ...named, kind: "unrouted" }];
  }
  return [];
}
