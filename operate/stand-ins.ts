// Stand-ins for credentials in a definition of which a program is written: texts like all others until they are printed, where each becomes the name under
// which the stack's configuration has the value.
import { randomUUID } from "node:crypto";

/** Not to be guessed, because texts are somebody else's. */
const SEED = randomUUID().replace(/-/g, "");
const PATTERN = new RegExp(`hogflow_${SEED}_([A-Za-z0-9]+)_`);

/** What stands for the value of this name. */
export const standIn = (key: string): string => `hogflow_${SEED}_${key}_`;
export const hasStandIn = (text: string): boolean => text.includes(SEED);

const requireSecret = (key: string): string => `config.requireSecret(${JSON.stringify(key)})`;

/** The text as code: the secret itself where nothing is around it, else a template with this tag. `template` writes the parts between. */
export function standInCode(text: string, template: (part: string) => string, tag = "pulumi.interpolate"): string {
  const parts = text.split(PATTERN);
  if (tag === "pulumi.interpolate" && parts.length === 3 && parts[0] === "" && parts[2] === "")
    return requireSecret(parts[1]!);
  return `${tag}\`${parts.map((part, i) => (i % 2 === 1 ? `\${${requireSecret(part)}}` : template(part).slice(1, -1))).join("")}\``;
}
