// The properties and events of a project, as far as a team has declared them. Empty as it ships: any key passes. A team declares its own once, by module
// augmentation, and from then on keys, values and event names are checked while they are written.

/**
 * Properties of persons and the types of their values.
 *
 * @example
 * ```ts
 * declare module "pulumi-hogflow" {
 *   interface PersonProperties { plan: "free" | "pro"; seats: number }
 *   interface EventProperties { items: number }
 *   interface Events { "user signed up": {}; "order completed": {} }
 * }
 * ```
 */
export interface PersonProperties {}

/** Properties of events and the types of their values; see {@link PersonProperties}. */
export interface EventProperties {}

/** Names of events; see {@link PersonProperties}. */
export interface Events {}

type Scalar = string | number | boolean;

/** The keys of a registry, or any text while it is empty. */
export type KeyIn<Registry> = [keyof Registry] extends [never] ? string : keyof Registry & string;
/** The value of a key, or any scalar where nobody declared it. */
export type ValueOf<Registry, K> = K extends keyof Registry
  ? Registry[K] extends Scalar
    ? Registry[K]
    : Scalar
  : Scalar;

/** The name of an event: one of {@link Events}, or any text while nothing is declared there. */
export type EventName = KeyIn<Events>;
