/** What the list finds, and what is answered about runs, of which there are none. */
import { describe, expect, it } from "vitest";
import { batch, event, flow, mail, trigger, useEmulator, webhook } from "./support";

const used = useEmulator();

const names = async (params: Record<string, string>) => {
  const { body } = await used.api("GET", `?${new URLSearchParams(params)}`);
  return body.results.map((row: any) => row.name).sort();
};
const named = (name: string, actions?: any[], extra: any = {}) => used.api.create(flow(actions, { name, ...extra }));

describe("list", () => {
  it("filters by what a flow is", async () => {
    await named("drip", [trigger(), mail()]);
    await named("sync", [trigger(), webhook()]);
    await named("loop", [trigger(), mail()], { origin_product: "loops" });
    const cast = await named("cast", [batch(), mail()], { origin_product: "broadcasts", status: "active" });
    const rows: [Record<string, string>, string[]][] = [
      [{ type: "messaging" }, ["drip"]],
      [{ type: "automation,loop" }, ["loop", "sync"]],
      [{ type: "broadcast", status: "active" }, ["cast"]],
      [{ origin_product: "loops" }, ["loop"]],
      [{ broadcast_eligible: "true" }, ["cast"]],
      [{ broadcast_status: "scheduled,sent" }, ["cast"]],
      [{ trigger: '{"type":"batch"}' }, ["cast"]],
      [{ trigger: '{"filters":{"events":[{"id":"$pageview"}]}}', type: "loop" }, ["loop"]],
      [{ trigger: '{"filters":{"events":[{"id":"other"}]}}' }, []],
      [{ created_by: cast.created_by.uuid, id: cast.id }, ["cast"]],
      [{ created_by: cast.id }, []],
    ];
    for (const [params, expected] of rows) expect([params, await names(params)]).toEqual([params, expected]);
    used.emulator.ui.batchJob(cast.id);
    expect(await names({ broadcast_status: "sending" })).toEqual(["cast"]);
  });

  it("searches names and descriptions, and steps only when those do not match", async () => {
    await named("Zebra-Mail weekly", undefined, { description: "About [stripes]" });
    await named("Plain", [trigger(), mail({ subject: "Zebra news", html: "<style>.lion{}</style><p class='tiger'>Read the <b>okapi</b></p>" })]);
    const rows: [string, string[]][] = [
      ["ZEBRA mail", ["Zebra-Mail weekly"]],
      ["  [STRIPES] ", ["Zebra-Mail weekly"]],
      ["zebra", ["Zebra-Mail weekly"]],
      ["zebra news", ["Plain"]],
      ["okapi", ["Plain"]],
      ["lion", []],
      ["tiger", []],
      [".zebra", []],
    ];
    for (const [search, expected] of rows) expect([search, await names({ search })]).toEqual([search, expected]);
  });
});

describe("runs", () => {
  it("reads are empty", async () => {
    const { id } = await used.api.create();
    const rows: [string, unknown][] = [
      ["logs", { count: 0, next: null, previous: null, results: [] }],
      ["metrics/totals", { totals: {} }],
      ["invocation_results", []],
      ["invocation_results_count", { count: 0 }],
      ["assets", []],
      ["batch_jobs", []],
    ];
    for (const [path, body] of rows) expect([path, await used.api("GET", `/${id}/${path}/`)]).toMatchObject([path, { status: 200, body }]);
    expect((await used.api("GET", "/metrics/global")).body).toEqual([]);
    expect((await used.api("GET", `/${id}/invocation_results/x`)).body.detail).toBe("Invocation not found.");
  });

  it("a run now needs an active flow with a schedule trigger", async () => {
    const run = async (config: any, status: string) => used.api("POST", `/${(await used.api.create(flow([trigger(config)], { status }))).id}/run`, {});
    expect(await run({ type: "schedule" }, "active")).toMatchObject({ status: 200, body: { status: expect.any(String), invocation_id: expect.any(String) } });
    expect((await run({ type: "schedule" }, "draft")).body).toMatchObject({ attr: null, code: "invalid_input" });
    expect((await run({ type: "event", filters: { events: [event()] } }, "active")).body.detail).toMatch(/'schedule'.*'event'/);
  });

  it("audiences are empty, and feature flags are refused", async () => {
    const ask = (filters: any) => used.api("POST", "/user_blast_radius", { filters });
    expect((await ask({ properties: [] })).body).toEqual({ affected: 0, total: 0, limit: 5000, dedupe_key: null, confirm_token: expect.any(String) });
    expect((await ask({ properties: [{ type: "flag", key: "f" }] })).body).toMatchObject({ attr: null, detail: expect.stringMatching(/feature flags/i) });
  });
});
