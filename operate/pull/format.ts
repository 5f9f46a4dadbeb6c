// Pulled programs in the layout of the project that they are written into: where it formats its code by prettier, by that prettier and its settings.
// Prettier is the project's own; this package has none.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { isDict, own } from "../../definition/canonical/values";
import { readTextFile } from "../../definition/text-file";
import type { PulledFlow } from "./program";

/** Programs as the project formats its own, and what did that. */
export interface Formatted {
  flows: PulledFlow[];
  /** What laid the programs out, such as `prettier 3.6.2`; absent where it was this package. */
  formatter?: string;
  /** Why the project's prettier was not used although it has one. */
  note?: string;
}

/** What is used of prettier 2 and 3. */
interface Prettier {
  version: string;
  resolveConfigFile(file: string): Promise<string | null>;
  resolveConfig(file: string, options: { editorconfig: boolean; useCache: boolean }): Promise<object | null>;
  format(text: string, options: object): string | Promise<string>;
}

/**
 * Pulled programs as the project formats its own: by its prettier, with its configuration and its `.editorconfig`, where the project has a configuration
 * or names prettier in a package.json. Otherwise, and where that prettier fails, they stay as they are, which is as prettier lays code out in 140 columns.
 * Bodies of e-mails are never touched.
 *
 * @param cwd Folder that the paths of the files are relative to.
 * @example
 * ```ts
 * const { flows } = await formatPulled(await pullFlows(client), { cwd: process.cwd() });
 * await writePulled(flows, { cwd: process.cwd() });
 * ```
 */
export async function formatPulled(flows: readonly PulledFlow[], { cwd }: { cwd: string }): Promise<Formatted> {
  const given = { flows: [...flows] };
  const first = flows[0]?.files[0];
  if (first === undefined) return given;
  try {
    const prettier = prettierOf(path.resolve(cwd, first.path));
    if (prettier === undefined || !(await isUsed(prettier, path.resolve(cwd, first.path)))) return given;
    return {
      flows: await Promise.all(flows.map((flow) => formatted(flow, cwd, prettier))),
      formatter: `prettier ${prettier.version}`,
    };
  } catch (error) {
    return {
      ...given,
      note: `The project's prettier could not be used, so the programs have the layout of hogflow: ${String((error as Error).message ?? error).split("\n")[0]}`,
    };
  }
}

/** The prettier that a file at this place would find. */
function prettierOf(file: string): Prettier | undefined {
  const load = createRequire(file);
  try {
    load.resolve("prettier");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
  return load("prettier") as Prettier;
}

/** Other packages bring prettier along; it is the project's formatter where the project says so. */
async function isUsed(prettier: Prettier, file: string): Promise<boolean> {
  if ((await prettier.resolveConfigFile(file)) !== null) return true;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const names = path.join(folder, "package.json");
    if (existsSync(names) && namesPrettier(readTextFile(names))) return true;
    if (folder === path.dirname(folder)) return false;
  }
}

function namesPrettier(packageJson: string): boolean {
  const content: unknown = JSON.parse(packageJson);
  return ["dependencies", "devDependencies"].some(
    (key) => isDict(own(content, key)) && own(own(content, key), "prettier") !== undefined,
  );
}

async function formatted(flow: PulledFlow, cwd: string, prettier: Prettier): Promise<PulledFlow> {
  const files = flow.files.map(async ({ path: name, text }) => {
    if (!name.endsWith(".ts")) return { path: name, text };
    const file = path.resolve(cwd, name);
    const config = await prettier.resolveConfig(file, { editorconfig: true, useCache: false });
    return { path: name, text: await prettier.format(text, { ...config, filepath: file }) };
  });
  return { ...flow, files: await Promise.all(files) };
}
