// Escapes of Hog. A quoted string knows a fixed set; template text keeps a backslash that starts none of them.

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "0": "\0",
  "\\": "\\",
};

/** Where a quoted string ends (after its closing quote), or what is wrong with it. */
export function readQuoted(
  text: string,
  start: number,
): { value: string; end: number } | { unclosed: true } | { badEscape: number } {
  const quote = text[start]!;
  let value = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === quote) {
      if (text[at + 1] !== quote) return { value, end: at + 1 };
      value += quote;
      at += 1;
    } else if (character === "\\") {
      const next = text[at + 1];
      if (next === undefined) return { unclosed: true };
      const escaped = next === quote ? quote : ESCAPES[next];
      if (escaped !== undefined) value += escaped;
      else if (/[abfnrtv]/i.test(next) || (/x/i.test(next) && /^[0-9a-fA-F]{2}$/.test(text.slice(at + 2, at + 4))))
        value += `\\${next}`;
      else return { badEscape: at };
      at += 1;
    } else value += character;
  }
  return { unclosed: true };
}

/** A run of template text up to `{` or, with a quote, up to its closing quote: the value and where it stopped. */
export function readTemplateText(
  text: string,
  start: number,
  quote: string | undefined,
): { value: string; end: number } {
  const special = quote === undefined ? /[\\{]/g : /[\\{']/g;
  let value = "";
  let at = start;
  for (;;) {
    special.lastIndex = at;
    const found = special.exec(text);
    if (!found) return { value: value + text.slice(at), end: text.length };
    value += text.slice(at, found.index);
    at = found.index;
    if (found[0] === "{") {
      // Outside of quotes, a backslash before a brace escapes it even when it is escaped itself.
      if (quote !== undefined || text[at - 1] !== "\\") return { value, end: at };
      value += "{";
      at += 1;
      continue;
    }
    if (found[0] === "\\") {
      const next = text[at + 1] ?? "";
      const escaped = next === "{" ? "{" : next !== "" && next === quote ? quote : ESCAPES[next];
      value += escaped ?? `\\${next}`;
      at += next === "" ? 1 : 2;
    } else {
      if (text[at + 1] !== quote) return { value, end: at };
      value += quote;
      at += 2;
    }
  }
}
