// The types of the two resources, for both transports: they are in every URN, and so in every state and, hashed, in every marker.
import { table } from "./schema/table";

/** Name of the plugin's package: of its types, of its configuration, and of the executable behind `pulumi-resource-`. */
export const PLUGIN_PACKAGE = "hogflow";

/** As the plugin serves them. */
export const PLUGIN_TYPES = {
  flow: `${PLUGIN_PACKAGE}:index:HogFlow`,
  schedule: `${PLUGIN_PACKAGE}:index:HogFlowSchedule`,
} as const;

/** As dynamic providers serve them. Owners and markers have these, whatever serves the resource. */
export const DYNAMIC_TYPES = {
  flow: "pulumi-nodejs:dynamic/posthog:HogFlow",
  schedule: "pulumi-nodejs:dynamic/posthog:HogFlowSchedule",
} as const;

export type ResourceKind = "flow" | "schedule";

/** What is of which kind, whatever serves it. */
export const RESOURCE_KINDS = table<ResourceKind>({
  [DYNAMIC_TYPES.flow]: "flow",
  [DYNAMIC_TYPES.schedule]: "schedule",
  [PLUGIN_TYPES.flow]: "flow",
  [PLUGIN_TYPES.schedule]: "schedule",
});

/** Type of the resource that a URN names, without those of its parents. */
export const typeIn = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** Its logical name. */
export const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");

/** Parts of a URN: stack and project, types from the outermost parent to the resource, name. */
const URN = /^(urn:pulumi:(?:(?!::).)+::(?:(?!::).)+::)((?:(?!::).)+)(::.+)$/s;

/**
 * The owner of a resource: its URN as the dynamic provider would have it. The marker in PostHog holds a hash of it, so a resource that moves between the two keeps
 * its flow without a write.
 */
export function ownerUrn(urn: string): string {
  const [, before, types, name] = URN.exec(urn) ?? [];
  if (types === undefined) return urn;
  const dynamic = types.split("$").map((type) => {
    const kind = RESOURCE_KINDS[type];
    return kind === undefined ? type : DYNAMIC_TYPES[kind];
  });
  return `${before}${dynamic.join("$")}${name}`;
}
