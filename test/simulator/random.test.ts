// Ten thousand random flows and people: every run ends or stands still for a reason, and the same seed gives the same result.
import { describe, expect, it } from "vitest";
import { arbitrary, simulate, simulateMany, type Scenario } from "../../testing";
import { random, randomFlow } from "../support/random-flow";
import { delay, flow, webhook } from "./flows";

const ENDS = [
  "exit",
  "conversion",
  "trigger_not_matched",
  "workflow_changed",
  "failed",
  "canceled",
  "not_started",
  "still_running",
  "endless",
  "not_simulated",
];

/** What may happen around any flow. */
function scenarioFor(seed: number, trigger: string): Scenario {
  const r = random(seed);
  const some = <T>(most: number, make: (i: number) => T): T[] =>
    Array.from({ length: r.int(most + 1) }, (_, i) => make(i));
  const values = (): Record<string, unknown> =>
    Object.fromEntries(
      ["plan", "a.b", "größe", "$browser", "__x"]
        .filter(() => r.chance(0.5))
        .map((key) => [key, r.pick<unknown>(["pro", "x", 5, true, "a", null])]),
    );
  const event = (): { event: string; properties: Record<string, unknown> } => ({
    event: r.pick(["user signed up", "$pageview", "größe"]),
    properties: values(),
  });
  const start: Partial<Scenario> =
    trigger === "schedule" || trigger === "batch"
      ? {}
      : trigger.startsWith("data-warehouse")
        ? { trigger: { row: values() } }
        : trigger === "internal-event"
          ? {
              trigger: {
                event: r.pick(["$slack_message_received", "$github_event_received"]),
                properties: { channel: "C0123|general", repository: "Acme/App", event_type: "release" },
              },
            }
          : trigger === "event"
            ? { trigger: event() }
            : {
                trigger: {
                  request: {
                    ...(trigger === "tracking_pixel" ? {} : { body: { event: "e", distinct_id: "person-1" } }),
                    query: { ph_event: "e", ph_distinct_id: "person-1" },
                    headers: { Authorization: "Bearer shared-token" },
                  },
                },
              };
  return {
    ...start,
    person: { properties: { email: "ada@example.com", ...values() } },
    random: seed,
    events: some(4, () => ({ ...event(), at: `+${r.int(200)}h` })),
    personUpdates: some(3, () => ({ at: `+${r.int(200)}h`, set: values() })),
    http: { "https://": r.pick([200, 500, 404]) },
    // Loops with pauses go on to the horizon, which costs most of the time.
    until: seed % 10 === 0 ? "+400d" : "+30d",
    ...(r.chance(0.1) ? { edits: [{ at: "+5h", status: "archived" as const }] } : {}),
  };
}

describe("random flows", () => {
  it("end, never hang, and are the same for the same seed", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 10_000; seed += 1) {
      const definition = randomFlow(seed, { steps: 6 });
      const trigger = (definition["actions"] as { type: string; config: { type: string } }[]).find(
        ({ type }) => type === "trigger",
      )!.config.type;
      const scenario = scenarioFor(seed, trigger);
      const simulation = simulate(definition, scenario);
      for (const { end, steps } of simulation.runs) {
        seen.add(end.how);
        if (!ENDS.includes(end.how) || end.reason === "") throw new Error(`seed ${seed}: ${JSON.stringify(end)}`);
        if (steps.some(({ left, leftAfter, enteredAfter }) => left !== undefined && leftAfter! < enteredAfter))
          throw new Error(`seed ${seed}: time runs backwards`);
      }
      if (seed % 20 === 0)
        expect(JSON.stringify(simulate(definition, scenario).runs), `seed ${seed}`).toBe(
          JSON.stringify(simulation.runs),
        );
    }
    // The flows are varied enough to show that.
    for (const how of ["exit", "conversion", "failed", "canceled", "endless"]) expect(seen).toContain(how);
  }, 120_000);

  it("tell their story without failing", () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const definition = randomFlow(seed, { trigger: "event" });
      expect(simulate(definition, scenarioFor(seed, "event")).timeline()).toMatch(/^.+, from /);
      expect(simulateMany(definition, arbitrary(definition, { count: 3, seed })).table()).toContain("3 scenarios");
    }
  });
});

describe("loops", () => {
  it("without a pause are told, not run for ever", () => {
    const result = simulate(
      flow({
        steps: [webhook("A"), webhook("B")],
        bare: true,
        edges: [
          ["A", "B"],
          ["B", "A"],
        ],
      }),
      { trigger: "signup" },
    );
    expect(result.end).toMatchObject({ how: "endless", reason: expect.stringContaining("A, B") });
  });

  it("with a pause stop at the horizon", () => {
    const result = simulate(flow({ steps: [delay("A", "30d")], bare: true, edges: [["A", "A"]] }), {
      trigger: "signup",
    });
    expect(result.end).toMatchObject({ how: "still_running" });
    expect(result.steps.length).toBeLessThan(150);
  });

  it("of delays of no length end, too", () => {
    expect(
      simulate(flow({ steps: [delay("A", "0s")], bare: true, edges: [["A", "A"]] }), { trigger: "signup" }).end.how,
    ).toBe("endless");
  });
});
