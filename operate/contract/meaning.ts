// What a difference between PostHog's schema and this version means for people who use it: one row for each kind.
import type { ContractDifference, DifferenceKind } from "./compare";

/** `breaks`: what this version sends may be refused, or a command fails. `new`: flows can have what this version has no types for. `note`: nothing depends on it. */
export type Weight = "breaks" | "new" | "note";

interface Meaning {
  weight: Weight;
  /** What differs. */
  what(difference: ContractDifference): string;
  /** What that means. */
  means(difference: ContractDifference): string;
}

const UPDATE = "Look for a newer version of pulumi-hogflow";

export const MEANINGS: Readonly<Record<DifferenceKind, Meaning>> = {
  "field-new": {
    weight: "new",
    what: ({ name }) => `${name} is a new field`,
    means: () =>
      `It stays as it is in PostHog, and a difference in it is no drift unless your program states it in \`extra\`. ${UPDATE} to write it with types`,
  },
  "field-required": {
    weight: "breaks",
    what: ({ name }) => `${name} is a new field that PostHog requires`,
    means: () => `PostHog may refuse what this version writes without it. ${UPDATE} before the next \`pulumi up\``,
  },
  "field-gone": {
    weight: "breaks",
    what: ({ name }) => `${name} is not in the schema`,
    means: () =>
      `PostHog may drop it silently, or refuse it. Check flows that use it in PostHog after the next \`pulumi up\``,
  },
  "value-new": {
    weight: "new",
    what: ({ name, value }) => `${name} has a new value, ${value}`,
    means: () => `It is sent and read unchanged, with a warning. ${UPDATE} for its rules`,
  },
  "value-gone": {
    weight: "breaks",
    what: ({ name, value }) => `${name} can no longer be ${value}`,
    means: ({ value }) => `PostHog refuses flows that say ${value}. Change them, or leave the field out`,
  },
  "step-new": {
    weight: "new",
    what: ({ name }) => `there are steps of the type ${name}`,
    means: () => `They pass through unchanged, with a warning, and are not simulated. ${UPDATE} for a step function`,
  },
  "trigger-new": {
    weight: "new",
    what: ({ name }) => `there are triggers of the type ${name}`,
    means: () => `They pass through unchanged, with a warning, and are not simulated. ${UPDATE} for a trigger function`,
  },
  "endpoint-new": {
    weight: "note",
    what: ({ name }) => `${name} is a new end point`,
    means: () => "Nothing here uses it",
  },
  "endpoint-gone": {
    weight: "breaks",
    what: ({ name }) => `${name} is not in the schema`,
    means: ({ usedBy }) => `It is needed for ${usedBy}, which may fail with 404. ${UPDATE}`,
  },
};
