// Flows before PostHog's worker: what is asked, what agrees, what differs and what is not tested. The worker is a real server with answers in PostHog's own forms.
import { describe, expect, it } from "vitest";
import type { Dict } from "../../../definition/canonical/values";
import type { KeptPerson } from "../../../operate/people/kept";
import { reportFile } from "../../../operate/verify/report-file";
import { verify, type Verification, type VerifyOptions } from "../../../operate/verify/verify";
import { stepWords, verdictWords } from "../../../operate/verify/words";
import { systemClock } from "../../../api";
import { clientOf, serve, type ScriptedServer } from "../../api/helpers";
import { answer, bodyOf, email, failed, flowOf, mocked, pauses, serveWorker, webhook, type Step } from "./worker";

const DAY = 86_400_000;
const ADA: KeptPerson = {
  name: "ada",
  scenario: {
    person: { distinctId: "ada", properties: { email: "ada@example.com", first_name: "Ada", plan: "pro" } },
    trigger: { event: "signed up", properties: { source: "ad" } },
  },
};
const BOB: KeptPerson = {
  name: "bob",
  scenario: {
    person: { distinctId: "bob", properties: { email: "bob@example.com", plan: "free" } },
    trigger: "signed up",
  },
};

const welcome = email({
  subject: 'Hello {{ person.properties.first_name | default: "there" }}',
  html: "<p>Hi. <a href='{{ unsubscribe_url }}'>Unsubscribe</a></p>",
});
const plan: Dict = {
  type: "conditional_branch",
  config: {
    conditions: [{ filters: { properties: [{ key: "plan", type: "person", operator: "exact", value: ["pro"] }] } }],
  },
  branches: ["tell"],
  next: "exit_node",
};
const tell = webhook({
  url: "https://crm.example.com/leads",
  method: "PUT",
  headers: { "X-Key": "[secret]" },
  body: { who: "{person.properties.email}", from: "{event.properties.source}" },
});
const FLOW = flowOf({ welcome, rest: { type: "delay", config: { delayDuration: "3d" } }, plan, tell });

/** Texts and requests as PostHog makes them of FLOW, by hand. */
const WORKER: Readonly<Record<string, Step>> = {
  trigger_node: () => answer("welcome", ["Executing action [Action:trigger_node]"]),
  welcome: ({ globals: { person } }) =>
    answer("rest", [
      ...mocked("sendEmail", {
        from: { integrationId: 7 },
        to: { email: person!.properties["email"], name: "" },
        subject: person!.properties["first_name"] === undefined ? "Hello there" : "Hello Ada",
        html: "<p>Hi. <a href='https://us.posthog.com/messaging-preferences/abc.def/'>Unsubscribe</a></p>",
        design: { body: {} },
      }),
      "[Action:welcome] Function completed in 3ms. Sync: 3ms.",
    ]),
  rest: () => pauses("rest", 3 * DAY),
  plan: ({ globals: { person } }) => answer(person!.properties["plan"] === "pro" ? "tell" : "exit_node"),
  tell: () =>
    answer(
      "exit_node",
      mocked("fetch", "https://crm.example.com/leads", {
        headers: { "X-Key": "[secret]" },
        body: { who: "ada@example.com", from: "ad" },
        method: "PUT",
      }),
    ),
  exit_node: () => answer("exit_node"),
};

const asked = (server: ScriptedServer, more: Partial<VerifyOptions> = {}): Promise<Verification> =>
  verify({ flows: [FLOW], people: [ADA, BOB], client: clientOf(server).client, clock: systemClock, ...more });
const verdicts = ({ flows }: Verification): Record<string, string> =>
  Object.fromEntries(flows.flatMap(({ steps }) => steps.map(({ id, verdict }) => [id, verdict])));
const lines = ({ flows: [flow] }: Verification, id: string): string[] =>
  stepWords(flow!).find(({ head }) => head.startsWith(`${id} (`))!.lines;

describe("what agrees", () => {
  it("is every step of a flow that PostHog's worker does as the simulator says", async () => {
    const found = await asked(await serveWorker(WORKER));
    expect(verdicts(found)).toEqual({
      trigger_node: "agrees",
      welcome: "agrees",
      rest: "agrees",
      plan: "agrees",
      tell: "agrees",
      exit_node: "agrees",
    });
    expect(verdictWords(found)).toBe("6 of 6 steps agree");
    expect(found.flows[0]!.steps.find(({ id }) => id === "welcome")!.people).toEqual(["ada", "bob"]);
  });

  it("also with an older worker, which names the step after a delay and says nothing of the trigger", async () => {
    const delay = pauses("rest", 3 * DAY);
    const found = await asked(await serveWorker({ ...WORKER, rest: () => ({ ...delay, nextActionId: "plan" }) }));
    expect(found).toMatchObject({ agrees: 6, differs: 0, untested: 0 });
  });

  it("leaves out what depends on the time, and says so", async () => {
    const clock = webhook({ url: "https://example.com", body: { at: "{toUnixTimestamp(now())}", who: "you" } });
    const found = await asked(
      await serveWorker({
        ...WORKER,
        trigger_node: () => answer("clock"),
        clock: () =>
          answer("exit_node", mocked("fetch", "https://example.com", { body: { at: 1234, who: "you" }, method: null })),
      }),
      { flows: [flowOf({ clock })] },
    );
    expect(verdicts(found)).toMatchObject({ clock: "agrees" });
    expect(lines(found, "clock")).toEqual(["body.at depends on the time or on chance, and was not compared"]);
  });

  it("is who stays out, and who is filtered, too", async () => {
    const flow = flowOf({
      welcome: {
        ...welcome,
        filters: { properties: [{ key: "plan", type: "person", operator: "exact", value: ["pro"] }] },
      },
    });
    const trigger = flow.side.definition["actions"] as { trigger_node: { config: { filters: Dict } } };
    trigger.trigger_node.config.filters["properties"] = [
      { key: "source", type: "event", operator: "exact", value: ["ad"] },
    ];
    const found = await asked(
      await serveWorker({
        ...WORKER,
        trigger_node: ({ globals: { event } }) =>
          (event["properties"] as Dict)["source"] === "ad"
            ? answer("welcome")
            : answer(null, [], { status: "skipped" }),
        welcome: (body) => ({ ...WORKER["welcome"]!(body), nextActionId: "exit_node" }),
      }),
      { flows: [flow] },
    );
    expect(found).toMatchObject({ agrees: 3, differs: 0, untested: 0 });
    expect(found.flows[0]!.steps[0]!.people).toEqual(["ada", "bob"]);
  });
});

describe("what differs", () => {
  it("is shown with both stories, for whom", async () => {
    const found = await asked(
      await serveWorker({
        ...WORKER,
        welcome: (body) =>
          JSON.parse(JSON.stringify(WORKER["welcome"]!(body)).replace("Hello there", "Hello ")) as object,
        rest: () => pauses("rest", DAY),
        tell: () => failed("Integration 7 not found", "exit_node"),
      }),
    );
    expect(found).toMatchObject({ agrees: 3, differs: 3 });
    expect(lines(found, "welcome")).toEqual(["subject, for bob", '  hogflow  "Hello there"', '  PostHog  "Hello "']);
    expect(lines(found, "rest")[1]).toMatch(/^ {2}hogflow {2}waits until 20\d\d-/);
    expect(lines(found, "tell")).toEqual([
      "for ada",
      "  hogflow  goes on to “Exit”",
      "  PostHog  fails (Integration 7 not found), and goes on to “Exit”",
    ]);
  });

  it("is a branch, a message that is not sent, and a part that only one of the two sends", async () => {
    const found = await asked(
      await serveWorker({
        ...WORKER,
        welcome: () => answer("rest", ["[Action:welcome] Skipped due to filter conditions"]),
        plan: () => answer("exit_node"),
        tell: () =>
          answer(
            "exit_node",
            mocked("fetch", "https://crm.example.com/leads", {
              headers: { "X-Key": "***REDACTED***", "X-More": "1" },
              body: { who: "ada@example.com" },
              method: "PUT",
            }),
          ),
      }),
    );
    expect(lines(found, "welcome")).toContain("  PostHog  sends nothing");
    expect(lines(found, "plan")).toEqual(["for ada", "  hogflow  goes on to “tell”", "  PostHog  goes on to “Exit”"]);
    expect(lines(found, "tell")).toEqual([
      "body.from, for ada",
      '  hogflow  "ad"',
      "  PostHog  nothing",
      "headers.X-More, for ada",
      "  hogflow  nothing",
      '  PostHog  "1"',
    ]);
  });

  it("is a flow that PostHog refuses: with its reason and path, and without another request", async () => {
    const server = await serve([
      {
        status: 400,
        json: { configuration: { actions: [{}, { config: { inputs: { email: ["This field is required."] } } }] } },
      },
    ]);
    const found = await asked(server);
    expect(found).toMatchObject({ agrees: 0, differs: 1, untested: 5, requests: 1 });
    expect(lines(found, "Signed up").at(-1)).toBe(
      "  PostHog  refuses it: actions.welcome.config.inputs.email: This field is required.",
    );
    expect(lines(found, "tell")).toEqual(["PostHog refuses the flow"]);
  });
});

describe("what is not tested", () => {
  it("is chance, a recipient whom PostHog keeps from it, and a log that is cut or of another form", async () => {
    const split: Dict = {
      type: "random_cohort_branch",
      config: { cohorts: [{ percentage: 50 }, { percentage: 50 }] },
      branches: ["welcome", "exit_node"],
      next: undefined,
    };
    const long = webhook({ url: "https://example.com/long" });
    const odd = webhook({ url: "https://example.com/odd" });
    const found = await asked(
      await serveWorker({
        trigger_node: () => answer("long"),
        long: () => answer("odd", [mocked("fetch", "", {})[0]!, "fetch('https://example.com/long', {... (truncated)"]),
        odd: () => answer("split", [mocked("fetch", "", {})[0]!, "fetch(https://example.com/odd)"]),
        split: () => answer("exit_node"),
        welcome: () => answer("exit_node", ["[Action:welcome] Recipient has opted out, skipping message delivery."]),
        exit_node: () => answer("exit_node"),
      }),
      // Two of them, so that each branch is taken.
      {
        flows: [flowOf({ long, odd, split, welcome })],
        people: [1, 2, 3, 4, 5].map((seed) => ({
          ...ADA,
          name: `p${seed}`,
          scenario: { ...ADA.scenario, random: seed },
        })),
      },
    );
    expect(verdicts(found)).toMatchObject({
      long: "untested",
      odd: "untested",
      split: "untested",
      welcome: "untested",
    });
    expect(lines(found, "split")).toEqual(["PostHog draws a branch at random"]);
    expect(lines(found, "long")).toEqual([expect.stringContaining("is cut")]);
    expect(lines(found, "odd")).toEqual([expect.stringContaining("has a form that hogflow does not know")]);
    expect(lines(found, "welcome")).toEqual([expect.stringContaining("Recipient has opted out")]);
  });

  it("is a call that the worker refuses only when it makes it", async () => {
    const found = await asked(
      await serveWorker({
        trigger_node: () => answer("broken"),
        broken: () =>
          answer("exit_node", mocked("fetch", "ftp://example.com", { headers: null, body: null, method: null })),
        exit_node: () => answer("exit_node"),
      }),
      { flows: [flowOf({ broken: webhook({ url: "ftp://example.com" }) })] },
    );
    expect(lines(found, "broken")).toEqual([expect.stringContaining("refuses the call only when it makes it")]);
  });

  it("is a kind of step that PostHog may run for real: it is not sent", async () => {
    const server = await serveWorker({ ...WORKER, trigger_node: () => answer("task") });
    const found = await asked(server, {
      flows: [flowOf({ task: { type: "agent_task", config: { prompt: "Do it" } } })],
    });
    expect(verdicts(found)).toMatchObject({ trigger_node: "agrees", task: "untested", exit_node: "agrees" });
    expect(lines(found, "task")).toEqual([expect.stringContaining("might run it for real")]);
    expect(server.log.map((request) => bodyOf(request).current_action_id)).not.toContain("task");
  });

  it("is what the budget does not reach, and steps that nobody comes to", async () => {
    const server = await serveWorker(WORKER);
    const found = await asked(server, { people: [BOB], most: 3 });
    expect(found).toMatchObject({ agrees: 3, untested: 2, unreached: 1, requests: 3 });
    expect(server.log).toHaveLength(3);
    expect(found.flows[0]!.unreached).toEqual([{ id: "tell", title: "tell" }]);
  });

  it("is a wait for an event, with a worker that does not hold events against waits", async () => {
    const wait: Dict = {
      type: "wait_until_condition",
      config: { events: [{ filters: { events: [{ id: "bought" }] } }], maxWaitDuration: "2d" },
      branches: ["welcome"],
    };
    const flow = flowOf({ wait, welcome });
    const people = [{ ...ADA, scenario: { ...ADA.scenario, events: [{ event: "bought", at: "+1h" }] } }];
    const matched = (yes: boolean): string[] => [
      `Test event 'bought' ${yes ? "matched the wait conditions" : "did not match the wait conditions - the workflow would continue waiting"}`,
    ];
    const run = async (wait: Step): Promise<Verification> =>
      asked(
        await serveWorker({
          ...WORKER,
          trigger_node: () => answer("wait"),
          wait,
          welcome: (body) => ({ ...WORKER["welcome"]!(body), nextActionId: "exit_node" }),
        }),
        { flows: [flow], people },
      );
    const parked = pauses("wait", 2 * DAY) as { logs: object[] };
    const newer = await run(({ globals: { event } }) =>
      event.event === "bought"
        ? answer("welcome", matched(true))
        : { ...parked, logs: [...parked.logs, { level: "info", message: matched(false)[0] }] },
    );
    expect(verdicts(newer)).toMatchObject({ wait: "agrees" });
    const older = await run(() => parked);
    expect(verdicts(older)).toMatchObject({ wait: "agrees" });
    expect(lines(older, "wait")).toEqual(["this PostHog does not hold events against waits in test runs"]);
    // It looks again every ten minutes: no difference.
    expect(verdicts(await run(() => pauses("wait", 600_000)))).toMatchObject({ wait: "agrees" });
  });

  it("is a worker that fails: after some failures nothing more is asked", async () => {
    const server = await serve([{ status: 503, json: { status: "error", message: "worker is away" } }]);
    const found = await asked(server, { flows: [FLOW, { ...FLOW, key: "urn:2" }] });
    expect(found).toMatchObject({ agrees: 0, differs: 0, untested: 12 });
    expect(lines(found, "rest")).toEqual([expect.stringContaining("worker is away")]);
    expect(server.log.length).toBeLessThan(12);
  });
});

describe("what is asked", () => {
  it("is mocked, stored nowhere, holds no secret, and is small after the first request", async () => {
    const server = await serveWorker(WORKER);
    const secretive = structuredClone(FLOW);
    const actions = secretive.side.definition["actions"] as Record<string, any>;
    actions["tell"].config.inputs.headers.value["X-Key"] = "s3cr3t-value";
    secretive.side.definition["secretPaths"] = ['actions.tell.config.inputs.headers.value["X-Key"]'];
    expect(await asked(server, { flows: [secretive] })).toMatchObject({ agrees: 6, differs: 0 });
    expect(new Set(server.lines())).toEqual(new Set(["POST /api/projects/7/hog_flows/new/invocations/"]));
    const bodies = server.log.map(bodyOf);
    expect(bodies.every((body) => body.mock_async_functions === true)).toBe(true);
    expect(JSON.stringify(bodies)).not.toContain("s3cr3t");
    expect(bodies[0]!.configuration.actions).toHaveLength(6);
    const mail = bodies.find(({ current_action_id: id }) => id === "welcome")!.configuration;
    expect(mail.actions.map(({ id, type }) => [id, type])).toEqual([
      ["trigger_node", "trigger"],
      ["welcome", "function_email"],
      ["rest", "exit"],
    ]);
  });

  it("is nothing more once the key is refused, or where PostHog has no test runs", async () => {
    const refused = await serve([
      {
        status: 403,
        json: {
          type: "authentication_error",
          code: "permission_denied",
          detail: "API key missing required scope 'group:read'",
          attr: null,
        },
      },
    ]);
    await expect(asked(refused)).rejects.toThrow(/group:read/);
    const old = await serve([
      { status: 404, json: { type: "invalid_request", code: "not_found", detail: "Not found.", attr: null } },
    ]);
    await expect(asked(old)).rejects.toThrow(/no test runs for a flow that is not stored.*hogflow doctor/s);
    expect(old.log).toHaveLength(1);
  });
});

describe("the report", () => {
  it("says what differs, and nothing of whom or what", async () => {
    const found = await asked(
      await serveWorker({
        ...WORKER,
        plan: () => answer("exit_node"),
        welcome: () => failed("ada@example.com is bad", "welcome"),
      }),
    );
    const report = reportFile(found, { version: "1.2.3", host: "https://posthog.example.com" });
    expect(report).toMatchObject({ hogflow: "1.2.3", host: "other", counts: { differs: 2 } });
    expect(report.flows[0]!.steps[1]).toEqual({
      type: "function_email",
      template: "template-email",
      verdict: "differs",
      differs: [{ part: "outcome", hogflow: "moves", posthog: "fails" }],
      untested: [],
    });
    for (const word of ["ada", "bob", "Onboarding", "welcome", "crm", "Hello", "example.com"])
      expect(JSON.stringify(report)).not.toContain(word);
  });
});
