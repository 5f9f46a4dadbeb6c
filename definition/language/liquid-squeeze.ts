// Takes the HTML between tags out of a text before it is parsed: liquidjs looks at every character, and a mail is nearly all HTML.
// Where tags end is found as liquidjs does it; from the first place where that fails, the text stays as it is.

export interface Squeezed {
  text: string;
  /** The offset in the given text of an offset in the squeezed one. */
  original(offset: number): number;
}

const OPENING = /\{\{|\{%/g;
const RAW = /\{%-?\s*raw\b/y;
const ENDRAW = /\{%-?\s*endraw\b[^]*?%\}/g;

export function squeeze(text: string): Squeezed {
  const pieces: { from: number; start: number }[] = [];
  let squeezed = "";
  let at = 0;
  for (;;) {
    OPENING.lastIndex = at;
    const start = OPENING.exec(text)?.index;
    if (start === undefined) break;
    const end = endOfTag(text, start) ?? text.length;
    pieces.push({ from: squeezed.length, start });
    squeezed += text.slice(start, end);
    at = end;
  }
  return {
    text: squeezed,
    original: (offset) => {
      let low = 0;
      let high = pieces.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (pieces[middle]!.from <= offset) low = middle + 1;
        else high = middle;
      }
      const piece = pieces[low - 1];
      return piece ? piece.start + offset - piece.from : offset;
    },
  };
}

/** After the tag, output or raw block that starts here; undefined when it is never closed. */
function endOfTag(text: string, start: number): number | undefined {
  if (text[start + 1] === "{") return endOfOutput(text, start + 2);
  const close = text.indexOf("%}", start + 2);
  if (close < 0) return undefined;
  RAW.lastIndex = start;
  if (!RAW.test(text)) return close + 2;
  ENDRAW.lastIndex = close + 2;
  return ENDRAW.exec(text) ? ENDRAW.lastIndex : undefined;
}

/** Outputs may hold quoted delimiters. */
function endOfOutput(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === "'" || character === '"') {
      at += 1;
      while (at < text.length && text[at] !== character) at += text[at] === "\\" ? 2 : 1;
    } else if (character === "}" && text[at + 1] === "}") return at + 2;
  }
  return undefined;
}
