// The project as a commit has it, in a temporary folder: `hogflow show --base` runs the program there. Nothing of the user's checkout changes, neither its files nor its index nor
// what Git notes of worktrees, and no hook runs.
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, realpath, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { nearest } from "../../definition/schema/names";
import { OperateError } from "../errors";
import { runGit, type GitOptions } from "../git";
import type { Workspace } from "../workspace";
import { linkPackages } from "./link-packages";

export interface BaseCheckout {
  /** Full hash of the commit. */
  commit: string;
  /** Folder of the project in it. Absent: the commit has no Pulumi project there. */
  projectDir?: string;
  /** The temporary folder that holds everything: paths in it are of no use to anybody. */
  root: string;
  /** What is not as it was, in sentences. */
  notes: string[];
  remove(): Promise<void>;
}

const PREFIX = "hogflow-base-";
/** What a killed run left is old enough to be its own after this, in milliseconds: other machines may share the folder. */
const LEFT_MS = 3_600_000;

/**
 * Checks out the commit where the current branch left `ref`: what others have added there since is no change of this branch.
 *
 * @throws OperateError without Git, outside of a repository, and for a ref that is not known.
 */
export async function checkOutBase(
  { dir, programDir, stack }: Workspace,
  ref: string,
  { env, signal }: Pick<GitOptions, "env" | "signal">,
): Promise<BaseCheckout> {
  const git: GitOptions = { cwd: dir, env, signal, why: "--base compares with a commit" };
  const top = await repositoryOf(dir, git);
  const { commit, hasMovedOn } = await commitOf(ref, git);
  await removeLeft();
  const root = await mkdtemp(path.join(await realpath(os.tmpdir()), `${PREFIX}${process.pid}-`));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    const tree = path.join(root, "tree");
    await mkdir(tree);
    const index = { ...git, env: { ...env, GIT_INDEX_FILE: path.join(root, "index") } };
    await runGit(["read-tree", "--no-sparse-checkout", commit], index);
    await runGit(["checkout-index", "--all", `--prefix=${tree}${path.sep}`], { ...index, cwd: top });
    const inTree = async (folder: string): Promise<string> =>
      path.join(tree, path.relative(top, await realpath(folder)));
    const notes = hasMovedOn
      ? [
          `${ref} has moved on since this branch left it: the page compares with ${commit.slice(0, 7)}, where they part.`,
        ]
      : [];
    const projectDir = await inTree(dir);
    if (!["Pulumi.yaml", "Pulumi.yml"].some((name) => existsSync(path.join(projectDir, name))))
      return { commit, root, notes, remove };
    notes.push(...(await linkPackages({ top, tree, folder: await realpath(programDir) })));
    await copyStackFile({ dir, projectDir, stack }, git);
    return { commit, projectDir, root, notes, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function repositoryOf(dir: string, git: GitOptions): Promise<string> {
  try {
    return await realpath(await runGit(["rev-parse", "--show-toplevel"], git));
  } catch (error) {
    if (!(error instanceof OperateError) || !error.message.includes("not a git repository")) throw error;
    throw new OperateError({
      what: `${dir} is not in a Git repository`,
      why: "--base compares with a commit",
      fix: "Leave out --base, or compare with a preview: --preview preview.json",
    });
  }
}

async function commitOf(ref: string, git: GitOptions): Promise<{ commit: string; hasMovedOn: boolean }> {
  const find = (name: string): Promise<string | undefined> =>
    name.startsWith("-")
      ? Promise.resolve(undefined)
      : runGit(["rev-parse", "--verify", "--quiet", `${name}^{commit}`], { ...git, mayFail: true });
  // A checkout in CI has the branches of the remote alone.
  const tip = (await find(ref)) ?? (await find(`refs/remotes/origin/${ref}`));
  if (tip === undefined) {
    const known = await runGit(["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags"], git);
    const near = nearest(ref, known.split("\n"));
    throw new OperateError({
      what: `Git does not know "${ref}" here`,
      why: "--base takes a branch, a tag or a commit",
      fix: near === undefined ? `Fetch it first: git fetch origin ${ref}` : `Did you mean ${near}?`,
    });
  }
  // A shallow clone may not know it.
  const parted = await runGit(["merge-base", tip, "HEAD"], { ...git, mayFail: true });
  return parted === undefined || parted === ""
    ? { commit: tip, hasMovedOn: false }
    : { commit: parted, hasMovedOn: parted !== tip };
}

/** The stack's configuration is not of the commit where Git ignores it. */
async function copyStackFile(
  { dir, projectDir, stack }: { dir: string; projectDir: string; stack: string | undefined },
  git: GitOptions,
): Promise<void> {
  if (stack === undefined) return;
  const name = stack.split("/").at(-1)!;
  for (const file of [`Pulumi.${name}.yaml`, `Pulumi.${name}.yml`]) {
    if (!existsSync(path.join(dir, file)) || existsSync(path.join(projectDir, file))) continue;
    if ((await runGit(["check-ignore", "--quiet", file], { ...git, cwd: dir, mayFail: true })) === undefined) continue;
    await copyFile(path.join(dir, file), path.join(projectDir, file));
  }
}

/** What runs that were killed have left. */
async function removeLeft(): Promise<void> {
  const folder = os.tmpdir();
  for (const name of await readdir(folder)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const { mtimeMs = Date.now() } = (await stat(path.join(folder, name)).catch(() => undefined)) ?? {};
    if (Date.now() - mtimeMs > LEFT_MS) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
