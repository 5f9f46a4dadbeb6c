// The templates behind function steps: which there are for a project, and what they take.
import { existsSync, readFileSync } from "node:fs";
import { PostHogApiError, type PostHogClient, type WireTemplate } from "../api";
import { OperateError } from "./errors";
import { writeGenerated } from "./write-file";
import { MESSAGE_TEMPLATES, TRIGGER_TEMPLATES } from "../definition/schema/templates";

/** Templates that every project has. */
const COMMON = [
  ...new Set([
    "template-webhook",
    "template-slack",
    ...Object.values(MESSAGE_TEMPLATES),
    ...Object.values(TRIGGER_TEMPLATES),
  ]),
];

/** A template, and the flows that have a step of it. */
export interface UsedTemplate {
  template: WireTemplate;
  /** Names of the flows with a step of this template. */
  usedBy: string[];
}

/**
 * The templates that PostHog's own steps use, and those that flows of the project use. PostHog lists templates to no API key, so one
 * that no flow uses yet is read by its id, with `getTemplate`.
 *
 * @example
 * const templates = await listTemplates(client);
 */
export async function listTemplates(client: PostHogClient): Promise<UsedTemplate[]> {
  const used = new Map<string, Set<string>>(COMMON.map((id) => [id, new Set()]));
  for (const flow of await client.allFlows()) {
    for (const { config } of flow.actions) {
      const id = config?.["template_id"];
      if (typeof id !== "string") continue;
      used.set(id, (used.get(id) ?? new Set()).add(flow.name || flow.id));
    }
  }
  const found = await Promise.all(
    [...used].map(async ([id, flows]) => ({ template: await findTemplate(client, id), usedBy: [...flows].sort() })),
  );
  return found
    .flatMap(({ template, usedBy }) => (template === undefined ? [] : [{ template, usedBy }]))
    .sort((a, b) => (a.template.id < b.template.id ? -1 : 1));
}

/** The template, or undefined where this PostHog does not have it. */
async function findTemplate(client: PostHogClient, id: string): Promise<WireTemplate | undefined> {
  try {
    return await client.getTemplate(id);
  } catch (error) {
    if (error instanceof PostHogApiError && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * Templates by id, or, without ids, all of `listTemplates`.
 *
 * @throws OperateError that names the ids that PostHog does not know.
 *
 * @example
 * const [slack] = await readTemplates(client, ["template-slack"]);
 */
export async function readTemplates(client: PostHogClient, ids: readonly string[]): Promise<WireTemplate[]> {
  if (ids.length === 0) return (await listTemplates(client)).map(({ template }) => template);
  const wanted = [...new Set(ids)].sort();
  const found = await Promise.all(wanted.map((id) => findTemplate(client, id)));
  const unknown = wanted.filter((_, i) => found[i] === undefined);
  if (unknown.length > 0)
    throw new OperateError({
      what: `PostHog has no template ${unknown.join(", and none ")}`,
      fix: "`hogflow templates list` shows those that flows of the project use; an id is a word such as template-webhook",
    });
  return found.filter((template) => template !== undefined);
}

/**
 * Writes templates as JSON, as PostHog returns them, by id: what `hogflow emulator --templates` and `startEmulator({ templates })` take. The same
 * templates give the same text.
 *
 * @returns "written", or "unchanged" where the file had that text.
 * @throws OperateError when the file is there and holds anything else than templates, unless `overwrite`.
 *
 * @example
 * writeTemplates("templates.json", await readTemplates(client, ["template-mailchimp"])); // "written"
 */
export function writeTemplates(
  file: string,
  templates: readonly WireTemplate[],
  { overwrite = false }: { overwrite?: boolean } = {},
): "written" | "unchanged" {
  if (!overwrite && existsSync(file) && !holdsTemplates(readFileSync(file, "utf8"))) {
    throw new OperateError({
      what: `${file} was not written`,
      why: "It exists and does not hold templates",
      fix: "Name another file, or overwrite it with --yes",
    });
  }
  return writeGenerated(file, `${JSON.stringify(templates, null, 2)}\n`, { overwrite: true });
}

/** Whether a text is a JSON list of nothing but templates. */
function holdsTemplates(text: string): boolean {
  try {
    const content: unknown = JSON.parse(text);
    return (
      Array.isArray(content) &&
      content.every(
        (entry: Partial<WireTemplate> | null) => typeof entry?.id === "string" && Array.isArray(entry.inputs_schema),
      )
    );
  } catch {
    return false;
  }
}
