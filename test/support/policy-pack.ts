// A policy pack for the engine, in a folder of its own, with the repository's packages: an example, or a main file.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { engineFolder, linkPackages } from "./engine";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");

export interface PolicyPackFolder {
  dir: string;
  /** The flags of `pulumi preview` and `pulumi up`, with a configuration by the names of policies. */
  flags(config?: object): Promise<string[]>;
  dispose(): Promise<void>;
}

/** @param source A folder from the repository's root, or the text of index.js. */
export async function policyPack(source: { copyOf: string } | { main: string }): Promise<PolicyPackFolder> {
  const root = await mkdtemp(path.join(os.tmpdir(), "hogflow-pack-"));
  const dir = path.join(root, "pack");
  if ("copyOf" in source)
    await cp(path.resolve(REPOSITORY, source.copyOf), dir, {
      recursive: true,
      filter: (file) => path.basename(file) !== "node_modules",
    });
  else {
    await mkdir(dir);
    await writeFile(path.join(dir, "PulumiPolicy.yaml"), "runtime: nodejs\nversion: 0.0.1\n");
    await writeFile(
      path.join(dir, "package.json"),
      JSON.stringify({
        name: "pack",
        version: "0.0.1",
        dependencies: { "@pulumi/policy": "*", "pulumi-hogflow": "*" },
      }),
    );
    await writeFile(path.join(dir, "index.js"), source.main);
  }
  await linkPackages(dir);
  await forEngine(dir);
  let configs = 0;
  return {
    dir,
    async flags(config) {
      const flags = ["--policy-pack", dir];
      if (config === undefined) return flags;
      const file = path.join(root, `config-${(configs += 1)}.json`);
      await writeFile(file, JSON.stringify(config));
      return [...flags, "--policy-pack-config", file];
    },
    dispose: () => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

/** An engine that was built here has an older language host, which runs no packs: beside it is what runs them under another name. */
async function forEngine(dir: string): Promise<void> {
  const isBuiltHere = existsSync(path.join(await engineFolder(), "pulumi-language-nodejs-host"));
  if (!isBuiltHere) return;
  const file = path.join(dir, "PulumiPolicy.yaml");
  const text = await readFile(file, "utf8");
  const renamed = text.replace(/^runtime: nodejs$/m, "runtime: nodejs-pack");
  if (renamed === text) throw new Error(`${file} does not say "runtime: nodejs"`);
  await writeFile(file, renamed);
}
