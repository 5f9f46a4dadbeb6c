// `hogflow show --shots` as a user runs it: pictures beside the page, and what is said where something for them is missing.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hogflow } from "../support/command";
import { ROOT } from "../support/compile-modules";
import { REFERENCE_FLOWS } from "../support/reference-flows";

const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-show-shots-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const chromium = { HOGFLOW_CHROMIUM: process.env["HOGFLOW_CHROMIUM"]!, HOME: folder };

/** A folder with one flow and one person, and playwright-core where a project has it. */
function project(name: string, { hasPlaywright = true } = {}): string {
  const dir = path.join(folder, name);
  mkdirSync(path.join(dir, "node_modules"), { recursive: true });
  mkdirSync(path.join(dir, "people"));
  if (hasPlaywright)
    symlinkSync(path.join(ROOT, "node_modules/playwright-core"), path.join(dir, "node_modules/playwright-core"));
  const { flow } = Object.values(REFERENCE_FLOWS).find(({ flow: each }) =>
    (each["actions"] as { type: string }[]).some(({ type }) => type === "function_email"),
  )!;
  writeFileSync(path.join(dir, "flow.json"), JSON.stringify(flow));
  return dir;
}
const run = (cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = chromium) =>
  hogflow(["show", "flow.json", ...args], { cwd, env });

describe("hogflow show --shots", () => {
  const dir = project("whole");

  it("writes the page, a picture of each message, and their list", async () => {
    const { code, stdout, stderr } = await run(dir, ["--shots", "shots", "--out", "page.html"]);
    expect(code, stderr).toBe(0);
    const files = readdirSync(path.join(dir, "shots"));
    const pictures = files.filter((file) => file.endsWith(".png"));
    expect(pictures.length).toBeGreaterThan(0);
    expect(files).toContain("shots.json");
    expect(stdout).toContain(`Wrote ${pictures.length} picture${pictures.length === 1 ? "" : "s"} to shots.`);
    expect(existsSync(path.join(dir, "page.html"))).toBe(true);
    for (const file of pictures) expect(readFileSync(path.join(dir, "shots", file)).readUInt32BE(16)).toBe(600);
  });

  it("takes them as on a phone", async () => {
    const { code, stderr } = await run(dir, ["--shots", "phone", "--phone", "--out", "page.html"]);
    expect(code, stderr).toBe(0);
    const [picture] = readdirSync(path.join(dir, "phone")).filter((file) => file.endsWith(".png"));
    expect(readFileSync(path.join(dir, "phone", picture!)).readUInt32BE(16)).toBe(390);
  });

  it.each([
    [["--phone"], "--phone is about pictures", "Add --shots <folder>"],
    [["--shots", "x", "--serve"], "--shots writes pictures, and --serve serves the page", "Give one of them"],
  ])("refuses %j", async (args, what, fix) => {
    const { code, stderr } = await run(dir, args);
    expect(code).toBe(3);
    expect(stderr).toContain(what);
    expect(stderr).toContain(fix);
  });

  it("says what is missing before it does anything: playwright-core, or a browser", async () => {
    const bare = project("bare", { hasPlaywright: false });
    const without = await run(bare, ["--shots", "shots"]);
    expect(without.code).toBe(1);
    expect(without.stderr).toContain("The package playwright-core is not installed");
    expect(without.stderr).toContain("npm install --save-dev playwright-core");
    const none = await run(dir, ["--shots", "none"], { HOGFLOW_CHROMIUM: "/no/such/browser" });
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('HOGFLOW_CHROMIUM is "/no/such/browser", and there is no such file');
    expect([existsSync(path.join(bare, "hogflow.html")), existsSync(path.join(dir, "none"))]).toEqual([false, false]);
  });
});
