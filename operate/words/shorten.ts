// Cuts a text that is too long for its place: between words, and never inside of brackets or braces, which hold what is filled in for each person.

/** A word that is longer than this is cut between two characters. */
const LONG_WORD = 28;

/**
 * The text, or as many of its words as fit, with `…` for the rest. A bracket that does not fit becomes `[…]`.
 *
 * @param most Characters, as people count them.
 * @example
 * ```ts
 * shortened('Welcome, [first_name or "there"]! How are you?', 36); // Welcome, [first_name or "there"]!…
 * shortened('Welcome, [first_name or "there"]! How are you?', 20); // Welcome, […]
 * ```
 */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const upTo = (end: number): string => characters.slice(0, end).join("").trimEnd();
  const brackets = bracketsIn(characters);
  const cut = most - 1;
  const around = brackets.find(({ start, end }) => start < cut && cut < end);
  if (around)
    return around.start + 3 <= most ? `${characters.slice(0, around.start).join("")}[…]` : `${upTo(around.start)}…`;
  const isBreak = (i: number): boolean =>
    brackets.some(({ end }) => end === i) ||
    (isBlank(characters[i]) && !brackets.some(({ start, end }) => start < i && i < end));
  for (let i = cut; i > 0 && cut - i <= LONG_WORD; i -= 1) if (isBreak(i)) return `${upTo(i)}…`;
  return `${upTo(cut)}…`;
}

const isBlank = (character = ""): boolean => /\s/u.test(character);

const PAIRS: Readonly<Record<string, string>> = { "]": "[", "}": "{" };

/** Where brackets and braces open, and the end behind their other half; the outermost first. */
function bracketsIn(characters: readonly string[]): { start: number; end: number }[] {
  const open: Readonly<Record<string, number[]>> = { "[": [], "{": [] };
  const found: { start: number; end: number }[] = [];
  for (const [i, character] of characters.entries()) {
    open[character]?.push(i);
    const start = open[PAIRS[character] ?? ""]?.pop();
    if (start !== undefined) found.push({ start, end: i + 1 });
  }
  return found.sort((a, b) => a.start - b.start);
}
