// Runs what `hogflow init` needs besides files: the package manager, and `pulumi` for the stack.
import { exec, spawn } from "node:child_process";
import { OperateError } from "../errors";
import { runPulumi } from "../pulumi";
import { installArguments, type PackageManager } from "./package-managers";

type Env = Readonly<Record<string, string | undefined>>;

interface Run {
  cwd: string;
  env: Env;
  signal: AbortSignal;
}

/** Of what a failed command printed. */
const LAST_LINES = 12;

/** What the package manager says that its version is; undefined where it does not run. */
export function managerVersion(manager: PackageManager, { cwd, env, signal }: Run): Promise<string | undefined> {
  return new Promise((resolve) => {
    // By a shell: package managers are batch files on Windows, and may be scripts without a first line that names their interpreter elsewhere.
    exec(`${manager} --version`, { cwd, env: plain(env), signal }, (error, stdout) =>
      resolve(error === null ? /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] : undefined),
    );
  });
}

/**
 * Installs what package.json names.
 *
 * @throws OperateError with the last lines of what the package manager printed.
 */
export function installPackages(manager: PackageManager, { cwd, env, signal }: Run): Promise<void> {
  const command = [manager, ...installArguments(manager)].join(" ");
  return new Promise((resolve, reject) => {
    exec(command, { cwd, env: plain(env), signal, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) return resolve();
      if (signal.aborted) return reject(signal.reason as Error);
      const said = `${stdout}\n${stderr}`
        .split("\n")
        .filter((line) => line.trim() !== "")
        .slice(-LAST_LINES);
      reject(
        new OperateError({
          what: `\`${manager} install\` failed`,
          why: said.join("\n"),
          fix: `Run it yourself in ${cwd}, then run this again`,
        }),
      );
    });
  });
}

/** Without what `npx` and the like set for the command that they run: it is about another folder. */
const plain = (env: Env): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !/^npm_(package_|lifecycle_|command$|execpath$|config_(local_prefix|package)$)|^INIT_CWD$/i.test(name),
    ),
  );

/**
 * Selects the stack, and makes it where there is none. In a terminal Pulumi asks for what it needs, such as a login.
 *
 * @throws OperateError when Pulumi cannot.
 */
export async function selectStack(
  stack: string,
  { cwd, env, signal, terminal }: Run & { terminal: boolean },
): Promise<void> {
  const args = ["stack", "select", stack, "--create"];
  const why = "It keeps the stack";
  if (!terminal) {
    await runPulumi([...args, "--non-interactive"], { cwd, env, signal, why });
    return;
  }
  await new Promise<void>((resolve, reject) => {
    // Standard output is the answer of this command.
    const child = spawn("pulumi", args, { cwd, env: { ...env }, signal, stdio: ["inherit", 2, 2] });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0
        ? resolve()
        : reject(new OperateError({ what: `\`pulumi stack select ${stack} --create\` failed`, why: "See above" })),
    );
  });
}
