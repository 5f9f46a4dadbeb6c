/** The inputs of a step, rendered: each text by its templating, inputs that others refer to first (run time §6). */
import { createHash } from "node:crypto";
import { Liquid } from "liquidjs";
import { bytecodeOf } from "../hog/emit";
import type { HogReader } from "../hog/parser";
import { runCode } from "../hog/run";
import { isFalsy, isObject, type JsonObject } from "../json";
import type { Template } from "../templates";
import { isCompiled } from "../serializers/inputs";

export interface RenderWorld {
  hog: HogReader;
  globals: JsonObject;
  now: number;
  siteUrl: string;
}

const LIMITS = { parseLimit: 100_000, renderLimit: 500, memoryLimit: 1_000_000 };
const UNAVAILABLE_FILTERS = ["where_exp", "find_exp", "find_index_exp", "reject_exp", "group_by_exp"];

/** Templates come from memory only, so that none reads a file. */
const liquid = new Liquid({ outputEscape: "escape", templates: {}, ...LIMITS });
for (const name of UNAVAILABLE_FILTERS) delete liquid.filters[name];

/** The mail editor writes entities into tags; the order matters, `&amp;` is the last. */
const ENTITIES: readonly [RegExp, string][] = [
  [/&lt;/g, "<"],
  [/&gt;/g, ">"],
  [/&quot;/g, '"'],
  [/&#x27;/g, "'"],
  [/&amp;/g, "&"],
];
const TAGS = /\{\{(.*?)\}\}|\{%(.*?)%\}/g;

function renderLiquid(value: unknown, globals: JsonObject, now: number): unknown {
  if (typeof value === "string") {
    const source = value.replace(TAGS, (tag) =>
      ENTITIES.reduce((text, [entity, char]) => text.replace(entity, char), tag),
    );
    const rendered: string = liquid.parseAndRenderSync(source, { ...globals, now: new Date(now) }) as string;
    if (rendered.length > LIMITS.memoryLimit) throw new Error("The rendered text is too long");
    return rendered;
  }
  return mapped(value, (each) => renderLiquid(each, globals, now));
}

function renderHog(value: unknown, world: RenderWorld): unknown {
  if (typeof value === "string")
    return runCode(bytecodeOf(world.hog.template(value)), { globals: world.globals, now: world.now });
  return mapped(value, (each) => renderHog(each, world));
}

function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each)]));
  return value;
}

/** Renders inputs; each sees those before it, as `inputs`. */
export function renderInputs(template: Template, inputs: JsonObject, world: RenderWorld): JsonObject {
  const globals: JsonObject = { ...world.globals, inputs: {} };
  const inside = { ...world, globals };
  const render = (key: string, input: JsonObject): unknown => {
    const schema = template.inputs_schema.find((each) => each.key === key);
    if (schema?.type === "integration") return integration(input.value);
    if (schema?.type === "integration_multi") return [input.value].flat().map(integration);
    const templating: unknown = input.templating ?? "hog";
    if (templating === "liquid") return renderLiquid(input.value, globals, world.now);
    const compiled = schema && isCompiled(schema.type) && schema.templating !== false && !isFalsy(input.value);
    return compiled ? renderHog(input.value, inside) : input.value;
  };
  const email = template.inputs_schema.find(({ type }) => type === "native_email")?.key;
  if (email !== undefined && isObject(inputs[email])) {
    const recipient = recipientOf(render(email, inputs[email]));
    if (recipient !== undefined) Object.assign(globals, unsubscribeUrls(world.siteUrl, recipient));
  }
  const order = (input: unknown): number => (isObject(input) && typeof input.order === "number" ? input.order : -1);
  const sorted = Object.entries(inputs).sort(([, a], [, b]) => order(a) - order(b));
  for (const [key, input] of sorted) if (isObject(input)) globals.inputs[key] = render(key, input);
  return globals.inputs as JsonObject;
}

function recipientOf(email: unknown): string | undefined {
  const to: unknown = isObject(email) && isObject(email.to) ? email.to.email : undefined;
  return typeof to === "string" && to !== "" ? to : undefined;
}

function unsubscribeUrls(siteUrl: string, recipient: string): JsonObject {
  const token = createHash("sha256").update(recipient).digest("hex").slice(0, 32);
  const url = `${siteUrl}/messaging-preferences/${token}/`;
  return { unsubscribe_url: url, unsubscribe_url_one_click: `${url}?one_click_unsubscribe=1` };
}

/** What a program gets for the id of an integration. The emulator has no integrations: every id is one, and its key a placeholder. */
function integration(value: unknown): JsonObject {
  const id: unknown = isObject(value) && "integrationId" in value ? value.integrationId : value;
  const key = `$$_access_token_placeholder_${String(id)}`;
  return { $integration_id: id, access_token: key, account_sid: `AC${String(id)}`, auth_token: key };
}
