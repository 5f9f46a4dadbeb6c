// The order in which an engine is looked for, and what is said when there is none.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultCacheDir, ENGINE_VERSION, engineEnv, EngineNotFound } from "../../../tools/engine/find.mjs";
import { createMachine, EXECUTABLES, LANGUAGE_EXECUTABLES, writeExecutables, type Machine } from "./support";

const languages = true;

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
    for (const name of ["pulumi-resource-pulumi-nodejs", "dynamic-provider.cjs"]) {
      expect(readFileSync(path.join(folder, name)), name).toEqual(
        readFileSync(new URL(`../../../tools/engine/launcher/${name}`, import.meta.url)),
      );
    }
  });

  it.each<[string, (copy: string) => void]>([
    ["has no mark of completeness", (copy) => rmSync(path.join(copy, "engine.json"))],
    ["lacks a part", (copy) => rmSync(path.join(copy, "bin", "pulumi-language-nodejs"))],
    [
      "has a shim without the language host that it starts",
      (copy) => rmSync(path.join(copy, "bin", "pulumi-language-nodejs-host")),
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

  it("loses a copy that nobody has used for months, and no other", async () => {
    const [unused, used] = ["3.1.0-unused", "3.1.0-used"].map((name) => path.join(machine.cacheDir, name));
    for (const folder of [unused!, used!]) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, "engine.json"), "{}");
    }
    const then = new Date(Date.now() - 90 * 24 * 60 * 60_000);
    utimesSync(path.join(unused!, "engine.json"), then, then);
    await machine.find();
    expect([existsSync(unused!), existsSync(used!)]).toEqual([false, true]);
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

describe("for programs in other languages", () => {
  it("takes a pulumi on PATH only with the parts for them", async () => {
    const folder = machine.addToPath([...EXECUTABLES, ...LANGUAGE_EXECUTABLES]);
    expect(await machine.find({ languages })).toMatchObject({ folder, how: "path" });
    rmSync(path.join(folder, "pulumi-language-yaml"));
    expect(await machine.find({ languages })).toMatchObject({ how: "go" });
    expect(machine.lines[0]).toContain("comes without pulumi-language-yaml");
    expect(await machine.find()).toMatchObject({ folder, how: "path" });
  });

  it("builds the parts for them once, beside an engine that is there", async () => {
    await machine.find();
    const { folder } = await machine.find({ languages });
    for (const name of LANGUAGE_EXECUTABLES) expect(existsSync(path.join(folder, name)), name).toBe(true);
    await machine.find({ languages });
    expect(machine.calls).toEqual(["download", "build", "build languages"]);
    expect(readdirSync(machine.cacheDir)).toEqual([path.basename(machine.copy)]);
  });

  it.each<[string, (copy: string) => void]>([
    ["their recipe is another", (copy) => writeFileSync(path.join(copy, "languages.json"), '{ "recipe": "older" }')],
    ["one is missing", (copy) => rmSync(path.join(copy, "bin", "pulumi-language-go-host"))],
  ])("builds only them again when %s", async (_, damage) => {
    await machine.find({ languages });
    damage(machine.copy);
    await machine.find({ languages });
    await machine.find({ languages });
    expect(machine.calls).toEqual(["download", "build", "build languages", "build languages"]);
  });

  it("says what could not be built, and leaves the engine as it is", async () => {
    await machine.find();
    const build = async () => {
      throw new Error("no Go");
    };
    await expect(machine.find({ languages, build })).rejects.toThrow(
      "What programs in YAML, Python and Go need cannot be built: no Go",
    );
    expect(await machine.find()).toMatchObject({ how: "cache" });
  });

  it("takes the download, which has all parts", async () => {
    const download = async ({ root }: { root: string }) =>
      writeExecutables(path.join(root, "bin"), [...EXECUTABLES, ...LANGUAGE_EXECUTABLES]);
    expect(await machine.find({ languages, download })).toMatchObject({ how: "download" });
    expect(await machine.find({ languages })).toMatchObject({ how: "cache" });
    expect(machine.calls).toEqual([]);
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
