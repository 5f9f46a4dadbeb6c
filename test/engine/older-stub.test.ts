// A stack whose state holds the stubs of a version before 0.1.0, on the real engine: nothing shows, nothing is sent, and everything goes on from there.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { Stack } from "../support/engine";
import { batchTrigger, email, exit, flow, program, stackFor, untidy } from "../support/flows";

const OLDER = JSON.parse(readFileSync(`${import.meta.dirname}/../fixtures/states/v1/nurture.json`, "utf8")) as {
  deployment: { resources: { type: string; inputs?: { __provider?: string } }[] };
};
const olderStub = (type: string): string | undefined =>
  OLDER.deployment.resources.find((resource) => resource.type === type)?.inputs?.__provider;

const programOf = (subject: string): string =>
  program(
    flow("digest", {
      status: "active",
      actions: { trigger_node: batchTrigger("mail", "DE"), mail: email("exit_node", subject), exit_node: exit },
    }),
    `new HogFlowSchedule("weekly", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2030-01-07T09:00:00" });`,
  );

let emulator: Emulator;
let stack: Stack;
beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { program: programOf("Welcome") });
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  const state = await stack.exportState();
  for (const resource of state.deployment.resources)
    for (const properties of [resource.inputs, resource.outputs])
      if (properties?.__provider !== undefined) properties.__provider = olderStub(resource.type);
  expect((await stack.importState(state)).code).toBe(0);
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

it("is unchanged in preview and up, without a request", async () => {
  expect(await stack.stateText()).toContain("__f2");
  const before = emulator.requests.length;
  const preview = await stack.preview(["--expect-no-changes", "--diff"]);
  expect(preview.code, preview.output).toBe(0);
  expect(preview.output).not.toContain("__provider");
  const up = await stack.up(["--expect-no-changes"]);
  expect(up.code, up.output).toBe(0);
  expect(emulator.requests.length).toBe(before);
});

it("is refreshed, updated and destroyed", async () => {
  const refresh = await stack.refresh(["--expect-no-changes"]);
  expect(refresh.code, refresh.output).toBe(0);
  await stack.writeProgram(programOf("Hello"));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(untidy(up.output)).toEqual([]);
  expect(up.output).toContain("~ 1 updated");
  const destroyed = await stack.destroy();
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(emulator.flows()).toEqual([]);
});
