/** The command line of the emulator: its flags, and what is wrong with those given. */
import { parseArgs } from "node:util";

export interface CliOptions {
  help: boolean;
  port: number;
  host: string;
  /** Further names under which it may be called. */
  allowHosts: string[];
  keys: string[];
  projects: string[];
  quiet: boolean;
  /** JSON files with flows to begin with. */
  seed: string[];
  /** JSON files with templates that the emulator does not have itself. */
  templates: string[];
}

export const DEFAULTS = { port: 8088, host: "127.0.0.1", key: "phx_test", project: "1" } as const;

export const HELP = `A local PostHog Workflows API, in memory.

Usage: npm run emulator -- [flags]

  --port <number>    port to listen on; 0 picks a free one (default ${DEFAULTS.port})
  --host <address>   address to listen on (default ${DEFAULTS.host})
  --allow-host <name>
                     name under which clients may call it, in addition to loopback names and --host; may be repeated.
                     Any other Host header gets a 403
  --key <key>        API key to accept; may be repeated (default ${DEFAULTS.key})
  --project <id>     id of a project; may be repeated (default ${DEFAULTS.project})
  --seed <file>      JSON file with flows to start with, as PostHog returns them; may be repeated
  --templates <file> JSON file with more templates, as hogflow templates pull --out templates.json writes it; may be
                     repeated
  --quiet            do not log requests
  --help             show this text
`;

/** A flag that cannot be used. */
export class UsageError extends Error {}

export function parseCli(args: readonly string[]): CliOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        help: { type: "boolean", short: "h" },
        port: { type: "string" },
        host: { type: "string" },
        "allow-host": { type: "string", multiple: true },
        key: { type: "string", multiple: true },
        project: { type: "string", multiple: true },
        quiet: { type: "boolean" },
        seed: { type: "string", multiple: true },
        templates: { type: "string", multiple: true },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const port = values.port ?? String(DEFAULTS.port);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError(`--port must be a number from 0 to 65535, not "${port}".`);
  const keys = values.key ?? [DEFAULTS.key];
  const projects = values.project ?? [DEFAULTS.project];
  for (const [flag, given] of [
    ["--key", keys],
    ["--project", projects],
  ] as const) {
    if (given.some((value) => !/^\S+$/.test(value)))
      throw new UsageError(`${flag} must not be empty or contain white space.`);
  }
  return {
    help: values.help ?? false,
    port: Number(port),
    host: values.host ?? DEFAULTS.host,
    allowHosts: values["allow-host"] ?? [],
    keys,
    projects,
    quiet: values.quiet ?? false,
    seed: values.seed ?? [],
    templates: values.templates ?? [],
  };
}
