// Every endpoint that the client covers is reachable: through a resource, or through a command. Held by the names of the client's own methods, each with
// who calls it.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createClient, type PostHogClient } from "../../provider/api";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** A method that is missing here does not compile, and one that nobody calls does not pass. */
const REACHED_THROUGH: Record<Exclude<keyof PostHogClient, "host" | "projectId">, "resource" | "command" | "both"> = {
  listFlows: "resource", allFlows: "both", searchFlows: "resource", getFlow: "both", createFlow: "resource", putFlow: "resource", patchFlow: "resource", deleteFlow: "resource", bulkDeleteFlows: "command",
  listSchedules: "resource", createSchedule: "resource", patchSchedule: "resource", deleteSchedule: "resource",
  listBatchJobs: "command", createBatchJob: "command", userBlastRadius: "command",
  previewPublish: "resource", publish: "resource", discardDraft: "resource", listRevisions: "command", getRevision: "command",
  testInvocation: "command", listRuns: "command", countRuns: "command", getRun: "command", listLogs: "command", getMetrics: "command", getMetricTotals: "command", getTemplate: "command",
};

const sources = (...folders: string[]): string =>
  folders
    .flatMap((folder) => readdirSync(path.join(REPOSITORY, folder), { recursive: true }).map((name) => path.join(REPOSITORY, folder, String(name))))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");

it("has a caller for every method of the client", () => {
  const methods = Object.keys(createClient({ host: "https://us.posthog.com", projectId: "1", apiKey: "phx_test" })).filter((name) => name !== "host" && name !== "projectId").sort();
  expect(Object.keys(REACHED_THROUGH).sort()).toEqual(methods);
  const texts = { resource: sources("provider/lifecycle"), command: sources("operate", "cli") };
  for (const [method, through] of Object.entries(REACHED_THROUGH)) {
    for (const where of through === "both" ? (["resource", "command"] as const) : [through]) expect(texts[where], `${method} by a ${where}`).toMatch(new RegExp(`\\.${method}\\(`));
  }
});
