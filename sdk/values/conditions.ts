// Conditions as values: one method per operator of PostHog, so that completion lists them and each takes its own values (run time §5.4). A condition
// carries where it reads, because not every place can test everything (API §3.4).
import type * as pulumi from "@pulumi/pulumi";
import type { Dict } from "../../definition/canonical/values";
import type { PropertyFilter } from "../../definition/schema/types";
import { REFERENCE_AS_TEXT } from "../../definition/schema/as-text";
import { readsAs } from "./as-text";
import { Reference, type ReferenceData } from "./references";

/** What the compiler says to a relative date of a person or group outside of an audience. */
type OnlyInAudience =
  "a relative date works only in the audience of on.batch; elsewhere PostHog would fix it when the flow is saved: write hogql(…) with now()";
/** What the compiler says to any other relative date. */
type Nowhere = "PostHog would fix a relative date when the flow is saved: write hogql(…) with now()";

declare const scope: unique symbol;

/** What a condition reads. */
export type Scope = "person" | "event" | "group" | "variable" | "hogql" | "cohort";

/** A test of one property. */
export interface Condition<S extends Scope | OnlyInAudience | Nowhere = Scope> {
  readonly [scope]: S;
}

/** A condition of a running flow: in `when`, a wait, or `filters` of a step. Cohorts can only be tested in the audience of `on.batch`. */
export type LiveCondition = Condition<"person" | "event" | "group" | "variable" | "hogql">;
/** A condition on the signal that starts a flow, or on an event that is waited for: no variable has a value there. */
export type SignalCondition = Condition<"person" | "event" | "group" | "hogql">;
/** A condition on the audience of `on.batch`: there is no event. */
export type AudienceCondition = Condition<"person" | "group" | "cohort" | "hogql" | OnlyInAudience>;

const MARK = Symbol.for("pulumi-hogflow.condition");

export interface ConditionData {
  scope: Scope;
  /** The property test in keyed form; its value may be an output. */
  filter: Dict;
}

export const conditionOf = (value: unknown): ConditionData | undefined =>
  typeof value === "object" && value !== null ? (value as { [MARK]?: ConditionData })[MARK] : undefined;

function condition<S extends Scope>(data: ConditionData & { scope: S }): Condition<S> {
  return Object.freeze(readsAs({ [MARK]: data }, REFERENCE_AS_TEXT)) as object as Condition<S>;
}

type Scalar = string | number | boolean;
/** Values of the property's own type, or outputs of them. */
type In<V> = pulumi.Input<V extends boolean ? boolean : V>;
type Numeric = pulumi.Input<number>;
/** A date, or a date and a time, such as `2026-06-01` or `2026-06-01T09:00:00Z`; without a zone it is UTC. */
export type DateText = `${number}-${number}-${number}${string}`;
/** A number of hours, days, weeks, months or years before now, such as `-30d`. Only for the audience of `on.batch`. */
export type RelativeDate = `-${number}${"h" | "d" | "w" | "m" | "y"}`;
type DateInput = DateText | pulumi.OutputInstance<string> | Promise<string>;
type Dated<D, S extends Scope> = D extends RelativeDate ? (S extends "person" | "group" ? OnlyInAudience : Nowhere) : S;
type Version = pulumi.Input<string>;

/** The operators of a property, for the compiler: it prints them in its message about one that does not exist. */
export type Operators =
  "operators: is, isNot, contains, doesNotContain, matches, doesNotMatch, gt, gte, lt, lte, between, notBetween, isSet, isNotSet, before, after, isDate, isVersion, isNotVersion, afterVersion, fromVersion, beforeVersion, upToVersion";
const OPERATORS: Operators =
  "operators: is, isNot, contains, doesNotContain, matches, doesNotMatch, gt, gte, lt, lte, between, notBetween, isSet, isNotSet, before, after, isDate, isVersion, isNotVersion, afterVersion, fromVersion, beforeVersion, upToVersion";
declare const operators: unique symbol;

/**
 * A property. In a text it is its value; its methods create conditions.
 *
 * A missing property has no value: it equals nothing, is never "one of", and in `gt`, `gte`, `lt`, `lte` and `between` **counts as 0**,
 * so `person("age").lt(18)` matches everybody with an unknown age. Add `.isSet()` if that matters.
 *
 * @example
 * ```ts
 * when([person("age").isSet(), person("age").lt(18)], [exit("too_young")])
 * ```
 */
export class Property<
  V extends Scalar = Scalar,
  S extends Scope = Scope,
  Help extends string = Operators,
> extends Reference {
  /** Only for the compiler. @internal */
  declare readonly [operators]?: Help;

  constructor(
    data: ReferenceData,
    private readonly where: Dict,
    private readonly scope: S,
  ) {
    super(data);
  }

  /** Equal to one of these. One value is compared loosely (`5` and `"5"` are the same); of several, each keeps its type and case. */
  is(...values: readonly [In<V>, ...In<V>[]]): Condition<S> {
    return this.test("exact", values.map(editorsBoolean));
  }

  /** Equal to none of these; also matches if the property is missing. */
  isNot(...values: readonly [In<V>, ...In<V>[]]): Condition<S> {
    return this.test("is_not", values.map(editorsBoolean));
  }

  /** Contains one of these texts, in any case. In a single text, `%` and `_` are wildcards. */
  contains(...texts: readonly [pulumi.Input<string>, ...pulumi.Input<string>[]]): Condition<S> {
    return this.test("icontains", oneOrMany(texts));
  }

  /** Contains none of these texts, in any case. */
  doesNotContain(...texts: readonly [pulumi.Input<string>, ...pulumi.Input<string>[]]): Condition<S> {
    return this.test("not_icontains", oneOrMany(texts));
  }

  /** Matches a regular expression (RE2) anywhere; case counts. An empty text matches nothing. */
  matches(pattern: pulumi.Input<string>): Condition<S> {
    return this.test("regex", pattern);
  }

  /** Does not match a regular expression (RE2); an empty text does not match. */
  doesNotMatch(pattern: pulumi.Input<string>): Condition<S> {
    return this.test("not_regex", pattern);
  }

  /** Greater than. A missing property counts as 0. */
  gt(value: Numeric): Condition<S> {
    return this.test("gt", value);
  }

  /** Greater than or equal to. A missing property counts as 0, so `gte(0)` matches it. */
  gte(value: Numeric): Condition<S> {
    return this.test("gte", value);
  }

  /** Less than. A missing property counts as 0, so `lt(5)` matches it. */
  lt(value: Numeric): Condition<S> {
    return this.test("lt", value);
  }

  /** Less than or equal to. A missing property counts as 0. */
  lte(value: Numeric): Condition<S> {
    return this.test("lte", value);
  }

  /** From the first to the second, both included. A missing property counts as 0. */
  between(from: Numeric, to: Numeric): Condition<S> {
    return this.test("between", [from, to]);
  }

  /** Below the first or above the second. A missing property counts as 0. */
  notBetween(from: Numeric, to: Numeric): Condition<S> {
    return this.test("not_between", [from, to]);
  }

  /** Has a value: an empty text, 0 and false are values. */
  isSet(): Condition<S> {
    return this.test("is_set");
  }

  /** Has no value. */
  isNotSet(): Condition<S> {
    return this.test("is_not_set");
  }

  /**
   * A moment before this one. In the audience of `on.batch`, the date may be relative: `-30d` is 30 days before each run. Elsewhere PostHog would replace it
   * with a fixed one when the flow is saved, so it does not compile: write an expression, such as
   * ``hogql("dateDiff('day', toDateTime(person.properties.last_seen), now()) > 30")``.
   *
   * @example
   * ```ts
   * on.batch(person("last_seen").before("-30d"))
   * ```
   */
  before<const D extends DateInput | RelativeDate>(date: D): Condition<Dated<D, S>> {
    return this.test("is_date_before", date) as Condition<never>;
  }

  /** A moment after this one. Relative only in the audience of `on.batch`; see {@link Property.before}. */
  after<const D extends DateInput | RelativeDate>(date: D): Condition<Dated<D, S>> {
    return this.test("is_date_after", date) as Condition<never>;
  }

  /** The very same moment: a date without a time is midnight UTC. */
  isDate(date: DateInput): Condition<S> {
    return this.test("is_date_exact", date);
  }

  /** The same version, by the order of semantic versions. */
  isVersion(version: Version): Condition<S> {
    return this.test("semver_eq", version);
  }

  /** Another version. */
  isNotVersion(version: Version): Condition<S> {
    return this.test("semver_neq", version);
  }

  /** A later version. */
  afterVersion(version: Version): Condition<S> {
    return this.test("semver_gt", version);
  }

  /** This version or a later one. */
  fromVersion(version: Version): Condition<S> {
    return this.test("semver_gte", version);
  }

  /** An earlier version. */
  beforeVersion(version: Version): Condition<S> {
    return this.test("semver_lt", version);
  }

  /** This version or an earlier one. */
  upToVersion(version: Version): Condition<S> {
    return this.test("semver_lte", version);
  }

  private test(operator: string, value?: unknown): Condition<S> {
    return condition({
      scope: this.scope,
      filter: { key: this.data.key, ...(value === undefined ? {} : { value }), operator, ...this.where },
    });
  }
}

/** What other libraries call the operators, and what they are called here: for programs that nobody type-checks. */
const MISNAMED: Readonly<Record<string, string>> = {
  equals: "is",
  equal: "is",
  eq: "is",
  exact: "is",
  in: "is",
  oneOf: "is",
  notEquals: "isNot",
  ne: "isNot",
  neq: "isNot",
  not: "isNot",
  notIn: "isNot",
  includes: "contains",
  icontains: "contains",
  notContains: "doesNotContain",
  startsWith: "matches",
  endsWith: "matches",
  regex: "matches",
  greaterThan: "gt",
  lessThan: "lt",
  exists: "isSet",
  isNull: "isNotSet",
  isEmpty: "isNotSet",
  isBefore: "before",
  isAfter: "after",
};

for (const [name, right] of Object.entries(MISNAMED))
  Object.defineProperty(Reference.prototype, name, {
    value(this: Reference): never {
      throw new TypeError(
        `A property has no operator \`${name}\`: ${this.data.root} ${JSON.stringify(this.data.key)}. Write .${right}(…). All ${OPERATORS}`,
      );
    },
  });

/** The editor writes booleans as text in lists, and the server reads them as booleans (run time §5.4). */
const editorsBoolean = (value: unknown): unknown => (typeof value === "boolean" ? String(value) : value);

const oneOrMany = (texts: readonly unknown[]): unknown => (texts.length === 1 ? texts[0] : texts);

/**
 * Members of a cohort. Only in the audience of `on.batch`.
 *
 * @param id The cohort's number, from its address in PostHog.
 * @example
 * ```ts
 * on.batch([person("email").isSet(), cohort(42)])
 * ```
 */
export function cohort(id: pulumi.Input<number>): Condition<"cohort"> {
  return condition({ scope: "cohort", filter: { key: "id", value: id, operator: "in", type: "cohort" } });
}

/**
 * A HogQL expression that must be true, for what no operator says. Paths are those of filters: `properties.x` is the event's, `person.properties.x` the
 * person's.
 *
 * @example
 * ```ts
 * when(hogql("person.properties.seats > properties.used"), [email("upgrade", { from: team, subject: "Full house", text: "…" })])
 * ```
 */
export function hogql(expression: pulumi.Input<string>): Condition<"hogql"> {
  return condition({ scope: "hogql", filter: { key: expression, type: "hogql" } });
}

/** Scopes by the API's types of properties; the metadata and elements of an event are read with it. */
const SCOPES: Readonly<Record<string, Scope>> = {
  person: "person",
  event: "event",
  event_metadata: "event",
  element: "event",
  group: "group",
  hogql: "hogql",
  cohort: "cohort",
  workflow_variable: "variable",
};

/**
 * A test of a property as the API has it, for what no method says: an operator that has none, or the exact text that PostHog's editor wrote,
 * with what it keeps beside it for itself.
 *
 * @param filter With the API's names in camelCase. Where it is allowed depends on its `type`, which preview checks.
 * @example
 * ```ts
 * when(propertyFilter({ key: "app_version", type: "person", operator: "semver_tilde", value: "1.2" }), [exit("has_update")])
 * ```
 */
export function propertyFilter(filter: PropertyFilter & { readonly [member: string]: unknown }): Condition<never> {
  return condition({ scope: SCOPES[String(filter.type)] ?? "event", filter: { ...filter } }) as Condition<never>;
}
