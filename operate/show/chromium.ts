// Finds a Chromium (Chrome and Edge are such) on this machine, and starts it with the project's own copy of playwright-core.
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import type { Browser, BrowserType } from "playwright-core";
import { OperateError } from "../errors";

/** The environment variable that names the browser's file. */
export const CHROMIUM_VARIABLE = "HOGFLOW_CHROMIUM";

/** What a browser's file is called on PATH. */
const NAMES = [
  "chromium",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "chromium-browser",
  "microsoft-edge",
  "msedge",
];
const MAC_APPS = ["Chromium", "Google Chrome", "Microsoft Edge"];
const WINDOWS_PROGRAMS = [
  "Google\\Chrome\\Application\\chrome.exe",
  "Chromium\\Application\\chrome.exe",
  "Microsoft\\Edge\\Application\\msedge.exe",
];
const LINUX_FILES = ["/opt/google/chrome/chrome", "/usr/lib/chromium/chromium", "/snap/bin/chromium"];

/** Of what a browser says that does not start. */
const SHOWN_LINES = 3;
const INSTALL = `Install Chromium or Chrome, or run \`npx playwright-core install chromium\`. If one is installed, set ${CHROMIUM_VARIABLE} to its file`;

/** Where a browser is looked for. Only tests give more than `env`. */
export interface ChromiumSearch {
  env: Readonly<Record<string, string | undefined>>;
  /** Default: this system's. */
  platform?: NodeJS.Platform;
  /** The user's folder. */
  home?: string;
  isFile?: (file: string) => boolean;
  /** The file of the browser that playwright-core installs, which need not exist. */
  playwrights?: string;
}

/**
 * The browsers of this machine, the likeliest first: the one that `HOGFLOW_CHROMIUM` names and no other, else those on PATH, in the usual
 * folders, and the one that playwright-core installed.
 *
 * @throws OperateError when `HOGFLOW_CHROMIUM` names no file.
 */
export function chromiumFiles({
  env,
  platform = process.platform,
  home = os.homedir(),
  isFile = isFileHere,
  playwrights,
}: ChromiumSearch): string[] {
  const named = env[CHROMIUM_VARIABLE];
  if (named !== undefined && named !== "") {
    if (!isFile(named))
      throw new OperateError({
        what: `${CHROMIUM_VARIABLE} is "${named}", and there is no such file`,
        fix: "Set it to the file of a Chromium or Chrome, or remove it to have one looked for",
      });
    return [named];
  }
  const { join, delimiter } = platform === "win32" ? path.win32 : path.posix;
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = NAMES.flatMap((name) =>
    folders.map((folder) => join(folder, platform === "win32" ? `${name}.exe` : name)),
  );
  const usual =
    platform === "win32"
      ? ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"]
          .flatMap((name) => env[name] ?? [])
          .flatMap((folder) => WINDOWS_PROGRAMS.map((program) => join(folder, program)))
      : platform === "darwin"
        ? ["/", home].flatMap((folder) =>
            MAC_APPS.map((app) => join(folder, "Applications", `${app}.app`, "Contents", "MacOS", app)),
          )
        : LINUX_FILES;
  return [...new Set([...onPath, ...usual, ...(playwrights === undefined ? [] : [playwrights])])].filter(isFile);
}

function isFileHere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A browser that was started, and the file that it is. Whoever started it closes it. */
export interface StartedChromium {
  browser: Browser;
  file: string;
}

/**
 * Starts the first browser that starts, without a window.
 *
 * @param cwd Folder of the project whose playwright-core drives it.
 * @throws OperateError when playwright-core is not installed there, when there is no browser, and when none starts.
 */
export async function startChromium({
  cwd,
  env,
}: {
  cwd: string;
  env: ChromiumSearch["env"];
}): Promise<StartedChromium> {
  const playwright = playwrightOf(cwd);
  const files = chromiumFiles({ env, playwrights: installedBy(playwright) });
  const attempts: string[] = [];
  for (const file of files)
    for (const chromiumSandbox of sandboxes())
      try {
        return { browser: await playwright.launch({ executablePath: file, chromiumSandbox }), file };
      } catch (error) {
        attempts.push(`${file} did not start: ${firstLines(error)}`);
      }
  if (attempts.length === 0)
    throw new OperateError({
      what: "No Chromium was found on this machine",
      why: `Pictures are made by a browser, and neither ${CHROMIUM_VARIABLE} nor PATH nor the usual folders lead to one`,
      fix: INSTALL,
    });
  throw new OperateError({
    what: `No Chromium starts on this machine`,
    why: attempts.join("\n"),
    fix: INSTALL,
  });
}

/** Chromium's own sandbox where it may have one: root has none, and some containers forbid it. Pages are not trusted with scripts or a network anyway. */
const sandboxes = (): boolean[] => (process.platform === "linux" && process.getuid?.() === 0 ? [false] : [true, false]);

/** Large, and needed for pictures alone: so it is the project's own dependency, and is loaded when it is used. */
function playwrightOf(cwd: string): BrowserType {
  const require = createRequire(path.resolve(cwd, "package.json"));
  for (const name of ["playwright-core", "playwright"])
    try {
      return (require(name) as { chromium: BrowserType }).chromium;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  throw new OperateError({
    what: "The package playwright-core is not installed",
    why: "It drives the browser that makes pictures",
    fix: "Run: npm install --save-dev playwright-core",
  });
}

/** It has none for every system, and throws then. */
function installedBy(playwright: BrowserType): string | undefined {
  try {
    return playwright.executablePath();
  } catch {
    return undefined;
  }
}

/** What the browser said, or else what playwright says of it, without the command line. */
function firstLines(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split("\n").map((line) => line.trim());
  const said = lines.flatMap((line) => /^(?:- )?\[pid=\d+\]\[err\] (.+)/.exec(line)?.[1] ?? []);
  const shown = said.length > 0 ? said : lines.filter((line) => line !== "" && !/^[<=-]|logs?:$/.test(line));
  return shown.slice(0, SHOWN_LINES).join(" ");
}
