// The plain assertions under node's own test runner, on the built package: they hold, and their failures tell the story of the run.
import { execFile } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";

const FOLDER = path.resolve(import.meta.dirname, "../fixtures/node-test");

const run = (file: string): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    // Without what a vitest around us says, which the runner would take for its own.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|VITEST)/.test(name)));
    execFile(
      process.execPath,
      ["--test", "--test-reporter=tap", path.join(FOLDER, file)],
      { env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });

it("hold", async () => {
  const { code, output } = await run("passing.test.mjs");
  expect(output).toMatch(/^# pass 3$/m);
  expect(code).toBe(0);
});

it("fail with a timeline", async () => {
  const { code, output } = await run("failing.test.mjs");
  expect(output).toContain('"Your trial ends" (last_call) at +3d is not sent at +2d');
  expect(output).toMatch(/\+0s +patience +waits 3d \(until Thu 2026-01-08 09:00 UTC\)/);
  expect(output).toMatch(/the run ends: exit/);
  expect(code).toBe(1);
});
