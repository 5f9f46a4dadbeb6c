// A machine made of temporary folders: a PATH, a cache, and steps that count instead of building.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ENGINE_VERSION, findEngine, type FindEngineOptions } from "../../../tools/engine/find.mjs";

export const EXECUTABLES = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
/** What a build has besides: the launcher of that name starts it. */
export const LANGUAGE_HOST = "pulumi-language-nodejs-host";
export const BUILT = [...EXECUTABLES, LANGUAGE_HOST];

export interface Machine {
  root: string;
  cacheDir: string;
  /** Where this version's copy is kept. */
  copy: string;
  lines: string[];
  calls: string[];
  /** A folder on PATH with these executables; each answers to `version` with the given one. */
  addToPath(names: string[], version?: string): string;
  /** Runs findEngine; download is refused and build works, unless said otherwise. */
  find(options?: FindEngineOptions): ReturnType<typeof findEngine>;
  dispose(): void;
}

export function createMachine(): Machine {
  const root = mkdtempSync(path.join(os.tmpdir(), "hogflow-machine-"));
  const cacheDir = path.join(root, "cache");
  const folders: string[] = [];
  const machine: Machine = {
    root,
    cacheDir,
    copy: path.join(cacheDir, `${ENGINE_VERSION}-${process.platform}-${process.arch}`),
    lines: [],
    calls: [],
    addToPath(names, version = ENGINE_VERSION) {
      const folder = path.join(root, `bin-${folders.length}`);
      folders.push(folder);
      writeExecutables(folder, names, version);
      return folder;
    },
    find: (options = {}) =>
      findEngine({
        log: (line) => machine.lines.push(line),
        env: { PATH: folders.join(path.delimiter) },
        cacheDir,
        download: async () => {
          machine.calls.push("download");
          throw new Error("refused");
        },
        build: async ({ folder }) => {
          machine.calls.push("build");
          writeExecutables(folder, BUILT);
        },
        ...options,
      }),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
  return machine;
}

export function writeExecutables(folder: string, names = EXECUTABLES, version = ENGINE_VERSION): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\necho v${version}\n`);
    chmodSync(path.join(folder, name), 0o755);
  }
}
