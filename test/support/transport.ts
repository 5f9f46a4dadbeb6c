// How the engine gets at the lifecycle in the tests of this process: through a dynamic provider or through the plugin. A project of vitest.config.mts says which. Tests of
// one lifecycle run on both; this is the one place where they ask, and docs/plugin.md lists what may differ.
import { DYNAMIC_TYPES, PLUGIN_PACKAGE, PLUGIN_TYPES, type ResourceKind } from "../../definition/resource-types";

export type Transport = "dynamic" | "plugin";

/** What the tests of this process run on. */
export const TRANSPORT: Transport = process.env["HOGFLOW_TEST_TRANSPORT"] === "plugin" ? "plugin" : "dynamic";

/** The type of the resources in URNs and states. */
export const typeOf = (kind: ResourceKind, transport: Transport = TRANSPORT): string =>
  (transport === "plugin" ? PLUGIN_TYPES : DYNAMIC_TYPES)[kind];

/** Keys of the stack's configuration that the engine hands to the provider: to a plugin, those of its own package alone. */
const PROVIDERS_OWN = new Set(["apiKey", "apiKeys", "adoptFrom"]);

/** The key of the stack's configuration under which the provider finds this one of the dynamic provider. */
export function configKey(key: string, transport: Transport = TRANSPORT): string {
  const [, name = ""] = /^posthog:(\w+)/.exec(key) ?? [];
  return transport === "plugin" && PROVIDERS_OWN.has(name) ? key.replace(/^posthog:/, `${PLUGIN_PACKAGE}:`) : key;
}

/** A key of the configuration as messages have it. */
export const saidKey = (name: string): string => `${TRANSPORT === "plugin" ? PLUGIN_PACKAGE : "posthog"}:${name}`;

/** The command line of a provider's process. */
export const isProvider = (command: string): boolean => /dynamic-provider|pulumi-resource-hogflow/.test(command);
