// Which host and project a resource lives in when it names none (design L16): the stack's configuration, then the environment, then PostHog Cloud US.
import { isDict, isUnknown, type Dict } from "./canonical/values";
import { memoised } from "./language/memo";
import { PLUGIN_PACKAGE } from "./resource-types";
import { SETTING_NAMES, settingName } from "./setting-names";

/** PostHog Cloud in the United States, as in PostHog's Terraform provider. */
export const DEFAULT_HOST = "https://us.posthog.com";

export type NormalHost = { host: string } | { why: string };

/** The origin that a host setting means, or why it is none. Every resource asks, nearly always for the same text. */
export const normalHost = memoised((text: string): NormalHost => {
  const given = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    return { why: `"${given}" is not a host` };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return { why: `a host begins with https://, not ${url.protocol}//` };
  if (url.username !== "" || url.password !== "") return { why: "a host holds no user name or password" };
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    return { why: `a host has no path: write ${url.origin}` };
  return { host: url.origin };
});

/** Where host, project and key are taken from (README, Configuration). */
export interface TargetSettings {
  /** The stack's configuration, by full key. */
  config: Readonly<Record<string, string | undefined>>;
  env: Readonly<Record<string, string | undefined>>;
  /** Why the configuration may be of another stack than is meant. Said where a setting is missing. */
  doubt?: string;
}

/** A setting that says something: blanks count as unset. */
export const filled = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === "" ? undefined : text.trim();

/** The host that resources take when they name none: stack configuration, then environment, then PostHog Cloud US. */
export function configuredHost({ config, env }: TargetSettings): string {
  return filled(config["posthog:host"]) ?? filled(env["POSTHOG_HOST"]) ?? DEFAULT_HOST;
}

/** How to name a project. */
export const projectFix = (): string =>
  `Set it with: pulumi config set ${settingName("projectId")} <number>, or the environment variable POSTHOG_PROJECT_ID, or \`projectId\` on the resource`;

export function configuredProject({ config, env }: TargetSettings): string | undefined {
  return filled(config["posthog:projectId"]) ?? filled(env["POSTHOG_PROJECT_ID"]);
}

/** The configuration of a stack that the plugin serves, by the keys of the dynamic provider. Those of the plugin's package win. */
export function pluginSettings<T>(config: Readonly<Record<string, T>>): Record<string, T> {
  const settings = { ...config };
  for (const name of SETTING_NAMES) {
    const value = config[`${PLUGIN_PACKAGE}:${name}`];
    if (value !== undefined) settings[`posthog:${name}`] = value;
  }
  return settings;
}

/**
 * Where a resource of the plugin lives: its arguments, then the settings, then what a program in TypeScript read of the stack's configuration, which the
 * plugin does not see.
 *
 * @param stackTarget What the SDK sends of that.
 */
export function pluginTarget(
  { host: givenHost, projectId: givenProject }: Dict,
  stackTarget: unknown,
  { config, env }: TargetSettings,
): Dict {
  const stack = isDict(stackTarget) ? stackTarget : {};
  const settings: TargetSettings = {
    env,
    config: {
      "posthog:host": config["posthog:host"] ?? textIn(stack["host"]),
      "posthog:projectId": config["posthog:projectId"] ?? textIn(stack["projectId"]),
    },
  };
  const host = givenHost ?? configuredHost(settings);
  const projectId = givenProject ?? configuredProject(settings);
  const normal = typeof host === "string" && !isUnknown(host) ? normalHost(host) : undefined;
  return {
    host: normal !== undefined && "host" in normal ? normal.host : host,
    ...(projectId === undefined ? {} : { projectId: typeof projectId === "number" ? String(projectId) : projectId }),
  };
}

const textIn = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
