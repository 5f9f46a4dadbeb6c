// Composition on the real engine: a stack that was made by flows wired by hand has nothing to do when they are written as steps, and neither has one
// whose steps only moved in their file; what is wrong is told with file and line.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { program, stackFor, untidy } from "../support/flows";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const KEY = "phx_test";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ keys: [{ key: KEY }] });
});
afterAll(() => emulator?.stop());

/** Each with the secrets of its configuration, as they stand in the fixture. */
const EXAMPLES: Record<string, { flow: string; output: string; config?: Record<string, { secret: string }> }> = {
  onboarding: { flow: "onboarding", output: "url", config: { "onboarding:crmSigningSecret": { secret: "s3cr3t" } } },
  "webhook-to-slack": {
    flow: "tickets",
    output: "webhookUrl",
    config: { "webhook-to-slack:ticketToken": { secret: "t0ken" } },
  },
  "shared-ownership": { flow: "trial-ending", output: "url" },
};

describe.each(Object.entries(EXAMPLES))("%s", (example, { flow, output, config = {} }) => {
  it("shows nothing against the state of its keyed form, nor when its lines move", async () => {
    const stack = await stackFor(emulator, { copyOf: `examples/${example}`, key: KEY, config });
    try {
      const composed = await readFile(path.join(stack.dir, "index.ts"), "utf8");
      const forms = JSON.parse(
        await readFile(path.join(REPOSITORY, "test/fixtures/examples/keyed-forms.json"), "utf8"),
      ) as Record<string, Record<string, object>>;
      await stack.writeProgram(
        `import { HogFlow } from "pulumi-hogflow";\nconst flow = new HogFlow("${flow}", ${JSON.stringify(forms[example]![flow])} as any);\nexport const ${output} = flow.${output};\n`,
      );
      const up = await stack.up();
      expect(up.code, up.output).toBe(0);

      await stack.writeProgram(composed);
      emulator.clearRequests();
      for (const source of [composed, composed.replace(/^import \* as pulumi/, "\n\n\nimport * as pulumi")]) {
        await stack.writeProgram(source);
        const preview = await stack.preview(["--diff", "--expect-no-changes"]);
        expect(preview.code, preview.output).toBe(0);
        expect(preview.output).not.toMatch(/\bsources\b/);
        const again = await stack.up(["--expect-no-changes"]);
        expect(again.code, again.output).toBe(0);
      }
      expect(emulator.requests).toEqual([]);
      expect(
        JSON.stringify(
          (await stack.exportState()).deployment.resources.map(({ inputs, outputs }: any) => [inputs, outputs]),
        ),
      ).not.toContain("index.ts:");
      const destroyed = await stack.destroy();
      expect(destroyed.code, destroyed.output).toBe(0);
    } finally {
      await stack.dispose();
    }
  });
});

it("components hold flows and schedules, with the same names of children in each", async () => {
  const clock = (name: string) => ({
    name,
    status: "active",
    actions: {
      trigger_node: { type: "trigger", name, config: { type: "schedule" }, next: "exit_node" },
      exit_node: { type: "exit", name: "Exit" },
    },
  });
  const schedule = (name: string, day: string, options = "") =>
    `const ${name} = new HogFlowSchedule("${name}", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=${day}", startsAt: "2030-01-07T09:00:00" }, { parent: this${options} });`;
  const component = (type: string, ...schedules: string[]) =>
    `class ${type} extends pulumi.ComponentResource { constructor() { super("test:index:${type}", "${type}"); const digest = new HogFlow("digest", ${JSON.stringify(clock(type))} as any, { parent: this }); ${schedules.join(" ")} } }\nnew ${type}();`;
  const stack = await stackFor(emulator, { key: KEY });
  const quiet = async (args: string[], ...components: string[]) => {
    await stack.writeProgram(program(...components));
    const { code, output } = await stack.up(args);
    expect(code, output).toBe(0);
    expect(output).not.toMatch(/warning|promises/);
  };
  try {
    await quiet([], component("A", schedule("weekly", "MO")), component("B", schedule("weekly", "MO")));
    // In B, the new one is made before the engine has come to the one that is there.
    await quiet(
      [],
      component("A", schedule("weekly", "MO"), schedule("second", "TU")),
      component("B", schedule("second", "TU"), schedule("weekly", "MO", ", dependsOn: [second]")),
    );
    expect(emulator.flows().map(({ id }) => emulator.schedules(id).length)).toEqual([2, 2]);
    emulator.clearRequests();
    await quiet(
      ["--expect-no-changes"],
      component("A", schedule("weekly", "MO"), schedule("second", "TU")),
      component("B", schedule("second", "TU"), schedule("weekly", "MO", ", dependsOn: [second]")),
    );
    expect(emulator.requests).toEqual([]);
    expect((await stack.destroy()).code).toBe(0);
    expect(emulator.flows()).toEqual([]);
  } finally {
    await stack.dispose();
  }
});

describe.each([false, true])("a program with mistakes (ES module: %s)", (esm) => {
  const wrong = `import { delay, email, goTo, HogFlow, on } from "pulumi-hogflow";

interface Erased {
  types: "are taken out";
}

new HogFlow("wrong", {
  trigger: on.event("user signed up"),
  steps: [
    delay("pause", "1d"),
    email("welcome", { from: { integrationId: 7 }, subjct: "Hi", subject: "Hi {{ broken", text: "Hello" } as any),
    goTo("welcom" as any),
  ],
} as any);
`;

  it("is told all of them in preview, with file and line", async () => {
    const stack = await stackFor(emulator, { program: wrong, key: KEY, esm });
    try {
      const preview = await stack.preview();
      expect(preview.code).not.toBe(0);
      // Which loader takes an ES module depends on what is installed; a line that it does not know is left out, and never another one.
      expect(preview.output).toMatch(esm ? /actions\.welcome, index\.ts(:11)?: / : /actions\.welcome, index\.ts:11: /);
      for (const text of [
        "Did you mean `subject`?",
        '"welcom"',
        'Did you mean "welcome"?',
        "actions.welcome.config.inputs.email.value.subject",
      ])
        expect(preview.output).toContain(text);
      expect(untidy(preview.output)).toEqual([]);
    } finally {
      await stack.dispose();
    }
  });
});
