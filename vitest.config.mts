// The suites: unit (no process but the test's own), examples (each example's own tests, on the built package), command (the built `hogflow`),
// browser (pages and pictures in a Chromium), provider-process (the provider in a process of its own, as a dynamic provider), plugin (the same tests
// on the plugin, and its own), engine (the real Pulumi engine) and engine-plugin (the same tests on the plugin).
import { defineConfig } from "vitest/config";
import { ENGINE_ONCE } from "./test/support/engine-once.mjs";

const COMMAND_TESTS = "test/command/**/*.test.ts";
const BROWSER_TESTS = "test/browser/**/*.test.ts";
const EXAMPLE_TESTS = "examples/*/*.test.ts";
const ENGINE_TESTS = "test/engine/**/*.test.ts";
const PROVIDER_PROCESS_TESTS = "test/provider-process/**/*.test.ts";
const PLUGIN_TESTS = "test/plugin/**/*.test.ts";
/** A debugger in the process of dynamic providers, and what that process loads. */
const DYNAMIC_TESTS = ["test/provider-process/debugger.test.ts", "test/provider-process/loads.test.ts"];
const ENGINE_TESTS_ONCE = Object.keys(ENGINE_ONCE).map((name) => `test/engine/${name}.test.ts`);
/** What needs shell scripts, signals or process tables. */
const UNIX_TESTS = process.platform === "win32" ? ["test/tools/**", "test/workflows/**"] : [];

export default defineConfig({
  // Not in node_modules, which a set-up in another terminal may be replacing.
  cacheDir: ".vitest",
  // No word about source maps that packages name and do not ship.
  logLevel: "error",
  test: {
    // The built package is plain CommonJS: Node loads it, as it does for a user.
    // GitHub's parser of workflows imports JSON in a way that only bundlers take.
    server: { deps: { external: [/\/dist\//], inline: ["@actions/workflow-parser"] } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [COMMAND_TESTS, BROWSER_TESTS, ENGINE_TESTS, PROVIDER_PROCESS_TESTS, PLUGIN_TESTS, ...UNIX_TESTS],
          // Some tests play thousands of cases, and beside other work each may take four times as long.
          testTimeout: 90_000,
          // Vitest's own default leaves a core to itself, which is half of two.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "examples",
          include: [EXAMPLE_TESTS],
          globalSetup: "test/support/setup-build.ts",
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "command",
          include: [COMMAND_TESTS],
          globalSetup: "test/support/setup-build.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: [BROWSER_TESTS],
          globalSetup: "test/support/setup-browser.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "provider-process",
          include: [PROVIDER_PROCESS_TESTS],
          globalSetup: "test/support/setup-build.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "plugin",
          include: [PROVIDER_PROCESS_TESTS, PLUGIN_TESTS],
          exclude: DYNAMIC_TESTS,
          env: { HOGFLOW_TEST_TRANSPORT: "plugin" },
          globalSetup: "test/support/setup-build.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "engine",
          include: [ENGINE_TESTS],
          globalSetup: "test/support/setup-engine.ts",
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each file runs an engine, a language host, a program and a provider.
          maxWorkers: 2,
          // After the others: what they need seconds for must not time out because of these.
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "engine-plugin",
          include: [ENGINE_TESTS],
          exclude: ENGINE_TESTS_ONCE,
          env: { HOGFLOW_TEST_TRANSPORT: "plugin" },
          globalSetup: "test/support/setup-engine.ts",
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
