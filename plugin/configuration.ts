// The configuration of the provider: of the stack, under the name of the package, or of a provider that a program makes. The lifecycle knows its keys under the
// namespace of the dynamic provider.
import { asSecret, isDict, isUnknown, type Dict } from "../definition/canonical/values";
import type { SettingName } from "../definition/setting-names";
import { nearest } from "../definition/schema/names";
import { configuredHost, normalHost, type TargetSettings } from "../definition/target";
import { isKnown } from "./values";

/** What the provider takes. */
export const CONFIGURATION = {
  apiKey: {
    isSecret: true,
    description:
      "API key, sent only to `host`. A personal API key (`phx_…`) with the scopes `hog_flow:read` and `hog_flow:write`, and `person:read` for schedules; or a project secret API key (`phs_…`) with `hog_flow:write`, where flows are only created and updated. The environment variable `POSTHOG_API_KEY` wins over it.",
  },
  apiKeys: {
    isSecret: true,
    description: "Keys for further hosts: a map from host to key, or its JSON.",
  },
  host: {
    isSecret: false,
    description:
      "Origin of PostHog for resources that name none, such as `https://eu.posthog.com`. Default: the environment variable `POSTHOG_HOST`, then `https://us.posthog.com`.",
  },
  projectId: {
    isSecret: false,
    description:
      "Number of the PostHog project for resources that name none, as in the address after `/project/`. Default: the environment variable `POSTHOG_PROJECT_ID`.",
  },
  adoptFrom: {
    isSecret: false,
    description:
      "Permits all resources of this provider to take flows over from the owner that their markers name: `<project>/<stack>`. For a renamed project or stack.",
  },
} as const satisfies Record<SettingName, { isSecret: boolean; description: string }>;

const KEYS = Object.keys(CONFIGURATION);
/** The engine's own. */
const ENGINE_KEYS: ReadonlySet<string> = new Set(["version", "pluginDownloadURL", "__internal", "parameterization"]);

/**
 * What Configure was given, as the lifecycle reads it. What is not known yet is left out. The key of a provider that a program makes wins over the environment, which
 * has one key for all; that of the stack's configuration does not, because a state may hold an older one.
 */
export function settingsOf(given: Dict, name: string, env: TargetSettings["env"]): TargetSettings["config"] {
  const texts = KEYS.map((key) => [`posthog:${key}`, textOf(given[key])] as const);
  const config = Object.fromEntries(texts.filter(([, text]) => text !== undefined));
  const key = config["posthog:apiKey"];
  if (key === undefined || name === "" || DEFAULT_PROVIDER.test(name)) return config;
  const normal = normalHost(configuredHost({ config, env }));
  const others = mapOfKeys(given["apiKeys"]) ?? {};
  return "host" in normal
    ? { ...config, "posthog:apiKeys": JSON.stringify({ ...others, [normal.host]: key }) }
    : config;
}
/** The engine's names for the provider that no program makes. */
const DEFAULT_PROVIDER = /^default(_|$)/;

function textOf(value: unknown): string | undefined {
  if (!isKnown(value)) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

export interface ConfigFailure {
  property: string;
  reason: string;
}

/** What is wrong with a configuration, all at once. Keys that are not set may be in the environment, so only a resource can miss one. */
export function configFailures(given: Dict): ConfigFailure[] {
  const failures: ConfigFailure[] = [];
  for (const key of Object.keys(given)) {
    if (KEYS.includes(key) || ENGINE_KEYS.has(key)) continue;
    const near = nearest(key, KEYS);
    failures.push({
      property: key,
      reason: `\`${key}\` is not a setting of this provider. ${near ? `Did you mean \`${near}\`?` : `Settings are ${KEYS.join(", ")}.`}`,
    });
  }
  const { host, projectId, apiKeys } = given;
  if (typeof host === "string" && !isUnknown(host)) {
    const normal = normalHost(host);
    if ("why" in normal)
      failures.push({ property: "host", reason: `${normal.why}. Use an origin such as https://eu.posthog.com.` });
  }
  if (isKnown(projectId) && !/^[A-Za-z0-9_-]+$/.test(String(projectId)))
    failures.push({ property: "projectId", reason: "must be the number of a PostHog project, such as 12345." });
  if (isKnown(apiKeys) && mapOfKeys(apiKeys) === undefined)
    failures.push({ property: "apiKeys", reason: "must be a map from host to key." });
  return failures;
}

function mapOfKeys(given: unknown): Record<string, string> | undefined {
  let map = given;
  if (typeof given === "string") {
    try {
      map = JSON.parse(given);
    } catch {
      return undefined;
    }
  }
  return isDict(map) && Object.values(map).every((key) => typeof key === "string")
    ? (map as Record<string, string>)
    : undefined;
}

/** The configuration as the state keeps it: keys are secrets, whoever wrote them. */
export const withSecretKeys = (given: Dict): Dict =>
  Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      value !== null && Object.hasOwn(CONFIGURATION, key) && CONFIGURATION[key as keyof typeof CONFIGURATION].isSecret
        ? asSecret(value)
        : value,
    ]),
  );
