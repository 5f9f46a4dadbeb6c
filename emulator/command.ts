/** The emulator's command: starts it, prints how to use it, and stops it on request. */
import { readFileSync } from "node:fs";
import { HELP, parseCli, UsageError, type CliOptions } from "./cli-options";
import { startEmulator, type Emulator } from "./index";
import { flowsIn } from "./seed";
import { templatesIn, type Template } from "./templates";

/** How often the scheduler looks for due schedules. */
const TICK_MS = 10_000;

export interface CommandIo {
  out(text: string): void;
  error(text: string): void;
  /** Resolves when the command should stop. */
  interrupted: Promise<unknown>;
}

/** Runs until interrupted; resolves with the exit code. */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    const options = parseCli(args);
    if (options.help) io.out(HELP);
    else await serve(options, io);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.error(`${error.message}\nSee --help.\n`);
    return 2;
  }
}

/**
 * Serves until interrupted. Throws `UsageError` for a port that is in use, a seed that is not a flow, or a file without templates.
 *
 * @param flows Flows to begin with, in addition to those of the options' files.
 * @param started Called once it serves; default: prints a greeting.
 */
export async function serve(
  options: CliOptions,
  io: CommandIo,
  { flows = [], started }: { flows?: readonly unknown[]; started?: (emulator: Emulator) => void } = {},
): Promise<void> {
  const seeds = [...options.seed.flatMap(readSeed), ...flows];
  const emulator = await start(options, io, options.templates.flatMap(readTemplates));
  try {
    for (const flow of seeds) emulator.seed(flow);
  } catch (error) {
    await emulator.stop();
    throw new UsageError((error as Error).message);
  }
  const scheduler = setInterval(() => emulator.tick(), TICK_MS);
  if (started) started(emulator);
  else io.out(greeting(emulator, options));
  await io.interrupted;
  clearInterval(scheduler);
  await emulator.stop();
}

function readJson(what: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new UsageError(`The ${what} ${file} cannot be read: ${(error as Error).message}`);
  }
}

function readTemplates(file: string): Template[] {
  const content = readJson("templates file", file);
  try {
    return templatesIn(content);
  } catch (error) {
    throw new UsageError(`The templates file ${file} cannot be used: ${(error as Error).message}.`);
  }
}

function readSeed(file: string): unknown[] {
  const flows = flowsIn(readJson("seed", file));
  if (flows.length === 0)
    throw new UsageError(
      `The seed ${file} has no flow: it must be JSON as PostHog returns it, with a list of actions.`,
    );
  return flows;
}

async function start(
  { port, host, allowHosts, keys, projects, quiet }: CliOptions,
  io: CommandIo,
  templates: Template[],
): Promise<Emulator> {
  try {
    return await startEmulator({
      port,
      host,
      allowHosts,
      projects: projects.map((id) => ({ id })),
      keys: keys.map((key) => ({ key })),
      templates,
      log: quiet ? undefined : (line) => io.out(`${new Date().toISOString()} ${line}\n`),
    });
  } catch (error) {
    const problem = PROBLEMS[(error as NodeJS.ErrnoException).code ?? ""];
    throw problem ? new UsageError(problem(host, port)) : error;
  }
}

const PROBLEMS: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (_host, port) =>
    `Port ${port} is in use. Stop the program that uses it, or choose another port with --port (0 picks a free one).`,
  EACCES: (_host, port) => `Port ${port} needs more rights than this user has. Choose one above 1023 with --port.`,
  EADDRNOTAVAIL: (host) => `This machine does not have the address ${host}. Choose another with --host.`,
  ENOTFOUND: (host) => `The host ${host} was not found. Choose another with --host.`,
};

function greeting({ url }: Emulator, { keys, projects }: CliOptions): string {
  return `PostHog Workflows emulator
  URL       ${url}
  API key   ${keys.join(", ")}
  project   ${projects.join(", ")}

Point the provider at it:
  export POSTHOG_HOST=${url}
  export POSTHOG_API_KEY=${keys[0]}
  export POSTHOG_PROJECT_ID=${projects[0]}

Everything is in memory and is lost when the emulator stops. Press Ctrl+C to stop.
`;
}
