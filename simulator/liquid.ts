// Renders Liquid texts as PostHog's worker does (run time §6.2): liquidjs, outputs escaped for HTML, entities inside tags decoded first,
// with the simulation's clock and chance and in UTC, whatever the machine.
import { Liquid, type Template } from "liquidjs";
import {
  decodeEntities,
  DISABLED_FILTERS,
  DISABLED_TAGS,
  MAX_LIQUID_OUTPUT,
  MAX_LIQUID_SOURCE,
  parseLiquid,
} from "../definition/language";
import { failure, value, type Evaluation, type Surroundings } from "./evaluation";
import { NotSimulated } from "./not-simulated";
import { watchOutputs, type EmptyOutput } from "./liquid-outputs";

type Parsed = Template[];

/** Guards against texts that would never end; PostHog's own limit is 500 ms of its machine, which cannot be simulated. */
const ENDLESS = { renderLimit: 10_000, memoryLimit: 3e7 };

/** What the texts being rendered see; rendering is synchronous. */
let surroundings: Surroundings;
let emptyOutputs: EmptyOutput[] = [];
let engine: Liquid | undefined;
const parsed = new Map<string, Parsed>();

/**
 * Renders a text. Missing values are empty.
 *
 * @returns the text, or the error with which the step fails.
 * @throws NotSimulated for filters and tags that PostHog switches off, and texts that run for seconds.
 * @example
 * renderLiquid("Hi {{ person.properties.name | default: 'there' }}", { person }, { now, random }); // { ok: true, value: "Hi Ada" }
 */
export function renderLiquid(
  text: string,
  globals: Readonly<Record<string, unknown>>,
  around: Surroundings,
): Evaluation<string> {
  if (text.length > MAX_LIQUID_SOURCE) return failure(`Liquid: the text has more than ${MAX_LIQUID_SOURCE} characters`);
  if (!text.includes("{{") && !text.includes("{%")) return value(text);
  surroundings = around;
  emptyOutputs = [];
  engine ??= simulatedEngine();
  try {
    const templates = parsedText(engine, text);
    const rendered = String(engine.renderSync(templates, { ...globals, now: new Date(around.now) }));
    for (const { expression, shows, place } of emptyOutputs)
      around.unfilled?.(expression, shows, place?.into.buffer === rendered ? place.at : undefined);
    return rendered.length > MAX_LIQUID_OUTPUT
      ? failure(`Liquid: the rendered text has more than ${MAX_LIQUID_OUTPUT} characters`)
      : value(rendered);
  } catch (error) {
    const { originalError } = error as { originalError?: unknown };
    if (error instanceof NotSimulated || originalError instanceof NotSimulated)
      throw error instanceof NotSimulated ? error : originalError;
    const message = error instanceof Error ? error.message : String(error);
    if (/(render|memory alloc) limit exceeded|Maximum call stack/.test(message))
      throw new NotSimulated({ kind: "endless_liquid" });
    return failure(`Liquid: ${message}`);
  }
}

function parsedText(liquid: Liquid, text: string): Parsed {
  const known = parsed.get(text);
  if (known) return known;
  for (const { name } of parseLiquid(text).tags)
    if (DISABLED_TAGS.has(name)) throw new NotSimulated({ kind: "liquid_tag", name });
  for (const { name } of parseLiquid(text).filters)
    if (DISABLED_FILTERS[name] !== undefined) throw new NotSimulated({ kind: "liquid_filter", name });
  const templates = watchOutputs(liquid.parse(decodeEntities(text).text), (output) => emptyOutputs.push(output));
  if (parsed.size > 5_000) parsed.clear();
  parsed.set(text, templates);
  return templates;
}

function simulatedEngine(): Liquid {
  const liquid = new Liquid({ outputEscape: "escape", timezoneOffset: 0, locale: "en-US", ...ENDLESS });
  for (const name of ["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"]) {
    const real = liquid.filters[name] as (this: unknown, input: unknown, ...rest: unknown[]) => unknown;
    liquid.registerFilter(name, function (this: unknown, input: unknown, ...rest: unknown[]) {
      const date = asDate(input);
      const shown = real.call(this, date, ...rest);
      // A text that is no date stays as it was given.
      return shown === date ? input : shown;
    });
  }
  liquid.registerFilter("sample", (input: unknown, count: unknown = 1) => sampled(input, count));
  return liquid;
}

/** Dates as a machine in UTC reads them, and the words for the present. */
function asDate(input: unknown): unknown {
  if (input === "now" || input === "today") return new Date(surroundings.now);
  if (typeof input !== "string" || /^\d+$/.test(input) || HAS_ZONE.test(input) || DATE_ONLY.test(input)) return input;
  const utc = new Date(/^\d{4}-\d{2}-\d{2}T/.test(input) ? `${input}Z` : `${input} UTC`);
  return Number.isNaN(utc.getTime()) ? input : utc;
}

const HAS_ZONE = /(?:Z|[+-]\d{2}:?\d{2}|\b(?:GMT|UTC))\s*(?:\(.*\))?$/i;
/** These are UTC by the rules of JavaScript. */
const DATE_ONLY = /^\d{4}(?:-\d{2}){0,2}$/;

function sampled(input: unknown, count: unknown): unknown {
  if (input === null || input === undefined) return [];
  const rest: unknown[] = Array.isArray(input)
    ? [...(input as unknown[])]
    : [...(typeof input === "string" ? input : JSON.stringify(input))];
  const chosen: unknown[] = [];
  while (rest.length > 0 && chosen.length < Number(count))
    chosen.push(...rest.splice(Math.floor(surroundings.random() * rest.length), 1));
  return count === 1 ? chosen[0] : chosen;
}
