// Time zones: a closed list, so that a misspelt one does not compile, and a way past it for names that are newer than the list.
import type { ZoneName } from "./zone-names";

declare const zone: unique symbol;

/** A name of the IANA database, such as `Europe/Berlin`. */
export type TimeZone = ZoneName | (string & { readonly [zone]: true });

/**
 * A time zone that the list of this version does not have. It is checked in preview.
 *
 * @example
 * ```ts
 * timeWindow("daytime", { time: ["09:00", "21:00"], timezone: timeZone("Europe/Nowhere_Yet") })
 * ```
 */
export const timeZone = (name: string): TimeZone => name as TimeZone;
