// Fits a comment into the length that GitHub takes, by cutting what a reader misses least, and says what was cut.

/** Longest body of a GitHub comment, in characters. */
export const GITHUB_LIMIT = 65_536;

/** A piece of a comment. */
export interface Part {
  text: string;
  /** What stays of it when it is cut; nothing when absent. */
  short?: string;
  /** When it may be cut: the highest number first, 0 never. */
  rank: number;
  /** What it is, for the note: one and several. */
  what?: readonly [one: string, several: string];
}

export interface Fitted {
  text: string;
  /** What was cut, in words; empty when nothing was. */
  cut: string[];
}

/**
 * Joins the parts with blank lines between them. The last part stands at the end of the comment, after the note.
 *
 * @param limit Characters. Default: GitHub's 65,536.
 * @example
 * ```ts
 * fit([{ text: "Short", rank: 0 }], { note: (cut) => cut.join() }).text; // Short
 * ```
 */
export function fit(
  parts: readonly Part[],
  { limit = GITHUB_LIMIT, note }: { limit?: number; note(cut: readonly string[]): string },
): Fitted {
  const texts = parts.map(({ text }) => text);
  const join = (): string => texts.filter((text) => text !== "").join("\n\n");
  if (join().length <= limit) return { text: join(), cut: [] };
  const counts = new Map<Part["what"], number>();
  const cut = (): string[] =>
    [...counts].flatMap(([what, count]) => (what ? [`${count} ${count === 1 ? what[0] : what[1]}`] : []));
  const noteText = (): string => note(cut());
  // The largest first, so that as few as possible go.
  const order = parts
    .map((part, i) => ({ part, i }))
    .filter(({ part }) => part.rank > 0)
    .sort((a, b) => b.part.rank - a.part.rank || b.part.text.length - a.part.text.length);
  let length = join().length;
  for (const { part, i } of order) {
    if (length + noteText().length + 2 <= limit) break;
    const short = part.short ?? "";
    length -= texts[i]!.length - short.length + (short === "" ? 2 : 0);
    texts[i] = short;
    // Two parts of one kind may bring lists of words of their own.
    const kind = [...counts.keys()].find((known) => known?.[0] === part.what?.[0]) ?? part.what;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  texts.splice(-1, 0, noteText());
  const text = join();
  return { text: text.length <= limit ? text : `${text.slice(0, text.lastIndexOf("\n", limit - 2))}\n…`, cut: cut() };
}
