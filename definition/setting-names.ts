// What the settings of the stack's configuration are called in messages. The plugin has them under the name of its package: the engine gives it nothing else.

export const SETTING_NAMES = ["apiKey", "apiKeys", "host", "projectId", "adoptFrom"] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

export type Namespace = "posthog" | "hogflow";

/** One for a process, as a language is: set before it says anything, by the plugin, and by whoever reads the configuration of a stack. */
let namespace: Namespace = "posthog";

/** Names settings under this namespace from now on. */
export function nameSettingsUnder(given: Namespace): void {
  namespace = given;
}

/** The full key that a user sets, such as `posthog:apiKey`. */
export const settingName = (setting: SettingName): string => `${namespace}:${setting}`;
