// Which words of two texts, or of two mails, differ. Words and signs are compared, and not the space between them.
import { diffArrays } from "diff";

/** A piece of a text. */
export interface Piece {
  text: string;
  isMarked: boolean;
  /** What the mark says when one points at it. */
  title?: string;
}

/** The same for both sides of a change. */
export interface Sides<T> {
  before: T;
  after: T;
}

/** Beyond this, two texts have little in common, and marks would say less than the texts. In milliseconds. */
const PATIENCE = 400;

const WORD = /[\p{L}\p{N}\p{M}_]+(?:['’.-][\p{L}\p{N}\p{M}_]+)*|[^\s\p{L}\p{N}\p{M}_]/gu;

/** Both texts in pieces. Absent: they are too different to be compared word by word. */
export function changedPieces(before: string, after: string): Sides<Piece[]> | undefined {
  const words = { before: wordsIn(before), after: wordsIn(after) };
  const changed = changedWords(words);
  return changed && { before: piecesOf(before, changed.before), after: piecesOf(after, changed.after) };
}

/** What marking two mails came to: words are marked; none differs; or they are too different to be compared word by word. */
export type MarkResult = "marked" | "same-words" | "too-different";

/** Wraps the words that differ in `<del>` and `<ins>`, and marks images that only one side has. */
export function markChangedWords({ before, after }: Sides<HTMLElement>): MarkResult {
  markImages(before, after);
  markImages(after, before);
  const changed = changedWords({ before: wordsOf(before), after: wordsOf(after) });
  if (changed === undefined) return "too-different";
  wrap(changed.before, "del");
  wrap(changed.after, "ins");
  return changed.before.length + changed.after.length === 0 ? "same-words" : "marked";
}

interface Word {
  text: string;
  start: number;
  end: number;
}

/** A word of a mail. */
interface PlacedWord extends Word {
  node: Text;
}

const wordsIn = (text: string): Word[] =>
  Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({ text: word, start: index, end: index + word.length }));

function wordsOf(root: HTMLElement): PlacedWord[] {
  return textNodes(root.querySelector("body") ?? root).flatMap((node) =>
    wordsIn(node.data).map((word) => ({ ...word, node })),
  );
}

/** The texts that are read; not those of styles and titles. */
export function textNodes(root: HTMLElement): Text[] {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode() !== null) {
    const node = walker.currentNode as Text;
    if (!/^(?:style|title)$/i.test(node.parentElement?.localName ?? "")) nodes.push(node);
  }
  return nodes;
}

/** Runs of words that one side alone has. */
function changedWords<W extends Word>({ before, after }: Sides<W[]>): Sides<W[][]> | undefined {
  const textsOf = (words: W[]): string[] => words.map(({ text }) => text);
  const changes = diffArrays(textsOf(before), textsOf(after), { timeout: PATIENCE });
  if (changes === undefined) return undefined;
  const runs: Sides<W[][]> = { before: [], after: [] };
  const at = { before: 0, after: 0 };
  for (const { count, added, removed } of changes) {
    if (removed) runs.before.push(before.slice(at.before, at.before + count));
    if (added) runs.after.push(after.slice(at.after, at.after + count));
    if (!added) at.before += count;
    if (!removed) at.after += count;
  }
  return runs;
}

function piecesOf(text: string, runs: readonly Word[][]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const take = (end: number, isMarked: boolean): void => {
    if (end > at) pieces.push({ text: text.slice(at, end), isMarked });
    at = end;
  };
  for (const run of runs) {
    take(run[0]!.start, false);
    take(run.at(-1)!.end, true);
  }
  take(text.length, false);
  return pieces;
}

function wrap(runs: readonly PlacedWord[][], tag: "ins" | "del"): void {
  const ranges = runs.flatMap(rangesOf);
  // From the end, so that what is before keeps its offsets.
  for (const { node, start, end } of ranges.reverse()) {
    wrapText({ node, start, end }, tag).setAttribute("data-changed", "");
  }
}

/** A part of a text node. */
export interface TextRange {
  node: Text;
  start: number;
  end: number;
}

/** A run of words may go over several nodes. */
function rangesOf(run: readonly PlacedWord[]): TextRange[] {
  const ranges: TextRange[] = [];
  for (const { node, start, end } of run) {
    const last = ranges.at(-1);
    if (last?.node === node) last.end = end;
    else ranges.push({ node, start, end });
  }
  return ranges;
}

/** Puts an element around a part of a text node. */
export function wrapText({ node, start, end }: TextRange, tag: string): HTMLElement {
  const element = node.ownerDocument.createElement(tag);
  const part = node.splitText(start);
  part.splitText(end - start);
  part.replaceWith(element);
  element.append(part);
  return element;
}

function markImages(root: HTMLElement, other: HTMLElement): void {
  const sources = new Set([...other.querySelectorAll("img")].map((image) => image.getAttribute("src")));
  for (const image of root.querySelectorAll("img"))
    if (!sources.has(image.getAttribute("src"))) image.setAttribute("data-changed", "");
}
