// How the result of a step is stored (run time §3.10).
import { isDict, put, type Dict } from "../../definition/canonical/values";
import { MAX_VARIABLES_BYTES } from "../../definition/schema/limits";
import type { OutputVariable } from "../../definition/schema/types";
import { log } from "../world/record";
import type { AtRun } from "../world/state";

/** Stores the result; the error of the step when the variables grow too large, and then nothing is stored. A falsy result stores nothing. */
export function store(
  { world, run }: AtRun,
  target: OutputVariable | OutputVariable[] | undefined,
  result: unknown,
): string | undefined {
  if (!target || !result) return undefined;
  const before = run.variables;
  const variables: Dict = { ...before };
  const written: string[] = [];
  for (const entry of Array.isArray(target) ? target : [target]) {
    if (!isDict(entry) || typeof entry.key !== "string" || entry.key === "") continue;
    const value = entry.resultPath ? at(result, entry.resultPath) : result;
    const members =
      entry.spread === true && isDict(value)
        ? Object.entries(value).map(([name, member]) => [`${entry.key}_${name}`, member] as const)
        : [[entry.key, value ?? null] as const];
    for (const [key, member] of members) {
      put(variables, key, member);
      written.push(key);
    }
  }
  if (written.length === 0) return undefined;
  if (Buffer.byteLength(JSON.stringify(variables)) > MAX_VARIABLES_BYTES) {
    run.variables = Object.fromEntries(Object.entries(before).filter(([key]) => !written.includes(key)));
    return `Total variable size exceeds ${MAX_VARIABLES_BYTES} bytes`;
  }
  run.variables = variables;
  log({ world, run }, "debug", `Stored action result in variable(s): ${written.join(", ")}`);
  return undefined;
}

/** A name, an index or a quoted name in brackets, or the empty name beside a dot. */
const PART = /[^.[\]]+|\[(?:(-?\d+(?:\.\d+)?)|(["'])((?:(?!\2)[^\\]|\\.)*?)\2)\]|(?=(?:\.|\[\])(?:\.|\[\]|$))/g;
const PLAIN_NAME = /^\w*$/;

/** A path as lodash's `get` reads it: `items[0].id`, `a["b c"]`; and a member of that very name comes first. */
function at(value: unknown, path: string): unknown {
  const keys =
    PLAIN_NAME.test(path) || (typeof value === "object" && value !== null && path in value) ? [path] : partsOf(path);
  const found = keys.reduce<unknown>(
    (around, key) => (around === null || around === undefined ? undefined : (Object(around) as Dict)[key]),
    value,
  );
  // What every object inherits is lost as soon as the run is stored.
  return typeof found === "function" ? undefined : found;
}

function partsOf(path: string): string[] {
  const parts = [...path.matchAll(PART)].map(([whole, index, quote, quoted]) =>
    quote === undefined ? (index ?? whole) : quoted!.replace(/\\(\\)?/g, "$1"),
  );
  return path.startsWith(".") ? ["", ...parts] : parts;
}
