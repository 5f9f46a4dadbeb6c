// Evaluates Hog on PostHog's own virtual machine, with the simulation's clock and chance.
import crypto from "node:crypto";
import { convertHogToJS, exec, type ExecOptions } from "@posthog/hogvm";
import { HOG_FUNCTIONS, parseHogExpression, parseHogTemplate, type ParsedHog } from "../../definition/language";
import { failure, value, type Evaluation, type Surroundings } from "../evaluation";
import { NotSimulated } from "../not-simulated";
import type { Bytecode } from "./bytecode";
import { compileExpression } from "./compile";
import { REPLACED_FUNCTIONS, simulatedFunctions } from "./functions";
import { regexExtract, regexMatch } from "./regex";

/** A Hog text, ready to run. */
export interface CompiledHog {
  readonly text: string;
  readonly bytecode: Bytecode;
  /** The text of a template without expressions: its own value. */
  readonly literal?: string;
}

/** PostHog refuses to save the text: it does not parse. */
export class HogRefused extends Error {
  override readonly name = "HogRefused";
}

/** Far above PostHog's own limits, which are of wall-clock time (50 and 100 ms): a simulation must not depend on the speed of the machine. */
const ENDLESS_MS = 10_000;

const EXTERNAL: ExecOptions["external"] = { regex: { match: regexMatch, extract: regexExtract }, crypto };

const compiledExpressions = new Map<string, CompiledHog>();
const compiledTemplates = new Map<string, CompiledHog>();

/**
 * Compiles one Hog expression: a `hogql` condition, the expression of `delayUntil`. The answer is kept by text.
 *
 * @throws HogRefused when PostHog would refuse the text, NotSimulated when it is beyond what is read here.
 * @example
 * evaluate(compileHog("person.properties.seats >= 10"), globals, { now, random }); // { ok: true, value: true }
 */
export function compileHog(text: string): CompiledHog {
  return remembered(compiledExpressions, text, () => ({ text, bytecode: compiled(text, parseHogExpression(text)) }));
}

/**
 * Compiles a template text with expressions in braces. One expression and nothing else keeps its type (run time §6.1). The answer is kept by text.
 *
 * @throws HogRefused when PostHog would refuse the text, NotSimulated when it is beyond what is read here.
 * @example
 * evaluate(compileHogTemplate("Hi {person.properties.name}"), globals, { now, random }); // { ok: true, value: "Hi Ada" }
 */
export function compileHogTemplate(text: string): CompiledHog {
  return remembered(compiledTemplates, text, () => {
    const parsed = parseHogTemplate(text);
    const [only = ""] = parsed.parts ?? [];
    const literal = parsed.parts && parsed.parts.length < 2 && typeof only === "string" ? { literal: only } : {};
    return { text, bytecode: compiled(text, parsed), ...literal };
  });
}

/**
 * Runs a compiled text.
 *
 * @returns the value, in JavaScript's types (dates are Hog's own objects), or the error that PostHog logs.
 * @throws NotSimulated for functions that are not known here.
 */
export function evaluate(
  hog: CompiledHog,
  globals: Readonly<Record<string, unknown>>,
  surroundings: Surroundings,
): Evaluation {
  if (hog.literal !== undefined) return value(hog.literal);
  let result;
  try {
    result = exec(hog.bytecode, {
      globals: globals as Record<string, unknown>,
      functions: simulatedFunctions(surroundings),
      external: EXTERNAL,
      timeout: ENDLESS_MS,
      maxAsyncSteps: 0,
    });
  } catch (error) {
    return failed(error);
  }
  return result.finished ? value(convertHogToJS(result.result) as unknown) : failed(result.error);
}

function failed(error: unknown): Evaluation {
  if (error instanceof NotSimulated) throw error;
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("Execution timed out")) throw new NotSimulated({ kind: "endless_hog" });
  return failure(message);
}

function compiled(text: string, parsed: ParsedHog): Bytecode {
  if (!parsed.ast) {
    const problem = parsed.findings.find(({ kind }) => kind !== "unknownFunction" && kind !== "argumentCount");
    if (!problem || problem.kind === "notRead")
      throw new NotSimulated({ kind: "hog_text", text: shortened(text), ...(problem && { why: problem.what }) });
    throw new HogRefused(`PostHog refuses the text ${shortened(text)}: ${problem.what}`);
  }
  for (const { name } of parsed.functions)
    if (!HOG_FUNCTIONS[name]) throw new NotSimulated({ kind: "hog_function", name });
  for (const { root, path } of parsed.references) {
    if (path.length === 0 && REPLACED_FUNCTIONS.has(root))
      throw new NotSimulated({ kind: "hog_function_value", name: root });
  }
  try {
    return compileExpression(parsed.ast);
  } catch (error) {
    // A chain of thousands of operators is as deep as it is long.
    if (error instanceof RangeError)
      throw new NotSimulated({ kind: "hog_text", text: shortened(text), why: "it has too many parts" });
    throw error;
  }
}

const shortened = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

function remembered(known: Map<string, CompiledHog>, text: string, make: () => CompiledHog): CompiledHog {
  const found = known.get(text);
  if (found) return found;
  const made = make();
  if (known.size > 10_000) known.clear();
  known.set(text, made);
  return made;
}
