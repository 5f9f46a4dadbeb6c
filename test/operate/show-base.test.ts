// The project as a commit has it, for `hogflow show --base`: a real repository, which stays as it is.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkOutBase, type BaseCheckout } from "../../operate/show/base-checkout";
import { openWorkspace } from "../../operate/workspace";

const env = {
  PATH: process.env["PATH"],
  HOME: os.tmpdir(),
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

let top: string;
const made: BaseCheckout[] = [];
beforeEach(async () => {
  top = realpathSync(await mkdtemp(path.join(os.tmpdir(), "hogflow-repository-")));
});
afterEach(async () => {
  await Promise.all(made.splice(0).map(({ remove }) => remove()));
  rmSync(top, { recursive: true, force: true });
});

const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "commit.gpgsign=false", ...args], { cwd: top, env, stdio: "pipe" })
    .toString()
    .trim();
const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(top, file)), { recursive: true });
  writeFileSync(path.join(top, file), text);
};
const commit = (message: string): string => {
  git("add", "--all");
  git("commit", "--quiet", "--message", message);
  return git("rev-parse", "HEAD");
};
const start = (): void => {
  git("init", "--quiet", "--initial-branch", "main");
  write(".gitignore", "node_modules\nPulumi.*.yaml\n");
  write("infra/Pulumi.yaml", "name: mails\nruntime: nodejs\n");
  write("infra/index.js", "// as main has it\n");
  commit("First");
};
const checkOut = async (ref: string, folder = "infra"): Promise<BaseCheckout> => {
  const base = await checkOutBase(openWorkspace({ cwd: path.join(top, folder), stack: "dev", env }), ref, { env });
  made.push(base);
  return base;
};

describe("the checkout of a base", () => {
  it("has the files of the commit, below the repository's root too, and leaves the user's own alone", async () => {
    start();
    git("checkout", "--quiet", "-b", "feature");
    write("infra/index.js", "// as the branch has it\n");
    commit("Second");
    write("infra/index.js", "// not committed\n");
    write("infra/staged.js", "");
    git("add", "infra/staged.js");
    const before = [git("status", "--porcelain"), git("branch", "--all"), readdirSync(path.join(top, ".git")).join()];

    const { projectDir, root, notes, remove } = await checkOut("main");
    expect(readFileSync(path.join(projectDir!, "index.js"), "utf8")).toBe("// as main has it\n");
    expect(existsSync(path.join(projectDir!, "staged.js"))).toBe(false);
    expect(notes).toEqual([]);
    expect(readFileSync(path.join(top, "infra/index.js"), "utf8")).toBe("// not committed\n");
    expect([git("status", "--porcelain"), git("branch", "--all"), readdirSync(path.join(top, ".git")).join()]).toEqual(
      before,
    );
    await remove();
    expect(existsSync(root)).toBe(false);
  });

  it("is where the branch left the base, which others have gone on with", async () => {
    start();
    const left = git("rev-parse", "HEAD");
    git("checkout", "--quiet", "-b", "feature");
    write("infra/mine.js", "");
    commit("Mine");
    git("checkout", "--quiet", "main");
    write("infra/theirs.js", "");
    commit("Theirs");
    git("checkout", "--quiet", "feature");
    const { commit: found, notes, projectDir } = await checkOut("main");
    expect(found).toBe(left);
    expect(existsSync(path.join(projectDir!, "theirs.js"))).toBe(false);
    expect(notes).toEqual([
      `main has moved on since this branch left it: the page compares with ${left.slice(0, 7)}, where they part.`,
    ]);
  });

  it("takes the remote's branch where there is no local one, a tag and a commit", async () => {
    start();
    const first = git("rev-parse", "HEAD");
    git("update-ref", "refs/remotes/origin/release", first);
    git("tag", "v1");
    write("infra/more.js", "");
    commit("More");
    for (const ref of ["release", "v1", first.slice(0, 10), "HEAD~1"])
      expect((await checkOut(ref)).commit, ref).toBe(first);
  });

  it("has no project where the commit has none", async () => {
    start();
    write("other/Pulumi.yaml", "name: other\nruntime: nodejs\n");
    expect((await checkOut("main", "other")).projectDir).toBeUndefined();
  });

  it("runs no hook of the repository", async () => {
    start();
    write(".git/hooks/post-checkout", `#!/bin/sh\ntouch ${path.join(top, "hook-ran")}\n`);
    execFileSync("chmod", ["+x", path.join(top, ".git/hooks/post-checkout")]);
    await checkOut("main");
    expect(existsSync(path.join(top, "hook-ran"))).toBe(false);
  });

  it("has the configuration of a stack that Git ignores, and not one that only the branch has", async () => {
    start();
    write("infra/Pulumi.dev.yaml", "config: {}\n");
    const { projectDir } = await checkOut("main");
    expect(existsSync(path.join(projectDir!, "Pulumi.dev.yaml"))).toBe(true);

    write(".gitignore", "node_modules\n");
    const { projectDir: without } = await checkOut("main");
    expect(existsSync(path.join(without!, "Pulumi.dev.yaml"))).toBe(false);
  });
});

describe("the packages of a base", () => {
  const found = (projectDir: string, name: string): string =>
    realpathSync(createRequire(path.join(projectDir, "index.js")).resolve(name));

  it("are those that are installed, in the project and above it", async () => {
    start();
    write("infra/node_modules/near/index.js", "");
    write("infra/node_modules/@scope/scoped/index.js", "");
    write("node_modules/far/index.js", "");
    const { projectDir } = await checkOut("main");
    for (const [name, file] of [
      ["near", "infra/node_modules/near/index.js"],
      ["@scope/scoped", "infra/node_modules/@scope/scoped/index.js"],
      ["far", "node_modules/far/index.js"],
    ] as const)
      expect(found(projectDir!, name)).toBe(path.join(top, file));
  });

  it("are those of the commit where they are the repository's own, with what they need themselves", async () => {
    start();
    write("mails/package.json", '{"name": "@shop/mails", "main": "index.js"}');
    write("mails/index.js", "// as main has it\n");
    commit("Mails");
    write("mails/index.js", "// changed\n");
    write("mails/node_modules/inner/index.js", "");
    mkdirSync(path.join(top, "node_modules/@shop"), { recursive: true });
    symlinkSync("../../mails", path.join(top, "node_modules/@shop/mails"));
    const { projectDir, notes } = await checkOut("main");
    const file = found(projectDir!, "@shop/mails");
    expect(readFileSync(file, "utf8")).toBe("// as main has it\n");
    expect(found(path.dirname(file), "inner")).toBe(path.join(top, "mails/node_modules/inner/index.js"));
    expect(notes).toEqual([]);
  });

  it("are today's where the repository's own are built, which is said", async () => {
    start();
    write(".gitignore", "node_modules\nbuilt\n");
    write("mails/package.json", '{"name": "mails", "main": "built/index.js"}');
    commit("Mails");
    write("mails/built/index.js", "");
    mkdirSync(path.join(top, "node_modules"));
    symlinkSync("../mails", path.join(top, "node_modules/mails"));
    const { projectDir, notes } = await checkOut("main");
    expect(found(projectDir!, "mails")).toBe(path.join(top, "mails/built/index.js"));
    expect(notes).toEqual(["The package mails is not built in the commit, so both sides have the one of today."]);
  });
});

describe("what cannot be compared with", () => {
  it("is a ref that Git does not know; a near one is named", async () => {
    start();
    await expect(checkOut("mian")).rejects.toThrow(/Git does not know "mian" here.*Did you mean main\?/s);
    await expect(checkOut("staging")).rejects.toThrow(/Fetch it first: git fetch origin staging/);
    await expect(checkOut("--output=x")).rejects.toThrow(/Git does not know "--output=x" here/);
  });

  it("is a folder without a repository", async () => {
    write("infra/Pulumi.yaml", "name: mails\nruntime: nodejs\n");
    await expect(checkOut("main")).rejects.toThrow(/is not in a Git repository/);
  });
});
