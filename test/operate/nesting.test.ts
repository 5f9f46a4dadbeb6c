// JSON that is nested thousands of levels deep, where commands and simulations take it: an error about the file or the flow, never an overflow of the stack.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { startEmulator } from "../../emulator";
import { readFlowFile } from "../../operate/flow-file";
import { flowFromJson } from "../../operate/flow-source";
import { pullFlows } from "../../operate/pull";
import { scenarioFrom } from "../../operate/people/kept";
import { simulateJson } from "../../operate/simulate";
import { parseStackExport } from "../../operate/stack-state";
import { createClient, systemClock } from "../../api";
import { simulate } from "../../testing";
import { deepFlow, nested } from "../support/nesting";

/** JSON text of a flow whose webhook has such a body; `JSON.stringify` itself goes no deeper than some thousand levels. */
const deepJson = (levels: number): string =>
  JSON.stringify(deepFlow("Deep", 0)).replace(
    '"{person.properties.plan}"',
    `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`,
  );
const WORDS = /actions\[1\]\.config\.inputs\.body\.value.*: is nested more than 1000 levels deep/;

it.each([5_000, 100_000])("refuses files that are nested %i levels deep, with the path", async (levels) => {
  const text = deepJson(levels);
  expect(() => flowFromJson(text, "flow.json")).toThrow(WORDS);
  await expect(simulateJson(text, "flow.json", { scenario: { trigger: "user signed up" } })).rejects.toThrow(WORDS);
  expect(() => parseStackExport(`{"deployment":{"resources":[{"inputs":${text}}]}}`)).toThrow(
    "nested more than 1000 levels deep",
  );
  const dir = mkdtempSync(path.join(os.tmpdir(), "hogflow-nesting-"));
  try {
    const file = path.join(dir, "flow.json");
    writeFileSync(file, text);
    expect(() => readFlowFile(file)).toThrow(WORDS);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

it.each([5_000, 100_000])("refuses flows and scenarios of simulations that are nested %i levels deep", (levels) => {
  expect(() => simulate(deepFlow("Deep", levels), { trigger: "user signed up" })).toThrow(WORDS);
  expect(() => simulate(deepFlow("Flat", 1), { trigger: { webhook: { body: nested(levels) } } as never })).toThrow(
    /trigger\..*: is nested more than 1000 levels deep/,
  );
  expect(() =>
    scenarioFrom(`{"person":{"properties":{"a":${"[".repeat(levels)}${"]".repeat(levels)}}}}`, "free.json"),
  ).toThrow(/free\.json: .*person\.properties\.a.*: is nested more than 1000 levels deep/s);
});

it("pulls the other flows of a project beside one that is too deep to read, and says that one is left out", async () => {
  const emulator = await startEmulator({ keys: [{ key: "phx_test" }] });
  try {
    const client = createClient({
      host: emulator.url,
      projectId: "1",
      apiKey: "phx_test",
      clock: systemClock,
    });
    const deep = emulator.seed(deepFlow("Deep", 1_200));
    emulator.seed(deepFlow("Flat", 900));
    const leftOut: Array<[string, string]> = [];
    const pulled = await pullFlows(client, { out: "flows", onFailure: ({ id, error }) => leftOut.push([id, error]) });
    expect(pulled.map(({ title }) => title)).toEqual(["Flat"]);
    expect(leftOut).toEqual([[deep.id, expect.stringContaining("nested more than 1000 deep")]]);
    await expect(pullFlows(client, { ids: [deep.id], out: "flows" })).rejects.toThrow("nested more than 1000 deep");
  } finally {
    await emulator.stop();
  }
});
