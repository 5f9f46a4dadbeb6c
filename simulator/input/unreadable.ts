// What of a flow this version cannot read: a newer PostHog has kinds that are not known here, and its database holds shapes that its own worker cannot run.
import { formatPath, type Path } from "../../definition/canonical/paths";
import { isDict, own } from "../../definition/canonical/values";
import { formOf, unwrapped } from "../../definition/schema/rules";
import { action, actionConfigs, configSchema, flow } from "../../definition/schema/schemas";
import * as z from "../../definition/schema/zod";
import type { FlowDefinition } from "../../definition/schema/types";

const STEP = { filters: action.shape.filters, onError: action.shape.onError };
const SETTINGS = {
  conversion: flow.shape.conversion,
  triggerMasking: flow.shape.triggerMasking,
  emailSendingRateLimit: flow.shape.emailSendingRateLimit,
} as const;

/** The path of the first list, object or text where another kind of value stands; undefined where all can be read. */
function misshapen(typed: z.ZodType, value: unknown, path: Path): string | undefined {
  if (value === undefined || value === null) return undefined;
  const { member, values, object, fields = {} } = formOf(typed);
  const { schema } = unwrapped(typed);
  const isContainer = member !== undefined || values !== undefined || object !== undefined;
  if (Array.isArray(value)) {
    if (!member) return isContainer || isText(schema) ? formatPath(path) : undefined;
    return first(value.entries(), (item, i) =>
      isDict(item) || !formOf(member).object ? misshapen(member, item, [...path, i]) : formatPath([...path, i]),
    );
  }
  if (isDict(value)) {
    if (!isContainer) return isText(schema) ? formatPath(path) : undefined;
    if (object)
      return first(Object.entries(value), (item, key) =>
        Object.hasOwn(fields, key) ? misshapen(fields[key]!, item, [...path, key]) : undefined,
      );
    return values
      ? first(Object.entries(value), (item, key) => misshapen(values, item, [...path, key]))
      : formatPath(path);
  }
  if (isContainer)
    return schema instanceof z.ZodUnion && (schema.options as z.ZodType[]).some((option) => !isStructure(option))
      ? undefined
      : formatPath(path);
  return isText(schema) && typeof value !== "string" ? formatPath(path) : undefined;
}

const isText = (schema: z.ZodType): boolean => schema instanceof z.ZodString || schema instanceof z.ZodEnum;
const isStructure = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodArray || schema instanceof z.ZodRecord || schema instanceof z.ZodObject;

function first<K>(
  entries: Iterable<readonly [K, unknown]>,
  of: (item: unknown, key: K) => string | undefined,
): string | undefined {
  for (const [key, item] of entries) {
    const found = of(item, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Why a step cannot be simulated; undefined where it can. */
export function unreadableStep(id: string, step: unknown): string | undefined {
  const type = own(step, "type");
  const config = own(step, "config") ?? (type === "exit" ? {} : undefined);
  if (type === "trigger") {
    const trigger = own(config, "type");
    if (!configSchema(type, config))
      return `a trigger of type ${JSON.stringify(trigger ?? null)}, which this version does not know`;
  } else if (typeof type !== "string") return `the step ${id}, whose type is no text`;
  else if (!Object.hasOwn(actionConfigs, type)) return undefined;
  if (!isDict(config)) return `the step ${id}, whose config is no object`;
  const at =
    first(Object.entries(type === "trigger" ? {} : STEP), (schema, key) =>
      misshapen(schema as z.ZodType, own(step, key), ["actions", id, key]),
    ) ?? misshapen(configSchema(type, config)!, config, ["actions", id, "config"]);
  return at === undefined ? undefined : `the step ${id}: what is at ${at} is of a kind that this version does not know`;
}

/** Why the flow as a whole cannot be simulated; undefined where it can. */
export function unreadableSetting(definition: FlowDefinition): string | undefined {
  const condition = definition.exitCondition as unknown;
  if (
    misshapen(flow.shape.exitCondition, condition, []) !== undefined ||
    (typeof condition === "string" && !flow.shape.exitCondition.safeParse(condition).success)
  )
    return `the exit condition ${JSON.stringify(condition)}, which this version does not know`;
  const at = first(Object.entries(SETTINGS), (schema, key) =>
    misshapen(schema as z.ZodType, own(definition, key), [key]),
  );
  return at === undefined ? undefined : `what is at ${at}, which is of a kind that this version does not know`;
}
