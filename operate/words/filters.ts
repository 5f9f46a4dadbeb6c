// Filters, conditions and audiences in plain English (API §3.4, run time §5.1).
import { isDict, isUnknown, type Dict } from "../../definition/canonical/values";
import { table } from "../../definition/schema/table";
import { operatorWords } from "./operators";
import { LATER, listWords, valueWords } from "./values";
import { SECRET } from "../../definition/canonical/secrets";

const items = (value: unknown): Dict[] => (Array.isArray(value) ? value.filter(isDict) : []);

/** What the property belongs to, by the `type` of the test (run time §5.2). */
const OWNERS: Readonly<Record<string, (key: string, property: Dict) => string>> = table({
  person: (key) => `the person's ${key}`,
  event: (key) => `the event's ${key}`,
  event_metadata: (key) => `the event's ${key}`,
  group: (key, property) =>
    `the group's ${key}${typeof property["groupTypeIndex"] === "number" ? ` (group type ${property["groupTypeIndex"]})` : ""}`,
  workflow_variable: (key) => `the variable ${key}`,
  element: (key) => `the clicked element's ${key}`,
  feature: (key) => key,
  flag: (key) => key,
  session: (key) => `the session's ${key}`,
  account_property: (key) => `the account's ${key}`,
  data_warehouse: (key) => `the row's ${key}`,
});

/**
 * One test of a property: `the person's plan is "pro"`.
 *
 * @example
 * ```ts
 * propertyWords({ key: "plan", value: ["pro"], operator: "exact", type: "person" }); // the person's plan is "pro"
 * ```
 */
export function propertyWords(property: unknown): string {
  if (!isDict(property)) return valueWords(property);
  const { key, type, operator, value } = property;
  const name = isUnknown(key) ? `(${LATER})` : String(key);
  if (type === "cohort")
    return `the person is ${operator === "not_in" || property["negation"] === true ? "not " : ""}in cohort ${valueWords(value)}`;
  if (type === "hogql") return `the expression \`${name}\` is true`;
  const owner = OWNERS[typeof type === "string" ? type : ""];
  return operatorWords(operator, owner ? owner(name, property) : name, value);
}

function propertiesWords(value: unknown): string | undefined {
  if (typeof value === "string") return isUnknown(value) ? `(${LATER})` : value;
  const tests = items(value).map(propertyWords);
  return tests.length === 0 ? undefined : listWords(tests, "and");
}

/** One event, with its own tests. */
function eventWords(item: Dict, kind: "event" | "action"): string {
  const id = item["id"];
  const name =
    id === null || id === undefined
      ? "any event"
      : kind === "action"
        ? `the action ${valueWords(item["name"] ?? id)}`
        : valueWords(id);
  const tests = propertiesWords(item["properties"]);
  return tests === undefined ? name : `${name} where ${tests}`;
}

/**
 * Compiled filters in words, or undefined when they let everything through.
 *
 * @example
 * ```ts
 * filtersWords({ events: [{ id: "order completed" }], filterTestAccounts: true }); // "order completed", without test accounts
 * ```
 */
export function filtersWords(filters: unknown): string | undefined {
  if (isUnknown(filters)) return `(${LATER})`;
  if (filters === SECRET) return SECRET;
  if (!isDict(filters)) return undefined;
  const occurrences = [
    ...items(filters["events"]).map((item) => eventWords(item, "event")),
    ...items(filters["actions"]).map((item) => eventWords(item, "action")),
  ];
  const tests = propertiesWords(filters["properties"]);
  const parts = [
    ...(occurrences.length > 0 ? [listWords(occurrences, "or")] : []),
    ...(tests === undefined ? [] : [occurrences.length > 0 ? `if ${tests}` : tests]),
  ];
  const text = parts.join(", ");
  if (filters["filterTestAccounts"] !== true) return text === "" ? undefined : text;
  return text === "" ? "everyone but test accounts" : `${text}, without test accounts`;
}

const bare = (text: string): string => text.replace(/"/g, "").trim().toLowerCase();

/** A labelled condition: its label first, where it has one. */
export function conditionWords(condition: unknown): string {
  if (!isDict(condition)) return valueWords(condition);
  const name = typeof condition["name"] === "string" && condition["name"] !== "" ? condition["name"] : undefined;
  const filters = filtersWords(condition["filters"]);
  if (name === undefined) return filters ?? "always";
  // A label that only repeats the condition is none.
  if (filters === undefined || bare(filters) === bare(name)) return filters ?? `"${name}"`;
  return `"${name}": ${filters}`;
}

/**
 * Who a batch flow runs for.
 *
 * @example
 * ```ts
 * audienceWords({ properties: [{ key: "plan", value: ["trial"], operator: "exact", type: "person" }] }); // everyone where the person's plan is "trial"
 * ```
 */
export function audienceWords(filters: unknown): string {
  if (isUnknown(filters)) return `(${LATER})`;
  if (filters === SECRET) return SECRET;
  if (!isDict(filters)) return "everyone";
  const audience = filters["audienceType"] ?? filters["audience_type"];
  const accounts = audience === "accounts";
  const tests = propertiesWords(filters["properties"]);
  const tags = filters["tagNames"] ?? filters["tag_names"];
  const assignment = filters["assignmentStatus"] ?? filters["assignment_status"];
  const owners = filters["assignedToUserIds"] ?? filters["assigned_to_user_ids"];
  const more = [
    ...(tests === undefined ? [] : [tests]),
    ...(Array.isArray(tags) && tags.length > 0 ? [`a tag is ${valueWords(tags)}`] : []),
    ...(assignment === "assigned" ? ["somebody owns it"] : assignment === "unassigned" ? ["nobody owns it"] : []),
    ...(Array.isArray(owners) && owners.length > 0 ? [`the owner is user ${valueWords(owners)}`] : []),
  ];
  const everyone = accounts ? "every account" : "everyone";
  const text = more.length === 0 ? everyone : `${everyone} where ${listWords(more, "and")}`;
  const test = filters["filterTestAccounts"] ?? filters["filter_test_accounts"];
  return test === true ? `${text}, without test accounts` : text;
}
