/**
 * Takes what must stay secret out of a text that the server wrote: the API key, and every value that we sent under an
 * `inputs` key (a webhook's signing secret, an e-mail's text). PostHog sometimes repeats what it refuses.
 */

export const HIDDEN = "«hidden»";

/** Shorter values are words like `GET`, which a message is allowed to hold. */
const SHORTEST_VALUE = 4;

/** A stretch of a longer value this long is taken for a quotation of it, for servers that cut what they quote. */
const SHORTEST_QUOTE = 16;

/** All strings below any `inputs` key of a body. */
export function inputValues(body: unknown, inside = false): string[] {
  if (typeof body === "string") return inside && body.length >= SHORTEST_VALUE ? [body] : [];
  if (Array.isArray(body)) return body.flatMap((item) => inputValues(item, inside));
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) => inputValues(value, inside || key === "inputs"));
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
  for (const form of ordered) if (form.length > SHORTEST_QUOTE) clean = hideQuotes(clean, form);
  return clean;
}

function hideQuotes(text: string, secret: string): string {
  let out = "";
  let at = 0;
  while (at < text.length) {
    let length = SHORTEST_QUOTE;
    if (at + length > text.length || !secret.includes(text.slice(at, at + length))) {
      out += text[at++];
      continue;
    }
    while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++;
    out += HIDDEN;
    at += length;
  }
  return out;
}

/** `redact` for every string in a JSON value. */
export function redactDeep(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return redact(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, secrets)]));
}
