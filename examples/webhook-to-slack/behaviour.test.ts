// Which team hears of which ticket, and who may send one: `npm test`.
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
  const flows = await flowsOf(() => import("./index.js"), {
    cwd: import.meta.dirname,
    config: { ticketToken: "t0ken" },
  });
  flow = flows["tickets"]!;
});

const ada = (more: Record<string, unknown> = {}): Scenario["person"] => ({
  properties: { email: "ada@example.com", first_name: "Ada", ...more },
});

describe("webhook-to-slack", () => {
  const ticket = (body: object, scenario: Scenario = {}, token = "Bearer t0ken"): Simulation =>
    simulate(flow, {
      person: ada(),
      trigger: {
        request: {
          headers: { Authorization: token },
          body: { event: "ticket opened", distinct_id: "person-1", subject: "Help", ...body },
        },
      },
      ...scenario,
    });

  it("refuses requests without the token", () => {
    expect(ticket({}, {}, "Bearer guess").attempts[0].answer).toEqual({ status: 401 });
    expect(ticket({}, {}, "Bearer guess")).toEndWith("not_started");
  });

  it("tells the team that cares", () => {
    expect(ticket({}, { person: ada({ vip: true }) }))
      .toCall("tell_sales")
      .toCall("tell_support");
    expect(ticket({ severity: "urgent" }))
      .toTake(["Whose ticket?", "Urgent"])
      .not.toCall("tell_support");
    const [request] = ticket({}).requests;
    expect(request.inputs).toMatchObject({ channel: "C0654321", text: "Ticket from ada@example.com: Help" });
  });

  it("is covered", () => expect(simulateMany(flow, arbitrary(flow, { count: 100 }))).toCoverAllSteps());
});
