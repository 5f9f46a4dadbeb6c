// Waits until the clock shows one of the times, in local wall-clock time (run time §3.4).
import { DAY_MS, dayStart } from "../../definition/lengths";
import { instantOf, localOf } from "../../definition/canonical/local-time";
import { go, park, type StepResult, type StepRun } from "./step";
import { zoneOf } from "./zone";

const NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** Whether a local day is one of the window's. */
function validDay(day: unknown, local: number): boolean {
  const weekday = new Date(local).getUTCDay();
  if (day === "any") return true;
  if (day === "weekday") return weekday >= 1 && weekday <= 5;
  if (day === "weekend") return weekday === 0 || weekday === 6;
  return Array.isArray(day) && day.includes(NAMES[weekday]);
}

/** Minutes as milliseconds since midnight; undefined for anything else. */
function timeOf(text: unknown): number | undefined {
  const match = typeof text === "string" ? /^(\d{1,2}):(\d{1,2})(?::\d{1,2})?$/.exec(text.trim()) : null;
  return match ? Number(match[1]) * 3_600_000 + Number(match[2]) * 60_000 : undefined;
}

export function timeWindow({ step, world, person, id }: StepRun<"wait_until_time_window">): StepResult {
  const { day, time } = step.config;
  const zone = zoneOf(step.config, person);
  const local = localOf(world.now, zone);
  const today = dayStart(local);
  const valid = [0, 1, 2, 3, 4, 5, 6, 7].filter((days) => validDay(day, today + days * DAY_MS));
  if (valid.length === 0)
    return {
      kind: "endless",
      reason: `the days of ${id}, ${JSON.stringify(day)}, never come, and PostHog's search for the next one does not end`,
    };
  // When clocks go back, a local time comes twice: the one that is still ahead counts.
  const ahead = (time: number): number => {
    const first = instantOf(time, zone);
    return first > world.now ? first : world.now + (time - local);
  };
  const nextDay = today + valid.find((days) => days > 0)! * DAY_MS;
  const isToday = valid.includes(0);
  if (!Array.isArray(time)) {
    if (time !== "any") world.notes.add({ kind: "window_times", step: id, times: time });
    return isToday
      ? go("continue", "waited", "today is one of its days")
      : park(ahead(nextDay), "waits for one of its days");
  }
  const [start, end] = time.map(timeOf);
  if (start === undefined || end === undefined)
    return { kind: "error", error: `Invalid time window: ${JSON.stringify(time)}` };
  const words = `${time.join("–")} ${zone}`;
  if (isOpen({ time: local - today, start, end, today: isToday, yesterday: validDay(day, today - DAY_MS) }))
    return go("continue", "waited", `it is within ${words}`);
  const opens = isToday && local < today + start ? today + start : nextDay + start;
  return park(ahead(opens), `waits for ${words}`);
}

/** Both ends belong to it. An end that is not after the start lies on the next day. */
function isOpen({
  time,
  start,
  end,
  today,
  yesterday,
}: {
  /** Times as milliseconds since midnight. */
  time: number;
  start: number;
  end: number;
  /** Whether today, and yesterday, is one of the days. */
  today: boolean;
  yesterday: boolean;
}): boolean {
  if (start < end) return today && start <= time && time <= end;
  return (time >= start && today) || (time <= end && yesterday) || (start === end && today);
}
