// Differences in words, for people who must decide: steps and fields, and values only where no secret and no template input is (design L13).
import type { Difference } from "../definition/canonical/compare";
import { formatPath, getAt, parsePath, startsWith } from "../definition/canonical/paths";
import { isDict, own, type Dict } from "../definition/canonical/values";
import { oneLine } from "../definition/plain-text";

const SHOWN = 60;
const LISTED = 20;

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

export interface ReportOptions {
  secretPaths: readonly string[];
  /** Names of the two sides, and of a third where there is one. */
  before: string;
  after: string;
  /** The program, where what it has at the same path is to be shown, too. */
  ours?: Dict;
}

/** One line a difference. */
export function differenceLines(
  list: readonly Difference[],
  definition: Dict,
  { secretPaths, before, after, ours }: ReportOptions,
): string[] {
  const secrets = secretPaths.map((path) => parsePath(path)).filter((path) => path !== undefined);
  const lines = list.slice(0, LISTED).map(({ path, kind, before: was, after: is }) => {
    const id = path[0] === "actions" && typeof path[1] === "string" ? path[1] : undefined;
    const name = own(own(definition["actions"], id ?? ""), "name");
    const where = `${formatPath(path)}${typeof name === "string" && path.length > 2 ? ` (step "${oneLine(name)}")` : ""}`;
    if (id !== undefined && path.length === 2) return `  ${where}: step ${kind}`;
    const mine = ours === undefined ? undefined : getAt(ours, path);
    const hidden =
      path.includes("inputs") ||
      isDict(was) ||
      isDict(is) ||
      isDict(mine) ||
      secrets.some((secret) => startsWith(secret, path) || startsWith(path, secret));
    if (hidden) return `  ${where}: ${kind}`;
    const third = ours === undefined ? "" : `, program ${shown(mine)}`;
    return `  ${where}: ${before} ${shown(was)}, ${after} ${shown(is)}${third}`;
  });
  return list.length > LISTED ? [...lines, `  … and ${list.length - LISTED} more`] : lines;
}
