// A folder like that of somebody's project: with these files, and with prettier installed.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { ROOT } from "./compile-modules";

/** The folder, which is gone when the test has ended. */
export function projectWith(
  files: Readonly<Record<string, string>>,
  { installed = true }: { installed?: boolean } = {},
): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), "hogflow-prettier-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  if (installed) {
    mkdirSync(path.join(dir, "node_modules"), { recursive: true });
    symlinkSync(path.join(ROOT, "node_modules/prettier"), path.join(dir, "node_modules/prettier"), "junction");
  }
  return dir;
}
