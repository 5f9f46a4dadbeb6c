// The matchers and the plain assertions: they read like the requirement, and their failures tell the story of the run.
import assert from "node:assert";
import { describe, expect, it } from "vitest";
import { matchers } from "../../testing/vitest.mjs";
import {
  assertCalls,
  assertCoversAllSteps,
  assertEndsWith,
  assertSends,
  assertSendsNot,
  assertTakes,
  assertVisits,
  simulate,
  simulateMany,
  type Simulation,
} from "../../testing";
import { branch, delay, email, flow, person, properties, wait, webhook, events } from "./flows";

const PLANS = {
  steps: [
    email("welcome", { subject: "Welcome, {{ person.properties.name }}", text: "Hi {{ person.properties.name }}" }),
    delay("pause", "2h"),
    wait("bought", { events: [{ filters: events("purchase") }], max_wait_duration: "1d" }),
    {
      ...branch("plan", [properties(person("plan", ["pro"]))]),
      name: "Plan",
      config: { conditions: [{ name: "pro", filters: properties(person("plan", ["pro"])) }] },
    },
    webhook("tell_sales"),
    email("upgrade"),
  ],
  bare: true,
  edges: [
    ["welcome", "pause"],
    ["pause", "bought"],
    ["bought", "X", 0],
    ["bought", "plan"],
    ["plan", "tell_sales", 0],
    ["plan", "upgrade"],
    ["tell_sales", "X"],
    ["upgrade", "X"],
  ] as [string, string, number?][],
};
const run = (plan: string, bought = false): Simulation =>
  simulate(flow(PLANS), {
    person: { properties: { email: "ada@example.com", name: "Ada", plan } },
    trigger: "signup",
    ...(bought ? { events: [{ event: "purchase", at: "+3h" }] } : {}),
  });
const failure = (act: () => void): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing failed";
};

describe("matchers", () => {
  it("chain what they say about a message", () => {
    expect(run("free")).toSend("welcome").at("+0s").containing("Hi Ada").addressedTo("ada@example.com").times(1);
    expect(run("free")).toSend("Welcome, Ada").at("2026-01-05T09:00:00Z").containing(/^Hi/);
    expect(run("free")).toSend("upgrade").at("+1d 2h");
    expect(run("free", true)).not.toSend("upgrade");
    expect(run("pro")).toCall("tell_sales").toCall("https://example.com/").not.toSend("upgrade");
  });

  it("name branches and ends", () => {
    expect(run("pro")).toTake(["Plan", "pro"]);
    expect(run("free")).toTake(["Plan", "otherwise"]);
    expect(run("free")).toTake(["bought", "timed out"]);
    expect(run("free", true)).toTake(["bought", "matched"]);
    expect(run("free", true)).not.toTake(["Plan", "pro"]);
    expect(run("free")).toEndWith("exit");
    expect(run("free")).toEndWith("X");
    expect(run("free")).not.toEndWith("conversion");
    expect(run("free")).toVisit("upgrade").not.toVisit("tell_sales");
    // `not` holds for one matcher.
    expect(run("free"))
      .not.toVisit("tell_sales")
      .toVisit("upgrade")
      .not.toEndWith("failed")
      .toSend("upgrade")
      .at("+1d 2h");
    expect(() => expect(run("free")).not.toVisit("tell_sales").toVisit("tell_sales")).toThrow("no run comes");
    expect([1].at(0)).to.be.equal(1);
    expect(1).that.is.at.least(1);
  });

  it("fail at each link of a chain, with the timeline", () => {
    for (const [act, says] of [
      [() => expect(run("free")).toSend("Goodbye"), '"Goodbye" is not sent; sent are "Welcome, Ada" (welcome) at +0s'],
      [() => expect(run("free")).not.toSend("welcome"), '"welcome" is sent: "Welcome, Ada"'],
      [() => expect(run("free")).toSend("welcome").at("+1h"), "is not sent at +1h"],
      [() => expect(run("free")).toSend("welcome").containing("Hello Ada"), "does not contain Hello Ada"],
      [
        () => expect(run("free")).toSend("welcome").addressedTo("bob@example.com"),
        "does not go to bob@example.com, but to ada@example.com",
      ],
      [() => expect(run("free")).toSend("welcome").times(2), "is sent 1 times, not 2"],
      [
        () => expect(run("free")).toTake(["Plan", "pro"]),
        'no run leaves "Plan" by "pro", but by the continue edge to upgrade',
      ],
      [() => expect(run("free")).toEndWith("conversion"), 'does not end with "conversion", but with exit'],
      [() => expect(run("free")).toVisit("tell_sales"), 'no run comes to "tell_sales"'],
      [() => expect(run("free")).toCall("tell_sales"), '"tell_sales" is not called'],
    ] as const) {
      const message = failure(act);
      expect(message).toContain(says);
      expect(message).toMatch(/\+2h +bought +waits for "purchase", at most 1d \(until Tue 2026-01-06 11:00 UTC\)/);
      expect(message).not.toContain("{");
    }
  });

  it("take all that is expected of a message at once", () => {
    expect(run("free")).toSend("welcome", { at: "+0s", containing: "Ada", to: "ada@example.com", times: 1 });
    expect(run("free")).not.toSend("welcome", { at: "+1s" });
    expect(run("pro")).toSend("upgrade", { times: 0 });
    expect(failure(() => expect(run("free")).toSend("welcome", { at: "+0s", to: "bob@example.com" }))).toContain(
      "does not go to bob@example.com",
    );
  });

  it("are functions, too, for an expect of one's own", () => {
    expect(matchers.toSend(run("free"), "welcome", { at: "+0s" }).pass).toBe(true);
    expect(matchers.toTake(run("pro"), ["Plan", "pro"]).pass).toBe(true);
    expect(
      [
        matchers.toCall(run("pro"), "tell_sales"),
        matchers.toVisit(run("pro"), "plan"),
        matchers.toEndWith(run("pro"), "exit"),
      ].map(({ pass }) => pass),
    ).toEqual([true, true, true]);
    const { pass, message } = matchers.toEndWith(run("free"), "conversion");
    expect(pass).toBe(false);
    expect(message()).toMatch(/does not end with "conversion", but with exit[^]*\+2h +bought +waits for "purchase"/);
    expect(matchers.toCoverAllSteps(simulateMany(flow(PLANS), [])).pass).toBe(false);
    // Whoever extends vitest's own expect by them keeps the chain.
    expect.extend(matchers);
    expect(run("free")).toSend("welcome").at("+0s").containing("Ada").not.toSend("nothing");
    expect(failure(() => expect(run("free")).toSend("welcome").at("+1s"))).toContain("is not sent at +1s");
  });

  it("say when they are used wrongly", () => {
    expect(() => expect({}).toSend("welcome")).toThrow("takes the result of simulate");
    expect(() => expect(run("free")).at("+0s")).toThrow("follows toSend");
  });

  it("see to coverage", () => {
    const some = simulateMany(flow(PLANS), [
      { trigger: "signup", person: { properties: { plan: "pro", email: "a@example.com" } } },
    ]);
    const message = failure(() => expect(some).toCoverAllSteps());
    expect(message).toContain("step upgrade: none of 1 scenarios reaches it");
    expect(message).toContain("bought → matched: none of 1 scenarios reaches it");
    expect(() =>
      expect(
        simulateMany(flow(PLANS), [
          { trigger: "signup", person: { properties: { plan: "pro", email: "a@example.com" } } },
          { trigger: "signup", person: { properties: { plan: "free", email: "a@example.com" } } },
          {
            trigger: "signup",
            person: { properties: { email: "a@example.com" } },
            events: [{ event: "purchase", at: "+3h" }],
          },
        ]),
      ).toCoverAllSteps(),
    ).not.toThrow();
  });
});

describe("plain assertions", () => {
  it("hold where the matchers hold", () => {
    assertSends(run("free"), "welcome", { at: "+0s", containing: "Ada", to: "ada@example.com", times: 1 });
    assertSends(run("pro"), "upgrade", { times: 0 });
    assertSendsNot(run("pro"), "upgrade");
    assertCalls(run("pro"), "tell_sales");
    assertVisits(run("pro"), "plan");
    assertTakes(run("pro"), ["plan", 0]);
    assertEndsWith(run("pro"), "exit");
  });

  it("fail with node's own error", () => {
    for (const act of [
      () => assertSends(run("free"), "welcome", { at: "+1s" }),
      () => assertSends(run("pro"), "upgrade"),
      () => assertSends(run("free"), "upgrade", { times: 0 }),
      () => assertSendsNot(run("free"), "upgrade"),
      () => assertCalls(run("free"), "tell_sales"),
      () => assertVisits(run("free"), "tell_sales"),
      () => assertTakes(run("free"), ["plan", 0]),
      () => assertEndsWith(run("free"), "failed"),
      () => assertCoversAllSteps(simulateMany(flow(PLANS), [])),
    ])
      expect(act).toThrow(assert.AssertionError);
  });
});
