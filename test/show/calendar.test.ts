// Calendars of people: which day something is on, weeks in which nothing comes, and what a change does to each message.
import { describe, expect, it } from "vitest";
import { entriesOf, weeksOf, type CalendarWeek, type Entry } from "../../show/app/calendar";
import { changesOf, comparedDays } from "../../show/app/person-changes";
import type { Delivery, ShowData, Side } from "../../show/data";

/** A page with deliveries to one person: side, step, when, and index of the content. */
function page(
  madeAt: string,
  deliveries: [side: Side, step: string, at: string, content?: number][],
  more: Partial<ShowData> = {},
): ShowData {
  return {
    title: "t",
    madeAt,
    version: "1",
    hasDrift: false,
    flows: [],
    people: [{ name: "ada", origin: "kept", properties: [] }],
    contents: [0, 1].map((n) => ({ channel: "sms" as const, text: `text ${n}`, links: [], gaps: [] })),
    deliveries: deliveries.map(([side, step, at, content = 0]): Delivery => ({
      side,
      person: 0,
      flow: "f",
      step,
      title: step,
      content,
      run: 0,
      to: "ada",
      at,
      day: 0,
    })),
    runs: [],
    collisions: [],
    notes: [],
    ...more,
  };
}

const short = (week: CalendarWeek): string =>
  "days" in week
    ? week.days.map(({ day, entries }) => `${day}:${entries.map(({ delivery }) => delivery.step).join("+")}`).join(" ")
    : `${week.daysWithout} days from ${week.from.toISOString().slice(0, 10)} to ${week.to.toISOString().slice(0, 10)}`;

const weeks = (data: ShowData): string[] =>
  weeksOf(data.madeAt, entriesOf(data, { person: 0, side: "after" })).map(short);

describe("weeks", () => {
  // 9 December 2026 is a Wednesday.
  it("run from Monday to Sunday, and count days from the one on which the page was made", () => {
    const data = page("2026-12-09T23:59:00Z", [
      ["after", "a", "2026-12-09T23:59:00Z"],
      ["after", "b", "2026-12-10T00:00:00Z"],
      ["after", "c", "2026-12-10T08:00:00Z"],
      ["after", "d", "2026-12-14T08:00:00Z"],
    ]);
    expect(weeks(data)).toEqual(["-2: -1: 0:a 1:b+c 2: 3: 4:", "5:d 6: 7: 8: 9: 10: 11:"]);
  });

  it("in which nothing comes are one gap, also before the first message", () => {
    const data = page("2026-12-09T09:00:00Z", [
      ["after", "a", "2026-12-16T09:00:00Z"],
      ["after", "b", "2027-01-04T09:00:00Z"],
    ]);
    expect(weeks(data)).toEqual([
      "5 days from 2026-12-09 to 2026-12-13",
      "5: 6: 7:a 8: 9: 10: 11:",
      "14 days from 2026-12-21 to 2027-01-03",
      "26:b 27: 28: 29: 30: 31: 32:",
    ]);
  });

  it("show what a clock that is ahead has sent before the page was made", () => {
    expect(weeks(page("2026-12-14T00:10:00Z", [["after", "a", "2026-12-13T23:55:00Z"]]))).toEqual([
      "-7: -6: -5: -4: -3: -2: -1:a",
    ]);
  });

  it("are none when nothing comes", () => {
    expect(weeks(page("2026-12-09T09:00:00Z", []))).toEqual([]);
  });
});

it("messages that collide say how", () => {
  const deliveries: Parameters<typeof page>[1] = [
    ["after", "a", "2026-12-09T09:00:00Z"],
    ["after", "b", "2026-12-09T09:30:00Z"],
    ["after", "c", "2026-12-11T09:30:00Z"],
  ];
  const data = page("2026-12-09T09:00:00Z", deliveries, {
    collisions: [
      { side: "after", person: 0, kind: "within-an-hour", deliveries: [0, 1], words: "two" },
      { side: "after", person: 0, kind: "too-many-in-a-week", deliveries: [1, 2], words: "many" },
      { side: "before", person: 0, kind: "within-an-hour", deliveries: [2], words: "another side" },
      { side: "after", person: 1, kind: "within-an-hour", deliveries: [2], words: "somebody else" },
    ],
  });
  expect(entriesOf(data, { person: 0, side: "after" }).map(({ collides }) => collides)).toEqual([
    ["within-an-hour"],
    ["within-an-hour", "too-many-in-a-week"],
    ["too-many-in-a-week"],
  ]);
});

describe("a change", () => {
  const data = page(
    "2026-12-09T09:00:00Z",
    [
      ["before", "same", "2026-12-09T09:00:10Z"],
      ["before", "reworded", "2026-12-09T09:00:00Z", 0],
      ["before", "moved", "2026-12-10T09:00:00Z"],
      ["before", "gone", "2026-12-11T09:00:00Z"],
      ["before", "often", "2026-12-12T09:00:00Z"],
      ["before", "often", "2026-12-13T09:00:00Z"],
      ["after", "same", "2026-12-09T09:00:20Z"],
      ["after", "reworded", "2026-12-09T09:00:00Z", 1],
      ["after", "moved", "2026-12-12T09:00:00Z", 1],
      ["after", "often", "2026-12-12T09:00:00Z"],
      ["after", "new", "2026-12-12T10:00:00Z"],
    ],
    { change: { before: "main", after: "your program" } },
  );
  const fates = (entries: readonly Entry[]): string[] =>
    entries.map(({ delivery, fates: all, other }) =>
      `${delivery.step} ${delivery.at.slice(8, 10)} ${all.join("+")} ${other?.at.slice(8, 10) ?? ""}`.trim(),
    );

  it("marks what is new, moved and reworded after it", () => {
    expect(fates(entriesOf(data, { person: 0, side: "after" }))).toEqual([
      "same 09",
      "reworded 09 changed 09",
      "moved 12 moved+changed 10",
      "often 12",
      "new 12 added",
    ]);
  });

  it("marks what is gone, moved and reworded before it", () => {
    expect(fates(entriesOf(data, { person: 0, side: "before" }))).toEqual([
      "same 09",
      "reworded 09 changed 09",
      "moved 10 moved+changed 12",
      "gone 11 removed",
      "often 12",
      "often 13 removed",
    ]);
  });

  it("is listed by time, each message once", () => {
    expect(fates(changesOf(data, 0))).toEqual([
      "reworded 09 changed 09",
      "gone 11 removed",
      "moved 12 moved+changed 10",
      "new 12 added",
      "often 13 removed",
    ]);
    expect(fates(changesOf(data, 0, ({ step }) => step === "new"))).toEqual(["new 12 added"]);
  });

  it("sets the days of both sides beside each other", () => {
    expect(comparedDays(data, 0).map(({ day, before, after }) => [day, before.length, after.length])).toEqual([
      [0, 2, 2],
      [1, 1, 0],
      [2, 1, 0],
      [3, 1, 3],
      [4, 1, 0],
    ]);
  });

  it("is none where nothing is compared", () => {
    expect(
      entriesOf({ ...data, change: undefined }, { person: 0, side: "after" }).flatMap((each) => each.fates),
    ).toEqual([]);
  });
});
