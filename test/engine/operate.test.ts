// `hogflow` on a real stack: the demo's change is reviewed, an edit in PostHog is found, told and accepted, and an old version comes back as code.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { insertStep } from "../../tools/demo/code-change.mjs";
import { hogflow, type Ran } from "../support/command";
import type { Stack } from "../support/engine";
import { stackFor, untidy } from "../support/flows";
import { renderReview } from "../../operate/review/render";
import { reviewOf } from "../../operate/review/review";
import type { ShowData } from "../../show/data";
import { parsePreview } from "../../operate/review/preview";

const SECRET = "hush-hush-4711";
/** A flow with a secret, beside the demo's. */
const CALLER = `
const key = new pulumi.Config().requireSecret("hookKey");
new HogFlow("caller", {
  name: "Call us",
  actions: {
    trigger_node: { type: "trigger", name: "Called", config: { type: "webhook", inputs: { event: { value: "called" }, method: { value: "POST" }, distinct_id: { value: "{request.body.id}" }, auth_header: { value: key } } }, next: "call" },
    call: { type: "function", name: "Tell", config: { templateId: "template-webhook", inputs: { url: { value: "https://hooks.example.com/a" }, headers: { value: { "X-Key": key } }, signing_secret: { value: key } } }, next: "exit_node" },
    exit_node: { type: "exit", name: "Exit" },
  },
});
`;

let emulator: Emulator;
let stack: Stack;
let program: string;
const run = async (...args: string[]): Promise<Ran> => {
  const ran = await hogflow([...args, "--stack", stack.stack], { cwd: stack.dir, env: stack.env });
  expect(untidy(ran.stdout + ran.stderr)).toEqual([]);
  expect(ran.stdout + ran.stderr).not.toContain(SECRET);
  return ran;
};
const id = (name: string): string => emulator.flows().find((flow) => flow.name === name).id;

beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { copyOf: "examples/first-flow", config: { hookKey: { secret: SECRET } } });
  program = path.join(stack.dir, "index.ts");
  await stack.writeProgram((await readFile(program, "utf8")) + CALLER);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

describe("hogflow review", () => {
  it("says what the demo's change does to people, from a preview that it runs itself", async () => {
    insertStep(program);
    const { code, stdout, stderr } = await run("review", "--fail-on", "moves");
    expect(code, stderr).toBe(2);
    expect(stderr).toContain("--fail-on stops here");
    const [verdict] = stdout.split("\n");
    expect(verdict).toBe("### ℹ️ 1 workflow changed. No one in flight leaves; some move to another step; see below.");
    expect(stdout).toContain("- People who wait in “Let them try” continue at “Office hours” when their wait ends.");
    expect(stdout).toMatch(
      /➕ Added: \*\*Office hours\*\* \(time window\): Monday to Friday, 09:00–17:00 \(Europe\/Berlin\)\. It is between “Let them try” and “Tips”/,
    );
    expect(stdout).toContain("leads to: Tips → **Office hours**");
    // What stays is not there, but for its standing warnings.
    expect(stdout).not.toContain("trial-check-in");
    expect(stdout).not.toContain("#### caller");
  });

  it("has a page, from the preview itself: both sides of what changes, and what stays", async () => {
    const preview = await stack.previewJson(["--show-sames"]);
    const { code, stdout, stderr } = await hogflow(["show", "--preview", "-", "--json", "--stack", stack.stack], {
      cwd: stack.dir,
      env: stack.env,
      input: JSON.stringify(preview),
    });
    expect(code, stderr).toBe(0);
    expect(stdout).not.toContain(SECRET);
    const { flows }: ShowData = JSON.parse(stdout);
    expect(Object.fromEntries(flows.map(({ name, fate }) => [name, fate]))).toEqual({
      onboarding: "changed",
      "trial-check-in": "same",
      caller: "same",
    });
    const onboarding = flows.find(({ name }) => name === "onboarding")!;
    const steps = (side: "before" | "after"): string[] => onboarding[side]!.steps.map(({ title }) => title);
    expect(steps("before")).not.toContain("Office hours");
    expect(steps("after")).toContain("Office hours");
    expect(onboarding.location!.file).toBe("index.ts");
    expect(onboarding.changes.join(" ")).toContain("continue at “Office hours”");
  });

  it("tells a schedule that changes with its flow, which stays", async () => {
    const before = await readFile(program, "utf8");
    await stack.writeProgram(before.replace("FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU"));
    const { stdout, stderr } = await run("review");
    await stack.writeProgram(before);
    expect(stdout, stderr).toMatch(
      /\*\*trial-check-in-mondays\*\* of “trial-check-in” .*\n {2}- runs: every week on Monday at 09:00 .* → \*\*every week on Tuesday at 09:00/,
    );
    expect(stdout).not.toContain("#### trial-check-in");
  });

  it("is tested elsewhere with previews that are still what the engine prints", async () => {
    const fixture = await readFile(path.join(import.meta.dirname, "../operate/fixtures/demo-preview.json"), "utf8");
    const now = Date.parse("2026-12-01T00:00:00Z");
    const { stdout } = await stack.run(["preview", "--json", "--stack", stack.stack, "--non-interactive"]);
    const plain = (text: string): string =>
      renderReview(reviewOf(parsePreview(text), { now })).replace(/\[open in PostHog\]\([^)]*\)/g, "");
    // The secret in a header of the flow beside it, which does not change.
    expect(
      plain(stdout).replace(
        /<details><summary>1 warning about workflows that do not change[\s\S]*?<\/details>\n\n/,
        "",
      ),
    ).toBe(plain(fixture));
  });

  it("shows that the value of a secret changes, and not which", async () => {
    const before = await readFile(program, "utf8");
    await stack.writeProgram(
      before.replace("signing_secret: { value: key }", "signing_secret: { value: pulumi.interpolate`x-${key}` }"),
    );
    const { stdout } = await run("review", "--json");
    await stack.writeProgram(before);
    const { kinds, markdown } = JSON.parse(stdout);
    expect(kinds).toContain("secrets");
    expect(markdown).toContain("signing secret");
  });
});

describe("hogflow drift", () => {
  it("finds none after an up, and ends with 0", async () => {
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const { code, stdout, stderr } = await run("drift");
    expect(stderr).toBe("");
    expect(stdout.trim()).toBe("4 resources: 4 as deployed.");
    expect(code).toBe(0);
  });

  it("shows an edit by step and field, with who made it, ends with 2, and prints the code that accepts it", async () => {
    emulator.ui.edit(id("onboarding"), (flow) => {
      const step = (name: string) => flow.actions.find((action: any) => action.id === name);
      step("welcome").config.inputs.email.value.subject = "A warm welcome";
      step("let_them_try").config.delay_duration = "1d";
    });
    emulator.ui.edit(id("Call us"), (flow) => {
      flow.actions.find((action: any) => action.id === "call").config.inputs.headers.value["X-Key"] = "somebody-elses";
    });
    const { code, stdout } = await run("drift");
    expect(code).toBe(2);
    expect(stdout).toMatch(/saved since: version \d+ by \S+/);
    expect(stdout).toContain('subject: "Welcome!" → "A warm welcome"');
    expect(stdout).toContain("wait: 3 days → 1 day");
    expect(stdout).not.toContain("somebody-elses");
    expect(stdout).toContain("4 resources: 2 drifted, 2 as deployed.");

    // The page says the same, of the same stack.
    const page: ShowData = JSON.parse((await run("show", "--drift", "--json")).stdout);
    const driftOf = (name: string): string => page.flows.find((flow) => flow.name === name)!.drift!.join(" ");
    expect(driftOf("onboarding")).toContain("A warm welcome");
    expect(driftOf("caller")).not.toBe("");
    expect(driftOf("trial-check-in")).toBe("");
    expect(page.flows.find(({ name }) => name === "onboarding")!.url).toContain(id("onboarding"));

    const json = JSON.parse((await run("drift", "onboarding", "--json")).stdout);
    expect(json).toHaveLength(1);
    expect(json[0].fields.map(({ path: at, save }: any) => [at, typeof save.by])).toEqual([
      ["actions.let_them_try.config.delayDuration", "string"],
      ["actions.welcome.config.inputs.email.value.subject", "string"],
    ]);

    const accept = await run("drift", "onboarding", "--accept");
    expect(accept.stdout).toContain('delay("let_them_try", "1d"), // was "3d"');
    expect(accept.stdout).toMatch(/email\("welcome", \{\n +subject: "A warm welcome", \/\/ was "Welcome!"\n +\}\),/);
    expect(accept.stdout).not.toContain("actions:");
    // The other one is written in the keyed form, and what differs there is a secret.
    const other = await run("drift", "caller", "--accept");
    expect(other.stdout).toContain('HogFlow "caller"');
    expect(other.stdout).not.toContain("steps");
    expect(other.stdout).not.toContain("somebody-elses");
  });

  it("prints a line diff of the program where a step was added, and it is what turns the program into the live flow", async () => {
    emulator.ui.edit(id("onboarding"), (flow) => {
      const step = flow.actions.find((action: any) => action.id === "let_them_try");
      flow.actions.push({ ...structuredClone(step), id: "think_again", name: "Think again" });
      const edge = flow.edges.find(({ from }: any) => from === "let_them_try");
      flow.edges.push({ ...edge, from: "think_again" });
      edge.to = "think_again";
    });
    const { stdout, code } = await run("drift", "onboarding", "--accept");
    expect(code).toBe(2);
    expect(stdout).toContain("steps were added, removed or rewired");
    expect(stdout).toMatch(/^\+ +delay\("think_again", "1d"\),$/m);
    expect(stdout).toMatch(/^- +delay\("let_them_try", "3d"\),$/m);
  });

  it("says which secrets it could not compare, from a state that holds them encrypted", async () => {
    const exported = JSON.stringify(await stack.exportState());
    const ran = await hogflow(["drift", "caller", "--state", "-", "--stack", stack.stack], {
      cwd: stack.dir,
      env: stack.env,
      input: exported,
    });
    expect(ran.stdout).toMatch(/headers\.value\["?X-Key"?\]|headers\.value\.X-Key/);
    expect(ran.stdout).toContain("could not be compared");
    expect(ran.code).toBe(0);
  });
});

describe("hogflow history", () => {
  it("lists versions, marks the deployed one, compares two step by step and prints one as code", async () => {
    const list = JSON.parse((await run("history", "onboarding", "--json")).stdout);
    const deployed = list.find((revision: any) => revision.deployed);
    // Two edits in PostHog since then.
    expect(list[0].version).toBe(deployed.version + 2);
    const { stdout } = await run("history", "onboarding", "--diff", `${deployed.version}..${list[0].version}`);
    expect(stdout).toContain("wait: 3 days → 1 day");
    const code = await run("history", "onboarding", "--code", String(list[0].version));
    expect(code.stdout).toContain('new HogFlow("onboarding", {');
    expect(code.stdout).toMatch(/delay\("let_them_try", "1d"/);
  });
});

describe("hogflow graph", () => {
  it("draws the flows of the stack, and one as it is live", async () => {
    const all = JSON.parse((await run("graph", "--json")).stdout);
    expect(all.map(({ title }: any) => title).sort()).toEqual(["Call us", "onboarding", "trial-check-in"]);
    const { stdout } = await run("graph", id("onboarding"));
    expect(stdout).toContain("wait: 1 day");
    expect((await run("graph", "onboarding")).stdout).toContain("wait: 3 days");
  });
});

describe("a flow of the stack", () => {
  it("is named by resource, title or id in every command, and a name that two flows have is refused", async () => {
    const names = ["caller", "Call us", id("Call us")];
    for (const command of [["logs"], ["runs"], ["metrics"], ["history"], ["graph"], ["test"], ["drift"]])
      for (const name of names) {
        const { code, stderr } = await run(...command, name, ...(command[0] === "drift" ? [] : ["--json"]));
        expect({ command, name, code: code === 2 ? 0 : code, stderr: code === 1 ? stderr : "" }).toEqual({
          command,
          name,
          code: 0,
          stderr: "",
        });
      }
    for (const name of ["onboarding", id("onboarding")])
      expect((await run("simulate", name, "--person", '{"email": "ada@example.com"}')).stdout).toMatch(
        /sent: e-mail "(?:A warm welcome|Welcome!)" to ada@example\.com/,
      );
    // Without a program that can be run, the flows are those of the state.
    const settings = path.join(stack.dir, "Pulumi.yaml");
    const written = await readFile(settings, "utf8");
    await writeFile(settings, written.replace(/^runtime:[^]*/m, "runtime: yaml\n"));
    try {
      const one = await run("simulate", "onboarding", "--person", '{"email": "ada@example.com"}');
      expect(one.stdout).toMatch(/sent: e-mail "Welcome!" to ada@example\.com/);
      const all = await run("simulate", "--all");
      expect(all.stderr).toContain("The flows are as the stack deployed them last. The program was not run:");
      expect(all.stdout).toContain("Welcome: Welcome!");
    } finally {
      await writeFile(settings, written);
    }
    emulator.seed({ ...emulator.flow(id("Call us")), id: undefined, name: "caller", description: "" });
    const { code, stderr } = await run("logs", "caller");
    expect(code).toBe(1);
    expect(stderr).toMatch(/"caller" may mean 2 flows:\n.*\n.*Call us, resource "caller" of the stack\nGive the id/);
  });
});
