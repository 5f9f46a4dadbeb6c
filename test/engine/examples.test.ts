// Every example on the real engine: it goes up, a second `up` does nothing, a refresh finds nothing, no secret shows, and nothing is left in the end.
import { cp, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, Stack, StackOptions } from "../support/engine";
import { stackFor, untidy } from "../support/flows";

const REPOSITORY = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const KEY = "phx_examples";

interface Example {
  flows: number;
  schedules?: number;
  /** Secrets that the example asks for, by name in its own configuration. */
  secrets?: Record<string, string>;
  /** Where a secret ends up in PostHog, and as what. */
  stored?: { step: string; input: string; value: string };
  outputs: Record<string, RegExp>;
  /** Lets Pulumi's own loader check the types, which takes seconds. test/examples checks those of all, and that all have the same settings. */
  typeCheck?: boolean;
}

const URL_OF_FLOW = /^http:\/\/127\.0\.0\.1:\d+\/project\/1\/workflows\/[0-9a-f-]{36}/;

const EXAMPLES: Record<string, Example> = {
  "first-flow": { flows: 2, schedules: 1, outputs: { onboardingUrl: URL_OF_FLOW, trialCheckInUrl: URL_OF_FLOW } },
  onboarding: {
    flows: 1,
    secrets: { crmSigningSecret: "crm-s3cr3t-value" },
    stored: { step: "tell_sales", input: "signing_secret", value: "crm-s3cr3t-value" },
    outputs: { url: URL_OF_FLOW },
  },
  broadcast: { flows: 1, schedules: 1, outputs: { url: URL_OF_FLOW, scheduleStatus: /^active$/ } },
  "webhook-to-slack": {
    flows: 1,
    secrets: { ticketToken: "t1cket-t0ken-value" },
    stored: { step: "trigger_node", input: "auth_header", value: "Bearer t1cket-t0ken-value" },
    outputs: { webhookUrl: /\/public\/webhooks\/[0-9a-f-]{36}$/ },
  },
  "weekly-digest": { flows: 1, schedules: 2, outputs: { url: URL_OF_FLOW } },
  "shared-ownership": { flows: 1, outputs: { url: URL_OF_FLOW } },
  "win-back": { flows: 1, schedules: 1, outputs: { url: URL_OF_FLOW } },
  "pasted-json": {
    flows: 1,
    secrets: { crmSigningSecret: "pasted-s3cr3t-value" },
    stored: { step: "tell_crm", input: "signing_secret", value: "pasted-s3cr3t-value" },
    typeCheck: true,
    outputs: { url: URL_OF_FLOW },
  },
};

describe.each(Object.entries(EXAMPLES))("%s", (name, example) => {
  const secrets = Object.fromEntries(
    Object.entries(example.secrets ?? {}).map(([key, secret]) => [`${name}:${key}`, { secret }]),
  );
  lives({ copyOf: `examples/${name}`, config: secrets, typeCheck: example.typeCheck }, example);
});

describe("the root of the repository", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "hogflow-root-"));
    for (const part of ["Pulumi.yaml", "package.json", "tsconfig.json", "examples/first-flow"])
      await cp(path.join(REPOSITORY, part), path.join(folder, part), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is a stack itself, which runs the first example", async () => {
    await withStack({ copyOf: folder }, async (stack, emulator) => {
      succeeds(await stack.up());
      expect(
        emulator
          .flows("1")
          .map((flow) => flow.name)
          .sort(),
      ).toEqual(["onboarding", "trial-check-in"]);
    });
  });
});

describe("environments", () => {
  const place = (emulator: Emulator): string[] => [
    "--plaintext",
    `posthog:host=${emulator.url}`,
    "--plaintext",
    "posthog:projectId=1",
  ];

  it("makes a draft in staging that anybody may switch on", async () => {
    await withStack({ copyOf: "examples/environments", stack: "staging" }, async (stack, emulator) => {
      succeeds(await stack.run(["config", "set-all", "--stack", "staging", ...place(emulator)]));
      succeeds(await stack.up());
      const [flow] = emulator.flows("1");
      expect(flow).toMatchObject({
        status: "draft",
        actions: expect.arrayContaining([expect.objectContaining({ id: "grace", config: { delay_duration: "1m" } })]),
      });
      emulator.ui.setStatus(flow.id, "active");
      succeeds(await stack.refresh(["--expect-no-changes"]));
      await doesNothing(stack, emulator);
      succeeds(await stack.destroy());
      expect(emulator.flows()).toEqual([]);
    });
  });

  it("protects the active flow in production, and archives it in the end", async () => {
    await withStack({ copyOf: "examples/environments", stack: "production" }, async (stack, emulator) => {
      succeeds(await stack.run(["config", "set-all", "--stack", "production", ...place(emulator)]));
      succeeds(await stack.up());
      expect(emulator.flows("1")).toMatchObject([{ status: "active" }]);
      await doesNothing(stack, emulator);
      succeeds(await stack.refresh(["--expect-no-changes"]));

      const refused = await stack.destroy();
      expect(refused.code, refused.output).not.toBe(0);
      expect(refused.output).toContain("protected");
      succeeds(await stack.run(["state", "unprotect", "--all", "--yes", "--stack", "production"]));
      succeeds(await stack.destroy());
      expect(emulator.flows("1")).toMatchObject([{ status: "archived" }]);
    });
  });
});

/** The life of an example, in the order of its tests. */
function lives(options: StackOptions, example: Example): void {
  let emulator: Emulator;
  let stack: Stack;
  beforeAll(async () => {
    emulator = await startEmulator({ keys: [{ key: KEY }] });
    stack = await stackFor(emulator, { ...options, key: KEY });
  });
  afterAll(async () => {
    await stack?.dispose();
    await emulator?.stop();
  });

  it("goes up", async () => {
    const up = await stack.up();
    succeeds(up);
    const schedules = example.schedules ?? 0;
    expect(up.output).toContain(`+ ${1 + example.flows + schedules} created`);
    expect(up.output).not.toContain("warning");
    expect(untidy(up.output)).toEqual([]);
    const flows = emulator.flows("1");
    expect(flows.map((flow) => flow.status)).toEqual(Array(example.flows).fill("active"));
    expect(flows.flatMap((flow) => emulator.schedules(flow.id).map((schedule) => schedule.status))).toEqual(
      Array(schedules).fill("active"),
    );
    if (example.stored)
      expect(emulator.secret(flows[0].id, example.stored.step, example.stored.input)).toBe(example.stored.value);
  });

  it("has nothing to do in a second up, and asks nothing", () => doesNothing(stack, emulator));

  it("is as it should be for a refresh", async () => {
    succeeds(await stack.refresh(["--expect-no-changes"]));
  });

  it("shows its outputs, and no secret", async () => {
    const text = `${await stack.stateText()}\n${stack.log}`;
    expect(text).toContain("pulumi-nodejs:dynamic/posthog:HogFlow");
    for (const secret of [KEY, ...Object.values(example.secrets ?? {})]) expect(text).not.toContain(secret);
    const outputs = await stack.outputs();
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(example.outputs).sort());
    for (const [key, pattern] of Object.entries(example.outputs)) expect(outputs[key]).toMatch(pattern);
  });

  it("leaves nothing in the end", async () => {
    succeeds(await stack.destroy());
    expect(emulator.flows()).toEqual([]);
  });
}

async function withStack(
  options: StackOptions,
  use: (stack: Stack, emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ keys: [{ key: KEY }] });
  try {
    const stack = await stackFor(emulator, { ...options, key: KEY });
    try {
      await use(stack, emulator);
    } finally {
      await stack.dispose();
    }
  } finally {
    await emulator.stop();
  }
}

async function doesNothing(stack: Stack, emulator: Emulator): Promise<void> {
  emulator.clearRequests();
  succeeds(await stack.up(["--expect-no-changes"]));
  expect(emulator.requests).toEqual([]);
}

function succeeds({ code, output }: CommandResult): void {
  expect(code, output).toBe(0);
}
