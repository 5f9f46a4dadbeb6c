/** What is repeated, how often and after what pause; and that nothing is done twice that must not be. */
import { describe, expect, it } from "vitest";
import type { PostHogClient } from "../../api";
import { backoffMs, MAX_ATTEMPTS, REPEATS } from "../../api/retry";
import { type Answer, clientOf, failure, FLOW, NOT_FOUND, serve, SERVER_ERROR, THROTTLED } from "./helpers";

const calls = {
  GET: (client: PostHogClient) => client.getFlow("f"),
  PUT: (client: PostHogClient) => client.putFlow("f", {}),
  PATCH: (client: PostHogClient) => client.patchFlow("f", {}),
  DELETE: (client: PostHogClient) => client.deleteFlow("f"),
  POST: (client: PostHogClient) => client.createFlow({}),
};
type Method = keyof typeof calls;

const troubles: Record<string, Answer> = {
  "429": { ...THROTTLED, headers: {} },
  "500": SERVER_ERROR,
  "502": { status: 502, text: "<html>", headers: { "content-type": "text/html" } },
  "503": { status: 503 },
  "504": { status: 504 },
  "cut before the answer": { cut: "before" },
  "cut within the answer": { json: FLOW, cut: "within" },
  "time-out": { hang: true },
};

/** Requests that reach the server when it never recovers. */
const expected: Record<string, Record<Method, number>> = {
  "429": { GET: 4, PUT: 4, PATCH: 4, DELETE: 4, POST: 4 },
  "500": { GET: 2, PUT: 1, PATCH: 1, DELETE: 2, POST: 1 },
  "502": { GET: 4, PUT: 1, PATCH: 1, DELETE: 4, POST: 1 },
  "503": { GET: 4, PUT: 1, PATCH: 1, DELETE: 4, POST: 1 },
  "504": { GET: 4, PUT: 1, PATCH: 1, DELETE: 4, POST: 1 },
  "cut before the answer": { GET: 4, PUT: 1, PATCH: 1, DELETE: 4, POST: 1 },
  "cut within the answer": { GET: 4, PUT: 1, PATCH: 1, DELETE: 4, POST: 1 },
  "time-out": { GET: 4, PUT: 1, PATCH: 1, DELETE: 4, POST: 1 },
};

describe.each(Object.keys(expected))("%s", (trouble) => {
  it.each(Object.keys(calls) as Method[])("%s", async (method) => {
    const server = await serve([troubles[trouble]!]);
    const { client, clock } = clientOf(server, trouble === "time-out" ? { requestTimeoutMs: 300 } : {});
    const error = await failure(calls[method](client));
    const count = expected[trouble]![method];
    expect(server.log.map((request) => request.method)).toEqual(Array(count).fill(method));
    expect(error.outcome).toBe(trouble === "429" ? "refused" : "unknown");
    // Full jitter with the highest possible chance: the whole step.
    expect(clock.sleeps.slice(0, count - 1)).toEqual([500, 1000, 2000].slice(0, count - 1));
    if (count > 1) expect(error.message).toContain(`Tried ${count} times.`);
  });
});

describe("refusals and broken promises", () => {
  it.each([400, 401, 403, 404, 405, 409, 415])("%i is never repeated", async (status) => {
    const server = await serve([{ status, json: { detail: "No." } }]);
    const { client } = clientOf(server);
    for (const method of Object.keys(calls) as Method[])
      expect(await failure(calls[method](client))).toMatchObject({ status, outcome: "refused" });
    expect(server.log).toHaveLength(5);
  });

  it("an unreadable answer is not asked for again", async () => {
    const server = await serve([{ text: "<html>", headers: { "content-type": "text/html" } }]);
    await failure(clientOf(server).client.getFlow("f"));
    expect(server.log).toHaveLength(1);
  });

  it("no connection is repeated by every method, because nothing was sent", async () => {
    for (const method of Object.keys(calls) as Method[]) {
      const attempts: number[] = [];
      const { client } = clientOf(
        { origin: "http://127.0.0.1:1" },
        { onRequest: ({ attempt }) => attempts.push(attempt) },
      );
      expect(await failure(calls[method](client))).toMatchObject({
        outcome: "unsent",
        code: "unreachable",
        status: undefined,
      });
      expect(attempts).toEqual([1, 2, 3, 4]);
    }
  });
});

describe("retryUnknown", () => {
  it("true repeats a PUT", async () => {
    const server = await serve([{ cut: "before" }, SERVER_ERROR, { json: FLOW }]);
    const { client } = clientOf(server);
    expect(await client.putFlow("f", {}, { retryUnknown: true })).toEqual(FLOW);
    expect(server.log).toHaveLength(3);
  });

  it("false stops a DELETE, but not after a 429", async () => {
    const server = await serve([THROTTLED, { status: 503 }]);
    const { client } = clientOf(server);
    expect(await failure(client.deleteFlow("f", { retryUnknown: false }))).toMatchObject({ outcome: "unknown" });
    expect(server.log).toHaveLength(2);
  });

  it("a refusal after a lost answer leaves the outcome unknown", async () => {
    const server = await serve([
      { cut: "before" },
      { status: 409, json: { type: "server_error", code: "stale_update", detail: "Stale.", attr: null } },
    ]);
    const { client } = clientOf(server);
    expect(await failure(client.patchFlow("f", {}, { retryUnknown: true }))).toMatchObject({
      status: 409,
      outcome: "unknown",
    });
  });
});

describe("delete", () => {
  it("is done when the repeat after a lost answer says gone", async () => {
    for (const first of [{ cut: "before" } as const, { status: 503 }, SERVER_ERROR]) {
      const server = await serve([first, NOT_FOUND]);
      const { client } = clientOf(server);
      await client.deleteFlow("f");
      await client.deleteSchedule("f", "s").catch((error) => expect(error).toMatchObject({ status: 404 }));
      expect(server.log).toHaveLength(3);
    }
  });

  it("is an error when it was gone before, also after a 429", async () => {
    const server = await serve([THROTTLED, NOT_FOUND]);
    expect(await failure(clientOf(server).client.deleteFlow("f"))).toMatchObject({ status: 404, outcome: "refused" });
  });

  it("is an error when something else answers 404 after a lost answer", async () => {
    const server = await serve([
      { cut: "before" },
      { status: 404, text: "nope", headers: { "content-type": "text/plain" } },
    ]);
    expect(await failure(clientOf(server).client.deleteFlow("f"))).toMatchObject({ status: 404, outcome: "unknown" });
  });
});

describe("Retry-After", () => {
  it("in seconds", async () => {
    const server = await serve([
      { ...THROTTLED, headers: { "retry-after": "7" } },
      { status: 201, json: FLOW },
    ]);
    const { client, clock } = clientOf(server);
    await client.createFlow({});
    expect(clock.sleeps[0]).toBe(7000);
    expect(server.log).toHaveLength(2);
  });

  it("as a date, measured by the server's own clock", async () => {
    const headers = { date: "Wed, 21 Oct 2026 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT" };
    const server = await serve([{ ...THROTTLED, headers }, { json: FLOW }]);
    const { client, clock } = clientOf(server);
    await client.getFlow("f");
    expect(clock.sleeps[0]).toBe(30_000);
  });

  it("as a date without a Date header, measured by ours", async () => {
    const raw: Answer["raw"] = (response) => {
      response.sendDate = false;
      response
        .writeHead(429, { "content-type": "application/json", "retry-after": "Thu, 01 Jan 2026 00:00:12 GMT" })
        .end("{}");
    };
    const server = await serve([{ raw }, { json: FLOW }]);
    const { client, clock } = clientOf(server);
    await client.getFlow("f");
    expect(clock.sleeps[0]).toBe(12_000);
  });

  it.each(["0", "soon", "-5", "Thu, 01 Jan 1970 00:00:00 GMT"])("%s means our own back-off", async (value) => {
    const server = await serve([{ ...THROTTLED, headers: { "retry-after": value } }, { json: FLOW }]);
    const { client, clock } = clientOf(server);
    await client.getFlow("f");
    expect(clock.sleeps[0]).toBe(500);
  });

  it("is honoured on 503, too", async () => {
    const server = await serve([{ status: 503, headers: { "retry-after": "9" } }, { json: FLOW }]);
    const { client, clock } = clientOf(server);
    await client.getFlow("f");
    expect(clock.sleeps).toEqual([9000]);
  });

  it("beyond the patience is a clear error, for others at once", async () => {
    const server = await serve([{ ...THROTTLED, headers: { "retry-after": "2400" } }, { json: FLOW }]);
    const { client } = clientOf(server);
    const error = await failure(client.getFlow("f"));
    expect(error).toMatchObject({ status: 429, outcome: "refused", retryAfterMs: 2_400_000 });
    expect(error.message).toContain("asks to wait 2400 s, more than the 120 s");
    expect(await failure(client.getFlow("g"))).toMatchObject({ code: "paused", outcome: "unsent" });
    expect(server.log).toHaveLength(1);
  });

  it("patience counts all waits of a call", async () => {
    const server = await serve([{ ...THROTTLED, headers: { "retry-after": "50" } }]);
    await failure(clientOf(server).client.getFlow("f"));
    expect(server.log).toHaveLength(3);
  });

  it("a 429 holds back the other calls", async () => {
    const times: Array<[string, number]> = [];
    const { client, clock } = clientOf(
      await serve((request, index) =>
        index === 0 ? { ...THROTTLED, headers: { "retry-after": "30" } } : { json: { ...FLOW, id: request.url } },
      ),
      { onRequest: ({ path, status }) => times.push([`${path.split("/").at(-2)} ${status}`, clock.time]) },
    );
    const start = clock.time;
    const first = client.getFlow("first");
    while (times.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, client.getFlow("second"), client.createFlow({})]);
    expect(times[0]).toEqual(["first 429", start]);
    expect(times.slice(1).every(([, time]) => time >= start + 30_000)).toBe(true);
    expect(times).toHaveLength(4);
  });
});

describe("back-off", () => {
  it("doubles, is capped, and has full jitter", () => {
    expect([1, 2, 3, 7, 30].map((attempt) => backoffMs(attempt, () => 1))).toEqual([500, 1000, 2000, 20_000, 20_000]);
    expect(backoffMs(3, () => 0)).toBe(0);
    expect(backoffMs(3, () => 0.25)).toBe(500);
  });

  it("never lets the table exceed the attempts, nor a POST be done twice", () => {
    for (const row of Object.values(REPEATS))
      for (const count of Object.values(row)) expect(count).toBeLessThan(MAX_ATTEMPTS);
    expect(REPEATS.POST).toMatchObject({ unavailable: 0, serverError: 0, cut: 0 });
  });
});

describe("abort", () => {
  it("before anything is sent: unsent", async () => {
    const server = await serve([{ json: FLOW }]);
    const { client } = clientOf(server, { signal: AbortSignal.abort() });
    expect(await failure(client.createFlow({}))).toMatchObject({ outcome: "unsent", code: "aborted" });
    expect(server.log).toHaveLength(0);
  });

  it("while the server works: unknown, and not repeated", async () => {
    const stop = new AbortController();
    const server = await serve(() => (stop.abort(), { hang: true }));
    const { client } = clientOf(server, { signal: stop.signal });
    expect(await failure(client.getFlow("f"))).toMatchObject({ outcome: "unknown", code: "aborted" });
    expect(server.log).toHaveLength(1);
  });

  it("of waiting alone: a pause ends at once, and what is under way or need not wait goes on", async () => {
    const end = new AbortController();
    const server = await serve([{ json: FLOW }, { status: 429, headers: { "retry-after": "60" } }]);
    const { client } = clientOf(server, { waiting: end.signal, onRequest: () => queueMicrotask(() => end.abort()) });
    expect(await client.getFlow("f")).toMatchObject({ id: FLOW.id });
    expect(end.signal.aborted).toBe(true);
    expect(await failure(client.getFlow("f"))).toMatchObject({ outcome: "unsent", code: "aborted" });
    expect(server.log).toHaveLength(2);
  });

  it("during a pause: what the first attempt did decides", async () => {
    const stop = new AbortController();
    const server = await serve([{ status: 503, headers: { "retry-after": "60" } }]);
    const { client } = clientOf(server, {
      signal: stop.signal,
      onRequest: () => setImmediate(() => undefined) && queueMicrotask(() => stop.abort()),
    });
    expect(await failure(client.deleteFlow("f"))).toMatchObject({ outcome: "unknown", code: "aborted" });
    expect(server.log).toHaveLength(1);
  });
});
