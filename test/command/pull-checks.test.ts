// At its end, `hogflow pull` checks the program that the pulled files are part of.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { marked, parseOwner } from "../../definition/canonical/marker";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow } from "../support/command";
import { programFolders, type ProgramFolders } from "../support/program-folders";
import { flowJson } from "./live";

vi.setConfig({ testTimeout: 120_000 });

const KEY = "phx_pull";
let emulator: Emulator;
let folders: ProgramFolders;
beforeAll(async () => {
  emulator = await startEmulator({ keys: [{ key: KEY }] });
  folders = await programFolders();
  emulator.ui.create("1", { ...flowJson(), name: "Pulled" });
}, 180_000);
afterAll(async () => {
  await emulator?.stop();
  await folders?.remove();
});

/** A flow that the stack manages already, under this name. */
const managed = (name: string): string => {
  const urn = `urn:pulumi:dev::mails::pulumi-nodejs:dynamic/posthog:HogFlow::${name}`;
  const description = marked("", parseOwner(urn)!);
  return emulator.ui.create("1", { ...flowJson(), name: "Managed", description }).id;
};
const pull = (dir: string, ...args: string[]) => hogflow(["pull", "--all", ...args], { cwd: dir, env: env() });
const env = (): Record<string, string> => ({
  HOME: folders.root,
  NO_COLOR: "1",
  POSTHOG_API_KEY: KEY,
  POSTHOG_HOST: emulator.url,
  POSTHOG_PROJECT_ID: "1",
});
const SLOW = `import { delay, HogFlow, on } from "pulumi-hogflow";
new HogFlow("mine", { trigger: on.event("x"), steps: [delay("d", "90m" as any)] });
`;
const folder = (index: string) => folders.add({ files: { "index.ts": index }, packageJson: { main: "index.ts" } });

it("shows the findings of the whole program, and its exit code is that of pulling", async () => {
  const dir = await folder(`import "./flows/pulled";\n${SLOW}`);
  const { code, stdout, stderr } = await pull(dir, "--stack", "dev");
  expect(code, stderr).toBe(0);
  expect(readdirSync(`${dir}/flows`)).toContain("pulled.ts");
  expect(stdout).not.toContain("wait-clamped");
  expect(stderr).toContain("index.ts:3: warning: 90m lasts only 60m");
  expect(stderr).toMatch(/0 errors, \d warnings? in 2 flows of stack dev\.\n$/);
  expect((await pull(dir, "--stack", "dev")).stderr).toBe("");
  rmSync(`${dir}/flows`, { recursive: true });
  expect((await pull(dir, "--stack", "dev", "--dry-run")).stderr).toBe("");
});

it("says so where the program does not import the files yet, or no stack is selected", async () => {
  const dir = await folder(SLOW);
  const { code, stderr } = await pull(dir, "--stack", "dev");
  expect([code, stderr]).toEqual([0, expect.stringContaining("The program does not import these files yet.")]);
  expect(stderr).not.toContain("wait-clamped");
  // A flow of the program has the same name.
  const same = await folder(SLOW.replace('"mine"', '"pulled"'));
  const named = (await pull(same, "--stack", "dev")).stderr;
  expect(named).toContain("The program does not import these files yet.");
  expect(named).not.toMatch(/problems|warning/);
  rmSync(`${dir}/flows`, { recursive: true });
  const without = await pull(dir);
  expect([without.code, without.stderr]).toEqual([0, expect.stringContaining("no stack is selected")]);
});

it("leaves what the stack manages already out of the index, and says what is left to import", async () => {
  const other = emulator.ui.create("1", { ...flowJson(), name: "Other" }).id;
  const id = managed("by-hand");
  const dir = await folder(`import "./flows/pulled";\n${SLOW}`);
  const { code, stdout, stderr } = await pull(dir, "--stack", "dev");
  expect(code, stderr).toBe(0);
  expect(readdirSync(`${dir}/flows`)).toEqual(expect.arrayContaining(["managed.ts", "other.ts", "pulled.ts"]));
  const index = (): string[] => readFileSync(`${dir}/flows/index.ts`, "utf8").match(/^import .*$/gm)!;
  expect(index()).toEqual(['import "./other";', 'import "./pulled";']);
  expect(stdout).toContain("This stack manages 1 of the flows already: do not import its program");
  expect(stdout).toMatch(/\nNext: import them in your program, .*\n {2}import "\.\/flows";\n$/);
  // One that is imported is checked, and what is left is named.
  expect(stderr).toContain("in 2 flows of stack dev.");
  expect(stderr).toMatch(/\nThe program does not import flows\/other\.ts yet\. .*\n$/);
  // It stays out at the next time, and where it is the only one.
  emulator.ui.remove(other);
  emulator.ui.create("1", { ...flowJson(), name: "Third" });
  await pull(dir, "--stack", "dev");
  expect(index()).toEqual(['import "./other";', 'import "./pulled";', 'import "./third";']);
  const alone = await hogflow(["pull", id, "--stack", "dev"], { cwd: await folder(SLOW), env: env() });
  expect(alone.stdout).toContain("This stack manages the flow already: do not import its program");
  expect(alone.stdout).not.toContain("Next:");
  expect(alone.stderr).not.toMatch(/does not import|problems/);
});
