// Every command that reads a file or standard input reads what Windows writes: with a byte order mark, or in UTF-16 as PowerShell's `>` does.
import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it, vi } from "vitest";
import { ROOT } from "../support/compile-modules";
import { EMAIL_FLOW, useProject } from "./support";

vi.setConfig({ testTimeout: 60_000 });
const project = useProject();

const FLOW = JSON.stringify({ ...EMAIL_FLOW, name: "Grüße" });
const PERSON = JSON.stringify({ plan: "free" });
const SCENARIO = JSON.stringify({ person: { properties: { plan: "free" } } });
const FILTERS = JSON.stringify({ properties: [{ key: "plan", value: ["free"], operator: "exact", type: "person" }] });
const STATE = JSON.stringify({ version: 3, deployment: { resources: [] } });
const PREVIEW = readFileSync(path.join(ROOT, "test/operate/fixtures/demo-preview.json"), "utf8");

/** The arguments of a command, with `{}` for the file. */
const COMMANDS: readonly [args: readonly string[], text: string][] = [
  [["validate", "{}"], FLOW],
  [["graph", "{}"], FLOW],
  [["simulate", "{}"], FLOW],
  [["simulate", "flow.json", "--person", "{}"], PERSON],
  [["simulate", "flow.json", "--scenario", "{}"], SCENARIO],
  [["audience", "{}"], FILTERS],
  [["drift", "--state", "{}"], STATE],
  [["review", "{}"], PREVIEW],
];

it.each(
  COMMANDS.map(
    ([args, text], i) =>
      (i % 2 === 0
        ? [args.join(" "), "with a mark", args, text, "utf8"]
        : [args.join(" "), "in UTF-16", args, text, "utf16le"]) as [
        string,
        string,
        readonly string[],
        string,
        BufferEncoding,
      ],
  ),
)("hogflow %s, %s", async (_, how, args, text, encoding) => {
  const ran = async (bytes: Buffer) => {
    // The same name, which messages show.
    const folder = "windows";
    mkdirSync(path.join(project.dir, folder), { recursive: true });
    writeFileSync(path.join(project.dir, folder, "given.json"), bytes);
    return project.run(args.map((arg) => (arg === "{}" ? `${folder}/given.json` : arg)));
  };
  const plain = await ran(Buffer.from(text));
  expect(plain.stderr).not.toContain("JSON");
  expect(await ran(Buffer.from(`\uFEFF${text}`, encoding)), how).toEqual(plain);
});

it("reads standard input with a mark", async () => {
  const plain = await project.run(["graph", "-"], {}, FLOW);
  expect(plain.code).toBe(0);
  expect(await project.run(["graph", "-"], {}, `\uFEFF${FLOW}`)).toEqual(plain);
});

it("reads people with a mark", async () => {
  writeFileSync(path.join(project.dir, "preview.json"), PREVIEW);
  for (const [folder, mark] of [
    ["people", ""],
    ["windows-people", "\uFEFF"],
  ] as const) {
    mkdirSync(path.join(project.dir, folder), { recursive: true });
    writeFileSync(path.join(project.dir, folder, "free.json"), `${mark}${SCENARIO}`);
  }
  const plain = await project.run(["review", "preview.json", "--people", "people"]);
  expect(plain.stderr).not.toContain("JSON");
  expect(await project.run(["review", "preview.json", "--people", "windows-people"])).toEqual(plain);
});
