// A project with something of everything, and `hogflow` on it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow, type Ran } from "../support/command";
import { REFERENCE_FLOWS } from "../support/reference-flows";

export const KEY = "phx_commands";
/** May read flows, and nothing else. */
export const READER = "phx_reader";
/** A project secret API key. */
export const SECRET_KEY = "phs_commands";

export interface Project {
  emulator: Emulator;
  /** Ids by title. */
  ids: Record<string, string>;
  /** An own folder, with flow.json and filters.json. */
  dir: string;
  run(args: readonly string[], env?: Readonly<Record<string, string>>, input?: string): Promise<Ran>;
  /** Runs with --json, and reads the answer. */
  json(args: readonly string[]): Promise<any>;
}

export const EMAIL_FLOW = Object.values(REFERENCE_FLOWS).find(({ flow }) =>
  (flow["actions"] as any[]).some(({ type }) => type === "function_email"),
)!.flow;
export const BATCH_FLOW = Object.values(REFERENCE_FLOWS).find(({ flow }) =>
  (flow["actions"] as any[]).some(({ config }) => config.type === "batch"),
)!.flow;

export function useProject(): Project {
  const project = { ids: {} } as unknown as Project;
  const request = async (method: string, url: string, body?: unknown): Promise<any> => {
    const answer = await fetch(`${project.emulator.url}/api/projects/1/hog_flows/${url}`, {
      method,
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(JSON.stringify(json));
    return json;
  };
  beforeAll(async () => {
    const emulator = await startEmulator({
      keys: [{ key: KEY }, { key: READER, scopes: ["hog_flow:read"] }, { key: SECRET_KEY }],
    });
    const dir = mkdtempSync(path.join(os.tmpdir(), "hogflow-command-"));
    const env = { POSTHOG_API_KEY: KEY, POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: "1", HOME: dir, NO_COLOR: "1" };
    Object.assign(project, {
      emulator,
      dir,
      run: (args: readonly string[], more: Readonly<Record<string, string>> = {}, input?: string) =>
        hogflow(args, { cwd: dir, env: { ...env, ...more }, ...(input === undefined ? {} : { input }) }),
      json: async (args: readonly string[]) => {
        const ran = await project.run([...args, "--json"]);
        try {
          return JSON.parse(ran.stdout);
        } catch {
          throw new Error(`${args.join(" ")} printed no JSON (code ${ran.code}):\n${ran.stdout}\n${ran.stderr}`);
        }
      },
    });
    for (const flow of [
      { ...EMAIL_FLOW, name: "Nurture" },
      { ...BATCH_FLOW, name: "Newsletter", status: "active" },
      { ...EMAIL_FLOW, name: "Old", status: "archived" },
    ]) {
      const { id } = await request("POST", "", flow);
      project.ids[flow.name] = id;
    }
    const now = Date.now();
    const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
    emulator.record(project.ids["Nurture"]!, {
      logs: [
        { timestamp: ago(50), level: "info", message: "Starting workflow execution at trigger", instance_id: "run-1" },
        { timestamp: ago(40), level: "error", message: "Workflow encountered an error: boom", instance_id: "run-1" },
      ],
      runs: [
        {
          invocation_id: "01985b7c-0000-4000-8000-000000000001",
          status: "failed",
          error_message: "boom",
          distinct_id: "user-17",
          started_at: ago(50),
        },
        { invocation_id: "01985b7c-0000-4000-8000-000000000002", distinct_id: "user-18", started_at: ago(30) },
      ],
      metrics: [
        { timestamp: ago(45), name: "email_sent", kind: "email", count: 7 },
        { timestamp: ago(45), name: "failed", kind: "failure", count: 1 },
      ],
    });
    writeFileSync(path.join(dir, "flow.json"), JSON.stringify({ ...EMAIL_FLOW, name: "From a file" }));
    writeFileSync(
      path.join(dir, "filters.json"),
      JSON.stringify({ properties: [{ key: "plan", value: ["free"], operator: "exact", type: "person" }] }),
    );
    writeFileSync(
      path.join(dir, "broken.json"),
      JSON.stringify({
        name: "Broken",
        actions: [
          {
            id: "trigger_node",
            name: "T",
            type: "trigger",
            config: { type: "event", filters: { events: [{ id: "a" }] } },
          },
          { id: "wait", name: "W", type: "delay", config: { delay_duration: "soon" } },
        ],
        edges: [],
      }),
    );
  });
  afterAll(async () => {
    rmSync(project.dir, { recursive: true, force: true });
    await project.emulator.stop();
  });
  return project;
}
