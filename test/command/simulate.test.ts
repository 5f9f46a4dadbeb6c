// `hogflow simulate`, and `hogflow review --people`, as a user runs them.
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { build } from "../../tools/build.mjs";
import { parsePreview, renderReview, reviewOf } from "../../operate";
import { behaviourOf } from "../../operate/review/behaviour";
import { stackFlows } from "../../operate/review/stack-flows";
import { readPeople, type KeptPerson } from "../../operate/people/kept";
import { hogflow } from "../support/command";
import { branch, delay, email, flow, person, properties, wait, webhook, events } from "../simulator/flows";

vi.setConfig({ testTimeout: 60_000 });

const FLOW = flow({
  steps: [
    email("welcome"),
    wait("bought", { events: [{ filters: events("purchase") }], max_wait_duration: "1d" }),
    branch("plan", [properties(person("plan", ["pro"]))]),
    webhook("tell_sales"),
    email("upgrade"),
  ],
  bare: true,
  edges: [
    ["welcome", "bought"],
    ["bought", "X", 0],
    ["bought", "plan"],
    ["plan", "tell_sales", 0],
    ["plan", "upgrade"],
    ["tell_sales", "X"],
    ["upgrade", "X"],
  ],
});

let dir: string;
const run = (args: string[], input?: string) =>
  hogflow(["simulate", ...args], { cwd: dir, env: {}, ...(input === undefined ? {} : { input }) });

beforeAll(async () => {
  await build();
  dir = mkdtempSync(path.join(os.tmpdir(), "hogflow-simulate-"));
  writeFileSync(path.join(dir, "flow.json"), JSON.stringify(FLOW));
  writeFileSync(
    path.join(dir, "scenario.json"),
    JSON.stringify({
      person: { distinctId: "ada", properties: { email: "ada@example.com" } },
      clock: "2026-03-02T08:00:00Z",
      http: { tell_sales: 500 },
    }),
  );
  writeFileSync(path.join(dir, "misspelt.json"), JSON.stringify({ personUpdate: [] }));
  writeFileSync(
    path.join(dir, "untriggered.json"),
    JSON.stringify({ name: "Flow", actions: [{ id: "X", type: "exit", name: "X", config: {} }], edges: [] }),
  );
  writeFileSync(
    path.join(dir, "webhook.json"),
    JSON.stringify(flow({ trigger: { type: "webhook", inputs: {} }, steps: [] })),
  );
  writeFileSync(path.join(dir, "ada.json"), JSON.stringify({ email: "ada@example.com", plan: "pro" }));
  writeFileSync(path.join(dir, "events.json"), JSON.stringify([{ event: "purchase", at: "+2h" }]));
}, 180_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("hogflow simulate", () => {
  it("has help, and prints what happens to one person", async () => {
    const help = await run(["--help"]);
    expect(help.stdout).toContain("--events <json|file>");
    const told = await run(["flow.json", "--person", '{"email": "ada@example.com"}']);
    expect(told).toMatchObject({ code: 0, stderr: "" });
    expect(told.stdout).toMatch(/\+0s +welcome +sent: e-mail "Mail welcome" to ada@example.com/);
    expect(told.stdout).toMatch(/\+1d +upgrade +sent/);
    expect(told.stdout).toMatch(/the run ends: exit/);
    expect((await run(["-", "--person", '{"email": "ada@example.com"}'], JSON.stringify(FLOW))).stdout).toBe(
      told.stdout,
    );
  });

  it("takes events, a scenario, and a start", async () => {
    const bought = await run([
      "flow.json",
      "--scenario",
      "scenario.json",
      "--events",
      '[{"event": "purchase", "at": "+2h"}]',
      "--json",
    ]);
    const data = JSON.parse(bought.stdout);
    expect(data.end).toMatchObject({ how: "exit", at: "2026-03-02T10:00:00.000Z" });
    expect(data.messages).toHaveLength(1);
    const other = JSON.parse(
      (
        await run([
          "flow.json",
          "--scenario",
          "scenario.json",
          "--clock",
          "2026-04-01",
          "--person",
          '{"plan": "pro", "email": "b@example.com"}',
          "--json",
        ])
      ).stdout,
    );
    expect(other.messages[0]).toMatchObject({ to: "b@example.com", at: "2026-04-01T00:00:00.000Z" });
    expect(other.requests[0]).toMatchObject({ step: "tell_sales", status: 500 });
  });

  it("takes people and events from files", async () => {
    const data = JSON.parse((await run(["flow.json", "--person", "ada.json", "--json"])).stdout);
    expect(data.requests[0]).toMatchObject({ step: "tell_sales" });
    const bought = JSON.parse(
      (await run(["flow.json", "--person", "ada.json", "--events", "events.json", "--json"])).stdout,
    );
    expect(bought.end).toMatchObject({ how: "exit", after: 2 * 3_600_000 });
  });

  it("draws the way of the run", async () => {
    const { stdout } = await run(["flow.json", "--mermaid"]);
    expect(stdout).toMatch(/^flowchart TD/);
    expect(stdout).toContain("#0550ae");
    expect((await run(["flow.json", "--mermaid", "--many", "5"])).code).toBe(3);
  });

  it("counts many, and says what nobody reached", async () => {
    const all = await run(["flow.json", "--many", "60"]);
    expect(all).toMatchObject({ code: 0 });
    expect(all.stdout).toContain("reached: 6 of 6 steps, 4 of 4 branches");
    const few = await run(["flow.json", "--many", "1"]);
    expect(few.code).toBe(2);
    expect(few.stdout).toContain("not reached: ");
    expect(JSON.parse((await run(["flow.json", "--many", "60", "--json"])).stdout).coverage.steps.reached).toBe(6);
  });

  it("ends with 2 when a run fails", async () => {
    const failing = flow({ steps: [delay("pause", "1h"), webhook("W", { on_error: "abort" })] });
    writeFileSync(path.join(dir, "failing.json"), JSON.stringify(failing));
    writeFileSync(path.join(dir, "down.json"), JSON.stringify({ http: { W: 500 } }));
    expect((await run(["failing.json", "--scenario", "down.json"])).code).toBe(2);
  });

  it.each([
    [["gone.json"], "gone.json", 1],
    [["scenario.json"], "scenario.json is not a workflow", 1],
    [["flow.json", "--person", "{"], "must be JSON", 3],
    [["flow.json", "--events", "{}"], "must be a JSON list", 3],
    [["flow.json", "--person", "nobody.json"], 'there is no file "nobody.json"', 3],
    [["flow.json", "--person", "scenario.json", "--events", "flow.json"], "must be a JSON list", 3],
    [["flow.json", "--person", '{"properties": {"plan": "free"}}'], "leave the `properties` around them out", 3],
    [["flow.json", "--events", '[{"name": "project created", "at": "+1d"}]'], "events[0].name is not known", 1],
    [["flow.json", "--scenario", "misspelt.json"], "personUpdate is not known; did you mean personUpdates?", 1],
    [["untriggered.json"], "untriggered.json cannot be simulated: The flow has no trigger", 1],
    [["webhook.json"], "Say what starts the flow", 1],
    [["webhook.json"], "takes one from a JSON file, with --scenario", 1],
    [["flow.json", "--trigger", "other", "--many", "3", "--mermaid"], "--mermaid draws the path of one run", 3],
    [["flow.json", "--many", "0"], "must be a whole number", 3],
    [["flow.json", "--clock", "tomorrow"], '"tomorrow" is not a moment', 1],
    [["flow.json", "--event-properties", "{}"], "--event-properties needs the event", 1],
    [["flow.json", "--events", '[{"event": "a", "at": "later"}]'], "events[0].at", 1],
  ])("says what is wrong with %j", async (args, says, code) => {
    const told = await run(args);
    expect(told.stderr).toContain(says);
    expect(told.code).toBe(code);
    expect(told.stderr).not.toMatch(/\n\s+at /);
  });
});

describe("people that a project keeps", () => {
  const keyed = (wait: string) => ({
    name: "Trial",
    actions: {
      trigger_node: {
        type: "trigger",
        name: "T",
        config: { type: "event", filters: { events: [{ id: "signup" }] } },
        next: "pause",
      },
      pause: { type: "delay", name: "Pause", config: { delayDuration: wait }, next: "mail" },
      mail: {
        type: "function_email",
        name: "Upgrade",
        config: {
          inputs: {
            email: {
              templating: "liquid",
              value: {
                from: { integrationId: 7 },
                to: { email: "{{ person.properties.email }}", name: "" },
                subject: "Hi",
                text: "Hi",
                html: "",
              },
            },
          },
        },
        next: "exit_node",
      },
      exit_node: { type: "exit", name: "Exit" },
    },
  });

  it("are told apart by what changes for them", async () => {
    const folder = path.join(dir, "people");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, "free-plan.json"),
      JSON.stringify({ person: { properties: { email: "a@example.com" } }, trigger: "signup" }),
    );
    writeFileSync(path.join(folder, "without-address.json"), JSON.stringify({ trigger: "signup" }));
    writeFileSync(
      path.join(folder, "elsewhere.json"),
      JSON.stringify({ trigger: "signup", flows: ["other"], person: { properties: { email: "a@example.com" } } }),
    );
    const people = readPeople(folder);
    expect(people.map(({ name }) => name)).toEqual(["elsewhere", "free plan", "without address"]);
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/posthog:HogFlow::trial";
    const state = (wait: string) => ({ ...keyed(wait), __provider: "x" });
    const preview = JSON.stringify({
      steps: [
        {
          op: "update",
          urn,
          oldState: { type: "pulumi-nodejs:dynamic/posthog:HogFlow", urn, inputs: state("1d"), outputs: state("1d") },
          newState: { type: "pulumi-nodejs:dynamic/posthog:HogFlow", urn, inputs: state("3d"), outputs: {} },
        },
      ],
    });
    const parsed = parsePreview(preview);
    const review = reviewOf(parsed, { now: 0 });
    expect(review.flows).toHaveLength(1);
    const simulated = (kept: readonly KeptPerson[]) =>
      behaviourOf(review, { flows: stackFlows(parsed, new Map()), people: kept });
    const behaviour = simulated(people);
    const lines = ({ flows }: typeof behaviour) => flows[review.flows[0]!.resource.urn];
    expect(lines(behaviour)).toEqual([
      // The program states no status.
      "If it is active: free plan: gets “Upgrade” on day 3 instead of on day 1",
      "If it is active: without address: the same as before",
    ]);
    expect(renderReview(review, { behaviour })).toContain("free plan: gets “Upgrade” on day 3 instead of on day 1");
    writeFileSync(path.join(folder, "broken.json"), "[]");
    expect(() => readPeople(folder)).toThrow("is no scenario");
    writeFileSync(path.join(folder, "broken.json"), JSON.stringify({ preference: {} }));
    expect(() => readPeople(folder)).toThrow("preference is not known; did you mean preferences?");
    // Who is kept for flows of another kind is no matter of this one; a scenario that cannot be played is told.
    const kept = (scenario: object) => simulated([{ name: "somebody", scenario }]);
    expect(lines(kept({ trigger: { row: {} } }))).toEqual(["None of your sample people enters it."]);
    const broken = kept({ trigger: "signup", clock: "one day" });
    expect(broken.doubts.join("\n")).toContain('somebody cannot be simulated: clock: "one day" is not a moment');
    expect(broken.isClear).toBe(false);
  });
});
