// Properties by where they live.
import { Property } from "./conditions";
import type { EventProperties, KeyIn, PersonProperties, ValueOf } from "./registry";

/**
 * A property of the run's person. In a text it is its value; its methods create conditions.
 *
 * Conditions see the person of the moment at which they are tested. Runs of `on.schedule`, of warehouse rows and of Slack and GitHub
 * events have no person.
 *
 * @param key Name of the property, as in PostHog.
 * @example
 * ```ts
 * when(person("plan").is("pro", "enterprise"), [exit("already_paying")])
 * ```
 * @example
 * ```ts
 * liquid`Welcome, ${person("first_name").or("there")}`
 * ```
 */
export function person<const K extends KeyIn<PersonProperties>>(
  key: K,
): Property<ValueOf<PersonProperties, K>, "person"> {
  return new Property({ root: "person", key }, { type: "person" }, "person");
}

/**
 * A property of the event that started the run. While somebody waits, conditions on event properties are tested against each later event instead.
 *
 * @param key Name of the property, as in PostHog.
 * @example
 * ```ts
 * on.event("cart updated", { where: eventProperty("items").gt(0) })
 * ```
 */
export function eventProperty<const K extends KeyIn<EventProperties>>(
  key: K,
): Property<ValueOf<EventProperties, K>, "event"> {
  return new Property({ root: "event", key }, { type: "event" }, "event");
}

/**
 * A property of a group that the trigger event belongs to.
 *
 * @param type Index of the group type, 0 to 4. In a text, which reads groups by name, give `{ index, name }` with the name of the type.
 * @param key Name of the property.
 * @example
 * ```ts
 * when(group(0, "seats").gte(50), [webhook("tell_sales", { url: "https://crm.example.com/leads" })])
 * ```
 * @example
 * ```ts
 * hog`${group({ index: 0, name: "company" }, "name")} has outgrown its plan`
 * ```
 */
export function group(
  type: 0 | 1 | 2 | 3 | 4 | { index: 0 | 1 | 2 | 3 | 4; name: string },
  key: string,
): Property<string | number | boolean, "group"> {
  const index = typeof type === "number" ? type : type.index;
  const name = typeof type === "number" ? undefined : type.name;
  return new Property(
    { root: "group", key, group: index, ...(name === undefined ? {} : { groupName: name }) },
    { type: "group", groupTypeIndex: index },
    "group",
  );
}
