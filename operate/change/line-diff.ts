// Two texts as a line diff that people read: long lines of HTML are broken where a tag ends, so that one changed word does not show a whole mail.
import { structuredPatch } from "diff";
import { shortened } from "../words/shorten";
import { linesOf, withoutUnseen } from "../../definition/plain-text";

const CONTEXT = 1;
/** Longest line that is shown whole. */
const WIDTH = 240;

/**
 * Lines with `-`, `+` and a blank before them; `…` where unchanged lines are left out.
 *
 * @example
 * ```ts
 * lineDiff(["a", "b"], ["a", "c"]); // ["  a", "- b", "+ c"]
 * ```
 */
export function lineDiff(before: readonly string[], after: readonly string[]): string[] {
  const [was, is] = [broken(before), broken(after)];
  const { hunks } = structuredPatch(
    "",
    "",
    `${was.join("\n")}${was.length > 0 ? "\n" : ""}`,
    `${is.join("\n")}${is.length > 0 ? "\n" : ""}`,
    "",
    "",
    { context: CONTEXT },
  );
  const lines: string[] = [];
  let next = 1;
  for (const hunk of hunks) {
    if (hunk.oldStart > next && hunk.oldLines > 0) lines.push("  …");
    next = hunk.oldStart + hunk.oldLines;
    for (const line of hunk.lines) if (!line.startsWith("\\")) lines.push(cut(`${line.slice(0, 1)} ${line.slice(1)}`));
  }
  if (hunks.length > 0 && next <= was.length) lines.push("  …");
  return lines;
}

/** An empty text has no lines. Ends of lines do not count. */
function broken(lines: readonly string[]): string[] {
  if (lines.length === 1 && lines[0] === "") return [];
  return lines
    .flatMap(linesOf)
    .flatMap((line) => (line.length > WIDTH ? line.replace(/>(?=<)/g, ">\n").split("\n") : [line]));
}

const cut = (line: string): string => shortened(withoutUnseen(line), WIDTH);
