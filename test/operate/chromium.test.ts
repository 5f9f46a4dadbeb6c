// Where a Chromium is looked for on each system, and what is said where there is none.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chromiumFiles, startChromium } from "../../operate/show/chromium";
import { ROOT } from "../support/compile-modules";

const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-chromium-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a Chromium is found", () => {
  const linux = { platform: "linux", home: "/home/ada" } as const;
  const search = (files: readonly string[], given: Omit<Parameters<typeof chromiumFiles>[0], "isFile">): string[] =>
    chromiumFiles({ ...given, isFile: (file) => files.includes(file) });

  it("on PATH, whatever it is called, Chromium first", () => {
    const files = ["/usr/bin/microsoft-edge", "/usr/bin/google-chrome", "/opt/bin/chromium"];
    expect(search(files, { ...linux, env: { PATH: "/usr/bin:/opt/bin" } })).toEqual([...files].reverse());
    expect(search(files, { ...linux, env: {} })).toEqual([]);
  });

  it.each([
    ["darwin", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", {}],
    ["darwin", "/home/ada/Applications/Chromium.app/Contents/MacOS/Chromium", {}],
    ["win32", "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe", { ProgramFiles: "C:\\Program Files" }],
    ["win32", "C:\\x86\\Microsoft\\Edge\\Application\\msedge.exe", { "ProgramFiles(x86)": "C:\\x86" }],
    ["win32", "D:\\tools\\chromium.exe", { Path: "C:\\bin;D:\\tools" }],
    ["linux", "/opt/google/chrome/chrome", {}],
  ] as const)("where %s keeps it: %s", (platform, file, env) => {
    expect(search([file], { ...linux, platform, env })).toEqual([file]);
  });

  it("where playwright-core installed it, after the others", () => {
    const files = ["/cache/chrome", "/usr/bin/chromium"];
    const found = search(files, { ...linux, env: { PATH: "/usr/bin" }, playwrights: "/cache/chrome" });
    expect(found).toEqual(["/usr/bin/chromium", "/cache/chrome"]);
  });

  it("where HOGFLOW_CHROMIUM names it, and nowhere else", () => {
    const env = { HOGFLOW_CHROMIUM: "/my/chrome", PATH: "/usr/bin" };
    expect(search(["/usr/bin/chromium", "/my/chrome"], { ...linux, env })).toEqual(["/my/chrome"]);
    expect(() => search(["/usr/bin/chromium"], { ...linux, env })).toThrow(
      /HOGFLOW_CHROMIUM is "\/my\/chrome", and there is no such file/,
    );
  });
});

describe("a Chromium is started", () => {
  const failing = path.join(folder, "chromium");
  writeFileSync(failing, "#!/bin/sh\necho the snap is missing >&2\nexit 1\n", { mode: 0o755 });

  it("not where the project has no playwright-core", async () => {
    await expect(startChromium({ cwd: folder, env: {} })).rejects.toThrow(
      /playwright-core is not installed\. .*Run: npm install --save-dev playwright-core/,
    );
  });

  it.skipIf(process.platform === "win32")("not where it does not run, with what it said and what to do", async () => {
    const started = startChromium({ cwd: ROOT, env: { HOGFLOW_CHROMIUM: failing } });
    await expect(started).rejects.toThrow(/No Chromium starts on this machine/);
    await expect(started).rejects.toThrow(`${failing} did not start: the snap is missing`);
    await expect(started).rejects.toThrow("npx playwright-core install chromium");
    await expect(started).rejects.not.toThrow("--disable-background-networking");
  });

  it("with the copy of playwright-core that the project has, also by its other name", async () => {
    const modules = path.join(folder, "project", "node_modules", "playwright");
    mkdirSync(modules, { recursive: true });
    writeFileSync(
      path.join(modules, "index.js"),
      `exports.chromium = { executablePath: () => { throw new Error("no browser for this system"); }, launch: async ({ executablePath }) => ({ of: executablePath }) };`,
    );
    const env = { HOGFLOW_CHROMIUM: failing };
    const { browser, file } = await startChromium({ cwd: path.join(folder, "project"), env });
    expect([browser, file]).toEqual([{ of: failing }, failing]);
  });
});
