// A live project for commands: an emulator, a folder, and `hogflow` in it. Each test makes the flows that it needs.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { decode } from "../../definition/canonical/decode";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow, type Ran } from "../support/command";

const KEYS = [
  { key: "phx_test" },
  { key: "phx_reader", scopes: ["hog_flow:read"] },
  { key: "phx_nothing", scopes: ["feature_flag:read"] },
  { key: "phx_elsewhere", projects: ["2"] },
  { key: "phs_ci" },
  { key: "phs_reader", scopes: ["hog_flow:read"] },
];

export interface Live {
  emulator: Emulator;
  dir: string;
  env: Record<string, string>;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Runs with --json, and reads the answer of a command that went well and had nothing else to say. */
  json(args: readonly string[]): Promise<any>;
}

export function useLive(): Live {
  const live = {
    run: (args, more = {}) => hogflow(args, { cwd: live.dir, env: { ...live.env, ...more } }),
    async json(args) {
      const { code, stdout, stderr } = await live.run([...args, "--json"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return JSON.parse(stdout);
    },
  } as Live;
  beforeAll(async () => {
    live.emulator = await startEmulator({ keys: KEYS });
    live.dir = await mkdtemp(path.join(os.tmpdir(), "hogflow-live-"));
    live.env = {
      POSTHOG_HOST: live.emulator.url,
      POSTHOG_PROJECT_ID: "1",
      POSTHOG_API_KEY: KEYS[0]!.key,
      HOME: live.dir,
    };
  });
  afterAll(async () => {
    await live.emulator?.stop();
    await rm(live.dir, { recursive: true, force: true });
  });
  return live;
}

const step = (id: string, type: string, config: object, name = id) => ({
  id,
  name,
  type,
  config,
  description: "",
  on_error: null,
  filters: null,
  output_variable: null,
});

/** An active flow for people on the free plan: trigger, webhook, exit. */
export const flowJson = (more: object = {}) => ({
  name: "Newsletter",
  status: "active",
  actions: [
    step(
      "trigger_node",
      "trigger",
      { type: "batch", filters: { properties: [{ key: "plan", value: ["free"], operator: "exact", type: "person" }] } },
      "Free plan",
    ),
    step(
      "hook",
      "function",
      { template_id: "template-webhook", inputs: { url: { value: "https://example.com/hook" } } },
      "Tell the backend",
    ),
    step("exit_node", "exit", {}, "Exit"),
  ],
  edges: [
    { from: "trigger_node", to: "hook", type: "continue" },
    { from: "hook", to: "exit_node", type: "continue" },
  ],
  ...more,
});

export const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** What the state of a stack `dev` has of a flow that was deployed as it is. */
export function deployedFlow({
  project,
  name,
  flow,
  host,
}: {
  project: string;
  name: string;
  flow: any;
  host: string;
}): object {
  const type = "pulumi-nodejs:dynamic/posthog:HogFlow";
  return {
    urn: `urn:pulumi:dev::${project}::${type}::${name}`,
    type,
    id: flow.id,
    inputs: {},
    outputs: {
      ...decode(flow),
      status: flow.status,
      host,
      projectId: "1",
      stateVersion: 1,
      version: flow.version,
      updatedAt: flow.updated_at,
      liveStatus: flow.status,
      serverAdditions: {},
      url: `${host}/project/1/workflows/${flow.id}/workflow`,
    },
    propertyDependencies: { actions: null, sources: null },
  };
}
