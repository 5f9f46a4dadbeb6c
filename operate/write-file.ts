// Writes generated text into a file: not at all when it is the same, and never over a file that somebody wrote by hand.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readTextFile, withLineFeeds } from "../definition/text-file";
import { OperateError } from "./errors";

/**
 * Writes `text`, which begins with a line that says what made it, and returns whether the file changed.
 *
 * @throws OperateError when the file is there and does not begin with that line, unless `overwrite`.
 *
 * @example
 * const templates = await readTemplates(client, []);
 * writeGenerated("posthog/templates.ts", templateTypes(templates)); // "written", and "unchanged" the next time
 */
export function writeGenerated(
  file: string,
  text: string,
  { overwrite = false }: { overwrite?: boolean } = {},
): "written" | "unchanged" {
  if (existsSync(file)) {
    const before = withLineFeeds(readTextFile(file));
    if (before === text) return "unchanged";
    const made = text.split("\n", 1)[0]!;
    if (!overwrite && !before.startsWith(made))
      throw new OperateError({
        what: `${file} was not written`,
        why: `It exists and does not begin with "${made}", so hogflow did not write it`,
        fix: "Name another file, or overwrite it with --yes",
      });
  }
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, text);
  return "written";
}
