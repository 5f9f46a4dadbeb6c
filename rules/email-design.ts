// Whether the design of an e-mail, which PostHog's editor shows, has texts that the HTML, which is sent, does not have. Only what is certain counts: letters
// and digits of whole blocks, without tags, white space and entities.
import { containsUnknown, isDict, own } from "../definition/canonical/values";
import { listOf } from "../definition/graph/view";

/** Where a kind of block keeps its text. */
const TEXTS: Readonly<Record<string, string>> = { text: "text", heading: "text", button: "text", html: "html" };
/** A block with fewer letters says too little to be missed. */
const FEWEST = 12;
const SHOWN = 60;

const plain = (html: string): string => withoutTags(withoutUnshown(html)).replace(/&(?:#\w+|\w+);/g, " ");

/** Without the elements that show no text. Each end is looked for once: one that is nowhere is not looked for again. */
function withoutUnshown(html: string): string {
  const missing = new Set<string>();
  let out = "";
  let kept = 0;
  for (const { 0: open, 1: name, index } of html.matchAll(/<(style|script|head|title)\b/gi)) {
    const key = name!.toLowerCase();
    if (index < kept || missing.has(key)) continue;
    const close = new RegExp(`</${key}\\s*>`, "gi");
    close.lastIndex = index + open.length;
    if (!close.test(html)) missing.add(key);
    else {
      out += `${html.slice(kept, index)} `;
      kept = close.lastIndex;
    }
  }
  return out + html.slice(kept);
}

/** Without tags and comments, in the same way. */
function withoutTags(html: string): string {
  let out = "";
  let kept = 0;
  let hasComments = true;
  for (let at = html.indexOf("<"); at >= 0; at = html.indexOf("<", kept)) {
    let end = hasComments && html.startsWith("<!--", at) ? html.indexOf("-->", at + 4) + 3 : 0;
    if (end === 2) hasComments = false;
    if (end < 3) end = html.indexOf(">", at + 1) + 1;
    // Nothing ends behind here.
    if (end === 0) break;
    out += `${html.slice(kept, at)} `;
    kept = end;
  }
  return out + html.slice(kept);
}
const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();

/** The first text of the design that the HTML lacks; undefined where there is none, or where it cannot be told. */
export function differsFromHtml(design: unknown, html: string): string | undefined {
  if (!isDict(design) || containsUnknown(design)) return undefined;
  const sent = letters(plain(html));
  for (const text of textsOfDesign(design)) {
    const shown = plain(text).replace(/\s+/g, " ").trim();
    const said = letters(shown);
    if (said.length >= FEWEST && !sent.includes(said))
      return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
  }
  return undefined;
}

function* textsOfDesign(design: unknown): Generator<string> {
  for (const row of listOf(own(own(design, "body"), "rows"))) {
    for (const column of listOf(own(row, "columns"))) {
      for (const content of listOf(own(column, "contents"))) {
        const values = own(content, "values");
        const key = TEXTS[String(own(content, "type"))];
        const text = key === undefined ? undefined : own(values, key);
        // A block that is shown to some people alone is made of the design when it is exported.
        if (typeof text === "string" && !own(values, "displayCondition") && !own(row, "displayCondition")) yield text;
      }
    }
  }
}
