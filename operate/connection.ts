// From settings to a client: which host, which project, which key. The key is read at that moment and goes to its own host only.
import { requestTimeoutMs } from "../api/request-timeout";
import { createClient, type ClientOptions, type Clock, type PostHogClient } from "../api";
import { configuredHost, configuredProject, normalHost, type TargetSettings } from "../definition/target";
import { settingName } from "../definition/setting-names";
import { keyFor } from "../provider/key";
import { OperateError } from "./errors";

/** What a client is made with, besides the settings. */
export interface ConnectOptions {
  /** Instead of the configured one. */
  host?: string;
  /** Instead of the configured one. */
  projectId?: string;
  /** Default: the machine's own. */
  clock?: Clock;
  signal?: AbortSignal;
  onRequest?: ClientOptions["onRequest"];
  onWait?: ClientOptions["onWait"];
}

/** The origin of the host, or an error that names what is wrong with the setting. */
export function hostOf(settings: TargetSettings, given?: string): string {
  const normal = normalHost(given ?? configuredHost(settings));
  if ("why" in normal)
    throw new OperateError({
      what: `The PostHog host cannot be used: ${normal.why}`,
      fix: given === undefined ? `Correct ${settingName("host")} or POSTHOG_HOST` : "Correct --host",
    });
  return normal.host;
}

/** The project's id, or an error that says where to put it. */
export function projectOf(settings: TargetSettings, given?: string): string {
  const project = given ?? configuredProject(settings);
  if (project === undefined) {
    throw new OperateError({
      what: "There is no PostHog project",
      ...(settings.doubt === undefined ? {} : { why: settings.doubt }),
      fix: `${settings.doubt === undefined ? "Set" : "Name another stack with --stack, or set"} it with: pulumi config set ${settingName("projectId")} <number>, or the environment variable POSTHOG_PROJECT_ID, or --project`,
    });
  }
  return project;
}

/**
 * A client for the configured host and project.
 *
 * @throws OperateError or Error when host, project or key is missing or cannot be right; the key is in no message.
 *
 * @example
 * const client = connect(await openWorkspace().settings());
 * await client.listFlows();
 */
export function connect(settings: TargetSettings, options: ConnectOptions = {}): PostHogClient {
  const host = hostOf(settings, options.host);
  const projectId = projectOf(settings, options.projectId);
  const { clock, signal, onRequest, onWait } = options;
  return createClient({
    host,
    projectId,
    apiKey: keyFor(host, settings),
    clock,
    signal,
    onRequest,
    onWait,
    requestTimeoutMs: requestTimeoutMs(settings.env),
  });
}
