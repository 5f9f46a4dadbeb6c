// Remembers what a function made of a text. A program checks the same texts many times: at every step of a preview, and once per stack of a run.

/** Characters of all texts together; beyond it everything is forgotten. */
const MOST_CHARACTERS = 4_000_000;

export function memoised<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  let characters = 0;
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = compute(text);
    characters += text.length + 100;
    if (characters > MOST_CHARACTERS) {
      known.clear();
      characters = text.length;
    }
    known.set(text, made);
    return made;
  };
}
