// Many people: counts, coverage, people made from the flow's own filters, differences in words, flows of a program.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { delay as pause, HogFlow, on, variables, webhook as call } from "../../sdk";
import { behaviourDifference, flowsOf, simulate, simulateMany, type Scenario } from "../../testing";
import type { HogFlowArgs } from "../../sdk";
import { branch, delay, email, events, flow, person, properties, wait, webhook } from "./flows";

const people = (...plans: string[]): Scenario[] =>
  plans.map((plan) => ({ trigger: "signup", person: { properties: { plan, email: "a@example.com" } } }));
const PLANS = flow({
  steps: [branch("B", [properties(person("plan", ["pro"]))]), email("A"), email("C")],
  bare: true,
  edges: [
    ["B", "A", 0],
    ["B", "C"],
    ["A", "X"],
    ["C", "X"],
  ],
});

describe("simulateMany", () => {
  it("counts steps, branches, paths, ends and messages, with examples", () => {
    const many = simulateMany(PLANS, people("pro", "free", "free", "free", "free"));
    expect(many).toMatchObject({ scenarios: 5, runs: 5, messages: { A: 1, C: 4 } });
    expect(Object.fromEntries(Object.entries(many.steps).map(([id, { count }]) => [id, count]))).toEqual({
      B: 5,
      A: 1,
      C: 4,
      X: 5,
    });
    expect(many.branches.map(({ step, branch, to, count }) => [step, branch, to, count])).toEqual([
      ["B", 0, "A", 1],
      ["B", "continue", "C", 4],
    ]);
    expect(many.paths.map(({ path, count }) => [path.join(), count])).toEqual([
      ["B,C,X", 4],
      ["B,A,X", 1],
    ]);
    expect(many.ends["exit"]!.count).toBe(5);
    expect(many.steps["C"]!.examples.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(many.table()).toContain("Flow: 5 scenarios, 5 runs");
  });

  it("takes a generator, counts what did not start, and gathers notes", () => {
    function* some(): Generator<Scenario> {
      yield* people("pro");
      yield { trigger: "other" };
    }
    const many = simulateMany(PLANS, some());
    expect(many.ends["not_started"]!.count).toBe(1);
    expect(many.attempts).toEqual({ filtered: 1 });
    expect(many.coverage.branches.missed).toMatchObject([
      { step: "B", label: "otherwise", why: "none of 2 scenarios reaches it" },
    ]);
  });

  it("does not take a skipped step for one that chose", () => {
    const skipped = flow({
      steps: [
        branch("B", [properties(person("plan", ["pro"]))], {
          filters: properties(person("none", undefined, "is_set")),
        }),
        webhook("A"),
        webhook("C"),
      ],
      bare: true,
      edges: [
        ["B", "A", 0],
        ["B", "C"],
        ["A", "X"],
        ["C", "X"],
      ],
    });
    expect(simulateMany(skipped, people("pro")).coverage.branches.reached).toBe(0);
  });
});

describe("behaviourDifference", () => {
  const version = (chain: Parameters<typeof flow>[0]): ReturnType<typeof flow> => flow(chain);
  const base = { "free plan": people("free")[0]!, "pro plan": people("pro")[0]! };
  const titled = (id: string, name: string, more = {}): ReturnType<typeof email> => ({ ...email(id, more), name });
  const before = version({ steps: [titled("tips", "Pro tips"), delay("D", "2d"), titled("offer", "Offer")] });

  it("says who gets what no longer, anew, at another time, with other words", () => {
    const onlyPro = version({
      steps: [
        { ...titled("tips", "Pro tips"), filters: properties(person("plan", ["pro"])) },
        delay("D", "3d"),
        titled("upgrade", "Upgrade"),
      ],
    });
    expect(behaviourDifference(before, onlyPro, base)).toEqual([
      "free plan: no longer gets *Pro tips*; no longer gets *Offer*; gets *Upgrade* on day 3",
      "pro plan: no longer gets *Offer*; gets *Upgrade* on day 3",
    ]);
    expect(
      behaviourDifference(
        before,
        version({ steps: [titled("tips", "Pro tips"), delay("D", "5d"), titled("offer", "Offer")] }),
        base,
      ),
    ).toEqual(["free plan, pro plan: gets *Offer* on day 5 instead of on day 2"]);
    expect(
      behaviourDifference(
        before,
        version({ steps: [titled("tips", "Pro tips", { text: "New" }), delay("D", "2d"), titled("offer", "Offer")] }),
        base,
      ),
    ).toEqual(["free plan, pro plan: gets *Pro tips* with other content"]);
    expect(behaviourDifference(before, before, base)).toEqual([]);
  });

  it("says when a flow no longer starts, or ends otherwise", () => {
    const never = version({ trigger: { type: "event", filters: events("other") }, steps: [] });
    expect(behaviourDifference(before, never, { all: base["pro plan"] })).toEqual(["all: the flow no longer starts"]);
    const failing = version({ steps: [webhook("W", { on_error: "abort" })] });
    expect(
      behaviourDifference(version({ steps: [webhook("W")] }), failing, {
        "service down": { trigger: "signup", http: { W: 500 } },
      }),
    ).toEqual(["service down: fails before the end instead of: reaches the end"]);
  });
});

describe("flows that Pulumi makes", () => {
  const args = (secret: pulumi.Input<string>): HogFlowArgs => ({
    trigger: on.webhook({
      event: "{request.body.event}",
      distinctId: "{request.body.id}",
      method: "POST",
      authHeader: pulumi.secret(secret) as never,
    }),
    steps: [
      call("tell", {
        url: pulumi.interpolate`https://${new pulumi.Config().require("host")}/x`,
        signingSecret: pulumi.secret("s3cr3t") as never,
      }),
    ],
  });
  const request = { body: { event: "e", id: "person-1" }, headers: { Authorization: "t0ken" } };

  it("are taken from their program, outputs and secrets known", async () => {
    const flows = await flowsOf(() => new HogFlow("tickets", args("t0ken")), { config: { host: "crm.example.com" } });
    const run = simulate(flows["tickets"]!, { trigger: { request } });
    expect(run.attempts[0]!.answer).toEqual({ status: 201 });
    expect(run.requests[0]).toMatchObject({ url: "https://crm.example.com/x" });
    await expect(flowsOf(() => undefined)).rejects.toThrow("creates no HogFlow");
  });

  it("name the outputs that nobody gives, and take the ones that are given", async () => {
    await flowsOf(
      () => {
        const made = args("t0ken");
        expect(() => simulate(made, { trigger: { request } })).toThrow("actions.tell.config.inputs.url.value");
        const run = simulate(made, {
          trigger: { request },
          outputs: {
            "actions.tell.config.inputs.url.value": "https://given.example.com",
            "actions.trigger_node.config.inputs.auth_header.value": "t0ken",
          },
        });
        expect(run.requests[0]!.url).toBe("https://given.example.com");
        return new HogFlow("again", made);
      },
      { config: { host: "crm.example.com" } },
    );
  });

  it("are also told what is wrong with them", () => {
    expect(() => simulate({ actions: [] })).toThrow("no trigger");
    expect(() => simulate({ steps: [], trigger: 5 })).toThrow();
    expect(() => simulate(null as never)).toThrow("A flow is an object");
    expect(() => simulate({})).toThrow("steps");
    expect(() => simulate(flow({ trigger: { type: "webhook", inputs: {} }, steps: [] }))).toThrow(
      "Say what starts the flow",
    );
  });

  it("have defaults of variables as the server keeps them: as text (API §3.8)", () => {
    const keyed = {
      variables: { n: { type: "number", default: 0 } },
      actions: {
        t: {
          type: "trigger" as const,
          name: "T",
          config: { type: "event" as const, filters: { events: [{ id: "signup" }] } },
          next: "x",
        },
        x: { type: "exit" as const, name: "X" },
      },
    };
    expect(simulate(keyed).variables).toEqual({ n: "0" });
    expect(
      simulate({
        trigger: on.event("signup"),
        variables: variables({ n: { type: "number", default: 0 } }),
        steps: [pause("p", "1d")],
      } satisfies HogFlowArgs).variables,
    ).toEqual({ n: "0" });
  });

  it("keep wait steps apart from what they wait for", () => {
    const waiting = flow({ steps: [wait("W", { events: [{ filters: events("a") }], max_wait_duration: "1h" })] });
    expect(simulate(waiting, { trigger: "signup" }).timeline()).toContain('waits for "a", at most 1h');
  });
});
