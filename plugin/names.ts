// The words of the lifecycle's messages as programs of the plugin's package know them.
import { PLUGIN_PACKAGE } from "../definition/resource-types";

/** With the keys of the configuration under the plugin's package: the lifecycle names those of the dynamic provider. */
export const inOwnWords = (text: string): string =>
  text.replace(/\bposthog:(?=(?:apiKeys?|host|projectId|adoptFrom)\b)/g, `${PLUGIN_PACKAGE}:`);
