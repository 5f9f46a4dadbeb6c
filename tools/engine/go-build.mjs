// Builds the engine from Go modules: the CLI and the Node language host, each from the module folder
// that pins it in go/, and our launcher of the dynamic provider beside them.
import { accessSync, chmodSync, constants, copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { runCommand, secondsSince } from "./process.mjs";
import { GO_MODULES, LAUNCHER_FILES } from "./recipe.mjs";

const LIMIT_MS = 30 * 60_000;
const SHOWN_ERROR_LINES = 4;

/**
 * Fills `folder` with the executables, or throws with the reason.
 * @param {{ folder: string, env: NodeJS.ProcessEnv, log: (line: string) => void }} options
 */
export async function buildFromGo({ folder, env, log }) {
  if (process.platform === "win32") throw new Error("the build is made for Linux and macOS");
  const go = findOnPath("go", env);
  if (!go) throw new Error("there is no Go on PATH (https://go.dev/dl)");
  mkdirSync(folder, { recursive: true });
  log("Building the Pulumi engine from Go modules: once for this machine, some 3 minutes on 2 cores.");
  for (const module of GO_MODULES) {
    const name = `${module.executable} ${module.version}`;
    log(`  ${name} …`);
    const started = Date.now();
    const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
    const result = await runCommand(
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
      {
        cwd: module.folder,
        // local: a newer Go is something to be told about, not to be downloaded silently.
        env: { ...env, GOTOOLCHAIN: "local", GOWORK: "off", GOOS: "", GOARCH: "" },
        timeoutMs: LIMIT_MS,
        heartbeat: (seconds) => log(`  ${name} … ${seconds} s`),
      },
    );
    if (result.timedOut)
      throw new Error(`go build of ${module.executable} took more than ${LIMIT_MS / 60_000} minutes`);
    if (result.code !== 0) throw new Error(`go build of ${module.executable} failed: ${lastLines(result.stderr)}`);
    log(`  ${name} built in ${secondsSince(started)} s`);
  }
  copyLaunchers(folder);
}

/** Puts our launcher beside the binaries. */
function copyLaunchers(folder) {
  for (const file of LAUNCHER_FILES) {
    const copy = path.join(folder, path.basename(file));
    copyFileSync(file, copy);
    chmodSync(copy, 0o755);
  }
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
