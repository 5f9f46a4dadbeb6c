// What of a flow this version cannot read: a newer PostHog has kinds that are not known here, and its database holds shapes that its own worker cannot run.
import { formatPath, type Path } from "../../definition/canonical/paths";
import { isDict, own } from "../../definition/canonical/values";
import { formOf, unwrapped } from "../../definition/schema/rules";
import { action, actionConfigs, configSchema, flow, settingShape } from "../../definition/schema/schemas";
import * as z from "../../definition/schema/zod";
import type { NotSimulatedNote } from "../notes";
import type { FlowDefinition } from "../../definition/schema/types";

const STEP = { filters: action.shape.filters, onError: action.shape.onError };
// An exit condition of another kind has a separate note, and nothing reads titles.
const { name: _name, description: _description, exitCondition: _exitCondition, ...SETTINGS } = settingShape;

/** The path of the first list, object or text with another kind of value; undefined where all can be read. */
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
export function unreadableStep(id: string, step: unknown): NotSimulatedNote | undefined {
  const type = own(step, "type");
  const config = own(step, "config") ?? (type === "exit" ? {} : undefined);
  if (type === "trigger") {
    if (!configSchema(type, config)) return { kind: "unknown_trigger", type: own(config, "type") };
  } else if (typeof type !== "string") return { kind: "unreadable_type", step: id };
  else if (!Object.hasOwn(actionConfigs, type)) return undefined;
  if (!isDict(config)) return { kind: "unreadable_config", step: id };
  const path =
    first(Object.entries(type === "trigger" ? {} : STEP), (schema, key) =>
      misshapen(schema as z.ZodType, own(step, key), ["actions", id, key]),
    ) ?? misshapen(configSchema(type, config)!, config, ["actions", id, "config"]);
  return path === undefined ? undefined : { kind: "unreadable_step", step: id, path };
}

/** Why the flow as a whole cannot be simulated; undefined where it can. */
export function unreadableSetting(definition: FlowDefinition): NotSimulatedNote | undefined {
  const condition = definition.exitCondition as unknown;
  if (
    misshapen(flow.shape.exitCondition, condition, []) !== undefined ||
    (typeof condition === "string" && !flow.shape.exitCondition.safeParse(condition).success)
  )
    return { kind: "unknown_exit_condition", condition };
  const path = first(Object.entries(SETTINGS), (schema, key) =>
    misshapen(schema as z.ZodType, own(definition, key), [key]),
  );
  return path === undefined ? undefined : { kind: "unreadable_setting", path };
}
