// What the pasted flow does for a trial: `npm test`.
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
  const flows = await flowsOf(() => import("./index.js"), { cwd: __dirname, config: { crmSigningSecret: "s3cr3t" } });
  flow = flows["trial-nurture"]!;
});

const ada = (more: Record<string, unknown> = {}): Scenario["person"] => ({
  properties: { email: "ada@example.com", first_name: "Ada", ...more },
});

describe("pasted-json", () => {
  it("nudges those who do not use the product", () => {
    const run = (scenario: Scenario = {}): Simulation =>
      simulate(flow, { trigger: "trial started", person: ada(), testAccounts: [], ...scenario });
    expect(run()).toTake(["used_it", "timed out"]).toSend("nudge");
    expect(run()).toCall("tell_crm");
    expect(simulateMany(flow, arbitrary(flow, { count: 100, base: { testAccounts: [] } }))).toCoverAllSteps();
  });
});
