// The engine module and createStack themselves, on a dynamic provider that is no more than a stub.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStack, type Stack } from "../support/engine";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";

const provider: pulumi.dynamic.ResourceProvider = {
  async create(inputs) {
    if (inputs.wait) await new Promise((resolve) => setTimeout(resolve, 60_000));
    return { id: "one", outs: inputs };
  },
};
class Thing extends pulumi.dynamic.Resource {
  constructor(name: string, props: Record<string, pulumi.Input<unknown>>) {
    super(provider, name, props);
  }
}
const config = new pulumi.Config();
new Thing("thing", {
  greeting: config.require("greeting"),
  token: config.requireSecret("token"),
  wait: process.env.WAIT === "yes",
});
`;

describe("a program with a dynamic provider on the real engine", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await createStack({
      program: PROGRAM,
      config: { "test:greeting": "hello", "test:token": { secret: "s3cr3t-t0ken" } },
    });
  });
  afterAll(() => stack?.dispose());

  it("previews a creation, in JSON", async () => {
    const { steps, changeSummary } = await stack.previewJson();
    expect(changeSummary).toEqual({ create: 2 });
    const thing = steps.find(({ urn }) => urn.endsWith("::thing"));
    expect(thing?.newState?.inputs).toMatchObject({ greeting: "hello", token: "[secret]" });
  });

  it("goes up, and shows nothing to do afterwards", async () => {
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).toContain("+ 2 created");
    const again = await stack.preview(["--expect-no-changes"]);
    expect(again.code, again.output).toBe(0);
  });

  it("keeps a secret out of state, logs and output", async () => {
    const text = await stack.stateText();
    expect(text).toContain("hello");
    expect(text).not.toContain("s3cr3t-t0ken");
    expect(stack.log).not.toContain("s3cr3t-t0ken");
  });

  it("is destroyed", async () => {
    const destroyed = await stack.destroy();
    expect(destroyed.code, destroyed.output).toBe(0);
    expect((await stack.exportState()).deployment.resources ?? []).toEqual([]);
  });

  it("ends the provider of an engine that is killed during a creation, and can go on after it", async () => {
    const killed = await stack.up([], { env: { WAIT: "yes" }, kill: { when: /thing creating/ } });
    expect(killed.signal).toBe("SIGKILL");
    const providers = () => stack.processes().filter(({ command }) => command.includes("dynamic-provider"));
    await expect.poll(providers, { timeout: 10_000 }).toEqual([]);

    await stack.cancel();
    const again = await stack.up();
    expect(again.code, again.output).toBe(0);
  });

  it("reports a provider that is killed during an update", async () => {
    const killed = await stack.up(["--replace", "**thing"], {
      env: { WAIT: "yes" },
      kill: { when: /thing (creating|replacing)/, target: "provider" },
    });
    expect(killed.code).not.toBe(0);
    expect(killed.signal).toBeUndefined();
    expect(killed.output).toContain("error");
  });
});

it("runs a program that is an ES module, with the arguments for Node that its project names", async () => {
  const stack = await createStack({
    esm: true,
    program: `export const answer = await Promise.resolve(42);\nexport const args = process.execArgv;\n`,
  });
  try {
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    // Without the argument such a program runs only where typescript is installed, too.
    expect(await stack.outputs()).toEqual({ answer: 42, args: expect.arrayContaining(["--import=tsx"]) });
  } finally {
    await stack.dispose();
  }
});
