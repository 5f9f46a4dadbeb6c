// What the onboarding does for whom, and when: `npm test`.
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
  flow = flows["onboarding"]!;
});

const ada = (more: Record<string, unknown> = {}): Scenario["person"] => ({
  properties: { email: "ada@example.com", first_name: "Ada", ...more },
});

describe("onboarding", () => {
  const signUp = (scenario: Scenario): Simulation =>
    simulate(flow, { trigger: "user signed up", testAccounts: [], ...scenario });

  it("welcomes at once, and by name", () => {
    expect(signUp({ person: ada() }))
      .toSend("welcome")
      .at("+0s")
      .addressedTo("ada@example.com")
      .containing("Welcome, Ada");
    expect(signUp({ person: ada({ first_name: undefined }) })).toSend("Welcome, there");
  });

  it("has a link to unsubscribe in every e-mail", () => {
    const { messages } = signUp({ person: ada({ seats: 80 }) });
    expect(messages.map(({ step }) => step)).toEqual(["welcome", "tips", "upgrade"]);
    for (const { html } of messages) expect(html).toMatch(/<a href="https:\/\/[^"{]+">Unsubscribe<\/a>/);
  });

  it("gives tips to those who make no project within three days, and to nobody else", () => {
    expect(signUp({ person: ada() }))
      .toSend("tips")
      .at("+3d");
    expect(signUp({ person: ada(), events: [{ event: "project created", at: "+1d" }] }))
      .toTake(["First project?", "matched"])
      .not.toSend("tips");
  });

  it("tells sales about large teams, and goes on when the CRM is down", () => {
    const large = signUp({ person: ada({ seats: 80 }), http: { tell_sales: 500 } });
    expect(large).toTake(["Which team?", "Large"]).toCall("tell_sales").toSend("upgrade").at("+8d 3s");
    expect(signUp({ person: ada({ seats: 20 }) }))
      .toTake(["Which team?", "Medium"])
      .not.toCall("tell_sales");
    expect(signUp({ person: ada({ seats: 2 }) })).not.toSend("upgrade");
  });

  it("leaves those alone who pay", () => {
    expect(signUp({ person: ada({ seats: 80 }), events: [{ event: "subscription started", at: "+4d" }] }))
      .toEndWith("conversion")
      .not.toSend("upgrade");
  });

  it("is covered", () =>
    expect(simulateMany(flow, arbitrary(flow, { count: 200, base: { testAccounts: [] } }))).toCoverAllSteps());
});
