// What of a live flow can only be PostHog's own doing, of all that differs from what we sent (API §2.3.1): computed from the templates that are known, and
// from what the answers of earlier writes have shown. Whatever else differs is somebody's edit, wherever it is. This is asked about every flow that was
// found by a look-up; only the answer to a write itself is taken as it comes.
import { createHash } from "node:crypto";
import { withoutAdditions, type Additions } from "../../definition/canonical/additions";
import { differences } from "../../definition/canonical/compare";
import { getAt, parsePath } from "../../definition/canonical/paths";
import { inputItems, isKeptSecret } from "../../definition/canonical/secrets";
import { stepTemplate } from "../../definition/canonical/step-template";
import { copy, isDict, own, put, same, stableText, type Dict } from "../../definition/canonical/values";
import { TEMPLATE_DEFAULTS } from "../../definition/schema/template-defaults";
import { TEMPLATE_INPUTS } from "../../definition/schema/template-inputs";

/** What a write showed earlier, and the content that it was a write of. */
export interface Shown {
  additions: Additions;
  content: Dict;
}

/** Whether live is what PostHog makes of this content. */
export const isWhatWeSent = (sent: Dict, live: Dict, shown?: Shown): boolean =>
  same(sent, withoutServerMade(sent, live, shown));

/** What differs between live and this content, apart from what PostHog made itself; `before` is what is live. */
export const realDifferences = (sent: Dict, live: Dict) => differences(withoutServerMade(sent, live), sent);

/** The live content without what PostHog made of ours. */
export function withoutServerMade(sent: Dict, live: Dict, shown?: Shown): Dict {
  const known = shown ? withoutAdditions(live, stillValid(sent, shown), sent).definition : live;
  const out = known === live ? copy(live) : known;
  for (const { id, key, item, inputs } of [...inputItems(out)]) {
    const ours = inputOf(sent, id, key);
    const template = templateOf(sent, id);
    if (ours === undefined) {
      // No write takes a stored secret away, so it is named in a warning, and is not a difference.
      if (isKeptSecret(item) || isDefault(template, key, item)) removeInput(out, { id, key, inputs, sent });
    } else if (isDict(item) && isLanguageOf(template, key, item["templating"])) {
      const { templating: _, ...rest } = item;
      put(inputs, key, {
        ...rest,
        ...(own(ours, "templating") === undefined ? {} : { templating: own(ours, "templating") }),
      });
    }
  }
  for (const { id, key, item } of inputItems(sent))
    if (isNoInput(templateOf(sent, id), key)) restoreInput(out, { id, key, item });
  return out;
}

/** What PostHog did with another value says nothing about the one that a program gives now. */
function stillValid(sent: Dict, { additions, content }: Shown): Additions {
  return Object.fromEntries(
    Object.entries(additions).filter(([text]) =>
      same(getAt(sent, parsePath(text) ?? []), getAt(content, parsePath(text) ?? [])),
    ),
  );
}

const configOf = (definition: Dict, id: string): unknown => own(own(definition["actions"], id), "config");
const inputOf = (definition: Dict, id: string, key: string): unknown =>
  own(own(configOf(definition, id), "inputs"), key);

const templateOf = (definition: Dict, id: string): string => String(stepTemplate(own(definition["actions"], id)));

/** Whether this is the input as PostHog fills it in, or as the worker acts without it. */
function isDefault(template: string, key: string, item: unknown): boolean {
  const values = own(TEMPLATE_DEFAULTS[template] ?? {}, key);
  if (
    !Array.isArray(values) ||
    !isDict(item) ||
    Object.keys(item).some((member) => member !== "value" && member !== "templating")
  )
    return false;
  const { templating } = item;
  return (
    values.some((value) => same(value, item["value"])) &&
    (templating === undefined || isLanguageOf(template, key, templating) || templating === "hog")
  );
}

/** Whether the template itself sets this language, whatever a client says. */
function isLanguageOf(template: string, key: string, templating: unknown): boolean {
  const language = own(TEMPLATE_INPUTS[template]?.inputs ?? {}, key);
  const setting = own(language, "language");
  return setting === "liquid"
    ? templating === "liquid"
    : setting === "unsure" && (templating === "liquid" || templating === "hog");
}

/** Whether PostHog drops the input, because the template does not have it. */
function isNoInput(template: string, key: string): boolean {
  const row = TEMPLATE_INPUTS[template];
  return row !== undefined && row.open !== true && !Object.hasOwn(row.inputs, key);
}

function removeInput(
  definition: Dict,
  { id, key, inputs, sent }: { id: string; key: string; inputs: Dict; sent: Dict },
): void {
  delete inputs[key];
  const config = configOf(definition, id);
  if (Object.keys(inputs).length === 0 && own(configOf(sent, id), "inputs") === undefined && isDict(config))
    delete config["inputs"];
}

function restoreInput(definition: Dict, { id, key, item }: { id: string; key: string; item: unknown }): void {
  const config = configOf(definition, id);
  if (!isDict(config)) return;
  if (!isDict(config["inputs"])) config["inputs"] = {};
  const inputs = config["inputs"] as Dict;
  if (!Object.hasOwn(inputs, key)) put(inputs, key, copy(item));
}

/** A hash of content that is the same for what was sent and for what PostHog made of it, given what the program says now and what earlier answers showed. */
export function contentHash(content: Dict, like: Dict = content, shown?: Shown): string {
  return createHash("sha256")
    .update(stableText(withoutServerMade(like, content, shown)))
    .digest("hex")
    .slice(0, 32);
}
