// Who e-mails may be from. A definition holds the id of an integration of PostHog, whose address it does not know, and optionally an address of its own.
import { getAt, type Path } from "../../definition/canonical/paths";
import { email, flowOf } from "../../rules/examples";
import type { PolicyFinding } from "../finding";
import type { PolicyFlow } from "../resources";
import { policyRule } from "../rule";
import { EXCEPT, numbers, texts, type SettingsOf } from "../settings";

const SETTINGS = {
  integrations: numbers([], "Ids of the e-mail integrations that may send; none: every one."),
  addresses: texts([], "Addresses that `from.email` may be."),
  domains: texts([], "Domains of addresses that `from.email` may be, such as example.com; subdomains are others."),
  ...EXCEPT,
} as const;
type Settings = SettingsOf<typeof SETTINGS>;

export const senders = policyRule({
  title: "Senders",
  text: "E-mails come from allowed senders only.",
  why: "People trust a sender that they know, and a domain that was not set up for mail ends in spam",
  severity: "high",
  settings: SETTINGS,
  idle: ({ integrations, addresses, domains }) =>
    integrations.length + addresses.length + domains.length > 0
      ? undefined
      : "no sender is allowed yet: set integrations, addresses or domains",
  fails: {
    flows: { welcome: flowOf({ mail: email({ from: { integrationId: 8 } }) }).flow! },
    settings: { integrations: [7] },
  },
  passes: { flows: { welcome: flowOf({ mail: email() }).flow! }, settings: { integrations: [7] } },
  *flow(flow, settings) {
    for (const { channel, path } of flow.steps)
      if (channel === "email") yield* strangers(flow, [...path, "config", "inputs", "email"], settings);
  },
});

function* strangers(flow: PolicyFlow, item: Path, settings: Settings): Generator<PolicyFinding> {
  const at = [...item, "value", "from"];
  // Of a whole that is not known, no part is.
  const whole = [item, [...item, "value"], at].find((path) => typeof getAt(flow.definition, path) === "string");
  if (whole !== undefined) {
    if (flow.known(whole) !== undefined)
      yield { path: whole, what: "the sender cannot be seen: it is computed at run time", fix: FIXED };
    return;
  }
  if (getAt(flow.definition, at) === undefined)
    return yield {
      path: item.slice(0, 2),
      what: "the sender cannot be seen",
      why: "The message is saved in PostHog, and its sender is not in the flow",
      fix: "State `from` in the e-mail itself",
    };
  const byId = yield* integrations(flow, at, settings);
  yield* address(flow, [...at, "email"], { ...settings, byId });
}

const FIXED = "Write the sender into the flow";

/** Returns whether every one is allowed by its id. */
function* integrations(
  flow: PolicyFlow,
  at: Path,
  { integrations: allowed }: Settings,
): Generator<PolicyFinding, boolean> {
  if (allowed.length === 0) return false;
  const several = getAt(flow.definition, [...at, "integrationIds"]);
  const paths = [
    [...at, "integrationId"],
    ...(Array.isArray(several) ? several.map((_, i) => [...at, "integrationIds", i]) : []),
  ];
  let isAllowed = true;
  for (const path of paths) {
    const id = flow.known(path);
    if (id === undefined || allowed.includes(Number(id))) continue;
    isAllowed = false;
    yield {
      path,
      what: "the sender's integration is not allowed",
      why: `Allowed are the integrations ${allowed.join(", ")}`,
      fix: "Send with one of them",
    };
  }
  return isAllowed;
}

function* address(
  flow: PolicyFlow,
  path: Path,
  { addresses, domains, byId }: Settings & { byId: boolean },
): Generator<PolicyFinding> {
  if (addresses.length + domains.length === 0) return;
  const given = flow.known(path);
  if (flow.isUnknown(path)) return;
  const allowed = [...addresses, ...domains.map((domain) => `*@${domain}`)].join(", ");
  if (typeof given !== "string" || given.trim() === "") {
    // The integration's own address is the one that PostHog takes.
    if (!byId)
      yield {
        path: path.slice(0, -1),
        what: "the address of the sender cannot be seen: it is that of the integration",
        why: `Allowed are ${allowed}, and the flow does not hold the integration's address`,
        fix: "Allow the integration by its id, in the setting integrations of the policy, or state `from.email`",
      };
    return;
  }
  if (given.includes("{"))
    return yield {
      path,
      what: "the address of the sender is computed at run time",
      why: `Allowed are ${allowed}, and what it will be cannot be seen here`,
      fix: FIXED,
    };
  const lower = given.trim().toLowerCase();
  const domain = lower.split("@").at(-1)!;
  if (addresses.some((one) => one.toLowerCase() === lower) || domains.some((one) => one.toLowerCase() === domain))
    return;
  yield {
    path,
    what: "the address of the sender is not allowed",
    why: `Allowed are ${allowed}`,
    fix: "Send from one of them",
  };
}
