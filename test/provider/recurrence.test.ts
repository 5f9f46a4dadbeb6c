// Occurrences of schedules as PostHog counts them: from startsAt, in local time of the zone (API §5.3).
import { describe, expect, it } from "vitest";
import { nextOccurrences, ruleFault } from "../../definition/canonical/recurrence";

const next = (rule: string, startsAt: string, zone = "UTC", after = "2026-11-23T14:48:16Z", count = 2): string[] =>
  nextOccurrences({ rule, startsAt, zone }, { after: Date.parse(after), count }).map((instant) =>
    new Date(instant).toISOString().replace(".000", ""),
  );

describe("the next occurrences", () => {
  it("count from startsAt, not from today", () => {
    expect(next("FREQ=DAILY;COUNT=1", "2030-11-23T17:48:16Z")).toEqual(["2030-11-23T17:48:16Z"]);
    expect(next("FREQ=DAILY;COUNT=1", "2020-11-23T17:48:16Z")).toEqual([]);
    expect(next("FREQ=DAILY;COUNT=3", "2026-11-22T09:00:00Z")).toEqual(["2026-11-24T09:00:00Z"]);
    expect(next("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-03-02T08:00:00Z")).toEqual([
      "2026-12-07T08:00:00Z",
      "2026-12-21T08:00:00Z",
    ]);
    expect(next("FREQ=DAILY;INTERVAL=3", "2026-03-02T08:00:00Z")).toEqual(
      next("FREQ=DAILY;INTERVAL=3;COUNT=5000", "2026-03-02T08:00:00Z"),
    );
  });

  it("stay at their local time when the clocks change", () => {
    expect(next("FREQ=DAILY", "2026-01-01T08:00:00Z", "Europe/Berlin", "2026-03-28T12:00:00Z")).toEqual([
      "2026-03-29T07:00:00Z",
      "2026-03-30T07:00:00Z",
    ]);
    expect(next("FREQ=DAILY", "2026-07-01T07:00:00Z", "Europe/Berlin", "2026-10-24T12:00:00Z")).toEqual([
      "2026-10-25T08:00:00Z",
      "2026-10-26T08:00:00Z",
    ]);
  });

  it("leave out what the rule excludes, in its further lines", () => {
    expect(next("RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20301124T174816Z", "2030-11-23T17:48:16Z")).toEqual([
      "2030-11-23T17:48:16Z",
      "2030-11-25T17:48:16Z",
    ]);
  });

  it("end with UNTIL, and are read in any letter case", () => {
    expect(next("freq=daily;interval=3;until=20261126T080000Z", "2026-03-02T08:00:00Z")).toEqual([
      "2026-11-24T08:00:00Z",
    ]);
    expect(ruleFault("freq=weekly;byday=mo")).toBeUndefined();
  });

  it("need days that count from 1: PostHog passes over a 0, so a monthly rule would run every day", () => {
    for (const part of ["BYMONTHDAY=0", "BYMONTHDAY=1,0", "bysetpos=0", "BYYEARDAY=0", "BYWEEKNO=0"])
      expect(ruleFault(`FREQ=MONTHLY;${part}`)).toContain("counts from 1");
    for (const part of ["BYMONTHDAY=-1", "BYHOUR=0;BYMINUTE=0", "BYMONTHDAY=10,20"])
      expect(ruleFault(`FREQ=MONTHLY;${part}`)).toBeUndefined();
  });

  it("are found at once, however long ago a fast rule began", () => {
    const began = Date.now();
    expect(next("FREQ=SECONDLY", "1999-03-02T08:00:00Z")).toEqual(["2026-11-23T14:48:17Z", "2026-11-23T14:48:18Z"]);
    expect(Date.now() - began).toBeLessThan(1_000);
  });

  it.each([
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
    "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=5",
    "FREQ=HOURLY;BYYEARDAY=366;BYMONTH=3",
  ])(
    "are none where the rule never comes, and that is said soon: %s",
    (rule) => {
      // To the year 9999 it would take longer than that.
      expect(next(rule, "2026-03-02T08:00:00Z")).toEqual([]);
    },
    20_000,
  );

  it("are found where they are rare", () => {
    expect(
      next("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2026-03-02T08:00:00Z", "UTC", "2026-11-23T14:48:16Z", 1),
    ).toEqual(["2044-02-29T08:00:00Z"]);
    expect(
      next("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2026-03-02T08:00:00Z", "UTC", "2026-11-23T14:48:16Z", 2),
    ).toEqual(["2044-02-29T08:00:00Z", "2072-02-29T08:00:00Z"]);
  });
});
