// A machine made of temporary folders: a PATH, a cache, and steps that count instead of building.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ENGINE_VERSION, findEngine, type FindEngineOptions } from "../../../tools/engine/find.mjs";
import { ENGINE_RECIPE, EXECUTABLES, recipeKey, type Recipe } from "../../../tools/engine/recipe.mjs";

export { EXECUTABLES, LANGUAGE_EXECUTABLES } from "../../../tools/engine/recipe.mjs";

/** What a build by this recipe leaves. */
export const builtBy = ({ modules, shims, copies }: Recipe): string[] => [
  ...modules.map(({ executable }) => executable),
  ...shims,
  ...copies.map(({ file }) => path.basename(file)),
];

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
    copy: path.join(cacheDir, `${ENGINE_VERSION}-${process.platform}-${process.arch}-${recipeKey(ENGINE_RECIPE)}`),
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
        build: async ({ recipe, folder }) => {
          machine.calls.push(recipe === ENGINE_RECIPE ? "build" : "build languages");
          writeExecutables(folder, builtBy(recipe));
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
