// What Pulumi makes of the plugin's schema: an SDK for TypeScript that compiles, and code for the other languages. And a flow that a program without an SDK
// takes as PostHog returns it.
import { spawnSync } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { Stack } from "../support/engine";
import { flow, mailing, program, stackFor } from "../support/flows";
import { FileText, yamlLanguage } from "../support/languages";

const REPOSITORY = path.dirname(path.dirname(import.meta.dirname));
const PLUGIN = "node_modules/pulumi-hogflow/dist/plugin/pulumi-resource-hogflow";

let emulator: Emulator;
let typescript: Stack;
let yaml: Stack;

beforeAll(async () => {
  emulator = await startEmulator();
  [typescript, yaml] = await Promise.all([
    stackFor(emulator, { plugin: true, program: program(), config: { "posthog:provider": "plugin" } }),
    stackFor(emulator, { language: yamlLanguage }),
  ]);
});
afterAll(async () => {
  await Promise.all([typescript?.dispose(), yaml?.dispose()]);
  await emulator?.stop();
});

it("is an SDK for TypeScript that compiles, and says what is misspelt", async () => {
  const sdk = path.join(typescript.dir, "sdk");
  const made = await typescript.run(["package", "gen-sdk", PLUGIN, "--language", "nodejs", "--out", sdk]);
  expect(made.code, made.output).toBe(0);
  const folder = path.join(sdk, "nodejs");
  await mkdir(path.join(folder, "node_modules"));
  for (const name of ["@pulumi", "@types"])
    await symlink(path.join(REPOSITORY, "node_modules", name), path.join(folder, "node_modules", name));
  const use = (key: string): string => `import { HogFlow } from "./index";
    export const made = new HogFlow("a", { actions: { exit_node: { type: "exit", name: "Exit", ${key}: "none" } } });\n`;
  const compile = async (key: string) => {
    await writeFile(path.join(folder, "program.ts"), use(key));
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "node16", "--target", "es2022"];
    return spawnSync(
      process.execPath,
      [path.join(REPOSITORY, "node_modules/typescript/bin/tsc"), ...options, "--ignoreConfig", "program.ts"],
      { cwd: folder, encoding: "utf8" },
    );
  };
  const good = await compile("description");
  expect(good.stdout).toBe("");
  expect((await compile("descripton")).stdout).toContain("'descripton' does not exist");
});

it("is code for an import in TypeScript", async () => {
  await typescript.writeProgram(program(flow("made", { ...mailing(), marker: false })));
  expect((await typescript.up()).code).toBe(0);
  const { id, urn } = (await typescript.exportState()).deployment.resources.find(({ type }: any) =>
    type.startsWith("hogflow:"),
  );
  await typescript.run(["state", "delete", "--yes", "--stack", typescript.stack, urn]);
  await typescript.writeProgram(program());
  const options = ["--yes", "--skip-preview", "--protect=false", "--stack", typescript.stack, "--non-interactive"];
  const imported = await typescript.run(["import", "hogflow:index:HogFlow", "found", id, ...options]);
  expect(imported.code, imported.output).toBe(0);
  expect(imported.stdout).toContain('new hogflow.HogFlow("found", {');
  expect(imported.stdout).toContain('subject: "Welcome"');
});

it("is a flow in YAML as PostHog returns it, from a file", async () => {
  const { id: _, ...pasted } = emulator.flows()[0]!;
  await writeFile(path.join(yaml.dir, "flow.json"), JSON.stringify(pasted));
  const resources = [
    { type: "HogFlow" as const, name: "pasted", args: { name: "Pasted", definition: new FileText("flow.json") } },
  ];
  await yaml.writeProgram(yamlLanguage.write(resources));
  const up = await yaml.up();
  expect(up.code, up.output).toBe(0);
  const made = emulator.flows().find(({ name }) => name === "Pasted")!;
  expect(made.actions.map(({ id }: any) => id)).toEqual(pasted.actions.map(({ id }: any) => id));
  const again = await yaml.up(["--expect-no-changes"]);
  expect(again.code, again.output).toBe(0);
  expect((await yaml.destroy()).code).toBe(0);
  expect(emulator.flows().map(({ name }) => name)).not.toContain("Pasted");
});

it("is code for whole projects in Python and Go", async () => {
  // The form from which Pulumi writes every language.
  const source = path.join(yaml.dir, "pcl");
  await mkdir(source);
  // The path of the plugin is taken over as it is.
  const plugin = { name: "hogflow", path: path.join(yaml.dir, "node_modules/pulumi-hogflow/dist/plugin") };
  const settings = { name: "converted", runtime: "pcl", plugins: { providers: [plugin] } };
  await writeFile(path.join(source, "Pulumi.yaml"), JSON.stringify(settings));
  await writeFile(
    path.join(source, "main.pp"),
    `resource welcome "hogflow:index:HogFlow" { actions = { exit_node = { type = "exit", name = "Exit" } } }`,
  );
  for (const [language, file, call] of [
    ["python", "__main__.py", 'hogflow.HogFlow("welcome"'],
    ["go", "main.go", 'hogflow.NewHogFlow(ctx, "welcome"'],
  ] as const) {
    const out = path.join(yaml.dir, `converted-${language}`);
    const options = ["--from", "pcl", "--language", language, "--out", out, "--generate-only", "--cwd", source];
    const converted = await yaml.run(["convert", ...options]);
    expect(converted.code, converted.output).toBe(0);
    expect(await readFile(path.join(out, file), "utf8")).toContain(call);
  }
});
