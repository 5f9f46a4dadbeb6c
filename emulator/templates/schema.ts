/** What a template says about its inputs, and the short form in which the templates of PostHog are written down here. */

/** Types with a check or a treatment of their own. Every other type takes any value and is never compiled. */
const CHECKED_TYPES = [
  "string",
  "boolean",
  "number",
  "choice",
  "dictionary",
  "json",
  "integration",
  "integration_field",
  "integration_multi",
  "native_email",
] as const;
export type InputType = (typeof CHECKED_TYPES)[number];

export interface InputSchema {
  key: string;
  /** An `InputType`, or a type of PostHog's editor that the server stores as it comes, such as `posthog_assignee`. */
  type: string;
  label: string;
  required?: boolean;
  secret?: boolean;
  default?: unknown;
  /** true: Hog; "liquid": liquid, whatever the client says; false: the value is no template; absent: the client chooses. */
  templating?: boolean | "liquid";
  choices?: { label: string; value: string }[];
  integration?: string;
}

export interface Template {
  id: string;
  name: string;
  type: string;
  inputs_schema: readonly InputSchema[];
}

/** A template in short form. */
export interface ShortTemplate {
  id: string;
  name: string;
  /** Default "destination". */
  type?: string;
  /**
   * Its inputs in the server's order, `key type marks`, with semicolons between them. Marks: `*` required, `!` secret, `liquid` always
   * Liquid, `plain` never a template.
   */
  inputs: string;
  defaults?: Record<string, unknown>;
  choices?: Record<string, readonly string[]>;
  /** By input: what an integration must be of. */
  integrations?: Record<string, string>;
}

const MARKS: Record<string, Partial<InputSchema>> = {
  "*": { required: true },
  "!": { secret: true },
  liquid: { templating: "liquid" },
  plain: { templating: false },
};

export function expanded({
  id,
  name,
  type = "destination",
  inputs,
  defaults = {},
  choices = {},
  integrations = {},
}: ShortTemplate): Template {
  const inputs_schema = inputs.split(";").map((input) => {
    const [key = "", kind = "", ...marks] = input.trim().split(/\s+/);
    const schema: InputSchema = { key, type: kind, label: label(key), required: false };
    for (const mark of marks) {
      if (!MARKS[mark]) throw new Error(`${id}: "${key}" has an unknown mark "${mark}"`);
      Object.assign(schema, MARKS[mark]);
    }
    if (key in defaults) schema.default = defaults[key];
    if (choices[key]) schema.choices = choices[key].map((value) => ({ label: value, value }));
    if (integrations[key]) schema.integration = integrations[key];
    return schema;
  });
  const stray = Object.keys({ ...defaults, ...choices, ...integrations }).find(
    (key) => !inputs_schema.some((input) => input.key === key),
  );
  if (stray !== undefined) throw new Error(`${id}: there is no input "${stray}"`);
  return { id, name, type, inputs_schema };
}

/** `set_once_properties` and `collapseKey` as words. */
function label(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/_/g, " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
