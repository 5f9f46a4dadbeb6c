// What a text or a condition may refer to: properties of the person, of the trigger event and of groups, and the flow's variables. A reference is data,
// written differently at each place: a template says `event.properties.x`, a filter or an expression `properties.x` (run time §5.2, §6.3).
import type { Dict } from "../../definition/canonical/values";
import { REFERENCE_AS_TEXT } from "../../definition/schema/as-text";
import { readsAs } from "./as-text";

/** What a reference reads. */
type Root = "person" | "event" | "group" | "variable";

export interface ReferenceData {
  root: Root;
  key: string;
  /** Index of the group type. */
  group?: number;
  /** Name of the group type, which templates need. */
  groupName?: string;
  /** Used if the value is missing. */
  fallback?: string | number;
}

const MARK = Symbol.for("pulumi-hogflow.reference");

/**
 * A reference for use in a text: `liquid` or `hog`.
 *
 * @example
 * ```ts
 * slack("tell_sales", { slackWorkspace: 11, channel: "C0123456", text: hog`${person("name").or("Somebody")} signed up` })
 * ```
 */
export abstract class Reference {
  /** @internal */
  readonly data: ReferenceData;

  constructor(data: ReferenceData) {
    this.data = data;
    Object.defineProperty(this, MARK, { value: true });
    // Only a template can hold a reference: in a plain text nobody would replace it.
    readsAs(this, REFERENCE_AS_TEXT);
  }

  /**
   * Text that is used if the value is missing.
   *
   * @example
   * ```ts
   * liquid`Welcome, ${person("first_name").or("there")}`
   * ```
   */
  or(fallback: string | number): Reference {
    return new Plain({ ...this.data, fallback });
  }
}

class Plain extends Reference {}

export const isReference = (value: unknown): value is Reference =>
  typeof value === "object" && value !== null && (value as Dict & { [MARK]?: boolean })[MARK] === true;

const NAME = /^[A-Za-z_$][A-Za-z0-9_]*$/;
const member = (key: string, quote: (text: string) => string): string =>
  NAME.test(key) ? `.${key}` : `[${quote(key)}]`;

/** A text as Hog writes it. */
export const hogText = (text: string): string =>
  `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'").replace(/\n/g, "\\n").replace(/\r/g, "\\r")}'`;
/** Liquid has no escapes: a text takes the quotes that it does not hold. */
const liquidText = (text: string): string =>
  text.includes('"') && !text.includes("'") ? `'${text}'` : `"${text.replace(/"/g, "'")}"`;
const hogMember = (key: string): string => member(key, hogText);

/** Where a template is rendered: the trigger event is an object there, and groups go by their names. */
export function inTemplate(data: ReferenceData, language: "liquid" | "hog"): string {
  const quote = language === "liquid" ? liquidText : hogText;
  const path =
    data.root === "variable"
      ? `variables${member(data.key, quote)}`
      : data.root === "group"
        ? `groups${member(data.groupName ?? "", quote)}.properties${member(data.key, quote)}`
        : `${data.root}.properties${member(data.key, quote)}`;
  if (data.fallback === undefined) return path;
  const fallback = typeof data.fallback === "number" ? String(data.fallback) : quote(data.fallback);
  // In Liquid, `default` also takes the place of an empty text; `if` does the same in Hog, where an empty text is not null.
  return language === "liquid" ? `${path} | default: ${fallback}` : `if(empty(${path}), ${fallback}, ${path})`;
}

/** In a filter, or in an expression: the event's name is `event`, and its properties are at the top. */
export function inExpression(data: ReferenceData): string {
  const path =
    data.root === "variable"
      ? `variables${hogMember(data.key)}`
      : data.root === "group"
        ? `group_${data.group ?? 0}.properties${hogMember(data.key)}`
        : data.root === "person"
          ? `person.properties${hogMember(data.key)}`
          : `properties${hogMember(data.key)}`;
  return data.fallback === undefined
    ? path
    : `ifNull(${path}, ${typeof data.fallback === "number" ? data.fallback : hogText(data.fallback)})`;
}
