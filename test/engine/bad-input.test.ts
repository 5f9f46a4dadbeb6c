// What a user gets who has made a mistake: said in preview wherever it can be known there, all at once, and with a way on.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { Stack } from "../support/engine";
import { delay, email, eventTrigger, exit, flow, mailing, program, stackFor, untidy, webhook } from "../support/flows";
import { saidKey } from "../support/transport";

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
    expect(up.output).toContain(`pulumi config set --secret ${saidKey("apiKey")}`);
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
      window: {
        type: "wait_until_time_window",
        name: "Office hours",
        config: { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berln" },
        next: "exit_node",
      },
      loose: { ...delay("exit_node"), onErorr: "abort", config: { delayDuration: 5 } },
      exit_node: { ...exit, surprise: true },
    };
    const code = `description: \`See \${welcome.url}\`, exitCondition: pulumi.secret("exit_on_conversions"), emailSendingRateLimits: {}`;
    await stack.writeProgram(program(flow("welcome", mailing()), flow("wrong", { actions }, code)));
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(untidy(preview.output)).toEqual([]);
    for (const problem of [
      'actions.trigger_node.next: there is no step "paus" (step "Trigger"). Did you mean "pause"?',
      'actions.pause.config.delayDuration: "1 hour" must be one number and one unit, such as 30s, 30m, 2h or 1.5d',
      "actions.pause.descripton: `descripton` is not a known key here",
      'actions.window.config.timezone: "Europe/Berln" is not a time zone of the IANA database',
      "actions.loose.onErorr: `onErorr` is not a known key here",
      "actions.loose.config.delayDuration: expected text, got a number",
      "actions.exit_node.surprise: `surprise` is not a known key here",
      "emailSendingRateLimits: `emailSendingRateLimits` is not an argument of HogFlow. Did you mean `emailSendingRateLimit`?",
      "exitCondition: expected one of exit_on_conversion, ",
      "description: holds an output that was turned into text. A plain `${…}` cannot wait for its value. Use pulumi.interpolate",
    ]) {
      expect(preview.output).toContain(`resource 'wrong' has a problem: ${problem}`);
    }
    expect(preview.output).toContain("exit_only_at_end, got text.");
    // Not a word of what Pulumi made of the output.
    expect(preview.output).not.toContain("To get the value of an Output");
  });
});

describe("a place that is none", () => {
  it("is refused in preview: no project, and a host with a path", async () => {
    await stack.writeProgram(program(flow("nowhere", mailing(), `host: "https://eu.posthog.com/project/7"`)));
    const preview = await stack.preview([], { env: { POSTHOG_PROJECT_ID: "" } });
    expect(preview.code).not.toBe(0);
    expect(untidy(preview.output)).toEqual([]);
    expect(preview.output).toContain(
      `has a problem: projectId: there is no PostHog project. Set it with: pulumi config set ${saidKey("projectId")} <number>, or the environment variable POSTHOG_PROJECT_ID`,
    );
    expect(preview.output).toContain("has a problem: host: a host has no path: write https://eu.posthog.com.");
  });
});

describe("what only PostHog can say", () => {
  /** Hosts with a key each, so that one `up` shows them all. */
  const keys = {
    wrong: "phx_gone",
    readonly: "phx_readonly",
    noperson: "phx_noperson",
    nowhere: "phx_test",
    unnamed: "phx_test",
  };
  const others: Emulator[] = [];
  let output: string;

  beforeAll(async () => {
    const options = {
      keys: [
        { key: "phx_readonly", scopes: ["hog_flow:read"] },
        { key: "phx_noperson", scopes: ["hog_flow:write"] },
      ],
    };
    for (let i = 0; i < 3; i += 1) others.push(await startEmulator(options));
    const closed = await startEmulator();
    await closed.stop();
    const hosts = {
      wrong: others[0]!.url,
      readonly: others[1]!.url,
      noperson: others[2]!.url,
      nowhere: closed.url,
      unnamed: "https://posthog.invalid",
    };
    const at = (name: keyof typeof hosts) => flow(name, mailing(), `host: "${hosts[name]}"`);
    const scheduled = {
      actions: {
        trigger_node: { type: "trigger", name: "Clock", config: { type: "schedule" }, next: "exit_node" },
        exit_node: exit,
      },
    };
    const unknownTemplate = {
      actions: {
        trigger_node: eventTrigger("call"),
        call: webhook("exit_node", {}, "template-webhok"),
        exit_node: exit,
      },
    };
    await stack.writeProgram(
      program(
        flow("welcome", mailing()),
        at("wrong"),
        at("readonly"),
        flow("noperson", scheduled, `host: "${hosts.noperson}"`),
        `new HogFlowSchedule("mondays", { flow: noperson, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2030-01-07T09:00:00" });`,
        at("nowhere"),
        at("unnamed"),
        flow("elsewhere", mailing(), "projectId: 99"),
        flow("refused", unknownTemplate),
      ),
    );
    const map = Object.fromEntries(
      Object.entries(hosts).map(([name, host]) => [host, keys[name as keyof typeof keys]]),
    );
    await stack.setConfig("posthog:apiKeys", JSON.stringify(map), { secret: true });
    const up = await stack.up(["--continue-on-error"], { env: { POSTHOG_API_KEY: "phx_test" } });
    expect(up.code).not.toBe(0);
    output = up.output;
  });
  afterAll(() => Promise.all(others.map((other) => other.stop())));

  /** What `up` says at its end of one resource. */
  const told = (name: string): string => {
    const [, diagnostics = ""] = output.split("\nDiagnostics:\n");
    const about = diagnostics.split(/\n {2}(?=\S)/).find((part) => part.includes(`(${name}):`));
    return (about ?? "").split("\nResources:")[0]!;
  };

  it("never shows a stack, a path of the machine or a key", () => {
    expect(untidy(output)).toEqual([]);
  });
  it("tells a wrong key from a missing scope, and names the scope", () => {
    expect(told("wrong")).toMatch(
      new RegExp(`401.*Check the personal API key in POSTHOG_API_KEY or \`${saidKey("apiKey")}\``),
    );
    expect(told("readonly")).toMatch(/403.*hog_flow:write/);
    expect(told("mondays")).toMatch(/403.*Add the scope person:read/);
  });
  it("names the host that does not answer, and the settings behind it", () => {
    for (const name of ["nowhere", "unnamed"])
      expect(told(name)).toMatch(new RegExp(`was not sent.*POSTHOG_HOST or \`${saidKey("host")}\``));
    expect(told("unnamed")).toContain("posthog.invalid");
  });
  it("names the project that is not there", () => {
    expect(told("elsewhere")).toMatch(new RegExp(`404.*POSTHOG_PROJECT_ID or \`${saidKey("projectId")}\``));
  });
  it("shows a refused step under the user's path with the server's reason", () => {
    expect(told("refused")).toMatch(/actions\.call\.config\.templateId.*Template not found/);
  });
  it("loses nothing of the state when a refresh is refused", async () => {
    const ids = async () =>
      (await stack.exportState()).deployment.resources.map((resource: { id?: string }) => resource.id).filter(Boolean);
    const before = await ids();
    const refused = await stack.refresh([], { env: { POSTHOG_API_KEY: "phx_gone" } });
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/401.*Check the personal API key/);
    expect(untidy(refused.output)).toEqual([]);
    expect(await ids()).toEqual(before);
  });
  it("left nothing behind but what worked", () => {
    expect(emulator.flows().map(({ name }) => name)).toEqual(["welcome"]);
    expect(others.map((other) => other.flows().length)).toEqual([0, 0, 1]);
  });
});
