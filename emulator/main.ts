/** Runs the emulator from the command line until it is interrupted. */
import { HELP, parseCli, UsageError, type CliOptions } from "./cli-options";
import { startEmulator, type Emulator } from "./index";

/** How often the scheduler looks for due schedules. */
const TICK_MS = 10_000;

async function main(): Promise<void> {
  const options = parseCli(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const emulator = await start(options);
  const scheduler = setInterval(() => emulator.tick(), TICK_MS);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    clearInterval(scheduler);
    void emulator.stop().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  process.stdout.write(greeting(emulator, options));
}

async function start({ port, host, keys, projects, quiet }: CliOptions): Promise<Emulator> {
  try {
    return await startEmulator({
      port,
      host,
      projects: projects.map((id) => ({ id })),
      keys: keys.map((key) => ({ key })),
      log: quiet ? undefined : (line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`),
    });
  } catch (error) {
    throw new UsageError(problem(error as NodeJS.ErrnoException, host, port));
  }
}

const PROBLEMS: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (_host, port) => `Port ${port} is in use. Stop what uses it, or choose another with --port (0 takes any free one).`,
  EACCES: (_host, port) => `Port ${port} may not be used by this user. Choose one above 1023 with --port.`,
  EADDRNOTAVAIL: (host) => `This machine has no address ${host}. Choose another with --host.`,
  ENOTFOUND: (host) => `There is no host ${host}. Choose another with --host.`,
};

const problem = (error: NodeJS.ErrnoException, host: string, port: number) => PROBLEMS[error.code ?? ""]?.(host, port) ?? error.message;

function greeting({ url }: Emulator, { keys, projects }: CliOptions): string {
  return `PostHog Workflows emulator
  URL       ${url}
  API key   ${keys.join(", ")}
  project   ${projects.join(", ")}

Point the provider at it:
  export POSTHOG_HOST=${url}
  export POSTHOG_API_KEY=${keys[0]}
  export POSTHOG_PROJECT_ID=${projects[0]}

Everything is kept in memory and gone when it stops. Press Ctrl+C to stop.
`;
}

main().catch((error: unknown) => {
  const usage = error instanceof UsageError;
  process.stderr.write(usage ? `${error.message}\nSee --help.\n` : `${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = usage ? 2 : 1;
});
