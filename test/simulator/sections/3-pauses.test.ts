// Delays and time windows (run time §3.1 to §3.4).
import { describe, expect, it } from "vitest";
import type { Scenario, Simulation } from "../../../testing";
import type { Json } from "../../support/reference-flows";
import { after, DAY, delay, HOUR, metrics, MINUTE, run, timeWindow, until, webhook } from "../flows";

describe("§3 pauses", () => {
  it("3.1: a delay parks and advances once, with one succeeded", () =>
    expect(metrics(run({ steps: [delay("D", "1h")] }))).toEqual(["succeeded(D)", "succeeded(X)"]));

  it("3.1: a delay of nothing takes no time, and parks once", () => {
    expect(after(run({ steps: [delay("D", "0s"), webhook("W")] }), "W")).toEqual([0]);
    expect(run({ steps: [delay("D", "1h"), delay("E", "0s")] }).steps.map(({ parks }) => parks.length)).toEqual([
      1, 1, 0,
    ]);
  });

  const renewal = (value: unknown, config: Json = {}, scenario: Scenario = {}, maximum?: string): Simulation =>
    run(
      { steps: [until("D", { expression: "person.properties.renewal", ...config }, maximum), webhook("W")] },
      { clock: "2026-01-05T09:00:00Z", person: { properties: { renewal: value } }, ...scenario },
    );
  it("3.2: numbers are seconds, texts keep their offset, without one they are local", () => {
    expect(after(renewal(Date.UTC(2026, 0, 5, 10) / 1000), "W")).toEqual([HOUR]);
    expect(after(renewal("2026-01-05T12:00:00+02:00"), "W")).toEqual([HOUR]);
    expect(after(renewal("2026-01-05T12:00:00", { timezone: "Europe/Helsinki" }), "W")).toEqual([HOUR]);
    expect(
      after(
        renewal(
          "2026-01-05T12:00:00",
          { use_person_timezone: true },
          { person: { properties: { renewal: "2026-01-05T12:00:00", $geoip_time_zone: "Europe/Helsinki" } } },
        ),
        "W",
      ),
    ).toEqual([HOUR]);
    expect(renewal(Date.UTC(2026, 0, 5, 10) * 1000).end.how).toBe("failed");
    expect(renewal("soon").end.how).toBe("failed");
  });

  it("3.2: offsets are not clamped, the maximum is", () => {
    expect(after(renewal("2026-01-05T09:00:00Z", { offset: "+90m" }), "W")).toEqual([90 * MINUTE]);
    expect(after(renewal("2026-01-05T09:00:00Z", { offset: "48h" }), "W")).toEqual([48 * HOUR]);
    expect(after(renewal("2027-01-01", {}, {}, "48h"), "W")).toEqual([24 * HOUR]);
    expect(after(renewal("2027-01-01", {}, {}, "forever"), "W")).toEqual([30 * DAY]);
    expect(renewal("2026-01-06", { offset: "a while" }).steps[0]).toMatchObject({ outcome: "failed", to: "W" });
  });

  it("3.2: an instant that is found once is kept when a later look fails; one that moves earlier is noticed at the old time", () => {
    expect(
      after(renewal("2026-01-06T09:00:00Z", {}, { personUpdates: [{ at: "+1h", unset: ["renewal"] }] }), "W"),
    ).toEqual([DAY]);
    expect(
      after(
        renewal(
          "2026-01-07T09:00:00Z",
          {},
          { personUpdates: [{ at: "+1h", set: { renewal: "2026-01-06T09:00:00Z" } }] },
        ),
        "W",
      ),
    ).toEqual([2 * DAY]);
  });

  it("3.2: the expression sees the event's name and its properties", () => {
    const at = (expression: string): number[] =>
      after(
        run(
          { steps: [until("D", { expression }), webhook("W")] },
          { trigger: { event: "signup", properties: { due: "2026-01-05T10:00:00Z" } } },
        ),
        "W",
      );
    expect(at("properties.due")).toEqual([HOUR]);
    expect(at("if(event = 'signup', '2026-01-05T11:00:00Z', null)")).toEqual([2 * HOUR]);
    expect(at("toDateTime('2026-01-05T10:00:00Z')")).toEqual([HOUR]);
    expect(at("dateAdd('hour', 3, now())")).toEqual([30 * DAY]);
  });

  const opens = (config: Json, clock: string, scenario: Scenario = {}): string => {
    const result = run({ steps: [timeWindow("D", config), webhook("W")] }, { clock, ...scenario });
    return result.requests[0]?.at ?? result.end.how;
  };
  it("3.3: the zones that a window may go by", () => {
    const nine = { day: "any", time: ["09:00", "17:00"] };
    expect(opens({ ...nine, timezone: "Europe/Berlin" }, "2026-01-05T05:00:00Z")).toBe("2026-01-05T08:00:00.000Z");
    expect(opens({ ...nine, fallback_timezone: "Europe/Berlin" }, "2026-01-05T05:00:00Z")).toBe(
      "2026-01-05T09:00:00.000Z",
    );
    expect(opens({ ...nine, use_person_timezone: true, timezone: "Europe/Berlin" }, "2026-01-05T05:00:00Z")).toBe(
      "2026-01-05T08:00:00.000Z",
    );
  });

  it("3.4: both ends are open to the millisecond; the clocks' changes are followed; named days are local", () => {
    const nine = { day: "any", time: ["09:00", "17:00"], timezone: "UTC" };
    expect(opens(nine, "2026-01-05T17:00:00.000Z")).toBe("2026-01-05T17:00:00.000Z");
    expect(opens(nine, "2026-01-05T17:00:00.001Z")).toBe("2026-01-06T09:00:00.000Z");
    const berlin = { ...nine, timezone: "Europe/Berlin" };
    expect(opens(berlin, "2026-03-28T20:00:00Z")).toBe("2026-03-29T07:00:00.000Z");
    expect(opens(berlin, "2026-03-27T20:00:00Z")).toBe("2026-03-28T08:00:00.000Z");
    expect(opens({ day: "any", time: ["02:30", "04:00"], timezone: "Europe/Berlin" }, "2026-03-28T20:00:00Z")).toBe(
      "2026-03-29T01:30:00.000Z",
    );
    expect(opens({ day: ["monday"], time: "any", timezone: "Asia/Tokyo" }, "2026-01-04T15:30:00Z")).toBe(
      "2026-01-04T15:30:00.000Z",
    );
    expect(opens({ day: ["monday"], time: ["10:00", "10:00"] }, "2026-01-05T03:00:00Z")).toBe(
      "2026-01-05T03:00:00.000Z",
    );
    expect(opens({ day: [], time: "any" }, "2026-01-05T03:00:00Z")).toBe("endless");
    expect(opens({ day: ["Montag"], time: "any" }, "2026-01-05T03:00:00Z")).toBe("endless");
  });

  it("3.1: a day is 24 hours, also when the clocks change", () => {
    expect(
      run({ steps: [delay("D", "1d"), webhook("W")] }, { clock: "2026-03-28T20:00:00+01:00" }).requests[0]!.at,
    ).toBe("2026-03-29T19:00:00.000Z");
  });

  it("3.1: a delay that says nothing is an error", () =>
    expect(run({ steps: [delay("D", "")] }).steps[0]!.outcome).toBe("failed"));

  it("3.2: without an expression the error follows on_error; a date that cannot be found always aborts", () => {
    expect(after(run({ steps: [until("D", { expression: "" }), webhook("W")] }), "W")).toEqual([0]);
    expect(
      run({ steps: [until("D", { expression: "" }, undefined, { on_error: "abort" }), webhook("W")] }).end.how,
    ).toBe("failed");
    expect(
      run({ steps: [until("D", { expression: "upper(null)" }, undefined, { on_error: "continue" }), webhook("W")] }).end
        .how,
    ).toBe("failed");
  });

  it("3.2: a target in the past, and one beyond all calendars", () => {
    expect(after(renewal("2020-01-01"), "W")).toEqual([0]);
    expect(after(renewal(0), "W")).toEqual([0]);
    expect(after(renewal("2026-01-06", { offset: "-99999999999d" }), "W")).toEqual([0]);
    expect(after(renewal("2026-01-06", { offset: "99999999999d" }), "W")).toEqual([30 * DAY]);
    expect(renewal("2026-01-06", { offset: "99999999999d" }).timeline()).toContain("at most until");
    expect(after(renewal(true), "W")).toEqual([]);
  });

  it("3.2: a local time that the clocks leave out moves forward by the gap; offsets are elapsed time", () => {
    const berlin = (value: string, offset?: string): string =>
      run(
        {
          steps: [
            until("D", { expression: `'${value}'`, timezone: "Europe/Berlin", ...(offset ? { offset } : {}) }),
            webhook("W"),
          ],
        },
        { clock: "2026-03-20" },
      ).requests[0]!.at;
    expect(berlin("2026-03-29T02:30:00")).toBe("2026-03-29T01:30:00.000Z");
    expect(berlin("2026-03-30", "-1d")).toBe("2026-03-28T22:00:00.000Z");
  });

  it("3.2: clamps of the longest wait are told", () =>
    expect(renewal("2027-01-01", {}, {}, "48h").warnings.join()).toContain(
      "D says 48h, but PostHog waits at most 24h",
    ));

  it("3.3: the person's zone counts as of the wake, and a name that is no zone does not", () => {
    const evening = { day: "any", time: ["18:00", "20:00"], use_person_timezone: true };
    const moved: Scenario = {
      person: { properties: { $geoip_time_zone: "Europe/Berlin" } },
      personUpdates: [{ at: "+1h", set: { $geoip_time_zone: "America/New_York" } }],
    };
    // Parked for Berlin's evening; at the wake it is noon in New York.
    expect(opens(evening, "2026-01-05T09:00:00Z", moved)).toBe("2026-01-05T23:00:00.000Z");
    expect(opens(evening, "2026-01-05T09:00:00Z", { person: { properties: { $geoip_time_zone: 7 } } })).toBe(
      "2026-01-05T18:00:00.000Z",
    );
  });

  it("3.4: a window in the hour that comes twice", () => {
    const night = { day: "any", time: ["02:30", "02:45"], timezone: "Europe/Berlin" };
    expect(opens(night, "2026-10-24T20:00:00Z")).toBe("2026-10-25T00:30:00.000Z");
    // 02:15 for the second time: the first 02:30 is over.
    expect(opens(night, "2026-10-25T01:15:00Z")).toBe("2026-10-25T01:30:00.000Z");
    expect(opens(night, "2026-10-25T01:50:00Z")).toBe("2026-10-26T01:30:00.000Z");
  });

  it("3.4: a window over midnight, on the day of the change of clocks", () => {
    const night = { day: "any", time: ["23:00", "03:30"], timezone: "Europe/Berlin" };
    expect(opens(night, "2026-03-29T01:29:00Z")).toBe("2026-03-29T01:29:00.000Z");
    expect(opens(night, "2026-03-29T01:31:00Z")).toBe("2026-03-29T21:00:00.000Z");
  });

  it("3.4: named days in a row, from every day of the week", () => {
    const days = Array.from({ length: 7 }, (_, i) =>
      opens(
        { day: ["tuesday", "sunday"], time: ["10:00", "11:00"] },
        `2026-01-${String(5 + i).padStart(2, "0")}T12:00:00Z`,
      ).slice(8, 10),
    );
    expect(days).toEqual(["06", "11", "11", "11", "11", "11", "13"]);
  });
});
