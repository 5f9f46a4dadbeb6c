// Programs in the languages that take the plugin: how each writes one, and what its folder needs.
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import { findOnPath } from "../../tools/engine/go-build.mjs";
import { findPython } from "../../tools/engine/python.mjs";
import type { Language, Stack } from "./engine";

/** A value of the stack's configuration that is secret. */
export class Secret {
  constructor(readonly key: string) {}
}

/** A file of the program's folder, as text. */
export class FileText {
  constructor(readonly file: string) {}
}

/** The output of a resource of the program. */
export class Output {
  constructor(
    readonly resource: string,
    readonly property: string,
  ) {}
}

export interface Declared {
  type: "HogFlow" | "HogFlowSchedule";
  name: string;
  args: Record<string, unknown>;
  /** The resource option `import`. */
  importId?: string;
}

export interface ProgramLanguage extends Language {
  name: string;
  /** What `pulumi package gen-sdk` calls it; nothing where a program needs no SDK. */
  sdk?: string;
  /** The page about it, and the language of its program there. */
  page: { file: string; block: string };
  /** The program of a block on a page. Default: the block. */
  ofPage?(block: string): string;
  /** The source of a program. It exports the `url` of the first flow. */
  write(resources: readonly Declared[]): string;
  /** Why its programs cannot run on this machine. */
  missing(): Promise<string | undefined>;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const pascal = (name: string): string => name[0]!.toUpperCase() + name.slice(1);
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
const firstFlow = (resources: readonly Declared[]): string | undefined =>
  resources.find(({ type }) => type === "HogFlow")?.name;
const secretsIn = (value: unknown): string[] =>
  value instanceof Secret
    ? [value.key]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(secretsIn)
      : [];

const reason = async (find: () => Promise<unknown>): Promise<string | undefined> => {
  try {
    await find();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

function yamlValue(value: unknown): unknown {
  if (value instanceof Secret) return `\${${value.key}}`;
  if (value instanceof Output) return `\${${value.resource}.${value.property}}`;
  if (value instanceof FileText) return { "fn::readFile": `./${value.file}` };
  if (Array.isArray(value)) return value.map(yamlValue);
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, yamlValue(part)]));
  return value;
}

export const yamlLanguage: ProgramLanguage = {
  name: "YAML",
  page: { file: "docs/yaml.md", block: "yaml" },
  // The project has a file of its own here.
  ofPage(block) {
    const { variables, resources, outputs } = parse(block);
    return stringify({ variables, resources, outputs });
  },
  runtime: () => "yaml",
  main: "Main.yaml",
  missing: async () => undefined,
  write(resources) {
    const secrets = secretsIn(resources);
    const flow = firstFlow(resources);
    return stringify({
      ...(secrets.length > 0 ? { config: Object.fromEntries(secrets.map((key) => [key, { type: "string" }])) } : {}),
      resources: Object.fromEntries(
        resources.map(({ type, name, args, importId }) => [
          name,
          {
            type: `hogflow:${type}`,
            properties: yamlValue(args),
            ...(importId ? { options: { import: importId } } : {}),
          },
        ]),
      ),
      ...(flow ? { outputs: { url: `\${${flow}.url}` } } : {}),
    });
  },
};

function pythonValue(value: unknown): string {
  if (value instanceof Secret) return `config.require_secret("${value.key}")`;
  if (value instanceof Output) return `${value.resource}.${snake(value.property)}`;
  if (value instanceof FileText) return `open("${value.file}").read()`;
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (isMap(value))
    return `{${Object.entries(value)
      .map(([key, part]) => `${JSON.stringify(key)}: ${pythonValue(part)}`)
      .join(", ")}}`;
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}

export const pythonLanguage: ProgramLanguage = {
  name: "Python",
  page: { file: "docs/python.md", block: "python" },
  sdk: "python",
  runtime: (dir) => ({ name: "python", options: { toolchain: "pip", virtualenv: path.join(dir, "venv") } }),
  main: "__main__.py",
  files: { "requirements.txt": "pulumi\n" },
  // What is installed comes from the folder and from the environment that is copied: no index is asked.
  env: { PIP_NO_INDEX: "1", PIP_NO_BUILD_ISOLATION: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" },
  prepare: async (dir) =>
    cp(await findPython({ log: console.log }), path.join(dir, "venv"), { recursive: true, verbatimSymlinks: true }),
  missing: () => reason(() => findPython({ log: console.log })),
  write(resources) {
    const flow = firstFlow(resources);
    const declare = ({ type, name, args, importId }: Declared): string => {
      const given = Object.entries(args).map(([key, value]) => `${snake(key)}=${pythonValue(value)}`);
      if (importId) given.push(`opts=pulumi.ResourceOptions(import_="${importId}")`);
      return `${name} = hogflow.${type}("${name}", ${given.join(", ")})`;
    };
    return [
      "import pulumi",
      "import pulumi_hogflow as hogflow",
      "config = pulumi.Config()",
      ...resources.map(declare),
      ...(flow ? [`pulumi.export("url", ${flow}.url)`] : []),
      "",
    ].join("\n");
  },
};

const GO_SDK = "example.com/pulumi-hogflow/sdk/go";
const GO_MODULE = path.resolve(import.meta.dirname, "../../tools/engine/go/program");

/** Inside of what the schema leaves open. */
function goValue(value: unknown): string {
  if (value instanceof Secret) return `settings.RequireSecret("${value.key}")`;
  if (value instanceof Output)
    return value.property === "id" ? `${value.resource}.ID()` : `${value.resource}.${pascal(value.property)}`;
  if (Array.isArray(value)) return `pulumi.Array{${value.map(goValue).join(", ")}}`;
  if (isMap(value)) return goMap("pulumi.Map", value, goValue);
  if (typeof value === "boolean") return `pulumi.Bool(${value})`;
  if (typeof value === "number") return Number.isInteger(value) ? `pulumi.Int(${value})` : `pulumi.Float64(${value})`;
  return `pulumi.String(${JSON.stringify(value)})`;
}
const goMap = (type: string, map: Record<string, unknown>, write: (value: unknown) => string): string =>
  `${type}{${Object.entries(map)
    .map(([key, value]) => `${JSON.stringify(key)}: ${write(value)}`)
    .join(", ")}}`;
const goStruct = (type: string, fields: Record<string, unknown>): string =>
  `${type}{${Object.entries(fields)
    .map(
      ([key, value]) =>
        `${pascal(key)}: ${key === "actions" ? goMap("hogflow.StepMap", value as Record<string, unknown>, (step) => goStruct("hogflow.StepArgs", step as Record<string, unknown>)) : goValue(value)}`,
    )
    .join(", ")}}`;

export const goLanguage: ProgramLanguage = {
  name: "Go",
  page: { file: "docs/go.md", block: "go" },
  sdk: "go",
  runtime: () => "go",
  main: "main.go",
  // As the engine is built, so that what it has compiled is not compiled again.
  env: { GOFLAGS: "-trimpath", GOWORK: "off" },
  prepare: async (dir) => {
    for (const name of ["go.mod", "go.sum"]) await cp(path.join(GO_MODULE, name), path.join(dir, name));
  },
  missing: async () => (findOnPath("go", process.env) ? undefined : "there is no go on PATH (https://go.dev/dl)"),
  write(resources) {
    const flow = firstFlow(resources);
    const declare = ({ type, name, args, importId }: Declared): string[] => [
      `${name}, err := hogflow.New${type}(ctx, "${name}", &${goStruct(`hogflow.${type}Args`, args)}${importId ? `, pulumi.Import(pulumi.ID("${importId}"))` : ""})`,
      "if err != nil { return err }",
      `_ = ${name}`,
    ];
    return [
      "package main",
      "import (",
      ...(resources.length > 0 ? [`"${GO_SDK}/hogflow"`] : [`_ "${GO_SDK}/hogflow"`]),
      `"github.com/pulumi/pulumi/sdk/v3/go/pulumi"`,
      `"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"`,
      ")",
      "func main() { pulumi.Run(func(ctx *pulumi.Context) error {",
      `settings := config.New(ctx, "")`,
      "_ = settings",
      ...resources.flatMap(declare),
      ...(flow ? [`ctx.Export("url", ${flow}.Url)`] : []),
      "return nil",
      "}) }",
      "",
    ].join("\n");
  },
};

/** Makes the SDK of the plugin, and makes it a dependency of the program. */
export const addPackage = (stack: Stack) =>
  stack.run(
    ["package", "add", "node_modules/pulumi-hogflow/dist/plugin/pulumi-resource-hogflow", "--non-interactive"],
    {
      timeoutMs: 600_000,
    },
  );

/** The code that an import wrote. */
export const readProgram = (stack: Stack, file: string): Promise<string> =>
  readFile(path.join(stack.dir, file), "utf8");
