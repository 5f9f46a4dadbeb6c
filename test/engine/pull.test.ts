// `hogflow pull` against the engine: a project that was made by hand becomes programs, the `up` that takes it over writes the markers alone, and a `destroy`
// archives.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { pullFlows, writePulled } from "../../operate";
import { createClient } from "../../api";
import { requestLine, stackFor } from "../support/flows";
import { REFERENCE_FLOWS } from "../support/reference-flows";
import type { Stack } from "../support/engine";

let emulator: Emulator;
let stack: Stack;
beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { typeCheck: true });
});
afterAll(async () => {
  await stack.dispose();
  await emulator.stop();
});

async function post(url: string, body: unknown): Promise<any> {
  const answer = await fetch(`${emulator.url}/api/projects/1/hog_flows/${url}`, {
    method: "POST",
    headers: { authorization: "Bearer phx_test", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${url}: ${JSON.stringify(json)}`);
  return json;
}

/** As PostHog's editor makes flows: an end with words, an e-mail with its design, a test that no method makes, and a title with words of the SDK. */
const EDITORS = {
  name: "Email",
  variables: [{ key: "score", label: "Score", type: "number", default: "0" }],
  actions: [
    {
      id: "trigger_node",
      name: "Trigger",
      description: "User performs an action to start the workflow.",
      type: "trigger",
      config: {
        type: "batch",
        filters: { properties: [{ key: "email", type: "person", operator: "is_set", value: "is_set" }] },
      },
    },
    {
      id: "plan",
      name: "Plan",
      type: "conditional_branch",
      config: {
        conditions: [
          { filters: { properties: [{ key: "score", type: "workflow_variable", operator: "gte", value: 9 }] } },
        ],
      },
    },
    {
      id: "action_function_email_01985b7c-6a0e-7d1c-9b1e-000000000001",
      name: "Hello",
      type: "function_email",
      config: {
        template_id: "template-email",
        inputs: {
          email: {
            templating: "liquid",
            value: {
              from: { integrationId: 7 },
              to: { email: "{{ person.properties.email }}", name: "" },
              subject: "Hi",
              html: `<h1>Hi</h1>\r\n\t${" ".repeat(90)}`,
              design: {
                counters: { u_row: 1 },
                body: { rows: [{ columns: [{ contents: [{ type: "heading", values: { text: "Hi" } }] }] }] },
                schemaVersion: 16,
              },
            },
          },
        },
      },
    },
    {
      id: "exit_node",
      name: "Exit",
      description: "User moved through the workflow without errors.",
      type: "exit",
      config: { reason: "Default exit" },
    },
  ],
  edges: [
    { from: "trigger_node", to: "plan", type: "continue" },
    { from: "plan", to: "exit_node", type: "branch", index: 0 },
    { from: "plan", to: "action_function_email_01985b7c-6a0e-7d1c-9b1e-000000000001", type: "continue" },
    { from: "action_function_email_01985b7c-6a0e-7d1c-9b1e-000000000001", to: "exit_node", type: "continue" },
  ],
};

it("takes the reference's flows, and one of the editor's, over with the marker alone, shows no change on the next run, and archives what it is to delete", async () => {
  for (const { flow, schedule } of Object.values(REFERENCE_FLOWS)) {
    const { id } = await post("", flow);
    if (schedule) await post(`${id}/schedules/`, schedule);
  }
  await post("", EDITORS);
  const client = createClient({ host: emulator.url, projectId: "1", apiKey: "phx_test" });
  const pulled = await pullFlows(client);
  await writePulled(pulled, { cwd: stack.dir });
  await mkdir(path.join(stack.dir, "flows"), { recursive: true });
  for (const key of new Set(pulled.flatMap(({ secrets }) => secrets)))
    await stack.setConfig(key, "a secret value", { secret: true });
  await writeFile(
    path.join(stack.dir, "index.ts"),
    pulled.map(({ files }) => `import "./${files[0]!.path.replace(/\.ts$/, "")}";`).join("\n"),
  );

  emulator.clearRequests();
  const up = await stack.up();
  expect(up.output).toContain("created");
  expect(up.code).toBe(0);
  const writes = emulator.requests.filter(({ method }) => method !== "GET");
  expect(writes.map(requestLine).sort()).toEqual(pulled.map(({ id }) => `PATCH 1/hog_flows/${id}`).sort());
  for (const { body } of writes) expect(Object.keys(body as object).sort()).toEqual(["base_updated_at", "description"]);
  expect(emulator.flows()).toHaveLength(Object.keys(REFERENCE_FLOWS).length + 1);

  emulator.clearRequests();
  expect((await stack.preview(["--expect-no-changes"])).code).toBe(0);
  expect((await stack.up(["--expect-no-changes"])).code).toBe(0);
  expect(emulator.requests).toEqual([]);
  expect((await stack.refresh(["--preview-only", "--expect-no-changes"])).code).toBe(0);

  // Pulled again they say whose they are by now.
  const again = await pullFlows(client, { stack: { project: "test", stack: stack.stack.split("/").at(-1)! } });
  expect(again.map(({ name, managedBy }) => [managedBy?.isOwn, managedBy?.owner.endsWith(`/${name}`)])).toEqual(
    again.map(() => [true, true]),
  );

  const refused = await stack.run(["destroy", "--yes", "--skip-preview", "--stack", stack.stack, "--non-interactive"]);
  expect(refused.code).not.toBe(0);
  expect(emulator.flows().filter(({ status }) => status === "archived")).toEqual([]);
  expect((await stack.run(["state", "unprotect", "--all", "--yes", "--stack", stack.stack])).code).toBe(0);
  const destroyed = await stack.run([
    "destroy",
    "--yes",
    "--skip-preview",
    "--stack",
    stack.stack,
    "--non-interactive",
  ]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(emulator.flows().map(({ status }) => status)).toEqual(pulled.map(() => "archived"));
}, 400_000);
