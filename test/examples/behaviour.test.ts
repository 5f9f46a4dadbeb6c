// The examples' flows as their users would test them: who gets what, when, and why it ends; and every step and branch is reached.
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "../../scripts/build.mjs";
import { arbitrary, flowsOf, simulate, simulateMany, type Scenario, type Simulation } from "../../simulator";
import "../../simulator/vitest.mjs";
import type { FlowDefinition } from "../../provider/schema/types";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const SECRETS = { crmSigningSecret: "s3cr3t", ticketToken: "t0ken", senderIntegration: "7" };

beforeAll(() => build(), 180_000);

const flowIn = async (example: string, flow: string, stack?: string): Promise<FlowDefinition> => {
  const project = path.join(EXAMPLES, example);
  const flows = await flowsOf(() => import(path.join(project, "index.ts")), { project: example, cwd: project, config: SECRETS, ...(stack === undefined ? {} : { stack }) });
  if (!flows[flow]) throw new Error(`${example} makes ${Object.keys(flows).join(", ")}, and no ${flow}`);
  return flows[flow];
};
const ada = (more: Record<string, unknown> = {}): Scenario["person"] => ({ properties: { email: "ada@example.com", first_name: "Ada", name: "Ada", ...more } });

describe("onboarding", () => {
  let flow: FlowDefinition;
  beforeAll(async () => void (flow = await flowIn("onboarding", "onboarding")));
  const signUp = (scenario: Scenario): Simulation => simulate(flow, { trigger: "user signed up", testAccounts: [], ...scenario });

  it("welcomes at once, and by name", () => {
    expect(signUp({ person: ada() })).toSend("welcome").at("+0s").addressedTo("ada@example.com").containing("Welcome, Ada");
    expect(signUp({ person: ada({ first_name: undefined }) })).toSend("Welcome, there");
  });

  it("gives tips to those who make no project within three days, and to nobody else", () => {
    expect(signUp({ person: ada() })).toSend("tips").at("+3d");
    expect(signUp({ person: ada(), events: [{ event: "project created", at: "+1d" }] })).toTake(["First project?", "matched"]).not.toSend("tips");
  });

  it("tells sales about large teams, and goes on when the CRM is down", () => {
    const large = signUp({ person: ada({ seats: 80 }), http: { tell_sales: 500 } });
    expect(large).toTake(["Which team?", "Large"]).toCall("tell_sales").toSend("upgrade").at("+8d 3s");
    expect(signUp({ person: ada({ seats: 20 }) })).toTake(["Which team?", "Medium"]).not.toCall("tell_sales");
    expect(signUp({ person: ada({ seats: 2 }) })).not.toSend("upgrade");
  });

  it("leaves those alone who pay", () => {
    expect(signUp({ person: ada({ seats: 80 }), events: [{ event: "subscription started", at: "+4d" }] })).toEndWith("conversion").not.toSend("upgrade");
  });

  it("is covered", () => expect(simulateMany(flow, arbitrary(flow, { count: 200, base: { testAccounts: [] } }))).toCoverAllSteps());
});

describe("first-flow", () => {
  it("welcomes, and gives tips after three days", async () => {
    const flows = await flowsOf(() => import(path.join(EXAMPLES, "first-flow", "index.ts")), { project: "first-flow" });
    const run = simulate(flows["onboarding"]!, { trigger: "user signed up", person: ada(), testAccounts: [] });
    expect(run).toSend("welcome").at("+0s").toSend("tips").at("+3d").toEndWith("exit");
    const onTrial = simulate(flows["trial-check-in"]!, { person: ada({ plan: "trial" }), schedule: { rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-12-07T08:00:00Z", timezone: "Europe/Berlin", occurrences: 2 } });
    expect(onTrial).toSend("Check-in").times(2);
    expect(simulate(flows["trial-check-in"]!, { person: ada({ plan: "pro" }) })).not.toSend("Check-in");
    for (const flow of Object.values(flows)) expect(simulateMany(flow, arbitrary(flow, { count: 30 }))).toCoverAllSteps();
  });
});

describe("webhook-to-slack", () => {
  let flow: FlowDefinition;
  beforeAll(async () => void (flow = await flowIn("webhook-to-slack", "tickets")));
  const ticket = (body: object, scenario: Scenario = {}, token = "Bearer t0ken"): Simulation =>
    simulate(flow, { person: ada(), trigger: { request: { headers: { Authorization: token }, body: { event: "ticket opened", distinct_id: "person-1", subject: "Help", ...body } } }, ...scenario });

  it("refuses requests without the token", () => {
    expect(ticket({}, {}, "Bearer guess").attempts[0]!.answer).toEqual({ status: 401 });
    expect(ticket({}, {}, "Bearer guess")).toEndWith("not_started");
  });

  it("tells the team that cares", () => {
    expect(ticket({}, { person: ada({ vip: true }) })).toCall("tell_sales").toCall("tell_support");
    expect(ticket({ severity: "urgent" })).toTake(["Whose ticket?", "Urgent"]).not.toCall("tell_support");
    const [request] = ticket({}).requests;
    expect(request!.inputs).toMatchObject({ channel: "C0654321", text: "Ticket from ada@example.com: Help" });
  });

  it("is covered", () => expect(simulateMany(flow, arbitrary(flow, { count: 100 }))).toCoverAllSteps());
});

describe("weekly-digest", () => {
  let flow: FlowDefinition;
  beforeAll(async () => void (flow = await flowIn("weekly-digest", "weekly-digest")));
  const http = { numbers: { body: { headline: "Ten more", signups: 10 } } };

  it("sends the numbers in office hours, to whom the schedule says", () => {
    const early = simulate(flow, { clock: "2026-12-07T06:00:00Z", http });
    expect(early).toSend("send").at("2026-12-07T08:00:00Z").addressedTo("team@example.com").containing("This week: Ten more").containing("10 people signed up.");
    const board = simulate(flow, { clock: "2026-12-31", http, schedule: { rrule: "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", startsAt: "2027-01-01T07:00:00Z", timezone: "Europe/Berlin", variables: { recipients: "board@example.com" } } });
    expect(board).toSend("send").addressedTo("board@example.com");
  });

  it("sends nothing without numbers", () => expect(simulate(flow, { http: { numbers: 503 } })).toEndWith("failed").not.toSend("send"));
  it("is covered", () => expect(simulateMany(flow, arbitrary(flow, { count: 30 }))).toCoverAllSteps());
});

describe("win-back", () => {
  let flow: FlowDefinition;
  beforeAll(async () => void (flow = await flowIn("win-back", "win-back")));
  const left = ada({ churned: true });

  it("offers one thing, and reminds after four days", () => {
    const many = simulateMany(flow, Array.from({ length: 300 }, (_, seed): Scenario => ({ person: left, random: seed })));
    expect(many.messages["discount"]! + many.messages["free_month"]!).toBe(many.messages["reminder"]);
    expect(many.messages["discount"]! / 300).toBeCloseTo(0.45, 1);
    expect(many).toCoverAllSteps();
  });

  it("asks nobody twice in half a year, and nobody who stayed", () => {
    const monthly = { rrule: "FREQ=MONTHLY;BYMONTHDAY=1", startsAt: "2027-01-01T10:00:00Z", timezone: "Europe/London" };
    const half = simulate(flow, { person: left, clock: "2026-12-30", schedule: { ...monthly, occurrences: 6 } });
    expect(half.attempts.map(({ outcome }) => outcome)).toEqual(["started", "masked", "masked", "masked", "masked", "masked"]);
    expect(simulate(flow, { person: left, clock: "2026-12-30", schedule: { ...monthly, occurrences: 7 } }).runs).toHaveLength(2);
    expect(simulate(flow, { person: ada() })).toEndWith("not_started");
  });

  it("has no reminder for those who came back", () => {
    expect(simulate(flow, { person: left, random: () => 0.1, events: [{ event: "subscription started", at: "+1d" }] })).toSend("discount").not.toSend("reminder").toEndWith("conversion");
  });
});

describe("broadcast", () => {
  it("goes to subscribers with an address, who are no test accounts", async () => {
    const flow = await flowIn("broadcast", "newsletter");
    const testAccounts = [{ key: "email", type: "person", operator: "not_icontains", value: "@example.org" }];
    const to = (properties: Record<string, unknown>, more: Scenario = {}): Simulation => simulate(flow, { person: { properties }, testAccounts, ...more });
    expect(to({ email: "ada@example.com", newsletter: true })).toSend("Newsletter").at("+0s").times(1);
    expect(to({ email: "ada@example.com", newsletter: false })).not.toSend("Newsletter");
    expect(to({ newsletter: true })).not.toSend("Newsletter");
    expect(to({ email: "test@example.org", newsletter: true })).not.toSend("Newsletter");
    expect(to({ email: "ada@example.com", newsletter: true }, { preferences: { optedOut: "all" } })).not.toSend("Newsletter");
    expect(simulateMany(flow, arbitrary(flow, { count: 50, base: { testAccounts } }))).toCoverAllSteps();
  });
});

describe("environments", () => {
  it("reminds testers in staging", async () => {
    const flow = await flowIn("environments", "invoice-reminder", "staging");
    const run = simulate(flow, { trigger: { event: "invoice overdue", properties: { number: "17", amount: "20 EUR" } }, person: ada() });
    expect(run).toSend("reminder").at("+1m").addressedTo("testers@example.com").containing("Your invoice 17 is overdue").containing("20 EUR");
    expect(simulateMany(flow, arbitrary(flow, { count: 20 }))).toCoverAllSteps();
  });
});

describe("shared-ownership", () => {
  it("reminds twice, unless somebody subscribes", async () => {
    const flow = await flowIn("shared-ownership", "trial-ending");
    const run = (scenario: Scenario = {}): Simulation => simulate(flow, { trigger: "trial ending", person: ada(), ...scenario });
    expect(run()).toSend("reminder").at("+0s").toSend("last_call").at("+2d");
    expect(run({ events: [{ event: "subscription started", at: "+1d" }] })).not.toSend("last_call").toEndWith("conversion");
    expect(simulateMany(flow, arbitrary(flow, { count: 20 }))).toCoverAllSteps();
  });
});

describe("pasted-json", () => {
  it("nudges those who do not use the product", async () => {
    const flow = await flowIn("pasted-json", "trial-nurture");
    const run = (scenario: Scenario = {}): Simulation => simulate(flow, { trigger: "trial started", person: ada(), testAccounts: [], ...scenario });
    expect(run()).toTake(["used_it", "timed out"]).toSend("nudge");
    expect(run()).toCall("tell_crm");
    expect(simulateMany(flow, arbitrary(flow, { count: 100, base: { testAccounts: [] } }))).toCoverAllSteps();
  });
});
