// What a provider process loads, and when: each of its files costs every command some of its time. Loaded in a process as Pulumi's, which evaluates the stub.
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/index";
import { programFolder } from "../support/provider-process";

const KEY = "phx_loads";
const PREFIX = "pulumi-hogflow-or-undici";

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator({ projects: [{ id: "1" }], keys: [{ key: KEY }] });
  folder = programFolder();
});
afterAll(async () => {
  await emulator.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a new process has loaded of ours and of undici after each part of a program, by the names that the program gives. */
async function loaded(program: string): Promise<Record<string, string[]>> {
  const script = `
    require("@pulumi/pulumi");
    const before = new Set(Object.keys(require.cache));
    const loaded = {};
    const note = (name) => {
      const files = Object.keys(require.cache).filter((file) => !before.has(file)).map((file) => file.replaceAll("\\\\", "/"));
      loaded[name] = files.map((file) => /(dist|undici)\\/.*$/.exec(file)?.[0] ?? file);
    };
    (async () => { ${program} })().then(() => console.log("${PREFIX}" + JSON.stringify(loaded)));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
    cwd: folder,
    env: { PATH: process.env["PATH"], POSTHOG_API_KEY: KEY, POSTHOG_HOST: emulator.url },
  });
  return JSON.parse(stdout.split(PREFIX)[1]!);
}

const read = (name: string): string => `
  const { flow } = require("pulumi-hogflow/provider");
  flow.configure({ config: {} });
  note("start");
  await flow.read("missing", { host: "${emulator.url}", projectId: "1" }).catch(({ message }) => {
    if (!message.startsWith("There is no flow missing")) throw new Error(message);
  });
  note("${name}");`;

it("is five files, and of undici what makes requests, with the first of them", async () => {
  const { start, request } = await loaded(read("request"));
  expect(start!.sort()).toEqual([
    "dist/api/clock.js",
    "dist/definition/schema/zod.js",
    "dist/provider/dynamic.js",
    "dist/provider/lifecycles.js",
    "dist/provider/ownership/running-stack.js",
  ]);
  expect(request).toContain("undici/lib/dispatcher/agent.js");
  expect(request).not.toContain("undici/index.js");
});

it("is all of undici where its files are elsewhere", async () => {
  const { request } = await loaded(`
    const Module = require("node:module");
    const resolve = Module._resolveFilename;
    Module._resolveFilename = function (name, ...more) {
      if (name.startsWith("undici/lib")) throw new Error("moved");
      return resolve.call(this, name, ...more);
    };
    ${read("request")}`);
  expect(request).toContain("undici/index.js");
});
