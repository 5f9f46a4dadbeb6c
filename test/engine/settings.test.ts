// `hogflow` with the settings of a real stack: the selected one, its encrypted key, keys by host.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow, type Ran } from "../support/command";
import { createStack, type Stack } from "../support/engine";

const KEY = "phx_encrypted_key";
let emulator: Emulator;
let stack: Stack;
let env: Record<string, string>;
beforeAll(async () => {
  emulator = await startEmulator({ keys: [{ key: KEY }] });
  stack = await createStack({
    config: { "posthog:host": emulator.url, "posthog:projectId": "1", "posthog:apiKey": { secret: KEY } },
  });
  const { POSTHOG_API_KEY: _, POSTHOG_HOST: __, POSTHOG_PROJECT_ID: ___, ...rest } = stack.env;
  env = rest;
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

const doctor = async (args: string[] = []): Promise<Ran & { verdicts: Record<string, string> }> => {
  const ran = await hogflow(["doctor", "--json", ...args], { cwd: stack.dir, env });
  expect(ran.stdout + ran.stderr).not.toContain(KEY);
  return {
    ...ran,
    verdicts: Object.fromEntries(JSON.parse(ran.stdout || "[]").map(({ name, verdict }: any) => [name, verdict])),
  };
};

it("takes the stack that is selected, asks Pulumi for what is encrypted, and finds nothing wrong", async () => {
  const ran = await doctor();
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  expect(new Set(Object.values(ran.verdicts))).toEqual(new Set(["ok"]));
  expect(ran.stdout).toMatch(/Pulumi 3\.\d+/);
});

it("the key of a host goes to that host alone", async () => {
  const set = await stack.run([
    "config",
    "set",
    "--stack",
    stack.stack,
    "--secret",
    "--path",
    "--non-interactive",
    'posthog:apiKeys["http://127.0.0.1:9"]',
    "phx_another_key",
  ]);
  expect(set.code, set.output).toBe(0);
  expect((await doctor()).code).toBe(0);
  // Nobody listens there, but a key is there for it.
  expect((await doctor(["--host", "http://127.0.0.1:9"])).verdicts).toMatchObject({ host: "failed", key: "skipped" });
  const foreign = await doctor(["--host", "http://127.0.0.1:10"]);
  expect(foreign.verdicts).toMatchObject({ key: "failed", host: "skipped" });
  expect(foreign.stdout).toContain("A key is never sent to another host");
});

it("a stack that does not exist, and a passphrase that is wrong, are told in Pulumi's words", async () => {
  const wrong = await hogflow(["doctor"], { cwd: stack.dir, env: { ...env, PULUMI_CONFIG_PASSPHRASE: "wrong" } });
  expect([wrong.code, wrong.stdout]).toEqual([1, ""]);
  expect(wrong.stderr).toMatch(/`pulumi config --json` failed: .*passphrase/s);
  const { code, stdout } = await hogflow(["doctor", "--stack", "nobody"], { cwd: stack.dir, env });
  expect(code).toBe(2);
  const doubt = `There is no Pulumi.nobody.yaml, and there is one for ${stack.stack}.`;
  expect(stdout).toContain(`There is no PostHog API key. ${doubt}`);
  expect(stdout).toContain(`There is no PostHog project. ${doubt} Name another stack with --stack, or set it with`);
  const elsewhere = { POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: "1", POSTHOG_API_KEY: KEY };
  const { stdout: known } = await hogflow(["doctor", "--stack", "nobody"], {
    cwd: stack.dir,
    env: { ...env, ...elsewhere },
  });
  expect(known).toMatch(/no stack named 'nobody' found\..* Name another stack with --stack: pulumi stack ls/);
});
