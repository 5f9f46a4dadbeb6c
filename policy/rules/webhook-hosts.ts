// Where flows may send data: the hosts of webhooks, and of addresses that other destinations take.
import { isKeptSecret } from "../../definition/canonical/secrets";
import { getAt, type Path } from "../../definition/canonical/paths";
import { isDict, isUnknown } from "../../definition/canonical/values";
import { flowOf, webhook } from "../../rules/examples";
import type { PolicyFinding } from "../finding";
import type { PolicyFlow } from "../resources";
import { policyRule } from "../rule";
import { EXCEPT, texts, type SettingsOf } from "../settings";

const SETTINGS = {
  hosts: texts(
    [],
    "Hosts that flows may call, such as hooks.example.com; *.example.com is every subdomain of example.com, and not example.com itself.",
  ),
  ...EXCEPT,
} as const;

const WEBHOOK = "template-webhook";

export const webhookHosts = policyRule({
  title: "Hosts of webhooks",
  text: "Flows call allowed hosts only, and hosts that are written down.",
  why: "A webhook can hand properties of people to whoever it calls",
  severity: "critical",
  settings: SETTINGS,
  idle: ({ hosts }) => (hosts.length > 0 ? undefined : "no host is allowed yet: set hosts"),
  fails: { flows: { lead: flowOf({ call: webhook() }).flow! }, settings: { hosts: ["hooks.example.com"] } },
  passes: { flows: { lead: flowOf({ call: webhook() }).flow! }, settings: { hosts: ["example.com"] } },
  *flow(flow, settings) {
    for (const { path, type, config } of flow.steps) {
      if (type !== "function") continue;
      const at = [...path, "config", "inputs"];
      const inputs = isDict(config["inputs"]) ? config["inputs"] : {};
      if (isUnknown(config["inputs"]) || isUnknown(config["templateId"])) {
        flow.known([...path, "config"]);
        continue;
      }
      const isWebhook = config["templateId"] === WEBHOOK;
      for (const [key, item] of Object.entries(inputs))
        if (isWebhook ? key === "url" : mayBeAddress(key, item)) yield* refused(flow, [...at, key], settings);
      if (isWebhook && inputs["url"] === undefined)
        yield {
          path,
          what: "calls an address that cannot be seen",
          why: "It is saved in PostHog, and not in the flow",
          fix: "State `url` in the step",
        };
    }
  },
});

/** Of a destination that nobody here knows: an input that is an address by its value, or is called one and may become one. */
function mayBeAddress(key: string, item: unknown): boolean {
  const value = isDict(item) ? item["value"] : item;
  if (typeof value === "string" && /^\s*https?:\/\//i.test(value)) return true;
  if (!/(?:^|[_-])(?:url|uri|host|hostname|endpoint)$|(?:Url|URL|Uri|Host|Endpoint)$/.test(key)) return false;
  return (
    typeof value !== "string" || isUnknown(value) || /^\s*(?:\{|[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/|\s*$))/.test(value)
  );
}

function* refused(flow: PolicyFlow, item: Path, { hosts }: SettingsOf<typeof SETTINGS>): Generator<PolicyFinding> {
  const allowed = `Allowed are ${hosts.join(", ")}`;
  if (isKeptSecret(getAt(flow.definition, item)))
    return yield {
      path: item,
      what: "calls an address that cannot be seen",
      why: `${allowed}, and PostHog keeps this one as a secret`,
      fix: "Give the address in the program",
    };
  const path = isDict(getAt(flow.definition, item)) ? [...item, "value"] : item;
  const value = flow.known(path);
  if (typeof value !== "string" || value.trim() === "") return;
  const host = hostOf(value.trim());
  if (host === undefined)
    return yield {
      path,
      what: "calls a host that is computed at run time",
      why: `${allowed}, and what it will be cannot be seen here`,
      fix: "Write the host down, and leave only the path to a template; where several hosts are needed, use a branch with a step for each",
    };
  if (!hosts.some((one) => fits(host, one.toLowerCase())))
    yield {
      path,
      what: "calls a host that is not allowed",
      why: allowed,
      fix: "Call one of them, or have the host allowed",
    };
}

const fits = (host: string, allowed: string): boolean =>
  allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) && host.length > allowed.length - 1 : host === allowed;

/** The host in lower case; undefined where a template decides it, or where it is no address. */
function hostOf(text: string): string | undefined {
  const [, scheme = "https://", rest = ""] = /^(https?:\/\/)?(.*)$/is.exec(text) ?? [];
  // What PostHog calls ends where the address says so, whatever a template behind that becomes.
  const [authority = ""] = rest.split(/[/?#\\]/, 1);
  if (authority === "" || authority.includes("{")) return undefined;
  try {
    return new URL(`${scheme}${authority}`).hostname.toLowerCase();
  } catch {
    return undefined;
  }
}
