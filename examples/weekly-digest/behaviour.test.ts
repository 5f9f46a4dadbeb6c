// What the digest says, when it comes, and to whom: `npm test`.
import { beforeAll, describe, expect, it } from "vitest";
import { arbitrary, flowsOf, simulate, simulateMany, type FlowSource } from "pulumi-hogflow/testing";
import "pulumi-hogflow/testing/vitest";

let flow: FlowSource;
beforeAll(async () => {
  const flows = await flowsOf(() => import("./index.js"), { cwd: __dirname });
  flow = flows["weekly-digest"]!;
});

describe("weekly-digest", () => {
  const http = { numbers: { body: { headline: "Ten more", signups: 10 } } };

  it("sends the numbers in office hours, to whom the schedule says", () => {
    const early = simulate(flow, { clock: "2026-12-07T06:00:00Z", http });
    expect(early)
      .toSend("send")
      .at("2026-12-07T08:00:00Z")
      .addressedTo("team@example.com")
      .containing("This week: Ten more")
      .containing("10 people signed up.");
    const board = simulate(flow, {
      clock: "2026-12-31",
      http,
      schedule: {
        rrule: "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
        startsAt: "2027-01-01T07:00:00Z",
        timezone: "Europe/Berlin",
        variables: { recipients: "board@example.com" },
      },
    });
    expect(board).toSend("send").addressedTo("board@example.com");
  });

  it("sends nothing without numbers", () =>
    expect(simulate(flow, { http: { numbers: 503 } }))
      .toEndWith("failed")
      .not.toSend("send"));
  it("is covered", () => expect(simulateMany(flow, arbitrary(flow, { count: 30 }))).toCoverAllSteps());
});
