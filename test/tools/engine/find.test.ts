// The order in which an engine is looked for, and what is said when there is none.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultCacheDir, ENGINE_VERSION, engineEnv, EngineNotFound } from "../../../tools/engine/find.mjs";
import { createMachine, EXECUTABLES, LANGUAGE_HOST, writeExecutables, type Machine } from "./support";

let machine: Machine;
beforeEach(() => void (machine = createMachine()));
afterEach(() => machine.dispose());

describe("on PATH", () => {
  it("takes a pulumi that has all parts, of any recent version", async () => {
    const folder = machine.addToPath(EXECUTABLES, "3.216.0");
    expect(await machine.find()).toEqual({ folder, version: "3.216.0", how: "path" });
    expect(machine.calls).toEqual([]);
    expect(existsSync(machine.cacheDir)).toBe(false);
  });

  it("follows a link to the folder that has the rest", async () => {
    const folder = path.join(machine.root, "opt");
    writeExecutables(folder);
    const links = machine.addToPath([]);
    symlinkSync(path.join(folder, "pulumi"), path.join(links, "pulumi"));
    expect(await machine.find()).toMatchObject({ folder, how: "path" });
  });

  it("takes parts that are in several folders", async () => {
    const folder = machine.addToPath(["pulumi"]);
    machine.addToPath(EXECUTABLES.slice(1));
    expect(await machine.find()).toMatchObject({ folder, how: "path" });
  });

  it.each([
    ["a part is missing", EXECUTABLES.slice(0, 2), ENGINE_VERSION, "comes without pulumi-resource-pulumi-nodejs"],
    ["it is too old", EXECUTABLES, "3.215.9", "is version 3.215.9, older than 3.216.0"],
    ["it says no version", EXECUTABLES, "what?", "is not a version"],
  ])("says so and goes on when %s", async (_, names, version, why) => {
    machine.addToPath(names, version);
    expect(await machine.find()).toMatchObject({ version: ENGINE_VERSION, how: "go" });
    expect(machine.lines[0]).toContain("Not using the pulumi on PATH");
    expect(machine.lines[0]).toContain(why);
  });

  it("does not look into relative entries", async () => {
    const folder = path.relative(process.cwd(), machine.addToPath(EXECUTABLES));
    expect(await machine.find({ env: { PATH: `${folder}:` } })).toMatchObject({ how: "go" });
  });
});

describe("in the cache", () => {
  it("is taken the second time, without a word", async () => {
    const made = await machine.find();
    expect(made).toEqual({ folder: path.join(machine.copy, "bin"), version: ENGINE_VERSION, how: "go" });
    machine.lines.length = 0;
    expect(await machine.find()).toEqual({ ...made, how: "cache" });
    expect(machine.calls).toEqual(["download", "build"]);
    expect(machine.lines).toEqual([]);
    expect(readdirSync(machine.cacheDir)).toEqual([path.basename(machine.copy)]);
  });

  it("gets the launcher of this checkout", async () => {
    const { folder } = await machine.find();
    await machine.find();
    for (const name of [
      "pulumi-language-nodejs",
      "language-host-flags.cjs",
      "pulumi-resource-pulumi-nodejs",
      "dynamic-provider.cjs",
    ]) {
      expect(readFileSync(path.join(folder, name)), name).toEqual(
        readFileSync(new URL(`../../../tools/engine/launcher/${name}`, import.meta.url)),
      );
    }
  });

  it.each<[string, (copy: string) => void]>([
    ["has no mark of completeness", (copy) => rmSync(path.join(copy, "engine.json"))],
    ["lacks a part", (copy) => rmSync(path.join(copy, "bin", "pulumi-language-nodejs"))],
    [
      "has a launcher without the language host that it starts",
      (copy) => rmSync(path.join(copy, "bin", LANGUAGE_HOST)),
    ],
    ["does not run", (copy) => writeFileSync(path.join(copy, "bin", "pulumi"), "#!/bin/sh\nexit 3\n")],
    ["is another version", (copy) => writeExecutables(path.join(copy, "bin"), ["pulumi"], "3.258.0")],
  ])("is made again when it %s", async (_, damage) => {
    await machine.find();
    damage(machine.copy);
    expect(await machine.find()).toMatchObject({ how: "go" });
    expect(await machine.find()).toMatchObject({ how: "cache" });
  });

  it("is never half a build: what failed leaves nothing", async () => {
    const build = async ({ folder }: { folder: string }) => {
      writeExecutables(folder, ["pulumi"]);
      throw new Error("disk full");
    };
    await expect(machine.find({ build })).rejects.toThrow("disk full");
    expect(readdirSync(machine.cacheDir)).toEqual([]);
  });

  it("loses what a killed run left half-built", async () => {
    // No process has this number: it is above the limit of every system.
    const abandoned = `${machine.copy}.partial-99999999-abc`;
    mkdirSync(abandoned, { recursive: true });
    await machine.find();
    expect(existsSync(abandoned)).toBe(false);
  });

  it("is outside the repository, and where the user says", () => {
    expect(defaultCacheDir({ HOGFLOW_ENGINE_CACHE: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
    expect(defaultCacheDir({ XDG_CACHE_HOME: "/b" })).toBe("/b/pulumi-hogflow/engine");
    expect(defaultCacheDir({ XDG_CACHE_HOME: "relative" })).toMatch(/\.cache\/pulumi-hogflow\/engine$/);
  });
});

describe("made", () => {
  it("is the official download where that works", async () => {
    const download = async ({ root }: { root: string }) => writeExecutables(path.join(root, "bin"));
    expect(await machine.find({ download })).toMatchObject({ how: "download" });
    expect(machine.calls).toEqual([]);
  });

  it("gives the chance to install packages before the download, and only then", async () => {
    const beforeDownload = async () => void machine.calls.push("packages");
    await machine.find({ beforeDownload });
    await machine.find({ beforeDownload });
    expect(machine.calls).toEqual(["packages", "download", "build"]);
  });

  it("says why each way failed, and what to install", async () => {
    machine.addToPath(EXECUTABLES, "3.100.0");
    // The real build step, on a PATH without Go.
    const error = await machine.find({ build: undefined }).then(
      () => undefined,
      (thrown: EngineNotFound) => thrown,
    );
    expect(error).toBeInstanceOf(EngineNotFound);
    expect(error?.attempts.map(({ way }) => way)).toEqual([
      "PATH",
      `cache ${machine.copy}`,
      "official download",
      "build from Go modules",
    ]);
    for (const part of ["3.100.0, older than 3.216.0", "nothing there", "refused", "no Go on PATH", "Install Pulumi"]) {
      expect(error?.message).toContain(part);
    }
  });
});

describe("its environment", () => {
  it("has nothing of the user's Pulumi and PostHog", () => {
    const env = engineEnv("/engine", {
      home: "/home",
      backendDir: "/state dir",
      passphrase: "p",
      base: { PATH: "/usr/bin", PULUMI_ACCESS_TOKEN: "t", POSTHOG_API_KEY: "k", LANG: "C" },
      extra: { POSTHOG_HOST: "http://127.0.0.1:1" },
    });
    expect(env).toMatchObject({
      PATH: `/engine${path.delimiter}/usr/bin`,
      LANG: "C",
      POSTHOG_HOST: "http://127.0.0.1:1",
    });
    expect(env).not.toHaveProperty("PULUMI_ACCESS_TOKEN");
    expect(env).not.toHaveProperty("POSTHOG_API_KEY");
    expect(env["PULUMI_BACKEND_URL"]).toBe("file:///state%20dir");
  });
});
