// Who is reminded of the end of a trial: `npm test`.
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
  flow = flows["trial-ending"]!;
});

const ada = (more: Record<string, unknown> = {}): Scenario["person"] => ({
  properties: { email: "ada@example.com", first_name: "Ada", ...more },
});

describe("shared-ownership", () => {
  it("reminds twice, unless somebody subscribes", () => {
    const run = (scenario: Scenario = {}): Simulation =>
      simulate(flow, { trigger: "trial ending", person: ada(), ...scenario });
    expect(run()).toSend("reminder").at("+0s").toSend("last_call").at("+2d");
    expect(run({ events: [{ event: "subscription started", at: "+1d" }] }))
      .not.toSend("last_call")
      .toEndWith("conversion");
    expect(simulateMany(flow, arbitrary(flow, { count: 20 }))).toCoverAllSteps();
  });
});
