// The types of the two resources, for both transports: they are in every URN, and so in every state and, hashed, in every marker.

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
