// @vitest-environment happy-dom
// Marks of a change: exactly the words that differ, in texts and in mails, across tags.
import { expect, it } from "vitest";
import { changedPieces, markChangedWords } from "../../show/app/changed-words";

const marked = (before: string, after: string): string[] => {
  const pieces = changedPieces(before, after)!;
  return [pieces.before, pieces.after].map((side) =>
    side.map(({ text, isMarked }) => (isMarked ? `[${text}]` : text)).join(""),
  );
};

it.each([
  ["a word", "Welcome to Acme!", "Welcome, Ada!", "Welcome[ to Acme]!", "Welcome[, Ada]!"],
  ["nothing, where space alone differs", "one  two\n", " one two", "one  two\n", " one two"],
  ["a whole word, not its letters", "trial ends", "trials end", "[trial ends]", "[trials end]"],
  ["a sign", "Ready?", "Ready!", "Ready[?]", "Ready[!]"],
  ["words of every script", "Grüße, 日本 1.5", "Grüße, 日本 2.5", "Grüße, 日本 [1.5]", "Grüße, 日本 [2.5]"],
  ["what was empty", "", "new", "", "[new]"],
])("marks %s", (_, before, after, ...expected) => {
  const strip = (text: string): string => text.replaceAll("[ ", " [");
  expect(marked(before, after).map(strip)).toEqual(expected.map(strip));
});

it("gives up on texts that have little in common, rather than keep the reader waiting", () => {
  const words = (seed: number): string =>
    Array.from({ length: 60_000 }, (_, n) => `w${(n * 7919 + seed * 104_729) % 100_003}`).join(" ");
  const started = performance.now();
  expect(changedPieces(words(1), words(2))).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(10_000);
});

const html = (body: string): HTMLElement => {
  const element = document.createElement("div");
  element.innerHTML = body;
  return element;
};

it("marks words of mails where they are, and leaves the markup as it is", () => {
  const roots = {
    before: html("<style>p { color: red }</style><p>Hello <b>old friend</b>, come <i>in</i>.</p>"),
    after: html("<style>p { color: blue }</style><p>Hello <b>new</b> <i>friend</i>, come in now.</p>"),
  };
  expect(markChangedWords(roots)).toBe("marked");
  expect(roots.before.innerHTML).toBe(
    '<style>p { color: red }</style><p>Hello <b><del data-changed="">old</del> friend</b>, come <i>in</i>.</p>',
  );
  expect(roots.after.innerHTML).toBe(
    '<style>p { color: blue }</style><p>Hello <b><ins data-changed="">new</ins></b> <i>friend</i>, come in <ins data-changed="">now</ins>.</p>',
  );
});

it("marks a run of words in each element that it goes through", () => {
  const roots = { before: html("<p>a</p>"), after: html("<p>a <b>b</b> c d</p>") };
  markChangedWords(roots);
  expect(roots.after.innerHTML).toBe('<p>a <b><ins data-changed="">b</ins></b> <ins data-changed="">c d</ins></p>');
});

it("marks an image that only one side has, and says when no words differ", () => {
  const roots = {
    before: html('<img src="https://a.example/1.png"><img src="https://a.example/2.png">Hi'),
    after: html('<img src="https://a.example/1.png"><b>Hi</b>'),
  };
  expect(markChangedWords(roots)).toBe("same-words");
  expect(roots.before.querySelectorAll("img[data-changed]")).toHaveLength(1);
  expect(roots.before.querySelector("img[data-changed]")!.getAttribute("src")).toContain("2.png");
  expect(roots.after.querySelectorAll("[data-changed]")).toHaveLength(0);
});
