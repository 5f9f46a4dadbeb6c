// Who gets the newsletter: `npm test`.
import { beforeAll, describe, expect, it } from "vitest";
import {
  arbitrary,
  flowsOf,
  simulate,
  simulateMany,
  type FlowSource,
  type Scenario,
  type Simulation,
} from "pulumi-hogflow/testing";
import "pulumi-hogflow/testing/vitest";

let flow: FlowSource;
beforeAll(async () => {
  const flows = await flowsOf(() => import("./index.js"), { cwd: __dirname });
  flow = flows["newsletter"]!;
});

describe("broadcast", () => {
  it("goes to subscribers with an address, who are no test accounts", () => {
    const testAccounts = [{ key: "email", type: "person", operator: "not_icontains", value: "@example.org" }];
    const to = (properties: Record<string, unknown>, more: Scenario = {}): Simulation =>
      simulate(flow, { person: { properties }, testAccounts, ...more });
    expect(to({ email: "ada@example.com", newsletter: true }))
      .toSend("Newsletter")
      .at("+0s")
      .addressedTo("ada@example.com")
      .times(1);
    expect(to({ email: "ada@example.com", newsletter: false })).not.toSend("Newsletter");
    expect(to({ newsletter: true })).not.toSend("Newsletter");
    expect(to({ email: "test@example.org", newsletter: true })).not.toSend("Newsletter");
    expect(to({ email: "ada@example.com", newsletter: true }, { preferences: { optedOut: "all" } })).not.toSend(
      "Newsletter",
    );
    expect(simulateMany(flow, arbitrary(flow, { count: 50, base: { testAccounts } }))).toCoverAllSteps();
  });
});
