// What happens at a wake, and in which order (run time §2).
import { describe, expect, it } from "vitest";
import { simulate, type Scenario, type Simulation } from "../../../testing";
import {
  ADA,
  BODY,
  branch,
  DAY,
  delay,
  email,
  events,
  flow,
  HOUR,
  metrics,
  MINUTE,
  path,
  person,
  properties,
  run,
  split,
  wait,
  webhook,
} from "../flows";

describe("§2 order of things at a wake", () => {
  it("2.1: the event's $set lies over the person for five minutes", () => {
    const seen = (wait: string): unknown =>
      run(
        { steps: [delay("D", wait), webhook("W", {}, BODY("{person.properties.plan}"))] },
        {
          trigger: { event: "signup", properties: { $set: { plan: "pro" } } },
          personUpdates: [{ at: "+30s", set: { plan: "free" } }],
        },
      ).requests[0]!.body;
    expect(seen("4m")).toBe("pro");
    expect(seen("6m")).toBe("free");
  });

  it("2.1: groups are read anew at each wake", () => {
    const result = run(
      { steps: [delay("D", "1h"), webhook("W", {}, BODY("{groups.company.properties.tier}"))] },
      {
        groups: { company: { key: "acme", properties: { tier: "free" } } },
        groupUpdates: [{ at: "+10m", group: "company", set: { tier: "gold" } }],
      },
    );
    expect(result.requests[0]!.body).toBe("gold");
  });

  it("2.1: cancelling is seen at the wake", () => {
    const result = run({ steps: [delay("D", "2h"), webhook("W")] }, { cancelAt: "+1h" });
    expect(result.end).toMatchObject({ how: "canceled", status: "cancelled", after: 2 * HOUR });
    expect(metrics(result)).toEqual(["canceled"]);
  });

  it("2.2: a change of the person within one wake is not seen by the exit condition", () => {
    const trigger = { type: "event", filters: { ...events("signup"), ...properties(person("plan", ["trial"])) } };
    const result = run(
      { trigger, steps: [webhook("A"), webhook("B")], settings: { exit_condition: "exit_on_trigger_not_matched" } },
      { person: { properties: { plan: "trial" } }, personUpdates: [{ at: "+0s", set: { plan: "pro" } }] },
    );
    // The update comes before the first wake, so the run ends there.
    expect(result.end).toMatchObject({ how: "trigger_not_matched", after: 0 });
    expect(path(result)).toEqual([]);
  });

  it("2.3: a step's filters see what earlier steps of the same wake wrote into variables, as a branch does", () => {
    const variable = { key: "r", value: 7, operator: "exact", type: "workflow_variable" };
    const http = { W: { body: { id: 7 } } };
    const first = webhook("W", { output_variable: { key: "r", result_path: "body.id" } });
    expect(run({ steps: [first, webhook("Y", { filters: properties(variable) })] }, { http }).requests).toHaveLength(2);
    expect(run({ steps: [webhook("Y", { filters: properties(variable) }), first] }, { http }).requests).toHaveLength(1);
    expect(
      run({ steps: [first, delay("D", "1m"), webhook("Y", { filters: properties(variable) })] }, { http }).requests,
    ).toHaveLength(2);
    expect(
      path(
        run(
          {
            steps: [first, branch("B", [properties(variable)]), webhook("A"), webhook("N")],
            bare: true,
            edges: [
              ["W", "B"],
              ["B", "A", 0],
              ["B", "N"],
              ["A", "X"],
              ["N", "X"],
            ],
          },
          { http },
        ),
      ),
    ).toContain("A");
  });

  it("2.3: a parked step is tested again, so a pending delay can be skipped", () => {
    const result = run(
      { steps: [delay("D", "1d", { filters: properties(person("plan", ["free"])) }), webhook("W")] },
      { person: { properties: { plan: "free" } }, personUpdates: [{ at: "+1h", set: { plan: "pro" } }] },
    );
    expect(result.steps[0]).toMatchObject({ outcome: "filtered", leftAfter: DAY });
    expect(metrics(result)[0]).toBe("filtered(D)");
  });

  it("2.4: of several edges the first counts, and the index of a continue edge does not", () => {
    const definition = flow({
      steps: [webhook("A"), webhook("B")],
      bare: true,
      edges: [
        ["A", "B"],
        ["A", "X"],
        ["B", "X"],
      ],
    });
    expect(path(simulate(definition, { trigger: "signup" }))).toEqual(["A", "B", "X"]);
    expect(simulate({ ...definition, edges: [] }, { trigger: "signup" }).end).toMatchObject({
      how: "failed",
      status: "failed",
    });
  });

  it("2.5: an error in a branch step goes on by its continue edge; an unknown type has no step metric", () => {
    const result = run({ steps: [{ id: "U", name: "U", type: "ai_decision", config: {} }, webhook("W")] });
    expect(result.requests).toHaveLength(1);
    expect(metrics(result).filter((name) => name.includes("(U)"))).toEqual([]);
    expect(run({ steps: [delay("D", "soon")], bare: true }).end).toMatchObject({ how: "failed" });
  });

  it("2.5, V2 older: a step without on_error stops the run", () => {
    const older = { errorsStopByDefault: true };
    expect(run({ steps: [webhook("W"), webhook("Y")] }, { http: { W: 500 }, older }).end.how).toBe("failed");
    expect(
      run({ steps: [webhook("W", { on_error: "continue" }), webhook("Y")] }, { http: { W: 500 }, older }).requests,
    ).toHaveLength(2);
  });

  it("2.1: the event's $set lies over the person of an event trigger alone, never for an event of long ago, and $set_once never", () => {
    const shown = (event: object, more: Scenario = {}): unknown =>
      run(
        { steps: [webhook("W", {}, BODY("{person.properties.plan} {person.name}"))] },
        {
          person: null,
          others: [{ distinctId: "ada", properties: { plan: "free" } }],
          trigger: { event: "signup", distinctId: "ada", ...event },
          personUpdates: [{ at: "+0s", distinctId: "ada", set: { plan: "changed" } }],
          ...more,
        },
      ).requests[0]!.body;
    expect(shown({ properties: { $set: { plan: "pro", email: "ada@example.com" } } })).toBe("pro ada@example.com");
    expect(shown({ properties: { $set: { plan: "pro" } }, timestamp: "2026-01-05T08:54:59Z" })).toBe("changed ada");
    expect(shown({ properties: { $set_once: { plan: "pro" } } })).toBe("changed ada");
  });

  it("2.1: somebody who is deleted is not found at the next wake", () => {
    const result = run(
      { steps: [delay("D", "1h"), email("M"), webhook("W")] },
      { person: ADA, personUpdates: [{ at: "+10m", deleted: true }] },
    );
    expect(result.steps[1]).toMatchObject({ id: "M", outcome: "failed", error: expect.stringContaining("recipient") });
    expect(result.end.how).toBe("exit");
  });

  it("2.2: what a step changes is not seen before the next wake, except behind a wait", () => {
    const settings = {
      exit_condition: "exit_on_conversion",
      conversion: { filters: [person("paid", ["true"])], events: [] },
    };
    const paying: Scenario = { personUpdates: [{ at: "+1h", set: { paid: true } }] };
    // The run wakes at the same instant, after the update; its exit condition sees it, and nothing else runs.
    expect(run({ steps: [delay("D", "1h"), webhook("A")], settings }, paying)).toMatchObject({
      requests: [],
      end: { how: "conversion", after: HOUR },
    });
    const config = { condition: { filters: properties(person("ready", ["true"])) }, max_wait_duration: "1h" };
    const seen = run(
      {
        steps: [wait("W", config), webhook("A", {}, BODY("{person.properties.plan}"))],
        bare: true,
        edges: [
          ["W", "A", 0],
          ["W", "X"],
          ["A", "X"],
        ],
      },
      { personUpdates: [{ at: "+10m", set: { ready: true, plan: "pro" } }] },
    );
    expect(seen.requests[0]!.body).toBe("pro");
  });

  it("2.3: what woke a wait that its own filters skip does not let the next wait pass", () => {
    const waits = { events: [{ filters: events("go") }], max_wait_duration: "1h" };
    const chain = {
      steps: [wait("V", waits, { filters: properties(person("plan", ["free"])) }), wait("W", waits), webhook("M")],
      bare: true,
      edges: [
        ["V", "W"],
        ["W", "M", 0],
        ["W", "X"],
        ["M", "X"],
      ] as [string, string, number?][],
    };
    const result = run(chain, {
      person: { properties: { plan: "free" } },
      personUpdates: [{ at: "+5m", set: { plan: "pro" } }],
      events: [{ event: "go", at: "+10m" }],
    });
    expect(result.steps.map(({ id, outcome, leftAfter }) => [id, outcome, leftAfter])).toEqual([
      ["V", "filtered", 10 * MINUTE],
      ["W", "timed out", 70 * MINUTE],
      ["X", "exited", 70 * MINUTE],
    ]);
  });

  it("2.3: a filter that fails skips its step", () => {
    expect(
      metrics(run({ steps: [webhook("W", { filters: properties({ key: "nobody.knows", type: "hogql" }) })] })),
    ).toEqual(["filtered(W)", "succeeded(X)"]);
  });

  it("2.4: an edge to a step that is not there is none; a trigger without one fails without a step's metric", () => {
    const definition = flow({ steps: [webhook("W")] });
    const dangling = {
      ...definition,
      edges: [
        { from: "T", to: "W", type: "continue" },
        { from: "W", to: "gone", type: "continue" },
      ],
    };
    expect(simulate(dangling, { trigger: "signup" })).toMatchObject({
      requests: [{ step: "W" }],
      end: { how: "failed" },
    });
    expect(metrics(simulate({ ...definition, edges: [] }, { trigger: "signup" }))).toEqual([]);
  });

  it("2.5: errors of splits, waits and delays go on by the continue edge, or abort", () => {
    const broken = (on_error: string | null): Simulation =>
      run({ steps: [delay("D", "soon", { on_error }), webhook("W")] });
    expect(broken("continue").requests).toHaveLength(1);
    const aborted = broken("abort");
    expect(aborted).toMatchObject({ requests: [], end: { how: "failed", status: "failed" } });
    expect(metrics(aborted)).toEqual(["failed(D)"]);
    const log = aborted.runs[0]!.log.map(({ level, message }) => `${level} ${message}`);
    expect(log.slice(-3)).toEqual([
      expect.stringMatching(/^error \[Action:D\] Errored: /),
      expect.stringMatching(/^error Workflow encountered an error: .* at \[Action:D\]/),
      "info Workflow is aborting due to [Action:D]",
    ]);
    const chain = {
      steps: [split("S", [100]), webhook("A"), webhook("N")],
      bare: true,
      edges: [
        ["S", "N"],
        ["A", "X"],
        ["N", "X"],
      ] as [string, string][],
    };
    // The branch has no edge: an error, which goes on by the continue edge.
    expect(path(run(chain))).toEqual(["S", "N", "X"]);
  });

  it("2.6: what becomes of the job", () => {
    expect(run({ steps: [] }).end.status).toBe("completed");
    expect(run({ steps: [webhook("W", { on_error: "abort" })] }, { http: { W: 404 } }).end.status).toBe("failed");
    expect(run({ steps: [delay("D", "1d")] }, { until: "+1h" }).end).toMatchObject({
      how: "still_running",
      status: "none",
    });
  });
});
