/**
 * Takes what must stay secret out of a text that the server wrote: the API key, and every value that we sent under an
 * `inputs` key (a webhook's signing secret, an e-mail's text). PostHog sometimes repeats what it refuses.
 */

export const HIDDEN = "«hidden»";

/** Shorter values are words like `GET`, which a message is allowed to hold. */
const SHORTEST_VALUE = 4;

/** A stretch of a longer value this long is taken for a quotation of it, for servers that cut what they quote. */
const SHORTEST_QUOTE = 16;

/** The spellings in which a key may come back: as it is, in lower case, and in base64 at each of its three alignments. */
export function keyForms(apiKey: string): string[] {
  const aligned = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), Buffer.from(apiKey)])
      .toString("base64")
      .replace(/=+$/, "")
      .slice(Math.ceil((shift * 8) / 6), -2),
  );
  return [
    apiKey,
    apiKey.toLowerCase(),
    ...aligned,
    ...aligned.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
  ];
}

/** Deeper than that, and beyond so many characters, the members of an error's `extra` are left out. */
const MAX_DEPTH = 20;
const MAX_CHARACTERS = 20_000;

/** All strings below any `inputs` key of a body. A list of what is left to visit, not recursion: bodies may be nested without end. */
export function inputValues(body: unknown): string[] {
  const found: string[] = [];
  const rest: { value: unknown; inside: boolean }[] = [{ value: body, inside: false }];
  for (const { value, inside } of rest) {
    if (typeof value === "string") {
      if (inside && value.length >= SHORTEST_VALUE) found.push(value);
    } else if (Array.isArray(value)) {
      for (const member of value) rest.push({ value: member, inside });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value))
        rest.push({ value: member, inside: inside || key === "inputs" });
    }
  }
  return found;
}

/** Replaces each secret in the text, its JSON-escaped and trimmed forms, and longer quotations from it. */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const form of [secret, secret.trim(), JSON.stringify(secret).slice(1, -1)]) {
      if (form.length >= SHORTEST_VALUE) forms.add(form);
    }
  }
  // Longest first: a value that contains another one must not leave its rest behind.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  let clean = text;
  for (const form of ordered) clean = clean.split(form).join(HIDDEN);
  return hideQuotes(
    clean,
    ordered.filter((form) => form.length > SHORTEST_QUOTE),
  );
}

/** Hides what is quoted from secrets. Each secret is walked once, however long it is: the stretches of the text are what is looked up. */
function hideQuotes(text: string, secrets: readonly string[]): string {
  const places = new Map<string, number[]>();
  for (let at = 0; at + SHORTEST_QUOTE <= text.length; at++) {
    const stretch = text.slice(at, at + SHORTEST_QUOTE);
    const known = places.get(stretch);
    if (known) known.push(at);
    else places.set(stretch, [at]);
  }
  if (places.size === 0) return text;
  const hidden = new Uint8Array(text.length);
  for (const secret of secrets) {
    for (let at = 0; at + SHORTEST_QUOTE <= secret.length; at++) {
      for (const place of places.get(secret.slice(at, at + SHORTEST_QUOTE)) ?? [])
        hidden.fill(1, place, place + SHORTEST_QUOTE);
    }
  }
  let out = "";
  for (let at = 0; at < text.length; at++) {
    if (hidden[at] === 0) out += text[at];
    else if (at === 0 || hidden[at - 1] === 0) out += HIDDEN;
  }
  return out;
}

/** `redact` for every string and key in a JSON value, as far as it is not too deep and not too long. */
export function redactDeep(value: unknown, secrets: readonly string[]): unknown {
  let left = MAX_CHARACTERS;
  const clean = (text: string): string => {
    const taken = text.slice(0, left);
    left -= taken.length;
    return redact(taken, secrets) + (taken.length < text.length ? "…" : "");
  };
  const walk = (item: unknown, depth: number): unknown => {
    if (typeof item === "string") return clean(item);
    if (typeof item !== "object" || item === null) return item;
    if (depth >= MAX_DEPTH || left <= 0) return "…";
    if (Array.isArray(item)) return item.slice(0, left).map((member) => walk(member, depth + 1));
    return Object.fromEntries(
      Object.entries(item)
        .slice(0, left)
        .map(([key, member]) => [clean(key), walk(member, depth + 1)]),
    );
  };
  return walk(value, 0);
}
