// Gives a checkout in another folder the packages of the project: links to what is installed. A package of the repository itself (a workspace) is that of the checkout, or a change of it
// would not show.
import { existsSync, realpathSync } from "node:fs";
import { mkdir, readdir, symlink, unlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

export interface LinkPackagesOptions {
  /** Root of the repository, as a real path. */
  top: string;
  /** Folder that holds the checkout, as `top` has it. */
  tree: string;
  /** Folder of the program in the repository, as a real path. */
  folder: string;
}

/** Links the packages that the program finds; what is not as it was comes back in sentences. */
export async function linkPackages({ top, tree, folder }: LinkPackagesOptions): Promise<string[]> {
  const notes: string[] = [];
  const linked = new Set<string>();

  /** All of one node_modules. */
  const linkAll = async (from: string, to: string): Promise<void> => {
    if (linked.has(to) || existsSync(to) || !existsSync(from)) return;
    linked.add(to);
    await mkdir(to, { recursive: true });
    for (const entry of await readdir(from, { withFileTypes: true })) {
      const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
      if (entry.name.startsWith("@") && entry.isDirectory()) {
        await mkdir(target);
        for (const name of await readdir(source)) await linkOne(path.join(source, name), path.join(target, name));
      } else if (!entry.isFile()) await linkOne(source, target);
    }
  };

  const linkOne = async (source: string, target: string): Promise<void> => {
    if (!existsSync(source)) return;
    const local = path.relative(top, realpathSync(source));
    const mine = path.join(tree, local);
    if (isOutside(local) || local.split(path.sep).includes("node_modules") || !existsSync(mine))
      return symlink(source, target, "junction");
    await symlink(mine, target, "junction");
    const name = packageName(source);
    if (resolves(target, name) || !resolves(source, name)) {
      await linkAll(path.join(top, local, "node_modules"), path.join(mine, "node_modules"));
      return;
    }
    // What its package.json names is built, and the commit does not have it.
    await unlink(target);
    await symlink(source, target, "junction");
    notes.push(`The package ${name} is not built in the commit, so both sides have the one of today.`);
  };

  for (let at = isOutside(path.relative(top, folder)) ? top : folder; ; at = path.dirname(at)) {
    await linkAll(path.join(at, "node_modules"), path.join(tree, path.relative(top, at), "node_modules"));
    if (at === top || at === path.dirname(at)) break;
  }
  const above = nearestAbove(top);
  if (above !== undefined) await symlink(above, path.join(path.dirname(tree), "node_modules"), "junction");
  return notes;
}

const isOutside = (relative: string): boolean =>
  relative === "" || relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);

/** Its last part, or two, of a scope. */
function packageName(folder: string): string {
  const [scope, name] = folder.split(path.sep).slice(-2);
  return scope!.startsWith("@") ? `${scope}/${name}` : name!;
}

/** Whether Node finds the file of the package that this link leads to. */
function resolves(link: string, name: string): boolean {
  try {
    createRequire(path.join(link.slice(0, link.length - name.length), "..", "index.js")).resolve(name);
    return true;
  } catch {
    return false;
  }
}

function nearestAbove(folder: string): string | undefined {
  for (let at = path.dirname(folder); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, "node_modules"))) return path.join(at, "node_modules");
    if (at === path.dirname(at)) return undefined;
  }
}
