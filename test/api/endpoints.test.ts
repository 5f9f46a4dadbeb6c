/** Each function sends the request that the reference describes (API §1.1), and hands back what was answered. */
import { describe, expect, it } from "vitest";
import type { PostHogClient } from "../../api";
import { ENDPOINTS } from "../../operate/contract/known";
import { createClient } from "../../api";
import { clientOf, failure, FLOW, KEY, serve, type Answer } from "./helpers";

const BASE = "/api/projects/7/hog_flows";
const page = { count: 1, next: null, previous: null, results: [FLOW] };
const schedule = { id: "s1", rrule: "FREQ=DAILY" };

const endpoints: Array<{
  name: string;
  call: (client: PostHogClient) => Promise<unknown>;
  line: string;
  body?: unknown;
  answer: Answer;
  result?: unknown;
}> = [
  { name: "listFlows", call: (c) => c.listFlows(), line: `GET ${BASE}/`, answer: { json: page } },
  {
    name: "listFlows with a query",
    call: (c) => c.listFlows({ limit: 5, offset: 10, search: "a b&c", status: "draft", type: undefined }),
    line: `GET ${BASE}/?limit=5&offset=10&search=a+b%26c&status=draft`,
    answer: { json: page },
  },
  {
    name: "allFlows",
    call: (c) => c.allFlows({ status: "active" }),
    line: `GET ${BASE}/?status=active&limit=500&offset=0`,
    answer: { json: page },
    result: [FLOW],
  },
  {
    name: "searchFlows",
    call: (c) => c.searchFlows("hash"),
    line: `GET ${BASE}/?search=hash&limit=500&offset=0`,
    answer: { json: page },
    result: [FLOW],
  },
  {
    name: "createFlow",
    call: (c) => c.createFlow({ name: "n", actions: [] }),
    line: `POST ${BASE}/`,
    body: { name: "n", actions: [] },
    answer: { status: 201, json: FLOW },
  },
  { name: "getFlow", call: (c) => c.getFlow("f"), line: `GET ${BASE}/f/`, answer: { json: FLOW } },
  {
    name: "putFlow",
    call: (c) => c.putFlow("f", { name: "n" }),
    line: `PUT ${BASE}/f/`,
    body: { name: "n" },
    answer: { json: FLOW },
  },
  {
    name: "patchFlow",
    call: (c) => c.patchFlow("f", { status: "active" }),
    line: `PATCH ${BASE}/f/`,
    body: { status: "active" },
    answer: { json: FLOW },
  },
  {
    name: "deleteFlow",
    call: (c) => c.deleteFlow("f"),
    line: `DELETE ${BASE}/f/`,
    answer: { status: 204 },
    result: undefined,
  },
  {
    name: "bulkDeleteFlows",
    call: (c) => c.bulkDeleteFlows(["a", "b"]),
    line: `POST ${BASE}/bulk_delete/`,
    body: { ids: ["a", "b"] },
    answer: { json: { deleted: 2 } },
  },
  {
    name: "listSchedules",
    call: (c) => c.listSchedules("f"),
    line: `GET ${BASE}/f/schedules/`,
    answer: { json: [schedule] },
  },
  {
    name: "createSchedule",
    call: (c) => c.createSchedule("f", { rrule: "FREQ=DAILY", starts_at: "2030-01-01T00:00:00Z" }),
    line: `POST ${BASE}/f/schedules/`,
    body: { rrule: "FREQ=DAILY", starts_at: "2030-01-01T00:00:00Z" },
    answer: { status: 201, json: schedule },
  },
  {
    name: "patchSchedule",
    call: (c) => c.patchSchedule("f", "s1", { timezone: "UTC" }),
    line: `PATCH ${BASE}/f/schedules/s1/`,
    body: { timezone: "UTC" },
    answer: { json: schedule },
  },
  {
    name: "deleteSchedule",
    call: (c) => c.deleteSchedule("f", "s1"),
    line: `DELETE ${BASE}/f/schedules/s1/`,
    answer: { status: 204 },
    result: undefined,
  },
  { name: "listBatchJobs", call: (c) => c.listBatchJobs("f"), line: `GET ${BASE}/f/batch_jobs/`, answer: { json: [] } },
  {
    name: "createBatchJob",
    call: (c) => c.createBatchJob("f"),
    line: `POST ${BASE}/f/batch_jobs/`,
    body: {},
    answer: { status: 200, json: { id: "j" } },
  },
  {
    name: "userBlastRadius",
    call: (c) => c.userBlastRadius({ filters: {} }),
    line: `POST ${BASE}/user_blast_radius/`,
    body: { filters: {} },
    answer: { json: { affected: 1, total: 2 } },
  },
  {
    name: "previewPublish",
    call: (c) => c.previewPublish("f"),
    line: `POST ${BASE}/f/publish/`,
    body: { confirm: false },
    answer: { json: { published: false } },
  },
  {
    name: "publish",
    call: (c) => c.publish("f", "tok"),
    line: `POST ${BASE}/f/publish/`,
    body: { confirm: true, confirm_token: "tok" },
    answer: { json: { published: true, workflow: FLOW } },
  },
  {
    name: "discardDraft",
    call: (c) => c.discardDraft("f"),
    line: `POST ${BASE}/f/discard_draft/`,
    body: {},
    answer: { json: FLOW },
  },
  {
    name: "listRevisions",
    call: (c) => c.listRevisions("f", { limit: 2, offset: 4 }),
    line: `GET ${BASE}/f/revisions/?limit=2&offset=4`,
    answer: { json: { ...page, results: [{ version: 1 }] } },
  },
  {
    name: "getRevision",
    call: (c) => c.getRevision("f", 3),
    line: `GET ${BASE}/f/revisions/3/`,
    answer: { json: { version: 3, content: {} } },
  },
  {
    name: "testInvocation",
    call: (c) => c.testInvocation("new", { globals: {} }),
    line: `POST ${BASE}/new/invocations/`,
    body: { globals: {} },
    answer: { json: { status: "success" } },
  },
  {
    name: "listRuns",
    call: (c) => c.listRuns("f", { status: "failed", limit: 3 }),
    line: `GET ${BASE}/f/invocation_results/?status=failed&limit=3`,
    answer: { json: [] },
  },
  {
    name: "countRuns",
    call: (c) => c.countRuns("f"),
    line: `GET ${BASE}/f/invocation_results_count/`,
    answer: { json: { count: 4 } },
  },
  {
    name: "getRun",
    call: (c) => c.getRun("f", "r"),
    line: `GET ${BASE}/f/invocation_results/r/`,
    answer: { json: { invocation_id: "r" } },
  },
  {
    name: "listLogs",
    call: (c) => c.listLogs("f", { level: ["warn", "error"], search: "a b" }),
    line: `GET ${BASE}/f/logs/?level=warn&level=error&search=a+b`,
    answer: { json: page },
  },
  {
    name: "getMetrics",
    call: (c) => c.getMetrics("f", { interval: "hour" }),
    line: `GET ${BASE}/f/metrics/?interval=hour`,
    answer: { json: { labels: [], series: [] } },
  },
  {
    name: "getMetricTotals",
    call: (c) => c.getMetricTotals("f", { after: "-1d" }),
    line: `GET ${BASE}/f/metrics/totals/?after=-1d`,
    answer: { json: { totals: {} } },
  },
  {
    name: "getTemplate",
    call: (c) => c.getTemplate("template-x"),
    line: `GET ${BASE.replace("hog_flows", "hog_function_templates")}/template-x/`,
    answer: { json: { id: "template-x", inputs_schema: [] } },
  },
];

describe("requests", () => {
  it.each(endpoints)("$name", async ({ call, line, body, answer, ...row }) => {
    const server = await serve([answer]);
    const { client } = clientOf(server);
    expect(await call(client)).toEqual("result" in row ? row.result : answer.json);
    expect(server.lines()).toEqual([line]);
    expect(server.log[0]!.body).toEqual(body);
  });

  it("has a row here for every function", () => {
    const client = createClient({ host: "http://localhost", projectId: "7", apiKey: KEY });
    const functions = Object.entries(client)
      .filter(([, value]) => typeof value === "function")
      .map(([name]) => name);
    expect(functions.filter((name) => !endpoints.some((row) => row.name === name))).toEqual([]);
  });

  it("introduces itself, and does not pose as an agent", async () => {
    const server = await serve([{ json: FLOW }]);
    const { client } = clientOf(server);
    await client.getFlow("f");
    await client.putFlow("f", {});
    const [get, put] = server.log.map((request) => request.headers);
    expect(get).toMatchObject({ authorization: `Bearer ${KEY}`, accept: "application/json" });
    expect(get!["user-agent"]).toMatch(/^pulumi-hogflow\/\d+\.\d+\.\d+ \(node\/\d+/);
    expect(get).not.toHaveProperty("content-type");
    expect(get).not.toHaveProperty("x-posthog-client");
    expect(put!["content-type"]).toBe("application/json");
  });

  it("encodes ids, and refuses those that would change the meaning of a path", async () => {
    const server = await serve([{ json: FLOW }]);
    const { client } = clientOf(server);
    await client.getFlow("a/../b?c#d e");
    expect(server.lines()).toEqual([`GET ${BASE}/a%2F..%2Fb%3Fc%23d%20e/`]);
    for (const id of ["", ".", "..", undefined as unknown as string]) {
      expect(await failure(client.deleteFlow(id))).toMatchObject({ outcome: "unsent", code: "invalid_request" });
    }
    expect(server.log).toHaveLength(1);
  });

  it("keeps stamps as the server wrote them, and large bodies whole", async () => {
    const html = "ä".repeat(1_300_000);
    const server = await serve((request) => ({ json: { ...FLOW, echo: request.body } }));
    const { client } = clientOf(server);
    const flow = await client.putFlow("f", { description: html });
    expect(flow.updated_at).toBe("2026-01-01T00:00:00.123456Z");
    expect((flow.echo as { description: string }).description).toBe(html);
  });

  it("does not send a body above the server's limit, in bytes (API §4.6)", async () => {
    const server = await serve([{ json: FLOW }]);
    const { client } = clientOf(server);
    const around = '{"description":""}'.length;
    const body = { description: `${"ä".repeat((2_621_440 - around) / 2)}x` };
    await client.patchFlow("f", { description: "x".repeat(2_621_440 - around) });
    for (const call of [
      () => client.createFlow(body),
      () => client.putFlow("f", body),
      () => client.patchFlow("f", body),
    ]) {
      expect(await failure(call())).toMatchObject({
        outcome: "unsent",
        code: "too_large",
        message: expect.stringMatching(
          /was not sent: its body is 2\.50 MB \(2,621,4\d\d bytes\), and PostHog accepts at most 2\.50 MB \(2,621,440 bytes\)\. Shorten/,
        ),
      });
    }
    expect(server.log).toHaveLength(1);
  });

  it("reports each attempt", async () => {
    const seen: unknown[] = [];
    const server = await serve([{ status: 503 }, { json: page }]);
    const { client } = clientOf(server, {
      onRequest: ({ ms, date, ...rest }) =>
        seen.push(rest) && expect(ms).toBeGreaterThanOrEqual(0) && expect(Date.parse(date!)).toBeGreaterThan(0),
    });
    await client.listFlows({ limit: 1 });
    expect(seen).toEqual([
      { method: "GET", path: `${BASE}/?limit=1`, status: 503, attempt: 1 },
      { method: "GET", path: `${BASE}/?limit=1`, status: 200, attempt: 2 },
    ]);
  });
});

it("are those that hogflow doctor --contract looks for, and no others", () => {
  const watched = ENDPOINTS.filter(({ usedBy }) => usedBy !== undefined).map(({ method, path: known }) => ({
    name: `${method} ${known}`,
    fits: new RegExp(`^${method} /api/projects/7/${known.replaceAll("{}", "[^/?]+")}([?]|$)`),
  }));
  const asked = endpoints.map(({ line }) => {
    // A path without an id is the one that is meant where both fit.
    const fitting = watched.filter(({ fits }) => fits.test(line)).sort((a, b) => a.name.length - b.name.length);
    return (fitting.find(({ name }) => !name.endsWith("{}/")) ?? fitting[0])?.name ?? line;
  });
  expect([...new Set(asked)].sort()).toEqual(watched.map(({ name }) => name).sort());
});

describe("options", () => {
  const options = { host: "https://us.posthog.com", projectId: "7", apiKey: KEY };
  it.each([
    [{ host: "us.posthog.com" }, /POSTHOG_HOST/],
    [{ host: "ftp://us.posthog.com" }, /http or https/],
    [{ host: "https://us.posthog.com/project/1" }, /origin only/],
    [{ host: "https://user:pw@us.posthog.com" }, /origin only/],
    [{ projectId: "" }, /POSTHOG_PROJECT_ID/],
    [{ projectId: "1/../2" }, /POSTHOG_PROJECT_ID/],
    [{ apiKey: " " }, /POSTHOG_API_KEY/],
    [{ apiKey: "phx_a\nb" }, /POSTHOG_API_KEY/],
  ])("refuses %j", (wrong, message) => {
    expect(() => createClient({ ...options, ...wrong })).toThrow(message);
  });

  it("normalises the host and forgives white space around the key", () => {
    expect(createClient({ ...options, host: "https://US.posthog.com:443/", apiKey: `${KEY}\n` }).host).toBe(
      "https://us.posthog.com",
    );
  });
});

describe("whole lists", () => {
  const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ id: `f${from + i}` }));
  const more = "http://elsewhere.invalid/api/?offset=999";
  const pageOf = (results: unknown[], count: number, next: string | null) => ({
    json: { count, next, previous: null, results },
  });

  it("follows its own offsets, never the server's links", async () => {
    const server = await serve([pageOf(rows(0, 500), 700, more), pageOf(rows(500, 700), 700, null)]);
    const { client } = clientOf(server);
    expect(await client.allFlows()).toHaveLength(700);
    expect(server.lines()).toEqual([`GET ${BASE}/?limit=500&offset=0`, `GET ${BASE}/?limit=500&offset=500`]);
  });

  it("copes with a server that gives smaller pages than asked for", async () => {
    const server = await serve([pageOf(rows(0, 100), 150, more), pageOf(rows(100, 150), 150, null)]);
    expect(await clientOf(server).client.allFlows()).toHaveLength(150);
    expect(server.lines()[1]).toBe(`GET ${BASE}/?limit=500&offset=100`);
  });

  it("reads again when an edited flow jumped to the front, and misses none", async () => {
    // f3 is edited between the pages: it moves to the front, and f1 appears twice.
    const server = await serve([
      pageOf([{ id: "f0" }, { id: "f1" }], 4, more),
      pageOf([{ id: "f1" }, { id: "f2" }], 4, null),
      pageOf([{ id: "f3" }, { id: "f0" }], 4, more),
      pageOf([{ id: "f1" }, { id: "f2" }], 4, null),
    ]);
    expect((await clientOf(server).client.allFlows()).map((row) => row.id)).toEqual(["f3", "f0", "f1", "f2"]);
  });

  it("reads again when a deletion pulled a row over the border", async () => {
    const server = await serve([
      pageOf([{ id: "f0" }, { id: "f1" }], 4, more),
      pageOf([{ id: "f3" }], 3, null),
      pageOf([{ id: "f1" }, { id: "f2" }], 3, more),
      pageOf([{ id: "f3" }], 3, null),
    ]);
    expect((await clientOf(server).client.allFlows()).map((row) => row.id)).toEqual(["f1", "f2", "f3"]);
  });

  it("gives all it saw of a list that never rests", async () => {
    const server = await serve((_, index) =>
      index % 2 === 0
        ? pageOf([{ id: "a" }, { id: "b" }], 3 + index, more)
        : pageOf([{ id: `c${index}` }], 3 + index, null),
    );
    expect((await clientOf(server).client.allFlows()).map((row) => row.id)).toEqual(["a", "b", "c1", "c3", "c5"]);
    expect(server.log).toHaveLength(6);
  });

  it("asks for smaller pages when one is too large", async () => {
    const big = { id: "x", text: "x".repeat(3000) };
    const server = await serve((request) =>
      request.url.includes("limit=500") ? pageOf([big, big], 2, null) : pageOf([{ id: "x" }], 1, null),
    );
    const { client } = clientOf(server, { maxAnswerBytes: 4000 });
    expect(await client.allFlows()).toEqual([{ id: "x" }]);
    expect(server.lines()).toEqual([`GET ${BASE}/?limit=500&offset=0`, `GET ${BASE}/?limit=250&offset=0`]);
  });

  it("does not send a search text that the server refuses", async () => {
    const server = await serve([pageOf([], 0, null)]);
    const { client } = clientOf(server);
    expect(await client.searchFlows("😀".repeat(200))).toEqual([]);
    expect(await failure(client.searchFlows("x".repeat(201)))).toMatchObject({
      outcome: "unsent",
      code: "invalid_request",
    });
    expect(server.log).toHaveLength(1);
  });
});
