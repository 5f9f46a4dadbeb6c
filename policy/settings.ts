// The settings of a rule, one row each: the JSON schema that Pulumi shows and checks, and the default. What a schema cannot say is checked when they are read.
import type { PolicyConfigSchema } from "@pulumi/policy";
import { checkZone } from "../definition/schema/zones";

type JsonSchema = PolicyConfigSchema["properties"][string];

/** One setting. */
export interface Setting<T> {
  schema: JsonSchema;
  fallback: T;
  /** What is wrong with a value that the schema takes; undefined where nothing is. */
  refusal?(value: T): string | undefined;
}

/** Settings by name. */
export type SettingTable = Readonly<Record<string, Setting<any>>>;
/** The values of a table's settings. */
export type SettingsOf<Table extends SettingTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer T> ? T : never;
};

type Texts = readonly string[];

/** @param description What it means, in one sentence. */
const setting = <T>(
  fallback: T,
  description: string,
  more: Omit<JsonSchema, "default"> & { refusal?: Setting<T>["refusal"] },
): Setting<T> => {
  const { refusal, ...schema } = more;
  return {
    schema: { ...schema, description, default: fallback as NonNullable<JsonSchema["default"]> },
    fallback,
    ...(refusal ? { refusal } : {}),
  };
};

export const texts = (fallback: Texts, description: string): Setting<Texts> =>
  setting(fallback, description, { type: "array", items: { type: "string", minLength: 1 } });
export const choices = <const T extends string>(all: readonly T[], description: string): Setting<readonly T[]> =>
  setting(all, description, { type: "array", items: { type: "string", enum: [...all] }, minItems: 1 });
export const numbers = (fallback: readonly number[], description: string): Setting<readonly number[]> =>
  setting(fallback, description, { type: "array", items: { type: "integer" } });
type Objects = readonly Record<string, unknown>[];
export const objects = (description: string, refusal: (value: Objects) => string | undefined): Setting<Objects> =>
  setting<Objects>([], description, { type: "array", items: { type: "object" }, refusal });
export const count = (fallback: number, description: string): Setting<number> =>
  setting(fallback, description, { type: "integer", minimum: 0 });
export const yesOrNo = (fallback: boolean, description: string): Setting<boolean> =>
  setting(fallback, description, { type: "boolean" });
export const oneOf = <const T extends string>(
  fallback: NoInfer<T>,
  all: readonly T[],
  description: string,
): Setting<T> => setting<T>(fallback, description, { type: "string", enum: [...all] });
export const clockTime = (fallback: string, description: string): Setting<string> =>
  setting(fallback, description, { type: "string", pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" });
export const zone = (fallback: string, description: string): Setting<string> =>
  setting(fallback, description, {
    type: "string",
    refusal: (name) => {
      const { ok, suggestion } = checkZone(name);
      return ok ? undefined : `is no IANA time zone${suggestion === undefined ? "" : `: did you mean ${suggestion}?`}`;
    },
  });
export const pattern = (fallback: string, description: string): Setting<string> =>
  setting(fallback, description, {
    type: "string",
    refusal: (text) => {
      try {
        new RegExp(text, "m");
        return undefined;
      } catch {
        return "is no regular expression of JavaScript";
      }
    },
  });

/** Which flows a rule leaves alone: every rule has it. */
export const EXCEPT = {
  except: texts([], "Logical names of flows that the policy leaves alone; * stands for any text."),
} as const;
/** What counts as active: rules about active flows have it. */
export const UNSTATED = {
  unstated: oneOf(
    "active",
    ["active", "draft"],
    "What a flow counts as whose program leaves its status to PostHog, where anybody may activate it.",
  ),
} as const;

/** The values that Pulumi gives, with defaults for those that are left out, and what is wrong with them. */
export function readSettings<Table extends SettingTable>(
  table: Table,
  given: Readonly<Record<string, unknown>>,
): { settings: SettingsOf<Table>; refusals: string[] } {
  const entries = Object.entries(table).map(([key, { fallback }]) => [key, given[key] ?? fallback] as const);
  const refusals = entries.flatMap(([key, value]) => {
    const refusal = table[key]!.refusal?.(value);
    return refusal === undefined ? [] : [`the setting ${key} of this policy ${refusal}`];
  });
  return { settings: Object.fromEntries(entries) as SettingsOf<Table>, refusals };
}

/** Whether a name is one of these, of which each may have * for any text. */
export const isNamed = (name: string, names: Texts): boolean =>
  names.some((one) => new RegExp(`^${one.split("*").map(escaped).join(".*")}$`, "s").test(name));
const escaped = (text: string): string => text.replace(/[\\^$.|?+()[\]{}]/g, "\\$&");
