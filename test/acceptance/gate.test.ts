// What the acceptance promises of itself: the gate lets a run write to nothing but its own flows, which are drafts, and keeps to the budget.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { startGate, type Disturbance, type Gate } from "./gate";
import { newMark } from "./mark.mjs";
import { posthogAt, type PostHog } from "./posthog";
import { builtByHand } from "./promises/programs";

const MARK = newMark();
const MARKED = builtByHand(`mine · ${MARK}`);

let emulator: Emulator;
let gate: Gate;
let posthog: PostHog;
let foreign: string;

const start = async (more: { budget?: number; live?: boolean } = {}): Promise<void> => {
  gate = await startGate({ target: emulator.url, projectId: "1", mark: MARK, budget: 100, live: false, ...more });
  posthog = posthogAt({ url: gate.url, projectId: "1", key: "phx_test" });
};
const stopped = (): (string | undefined)[] => gate.passed.map((one) => one.stopped).filter(Boolean);
const asked = () => emulator.requests.filter(({ method }) => method !== "GET");

beforeEach(async () => {
  emulator = await startEmulator();
  foreign = emulator.ui.create("1", builtByHand("Of somebody else")).id;
  await start();
});
afterEach(async () => {
  await gate.stop();
  await emulator.stop();
});

it("lets a flow of the run be made, read, changed and removed, and counts it", async () => {
  const { body, status } = await posthog.ask("POST", "", MARKED);
  expect(status).toBe(201);
  await posthog.edit(body.id, (live) => void (live["exit_condition"] = "exit_only_at_end"));
  expect((await posthog.read(body.id))["name"]).toBe(MARKED["name"]);
  await posthog.remove(body.id);
  expect(gate.passed.map(({ method, status: answered }) => `${method} ${answered}`)).toEqual([
    ...["POST 201", "GET 200", "PATCH 200", "GET 200", "DELETE 204"],
  ]);
  expect(stopped()).toEqual([]);
});

describe("stops", () => {
  it.each<[string, () => [string, string, object?]]>([
    ["a change of somebody else's flow", () => ["PATCH", `${foreign}/`, { description: "mine now" }]],
    ["its deletion", () => ["DELETE", `${foreign}/`]],
    ["a deletion of many", () => ["POST", "bulk_delete/", { ids: [foreign] }]],
    ["a schedule of it", () => ["POST", `${foreign}/schedules/`, { rrule: "FREQ=DAILY" }]],
    ["a flow without the mark", () => ["POST", "", builtByHand("Unmarked")]],
    ["a flow that would be active", () => ["POST", "", { ...MARKED, status: "active" }]],
    ["a test run that sends", () => ["POST", "new/invocations/", { mock_async_functions: false }]],
    ["what is no workflow", () => ["POST", "../persons/", MARKED]],
    ["a way around", () => ["PATCH", `x/../${foreign}/`, { description: "mine now" }]],
    ["a body that is no JSON object", () => ["POST", "", []]],
  ])("%s", async (_, request) => {
    const before = structuredClone(emulator.flows());
    const { status, body } = await posthog.ask(...request());
    expect(status).toBe(403);
    expect(body.detail).toMatch(/^Stopped by the gate: /);
    expect(stopped()).toHaveLength(1);
    expect(asked()).toEqual([]);
    expect(emulator.flows()).toEqual(before);
  });

  it("taking the mark from a title, switching on and starting", async () => {
    const { id } = (await posthog.ask("POST", "", MARKED)).body;
    for (const [method, path, body] of [
      ["PATCH", `${id}/`, { name: "Unmarked" }],
      ["PATCH", `${id}/`, { status: "active" }],
      ["POST", `${id}/batch_jobs/`, {}],
      ["POST", `${id}/run/`, {}],
    ] as const)
      expect((await posthog.ask(method, path, body)).status).toBe(403);
    expect(asked()).toHaveLength(1);
  });

  it("what is over the budget", async () => {
    await gate.stop();
    await start({ budget: 2 });
    await posthog.list();
    await posthog.list();
    await expect(posthog.list()).rejects.toThrow("the budget of 2 requests is spent");
    expect(emulator.requests).toHaveLength(2);
    // What the run made is removed all the same.
    const sweeper = posthogAt({ url: gate.url, projectId: "1", key: "phx_test", headers: gate.sweeping });
    expect(await sweeper.list()).toHaveLength(1);
  });
});

it("asks PostHog alone, whatever the path looks like", async () => {
  await fetch(`${gate.url}//elsewhere.invalid/`, { headers: gate.sweeping }).catch(() => undefined);
  expect(emulator.requests).toHaveLength(1);
});

it("lets a flow be active when it is told to", async () => {
  await gate.stop();
  await start({ live: true });
  expect((await posthog.ask("POST", "", { ...MARKED, status: "active" })).status).toBe(201);
  expect((await posthog.ask("PATCH", `${foreign}/`, { description: "mine" })).status).toBe(403);
});

it("knows a flow of the run whose creation had no answer", async () => {
  emulator.fault({ method: "POST", path: "/hog_flows", when: "after", kind: "cut", times: 1 });
  const answer = await fetch(`${gate.url}/api/projects/1/hog_flows/`, {
    method: "POST",
    headers: { authorization: "Bearer phx_test", "content-type": "application/json" },
    body: JSON.stringify(MARKED),
  }).catch(() => undefined);
  expect(answer).toBeUndefined();
  const [mine] = (await posthog.list()).filter(({ name }) => name === MARKED["name"]);
  await posthog.remove(mine!["id"]);
  expect(stopped()).toEqual([]);
  expect(emulator.flows().map(({ id }) => id)).toEqual([foreign]);
});

it("knows why PostHog does not answer", async () => {
  await emulator.stop();
  await fetch(`${gate.url}/api/projects/1/hog_flows/`).catch(() => undefined);
  expect(gate.passed.at(-1)).toMatchObject({ status: 0, trouble: "ECONNREFUSED" });
});

describe("spoils", () => {
  it.each<[Disturbance["how"], number, number]>([
    ["broken", 0, 0],
    ["lost", 0, 1],
    [503, 503, 0],
    [429, 429, 0],
  ])("one request: %s", async (how, status, made) => {
    gate.disturb({ method: "POST", path: /\/hog_flows\/$/, how });
    const answer = await fetch(`${gate.url}/api/projects/1/hog_flows/`, {
      method: "POST",
      headers: { authorization: "Bearer phx_test", "content-type": "application/json" },
      body: JSON.stringify(MARKED),
    }).then(
      (came) => came.status,
      () => 0,
    );
    expect(answer).toBe(status);
    expect(emulator.flows()).toHaveLength(1 + made);
    expect((await posthog.ask("POST", "", MARKED)).status).toBe(201);
  });
});
