// What a user gets who has made a mistake: said in preview wherever it can be known there, all at once, and with a way on.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { Stack } from "../support/engine";
import { delay, email, eventTrigger, exit, flow, mailing, program, stackFor, untidy, webhook } from "../support/flows";

let emulator: Emulator;
let stack: Stack;

beforeAll(async () => {
  emulator = await startEmulator({
    keys: [
      { key: "phx_test" },
      { key: "phx_readonly", scopes: ["hog_flow:read"] },
      { key: "phx_noperson", scopes: ["hog_flow:write"] },
    ],
  });
  stack = await stackFor(emulator, { key: null, program: program(flow("welcome", mailing())) });
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

describe("without a key", () => {
  it("previews from an empty stack, and asks PostHog nothing", async () => {
    const preview = await stack.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toContain("2 to create");
    expect(untidy(preview.output)).toEqual([]);
  });

  it("is told by up where the key goes", async () => {
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.output).toContain("POSTHOG_API_KEY");
    expect(up.output).toContain("pulumi config set --secret posthog:apiKey");
    expect(up.output).toContain("hog_flow:write");
    expect(untidy(up.output)).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });

  it("previews with and without changes once the stack is up", async () => {
    const up = await stack.up([], { env: { POSTHOG_API_KEY: "phx_test" } });
    expect(up.code, up.output).toBe(0);
    emulator.clearRequests();
    const same = await stack.preview(["--expect-no-changes"]);
    expect(same.code, same.output).toBe(0);
    await stack.writeProgram(program(flow("welcome", mailing("Hello"))));
    const changed = await stack.preview(["--diff"]);
    expect(changed.code, changed.output).toBe(0);
    expect(changed.output).toContain("1 to update");
    expect(changed.output).toMatch(/subject: "Welcome"\s+=> "Hello"/);
    expect(emulator.requests).toEqual([]);
  });
});

describe("a definition with several mistakes", () => {
  it("shows all of them in one preview, each with its path, its step and its remedy", async () => {
    const actions = {
      trigger_node: eventTrigger("paus"),
      pause: { ...delay("mail", "1 hour"), descripton: "typo" },
      mail: email("window"),
      window: { type: "wait_until_time_window", name: "Office hours", config: { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berln" }, next: "exit_node" },
      loose: { ...delay("exit_node"), onErorr: "abort", config: { delayDuration: 5 } },
      exit_node: { ...exit, surprise: true },
    };
    const code = `description: \`See \${welcome.url}\`, exitCondition: 7, emailSendingRateLimits: {}`;
    await stack.writeProgram(program(flow("welcome", mailing()), flow("wrong", { actions }, code)));
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(untidy(preview.output)).toEqual([]);
    const problems = problemsIn(preview.output);
    expect(problems).toEqual({});
  });
});

/** The reasons of a preview by property. */
function problemsIn(output: string): Record<string, string> {
  console.log(output);
  return Object.fromEntries([...output.matchAll(/property (\S+) value .*? has a problem: (.*)/g)].map(([, path, reason]) => [path, reason!]));
}
