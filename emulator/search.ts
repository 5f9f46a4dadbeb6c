/** The text search of the list: names and descriptions first, and what the steps say only when none of those match. */
import { isObject, type JsonObject } from "./json";
import type { Content, Flow } from "./store";

export const SEARCH_MAX = 200;

const normal = (text: string) => text.toLowerCase();
const spaced = (text: string) =>
  normal(text)
    .replace(/[\s_-]+/g, " ")
    .trim();

function matches(text: unknown, wanted: string): boolean {
  if (typeof text !== "string" || text === "") return false;
  return normal(text).includes(normal(wanted)) || spaced(text).includes(spaced(wanted));
}

export function searchFlows(flows: Flow[], search: string): Flow[] {
  const wanted = search.trim();
  if (wanted === "") return flows;
  const named = flows.filter((flow) => matches(flow.name, wanted) || matches(flow.description, wanted));
  return named.length > 0 ? named : flows.filter((flow) => texts(flow).some((text) => matches(text, wanted)));
}

const texts = (flow: Flow): unknown[] => [...stepTexts(flow.content), ...(flow.draft ? stepTexts(flow.draft) : [])];

function stepTexts(content: Content): unknown[] {
  if (!Array.isArray(content.actions)) return [];
  return content.actions.filter(isObject).flatMap((step) => [step.name, ...emailTexts(step)]);
}

function emailTexts(step: JsonObject): unknown[] {
  const value = step.config?.inputs?.email?.value;
  if (!isObject(value)) return [];
  return [
    value.subject,
    value.preheader,
    value.text,
    typeof value.html === "string" ? readable(value.html) : undefined,
  ];
}

const ENTITIES: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": " ",
};

/** What a reader sees of an HTML body. No pattern looks at a text twice: a tag ends before the next one, and a style that is not closed goes to the end. */
function readable(html: string): string {
  return html
    .replace(/<(style|script)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi, " ")
    .replace(/<[^<>]*>/g, " ")
    .replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, " ");
}
