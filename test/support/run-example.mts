// Run as a process in an example's folder: prints what the example's program registers, without an engine. Secrets stand as what they hold.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runProgram } from "./program";

const [stack = "dev", config = "{}"] = process.argv.slice(2);
const folder = process.cwd();
const { name, type } = createRequire(path.join(folder, "package.json"))("./package.json") as {
  name: string;
  type?: string;
};
const file = path.join(folder, "index.ts");

const found = await runProgram(
  () => (type === "module" ? import(pathToFileURL(file).href) : createRequire(file)(file)),
  {
    config: JSON.parse(config) as Record<string, string>,
    project: name.replace(/^hogflow-example-/, ""),
    stack,
    preview: true,
  },
);
const opened = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  return "4dabf18193072939515e22adb298388d" in members
    ? opened(members["value"])
    : Object.fromEntries(Object.entries(members).map(([key, item]) => [key, opened(item)]));
};
console.log(JSON.stringify(found.map(({ kind, name, inputs }) => ({ kind, name, inputs: opened(inputs) }))));
