// Builds from Go modules: the engine, or the language hosts besides, each executable from the module folder in go/ that
// pins it.
import { accessSync, chmodSync, constants, copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { runCommand, secondsSince } from "./process.mjs";
import { SHIM_EXECUTABLE } from "./recipe.mjs";

const LIMIT_MS = 30 * 60_000;
const SHOWN_ERROR_LINES = 4;

/**
 * Fills `folder` with what the recipe makes, or throws with the reason.
 * @param {{ recipe: import("./recipe.mjs").Recipe, folder: string, env: NodeJS.ProcessEnv, log: (line: string) => void }} options
 */
export async function buildFromGo({ recipe, folder, env, log }) {
  if (process.platform === "win32") throw new Error("the build is made for Linux and macOS");
  const go = findOnPath("go", env);
  if (!go) throw new Error("there is no Go on PATH (https://go.dev/dl)");
  mkdirSync(folder, { recursive: true });
  // local: a newer Go is something to be told about, not to be downloaded silently.
  const goEnv = { ...env, GOTOOLCHAIN: "local", GOWORK: "off", GOOS: "", GOARCH: "" };
  for (const module of recipe.modules) {
    const name = `${module.executable} ${module.version}`;
    log(`  ${name} …`);
    const started = Date.now();
    const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
    await runGo(
      go,
      [
        "build",
        "-mod=readonly",
        "-buildvcs=false",
        "-trimpath",
        "-ldflags",
        `-s -w -X ${versionVariable}=v${module.version}`,
        "-o",
        path.join(folder, module.executable),
        module.package,
      ],
      { cwd: module.folder, env: goEnv, what: name, log },
    );
    log(`  ${name} built in ${secondsSince(started)} s`);
  }
  for (const name of recipe.shims) symlinkSync(SHIM_EXECUTABLE, path.join(folder, name));
  for (const { folder: cwd, module, file } of recipe.copies) {
    const args = ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module];
    const source = (await runGo(go, args, { cwd, env: goEnv, what: module, log })).trim();
    const copy = path.join(folder, path.basename(file));
    copyFileSync(path.join(source, file), copy);
    chmodSync(copy, 0o755);
  }
}

async function runGo(go, args, { cwd, env, what, log }) {
  const result = await runCommand(go, args, {
    cwd,
    env,
    timeoutMs: LIMIT_MS,
    heartbeat: (seconds) => log(`  ${what} … ${seconds} s`),
  });
  if (result.timedOut) throw new Error(`go ${args[0]} of ${what} took more than ${LIMIT_MS / 60_000} minutes`);
  if (result.code !== 0) throw new Error(`go ${args[0]} of ${what} failed: ${lastLines(result.stderr)}`);
  return result.stdout;
}

/** The path of an executable on the PATH of `env`, or undefined. */
export function findOnPath(name, env) {
  const suffix = process.platform === "win32" ? ".exe" : "";
  for (const folder of (env.PATH ?? "").split(path.delimiter)) {
    // An empty or relative entry means the current folder, where a repository could have planted it.
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name + suffix);
    if (isExecutable(file)) return file;
  }
  return undefined;
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastLines(text) {
  return text.trim().split("\n").slice(-SHOWN_ERROR_LINES).join("\n      ");
}
