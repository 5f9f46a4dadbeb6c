// Where the tags of a Liquid text are. A pattern that looks for the end of each tag reads the rest of the text for each beginning; this one reads it once.

export interface Tag {
  start: number;
  end: number;
}

const OPENS = /\{[{%]/g;
const LINE_END = /[\n\r\u2028\u2029]/g;

/** Each `{{ }}` and `{% %}`, up to the first end that fits. `oneLine` leaves out those that go over a line end. */
export function* tagsIn(text: string, { oneLine = false } = {}): Generator<Tag> {
  const next = { "}}": -1, "%}": -1, line: -1 };
  const closeAfter = (close: "}}" | "%}", from: number): number =>
    next[close] >= from ? next[close] : (next[close] = found(text.indexOf(close, from)));
  const lineAfter = (from: number): number => {
    if (next.line >= from) return next.line;
    LINE_END.lastIndex = from;
    return (next.line = found(LINE_END.exec(text)?.index ?? -1));
  };
  for (let at = 0; ;) {
    OPENS.lastIndex = at;
    const start = OPENS.exec(text)?.index;
    if (start === undefined) return;
    const close = closeAfter(text[start + 1] === "{" ? "}}" : "%}", start + 2);
    const isTag = close < Infinity && (!oneLine || close < lineAfter(start));
    at = isTag ? close + 2 : start + 1;
    if (isTag) yield { start, end: at };
  }
}

const found = (index: number): number => (index < 0 ? Infinity : index);
