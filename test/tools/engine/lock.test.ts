// Two runs that need the engine at once: one makes it, the other waits; a dead one holds up nobody.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Recipe } from "../../../tools/engine/recipe.mjs";
import { builtBy, createMachine, writeExecutables, type Machine } from "./support";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

let machine: Machine;
beforeEach(() => void (machine = createMachine()));
afterEach(() => machine.dispose());

const slowly = async ({ recipe, folder }: { recipe: Recipe; folder: string }) => {
  machine.calls.push("build");
  await sleep(700);
  writeExecutables(folder, builtBy(recipe));
};

it("builds once for two callers", async () => {
  const found = await Promise.all([machine.find({ build: slowly }), machine.find({ build: slowly })]);
  expect(found.map(({ how }) => how).sort()).toEqual(["cache", "go"]);
  expect(machine.calls.filter((call) => call === "build")).toHaveLength(1);
  expect(machine.lines.join("\n")).toMatch(/Another run \(process \d+\) makes the engine; waiting for it/);
  expect(existsSync(`${machine.copy}.lock`)).toBe(false);
});

it("lets the second try when the first failed", async () => {
  const failing = async () => {
    await sleep(400);
    throw new Error("no disk");
  };
  const first = machine.find({ build: failing });
  await sleep(50);
  const second = machine.find({ build: slowly });
  await expect(first).rejects.toThrow("no disk");
  expect(await second).toMatchObject({ how: "go" });
});

it.each<[string, object, number]>([
  ["whose process is gone", { pid: 99999999, host: os.hostname() }, 0],
  ["of another host that is silent", { pid: 1, host: "elsewhere" }, 120],
])("takes a lock away %s", async (_, holder, ageSeconds) => {
  const lock = `${machine.copy}.lock`;
  mkdirSync(machine.cacheDir, { recursive: true });
  writeFileSync(lock, JSON.stringify(holder));
  const then = Date.now() / 1000 - ageSeconds;
  utimesSync(lock, then, then);
  expect(await machine.find()).toMatchObject({ how: "go" });
  expect(machine.lines.join("\n")).not.toContain("waiting");
  expect(existsSync(lock)).toBe(false);
});

it("waits for a lock of another host that is touched", async () => {
  const lock = `${machine.copy}.lock`;
  mkdirSync(machine.cacheDir, { recursive: true });
  writeFileSync(lock, JSON.stringify({ pid: 1, host: "elsewhere" }));
  const waiting = machine.find();
  await sleep(500);
  expect(machine.calls).toEqual([]);
  utimesSync(lock, 0, 0);
  expect(await waiting).toMatchObject({ how: "go" });
});

it.each(["SIGINT", "SIGTERM"] as const)("gives lock and folder back on %s", async (signal) => {
  const program = `
    import { findEngine } from "./tools/engine/find.mjs";
    await findEngine({
      env: { PATH: "" }, cacheDir: process.argv[1],
      download: async () => { throw new Error("no"); },
      build: async () => { console.log("building"); await new Promise((resolve) => setTimeout(resolve, 30000)); },
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, machine.cacheDir], {
    cwd: REPOSITORY,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  expect(existsSync(`${machine.copy}.lock`)).toBe(true);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  expect(await ended).toBe(signal === "SIGINT" ? 130 : 143);
  expect(existsSync(`${machine.copy}.lock`)).toBe(false);
  expect(await machine.find()).toMatchObject({ how: "go" });
});
