// What the server made of our own write (design L2), remembered as paths and values: live = inputs + additions means no drift.
import { createHash } from "node:crypto";
import { differences } from "./compare";
import { deleteAt, formatPath, getAt, parsePath, setAt, type Path } from "./paths";
import { copy, isDict, stableText, type Dict } from "./values";

/** By path: the server's value, or that it dropped ours, or that one of its values has vanished since. */
export type Additions = Record<string, Addition>;
type Addition = { value: unknown } | { hash: string } | { dropped: true } | { gone: true };

/** Values above this many characters are remembered by their hash alone. */
const LARGE = 400;
const hashOf = (value: unknown): string => createHash("sha256").update(stableText(value)).digest("hex").slice(0, 32);

export function additionsOf(sent: Dict, answer: Dict): Additions {
  const additions: Additions = {};
  for (const { path, after } of differences(sent, answer)) {
    additions[formatPath(path)] = after === undefined ? { dropped: true } : remembered(after);
  }
  return additions;
}

const remembered = (value: unknown): Addition =>
  stableText(value).length > LARGE ? { hash: hashOf(value) } : { value };

/** Whether the live value at this path is what the server made of ours. */
function holds(addition: Addition, live: unknown): boolean {
  if ("value" in addition) return live !== undefined && stableText(addition.value) === stableText(live);
  if ("hash" in addition) return live !== undefined && hashOf(live) === addition.hash;
  return live === undefined;
}

export interface WithoutAdditions {
  /** The live definition, with the server's own changes taken back out of it. */
  definition: Dict;
  /** The additions that are still there, and those that have vanished. */
  additions: Additions;
  vanished: Additions;
}

/** Takes the known additions out of a live definition. Where one is no longer there, or has another value, the live value stays and shows. */
export function withoutAdditions(live: Dict, additions: Additions, inputs: Dict): WithoutAdditions {
  // Most flows have none.
  const definition = Object.keys(additions).length === 0 ? live : copy(live);
  const standing: Additions = {};
  const vanished: Additions = {};
  for (const [text, addition] of Object.entries(additions)) {
    const path = parsePath(text);
    if (!path || "gone" in addition) continue;
    const now = getAt(live, path);
    const ours = getAt(inputs, path);
    if (holds(addition, now)) {
      if (ours === undefined) removeAndPrune(definition, path, inputs);
      // With the step or map around it gone, that is what has vanished; it is not made again for the sake of one key.
      else if (!setAt(definition, path, copy(ours))) continue;
      standing[text] = addition;
    } else if (now === undefined && ours === undefined && placeExists(live, path)) vanished[text] = { gone: true };
  }
  return { definition, additions: standing, vanished };
}

/** Removes a value and the maps on the way that are empty without it and that the inputs do not have. */
function removeAndPrune(root: Dict, path: Path, inputs: Dict): void {
  deleteAt(root, path);
  for (let length = path.length - 1; length > 0; length -= 1) {
    const parent = path.slice(0, length);
    const value = getAt(root, parent);
    if (!isDict(value) || Object.keys(value).length > 0 || getAt(inputs, parent) !== undefined) return;
    deleteAt(root, parent);
  }
}

/** Whether the step that held the addition is still there: with the step gone, the step is what has vanished. */
const placeExists = (live: Dict, path: Path): boolean =>
  path[0] !== "actions" || getAt(live, path.slice(0, 2)) !== undefined;

export const goneOf = (additions: unknown): string[] =>
  isDict(additions)
    ? Object.entries(additions)
        .filter(([, addition]) => isDict(addition) && addition["gone"] === true)
        .map(([path]) => path)
    : [];

/** Warnings for keys of ours that the server dropped. */
export const droppedOf = (additions: Additions): string[] =>
  Object.entries(additions)
    .filter(([, addition]) => "dropped" in addition)
    .map(([path]) => path);
