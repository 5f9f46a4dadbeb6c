/** What a step's result becomes: the variables that its `output_variable` names (run time §3.10). */
import { isObject, type JsonObject } from "../json";
import { note, type Run } from "./run";

const MAX_BYTES = 5120;

export function storeResult(run: Run, step: JsonObject, result: unknown): void {
  const wanted = [step.output_variable].flat().filter((each) => isObject(each) && each.key) as JsonObject[];
  if (wanted.length === 0) return;
  const written: JsonObject = {};
  for (const { key, result_path: path, spread } of wanted) {
    const value = path ? memberAt(result, String(path)) : result;
    if (spread && isObject(value))
      for (const [name, member] of Object.entries(value)) written[`${key}_${name}`] = member;
    else written[key] = value;
  }
  const names = Object.keys(written);
  const variables = { ...run.variables, ...written };
  if (Buffer.byteLength(JSON.stringify(variables), "utf8") > MAX_BYTES) {
    for (const name of names) delete run.variables[name];
    const error = `With '${names.join(", ")}' the variables are larger than 5KB`;
    note(run, "error", error);
    throw new Error(error);
  }
  Object.assign(run.variables, written);
  const shown = names.map((name) => `${name} = ${JSON.stringify(written[name])}`).join(", ");
  note(run, "debug", `Stored action result in variable(s): ${shown}`);
}

/** `items[0].id` of a value. */
function memberAt(value: unknown, path: string): unknown {
  const steps = path
    .replace(/\[(\w+)\]/g, ".$1")
    .split(".")
    .filter(Boolean);
  return steps.reduce<any>(
    (member, step) => (member === null || member === undefined ? undefined : member[step]),
    value,
  );
}
