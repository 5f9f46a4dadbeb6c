// What the reminder does in each environment: `npm test`.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { arbitrary, flowsOf, simulate, simulateMany, type FlowSource, type Simulation } from "pulumi-hogflow/testing";
import "pulumi-hogflow/testing/vitest";

/** The program of a stack. It runs anew for each, so its module is loaded anew, too. */
async function reminderOf(stack: string): Promise<FlowSource> {
  vi.resetModules();
  const flows = await flowsOf(() => import("./index.js"), {
    cwd: __dirname,
    stack,
    config: { senderIntegration: "7" },
  });
  return flows["invoice-reminder"];
}

describe.each([
  { stack: "staging", after: "+1m", to: "testers@example.com" },
  { stack: "production", after: "+2d", to: "ada@example.com" },
])("$stack", ({ stack, after, to }) => {
  let flow: FlowSource;
  beforeEach(async () => {
    flow = await reminderOf(stack);
  });

  const overdue = (paid?: string): Simulation =>
    simulate(flow, {
      trigger: { event: "invoice overdue", properties: { number: "17", amount: "20 EUR" } },
      person: { properties: { email: "ada@example.com" } },
      ...(paid === undefined ? {} : { events: [{ event: "invoice paid", at: paid }] }),
    });

  it("reminds after the days of grace", () => {
    expect(overdue())
      .toSend("reminder")
      .at(after)
      .addressedTo(to)
      .containing("Your invoice 17 is overdue")
      .containing("20 EUR");
  });

  it("leaves those alone who have paid", () => expect(overdue("+30s")).not.toSend("reminder").toEndWith("conversion"));

  it("is covered", () => expect(simulateMany(flow, arbitrary(flow, { count: 20 }))).toCoverAllSteps());
});
