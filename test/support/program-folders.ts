// Folders with Pulumi programs, in a temporary folder that finds the packages of this repository.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { build } from "../../tools/build.mjs";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const PACKAGES = ["@pulumi/pulumi", "typescript", "tsx", "@types/node"];

export interface ProgramFolder {
  /** Contents by path, besides Pulumi.yaml, Pulumi.dev.yaml and package.json, or in place of them. */
  files: Record<string, string>;
  /** Lines of Pulumi.yaml after the name. Default: Node. */
  pulumi?: string;
  packageJson?: object;
}

export interface ProgramFolders {
  root: string;
  /** Makes a folder, and answers with its path. */
  add(folder: ProgramFolder): Promise<string>;
  remove(): Promise<void>;
}

/** Builds this package, and makes the folder around. It is the root of a Git repository. */
export async function programFolders(): Promise<ProgramFolders> {
  await build();
  const root = await mkdtemp(path.join(os.tmpdir(), "hogflow-programs-"));
  const modules = path.join(root, "node_modules");
  await mkdir(path.join(modules, "@pulumi"), { recursive: true });
  await mkdir(path.join(modules, "@types"), { recursive: true });
  for (const name of PACKAGES)
    await symlink(path.join(REPOSITORY, "node_modules", name), path.join(modules, name), "junction");
  await symlink(REPOSITORY, path.join(modules, "pulumi-hogflow"), "junction");
  await mkdir(path.join(root, ".git"));
  let count = 0;
  return {
    root,
    async add({ files, pulumi = "runtime: nodejs", packageJson = {} }) {
      const dir = path.join(root, `p${(count += 1)}`);
      const all = {
        "Pulumi.yaml": `name: mails\n${pulumi}\n`,
        "package.json": JSON.stringify({ name: "mails", main: "index.js", ...packageJson }),
        "Pulumi.dev.yaml": 'config:\n  posthog:projectId: "1"\n',
        ...files,
      };
      for (const [name, text] of Object.entries(all)) {
        await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
        await writeFile(path.join(dir, name), text);
      }
      return dir;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
