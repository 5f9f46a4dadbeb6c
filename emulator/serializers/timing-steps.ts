/** Delays and waits. */
import { CompileError, compileExpression, readsClock } from "../compiler";
import { FieldError, ServerCrash } from "../errors";
import { equal, isFalsy, isObject, type JsonObject } from "../json";
import { storedStep, type Context } from "./context";
import { checkDuration, isTimeZone, SIGNED_DURATION } from "./durations";
import { filtersField, targetsSomething } from "./filters";

const config = (detail: string) => new FieldError(["config"], detail);
const given = (value: unknown) => value !== undefined && value !== null;

/** What holds for every delay, whoever sends it. */
export function checkDelayShape(sent: JsonObject): void {
  if (!given(sent.delay_until)) return;
  if (given(sent.delay_duration) && sent.delay_duration !== "")
    throw config("Set either delay_duration or delay_until, not both.");
  if (!isObject(sent.delay_until)) throw config("delay_until must be an object with an expression.");
}

export function delayConfig(sent: JsonObject, context: Context): JsonObject {
  if (!given(sent.delay_until)) {
    checkDuration("delay_duration", sent.delay_duration);
    return sent;
  }
  if (given(sent.max_delay_duration)) checkDuration("max_delay_duration", sent.max_delay_duration);
  const { bytecode: _bytecode, bytecode_error: _error, ...until } = sent.delay_until as JsonObject;
  if (typeof until.expression !== "string" || until.expression.trim() === "")
    throw config("delay_until.expression is required and must be text.");
  if (given(until.offset) && !(typeof until.offset === "string" && SIGNED_DURATION.test(until.offset))) {
    throw config("delay_until.offset must be a duration with an optional sign, such as '-1d' or '2h'.");
  }
  if (given(until.use_person_timezone) && typeof until.use_person_timezone !== "boolean")
    throw config("delay_until.use_person_timezone must be true or false.");
  for (const key of ["timezone", "fallback_timezone"]) {
    if (given(until[key]) && !isTimeZone(until[key]))
      throw config(`delay_until.${key} must be an IANA time zone name such as 'Europe/Berlin'.`);
  }
  try {
    return { ...sent, delay_until: { ...until, bytecode: compileExpression(until.expression, context.generation) } };
  } catch (error) {
    if (error instanceof CompileError) throw config(`delay_until.expression could not be compiled: ${error.message}`);
    throw error;
  }
}

/** A wait always has a condition and a list of the events that it waits for. */
export function waitConfig(sent: JsonObject, id: string, context: Context): JsonObject {
  if (given(sent.max_wait_duration) && sent.max_wait_duration !== "")
    checkDuration("max_wait_duration", sent.max_wait_duration);
  const condition = given(sent.condition) ? sent.condition : { filters: null };
  checkClock(condition, storedStep(context, id)?.config?.condition);
  return { ...sent, condition, events: waitEvents(sent.events, context) };
}

function waitEvents(sent: unknown, context: Context): JsonObject[] {
  if (!given(sent)) return [];
  if (!Array.isArray(sent)) throw new ServerCrash("wait events that are not a list");
  const entries = sent.map((entry) => {
    if (!isObject(entry)) throw new ServerCrash("a wait event that is not an object");
    return entry;
  });
  return entries
    .filter((entry) => targetsSomething(entry.filters))
    .map((entry) => ({ ...entry, filters: filtersField(entry.filters, { generation: context.generation }) }));
}

function checkClock(condition: JsonObject, stored: unknown): void {
  const properties: unknown[] =
    isObject(condition.filters) && Array.isArray(condition.filters.properties) ? condition.filters.properties : [];
  const clocked = properties.some((p) => isObject(p) && p.type === "hogql" && readsClock(String(p.key ?? "")));
  if (!clocked) return;
  const before = isObject(stored) && isObject(stored.filters) ? stored.filters.properties : undefined;
  if (!isFalsy(before) && equal(before, properties)) return;
  throw config(
    "This condition depends on the current time, so nothing would wake the wait when it becomes true. Use a delay until a point in time instead.",
  );
}
