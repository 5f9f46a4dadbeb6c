/** What tests can make happen: faults, limits, time, people in the web editor, background work, and unmerged behaviour. */
import { afterEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../emulator/index";
import { batch, clientOf, event, exit, flow, mail, stepOf, trigger, useEmulator, webhook } from "./support";

const used = useEmulator();

afterEach(() => {
  used.emulator.clearFaults();
  used.emulator.rateLimit(null);
  used.emulator.clock.release();
});

describe("faults", () => {
  const count = () => used.emulator.flows().length;

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("a connection cut %s the work leaves %i flow", async (when, added) => {
    const before = count();
    const fault = used.emulator.fault({ method: "POST", path: "/hog_flows", when, kind: "cut" });
    used.emulator.clearRequests();
    await expect(used.api("POST", "", flow())).rejects.toThrow();
    expect(fault.hits()).toBe(1);
    expect(used.emulator.requests).toMatchObject([{ method: "POST", status: 0 }]);
    expect(count() - before).toBe(added);
    expect((await used.api("POST", "", flow())).status).toBe(201);
  });

  it("skips, repeats, carries Retry-After and a body, and can be taken away", async () => {
    const fault = used.emulator.fault({
      path: /hog_flows\?limit/,
      when: "before",
      kind: "status",
      status: 503,
      retryAfter: "7",
      skip: 1,
      times: 2,
    });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await used.api("GET", "?limit=1"));
    expect(answers.map((answer) => answer.status)).toEqual([200, 503, 503, 200]);
    expect(answers[1]!.headers.get("retry-after")).toBe("7");
    expect(answers[1]!.body).toMatchObject({ type: "server_error", attr: null });
    expect(fault.hits()).toBe(2);
    const other = used.emulator.fault({ when: "before", kind: "status", status: 418, body: { tea: true } });
    expect((await used.api("GET", "")).body).toEqual({ tea: true });
    other.remove();
    expect((await used.api("GET", "")).status).toBe(200);
    used.emulator.fault({ when: "after", kind: "status", status: 200, text: '{"results":[' });
    const broken = await fetch(`${used.emulator.url}/api/projects/1/hog_flows/`, {
      headers: { authorization: "Bearer phx_test" },
    });
    expect([broken.status, await broken.text()]).toEqual([200, '{"results":[']);
  });

  it("a hanging answer is let go when the server stops", async () => {
    const emulator = await startEmulator();
    emulator.fault({ when: "after", kind: "hang" });
    const pending = clientOf(emulator)("POST", "", flow());
    const failed = expect(pending).rejects.toThrow();
    while (emulator.flows().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await emulator.stop();
    await failed;
    await emulator.stop();
  });

  it("latency delays answers", async () => {
    used.emulator.latency(60);
    const start = performance.now();
    await used.api("GET", "");
    expect(performance.now() - start).toBeGreaterThan(50);
    used.emulator.latency(0);
  });
});

describe("rate limits", () => {
  it("answer 429 with seconds, until the window has moved", async () => {
    used.emulator.clock.set("2030-01-01T00:00:00Z");
    used.emulator.rateLimit({ perMinute: 2 });
    for (const status of [200, 200, 429]) expect((await used.api("GET", "")).status).toBe(status);
    used.emulator.clock.advance(45_500);
    const { headers, body } = await used.api("GET", "");
    expect(headers.get("retry-after")).toBe("15");
    expect(body).toEqual({
      type: "throttled_error",
      code: "throttled",
      detail: "Request was throttled. Expected available in 15 seconds.",
      attr: null,
    });
    used.emulator.clock.advance(15_000);
    expect((await used.api("GET", "")).status).toBe(200);
  });

  it("answer 429 with a date, by the server's clock", async () => {
    used.emulator.clock.set("2030-01-01T00:00:00Z");
    used.emulator.rateLimit({ perHour: 1, retryAfter: "date" });
    await used.api("GET", "");
    const { headers } = await used.api("GET", "");
    expect(headers.get("retry-after")).toBe("Tue, 01 Jan 2030 01:00:00 GMT");
    expect(headers.get("date")).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
  });
});

describe("time and records", () => {
  it("stamps grow although the clock stands still", async () => {
    used.emulator.clock.set("2030-01-01T00:00:00Z");
    const made = await used.api.create();
    const next = await used.api.patch(made.id, {});
    expect(made.updated_at).toMatch(/^2030-01-01T00:00:00\.\d{6}Z$/);
    expect(next.updated_at > made.updated_at).toBe(true);
  });

  it("records requests in order, with no more of the key than its end", async () => {
    used.emulator.clearRequests();
    await used.api("GET", "?limit=1");
    await used.api("POST", "", { name: "x" });
    expect(used.emulator.requests).toEqual([
      {
        method: "GET",
        path: "/api/projects/1/hog_flows",
        query: "limit=1",
        status: 200,
        key: "test",
        body: undefined,
        at: expect.any(Number),
      },
      {
        method: "POST",
        path: "/api/projects/1/hog_flows",
        query: "",
        status: 400,
        key: "test",
        body: { name: "x" },
        at: expect.any(Number),
      },
    ]);
  });

  it("logs neither keys nor secrets", async () => {
    const lines: string[] = [];
    const emulator = await startEmulator({ log: (line) => lines.push(line) });
    await clientOf(emulator).create(flow([trigger(), webhook({ signing_secret: { value: "hush" } })]));
    await emulator.stop();
    expect(lines).toEqual(["POST /api/projects/1/hog_flows 201"]);
  });
});

describe("the web editor", () => {
  it("edits live, and keeps secrets that still show as such", async () => {
    const { id, version, updated_at } = await used.api.create(
      flow([trigger(), webhook({ signing_secret: { value: "hush" } })], { status: "active" }),
    );
    expect(used.emulator.ui.edit(id, (f) => void (f.name = "By hand"))).toMatchObject({ name: "By hand", version });
    const edited = used.emulator.ui.edit(id, (f) => void (f.actions[1].config.inputs.url.value = "https://by.hand"));
    expect(edited.version).toBe(version + 1);
    expect(edited.updated_at > updated_at).toBe(true);
    expect(used.emulator.secret(id, "hook", "signing_secret")).toBe("hush");
    expect(stepOf(edited, "hook").config.inputs.url.bytecode).toContain("https://by.hand");
  });

  it("saves drafts that are not complete, never a secret in clear, and no active flow that is broken", async () => {
    const { id } = await used.api.create();
    const edited = used.emulator.ui.edit(id, (f) =>
      f.actions.push({
        ...webhook(),
        id: "h2",
        config: { template_id: "template-webhook", inputs: { signing_secret: { value: "hush" } } },
      }),
    );
    expect(stepOf(edited, "h2").config.inputs).toEqual({ signing_secret: { secret: true } });
    expect(used.emulator.secret(id, "h2", "signing_secret")).toBe("hush");
    expect(() => used.emulator.ui.setStatus(id, "active")).toThrow(/Can't enable this workflow/);
    const { id: live } = await used.api.create(flow(undefined, { status: "active" }));
    expect(() => used.emulator.ui.edit(live, (f) => f.actions.push({ ...exit, id: "x", type: "delay" }))).toThrow(
      /delay_duration/,
    );
    expect(used.emulator.ui.create("1", { name: "Half done", actions: [trigger({ type: "webhook" })] })).toMatchObject({
      status: "draft",
      version: 1,
    });
  });

  it("stages, publishes, removes, and puts anything into storage", async () => {
    const { id } = await used.api.create(flow(undefined, { status: "active" }));
    expect(used.emulator.ui.stageDraft(id, (f) => void (f.actions[1].name = "Staged"))).toMatchObject({
      version: 1,
      draft: expect.any(Object),
    });
    expect(used.emulator.ui.publish(id)).toMatchObject({ version: 2, draft: null, actions: [{}, { name: "Staged" }] });
    used.emulator.ui.storeRaw(id, (stored) => void (stored.actions[1] = { id: "odd" }));
    expect((await used.api("GET", `/${id}`)).status).toBe(500);
    used.emulator.ui.remove(id);
    expect((await used.api("GET", `/${id}`)).status).toBe(404);
  });

  it("touches schedules", async () => {
    const { id } = await used.api.create(flow([batch()], { status: "active" }));
    const { schedule } = used.emulator.ui;
    const made = schedule.create(id, { rrule: "FREQ=DAILY", starts_at: "2030-01-01T00:00:00Z" });
    expect(schedule.edit(id, made.id, { timezone: "Asia/Tokyo" }).timezone).toBe("Asia/Tokyo");
    schedule.setStatus(id, made.id, "paused");
    expect((await used.api("GET", `/${id}/schedules`)).body[0].status).toBe("paused");
    schedule.remove(id, made.id);
    expect(used.emulator.schedules(id)).toEqual([]);
  });
});

describe("background work", () => {
  it("a refresh changes bytecode and stamp, not the version, and later writes agree with it", async () => {
    const made = await used.api.create(
      flow([trigger(), webhook()], { conversion: { filters: [{ key: "a", type: "person" }] } }),
    );
    used.emulator.backgroundRefresh("1", made.id);
    const fresh = await used.api.read(made.id);
    expect(fresh.version).toBe(1);
    expect(fresh.updated_at > made.updated_at).toBe(true);
    for (const part of [
      (f: any) => f.trigger.filters.bytecode,
      (f: any) => stepOf(f, "hook").config.inputs.url.bytecode,
      (f: any) => f.conversion.bytecode,
    ])
      expect(part(fresh)).not.toEqual(part(made));
    expect((await used.api("PUT", `/${made.id}`, flow())).body).toMatchObject({ version: 1, trigger: fresh.trigger });
    expect((await used.api("PATCH", `/${made.id}`, { base_updated_at: made.updated_at })).status).toBe(409);
  });

  it("emails are paused and resumed", async () => {
    const { id } = await used.api.create(flow([trigger(), mail()]));
    expect((await used.api("POST", `/${id}/resume_email_sending`)).status).toBe(400);
    used.emulator.pauseEmail(id, "Bounces");
    expect(await used.api.read(id)).toMatchObject({
      email_sending_paused_at: expect.any(String),
      email_sending_paused_reason: "Bounces",
      email_sending_paused_by: "auto",
    });
    expect((await used.api("POST", `/${id}/resume_email_sending`)).body).toMatchObject({
      email_sending_paused: false,
      email_sending_paused_at: null,
    });
  });
});

describe("unmerged behaviour", () => {
  it("key", async () => {
    expect(await used.api.create(flow(undefined, { key: "k" }))).not.toHaveProperty("key");
    used.emulator.switches.keySupport = true;
    const { id, key } = await used.api.create(flow(undefined, { key: "k1" }));
    expect(key).toBe("k1");
    expect((await used.api("POST", "", flow(undefined, { key: "k1" }))).body).toMatchObject({
      attr: "key",
      code: "unique",
    });
    expect((await used.api("POST", "", flow(undefined, { key: "a b" }))).body).toMatchObject({
      attr: "key",
      code: "invalid_key",
    });
    expect((await used.api("PATCH", `/${id}`, { key: "k2" })).body).toMatchObject({
      attr: "key",
      detail: "key is set on create and cannot change.",
    });
    expect((await used.api("GET", "?key=k1")).body.results.map((row: any) => row.id)).toEqual([id]);
    used.emulator.switches.keySupport = false;
  });

  it("flows managed in code refuse the web editor", async () => {
    used.emulator.switches.codeManaged = true;
    const { id, managed_by } = await used.api.create(flow(undefined, { managed_by: "code", source_path: "flow.ts" }));
    expect(managed_by).toBe("code");
    expect(() => used.emulator.ui.edit(id, (f) => void (f.name = "x"))).toThrow(/managed in code/);
    expect(used.emulator.ui.setStatus(id, "active").status).toBe("active");
    expect((await used.api.patch(id, { name: "x" })).name).toBe("x");
    expect(used.emulator.ui.edit(id, (f) => void (f.managed_by = "gui")).managed_by).toBe("gui");
    expect(used.emulator.ui.edit(id, (f) => void (f.name = "y")).name).toBe("y");
    used.emulator.switches.codeManaged = false;
  });

  it("UTM defaults of new email steps", async () => {
    used.emulator.switches.utmDefaults = true;
    const { id, actions } = await used.api.create(flow([trigger(), mail()]));
    expect(actions[1].config).toMatchObject({
      utm_tags_enabled: true,
      utm_params_from_default: true,
      utm_params: expect.any(Object),
    });
    const kept = await used.api.patch(id, {
      actions: [
        trigger({ type: "event", filters: { events: [event("x")] } }),
        { ...mail({}, { utm_tags_enabled: false }), id: "other" },
      ],
    });
    expect(kept.actions[1].config).not.toHaveProperty("utm_params");
    used.emulator.switches.utmDefaults = false;
  });
});
