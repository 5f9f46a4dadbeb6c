// What is wrong with keys in the stack's configuration: who could read them, and whether the provider that serves the program sees them.
import * as pulumi from "@pulumi/pulumi";
import { PLUGIN_PACKAGE } from "../definition/resource-types";
import type { Namespace } from "../definition/setting-names";
import { filled } from "../definition/target";
import type { ProgramFinding } from "../rules/program-findings";
import { usesPlugin } from "./transport";

/** Once for a program is enough. */
let isSaid = false;

/** What is wrong with the configuration that the transport gets; said once. */
export function configurationFindings(): ProgramFinding[] {
  if (isSaid) return [];
  isSaid = true;
  return usesPlugin()
    ? [...keysInClear("posthog"), ...keysInClear(PLUGIN_PACKAGE), ...keysUnseen()]
    : keysInClear("posthog");
}

/** Settings that a dynamic provider would read, and the plugin cannot. */
function keysUnseen(): ProgramFinding[] {
  const config = new pulumi.Config("posthog");
  const ofPlugin = new pulumi.Config(PLUGIN_PACKAGE);
  const isElsewhere = (name: string): boolean =>
    ofPlugin.get(name) !== undefined || (name === "apiKey" && filled(process.env["POSTHOG_API_KEY"]) !== undefined);
  return (["apiKey", "apiKeys", "adoptFrom"] as const)
    .filter((name) => config.get(name) !== undefined && !isElsewhere(name))
    .map((name) => ({
      rule: "key-unseen",
      path: [],
      what: `the plugin does not see posthog:${name}`,
      fix: `Set it with: pulumi config set ${name === "adoptFrom" ? "" : "--secret "}${PLUGIN_PACKAGE}:${name}${name === "apiKey" ? ", or in the environment as POSTHOG_API_KEY. A provider that the program makes needs neither" : ""}`,
    }));
}

/** Pulumi copies the whole configuration of `posthog` into the state: encrypted where it was set as a secret, in clear otherwise. The plugin encrypts it there. */
function keysInClear(namespace: Namespace): ProgramFinding[] {
  const config = new pulumi.Config(namespace);
  return ["apiKey", "apiKeys"]
    .filter((name) => config.get(name) !== undefined && !isConfigSecret(`${namespace}:${name}`))
    .map((name) => ({
      rule: "key-in-clear",
      path: [],
      what: `${namespace}:${name} is in the stack's configuration in clear`,
      why: `Everybody who can read Pulumi.<stack>.yaml${namespace === PLUGIN_PACKAGE ? "" : " or the state"} can read the key`,
      fix:
        name === "apiKey"
          ? `Set it again with: pulumi config set --secret ${namespace}:apiKey. Then replace the key in PostHog if it was shared`
          : `Set each again with: pulumi config set --secret --path '${namespace}:apiKeys["<host>"]'`,
    }));
}

/** Pulumi's own question, which its types leave out. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
