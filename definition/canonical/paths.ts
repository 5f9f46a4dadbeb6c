// Property paths in Pulumi's own syntax: actions.welcome.config, actions["a.b"].branches[0].
import { isDict, put, type Dict } from "./values";

export type Path = readonly (string | number)[];

const PLAIN = /^[A-Za-z_$][A-Za-z0-9_$-]*$/;

export function formatPath(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (PLAIN.test(part)) text += text === "" ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** The parts of a path, or undefined when it is none. */
export function parsePath(text: string): Path | undefined {
  const parts: (string | number)[] = [];
  let rest = text;
  while (rest !== "") {
    const index = /^\[(\d+)\]/.exec(rest);
    const quoted = /^\[("(?:[^"\\]|\\.)*")\]/.exec(rest);
    const word = parts.length === 0 ? /^[^.[\]"]+/.exec(rest) : /^\.([^.[\]"]+)/.exec(rest);
    const match = index ?? quoted ?? word;
    if (!match) return undefined;
    if (index) parts.push(Number(index[1]));
    else if (quoted) {
      try {
        parts.push(JSON.parse(quoted[1]!) as string);
      } catch {
        return undefined;
      }
    } else parts.push(match[1] ?? match[0]);
    rest = rest.slice(match[0].length);
  }
  return parts.length === 0 ? undefined : parts;
}

export function getAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof part === "number") value = Array.isArray(value) ? value[part] : undefined;
    else value = isDict(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** Sets a value in place; false when the way there does not exist (maps on the way are made with `create`). */
export function setAt(root: Dict, path: Path, value: unknown, options: { create?: boolean } = {}): boolean {
  let target: unknown = root;
  for (const part of path.slice(0, -1)) {
    let next =
      typeof part === "number"
        ? Array.isArray(target)
          ? target[part]
          : undefined
        : isDict(target) && Object.hasOwn(target, part)
          ? target[part]
          : undefined;
    if (next === undefined && options.create && isDict(target) && typeof part === "string") {
      next = {};
      put(target, part, next);
    }
    if (next === undefined) return false;
    target = next;
  }
  const last = path[path.length - 1];
  if (typeof last === "number") {
    if (!Array.isArray(target) || last > target.length) return false;
    target[last] = value;
    return true;
  }
  if (last === undefined || !isDict(target)) return false;
  put(target, last, value);
  return true;
}

/** Removes a member in place. */
export function deleteAt(root: Dict, path: Path): void {
  const parent = getAt(root, path.slice(0, -1));
  const last = path[path.length - 1];
  if (isDict(parent) && typeof last === "string") delete parent[last];
}

export const startsWith = (path: Path, prefix: Path): boolean =>
  prefix.length <= path.length && prefix.every((part, i) => path[i] === part);
