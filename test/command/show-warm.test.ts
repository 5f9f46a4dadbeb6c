// A process that waits for the next run of a program (`--serve`): it runs the program as it is by then, and not where something else than the program has changed.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type * as running from "../../operate/program/run-program";
import type * as warming from "../../operate/program/warm-programs";
import type * as workspaces from "../../operate/workspace";
import { programFolders, type ProgramFolders } from "../support/program-folders";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const built = createRequire(import.meta.url);
const { WarmPrograms } = built("../../dist/operate/program/warm-programs.js") as typeof warming;
const { openWorkspace } = built("../../dist/operate/workspace.js") as typeof workspaces;

let folders: ProgramFolders;
let dir: string;
const env = (): Record<string, string | undefined> => ({ PATH: process.env["PATH"], HOME: folders.root });
const open = () => openWorkspace({ cwd: dir, stack: "dev", env: env() });
const program = (title: string): string => `const pulumi = require("@pulumi/pulumi");
const { delay, HogFlow, on } = require("pulumi-hogflow");
new HogFlow("one", { name: \`${title} \${new pulumi.Config().get("word")}\`, trigger: on.event("a"), steps: [delay("d", "1d")] });
`;
const write = (file: string, text: string): void => writeFileSync(path.join(dir, file), text);

beforeAll(async () => {
  folders = await programFolders();
  dir = await folders.add({
    files: { "index.js": program("First"), "Pulumi.dev.yaml": "config:\n  mails:word: old\n" },
  });
});
afterAll(() => folders.remove());

/** Title of the flow that the next run makes, and how the run ended. */
async function next(warm: warming.WarmPrograms): Promise<{ titles: unknown[]; run: running.ProgramRun }> {
  const titles: unknown[] = [];
  const run = await (await warm.take(open())).run({ onResource: ({ inputs }) => void titles.push(inputs["name"]) });
  return { titles, run };
}

it("runs the program as it is when it runs, with what it reads", async () => {
  const warm = new WarmPrograms(env());
  warm.warm(open());
  write("index.js", program("Second"));
  const { titles, run } = await next(warm);
  expect(titles).toEqual(["Second old"]);
  expect(run).toMatchObject({ isStarted: true, isFinished: true, end: 0, errors: [] });
  expect([...run.files]).toContain(path.join(dir, "index.js"));
  await warm.stop();
});

it("does not run with a configuration that has changed since", async () => {
  const warm = new WarmPrograms(env());
  warm.warm(open());
  write("Pulumi.dev.yaml", "config:\n  mails:word: new\n");
  expect((await next(warm)).titles).toEqual(["Second new"]);
  await warm.stop();
});

it("ends what it keeps ready, and keeps nothing ready after that", async () => {
  const warm = new WarmPrograms(env());
  warm.warm(open());
  await warm.stop();
  warm.warm(open());
  // The next one begins by itself.
  expect((await next(warm)).titles).toEqual(["Second new"]);
});
