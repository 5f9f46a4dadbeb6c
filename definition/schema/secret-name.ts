// The names that secrets have in a stack's configuration.
import { camelCase } from "./names";

/** The name for something of a step: `welcome`, `notify`, `signing_secret` -> `welcomeNotifySigningSecret`. */
export const secretName = (...parts: readonly string[]): string =>
  camelCase(
    parts
      .join("_")
      .replace(/[^A-Za-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .toLowerCase(),
  );
