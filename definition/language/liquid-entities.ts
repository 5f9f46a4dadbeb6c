// PostHog's mail editor writes `&gt;` for `>` inside Liquid tags too, and the worker undoes that before it renders (run time §6.2):
// these entities alone, and only in a tag that is written on one line.
import { tagsIn } from "./liquid-tags";

const ENTITY = /&(?:lt|gt|quot|#x27|amp);/g;
const CHARACTERS: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
  "&amp;": "&",
};

export interface Decoded {
  text: string;
  /** The offset in the given text of an offset in the decoded one. */
  original(offset: number): number;
}

/** Decodes the entities inside `{{ }}` and `{% %}` of one line, and nowhere else. */
export function decodeEntities(text: string): Decoded {
  if (!text.includes("&")) return { text, original: (offset) => offset };
  // Where an entity went, in the decoded text, and how much longer the given text is from there on.
  const shifts: { from: number; by: number }[] = [];
  let by = 0;
  let decoded = "";
  let before = 0;
  for (const { start, end } of tagsIn(text, { oneLine: true })) {
    const tag = text.slice(start, end).replace(ENTITY, (entity, within: number) => {
      const from = start + within - by + 1;
      by += entity.length - 1;
      shifts.push({ from, by });
      return CHARACTERS[entity]!;
    });
    decoded += text.slice(before, start) + tag;
    before = end;
  }
  decoded += text.slice(before);
  return {
    text: decoded,
    original: (offset) => {
      let shift = 0;
      for (const { from, by: total } of shifts) {
        if (from > offset) break;
        shift = total;
      }
      return offset + shift;
    },
  };
}
