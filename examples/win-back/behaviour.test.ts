// Who gets which offer, and how often: `npm test`.
import { beforeAll, describe, expect, it } from "vitest";
import { flowsOf, simulate, simulateMany, type FlowSource, type Scenario } from "pulumi-hogflow/testing";
import "pulumi-hogflow/testing/vitest";

let flow: FlowSource;
beforeAll(async () => {
  const flows = await flowsOf(() => import("./index.js"), { cwd: __dirname });
  flow = flows["win-back"]!;
});

const ada = (more: Record<string, unknown> = {}): Scenario["person"] => ({
  properties: { email: "ada@example.com", first_name: "Ada", ...more },
});

describe("win-back", () => {
  const left = ada({ churned: true });

  it("offers one thing, and reminds after four days", () => {
    const many = simulateMany(
      flow,
      Array.from({ length: 300 }, (_, seed): Scenario => ({ person: left, random: seed })),
    );
    expect(many.messages["discount"] + many.messages["free_month"]).toBe(many.messages["reminder"]);
    expect(many.messages["discount"] / 300).toBeCloseTo(0.45, 1);
    expect(many).toCoverAllSteps();
  });

  it("asks nobody twice in half a year, and nobody who stayed", () => {
    const monthly = { rrule: "FREQ=MONTHLY;BYMONTHDAY=1", startsAt: "2027-01-01T10:00:00Z", timezone: "Europe/London" };
    const half = simulate(flow, { person: left, clock: "2026-12-30", schedule: { ...monthly, occurrences: 6 } });
    expect(half.attempts.map(({ outcome }) => outcome)).toEqual([
      "started",
      "masked",
      "masked",
      "masked",
      "masked",
      "masked",
    ]);
    expect(
      simulate(flow, { person: left, clock: "2026-12-30", schedule: { ...monthly, occurrences: 7 } }).runs,
    ).toHaveLength(2);
    expect(simulate(flow, { person: ada() })).toEndWith("not_started");
  });

  it("has no reminder for those who came back", () => {
    expect(simulate(flow, { person: left, random: () => 0.1, events: [{ event: "subscription started", at: "+1d" }] }))
      .toSend("discount")
      .not.toSend("reminder")
      .toEndWith("conversion");
  });
});
