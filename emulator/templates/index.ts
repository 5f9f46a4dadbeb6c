/** The templates behind function steps and triggers: PostHog's, and those that whoever starts the emulator adds. */
import { isObject, type JsonObject } from "../json";
import { BASIC } from "./basic";
import { DESTINATIONS } from "./destinations";
import { POSTHOG } from "./posthog";
import { expanded, type InputSchema, type Template } from "./schema";

export type { InputSchema, InputType, Template } from "./schema";

const KNOWN: ReadonlyMap<string, Template> = new Map(
  [...BASIC, ...POSTHOG, ...DESTINATIONS].map((short) => [short.id, expanded(short)]),
);

/** The templates of an emulator. */
export class Templates {
  private readonly added: ReadonlyMap<string, Template>;

  constructor(added: readonly Template[] = []) {
    this.added = new Map(added.map((template) => [template.id, template]));
  }

  find(id: unknown): Template | undefined {
    return typeof id === "string" ? (this.added.get(id) ?? KNOWN.get(id)) : undefined;
  }
}

/** A template that every emulator has. */
export const findTemplate = (id: unknown): Template | undefined => (typeof id === "string" ? KNOWN.get(id) : undefined);

/** Ids of the templates that every emulator has. */
export const templateIds = (): string[] => [...KNOWN.keys()];

/**
 * The templates in a JSON value: a list of them as PostHog returns them, one of them, or a list of `{ template }`, in which other things about a
 * template may stand beside it.
 *
 * @throws Error that says which entry is no template.
 */
export function templatesIn(content: unknown): Template[] {
  const list: unknown[] = Array.isArray(content)
    ? content
    : isObject(content) && Array.isArray(content.results)
      ? content.results
      : [content];
  return list.map((entry, i) => {
    const template: unknown = isObject(entry) && isObject(entry.template) ? entry.template : entry;
    if (
      !isObject(template) ||
      typeof template.id !== "string" ||
      !Array.isArray(template.inputs_schema) ||
      !template.inputs_schema.every(isInput)
    ) {
      throw new Error(
        `entry ${i} is no template: it needs an "id" and a list "inputs_schema" whose entries have "key" and "type"`,
      );
    }
    return {
      ...template,
      name: String(template.name ?? template.id),
      type: String(template.type ?? "destination"),
    } as Template;
  });
}

const isInput = (input: unknown): input is InputSchema & JsonObject =>
  isObject(input) && typeof input.key === "string" && typeof input.type === "string";
