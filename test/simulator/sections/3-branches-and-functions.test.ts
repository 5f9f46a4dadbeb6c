// Branches, splits, functions and what they store (run time §3.6 to §3.8, §3.10, §3.11).
import { describe, expect, it } from "vitest";
import type { Scenario, Simulation } from "../../../testing";
import type { Json } from "../../support/reference-flows";
import {
  ADA,
  BODY,
  branch,
  email,
  events,
  flow,
  metrics,
  MINUTE,
  path,
  person,
  properties,
  run,
  split,
  told,
  webhook,
} from "../flows";

describe("§3 branches and functions", () => {
  it("3.6: an error in a condition counts as no match", () => {
    const result = run(
      {
        steps: [
          branch("B", [properties({ key: "nobody.knows", type: "hogql" }), properties(person("p", "a"))]),
          webhook("A"),
          webhook("C"),
        ],
        bare: true,
        edges: [
          ["B", "A", 0],
          ["B", "C", 1],
          ["B", "X"],
          ["A", "X"],
          ["C", "X"],
        ],
      },
      { person: { properties: { p: "a" } } },
    );
    expect(path(result)).toEqual(["B", "C", "X"]);
  });

  it("3.7: a split draws anew each time, and says which step it chose", () => {
    const result = run(
      {
        steps: [{ ...split("S", [50, 50]), output_variable: { key: "s" } }, webhook("A"), webhook("C")],
        bare: true,
        edges: [
          ["S", "A", 0],
          ["S", "C", 1],
          ["A", "X"],
          ["C", "X"],
        ],
      },
      { random: () => 0.9 },
    );
    expect(result.variables).toEqual({ s: { assigned_cohort: "C" } });
    const older = run(
      {
        steps: [split("S", [30, 30]), webhook("A"), webhook("C")],
        bare: true,
        edges: [
          ["S", "A", 0],
          ["S", "C", 1],
          ["A", "X"],
          ["C", "X"],
        ],
      },
      { random: () => 0.55, older: { splitOutOf100: true } },
    );
    expect(path(older)).toEqual(["S", "C", "X"]);
  });

  it("3.8: requests: three tries for failures that may pass, redirects fail, inputs build on inputs", () => {
    const attempts = (status: number): [number, string] => {
      const { requests, steps } = run({ steps: [webhook("W")] }, { http: { W: status } });
      return [requests[0]!.attempts, steps[0]!.outcome];
    };
    expect(attempts(500)).toEqual([3, "failed"]);
    expect(attempts(429)).toEqual([3, "failed"]);
    expect(attempts(404)).toEqual([1, "failed"]);
    expect(attempts(302)).toEqual([1, "failed"]);
    expect(attempts(0)).toEqual([3, "failed"]);
    const recovered = run(
      { steps: [webhook("W", { output_variable: { key: "r" } })] },
      { http: { "https://example.com": [503, { status: 200, body: { ok: true } }] } },
    );
    expect(recovered.variables).toEqual({ r: { status: 200, body: { ok: true } } });
    expect(recovered.requests[0]).toMatchObject({ attempts: 2, method: "POST" });
    const built = run({ steps: [webhook("W", {}, { body: { value: "{inputs.url}/x" } })] });
    expect(built.requests[0]!.body).toBe("https://example.com/W/x");
  });

  it("3.8: an unset variable renders empty, with a warning; an unknown root is an error; secrets are nowhere", () => {
    const unset = run({
      steps: [webhook("W", {}, { ...BODY("[{variables.coupon}]"), signing_secret: { value: "s3cr3t" } })],
    });
    expect(unset.requests[0]!.body).toBe("[]");
    expect(unset.runs[0]!.log.find(({ level }) => level === "warn")?.message).toContain("not set for this run: coupon");
    expect(JSON.stringify(unset.runs)).not.toContain("s3cr3t");
    expect(run({ steps: [webhook("W", {}, BODY("{nobody.knows}"))] }).steps[0]!.outcome).toBe("failed");
  });

  it("3.10: lists, entries without a key, spread of what is no map, falsy results", () => {
    const stored = (output_variable: unknown, body: unknown = { id: 7, n: null }): unknown =>
      run({ steps: [webhook("W", { output_variable })] }, { http: { W: { body } } }).variables;
    expect(
      stored([{ key: "a", result_path: "body.id" }, { result_path: "body" }, { key: "b", result_path: "status" }]),
    ).toEqual({ a: 7, b: 200 });
    // A text that is JSON is read as such; any other stays as it is.
    expect([
      stored({ key: "a", result_path: "body.id" }, '{"id":7}'),
      stored({ key: "a", result_path: "body" }, "OK {}"),
    ]).toEqual([{ a: 7 }, { a: "OK {}" }]);
    expect(stored({ key: "a", result_path: "body.gone.deep" })).toEqual({ a: null });
    expect(stored({ key: "a", result_path: "body.id", spread: true })).toEqual({ a: 7 });
    const failing = run({ steps: [webhook("W", { output_variable: { key: "a" } })] }, { http: { W: 500 } });
    expect(failing.variables).toEqual({});
    expect(told(failing)).toContain("whether W, which fails, stores its answer");
    // What was there under the key before is gone, too.
    expect(
      run(
        { steps: [webhook("W", { output_variable: { key: "a", result_path: "body" } })] },
        { variables: { a: "old", b: 1 }, http: { W: { body: "x".repeat(5_200) } } },
      ).variables,
    ).toEqual({ b: 1 });
    expect(stored({ key: "a", result_path: "body" }, "x".repeat(5_100))).toEqual({ a: "x".repeat(5_100) });
  });

  it("3.6: conditions see the trigger event, groups and variables, and cohorts of the person alone", () => {
    const branches = (filters: Json, scenario: Scenario): string[] =>
      path(
        run(
          {
            steps: [branch("B", [filters]), webhook("A")],
            bare: true,
            edges: [
              ["B", "A", 0],
              ["B", "X"],
              ["A", "X"],
            ],
          },
          scenario,
        ),
      );
    const cohort = properties({ key: "id", value: 7, operator: "in", type: "cohort" });
    expect(branches(cohort, { cohorts: [7] })).toContain("A");
    const others: Scenario = {
      cohorts: [7],
      person: {},
      others: [{ distinctId: "b", cohorts: [] }],
      trigger: { event: "signup", distinctId: "b" },
    };
    expect(branches(cohort, others)).not.toContain("A");
    expect(branches(cohort, { ...others, others: [{ distinctId: "b", cohorts: [7] }] })).toContain("A");
    expect(told(run({ steps: [branch("B", [cohort])] }, { ...others, others: [{ distinctId: "b" }] }))).toContain(
      "memberships of cohorts",
    );
    expect(branches(cohort, { cohorts: [7], person: null })).not.toContain("A");
  });

  it("3.6: a branch of old flows looks again every ten minutes until its time is over", () => {
    const legacy = {
      ...branch("B", [properties(person("plan", ["pro"]))]),
      config: { delay_duration: "25m", conditions: [{ filters: properties(person("plan", ["pro"])) }] },
    };
    const taken = (at: string): [string, number] => {
      const { requests } = run(
        {
          steps: [legacy, webhook("A"), webhook("N")],
          bare: true,
          edges: [
            ["B", "A", 0],
            ["B", "N"],
            ["A", "X"],
            ["N", "X"],
          ],
        },
        { personUpdates: [{ at, set: { plan: "pro" } }] },
      );
      return [requests[0]!.step, requests[0]!.after];
    };
    expect(taken("+12m")).toEqual(["A", 20 * MINUTE]);
    expect(taken("+26m")).toEqual(["N", 25 * MINUTE]);
  });

  it("3.7: weights are relative, whatever they sum up to; a weight of nothing is drawn by nobody; the seed decides", () => {
    const drawn = (weights: number[], r: number | (() => number)): string =>
      path(
        run(
          {
            steps: [split("S", weights), ...weights.map((_, i) => webhook(`C${i}`)), webhook("N")],
            bare: true,
            edges: [
              ...weights.flatMap((_, i): [string, string, number?][] => [
                ["S", `C${i}`, i],
                [`C${i}`, "X"],
              ]),
              ["S", "N"],
              ["N", "X"],
            ],
          },
          { random: r },
        ),
      )[1]!;
    expect([0.24, 0.26, 0.99].map((r) => drawn([50, 150], () => r))).toEqual(["C0", "C1", "C1"]);
    expect([0.1, 0.5, 0.9].map((r) => drawn([1, 0, 1], () => r))).toEqual(["C0", "C0", "C2"]);
    expect(drawn([0, 0], 1)).toBe("N");
    expect(drawn([33.3, 33.3, 33.4], 5)).toBe(drawn([33.3, 33.3, 33.4], 5));
    const counts =
      Array.from({ length: 400 }, (_, seed) => drawn([25, 75], seed)).filter((id) => id === "C0").length / 400;
    expect(counts).toBeCloseTo(0.25, 1);
  });

  it("3.7: sticky assignment is named", () => {
    const sticky = {
      ...split("S", [50, 50]),
      config: { sticky_assignment: true, cohorts: [{ percentage: 50 }, { percentage: 50 }] },
    };
    expect(told(run({ steps: [sticky] }))).toContain("sticky assignment");
  });

  it("3.8: tries of a request take time, and each is a wake; what was rendered at the entry is asked again", () => {
    const answers = { W: [503, 503, { status: 200, body: { ok: true } }] };
    const chain = { steps: [webhook("W", {}, BODY("{person.properties.plan}")), webhook("Y")] };
    const result = run(chain, {
      http: answers,
      person: { properties: { plan: "free" } },
      personUpdates: [{ at: "+2s", set: { plan: "pro" } }],
      edits: [{ at: "+2s", flow: flow({ steps: [webhook("W", {}, BODY("edited")), webhook("Y")] }) }],
    });
    expect(
      result.requests.map(({ step, after, attempts, status, body }) => [step, after, attempts, status, body]),
    ).toEqual([
      ["W", 0, 3, 200, "free"],
      ["Y", 3_000, 1, 200, undefined],
    ]);
    expect(result.steps[0]!.parks.map(({ at, until }) => [at.slice(17, 19), until.slice(17, 19)])).toEqual([
      ["00", "01"],
      ["01", "03"],
    ]);
    expect(told(result)).toBe("");
    const settings = {
      exit_condition: "exit_on_conversion",
      conversion: { filters: [], events: [{ filters: events("paid") }] },
    };
    expect(run({ ...chain, settings }, { http: answers, events: [{ event: "paid", at: "+2s" }] })).toMatchObject({
      end: { how: "conversion", after: 2_000 },
      requests: [{ step: "W", attempts: 2 }],
    });
    expect(
      run(
        { ...chain, steps: [webhook("W", { filters: properties(person("plan", ["free"])) })] },
        {
          http: answers,
          person: { properties: { plan: "free" } },
          personUpdates: [{ at: "+2s", set: { plan: "pro" } }],
        },
      ).steps[0]!.outcome,
    ).toBe("filtered");
  });

  it("3.8: what is tried again, and what is not", () => {
    const attempts = (status: number): number =>
      run({ steps: [webhook("W")] }, { http: { W: status } }).requests[0]!.attempts;
    for (const status of [0, 408, 429, 500, 502, 503, 504]) expect([status, attempts(status)]).toEqual([status, 3]);
    for (const status of [200, 301, 400, 404, 501, 505, 511]) expect([status, attempts(status)]).toEqual([status, 1]);
  });

  it("3.8: what a webhook sends", () => {
    const sent = (inputs: Json, scenario: Scenario = {}): unknown => {
      const [request] = run({ steps: [webhook("W", {}, inputs)] }, scenario).requests;
      return (
        request && {
          method: request.method,
          headers: request.headers,
          ...("body" in request ? { body: request.body } : {}),
        }
      );
    };
    const json = { "Content-Type": "application/json" };
    expect(sent({})).toEqual({ method: "POST", headers: json });
    expect(sent({ ...BODY({ a: 1 }), headers: { value: { "X-A": "1", "X-N": 12, "X-T": "{true}" } } })).toEqual({
      method: "POST",
      headers: { "X-A": "1" },
      body: { a: 1 },
    });
    for (const method of ["GET", "HEAD"])
      expect(sent({ ...BODY({ a: 1 }), method: { value: method } })).toEqual({ method, headers: json });
    for (const body of ["{null}", "{''}"]) expect(sent(BODY(body))).toEqual({ method: "POST", headers: json });
  });

  it("3.8: what the queue refuses fails the step, is billed, and nothing is asked", () => {
    const refused = (inputs: Json): [string, number, string[]] => {
      const result = run({ steps: [webhook("W", {}, inputs)] });
      return [result.steps[0]!.outcome, result.requests.length, metrics(result).filter((name) => name.endsWith("(W)"))];
    };
    for (const inputs of [
      BODY("{0}"),
      BODY("{false}"),
      { url: { value: "{null}" } },
      { url: { value: "{7}" } },
      { url: { value: "example.com" } },
    ])
      expect(refused(inputs)).toEqual(["failed", 0, ["billable_invocation(W)", "failed(W)", "succeeded(W)"]]);
    // What cannot be rendered never comes so far.
    expect(refused(BODY("{nobody.knows}"))).toEqual(["failed", 0, ["failed(W)", "succeeded(W)"]]);
  });

  it("3.8: Slack says that it failed in an answer of 200; long blocks and texts are cut", () => {
    const slack = (inputs: Json, scenario: Scenario = {}): Simulation =>
      run(
        {
          steps: [
            {
              id: "S",
              name: "S",
              type: "function",
              config: { template_id: "template-slack", inputs: { channel: { value: "C1" }, ...inputs } },
            },
          ],
        },
        scenario,
      );
    // Slack says what it thinks of a channel: the worker asks it.
    expect(
      slack({ channel: { value: "{{ person.properties.channel }}", templating: "liquid" } }).requests[0]!.inputs[
        "channel"
      ],
    ).toBe("");
    const outcome = (answer: unknown): string => slack({}, { http: { S: answer as never } }).steps[0]!.outcome;
    expect([
      outcome({ body: { ok: true } }),
      outcome({}),
      outcome({ body: { ok: false, error: "channel_not_found" } }),
      outcome(201),
      outcome(302),
      outcome(404),
    ]).toEqual(["requested", "requested", "failed", "failed", "failed", "failed"]);
    const section = { type: "section", text: { type: "mrkdwn", text: "x".repeat(3_001) } };
    const button = {
      type: "actions",
      elements: [
        { type: "button", text: { type: "plain_text", text: "y".repeat(76) } },
        { type: "button", text: { type: "plain_text", text: "z".repeat(75) } },
      ],
    };
    const body = slack({
      blocks: { value: [section, button, ...Array.from({ length: 60 }, () => ({ type: "divider" }))] },
      text: { value: "Hi" },
    }).requests[0]!.body as { blocks: Json[]; text: string };
    expect(body.blocks).toHaveLength(50);
    expect(body.text).toBe("Hi");
    expect((body.blocks[0] as typeof section).text.text).toBe(`${"x".repeat(2_999)}…`);
    expect((body.blocks[1] as typeof button).elements.map(({ text }) => text.text.length)).toEqual([75, 75]);
    expect((body.blocks[1] as typeof button).elements[1]!.text.text).toBe("z".repeat(75));
  });

  it("3.8: templates whose program is not known render their inputs, and no more", () => {
    const slack = {
      id: "S",
      name: "S",
      type: "function",
      config: {
        template_id: "template-discord",
        inputs: { channel: { value: "C1" }, text: { value: "Hi {person.properties.name}" } },
      },
    };
    const result = run({ steps: [slack] }, { person: { properties: { name: "Ada" } } });
    expect(result.requests[0]!.inputs).toEqual({ channel: "C1", text: "Hi Ada" });
    expect(result.requests[0]).not.toHaveProperty("url");
    expect(told(result)).toContain("`template-discord` sends and returns");
    // The last answer makes the step fail even where the template would not look at it.
    expect(run({ steps: [slack] }, { http: { S: 404 } }).steps[0]!.outcome).toBe("failed");
  });

  it("3.10: paths into lists and maps, keys of JavaScript's own, several values at once", () => {
    const stored = (output_variable: unknown, body: unknown): unknown =>
      run({ steps: [webhook("W", { output_variable })] }, { http: { W: { body } } }).variables;
    expect(
      stored({ key: "first", result_path: "body.items.0.name" }, { items: [{ name: "a" }, { name: "b" }] }),
    ).toEqual({ first: "a" });
    expect(stored({ key: "x", result_path: "body.constructor" }, { a: 1 })).toEqual({ x: null });
    expect(stored({ key: "x", result_path: "body", spread: true }, [1, 2])).toEqual({ x: [1, 2] });
    expect(
      stored(
        [
          { key: "a", result_path: "body.a" },
          { key: "b", result_path: "body.b" },
        ],
        { a: false, b: 0 },
      ),
    ).toEqual({ a: false, b: 0 });
  });

  it("3.10: paths are those of lodash", () => {
    const stored = (result_path: string, body: unknown): unknown =>
      run({ steps: [webhook("W", { output_variable: { key: "x", result_path } })] }, { http: { W: { body } } })
        .variables["x"];
    const body = { items: [{ id: "i1", "a b": 1, "c.d": 2 }] };
    expect(
      [
        "body.items[0].id",
        "body['items'][0]['a b']",
        'body.items[0]["c.d"]',
        "body.items.length",
        "body.items[-1]",
        "body..items",
        "body.items[ 0 ]",
      ].map((path) => stored(path, body)),
    ).toEqual(["i1", 1, 2, 1, null, null, null]);
    expect(stored("body.items[0].id.length", body)).toBe(2);
  });

  it("3.10: an e-mail has no result, so the variable stays as it was; a text message has Twilio's answer", () => {
    const variables = { m: "before" };
    const mailed = run({ steps: [email("M", {}, { output_variable: { key: "m" } })] }, { person: ADA, variables });
    expect(mailed).toMatchObject({ variables, notSimulated: [] });
    const sms = {
      id: "S",
      name: "S",
      type: "function_sms",
      config: {
        template_id: "template-twilio",
        inputs: { from_number: { value: "+1" }, to_number: { value: "+49" }, message: { value: "x" } },
      },
      output_variable: { key: "m" },
    };
    expect(run({ steps: [sms] }, { variables, http: { S: { status: 201, body: { sid: "SM1" } } } }).variables).toEqual({
      m: { status: 201, body: { sid: "SM1" } },
    });
    expect(run({ steps: [sms] }, { variables, http: { S: 404 } }).variables).toEqual(variables);
  });

  it("3.11: an exit's reason does nothing", () => {
    const result = run({ steps: [] });
    expect(result.end).toMatchObject({ how: "exit", step: "X" });
    expect(metrics(result)).toEqual(["succeeded(X)"]);
  });
});
