// How deep a value is nested: found without going deep oneself, because everything else that walks a definition calls itself for each level.
import { formatPath, type Path } from "./paths";
import { isDict } from "./values";

/** The path to a value that is nested deeper than this, if there is one. A value that holds itself is one. */
export function tooDeep(value: unknown, most: number): Path | undefined {
  // What is shared by many is looked at once for each depth at most, and only deeper ones.
  const seen = new WeakMap<object, number>();
  const open: { value: unknown; path: Path }[] = [{ value, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: here, path } = next;
    const isList = Array.isArray(here);
    if (!isList && !isDict(here)) continue;
    if (path.length >= most) return path;
    if ((seen.get(here) ?? -1) >= path.length) continue;
    seen.set(here, path.length);
    if (isList) here.forEach((item, i) => open.push({ value: item, path: [...path, i] }));
    else
      for (const key of Object.keys(here))
        if (typeof here[key] === "object") open.push({ value: here[key], path: [...path, key] });
  }
  return undefined;
}

/** Whether what was parsed, in which nothing is shared, holds a list or map at a deeper level than this. Looks level by level, without recursion. */
export function isDeeper(parsed: unknown, level: number): boolean {
  let here: unknown[] = [parsed];
  for (let depth = 0; here.length > 0; depth += 1) {
    if (depth > level) return true;
    const next: unknown[] = [];
    for (const value of here) {
      if (typeof value !== "object" || value === null) continue;
      for (const member of Array.isArray(value) ? value : Object.values(value))
        if (typeof member === "object" && member !== null) next.push(member);
    }
    here = next;
  }
  return false;
}

/** Of a path that is too deep, the part that people need. */
const SHOWN_DEPTH = 8;

export const shownPath = (deep: Path): Path => deep.slice(0, SHOWN_DEPTH);

/** What is wrong with a value that is read, such as `x: is nested more than 1000 levels deep`. */
export function tooDeepText(value: unknown, most: number): string | undefined {
  const deep = tooDeep(value, most);
  return (
    deep &&
    [formatPath(shownPath(deep)), `is nested more than ${most} levels deep`].filter((part) => part !== "").join(": ")
  );
}

/** What a finding says of a flow in a program that is too deep. */
export const tooDeepFinding = (most: number): { what: string; why: string; fix: string } => ({
  what: `is nested more than ${most} levels deep, so nothing of this flow was read`,
  why: "PostHog cannot store it: its server stops with an error at some hundred levels",
  fix: "Send it as a text, or store it elsewhere and send its address",
});
