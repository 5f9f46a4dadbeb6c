// Types, zod schemas and JSON Schema say the same: a key that is added to one of them and not to the others does not compile, or fails here.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EDITOR_KEYS, SERVER_KEYS } from "../../../definition/canonical/decode";
import { wireName } from "../../../definition/canonical/structure";
import { unwrapped } from "../../../definition/schema/rules";
import * as s from "../../../definition/schema/schemas";
import type * as t from "../../../definition/schema/types";
import { definitionSchema, resolved, type JsonSchema } from "../../support/definition-schema";

// Types and zod schemas: each assignable to the other, with the same keys (an optional key too many would be assignable).

type SameKeys<A, B> = [keyof A] extends [keyof B]
  ? [keyof B] extends [keyof A]
    ? true
    : { "only in zod or only in types": Exclude<keyof B, keyof A> }
  : { "only in zod or only in types": Exclude<keyof A, keyof B> };
type Same<A, B> =
  SameKeys<A, B> extends true
    ? [A] extends [B]
      ? [B] extends [A]
        ? true
        : "the type does not fit the zod schema"
      : "the zod schema does not fit the type"
    : SameKeys<A, B>;
type All<Checks extends readonly true[]> = Checks;
type Trigger = typeof s.triggerConfigs;
type Config = typeof s.actionConfigs;
type StepKeys = t.StepBase & { type: t.ActionType; config?: unknown };

/** Does not compile where a schema and its type differ. */
export type Coherent = All<
  [
    Same<z.infer<typeof s.propertyFilter>, t.PropertyFilter>,
    Same<z.infer<typeof s.eventFilterItem>, t.EventFilterItem>,
    Same<z.infer<typeof s.filters>, t.Filters>,
    Same<z.infer<typeof s.batchFilters>, t.BatchFilters>,
    Same<z.infer<typeof s.templateInput>, t.TemplateInput>,
    Same<z.infer<typeof s.templateInputs>, t.TemplateInputs>,
    Same<z.infer<Trigger["event"]>, t.EventTriggerConfig>,
    Same<z.infer<Trigger["webhook"]>, t.WebhookTriggerConfig>,
    Same<z.infer<Trigger["manual"]>, t.ManualTriggerConfig>,
    Same<z.infer<Trigger["tracking_pixel"]>, t.TrackingPixelTriggerConfig>,
    Same<z.infer<Trigger["schedule"]>, t.ScheduleTriggerConfig>,
    Same<z.infer<Trigger["batch"]>, t.BatchTriggerConfig>,
    Same<
      z.infer<Trigger["data-warehouse-table"]>["type"] | z.infer<Trigger["data-warehouse-view"]>["type"],
      t.WarehouseTriggerConfig["type"]
    >,
    Same<Omit<z.infer<Trigger["data-warehouse-table"]>, "type">, Omit<t.WarehouseTriggerConfig, "type">>,
    Same<Omit<z.infer<Trigger["data-warehouse-view"]>, "type">, Omit<t.WarehouseTriggerConfig, "type">>,
    Same<z.infer<Trigger["internal-event"]>, t.InternalEventTriggerConfig>,
    Same<Record<keyof Trigger, 0>, Record<t.TriggerType, 0>>,
    Same<z.infer<typeof s.delayUntil>, t.DelayUntil>,
    Same<z.infer<Config["delay"]>, t.DelayConfig>,
    Same<z.infer<Config["wait_until_time_window"]>, t.TimeWindowConfig>,
    Same<z.infer<typeof s.condition>, t.Condition>,
    Same<z.infer<Config["wait_until_condition"]>, t.WaitUntilConditionConfig>,
    Same<z.infer<Config["conditional_branch"]>, t.ConditionalBranchConfig>,
    Same<z.infer<Config["random_cohort_branch"]>, t.RandomCohortBranchConfig>,
    Same<z.infer<Config["random_cohort_branch"]>["cohorts"][number], t.Cohort>,
    Same<z.infer<Config["function"]>, t.FunctionConfig>,
    Same<z.infer<Config["function_email"]>, t.EmailConfig>,
    Same<z.infer<Config["function_sms"]>, t.SmsConfig>,
    Same<z.infer<Config["function_push"]>, t.PushConfig>,
    Same<z.infer<Config["exit"]>, t.ExitConfig>,
    Same<Record<keyof Config, 0>, Record<t.ActionType, 0>>,
    Same<z.infer<typeof s.outputVariable>, t.OutputVariable>,
    Same<z.infer<typeof s.action>, StepKeys>,
    Same<z.infer<typeof s.triggerMasking>, t.TriggerMasking>,
    Same<z.infer<typeof s.conversion>, t.Conversion>,
    Same<NonNullable<z.infer<typeof s.conversion>["events"]>[number], t.ConversionEvent>,
    Same<z.infer<typeof s.emailSendingRateLimit>, t.EmailSendingRateLimit>,
    Same<z.infer<typeof s.variable>, t.Variable>,
    Same<Omit<z.infer<typeof s.flow>, "actions">, Omit<t.FlowDefinition, "actions">>,
    Same<keyof z.infer<typeof s.flow>, keyof t.FlowDefinition>,
    Same<NonNullable<z.infer<typeof s.flow>["leftover"]>, t.Leftover>,
    Same<NonNullable<NonNullable<z.infer<typeof s.flow>["leftover"]>["edges"]>[number], t.LeftoverEdge>,
  ]
>;

// Zod schemas and JSON Schema.

const root = definitionSchema();
const definition = (name: string): JsonSchema => root.definitions![name]!;

/** Keys that stand elsewhere on the wire, or have no place in the keyed form. */
interface Place {
  /** Keys of the keyed form alone. */
  keyed?: readonly string[];
  /** Keys of the wire alone. */
  wire?: Iterable<string>;
  /** Keys that only the wire requires. */
  required?: readonly string[];
}
const FLOW: Place = { keyed: ["leftover", "extra"], wire: [...SERVER_KEYS, "edges"] };
const ACTION: Place = {
  keyed: ["next", "branches", "extra"],
  wire: [...EDITOR_KEYS, "id"],
  required: ["id", "config"],
};
const VARIABLE: Place = { wire: ["key"], required: ["key"] };
const PLACES = new Map<z.ZodType, Place>([
  [s.flow, FLOW],
  [s.action, ACTION],
  [s.variable, VARIABLE],
  [s.conversion, { wire: ["window_minutes"] }],
  // Its older place (API §2.3, row 8).
  [s.triggerConfigs.event, { wire: ["filter_test_accounts"] }],
]);

const optionsOfJson = (schema: JsonSchema): JsonSchema[] => {
  const plain = resolved(schema, root);
  if (plain.anyOf) return plain.anyOf.flatMap(optionsOfJson);
  return Array.isArray(plain.type) ? plain.type.map((type) => ({ ...plain, type })) : [plain];
};
const optionsOfZod = (schema: z.ZodType): z.ZodType[] => {
  const plain = unwrapped(schema).schema;
  return plain instanceof z.ZodUnion ? (plain.options as z.ZodType[]).flatMap(optionsOfZod) : [plain];
};
const kindOfJson = ({ type }: JsonSchema): string =>
  type === undefined ? "unknown" : type === "integer" ? "number" : String(type);
function kindOfZod(schema: z.ZodType): string {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return "object";
  if (schema instanceof z.ZodArray) return "array";
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) return "string";
  if (schema instanceof z.ZodNumber) return "number";
  if (schema instanceof z.ZodBoolean) return "boolean";
  return schema instanceof z.ZodNull ? "null" : "unknown";
}
const words = (value: { enum?: unknown[]; const?: unknown }): unknown[] | undefined =>
  value.enum ? [...value.enum].sort() : value.const === undefined ? undefined : [value.const];

function compare(zod: z.ZodType, json: JsonSchema, at: string, problems: string[]): void {
  const ours = optionsOfZod(zod);
  const theirs = optionsOfJson(json);
  if (ours.some((option) => kindOfZod(option) === "unknown")) return;
  for (const option of ours) {
    const kind = kindOfZod(option);
    const same = theirs.filter((other) => kindOfJson(other) === kind);
    if (kind === "string") compareTexts(option, same, at, problems);
    else if (same.length !== 1) problems.push(`${at}: ${kind} in zod, ${same.length} of it in JSON Schema`);
    else if (kind === "object") compareObjects(option, same[0]!, at, problems);
    else if (kind === "array")
      compare((option as z.ZodArray).element as z.ZodType, same[0]!.items ?? {}, `${at}[]`, problems);
    else if (kind === "number") compareNumbers(option, same[0]!, at, problems);
  }
  const kinds = new Set(ours.map(kindOfZod));
  for (const other of theirs) {
    const kind = kindOfJson(other);
    // The wire may say null for "absent", and a bare name for an output variable.
    if (!kinds.has(kind) && kind !== "null" && !(kind === "string" && /outputVariable/.test(at)))
      problems.push(`${at}: ${kind} in JSON Schema alone`);
  }
}

function compareTexts(zod: z.ZodType, same: JsonSchema[], at: string, problems: string[]): void {
  if (same.length === 0) return void problems.push(`${at}: text in zod alone`);
  const ours = z.toJSONSchema(zod, { unrepresentable: "any" }) as JsonSchema;
  const [json] = same.length === 1 ? same : [{ enum: same.flatMap((option) => words(option) ?? []) } as JsonSchema];
  // A union of two literals is one list of words on the wire.
  if (words(ours) && !words(ours)!.every((word) => words(json!)?.includes(word)))
    problems.push(`${at}: ${String(words(ours))} in zod, ${String(words(json!))} in JSON Schema`);
  if (!words(ours) && words(json!)) problems.push(`${at}: any text in zod`);
  if (zod instanceof z.ZodEnum && String(words(ours)) !== String(words(json!)))
    problems.push(`${at}: ${String(words(ours))} in zod, ${String(words(json!))} in JSON Schema`);
  if (words(json!)) return;
  if (ours.pattern !== json!.pattern && !/\btime\b/.test(at))
    problems.push(`${at}: pattern ${ours.pattern} in zod, ${json!.pattern} in JSON Schema`);
  // Limits by what they do, because a limit may be a check of its own.
  const takes = (length: number): boolean =>
    zod.safeParse("x".repeat(length)).success ||
    (ours.pattern !== undefined && zod.safeParse(`${"1".repeat(length - 1)}d`).success);
  if (ours.pattern === undefined && takes(3)) {
    if (takes(0) === (json!.minLength ?? 0) > 0) problems.push(`${at}: whether it may be empty`);
    const longest = json!.maxLength;
    if (takes(longest ?? 100_000) === false || (longest !== undefined && takes(longest + 1)))
      problems.push(`${at}: longest text`);
  }
}

function compareNumbers(zod: z.ZodType, json: JsonSchema, at: string, problems: string[]): void {
  const takes = (value: number): boolean => zod.safeParse(value).success;
  if (!takes(json.minimum ?? -1e9) || !takes(json.maximum ?? 1e9))
    problems.push(`${at}: zod has a limit that JSON Schema has not`);
  if (
    (json.minimum !== undefined && takes(json.minimum - 1)) ||
    (json.maximum !== undefined && takes(json.maximum + 1))
  )
    problems.push(`${at}: JSON Schema has a limit that zod has not`);
  if (json.type === "integer" && takes((json.minimum ?? 0) + 0.5))
    problems.push(`${at}: whole numbers in JSON Schema alone`);
}

function compareObjects(zod: z.ZodType, json: JsonSchema, at: string, problems: string[]): void {
  if (zod instanceof z.ZodRecord) {
    if (typeof json.additionalProperties !== "object") return void problems.push(`${at}: a map in zod alone`);
    compare(zod.valueType as z.ZodType, json.additionalProperties, `${at}.*`, problems);
    for (const [key, property] of Object.entries(json.properties ?? {}))
      compare(zod.valueType as z.ZodType, property, `${at}.${key}`, problems);
    return;
  }
  if (!(zod instanceof z.ZodObject)) return;
  const place = PLACES.get(zod) ?? {};
  const properties = json.properties ?? {};
  const wire = new Map(
    Object.keys(zod.shape)
      .filter((key) => !place.keyed?.includes(key))
      .map((key) => [wireName(zod, key), key]),
  );
  const known = new Set([...wire.keys(), ...(unwrapped(zod).rule.derived ?? []), ...(place.wire ?? [])]);
  for (const key of known) if (!Object.hasOwn(properties, key)) problems.push(`${at}.${key}: not in JSON Schema`);
  for (const key of Object.keys(properties)) if (!known.has(key)) problems.push(`${at}.${key}: in JSON Schema alone`);
  for (const [name, key] of wire) {
    if (!Object.hasOwn(properties, name)) continue;
    const field = zod.shape[key] as z.ZodType;
    const required = !field.safeParse(undefined).success || place.required?.includes(name) === true;
    if (required !== (json.required?.includes(name) ?? false))
      problems.push(`${at}.${name}: required in ${required ? "zod" : "JSON Schema"} alone`);
    if (zod === s.flow && (key === "actions" || key === "variables")) continue;
    if (zod === s.action && (key === "config" || key === "type")) continue;
    compare(field, properties[name]!, `${at}.${key}`, problems);
  }
}

/** The member of a union for this type. */
const member = (union: string, type: string): JsonSchema => {
  const found = definition(union)
    .anyOf!.map((option) => resolved(option, root))
    .filter((option) => words(option.properties!["type"]!)?.includes(type));
  if (found.length !== 1) throw new Error(`${found.length} members of ${union} for ${type}`);
  return found[0]!;
};
const problemsOf = (zod: z.ZodType, json: JsonSchema, at: string): string[] => {
  const problems: string[] = [];
  compare(zod, json, at, problems);
  return problems;
};

describe("zod and JSON Schema agree on", () => {
  it("the flow", () => expect(problemsOf(s.flow, root, "flow")).toEqual([]));
  it("a variable", () => expect(problemsOf(s.variable, definition("Variable"), "variable")).toEqual([]));
  it("an edge", () => {
    const leftover = unwrapped(s.flow.shape.leftover).schema as z.ZodObject;
    const edge = unwrapped(
      (unwrapped(leftover.shape["edges"] as z.ZodType).schema as z.ZodArray).element as z.ZodType,
    ).schema;
    expect(problemsOf(edge, definition("EdgeJson"), "edge")).toEqual([]);
  });

  describe("the config of", () => {
    for (const [type, zod] of Object.entries(s.actionConfigs)) {
      it(type, () => {
        const json = member("Action", type);
        expect(problemsOf(s.action, json, type)).toEqual([]);
        // A trigger's config is compared by its own type.
        if (type !== "trigger") expect(problemsOf(zod, json.properties!["config"]!, `${type}.config`)).toEqual([]);
      });
    }
    for (const [type, zod] of Object.entries(s.triggerConfigs)) {
      it(`trigger ${type}`, () => expect(problemsOf(zod, member("TriggerConfig", type), type)).toEqual([]));
    }
  });

  it("which types there are", () => {
    const types = (union: string): unknown[] =>
      definition(union)
        .anyOf!.flatMap((option) => words(resolved(option, root).properties!["type"]!)!)
        .sort();
    expect(types("Action")).toEqual(Object.keys(s.actionConfigs).sort());
    expect(types("TriggerConfig")).toEqual(Object.keys(s.triggerConfigs).sort());
  });
});
