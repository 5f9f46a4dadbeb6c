// How the plugin comes to a machine, from the archive that a release has: from a file, from the address of a release, and by itself, because every
// registration says which version it needs and where that is. And what a new version of the package does to a stack: nothing.
import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import manifest from "../../package.json";
import { bundlePlugin } from "../../tools/build.mjs";
import type { CommandResult, Stack } from "../support/engine";
import { flow, mailing, program, stackFor } from "../support/flows";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const { version } = manifest;
const PLATFORM = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
const ARCHIVE = `pulumi-resource-hogflow-v${version}-${PLATFORM}.tar.gz`;
const DOWNLOAD = `/v${version}/${ARCHIVE}`;
const RELEASES = "https://github.com/acme/hogflow/releases/download";

let root: string;
/** The package as it is published. */
let published: string;
let emulator: Emulator;
let archive: Buffer;
let stack: Stack;

/** A web server with the archive, where a release would have it. */
let server: Server;
let address: string;
let downloads: string[] = [];

const succeeds = (result: CommandResult): void => expect(result.code, result.output).toBe(0);
const install = (...args: string[]): Promise<CommandResult> =>
  stack.run(["plugin", "install", "resource", "hogflow", version, ...args]);
const providers = async (): Promise<any[]> =>
  (await stack.exportState()).deployment.resources.filter(({ type }: any) => type === "pulumi:providers:hogflow");

/** A stack whose package is of this version, and of a repository, as a published one is. Nothing names the plugin. */
async function publishedStack(env: Record<string, string> = {}): Promise<void> {
  stack = await stackFor(emulator, {
    program: program(flow("welcome", { ...mailing(), status: "active" })),
    config: { "posthog:provider": "plugin" },
    env: {
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "false",
      // What the network would answer for the release.
      PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES: `^${RELEASES}/(.+)=${address}/$1`,
      ...env,
    },
  });
  const folder = path.join(stack.dir, "node_modules/pulumi-hogflow");
  rmSync(folder, { recursive: true });
  cpSync(published, folder, { recursive: true });
}

/** Makes the package in a folder one of this version. */
async function publish(folder: string, as: string): Promise<void> {
  const repository = { type: "git", url: "git+https://github.com/acme/hogflow.git" };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ ...manifest, version: as, repository }));
  await bundlePlugin(path.join(folder, "dist"), { version: as, repository });
}

/** Only this in PATH, beside what the system has: no Node. */
function withoutNode(): { env: Record<string, string> } {
  const bin = path.join(root, "bin");
  mkdirSync(bin, { recursive: true });
  return { env: { PATH: bin } };
}

beforeAll(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), "hogflow-install-"));
  // This machine's Node may have come without its licence.
  const license = path.join(REPOSITORY, "LICENSE");
  const command = path.join(REPOSITORY, "tools/plugin-archive.mjs");
  execFileSync(process.execPath, [command, "--out", root, "--license", license]);
  archive = readFileSync(path.join(root, ARCHIVE));
  published = path.join(root, "package");
  cpSync(path.join(REPOSITORY, "dist"), path.join(published, "dist"), { recursive: true });
  await publish(published, version);
  emulator = await startEmulator();
  server = createServer((request, response) => {
    downloads.push(request.url!);
    if (request.url === DOWNLOAD) response.end(archive);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 300_000);
afterAll(async () => {
  await emulator?.stop();
  server?.close();
  if (root) rmSync(root, { recursive: true, force: true });
});
afterEach(async () => {
  await stack?.dispose();
  downloads = [];
});

it("from a file: it serves the stack, on a machine without Node, too", async () => {
  await publishedStack({ PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" });
  succeeds(await install("--file", path.join(root, ARCHIVE)));
  succeeds(await stack.up());
  expect(emulator.flows()).toMatchObject([{ name: "welcome", status: "active" }]);
  // The program needs Node, and a refresh needs no program.
  succeeds(await stack.refresh(["--expect-no-changes"], withoutNode()));
  succeeds(await stack.destroy([], withoutNode()));
  expect(emulator.flows()).toEqual([]);
  expect(downloads).toEqual([]);
});

it("from the folder in the npm package, for a machine without a network", async () => {
  await publishedStack({ PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" });
  succeeds(await install("--file", "node_modules/pulumi-hogflow/dist/plugin"));
  succeeds(await stack.preview());
});

it("from the address of a release, unless the checksum is another one", async () => {
  await publishedStack();
  const release = ["--server", `${RELEASES}/v${version}`];
  const offline = { env: { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } };
  const { code, output } = await install(...release, "--checksum", "0".repeat(64));
  expect(code).not.toBe(0);
  expect(output).toContain("invalid checksum");
  expect((await stack.preview([], offline)).output).toContain("no resource plugin 'pulumi-resource-hogflow' found");
  // The right one is refused, too, over HTTP/1.1, which no release is served by: docs/internals/pulumi-plugin.md.
  succeeds(await install(...release));
  expect(new Set(downloads)).toEqual(new Set([DOWNLOAD]));
  succeeds(await stack.preview([], offline));
});

describe("by itself", () => {
  it("where it is missing: for a program, and for a refresh without one", async () => {
    await publishedStack();
    succeeds(await stack.up());
    expect(downloads).toEqual([DOWNLOAD]);
    rmSync(path.join(stack.home, "plugins"), { recursive: true });
    succeeds(await stack.refresh(["--expect-no-changes"], withoutNode()));
    expect(downloads).toHaveLength(2);
    succeeds(await stack.destroy());
  });

  it("and where that fails, the engine says how to install it", async () => {
    await publishedStack({ PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES: `^${RELEASES}/(.+)=${address}/no-such-release/$1` });
    const { code, output } = await stack.preview();
    expect(code).not.toBe(0);
    expect(output).toContain(`pulumi plugin install resource hogflow v${version} --server ${RELEASES}/v${version}`);
  });
});

it("for SDKs of other languages, whose schema has version and address, too", async () => {
  await publishedStack();
  const { code, stdout, stderr } = await stack.run([
    "package",
    "get-schema",
    "node_modules/pulumi-hogflow/dist/plugin/pulumi-resource-hogflow",
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toMatchObject({ version, pluginDownloadURL: `${RELEASES}/v${version}` });
});

describe("a stack whose package names the plugin in Pulumi.yaml", () => {
  const named = { plugins: { providers: [{ name: "hogflow", path: "node_modules/pulumi-hogflow/dist/plugin" }] } };
  /** Nothing changes, nothing is asked of PostHog, nothing is downloaded, and nobody complains. */
  const unchanged = async (): Promise<void> => {
    emulator.clearRequests();
    const { steps } = await stack.previewJson();
    expect(steps.filter(({ op }) => op !== "same")).toEqual([]);
    const result = await stack.up(["--expect-no-changes"]);
    succeeds(result);
    expect(result.output).not.toMatch(/warning/i);
    expect([emulator.requests, downloads]).toEqual([[], []]);
  };

  it("stays as it is with a new version, and with the state of a version that did not say its own", async () => {
    await publishedStack();
    const yaml = path.join(stack.dir, "Pulumi.yaml");
    writeFileSync(yaml, JSON.stringify({ ...JSON.parse(readFileSync(yaml, "utf8")), ...named }));
    succeeds(await stack.up());
    const [{ urn: first }] = await providers();
    await publish(path.join(stack.dir, "node_modules/pulumi-hogflow"), "9.0.0");
    await unchanged();
    const [{ urn: second, inputs }] = await providers();
    expect(second).not.toBe(first);
    expect(inputs).toMatchObject({ version: "9.0.0", __internal: { pluginDownloadURL: `${RELEASES}/v9.0.0` } });
    // As it was before registrations said a version: the name of the provider was that of all.
    const older = second.replace(/::[^:]+(?:\/.*)?$/, "::default");
    const state = JSON.parse(JSON.stringify(await stack.exportState()).replaceAll(second, older));
    const provider = state.deployment.resources.find(({ urn }: any) => urn === older);
    for (const properties of [provider.inputs, provider.outputs]) {
      delete properties.version;
      delete properties.__internal;
    }
    succeeds(await stack.importState(state));
    expect((await providers()).map(({ urn }) => urn)).toEqual([older]);
    await unchanged();
    expect((await providers()).map(({ urn }) => urn)).toEqual([second]);
    succeeds(await stack.destroy());
    expect(emulator.flows()).toEqual([]);
  }, 300_000);
});
