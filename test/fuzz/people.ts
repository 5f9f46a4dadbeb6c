// Who leaves a live flow because of a write: the simulator plays some days of a few people on the flow as it was and on the flow as it is, as PostHog returns them.
import { simulate, type Scenario } from "../../testing";
import { random, type Random } from "../support/random-flow";
import type { Json } from "./programs";

const EARLY: readonly string[] = ["conversion", "trigger_not_matched", "workflow_changed", "canceled"];
/** No signal comes at this minute. */
const EDITED = "+1447m";
const EDITED_MS = 1447 * 60_000;

/** In words: who was under way at the write and ends early because of it. Nobody where the flow cannot be simulated. */
export function leaversOf(before: Json, after: Json, seed: number): string[] {
  try {
    const scenario = daysOf(before, random(seed));
    const [was, is] = [
      simulate(before, scenario),
      simulate(before, { ...scenario, edits: [{ at: EDITED, flow: after, status: after["status"] }] }),
    ];
    const edited = new Date(Date.parse(was.started) + EDITED_MS).toISOString();
    return was.runs.flatMap((run, i) => {
      const now = is.runs[i]!.end;
      const inFlight = run.started < edited && (run.end.how === "still_running" || run.end.at > edited);
      // Where a step leads nowhere, a run fails there, or leaves if the flow was edited meanwhile: it ends there anyway.
      const left = EARLY.includes(now.how) && (![...EARLY, "failed"].includes(run.end.how) || now.at < run.end.at);
      return inFlight && left ? [`${now.how} at ${now.step ?? "the start"}: ${now.reason}`] : [];
    });
  } catch {
    return [];
  }
}

/** What may happen around a flow of `randomFlow`: its own events and properties. */
function daysOf(flow: Json, r: Random): Scenario {
  const { type } = (flow["actions"] as Json[]).find((step) => step["type"] === "trigger")!["config"];
  const values = (): Json => ({
    email: "ada@example.com",
    ...Object.fromEntries(
      ["plan", "a.b", "größe", "$browser"]
        .filter(() => r.chance(0.6))
        .map((key) => [key, r.pick<unknown>(["pro", "x", 5, true, "a"])]),
    ),
  });
  const event = (): { event: string; properties: Json } => ({
    event: r.pick(["user signed up", "$pageview", "größe"]),
    properties: values(),
  });
  const ids = ["ada", "bob", "cy", "di"];
  const start: Scenario =
    type === "schedule" || type === "batch"
      ? { schedule: { rrule: "FREQ=HOURLY;INTERVAL=11", startsAt: "2026-01-05T09:00:00Z", occurrences: 3 } }
      : type.startsWith("data-warehouse")
        ? { trigger: { row: values() } }
        : type === "internal-event"
          ? { trigger: { event: "$slack_message_received", properties: { channel: "C0123|general" } } }
          : { trigger: event() };
  return {
    ...start,
    person: { distinctId: ids[0]!, properties: values() },
    others: ids.slice(1).map((distinctId) => ({ distinctId, properties: values() })),
    events: Array.from({ length: 12 }, () => ({ ...event(), distinctId: r.pick(ids), at: `+${1 + r.int(60)}h` })),
    random: () => 0.5,
    until: "+20d",
    testAccounts: [],
    pushChannels: [789],
  };
}
