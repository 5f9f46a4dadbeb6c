// What a program needs before Pulumi can run it: Pulumi.yaml, packages, a TypeScript that Pulumi can load, and a tsconfig.json that it takes.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Check } from "../checks";
import type { OperateError } from "../errors";
import { installedVersion, packageFolder, readProgram, type Program } from "./program";
import { FIRST_FOREIGN_TYPESCRIPT, isOlder, OLDEST_ENGINE, OLDEST_TYPESCRIPT } from "./versions";

type TypeScript = typeof import("typescript");
type CompilerOptions = import("typescript").CompilerOptions;

const INSTALL_TYPESCRIPT = "Install one that fits: npm install --save-dev typescript@5";
/** Of a configuration without files: the files are loaded one by one. */
const NO_FILES = [18002, 18003];

/** What to do about an error of the compiler's options, by its number. */
const FIXES: Readonly<Record<number, string>> = {
  5011: 'Add "rootDir": "." to the compilerOptions',
  5101: 'Remove the option, or set "ignoreDeprecations": "6.0"',
  5107: 'Set "module" and "moduleResolution" to "node16", or set "ignoreDeprecations": "6.0"',
};

/**
 * Checks the program of a Pulumi project without running it: Pulumi.yaml, its packages, TypeScript and tsconfig.json.
 *
 * @param dir Folder of Pulumi.yaml. Where there is none, there is one check, which is skipped.
 * @example
 * ```ts
 * programChecks(".").filter(({ verdict }) => verdict === "failed");
 * ```
 */
export function programChecks(dir: string): Check[] {
  let program: Program;
  try {
    program = readProgram(dir);
  } catch (error) {
    const { what, why, fix } = error as OperateError;
    return [{ name: "program", verdict: "failed", what: why === undefined ? what : `${what}: ${why}`, fix }];
  }
  if (program.projectFile === undefined)
    return [{ name: "program", verdict: "skipped", what: "not checked: there is no Pulumi.yaml here or above" }];
  const { runtime } = program;
  if (runtime !== undefined && !OF_NODE.includes(runtime))
    return [
      {
        name: "program",
        verdict: "skipped",
        what: `not checked: its runtime is ${runtime}, so the plugin serves it, and pulumi preview checks it`,
      },
    ];
  return [programCheck(program), packagesCheck(program), ...typeScriptChecks(program)];
}

/** Runtimes of programs in TypeScript and JavaScript. */
const OF_NODE: readonly string[] = ["nodejs", "bun"];

function programCheck({ projectFile, runtime, options, entry, programDir, isModule, ...program }: Program): Check {
  const name = "program";
  const file = path.basename(projectFile!);
  if (program.name === undefined)
    return { name, verdict: "failed", what: `${file} has no name`, fix: `Add a line to ${file}: name: <name>` };
  if (runtime === "bun")
    return {
      name,
      verdict: "failed",
      what: `${file} runs the program with Bun, where Pulumi has no dynamic providers, and pulumi-hogflow is one`,
      fix: `Set runtime: nodejs in ${file}; Bun can stay the package manager (options: packagemanager: bun)`,
    };
  if (runtime !== "nodejs")
    return {
      name,
      verdict: "failed",
      what: `${file} has no runtime`,
      fix: `Add a line to ${file}: runtime: nodejs`,
    };
  if (entry === undefined)
    return {
      name,
      verdict: "failed",
      what: `there is no program in ${programDir}`,
      fix: `Write an index.ts, or name the file in package.json ("main")`,
    };
  if (isModule && entry.endsWith(".ts")) {
    const loader = String(options["nodeargs"] ?? "");
    const isLoaded = /tsx|ts-node/.test(loader);
    if (!isLoaded && packageFolder(programDir, "ts-node") === undefined)
      return {
        name,
        verdict: "failed",
        what: 'the program is an ES module ("type": "module" in package.json), and nothing compiles it',
        fix: `Install tsx, and set in ${file}: runtime: { name: nodejs, options: { nodeargs: "--import=tsx", typescript: false } }`,
      };
    if (/tsx/.test(loader) && options["typescript"] !== false)
      return {
        name,
        verdict: "failed",
        what: "tsx removes the types, and Pulumi would check them afterwards",
        fix: `Set the runtime option typescript: false in ${file}`,
      };
  }
  return { name, verdict: "ok", what: `${file} runs ${path.relative(programDir, entry)}` };
}

function packagesCheck(program: Program): Check {
  const name = "packages";
  const versions = ["@pulumi/pulumi", "pulumi-hogflow"].map((of) => ({ of, version: installedVersion(program, of) }));
  const missing = versions.flatMap(({ of, version }) => (version === undefined ? [of] : []));
  if (missing.length > 0) {
    const declared = missing.filter((of) => isDeclared(program, of));
    return {
      name,
      verdict: "failed",
      what: `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not installed`,
      fix:
        declared.length === missing.length
          ? "Install what package.json names, for example with: npm install"
          : `Add ${missing.length === 1 ? "it" : "them"} to the program: npm install ${missing.join(" ")}`,
    };
  }
  const [pulumi] = versions;
  if (isOlder(pulumi!.version!, OLDEST_ENGINE))
    return {
      name,
      verdict: "failed",
      what: `@pulumi/pulumi ${pulumi!.version} is too old`,
      fix: `Install ${OLDEST_ENGINE} or later: npm install @pulumi/pulumi@3`,
    };
  return { name, verdict: "ok", what: versions.map(({ of, version }) => `${of} ${version}`).join(", ") };
}

function isDeclared({ package: manifest }: Program, name: string): boolean {
  return ["dependencies", "devDependencies", "optionalDependencies"].some((section) =>
    Object.hasOwn((manifest[section] as object | undefined) ?? {}, name),
  );
}

function typeScriptChecks(program: Program): Check[] {
  const { entry, options } = program;
  if (entry !== undefined && !/\.[cm]?tsx?$/.test(entry)) {
    const what = "not needed: the program is JavaScript";
    return [
      { name: "typescript", verdict: "skipped", what },
      { name: "tsconfig", verdict: "skipped", what },
    ];
  }
  const typescript = typeScriptCheck(program);
  const skipped = (what: string): Check => ({ name: "tsconfig", verdict: "skipped", what });
  if (typescript.verdict !== "ok") return [typescript, skipped("not checked: there is no TypeScript that fits")];
  if (entry === undefined) return [typescript, skipped("not checked: there is no program")];
  if (options["typescript"] === false)
    return [typescript, skipped("not checked: Pulumi does not compile this program (typescript: false)")];
  return [typescript, tsconfigCheck(program, entry)];
}

function typeScriptCheck(program: Program): Check {
  const name = "typescript";
  const version = installedVersion(program, "typescript");
  if (version === undefined)
    return {
      name,
      verdict: "failed",
      what: "TypeScript is not installed, so Pulumi uses its own 3.8, which cannot read the types of pulumi-hogflow",
      fix: INSTALL_TYPESCRIPT,
    };
  if (isOlder(version, OLDEST_TYPESCRIPT))
    return { name, verdict: "failed", what: `TypeScript ${version} is too old`, fix: INSTALL_TYPESCRIPT };
  if (!isOlder(version, FIRST_FOREIGN_TYPESCRIPT))
    return {
      name,
      verdict: "failed",
      what: `TypeScript ${version} has no API that Pulumi could load: every Pulumi command fails with "Cannot read properties of undefined (reading 'readFile')"`,
      fix: INSTALL_TYPESCRIPT,
    };
  return { name, verdict: "ok", what: `TypeScript ${version}` };
}

/** Asks the program's own TypeScript about the options, as Pulumi does before it compiles the first file. */
function tsconfigCheck({ programDir, tsconfigFile }: Program, entry: string): Check {
  const name = "tsconfig";
  const shown = path.relative(programDir, tsconfigFile);
  if (!existsSync(tsconfigFile))
    return {
      name,
      verdict: "warning",
      what: `there is no ${shown}, so an editor checks other things than Pulumi`,
      fix: "Write one: npx hogflow init",
    };
  const ts = createRequire(path.join(programDir, "index.js"))("typescript") as TypeScript;
  const problem = optionsProblem(ts, tsconfigFile, entry);
  if (problem === undefined) return { name, verdict: "ok", what: `Pulumi can compile with ${shown}` };
  const text = ts.flattenDiagnosticMessageText(problem.messageText, "\n").split("\n")[0]!;
  return {
    name,
    verdict: "failed",
    what: `Pulumi cannot compile with ${shown}: TS${problem.code}: ${text}`,
    fix: FIXES[problem.code] ?? `Correct ${shown}`,
  };
}

function optionsProblem(ts: TypeScript, file: string, entry: string): import("typescript").Diagnostic | undefined {
  const read = ts.readConfigFile(file, (name) => ts.sys.readFile(name));
  if (read.error !== undefined) return read.error;
  const { options, errors } = ts.parseJsonConfigFileContent(read.config, ts.sys, path.dirname(file), undefined, file);
  const wrong = errors.find(({ code }) => !NO_FILES.includes(code));
  if (wrong !== undefined) return wrong;
  // Only the options are looked at: no library is read, no import is followed.
  const program = ts.createProgram([entry], { ...compiledBy(ts, options), noLib: true, noResolve: true, types: [] });
  return program.getOptionsDiagnostics().find(({ category }) => category === ts.DiagnosticCategory.Error);
}

/** What Pulumi's loader makes of the options: it compiles into a folder that does not exist, which needs to know the root of the sources. */
function compiledBy(ts: TypeScript, options: CompilerOptions): CompilerOptions {
  const {
    lib: _lib,
    out: _out,
    outFile: _outFile,
    composite: _composite,
    declarationDir: _declarationDir,
    declarationMap: _declarationMap,
    emitDeclarationOnly: _emitDeclarationOnly,
    tsBuildInfoFile: _tsBuildInfoFile,
    incremental: _incremental,
    ...rest
  } = options;
  return {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2020,
    ...rest,
    sourceMap: true,
    inlineSourceMap: undefined,
    inlineSources: undefined,
    declaration: false,
    noEmit: false,
    outDir: "bin",
  };
}
