// Takes most of the HTML between tags out of a text before it is parsed: liquidjs looks at every character, and a mail is nearly all HTML.
// What could matter to the parser when a tag holds quoted delimiters is kept.

const RUN = /(?:\}\}|%\})((?:[^{]+|\{(?![{%]))+)|^((?:[^{]+|\{(?![{%]))+)/g;
const MATTERS = /[{}%"']/g;

export interface Squeezed {
  text: string;
  /** The offset in the given text of an offset in the squeezed one. */
  original(offset: number): number;
}

export function squeeze(text: string): Squeezed {
  // Where runs begin, in the squeezed text, and how much has been dropped before and in them.
  const drops: { from: number; dropped: number }[] = [];
  let dropped = 0;
  const squeezed = text.replace(RUN, (whole: string, after: string | undefined, leading: string | undefined, start: number) => {
    const run = after ?? leading ?? "";
    const kept = (run.match(MATTERS) ?? []).join("");
    const head = whole.length - run.length;
    const end = start + head - dropped + kept.length;
    dropped += run.length - kept.length;
    drops.push({ from: end, dropped });
    return whole.slice(0, head) + kept;
  });
  return {
    text: squeezed,
    original: (offset) => {
      let low = 0;
      let high = drops.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (drops[middle]!.from <= offset) low = middle + 1;
        else high = middle;
      }
      return offset + (low === 0 ? 0 : drops[low - 1]!.dropped);
    },
  };
}
