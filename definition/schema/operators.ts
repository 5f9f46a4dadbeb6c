// Operators and kinds of property tests (API §3.4, run time §5.4).

export const OPERATORS: readonly string[] = [
  "exact",
  "is_not",
  "in",
  "not_in",
  "icontains",
  "not_icontains",
  "icontains_multi",
  "not_icontains_multi",
  "regex",
  "not_regex",
  "gt",
  "gte",
  "lt",
  "lte",
  "min",
  "max",
  "between",
  "not_between",
  "is_set",
  "is_not_set",
  "is_date_exact",
  "is_date_before",
  "is_date_after",
  "is_cleaned_path_exact",
  "flag_evaluates_to",
  "semver_eq",
  "semver_neq",
  "semver_gt",
  "semver_gte",
  "semver_lt",
  "semver_lte",
  "semver_tilde",
  "semver_caret",
  "semver_wildcard",
];
/** Operators that take no value. */
export const WITHOUT_VALUE: ReadonlySet<string> = new Set(["is_set", "is_not_set"]);
export const DATE_OPERATORS: ReadonlySet<string> = new Set(["is_date_exact", "is_date_before", "is_date_after"]);
/** Dates and moments that they read, in parts: year, month, day, hour, minute, second, fraction, zone. Whether the day exists is another matter. */
export const DATE_TEXT = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/;
/** Relative dates, which a save replaces by fixed ones. */
export const RELATIVE_DATE = /^-\d+[hdwmqyM](?:Start|End)?$/;
/** Operators that read several values strictly: `5` is not in `["5"]`. */
export const LIST_OPERATORS: ReadonlySet<string> = new Set(["exact", "is_not", "in", "not_in"]);

export const PROPERTY_TYPES: readonly string[] = [
  "event",
  "person",
  "group",
  "event_metadata",
  "element",
  "cohort",
  "hogql",
  "workflow_variable",
];
