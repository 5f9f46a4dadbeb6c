// The demo's own folder: a copy of the root stack, the engine's state and settings, temporary files of
// everything that is started. Goes at the end, at Ctrl-C and at a failure, with the processes that use it.
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { engineEnv } from "../engine/env.mjs";
import { onInterrupt } from "../engine/interrupt.mjs";
import { killMarked } from "../engine/leftovers.mjs";
import { runPulumi } from "./pulumi.mjs";
import { STACK } from "./world.mjs";

const MARK = "HOGFLOW_DEMO";
const PASSPHRASE = "demo";
/** Where `npm install` puts the command of the package. */
const HOGFLOW = path.join("node_modules", "pulumi-hogflow", "dist", "cli", "main.js");
const KILL_ROUNDS = 10;
const LEFT_OUT = new Set(["node_modules", ".pulumi"]);
/** What every program needs besides its own dependencies. */
const LINKED_PACKAGES = ["@pulumi/pulumi", "typescript", "@types/node"];

export function createSandbox({ colour }) {
  const mark = randomUUID();
  const root = mkdtempSync(path.join(os.tmpdir(), "hogflow-demo-"));
  const folder = Object.fromEntries(["stack", "state", "home", "tmp"].map((name) => [name, path.join(root, name)]));
  const clean = () => {
    // More than once: a process may start another while we look.
    for (let round = 0; round < KILL_ROUNDS && killMarked(MARK, mark) > 0; round += 1);
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const forget = onInterrupt(clean);
  for (const dir of Object.values(folder)) mkdirSync(dir);
  for (const name of ["TMPDIR", "TMP", "TEMP"]) process.env[name] = folder.tmp;

  let env;
  let executable;
  return {
    root,
    /** Where the copy is: its Pulumi.yaml, and below it the program. */
    dir: folder.stack,
    /** The program's main file; known once the sandbox is filled. */
    program: "",
    /** PULUMI_* and POSTHOG_* of the commands. */
    get settings() {
      return Object.fromEntries(Object.entries(env).filter(([name]) => /^(PULUMI|POSTHOG)_/.test(name)));
    },
    /** Copies the root stack and makes an empty stack of it. */
    async fill({ repository, engine, posthog }) {
      executable = path.join(engine, "pulumi");
      env = engineEnv(engine, {
        home: folder.home,
        backendDir: folder.state,
        passphrase: PASSPHRASE,
        extra: { ...posthog, [MARK]: mark },
      });
      this.program = copyRootStack(repository, folder.stack);
      const { code, output } = await this.run(["stack", "init", STACK]);
      if (code !== 0) throw new Error(`The demo's stack cannot be made:\n${output}`);
    },
    /** A folder for each program, with an empty stack; the acts put the programs in. */
    async fillLanguages({ repository, engine, posthog, python, programs }) {
      executable = path.join(engine, "pulumi");
      env = engineEnv(engine, {
        home: folder.home,
        backendDir: folder.state,
        passphrase: PASSPHRASE,
        // What Python installs is in its environment and in the folder: no index is asked.
        extra: {
          ...posthog,
          [MARK]: mark,
          PULUMI_STACK: STACK,
          PIP_NO_INDEX: "1",
          PIP_NO_BUILD_ISOLATION: "0",
          PIP_QUIET: "1",
        },
      });
      for (const { folder: name, project } of programs) {
        const target = path.join(folder.stack, name);
        mkdirSync(path.join(target, "node_modules"), { recursive: true });
        linkOwnPackage(repository, target);
        if (name === "python") cpSync(python, path.join(target, "venv"), { recursive: true, verbatimSymlinks: true });
        writeFileSync(path.join(target, "Pulumi.yaml"), `name: ${project}\nruntime: ${name}\n`);
        const { code, output } = await this.run(["stack", "init", STACK], { folder: name });
        if (code !== 0) throw new Error(`The demo's stack cannot be made:\n${output}`);
      }
    },
    run: (args, { tool, folder: below = "", typeChecked = false, onLine } = {}) =>
      runPulumi(...(tool === "hogflow" ? [process.execPath, [HOGFLOW, ...args]] : [executable, args]), {
        cwd: path.join(folder.stack, below),
        env: {
          ...env,
          PULUMI_NODEJS_TRANSPILE_ONLY: String(!typeChecked),
          PULUMI_OPTION_COLOR: colour ? "always" : "never",
        },
        onLine,
        kill: () => killMarked(MARK, mark),
      }),
    remove() {
      forget();
      clean();
    },
  };
}

/** Copies Pulumi.yaml and the program that it names, gives them the repository's packages, and returns the main file. */
function copyRootStack(repository, target) {
  const settings = readFileSync(path.join(repository, "Pulumi.yaml"), "utf8");
  const main = /^main:\s*["']?([^\s"']+)/m.exec(settings)?.[1];
  if (!main) throw new Error("Pulumi.yaml in the repository's root names no program (main:).");
  cpSync(path.join(repository, "Pulumi.yaml"), path.join(target, "Pulumi.yaml"));
  cpSync(path.join(repository, main), path.join(target, main), {
    recursive: true,
    filter: (file) => !LEFT_OUT.has(path.basename(file)),
  });
  const program = JSON.parse(readFileSync(path.join(target, main, "package.json"), "utf8"));
  linkPackages(repository, target, Object.keys({ ...program.dependencies, ...program.devDependencies }));
  return path.join(target, main, program.main ?? "index.ts");
}

/** Links to what is needed, and not to the whole node_modules: the language host walks all that it sees at every start. */
function linkPackages(repository, target, dependencies) {
  const names = new Set([...LINKED_PACKAGES, ...dependencies]);
  names.delete("pulumi-hogflow");
  for (const name of names) {
    const source = path.join(repository, "node_modules", name);
    if (!existsSync(source)) throw new Error(`The root stack needs ${name}, which is not in node_modules: run npm ci.`);
    const link = path.join(target, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(source, link, "junction");
  }
  linkOwnPackage(repository, target);
}

/** As it would be installed: the build and package.json. */
function linkOwnPackage(repository, target) {
  const own = path.join(target, "node_modules", "pulumi-hogflow");
  mkdirSync(own);
  symlinkSync(path.join(repository, "dist"), path.join(own, "dist"), "junction");
  cpSync(path.join(repository, "package.json"), path.join(own, "package.json"));
}
