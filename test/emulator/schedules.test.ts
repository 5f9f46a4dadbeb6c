/** Schedules, the scheduler, batch jobs and deletion. Time stands still at a date before a change of the clocks. */
import { beforeEach, describe, expect, it } from "vitest";
import { batch, flow, person, trigger, useEmulator, webhook } from "./support";

const used = useEmulator();
const DAILY = { rrule: "FREQ=DAILY", starts_at: "2026-03-01T08:00:00Z", timezone: "Europe/Berlin" };
const batchFlow = (extra: any = {}) => used.api.create(flow([batch(), webhook()], { status: "active", ...extra }));
const post = (id: string, body: any) => used.api("POST", `/${id}/schedules`, body);
const patch = (id: string, sid: string, body: any) => used.api("PATCH", `/${id}/schedules/${sid}`, body);
const wider = { actions: [batch({ properties: [person("plan")] }), webhook()] };

beforeEach(() => used.emulator.clock.set("2026-03-27T12:00:00Z"));

describe("validation", () => {
  const REQUIRED = "This field is required.";
  it.each([
    [{ rrule: undefined }, "rrule", "required", REQUIRED],
    [{ starts_at: undefined }, "starts_at", "required", REQUIRED],
    [{ rrule: null }, "rrule", "null", /null/],
    [{ rrule: " " }, "rrule", "blank", /blank/],
    [{ timezone: "" }, "timezone", "blank", /blank/],
    [{ timezone: "x".repeat(65) }, "timezone", "max_length", /64/],
    [{ variables: null }, "variables", "null", /null/],
    ...["5", 5, "2030-01-01T09:00:00z", " 2030-01-01", "2030-02-31", "2030-01-01T25:00"].map((starts_at) => [
      { starts_at },
      "starts_at",
      "invalid_input",
      /^Datetime has wrong format/,
    ]),
    ...[
      "DTSTART:20300101T000000\nRRULE:FREQ=DAILY",
      "FREQ=DAILY;",
      "FREQ=DAILY;X=1",
      "FREQ=DAILY;BYHOUR=25",
      "FREQ=NEVER",
      "nonsense",
      "INTERVAL=2",
    ].map((rrule) => [{ rrule }, "rrule", "invalid_input", "Invalid RRULE."]),
    ...["Mars/Olympus", "europe/berlin", "UTC+2"].map((timezone) => [
      { timezone },
      "timezone",
      "invalid_input",
      "Invalid or unknown timezone.",
    ]),
    [{ rrule: "FREQ=DAILY;INTERVAL=-1" }, "timezone", "invalid_input", "Invalid or unknown timezone."],
    ...["FREQ=DAILY;COUNT=0", "FREQ=DAILY;UNTIL=20260101T000000Z", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"].map(
      (rrule) => [{ rrule }, "rrule", "invalid_input", "Schedule produces no future occurrences."],
    ),
    ...["FREQ=MINUTELY;INTERVAL=59", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0,30"].map((rrule) => [
      { rrule },
      "rrule",
      "invalid_input",
      "Schedules must run at most once per hour.",
    ]),
    [{ rrule: "x", timezone: "x" }, "rrule", "invalid_input", "Invalid RRULE."],
  ] as [any, string, string, any][])("%j", async (change, attr, code, detail) => {
    const { id } = await batchFlow();
    const { status, body } = await post(id, { ...DAILY, ...change });
    expect({ status, attr: body.attr, code: body.code }).toEqual({ status: 400, attr, code });
    expect(body.detail).toMatch(detail);
  });

  it("a list is no schedule", async () => {
    const { id } = await batchFlow();
    expect((await post(id, [])).body).toMatchObject({
      attr: null,
      detail: "Invalid data. Expected a dictionary, but got list.",
    });
  });

  it.each([
    ["FREQ=HOURLY", "UTC"],
    ["FREQ=MINUTELY;INTERVAL=60", "UTC"],
    ["FREQ=MINUTELY;COUNT=1", "EST"],
    ["rrule:freq=weekly;byday=mo\nEXDATE:20300107T090000", "UTC"],
    ["FREQ=DAILY;UNTIL=20310101T000000", "Asia/Kolkata"],
  ])("%s in %s is kept as sent", async (rrule, timezone) => {
    const { id } = await used.api.create();
    const { status, body } = await post(id, {
      rrule,
      timezone,
      starts_at: "2030-01-01T09:00:00Z",
      status: "paused",
      next_run_at: "2030-01-01T09:00:00Z",
    });
    expect({ status, rrule: body.rrule, state: body.status, next: body.next_run_at }).toEqual({
      status: 201,
      rrule,
      state: "active",
      next: null,
    });
  });

  it.each([
    ["2030-01-01", "2030-01-01T00:00:00Z"],
    ["2030-01-01 09:00", "2030-01-01T09:00:00Z"],
    ["20300101T090000Z", "2030-01-01T09:00:00Z"],
    ["2030-01-01T09:00:00+02:00", "2030-01-01T07:00:00Z"],
    ["2030-01-01T09:00:00.123Z", "2030-01-01T09:00:00.123000Z"],
    ["2030-01-01T09:00:00.1234567", "2030-01-01T09:00:00.123456Z"],
  ])("starts_at %s is %s", async (starts_at, shown) => {
    const { id } = await batchFlow();
    expect((await post(id, { ...DAILY, starts_at })).body.starts_at).toBe(shown);
  });

  it("a rule that never advances is never answered, and costs nothing", async () => {
    const { id } = await batchFlow();
    const before = process.cpuUsage().user;
    const request = fetch(`${used.emulator.url}/api/projects/1/hog_flows/${id}/schedules`, {
      method: "POST",
      headers: { authorization: "Bearer phx_test", "content-type": "application/json" },
      body: JSON.stringify({ ...DAILY, rrule: "FREQ=DAILY;INTERVAL=0" }),
      signal: AbortSignal.timeout(300),
    });
    await expect(request).rejects.toThrow(/timeout/i);
    expect(process.cpuUsage().user - before).toBeLessThan(250_000);
    expect((await used.api("GET", `/${id}/schedules`)).body).toEqual([]);
  });
});

describe("life", () => {
  it("lists newest first and embeds oldest first", async () => {
    const { id } = await batchFlow();
    const [a, b] = [(await post(id, DAILY)).body, (await post(id, DAILY)).body];
    expect((await used.api("GET", `/${id}/schedules`)).body).toEqual([b, a]);
    expect((await used.api.read(id)).schedules).toEqual([a, b]);
    expect((await used.api("DELETE", `/${id}/schedules/${a.id}`)).status).toBe(204);
    expect((await used.api("DELETE", `/${id}/schedules/${a.id}`)).body.detail).toBe("Schedule not found");
  });

  it("runs at the same wall-clock time across a change of the clocks, and moves past due runs one by one", async () => {
    const { id } = await batchFlow({
      variables: [
        { key: "a", default: "1" },
        { key: "b", default: "2" },
      ],
    });
    const { body } = await post(id, { ...DAILY, variables: { b: "3" } });
    const next = () => used.emulator.schedules(id)[0].next_run_at;
    used.emulator.tick();
    expect(next()).toBe("2026-03-28T08:00:00Z");
    used.emulator.clock.set("2026-03-30T12:00:00Z");
    const seen = [1, 2, 3].map(() => (used.emulator.tick(), next()));
    expect(seen).toEqual(["2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z", "2026-03-31T07:00:00Z"]);
    const jobs = (await used.api("GET", `/${id}/batch_jobs`)).body;
    expect(jobs).toHaveLength(3);
    expect(jobs[0]).toMatchObject({ variables: { a: "1", b: "3" }, created_by: null });
    await used.api.patch(id, { status: "draft" });
    used.emulator.tick();
    expect(next()).toBeNull();
    expect((await used.api("GET", `/${id}/schedules`)).body[0].id).toBe(body.id);
  });

  it("a run in the hour that does not exist comes an hour later", async () => {
    const { id } = await batchFlow();
    await post(id, {
      ...DAILY,
      starts_at: "2026-03-29T00:30:00Z",
      rrule: "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0",
    });
    used.emulator.clock.set("2026-03-29T00:00:00Z");
    used.emulator.tick();
    expect(used.emulator.schedules(id)[0].next_run_at).toBe("2026-03-29T01:30:00Z");
  });

  it("completes, refuses patches without a future, and comes back with one", async () => {
    const { id } = await batchFlow();
    const { body } = await post(id, { rrule: "FREQ=DAILY;COUNT=1", starts_at: "2026-03-28T00:00:00Z" });
    used.emulator.tick();
    used.emulator.clock.set("2026-03-29T00:00:00Z");
    used.emulator.tick();
    expect(used.emulator.schedules(id)[0]).toMatchObject({ status: "completed", next_run_at: null });
    expect((await patch(id, body.id, { variables: { a: 1 } })).body.detail).toBe(
      "Schedule produces no future occurrences.",
    );
    expect((await patch(id, body.id, { starts_at: "2026-04-01T00:00:00Z" })).body.status).toBe("active");
  });

  it("an audience change pauses; a paused one stays paused on current servers only", async () => {
    const { id } = await batchFlow({ status: "draft" });
    const { body } = await post(id, DAILY);
    await used.api.patch(id, { actions: [batch(), webhook()] });
    expect(used.emulator.schedules(id)[0].status).toBe("active");
    const changed = await used.api.patch(id, wider);
    expect(changed.schedules[0]).toMatchObject({ status: "paused", next_run_at: null });
    expect((await patch(id, body.id, { timezone: "UTC", status: "active" })).body).toMatchObject({
      status: "paused",
      timezone: "UTC",
    });
    used.emulator.switches.pausedStaysPausedOnPatch = false;
    expect((await patch(id, body.id, { timezone: "Asia/Tokyo" })).body.status).toBe("active");
    used.emulator.switches.pausedStaysPausedOnPatch = true;
  });

  it("becoming a batch trigger pauses, a changed key order does not", async () => {
    const { id } = await used.api.create(flow([trigger({ type: "schedule" })]));
    await post(id, DAILY);
    await used.api.patch(id, { actions: [batch({ audience_type: "persons", properties: [] })] });
    expect(used.emulator.schedules(id)[0].status).toBe("paused");
    await post(id, DAILY);
    await used.api.patch(id, { actions: [batch({ properties: [], audience_type: "persons" })] });
    expect(used.emulator.schedules(id)[1].status).toBe("active");
  });
});

describe("batch jobs and deletion", () => {
  it("starts with 200, snapshots filters and answers errors without the envelope", async () => {
    const made = await batchFlow();
    const start = (body: any) => used.api("POST", `/${made.id}/batch_jobs`, body);
    expect(await start({ filters: {}, variables: { a: 1 } })).toMatchObject({
      status: 200,
      body: { status: "queued", filters: made.trigger.filters, variables: { a: 1 }, hog_flow: made.id },
    });
    expect(await start({ status: "x" })).toMatchObject({
      status: 400,
      body: { status: ['"x" is not a valid choice.'] },
    });
    const { body } = await start({});
    expect((await used.api("POST", `/${made.id}/batch_jobs/${body.id}/cancel`)).body).toEqual({
      status: "cancelled",
      marked: 0,
      remaining: 0,
      done: true,
    });
    expect((await used.api("POST", `/${made.id}/batch_jobs/nope/cancel`)).body.detail).toBe("Batch job not found");
    await used.api.patch(made.id, { status: "draft" });
    expect((await start({})).body).toMatchObject({
      attr: null,
      detail: "Workflow must be active to run a batch. Enable it first.",
    });
  });

  it("a flow with batch jobs cannot be deleted, unless the server has been told otherwise", async () => {
    const { id } = await batchFlow();
    used.emulator.ui.batchJob(id);
    expect((await used.api("DELETE", `/${id}`)).status).toBe(500);
    used.emulator.switches.deleteFailsWithBatchJobs = false;
    expect((await used.api("DELETE", `/${id}`)).status).toBe(204);
    expect((await used.api("DELETE", `/${id}`)).status).toBe(404);
    used.emulator.switches.deleteFailsWithBatchJobs = true;
  });

  it("bulk_delete takes archived flows only", async () => {
    const [a, b] = [await batchFlow({ status: "archived" }), await batchFlow()];
    expect((await used.api("POST", "/bulk_delete", { ids: [] })).body).toEqual({
      error: "A non-empty list of 'ids' is required",
    });
    expect((await used.api("POST", "/bulk_delete", { ids: ["x"] })).body).toEqual({
      error: "One or more IDs are not valid UUIDs",
    });
    expect((await used.api("POST", "/bulk_delete", { ids: [a.id, b.id, a.id] })).body).toEqual({ deleted: 1 });
    expect((await used.api("GET", `/${b.id}`)).status).toBe(200);
  });
});
