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

/** Room for the note about what was cut. */
const NOTE = 600;

/**
 * Joins the parts with blank lines between them. The last part stands at the end of the comment, after the note.
 *
 * @param limit Characters. Default: GitHub's 65,536.
 * @example
 * ```ts
 * fit([{ text: "Short", rank: 0 }], { note: (cut) => cut.join() }).text; // Short
 * ```
 */
export function fit(parts: readonly Part[], { limit = GITHUB_LIMIT, note }: { limit?: number; note(cut: readonly string[]): string }): Fitted {
  const texts = parts.map(({ text }) => text);
  const join = (): string => texts.filter((text) => text !== "").join("\n\n");
  if (join().length <= limit) return { text: join(), cut: [] };
  const counts = new Map<readonly [string, string], number>();
  // The largest first, so that as few as possible go.
  const order = parts.map((part, i) => ({ part, i })).filter(({ part }) => part.rank > 0).sort((a, b) => b.part.rank - a.part.rank || b.part.text.length - a.part.text.length);
  let length = join().length;
  for (const { part, i } of order) {
    if (length + NOTE <= limit) break;
    const short = part.short ?? "";
    length -= texts[i]!.length - short.length;
    texts[i] = short;
    if (part.what) counts.set(part.what, (counts.get(part.what) ?? 0) + 1);
  }
  const cut = [...counts].map(([[one, several], count]) => `${count} ${count === 1 ? one : several}`);
  texts.splice(-1, 0, note(cut));
  const text = join();
  return { text: text.length <= limit ? text : `${text.slice(0, text.lastIndexOf("\n", limit - 2))}\n…`, cut };
}
