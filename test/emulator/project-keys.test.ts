/** Project secret API keys (`phs_…`): what they may do, how much of it, and that nobody is behind them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/index";
import { clientOf, flow, step, trigger, webhook, type Client } from "./support";

let emulator: Emulator;
let person: Client;
let ci: Client;

beforeAll(async () => {
  emulator = await startEmulator({
    projects: [{ id: "1" }, { id: "2" }],
    keys: [
      { key: "phx_test" },
      { key: "phs_ci" },
      { key: "phs_other", projects: ["1"] },
      { key: "phs_reads", scopes: ["hog_flow:read"] },
      { key: "phs_second", projects: ["2"] },
    ],
  });
  person = clientOf(emulator);
  ci = clientOf(emulator, "phs_ci");
});
afterAll(() => emulator.stop());

describe("a project secret API key", () => {
  it("lists, retrieves, creates and updates flows, with nobody behind it", async () => {
    const made = await ci.create();
    expect(made).toMatchObject({ created_by: null, user_access_level: null });
    expect(await ci.read(made.id)).toEqual(made);
    const { status, body } = await ci("GET", `?id=${made.id}`);
    expect([status, body.results[0].user_access_level]).toEqual([200, null]);
    expect((await ci.patch(made.id, { actions: [trigger()] })).version).toBe(2);
    expect((await ci("PUT", `/${made.id}`, flow(undefined, { name: "Put" }))).body).toMatchObject({
      name: "Put",
      version: 3,
    });
    expect(emulator.revisions(made.id).map(({ created_by }) => created_by)).toEqual([null, null, null]);
    const theirs = await person.create();
    expect((await ci.patch(theirs.id, { name: "From CI" })).created_by).toMatchObject({ id: 1 });
  });

  it("does nothing else", async () => {
    const { id } = await person.create(flow(undefined, { status: "archived" }));
    const refused: [string, string, unknown?][] = [
      ["DELETE", `/${id}`],
      ["POST", "/bulk_delete", { ids: [id] }],
      ["PATCH", `/${id}/graph`, { operations: [] }],
      ["POST", `/${id}/publish`, {}],
      ["POST", `/${id}/discard_draft`, {}],
      ["GET", `/${id}/revisions`],
      ["POST", `/${id}/revisions/1/restore`, {}],
      ["GET", `/${id}/schedules`],
      ["POST", `/${id}/schedules`, {}],
      ["POST", `/${id}/invocations`, {}],
      ["POST", `/${id}/run`, {}],
      ["GET", `/${id}/logs`],
      ["GET", "hog_function_templates/template-webhook"],
    ];
    for (const [method, path, body] of refused) {
      const answer = await ci(method, path, body);
      expect([method, path, answer.status, answer.body]).toEqual([
        method,
        path,
        403,
        {
          type: "authentication_error",
          code: "permission_denied",
          detail: "This action does not support project secret API key access",
          attr: null,
        },
      ]);
    }
    expect((await person.read(id)).id).toBe(id);
  });

  it("has scopes and one project", async () => {
    const reads = clientOf(emulator, "phs_reads");
    expect([(await reads("GET", "")).status, (await reads("POST", "", flow())).status]).toEqual([200, 403]);
    expect((await clientOf(emulator, "phs_ci", "2")("GET", "")).status).toBe(403);
    const second = clientOf(emulator, "phs_second", "2");
    expect((await second.create()).created_by).toBeNull();
    expect((await clientOf(emulator, "phs_second")("POST", "", flow())).status).toBe(403);
  });

  it("adds no step that creates an AI task, as nobody is there whom it could run as", async () => {
    const task = flow([
      trigger(),
      step("function", { template_id: "template-posthog-create-task", inputs: { prompt: { value: "Look" } } }),
    ]);
    expect(await ci("POST", "", task)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("project secret API key") },
    });
    const { id } = await person.create();
    expect((await ci("PATCH", `/${id}`, { actions: task.actions })).status).toBe(200);
  });

  it("shares 480 requests a minute and 4,800 an hour with the others of its project", async () => {
    const other = clientOf(emulator, "phs_other");
    const status = async (client: Client) => (await client("GET", "?limit=1")).status;
    emulator.clock.set("2030-01-01T00:00:00Z");
    for (let i = 0; i < 240; i++) expect([await status(ci), await status(other)]).toEqual([200, 200]);
    const { status: refused, headers, body } = await ci("GET", "");
    expect([refused, headers.get("retry-after"), body.code]).toEqual([429, "60", "throttled"]);
    expect([await status(other), await status(person), await status(clientOf(emulator, "phs_second", "2"))]).toEqual([
      429, 200, 200,
    ]);
    emulator.switches.secretKeyLimits = false;
    expect(await status(ci)).toBe(200);
    emulator.switches.secretKeyLimits = true;
    emulator.clock.advance(61_000);
    expect(await status(ci)).toBe(200);
    emulator.clock.release();
  });
});

it("is not refused what a personal key may do", async () => {
  const { id } = await person.create(flow([trigger(), webhook()]));
  expect((await person("DELETE", `/${id}`)).status).toBe(204);
});
