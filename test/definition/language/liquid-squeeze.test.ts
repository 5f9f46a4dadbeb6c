// Squeezing the HTML out of a text changes nothing about what liquidjs finds in it. Texts are random, from a fixed seed.
import { expect, it } from "vitest";
import { liquidEngine, parseWatched } from "../../../definition/language/liquid-engine";
import { squeeze } from "../../../definition/language/liquid-squeeze";

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const PIECES = [
  "<p style='x'>",
  "text ",
  "\n",
  "{{",
  "}}",
  "{%",
  "%}",
  "{",
  "}",
  "%",
  '"',
  "'",
  " | ",
  "upcase",
  "strp",
  "person.id",
  " if ",
  " endif ",
  " raw ",
  " endraw ",
  " comment ",
  " endcomment ",
  "-",
  " ",
  "{{ a.b | upcase }}",
  "{% if a %}",
  "{% else %}",
  "{% endif %}",
  "{% raw %}",
  "{% endraw %}",
  "{% comment %}",
  "{% endcomment %}",
  "{{ '}}' }}",
  '{{ "%}" | append: "{{" }}',
  "{%- assign x = y -%}",
  "{{- x -}}",
];

/** What is found, with the places as they are in the text that was given. */
function found(text: string, original: (offset: number) => number) {
  const { templates, errors, used } = parseWatched(text);
  const tags = used.tags.join();
  const filters = used.filters.join();
  if (!templates) {
    const [first] = errors as { message: string; token: { begin: number } }[];
    // A message may quote what follows, HTML included.
    return { tags, filters, error: first!.message.slice(0, 12), at: original(first!.token.begin) };
  }
  const { globals } = liquidEngine().analyzeSync(templates, { partials: false });
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const references = Object.values(globals)
    .flat()
    .map(({ segments, location }) => [
      JSON.stringify(segments),
      original(starts[location.row - 1]! + location.col - 1),
    ]);
  return { tags, filters, references };
}

it("finds the same tags, filters, references and errors at the same places", { timeout: 60_000 }, () => {
  const next = random(3);
  for (let i = 0; i < 3_000; i += 1) {
    const text = Array.from(
      { length: 1 + Math.floor(next() * 12) },
      () => PIECES[Math.floor(next() * PIECES.length)]!,
    ).join("");
    const squeezed = squeeze(text);
    expect({ text, ...found(squeezed.text, squeezed.original) }).toEqual({ text, ...found(text, (offset) => offset) });
  }
});

it("takes the HTML out", () => {
  const html = "<p>A long paragraph of a mail.</p>\n".repeat(50);
  expect(squeeze(`${html}{{ a }}${html}`).text).toBe("{{ a }}");
});
