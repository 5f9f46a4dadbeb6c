// The archives of the plugin, for every platform: what is in them, as tar reads it, and that they hold nothing of the machine that made them. What the engine does
// with one, test/engine/plugin-install.test.ts shows.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveFiles, archiveName, PLATFORMS, tarball } from "../../tools/plugin-archive.mjs";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "hogflow archive-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A built package, and a Node that prints what it is started with. */
function source(platform: string, folder = root) {
  const node = path.join(folder, "some-node");
  const license = path.join(folder, "license-of-node");
  mkdirSync(path.join(folder, "dist/plugin"), { recursive: true });
  const files = {
    LICENSE: "Ours\n",
    "dist/plugin/pulumi-resource-hogflow": "script\n",
    "dist/plugin/LICENSES.txt": "grpc 1\n\nTheirs\n",
    "some-node": '#!/bin/sh\nprintf "%s\\n" "$@"\n',
    "license-of-node": "Node's\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return { platform, folder, node, license };
}

function unpacked(platform: string): { folder: string; listing: string[] } {
  const archive = path.join(root, archiveName("1.2.3", platform));
  const folder = path.join(root, "un packed");
  writeFileSync(archive, tarball(archiveFiles(source(platform))));
  mkdirSync(folder);
  execFileSync("tar", ["xzf", archive, "-C", folder]);
  const listing = execFileSync("tar", ["tvzf", archive], { encoding: "utf8", env: { ...process.env, TZ: "UTC" } });
  return { folder, listing: listing.trim().split("\n") };
}

it("are named as the engine asks for them", () => {
  expect(PLATFORMS.map((platform: string) => archiveName("1.2.3-rc.1", platform))).toEqual([
    "pulumi-resource-hogflow-v1.2.3-rc.1-linux-amd64.tar.gz",
    "pulumi-resource-hogflow-v1.2.3-rc.1-linux-arm64.tar.gz",
    "pulumi-resource-hogflow-v1.2.3-rc.1-darwin-amd64.tar.gz",
    "pulumi-resource-hogflow-v1.2.3-rc.1-darwin-arm64.tar.gz",
    "pulumi-resource-hogflow-v1.2.3-rc.1-windows-amd64.tar.gz",
    "pulumi-resource-hogflow-v1.2.3-rc.1-windows-arm64.tar.gz",
  ]);
});

describe.each(PLATFORMS)("the one for %s", (platform: string) => {
  const isWindows = platform.startsWith("windows");

  it("has what the engine starts, what that starts, and every licence", () => {
    const { folder, listing } = unpacked(platform);
    const executable = isWindows ? ["pulumi-resource-hogflow.cmd", "node.exe"] : ["pulumi-resource-hogflow", "node"];
    const [launcher, node] = executable;
    expect(listing.map((line) => line.split(/\s+/).at(-1))).toEqual([
      launcher,
      "plugin.cjs",
      node,
      "LICENSE",
      "LICENSES.txt",
    ]);
    for (const line of listing) {
      expect(line).toMatch(executable.some((name) => line.endsWith(name!)) ? /^-rwxr-xr-x/ : /^-rw-r--r--/);
      expect(line).toMatch(/\b0\/0\b|\broot +root\b|\b0 +0\b/);
      expect(line).toMatch(/1985/);
    }
    const text = (name: string): string => readFileSync(path.join(folder, name), "utf8");
    expect([text("plugin.cjs"), text("LICENSE")]).toEqual(["script\n", "Ours\n"]);
    expect(text("LICENSES.txt")).toMatch(/^grpc 1\n\nTheirs\n\n-+\n\nNode\.js\n\nNode's\n$/);
    expect(text(node!)).toBe(readFileSync(path.join(root, "some-node"), "utf8"));
    if (isWindows) expect(text(launcher!)).toBe('@"%~dp0node.exe" "%~dp0plugin.cjs" %*\r\n');
  });

  it.skipIf(isWindows)("starts the Node beside it, with nothing on PATH, and passes on what the engine says", () => {
    const { folder } = unpacked(platform);
    const said = execFileSync(path.join(folder, "pulumi-resource-hogflow"), ["127.0.0.1:5000", "a b"], {
      cwd: "/",
      env: { PATH: "" },
      encoding: "utf8",
    });
    expect(said.trim().split("\n")).toEqual([path.join(folder, "plugin.cjs"), "127.0.0.1:5000", "a b"]);
  });

  it("is the same for the same files, wherever they are and however old", () => {
    const first = source(platform);
    const second = source(platform, path.join(root, "elsewhere"));
    utimesSync(second.node, 0, 0);
    expect(tarball(archiveFiles(second)).equals(tarball(archiveFiles(first)))).toBe(true);
    writeFileSync(second.license, "Another\n");
    expect(tarball(archiveFiles(second)).equals(tarball(archiveFiles(first)))).toBe(false);
  });
});

describe("the command", () => {
  const run = (...args: string[]): string => {
    const command = path.resolve(import.meta.dirname, "../../tools/plugin-archive.mjs");
    try {
      return execFileSync(process.execPath, [command, "--package", root, "--out", root, ...args], {
        encoding: "utf8",
        stdio: "pipe",
      });
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  };

  it("makes one of a package that is built, and says how to install it", () => {
    const { node, license } = source("windows-arm64");
    writeFileSync(path.join(root, "package.json"), JSON.stringify({ version: "1.2.3" }));
    const file = path.join(root, archiveName("1.2.3", "windows-arm64"));
    expect(run("--platform", "windows-arm64", "--node", node, "--license", license)).toContain(
      `pulumi plugin install resource hogflow 1.2.3 --file ${file}\n`,
    );
    expect(readFileSync(file).equals(tarball(archiveFiles(source("windows-arm64"))))).toBe(true);
  });

  it("refuses a platform that Pulumi has no plugins for, a Node of another one, and a Node without its licence", () => {
    const { node } = source("linux-amd64");
    expect(run("--platform", "linux-arm")).toContain(
      "There is no archive for linux-arm: Pulumi downloads plugins for linux-amd64,",
    );
    const other = process.platform === "darwin" ? "linux-amd64" : "darwin-amd64";
    expect(run("--platform", other)).toContain(`Give an executable of Node for ${other} with --node.`);
    rmSync(path.join(root, "LICENSE"));
    expect(run("--node", node)).toContain("Give its file with --license.");
  });
});
