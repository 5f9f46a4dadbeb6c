// Rules about the clock time of steps: what a change of clocks does to it (run time §3.4).
import { gapsBetween, localText } from "../definition/canonical/local-time";
import { DAY_MS, dayStart } from "../definition/lengths";
import { listOf, textOf, type FlowView } from "../definition/graph/view";
import { checkZone } from "../definition/schema/zones";
import type { Dict } from "../definition/canonical/values";
import { flowOf } from "./examples";
import { rulesOf } from "./rule";

const window = (time: readonly [string, string], more: object = {}) => ({
  type: "wait_until_time_window",
  config: { day: "any", time, timezone: "Europe/Berlin", ...more },
});

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
const minutesOf = (text: string | undefined): number | undefined => {
  const [, hour, minute] = CLOCK.exec(text ?? "") ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
};
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** Whether a step's `day` holds the weekday of a local time. */
function hasDay(day: unknown, local: number): boolean {
  const number = new Date(local).getUTCDay();
  if (day === undefined || day === "any") return true;
  if (day === "weekend") return number === 0 || number === 6;
  if (day === "weekday") return number !== 0 && number !== 6;
  return listOf(day).includes(WEEKDAYS[number]);
}

/** The zone of a window, of people whose own is unknown; nothing while it is unknown or wrong. */
function zoneOf(config: Dict): string | undefined {
  const own = config["usePersonTimezone"] === true ? config["fallbackTimezone"] : undefined;
  const zone = textOf(own ?? config["timezone"]);
  return zone !== undefined && checkZone(zone).ok ? zone : undefined;
}

function* skippedWindows(flow: FlowView, now: number) {
  for (const { config, at } of flow.ofType("wait_until_time_window")) {
    const [start, end] = listOf(config["time"]).map((item) => minutesOf(textOf(item)));
    const zone = zoneOf(config);
    if (start === undefined || end === undefined || zone === undefined) continue;
    for (const gap of gapsBetween(zone, now, now + 366 * DAY_MS)) {
      const midnight = dayStart(gap.from);
      const opens = midnight + start * 60_000;
      if (opens < gap.from || opens >= gap.to || !hasDay(config["day"], opens)) continue;
      const instead = opens + gap.to - gap.from;
      const [day, time] = localText(opens).split(" ");
      const isLost = end > start && midnight + end * 60_000 < instead;
      yield {
        path: [...at, "time"],
        what: `on ${day}, the clocks of ${zone} skip ${time}: ${
          isLost ? "the window does not open that day" : `the window opens at ${localText(instead).split(" ")[1]}`
        }`,
        ...(isLost
          ? { why: "PostHog moves its start past its end, and people wait for the next day of the window" }
          : {}),
      };
      break;
    }
  }
}

export const clockRules = rulesOf({
  "window-skipped": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A time window does not open at a time that the clocks skip when they go forward.",
    why: "PostHog moves its start, by as much as the clocks go forward",
    cites: "run time §3.4",
    fails: flowOf({ pause: window(["02:30", "05:00"]) }),
    passes: flowOf({ pause: window(["03:00", "05:00"]) }),
    *find(flow) {
      if (flow.now === undefined) return;
      for (const found of skippedWindows(flow, flow.now))
        yield { ...found, fix: "Choose a start that exists on every day, such as one after 04:00" };
    },
  },
});
