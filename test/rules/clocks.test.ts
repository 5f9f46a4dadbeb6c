// Clock times that a zone skips when its clocks go forward: which day, which time, and what happens instead.
import { describe, expect, it } from "vitest";
import { gapsBetween, localText } from "../../definition/canonical/local-time";
import { skippedOccurrence } from "../../definition/canonical/recurrence";
import { checkSchedule } from "../../provider/schedule/check";
import { parseScheduleState } from "../../provider/schedule/state";
import { Session } from "../../provider/session";
import { systemClock } from "../../api";
import { examineFlow, type ExamineOptions } from "../../rules/examine-flow";
import type { Dict } from "../../definition/canonical/values";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const YEAR = 366 * 24 * 3600_000;

const found = (config: Dict, options: ExamineOptions = { now: NOW }): string[] => {
  const { findings, definition } = examineFlow(
    {
      name: "Example",
      actions: {
        trigger_node: {
          type: "trigger",
          name: "Start",
          config: { type: "event", filters: { events: [{ id: "x" }] } },
          next: "open",
        },
        open: { type: "wait_until_time_window", name: "Open", config: { day: "any", ...config }, next: "end" },
        end: { type: "exit", name: "End" },
      },
    },
    {},
    options,
  );
  return findings
    .all(definition)
    .filter(({ rule }) => rule === "window-skipped")
    .map(({ path, what }) => `${path}: ${what}`);
};

describe("a zone's gaps", () => {
  it.each([
    ["Europe/Berlin", ["2027-03-28 02:00 to 2027-03-28 03:00"]],
    ["America/New_York", ["2027-03-14 02:00 to 2027-03-14 03:00"]],
    ["Australia/Lord_Howe", ["2027-10-03 02:00 to 2027-10-03 02:30"]],
    ["America/Santiago", ["2027-09-05 00:00 to 2027-09-05 01:00"]],
    ["UTC", []],
  ])("of %s", (zone, expected) => {
    const gaps = gapsBetween(zone, NOW, NOW + YEAR);
    expect(gaps.map(({ from, to }) => `${localText(from)} to ${localText(to)}`)).toEqual(expected);
  });
});

describe("a time window", () => {
  const zone = { timezone: "Europe/Berlin" };
  const at = "actions.open.config.time: on 2027-03-28, the clocks of Europe/Berlin skip 02:30:";

  it.each<[string, Dict, string[]]>([
    ["that opens in the gap", { time: ["02:30", "05:00"], ...zone }, [`${at} the window opens at 03:30 (step "Open")`]],
    ["that is past midnight", { time: ["02:30", "01:00"], ...zone }, [`${at} the window opens at 03:30 (step "Open")`]],
    [
      "that is in the gap",
      { time: ["02:30", "02:45"], ...zone },
      [`${at} the window does not open that day (step "Open")`],
    ],
    ["that opens after it", { time: ["03:00", "05:00"], ...zone }, []],
    ["that only ends in it", { time: ["01:00", "02:30"], ...zone }, []],
    ["of working days", { day: "weekday", time: ["02:30", "05:00"], ...zone }, []],
    [
      "of weekends",
      { day: "weekend", time: ["02:30", "05:00"], ...zone },
      [`${at} the window opens at 03:30 (step "Open")`],
    ],
    [
      "of a listed day",
      { day: ["sunday"], time: ["02:30", "05:00"], ...zone },
      [`${at} the window opens at 03:30 (step "Open")`],
    ],
    ["of another day", { day: ["monday"], time: ["02:30", "05:00"], ...zone }, []],
    ["without clock changes", { time: ["02:30", "05:00"], timezone: "Asia/Tokyo" }, []],
    [
      "in the person's zone, or another",
      { time: ["02:30", "05:00"], timezone: "Asia/Tokyo", usePersonTimezone: true, fallbackTimezone: "Europe/Berlin" },
      [`${at} the window opens at 03:30 (step "Open")`],
    ],
  ])("%s", (_, config, expected) => expect(found(config)).toEqual(expected));

  it("has no finding where the time is unknown", () =>
    expect(found({ time: ["02:30", "05:00"], ...zone }, {})).toEqual([]));
});

describe("a schedule", () => {
  const skipped = (rule: string, zone = "Europe/Berlin", startsAt = "2026-12-07T01:00:00Z") => {
    const occurrence = skippedOccurrence(rule, startsAt, zone, NOW);
    return occurrence && `${localText(occurrence.local)} runs at ${localText(occurrence.instead)}`;
  };
  const night = "BYHOUR=2;BYMINUTE=30;BYSECOND=0";

  it.each([
    [`FREQ=DAILY;${night}`, "2027-03-28 02:30 runs at 2027-03-28 03:30"],
    [`FREQ=WEEKLY;BYDAY=SU;${night}`, "2027-03-28 02:30 runs at 2027-03-28 03:30"],
    [`FREQ=WEEKLY;BYDAY=MO;${night}`, undefined],
    [`FREQ=MONTHLY;BYMONTHDAY=28;${night}`, "2027-03-28 02:30 runs at 2027-03-28 03:30"],
    [`FREQ=DAILY;COUNT=5;${night}`, undefined],
    [`FREQ=DAILY;UNTIL=20270301T000000;${night}`, undefined],
    ["FREQ=DAILY;BYHOUR=3;BYMINUTE=0;BYSECOND=0", undefined],
    ["FREQ=DAILY", "2027-03-28 02:00 runs at 2027-03-28 03:00"],
  ])("%s", (rule, expected) => expect(skipped(rule)).toBe(expected));

  it("is looked at from its start on", () =>
    expect(skipped(`FREQ=DAILY;${night}`, "Europe/Berlin", "2030-12-02T08:00:00Z")).toBe(
      "2031-03-30 02:30 runs at 2031-03-30 03:30",
    ));

  it("has no such time in a zone without clock changes", () =>
    expect(skipped(`FREQ=DAILY;${night}`, "Asia/Tokyo")).toBeUndefined());

  it("is named with day, zone and what happens, but not where it runs all day", async () => {
    const clock = { ...systemClock, now: () => NOW };
    const session = new Session({ env: {}, clock, warn: () => undefined, note: () => undefined });
    const warnings = async (rrule: string) => {
      const given = {
        flowId: "0198c0de-0000-7000-8000-000000000001",
        startsAt: "2026-12-07T09:00:00",
        timezone: "Europe/Berlin",
      };
      const target = { host: "https://eu.posthog.com", projectId: "1" };
      return (await checkSchedule(session, parseScheduleState({}), { ...target, ...given, rrule })).warnings;
    };
    expect(await warnings(`FREQ=DAILY;${night}`)).toEqual([
      expect.stringContaining("rrule: on 2027-03-28, the clocks of Europe/Berlin skip 02:30: that run starts at 03:30"),
    ]);
    expect(await warnings("FREQ=HOURLY")).toEqual([]);
  });
});
