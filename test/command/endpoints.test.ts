// The list of PostHog's endpoints for workflows (API §1.1), each with the client's method for it and with who calls that: a resource, a command or both;
// or with why nobody does. The client is asked, on a socket, whether it really sends what the list says.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClient, type PostHogClient } from "../../api";
import { startEmulator, type Emulator } from "../../emulator";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const ID = "00000000-0000-4000-8000-000000000001";

type Method = Exclude<keyof PostHogClient, "host" | "projectId">;
type Caller = "resource" | "command" | "both";

interface Row {
  endpoint: string;
  through: Caller;
  call(client: PostHogClient): Promise<unknown>;
}

/** By the client's method. One that is missing here does not compile. */
const REACHED: Readonly<Record<Method, Row>> = {
  listFlows: { endpoint: "GET /", through: "both", call: (client) => client.listFlows() },
  allFlows: { endpoint: "GET /", through: "both", call: (client) => client.allFlows() },
  searchFlows: { endpoint: "GET /", through: "both", call: (client) => client.searchFlows("x") },
  createFlow: { endpoint: "POST /", through: "resource", call: (client) => client.createFlow({}) },
  getFlow: { endpoint: "GET /:id", through: "both", call: (client) => client.getFlow(ID) },
  putFlow: { endpoint: "PUT /:id", through: "resource", call: (client) => client.putFlow(ID, {}) },
  patchFlow: { endpoint: "PATCH /:id", through: "resource", call: (client) => client.patchFlow(ID, {}) },
  deleteFlow: { endpoint: "DELETE /:id", through: "resource", call: (client) => client.deleteFlow(ID) },
  bulkDeleteFlows: {
    endpoint: "POST /bulk_delete",
    through: "command",
    call: (client) => client.bulkDeleteFlows([ID]),
  },
  listSchedules: { endpoint: "GET /:id/schedules", through: "resource", call: (client) => client.listSchedules(ID) },
  createSchedule: {
    endpoint: "POST /:id/schedules",
    through: "resource",
    call: (client) => client.createSchedule(ID, {}),
  },
  patchSchedule: {
    endpoint: "PATCH /:id/schedules/:id",
    through: "resource",
    call: (client) => client.patchSchedule(ID, ID, {}),
  },
  deleteSchedule: {
    endpoint: "DELETE /:id/schedules/:id",
    through: "resource",
    call: (client) => client.deleteSchedule(ID, ID),
  },
  previewPublish: { endpoint: "POST /:id/publish", through: "resource", call: (client) => client.previewPublish(ID) },
  publish: { endpoint: "POST /:id/publish", through: "resource", call: (client) => client.publish(ID, "token") },
  discardDraft: { endpoint: "POST /:id/discard_draft", through: "resource", call: (client) => client.discardDraft(ID) },
  listRevisions: { endpoint: "GET /:id/revisions", through: "command", call: (client) => client.listRevisions(ID) },
  getRevision: { endpoint: "GET /:id/revisions/:n", through: "command", call: (client) => client.getRevision(ID, 1) },
  listBatchJobs: { endpoint: "GET /:id/batch_jobs", through: "command", call: (client) => client.listBatchJobs(ID) },
  createBatchJob: { endpoint: "POST /:id/batch_jobs", through: "command", call: (client) => client.createBatchJob(ID) },
  userBlastRadius: {
    endpoint: "POST /user_blast_radius",
    through: "command",
    call: (client) => client.userBlastRadius({ filters: {} }),
  },
  testInvocation: {
    endpoint: "POST /:id/invocations",
    through: "command",
    call: (client) => client.testInvocation(ID, {}),
  },
  listRuns: { endpoint: "GET /:id/invocation_results", through: "command", call: (client) => client.listRuns(ID, {}) },
  countRuns: {
    endpoint: "GET /:id/invocation_results_count",
    through: "command",
    call: (client) => client.countRuns(ID, {}),
  },
  getRun: { endpoint: "GET /:id/invocation_results/:id", through: "command", call: (client) => client.getRun(ID, ID) },
  listLogs: { endpoint: "GET /:id/logs", through: "command", call: (client) => client.listLogs(ID, {}) },
  getMetrics: { endpoint: "GET /:id/metrics", through: "command", call: (client) => client.getMetrics(ID, {}) },
  getMetricTotals: {
    endpoint: "GET /:id/metrics/totals",
    through: "command",
    call: (client) => client.getMetricTotals(ID, {}),
  },
  getTemplate: {
    endpoint: "GET /hog_function_templates/:name",
    through: "command",
    call: (client) => client.getTemplate("template-webhook"),
  },
};

/** Endpoints of the same overview that nothing here needs, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "PATCH /:id/graph": "agents edit so, step by step; a program writes whole definitions",
  "PATCH /:id/actions/:id/email": "agents edit so, mail by mail",
  "POST /:id/revisions/:n/restore": "a roll-back goes through the program: hogflow history --code",
  "POST /:id/batch_jobs/:id/cancel": "the editor's button for somebody who watches a batch there",
  "POST /:id/run": "the editor's button for flows on a schedule",
  "POST /:id/invocations/cancel": "the editor's button on runs",
  "POST /:id/rerun": "the editor's button on runs",
  "GET /:id/assets": "messages that were sent, for reading in the editor",
  "GET /:id/assets/content": "messages that were sent, for reading in the editor",
  "GET /:id/metrics/version": "metrics take a span of time",
  "GET /metrics/global": "the editor's overview of a project",
  "GET /reputation": "health of the project's e-mail, not of a flow",
  "GET /email_sending_suspension": "health of the project's e-mail, not of a flow",
  "POST /:id/resume_email_sending": "a person decides that, after a look at what bounced",
};

let emulator: Emulator;
beforeAll(async () => void (emulator = await startEmulator()));
afterAll(() => emulator?.stop());

it("is what the client sends", async () => {
  const client = createClient({ host: emulator.url, projectId: "1", apiKey: "phx_test" });
  expect(Object.keys(REACHED).sort()).toEqual(
    Object.keys(client)
      .filter((name) => name !== "host" && name !== "projectId")
      .sort(),
  );
  for (const [method, { endpoint, call }] of Object.entries(REACHED)) {
    emulator.clearRequests();
    // Refused or not: there is no such flow.
    await call(client).catch(() => undefined);
    const [sent] = emulator.requests;
    const at = sent?.path
      .replace("/api/projects/1", "")
      .replace("/hog_flows", "")
      .replaceAll(ID, ":id")
      .replace(/\/revisions\/\d+/, "/revisions/:n")
      .replace("template-webhook", ":name")
      .replace(/(?<=.)\/$/, "");
    expect(`${sent?.method} ${at}`, method).toBe(endpoint);
  }
});

it("has a caller for each", () => {
  const texts = { resource: sources("provider"), command: sources("operate", "cli") };
  for (const [method, { through }] of Object.entries(REACHED)) {
    // Several methods may stand for one endpoint.
    const methods = Object.entries(REACHED)
      .filter(([, row]) => row.endpoint === REACHED[method as Method].endpoint)
      .map(([name]) => name);
    expect(texts.resource + texts.command, method).toMatch(new RegExp(`\\.${method}\\(`));
    for (const where of through === "both" ? (["resource", "command"] as const) : [through])
      expect(texts[where], `${method} by a ${where}`).toMatch(new RegExp(`\\.(?:${methods.join("|")})\\(`));
  }
});

it("leaves out only what it says", () => {
  const reached = new Set(Object.values(REACHED).map(({ endpoint }) => endpoint));
  expect(Object.keys(LEFT_OUT).filter((endpoint) => reached.has(endpoint))).toEqual([]);
  for (const why of Object.values(LEFT_OUT)) expect(why.length).toBeGreaterThan(10);
});

function sources(...folders: string[]): string {
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(REPOSITORY, folder), { recursive: true }).map((name) =>
        path.join(REPOSITORY, folder, String(name)),
      ),
    )
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}
