// No message to people within quiet hours: shown of every minute at which a run can come to a step, so nothing depends on who goes through the flow.
import { containsUnknown, isDict, type Dict } from "../../definition/canonical/values";
import { nextOccurrences } from "../../definition/canonical/recurrence";
import { DAY_MS } from "../../definition/lengths";
import type { Path } from "../../definition/canonical/paths";
import { stepKindOf } from "../../definition/schema/step-kinds";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import { email, flowOf } from "../../rules/examples";
import { arrivalsIn } from "../arrivals";
import type { PolicyFinding } from "../finding";
import type { PolicyFlow, PolicySchedule } from "../resources";
import { mayRun, policyRule } from "../rule";
import { choices, clockTime, EXCEPT, UNSTATED, zone, type SettingsOf } from "../settings";
import { always, DAYS, firstInBoth, hours, minuteAt, minuteOf, never, type Week } from "../week";

const SETTINGS = {
  from: clockTime("22:00", "When quiet hours begin, as HH:MM."),
  to: clockTime(
    "07:00",
    "When they end, as HH:MM: on the next day where that is not after `from`. The same time is a whole day.",
  ),
  timezone: zone("UTC", "IANA time zone of the hours, such as Europe/Berlin."),
  days: choices(DAYS, "Days on which quiet hours begin."),
  channels: choices(["email", "sms", "push"], "Kinds of message that must not go out."),
  ...UNSTATED,
  ...EXCEPT,
} as const;
type Settings = SettingsOf<typeof SETTINGS>;

/** Occurrences of a schedule that are looked at, in each third of a year: clocks change in between. */
const OCCURRENCES = 40;
const THIRDS = [0, 120, 240];

const window = (time: readonly string[]): Dict => ({
  type: "wait_until_time_window",
  config: { day: "any", time, timezone: "Europe/Berlin" },
});
const example = (time: readonly string[]) => ({
  flows: { welcome: { ...flowOf({ awake: window(time), mail: email() }).flow, status: "active" } },
  settings: { from: "21:00", to: "08:00", timezone: "Europe/Berlin" },
});

export const quietHours = policyRule({
  title: "Quiet hours",
  text: "No active flow can send a message to people within quiet hours.",
  why: "Nothing on the way to this step holds a run back until they are over",
  severity: "medium",
  settings: SETTINGS,
  fails: example(["08:00", "22:00"]),
  passes: example(["08:00", "21:00"]),
  *flow(flow, settings) {
    // When a schedule starts a flow, the flow alone does not say.
    if (!mayRun(flow, settings) || isScheduled(flow)) return;
    yield* noisySteps(flow, always(), settings);
  },
  *stack({ flows, schedules }, settings) {
    for (const flow of flows) {
      if (!isScheduled(flow) || !mayRun(flow, settings)) continue;
      const starts = never();
      for (const schedule of schedules)
        if (schedule.flowUrn === flow.urn) for (const minute of minutesOf(schedule, settings)) starts[minute] = 1;
      for (const finding of noisySteps(flow, starts, settings)) yield { ...finding, flow };
    }
  },
});

const isScheduled = ({ view }: PolicyFlow): boolean => triggerKindOf(view.trigger?.type)?.startedBy === "schedule";

function minutesOf(schedule: PolicySchedule, { timezone }: Settings): number[] {
  const [rule, startsAt, its, paused] = ["rrule", "startsAt", "timezone", "paused"].map((key) => schedule.known([key]));
  if (paused !== undefined) return [];
  if (typeof rule !== "string" || typeof startsAt !== "string" || schedule.isUnknown(["timezone"])) return [];
  const recurrence = { rule, startsAt, zone: typeof its === "string" ? its : "UTC" };
  const found = THIRDS.flatMap((days) =>
    nextOccurrences(recurrence, { after: Date.now() + days * DAY_MS, count: OCCURRENCES }),
  );
  return found.map((instant) => minuteAt(instant, timezone));
}

function* noisySteps(flow: PolicyFlow, starts: Week, settings: Settings): Generator<PolicyFinding> {
  const { from, to, timezone, days, channels } = settings;
  const sending = flow.steps.filter(({ channel }) => channel !== undefined && channels.includes(channel));
  if (sending.length === 0) return;
  const unclear = unclearTimes(flow);
  for (const path of unclear) flow.known(path);
  if (unclear.length > 0) return;
  const quiet = hours(days, minuteOf(from)!, minuteOf(to)!);
  const arrivals = arrivalsIn(flow.view, starts, { zone: timezone, now: Date.now() });
  for (const { id, path, type } of sending) {
    const example = firstInBoth(arrivals.get(id) ?? never(), quiet);
    if (example === undefined) continue;
    yield {
      path,
      what: `can send its ${stepKindOf(type)!.noun} within quiet hours (${from} to ${to}, ${timezone}), for example on ${example}`,
      fix: `Put a step of type wait_until_time_window before it that is open outside of them only: in TypeScript, timeWindow("awake", { time: ["${to}", "${from}"], timezone: "${timezone}" })`,
    };
  }
}

/** Where something that decides when runs come to a step is not known yet. */
function unclearTimes({ view }: PolicyFlow): Path[] {
  const { actions } = view;
  return Object.entries(actions).flatMap(([id, step]): Path[] => {
    const { type, config, next, branches }: Dict = isDict(step) ? step : {};
    const decides = [type, next, branches, stepKindOf(type)?.stay === "waits" ? config : undefined];
    return !isDict(step) || containsUnknown(decides) ? [["actions", id]] : [];
  });
}
