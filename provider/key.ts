// The API key (design L16): it comes from the environment or the stack's configuration at run time, and is sent only to the host that it is configured for.
import { configuredHost, filled, normalHost, type TargetSettings } from "../definition/target";
import { settingName } from "../definition/setting-names";
import { plainError } from "./errors";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Why no key goes there, and what to do. */
export const TOO_OPEN = {
  why: "http is not encrypted, so anybody on the way could read it",
  fix: "Use https, or set POSTHOG_ALLOW_HTTP=1 where the network is your own",
};

/** Whether a key may go there: over http anybody on the way reads it, except where it does not leave this machine. */
export function isTooOpen(host: string, { env }: TargetSettings): boolean {
  const url = new URL(host);
  return url.protocol === "http:" && !LOOPBACK.test(url.hostname) && env["POSTHOG_ALLOW_HTTP"] !== "1";
}

/** Keys for further hosts: a JSON map from host to key in `posthog:apiKeys`. */
function keysByHost(config: TargetSettings["config"]): Record<string, string> {
  const text = filled(config["posthog:apiKeys"]);
  if (text === undefined) return {};
  const apiKeys = settingName("apiKeys");
  const help = `${apiKeys} must be a map from host to key. Set one with: pulumi config set --secret --path '${apiKeys}["https://eu.posthog.com"]'`;
  let map: unknown;
  try {
    map = JSON.parse(text);
  } catch {
    throw plainError(help);
  }
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw plainError(help);
  const keys: Record<string, string> = {};
  for (const [host, key] of Object.entries(map)) {
    const normal = normalHost(host);
    if ("host" in normal && typeof key === "string") keys[normal.host] = key.trim();
  }
  return keys;
}

/** The key for a host, or an error that says where to put one. Never part of any message. */
export function keyFor(host: string, settings: TargetSettings): string {
  const key = configuredKey(host, settings);
  if (isTooOpen(host, settings))
    throw plainError(`The PostHog API key is not sent to ${host}: ${TOO_OPEN.why}. ${TOO_OPEN.fix}.`);
  return key;
}

function configuredKey(host: string, settings: TargetSettings): string {
  const special = keysByHost(settings.config)[host];
  if (special) return special;
  const key = filled(settings.env["POSTHOG_API_KEY"]) ?? filled(settings.config["posthog:apiKey"]);
  if (key === undefined) {
    throw plainError(
      `There is no PostHog API key. ${settings.doubt === undefined ? "" : `${settings.doubt}. `}Set the environment variable POSTHOG_API_KEY, or run: pulumi config set --secret ${settingName("apiKey")}. ` +
        "A personal API key (phx_…) with the scopes hog_flow:read and hog_flow:write is needed, and person:read for schedules; " +
        "a project secret API key (phs_…) with hog_flow:write will do where flows are only created and updated.",
    );
  }
  const normal = normalHost(configuredHost(settings));
  const home = "host" in normal ? normal.host : undefined;
  if (home !== host) {
    throw plainError(
      `The PostHog API key is configured for ${home ?? "no valid host"}, and this resource lives on ${host}. A key is never sent to another host. ` +
        `If the key belongs to ${host}, set ${settingName("host")} (or POSTHOG_HOST) to it; if there are several hosts, give each its key: pulumi config set --secret --path '${settingName("apiKeys")}["${host}"]'`,
    );
  }
  return key;
}
