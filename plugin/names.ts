// How the plugin's names map to those of the dynamic provider, which are in every owner and marker, and in the messages of the lifecycle.
import { DYNAMIC_TYPES, PLUGIN_PACKAGE, PLUGIN_TYPES } from "../definition/resource-types";

/** Parts of a URN: stack and project, types from the outermost parent to the resource, name. */
const URN = /^(urn:pulumi:(?:(?!::).)+::(?:(?!::).)+::)((?:(?!::).)+)(::.+)$/s;
const DYNAMIC: ReadonlyMap<string, string> = new Map([
  [PLUGIN_TYPES.flow, DYNAMIC_TYPES.flow],
  [PLUGIN_TYPES.schedule, DYNAMIC_TYPES.schedule],
]);

/**
 * The owner of a resource: its URN as the dynamic provider would have it. The marker in PostHog holds a hash of it, so a resource that moves between the two keeps
 * its flow without a write.
 */
export function ownerOf(urn: string): string {
  const [, before, types, name] = URN.exec(urn) ?? [];
  if (types === undefined) return urn;
  const dynamic = types.split("$").map((type) => DYNAMIC.get(type) ?? type);
  return `${before}${dynamic.join("$")}${name}`;
}

/** Keys of the configuration as a program of this package sets them: messages of the lifecycle name those of the dynamic provider. */
export const inOwnWords = (text: string): string =>
  text.replace(/\bposthog:(?=(?:apiKeys?|host|projectId|adoptFrom)\b)/g, `${PLUGIN_PACKAGE}:`);
