// The variables of a flow, declared once and referred to as values: a misspelt one does not compile.
import type * as pulumi from "@pulumi/pulumi";
import type { Variable } from "../../definition/schema/types";
import { REFERENCE_AS_TEXT } from "../../definition/schema/as-text";
import type { Leaves } from "../inputs";
import { readsAs } from "./as-text";
import { Property, type Operators } from "./conditions";

type Kind = "string" | "number" | "boolean" | "dictionary";
type ValueOfKind<T> = T extends "number" ? number : T extends "boolean" ? boolean : string;

/** How a variable is declared: its type, or its type with a default and a label. */
export type VariableSpec =
  Kind | { type: Kind; label?: pulumi.Input<string>; default?: pulumi.Input<string | number | boolean> };
type KindOf<D> = D extends { type: infer T } ? T : D;

declare const ref: unique symbol;
/** A variable that receives the result of a step. */
export interface OutputRef {
  readonly [ref]: true;
}

const OUTPUT = Symbol.for("pulumi-hogflow.output-variable");
const DECLARED = Symbol.for("pulumi-hogflow.variables");

/**
 * A variable. In a text it is its value; its methods create conditions. PostHog stores every value as text.
 *
 * @example
 * ```ts
 * when(vars.score.gte(9), [email("thanks", { from: team, subject: "Thank you!", html: liquid`<p>${vars.coupon} is yours.</p>` })])
 * ```
 */
export class VariableRef<
  V extends string | number | boolean = string | number | boolean,
  Help extends string = Operators,
> extends Property<V, "variable", Help> {
  constructor(private readonly key: string) {
    super({ root: "variable", key }, { type: "workflow_variable" }, "variable");
  }

  /**
   * Receives the result of a step, or the value at a path in it.
   *
   * @param resultPath Dotted path into the result, such as `body.score`; of a webhook the result has `status` and `body`. Default: the whole result.
   * @param options `spread` stores each member of a map as `<variable>_<member>` instead.
   * @example
   * ```ts
   * webhook("rate", { url: "https://nps.example.com/score", outputVariable: vars.score.from("body.score") })
   * ```
   */
  from(resultPath?: pulumi.Input<string>, options: { spread?: boolean } = {}): OutputRef {
    const data = {
      key: this.key,
      ...(resultPath === undefined ? {} : { resultPath }),
      ...(options.spread === true ? { spread: true } : {}),
    };
    return Object.freeze(readsAs({ [OUTPUT]: data }, REFERENCE_AS_TEXT)) as object as OutputRef;
  }
}

export const outputRefOf = (value: unknown): Record<string, unknown> | undefined => {
  if (value instanceof VariableRef) return outputRefOf(value.from());
  return typeof value === "object" && value !== null
    ? (value as { [OUTPUT]?: Record<string, unknown> })[OUTPUT]
    : undefined;
};

/** The variables of a flow, by key. */
export type Variables<D extends Record<string, VariableSpec> = Record<string, VariableSpec>> = {
  readonly [K in keyof D & string]: VariableRef<ValueOfKind<KindOf<D[K]>>>;
};

/**
 * Declares the variables of a flow: give the result as `variables` of the flow, and use its members in texts and conditions.
 *
 * Together they can have 5,120 bytes. A run that an event starts treats an empty default as no value.
 *
 * @param declared By key: `"string"`, `"number"`, `"boolean"` or `"dictionary"`, or an object with `type`, `default` and `label`.
 * @example
 * ```ts
 * const vars = variables({ score: "number", coupon: { type: "string", default: "THANKS10" } });
 * ```
 */
export function variables<const D extends Record<string, VariableSpec>>(declared: D): Variables<D> {
  const refs: Record<string, unknown> = Object.fromEntries(
    Object.keys(declared).map((key) => [key, new VariableRef(key)]),
  );
  Object.defineProperty(refs, DECLARED, { value: declared });
  return Object.freeze(refs) as object as Variables<D>;
}

const declaredIn = (value: unknown): Record<string, VariableSpec> | undefined =>
  typeof value === "object" && value !== null
    ? (value as { [DECLARED]?: Record<string, VariableSpec> })[DECLARED]
    : undefined;

export const isVariables = (value: unknown): value is Variables => declaredIn(value) !== undefined;

/** What is declared, in keyed form. Plain declarations, as the keyed form takes them, are kept. */
export function keyedVariables(value: unknown): Record<string, Leaves<Variable>> | undefined {
  const declared = declaredIn(value);
  if (declared === undefined) return value as Record<string, Leaves<Variable>> | undefined;
  return Object.fromEntries(
    Object.entries(declared).map(([key, spec]) => [key, typeof spec === "string" ? { type: spec } : { ...spec }]),
  ) as Record<string, Leaves<Variable>>;
}

/**
 * Values for the variables of a flow, for one of its schedules; they win over the defaults.
 *
 * @example
 * ```ts
 * new HogFlowSchedule("digest-mondays", { flow: digest, rrule: weekly("monday", "08:00"), startsAt: "2026-12-07T08:00:00", timezone: "Europe/Berlin", variables: values(vars, { recipients: "all@example.com" }) });
 * ```
 */
export function values<D extends Record<string, VariableRef<any>>>(
  _declared: D,
  given: { [K in keyof D]?: pulumi.Input<D[K] extends VariableRef<infer V> ? V : never> },
): Record<string, pulumi.Input<string | number | boolean>> {
  return { ...given } as Record<string, pulumi.Input<string | number | boolean>>;
}
