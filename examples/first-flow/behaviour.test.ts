// What the first two flows do, and for whom: `npm test`.
import { beforeAll, describe, expect, it } from "vitest";
import { arbitrary, flowsOf, simulate, simulateMany, type FlowSource } from "pulumi-hogflow/testing";
import "pulumi-hogflow/testing/vitest";

let flows: Record<string, FlowSource>;
beforeAll(async () => {
  flows = await flowsOf(() => import("./index.js"), { cwd: __dirname });
});

const ada = (more: Record<string, unknown> = {}) => ({
  properties: { email: "ada@example.com", first_name: "Ada", ...more },
});

describe("onboarding", () => {
  it("welcomes at once, and gives tips after three days", () => {
    const run = simulate(flows["onboarding"], { trigger: "user signed up", person: ada(), testAccounts: [] });
    expect(run).toSend("welcome").at("+0s").toSend("tips").at("+3d").toEndWith("exit");
  });

  it("ends every e-mail with a link to unsubscribe that works", () => {
    const { messages } = simulate(flows["onboarding"], { trigger: "user signed up", person: ada(), testAccounts: [] });
    expect(messages).toHaveLength(2);
    for (const { text } of messages) expect(text).toMatch(/\n\nNo more e-mails like this: https:\/\/\S+$/);
  });

  it("is covered", () =>
    expect(simulateMany(flows["onboarding"], arbitrary(flows["onboarding"], { count: 30 }))).toCoverAllSteps());
});

describe("trial check-in", () => {
  const mondays = {
    rrule: "FREQ=WEEKLY;BYDAY=MO",
    startsAt: "2026-12-07T08:00:00Z",
    timezone: "Europe/Berlin",
    occurrences: 2,
  };

  it("comes every Monday to everybody on a trial, and to nobody else", () => {
    expect(simulate(flows["trial-check-in"], { person: ada({ plan: "trial" }), schedule: mondays }))
      .toSend("Check-in")
      .times(2);
    expect(simulate(flows["trial-check-in"], { person: ada({ plan: "pro" }), schedule: mondays })).not.toSend(
      "Check-in",
    );
  });

  it("is covered", () =>
    expect(simulateMany(flows["trial-check-in"], arbitrary(flows["trial-check-in"], { count: 30 }))).toCoverAllSteps());
});
