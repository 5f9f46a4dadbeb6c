// Prints the options of the runtime in Pulumi.yaml as flags of the language host, quoted for a shell. The project is the
// nearest folder around the current one, as for the engine.
"use strict";

const { existsSync, readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

/** What the host takes. */
const FLAGS = ["nodeargs", "tsconfig", "typescript"];

function projectFile(folder) {
  for (const name of ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"]) {
    if (existsSync(path.join(folder, name))) return path.join(folder, name);
  }
  const above = path.dirname(folder);
  return above === folder ? undefined : projectFile(above);
}

/** The YAML parser of the program's own @pulumi/pulumi: nothing is installed beside this file. */
function parserOf(folder) {
  try {
    return createRequire(require.resolve("@pulumi/pulumi", { paths: [folder] }))("js-yaml");
  } catch {
    // The host says what is missing.
    return undefined;
  }
}

const file = projectFile(process.cwd());
const yaml = file && parserOf(process.cwd());
const options = yaml?.load(readFileSync(file, "utf8"))?.runtime?.options ?? {};
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
console.log(
  FLAGS.filter((name) => options[name] !== undefined)
    .map((name) => quoted(`-${name}=${options[name]}`))
    .join(" "),
);
