/** What the list finds, and what is answered about runs, of which there are none. */
import { describe, expect, it } from "vitest";
import { startEmulator } from "../../emulator/index";
import { batch, clientOf, edge, event, flow, mail, trigger, useEmulator, webhook } from "./support";

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
    await named("twice", [batch(), mail(), { ...mail(), id: "m2" }], { status: "archived" });
    await named("looped", [batch(), mail()], { origin_product: "loops", status: "archived" });
    await named("announced", [batch(), mail()], { status: "archived" });
    await named("texted", [batch(), mail(), webhook()], { status: "archived" });
    const cast = await named("cast", [batch(), mail()], { origin_product: "broadcasts", status: "active" });
    const rows: [Record<string, string>, string[]][] = [
      [{ type: "messaging", status: "draft" }, ["drip"]],
      [{ type: "automation,loop", status: "draft" }, ["loop", "sync"]],
      [{ type: "broadcast", status: "active" }, ["cast"]],
      [{ origin_product: "loops", status: "draft" }, ["loop"]],
      [{ broadcast_eligible: "true" }, ["announced", "cast"]],
      [{ broadcast_status: "scheduled,sent" }, ["cast"]],
      [{ trigger: '{"type":"batch"}', status: "active" }, ["cast"]],
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
    await named("Plain", [
      trigger(),
      mail({ subject: "Zebra news", html: "<style>.lion{}</style><p class='tiger'>Read the <b>okapi</b></p>" }),
    ]);
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
    for (const [path, body] of rows)
      expect([path, await used.api("GET", `/${id}/${path}/`)]).toMatchObject([path, { status: 200, body }]);
    expect((await used.api("GET", "/metrics/global")).body).toEqual([]);
    expect((await used.api("GET", `/${id}/invocation_results/x`)).body.detail).toBe("Invocation not found.");
  });

  it("a run now needs an active flow with a schedule trigger", async () => {
    const run = async (config: any, status: string) =>
      used.api("POST", `/${(await used.api.create(flow([trigger(config)], { status }))).id}/run`, {});
    expect(await run({ type: "schedule" }, "active")).toMatchObject({
      status: 200,
      body: { status: expect.any(String), invocation_id: expect.any(String) },
    });
    expect((await run({ type: "schedule" }, "draft")).body).toMatchObject({ attr: null, code: "invalid_input" });
    expect((await run({ type: "event", filters: { events: [event()] } }, "active")).body.detail).toMatch(
      /'schedule'.*'event'/,
    );
  });

  it("a run now is started once for a key, for a day", async () => {
    const made = await used.api.create(
      flow([trigger({ type: "schedule" })], { status: "active", variables: [{ key: "a", default: "x".repeat(4000) }] }),
    );
    const other = await used.api.create(flow([trigger({ type: "schedule" })], { status: "active" }));
    const run = async (id: string, key?: string) =>
      (await used.api("POST", `/${id}/run`, {}, key === undefined ? {} : { "Idempotency-Key": key })).body
        .invocation_id;
    const first = await run(made.id, "one");
    expect(await run(made.id, "one")).toBe(first);
    expect(new Set([first, await run(made.id, "two"), await run(made.id), await run(other.id, "one")]).size).toBe(4);
    used.emulator.clock.advance(25 * 3_600_000);
    expect(await run(made.id, "one")).not.toBe(first);
    used.emulator.clock.release();
    expect((await used.api("POST", `/${made.id}/run`, { variables: { b: "x".repeat(1500) } })).body.detail).toBe(
      "Total size of variable overrides must be less than 5KB",
    );
  });

  it("wrong members of a test run come by field, without the envelope", async () => {
    const { id } = await used.api.create();
    const test = (body: unknown, flowId = id) => used.api("POST", `/${flowId}/invocations`, body);
    expect(
      await test({ globals: "x", mock_async_functions: "x", current_action_id: "", use_draft: null }),
    ).toMatchObject({
      status: 400,
      body: {
        globals: ['Expected a dictionary of items but got type "str".'],
        mock_async_functions: ["Must be a valid boolean."],
        current_action_id: ["This field may not be blank."],
        use_draft: ["This field may not be null."],
      },
    });
    expect((await test([])).body).toEqual({ non_field_errors: ["Invalid data. Expected a dictionary, but got list."] });
    expect((await test({ configuration: {} })).body).toEqual({
      configuration: { actions: ["This field is required."] },
    });
    expect((await test({ configuration: flow([trigger(), webhook({ url: { value: 5 } })]) }, "new")).body).toEqual({
      configuration: { actions: { 1: { inputs: { url: ["Value must be a string."] } } } },
    });
    const configuration = flow([trigger(), webhook()], { edges: [edge("trigger_node", "hook")] });
    const globals = { event: { event: "$pageview" } };
    expect((await test({ configuration, globals, use_draft: false }, "new")).body.status).toBe("success");
    expect((await test({ use_draft: true })).body).toMatchObject({ type: "validation_error", attr: "use_draft" });
  });

  it("runs of a deleted flow cannot be cancelled", async () => {
    const { id } = await used.api.create();
    const cancel = () => used.api("POST", `/${id}/invocations/cancel`, { all: true });
    expect(await cancel()).toMatchObject({ status: 200, body: { done: true } });
    await used.api("DELETE", `/${id}`);
    expect(await cancel()).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  it("metrics count hours, days and weeks of the project's zone", async () => {
    const emulator = await startEmulator({ projects: [{ id: "1", timezone: "Asia/Kolkata" }] });
    const api = clientOf(emulator);
    const { id } = await api.create();
    // Half past five in the morning of Monday the 8th in Kolkata.
    emulator.clock.set("2026-06-08T00:00:00Z");
    emulator.record(id, {
      metrics: [{ timestamp: "2026-06-07T18:35:00Z", name: "succeeded", kind: "success", count: 3 }],
    });
    const read = async (query: string) => (await api("GET", `/${id}/metrics?${query}`)).body;
    expect(await read("interval=hour&after=-6h")).toEqual({
      labels: [
        "2026-06-07T23:00",
        "2026-06-08T00:00",
        "2026-06-08T01:00",
        "2026-06-08T02:00",
        "2026-06-08T03:00",
        "2026-06-08T04:00",
        "2026-06-08T05:00",
      ],
      series: [{ name: "success", values: [0, 3, 0, 0, 0, 0, 0] }],
    });
    expect(await read("after=-1d&breakdown_by=name")).toEqual({
      labels: ["2026-06-07", "2026-06-08"],
      series: [{ name: "succeeded", values: [0, 3] }],
    });
    expect(await read("interval=week")).toEqual({
      labels: ["2026-06-01", "2026-06-08"],
      series: [{ name: "success", values: [0, 3] }],
    });
    await emulator.stop();
  });

  it("a project that sends is not suspended", async () => {
    expect(await used.api("GET", "/email_sending_suspension")).toMatchObject({
      status: 200,
      body: { email_sending_suspended: false, email_sending_suspended_at: null, email_sending_suspension_reason: "" },
    });
  });

  it("audiences are empty, and feature flags are refused", async () => {
    const ask = (filters: any) => used.api("POST", "/user_blast_radius", { filters });
    expect((await ask({ properties: [] })).body).toEqual({
      affected: 0,
      total: 0,
      limit: 5000,
      dedupe_key: null,
      confirm_token: expect.any(String),
    });
    expect((await ask({ properties: [{ type: "flag", key: "f" }] })).body).toMatchObject({
      attr: null,
      detail: expect.stringMatching(/feature flags/i),
    });
  });
});
