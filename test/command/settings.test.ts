// Where a command has its settings from: the selected stack, --stack, PULUMI_STACK, the environment.
import { createHash } from "node:crypto";
import { mkdir, realpath, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it, vi } from "vitest";
import { hogflow } from "../support/command";
import { useLive } from "./live";

vi.setConfig({ testTimeout: 60_000 });
const live = useLive();

it("the stack's configuration is used, its plain values without `pulumi`; --stack and PULUMI_STACK choose", async () => {
  const files: Record<string, string> = {
    "Pulumi.yaml": `name: shop\nruntime: nodejs\nconfig:\n  posthog:host: ${live.emulator.url}\n`,
    "Pulumi.dev.yaml": "config:\n  posthog:projectId: 1\n",
    "Pulumi.other.yaml": 'config:\n  posthog:projectId: "77"\n',
    "Pulumi.locked.yaml": "config:\n  posthog:projectId: 1\n  posthog:apiKey:\n    secure: v1:abc\n",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(live.dir, name), text);
  const env = { POSTHOG_API_KEY: "phx_test", HOME: live.dir, PATH: path.dirname(process.execPath) };
  const list = (args: string[], more: Record<string, string> = {}) =>
    hogflow(["templates", "list", ...args, "--json"], { cwd: live.dir, env: { ...env, ...more } });
  const [dev, chosen, other, none, locked, withKey] = await Promise.all([
    list(["--stack", "dev"]),
    list([], { PULUMI_STACK: "dev" }),
    list(["--stack", "organization/shop/other"]),
    list([]),
    list(["--stack", "locked"], { POSTHOG_API_KEY: "" }),
    list(["--stack", "locked"]),
  ]);
  expect([dev.code, chosen.code, withKey.code]).toEqual([0, 0, 0]);
  expect(JSON.parse(other.stderr).error).toMatchObject({
    status: 404,
    message: expect.stringContaining("/projects/77/"),
  });
  expect(JSON.parse(none.stderr).error.message).toContain("There is no PostHog project");
  // What is encrypted only Pulumi can read.
  expect(JSON.parse(locked.stderr).error).toMatchObject({
    what: "The command `pulumi` was not found",
    why: expect.stringContaining("stack locked"),
  });
  for (const name of Object.keys(files)) await rm(path.join(live.dir, name));
});

it("of a stack that the plugin serves, the settings are those of its own package, with those of the dynamic provider behind them", async () => {
  const host = live.emulator.url;
  const files: Record<string, string> = {
    "Pulumi.yaml": `name: shop\nruntime: nodejs\nconfig:\n  posthog:host: ${host}\n`,
    "Pulumi.plugin.yaml":
      'config:\n  posthog:provider: plugin\n  posthog:projectId: "77"\n  hogflow:projectId: 1\n  hogflow:apiKey: phx_test\n',
    "Pulumi.dynamic.yaml": 'config:\n  posthog:projectId: "1"\n  hogflow:apiKey: phx_test\n',
    "Pulumi.locked.yaml":
      "config:\n  posthog:provider: plugin\n  posthog:projectId: 1\n  hogflow:apiKey:\n    secure: v1:abc\n",
  };
  const yaml = `name: shop\nruntime: yaml\nconfig:\n  hogflow:host: { value: ${host} }\n  hogflow:projectId: { value: "1" }\n`;
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(live.dir, name), text);
  const env = { HOME: live.dir, PATH: path.dirname(process.execPath) };
  const list = (stack: string, more: Record<string, string> = {}) =>
    hogflow(["templates", "list", "--stack", stack, "--json"], { cwd: live.dir, env: { ...env, ...more } });
  const [plugin, dynamic, locked] = await Promise.all(["plugin", "dynamic", "locked"].map((stack) => list(stack)));
  expect(plugin!.code, plugin!.stderr).toBe(0);
  expect(JSON.parse(dynamic!.stderr).error.message).toContain("There is no PostHog API key");
  expect(JSON.parse(locked!.stderr).error.why).toContain("stack locked");
  await writeFile(path.join(live.dir, "Pulumi.yaml"), yaml);
  const other = await list("none", { POSTHOG_API_KEY: "phx_test" });
  expect(other.code, other.stderr).toBe(0);
  for (const name of Object.keys(files)) await rm(path.join(live.dir, name));
});

it("messages name the settings as the provider of the stack reads them", async () => {
  const host = `  hogflow:host: ${live.emulator.url}\n  posthog:host: ${live.emulator.url}\n`;
  const files: Record<string, string> = {
    "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    "Pulumi.plugin.yaml": `config:\n  posthog:provider: plugin\n${host}`,
    "Pulumi.dynamic.yaml": `config:\n${host}`,
    "Pulumi.nowhere.yaml": "config:\n  posthog:provider: plugin\n  hogflow:host: ftp://example.com\n",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(live.dir, name), text);
  const env = { HOME: live.dir };
  const said = async (stack: string, more: Record<string, string> = {}): Promise<string> => {
    const { code, stderr } = await hogflow(["templates", "list", "--stack", stack], {
      cwd: live.dir,
      env: { ...env, ...more },
    });
    expect(code).toBe(1);
    return stderr;
  };
  const KEY = "pulumi config set --secret hogflow:apiKey";
  const PROJECT = "pulumi config set hogflow:projectId <number>";
  const withKey = { POSTHOG_API_KEY: "phx_test" };
  const inProject = { POSTHOG_PROJECT_ID: "1" };
  const [key, project, where, refused, otherKey, otherProject] = await Promise.all([
    said("plugin", inProject),
    said("plugin", withKey),
    said("nowhere", { ...withKey, ...inProject }),
    said("plugin", { POSTHOG_API_KEY: "phx_wrong", ...inProject }),
    said("dynamic", inProject),
    said("dynamic", withKey),
  ]);
  expect(key).toContain(KEY);
  expect(project).toContain(PROJECT);
  expect(where).toContain("Correct hogflow:host or POSTHOG_HOST");
  expect(refused).toContain("POSTHOG_API_KEY or `hogflow:apiKey`");
  expect(otherKey).toContain(KEY.replace("hogflow", "posthog"));
  expect(otherProject).toContain(PROJECT.replace("hogflow", "posthog"));
  await writeFile(path.join(live.dir, "Pulumi.yaml"), "name: shop\nruntime: yaml\n");
  expect(await said("dynamic", inProject)).toContain(KEY);
  for (const name of Object.keys(files)) await rm(path.join(live.dir, name));
});

it("a stack without a project, and a folder that does not exist, are named", async () => {
  const [stack, folder] = await Promise.all([
    hogflow(["templates", "list", "--stack", "dev"], { cwd: live.dir, env: live.env }),
    hogflow(["templates", "list", "--cwd", "nowhere"], { cwd: live.dir, env: live.env }),
  ]);
  expect(stack.code).toBe(1);
  expect(stack.stderr).toMatch(/Stack dev was not found\. There is no Pulumi\.yaml in .* --cwd/);
  expect(folder.stderr).toContain("There is no folder nowhere");
});

it("the selected stack is found as Pulumi keeps it, one choice a backend or, in older versions, one for all", async () => {
  const file = path.join(await realpath(live.dir), "Pulumi.yaml");
  await writeFile(file, `name: shop\nruntime: nodejs\nconfig:\n  posthog:host: ${live.emulator.url}\n`);
  await writeFile(path.join(live.dir, "Pulumi.dev.yaml"), "config:\n  posthog:projectId: 1\n");
  const home = path.join(live.dir, "pulumi-home");
  const kept = path.join(home, "workspaces", `shop-${createHash("sha1").update(file).digest("hex")}-workspace.json`);
  await mkdir(path.dirname(kept), { recursive: true });
  const code = async (choice: object, more: Record<string, string> = {}) => {
    await writeFile(kept, JSON.stringify(choice));
    return (
      await hogflow(["templates", "list"], {
        cwd: live.dir,
        env: { POSTHOG_API_KEY: "phx_test", PULUMI_HOME: home, ...more },
      })
    ).code;
  };
  expect(await code({ stack: "dev" })).toBe(0);
  expect(await code({ stacks: { "file:///a": "organization/shop/dev" } })).toBe(0);
  const two = { stacks: { "file:///a": "organization/shop/dev", "file:///b": "organization/shop/elsewhere" } };
  expect(await code(two, { PULUMI_BACKEND_URL: "file:///a" })).toBe(0);
  expect(await code(two, { PULUMI_BACKEND_URL: "file:///b" })).toBe(1);
  // Which of the two it is, nobody can tell.
  expect(await code(two)).toBe(1);
  await writeFile(path.join(home, "credentials.json"), JSON.stringify({ current: "file:///a" }));
  expect(await code(two)).toBe(0);
});
