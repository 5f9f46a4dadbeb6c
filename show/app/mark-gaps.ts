// Marks what Liquid could not fill where a message shows it: at its index, or else where the text that is sent in its place is, if that is there only once.
import type { Gap } from "../data";
import { textNodes, wrapText, type Piece } from "./changed-words";

/** A part of a message, as gaps name it. */
export type GapPart = "subject" | "preheader" | "html" | "text";

/** A text in pieces; what is sent in place of something is marked. */
export function gapPieces(text: string, gaps: readonly Gap[], part: GapPart): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, title } of placesIn(text, gaps, part)) {
    if (start > at) pieces.push({ text: text.slice(at, start), isMarked: false });
    pieces.push({ text: text.slice(start, end), isMarked: true, title });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isMarked: false });
  return pieces;
}

interface Place {
  start: number;
  end: number;
  title: string;
}

/** In their order, none within another. */
function placesIn(text: string, gaps: readonly Gap[], part: GapPart): Place[] {
  const places = gaps
    .filter(({ where }) => where === part)
    .flatMap(({ expression, shows, at }): Place[] => {
      const title = `[${expression}] is not filled`;
      // Liquid's outputs are sent escaped.
      const known = (at ?? []).flatMap((start) => {
        const sent = [shows, escaped(shows)].find((each) => start <= text.length && text.startsWith(each, start));
        return sent === undefined ? [] : [{ start, end: start + sent.length, title }];
      });
      if (known.length > 0) return known;
      const start = onlyPlaceOf(shows, text);
      return start === undefined ? [] : [{ start, end: start + shows.length, title }];
    })
    .sort((a, b) => a.start - b.start);
  return places.filter(({ start }, index) => index === 0 || start >= places[index - 1]!.end);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Where a text has a part, as words of their own, and nowhere else. */
function onlyPlaceOf(part: string, text: string): number | undefined {
  if (part.trim() === "") return undefined;
  const starts: number[] = [];
  for (let at = text.indexOf(part); at >= 0 && starts.length < 2; at = text.indexOf(part, at + part.length)) {
    const around = [text.slice(Math.max(at - 1, 0), at), text.slice(at + part.length, at + part.length + 1)];
    if (!around.some((character) => /[\p{L}\p{N}]/u.test(character))) starts.push(at);
  }
  return starts.length === 1 ? starts[0] : undefined;
}

// Of the HTML of a mail, the places are known in its source, and are to be marked in its document. So they are noted in the source with signs that no text
// has, which the sanitiser leaves as it leaves any text.

/** Noncharacters of Unicode, which are never text: before the index of a title, after it, and at the end. */
const SIGNS = { title: "\uFDD0", start: "\uFDD1", end: "\uFDD2" } as const;
const ANY_SIGN = /\uFDD0\d*\uFDD1|[\uFDD0-\uFDD2]/g;
const NOTED = /\uFDD0(\d+)\uFDD1([^\uFDD0-\uFDD2]*)\uFDD2/;

/** Without signs: for addresses, which may have gaps, too. */
export const withoutSigns = (text: string): string => text.replace(ANY_SIGN, "");

/** A mail's source with its gaps noted. */
export function noteGaps(html: string, gaps: readonly Gap[]): string {
  const source = withoutSigns(html);
  if (source !== html) return source;
  let noted = "";
  let at = 0;
  for (const [index, { start, end }] of placesIn(html, gaps, "html").entries()) {
    noted += `${html.slice(at, start)}${SIGNS.title}${index}${SIGNS.start}${html.slice(start, end)}${SIGNS.end}`;
    at = end;
  }
  return noted + html.slice(at);
}

/** Marks the gaps that are noted in a mail; `root` is changed. */
export function markGaps(root: HTMLElement, html: string, gaps: readonly Gap[]): void {
  const places = placesIn(html, gaps, "html");
  if (places.length === 0) return;
  for (const node of textNodes(root.querySelector("body") ?? root)) {
    let rest: Text = node;
    for (let found = NOTED.exec(rest.data); found !== null; found = NOTED.exec(rest.data)) {
      const [whole, index, shows] = found;
      const mark = wrapText({ node: rest, start: found.index, end: found.index + whole.length }, "mark");
      mark.textContent = shows!;
      mark.setAttribute("data-gap", "");
      mark.setAttribute("title", places[Number(index)]!.title);
      rest = mark.nextSibling as Text;
    }
  }
  dropSigns(root);
}

/** Those that fell into attributes and styles, or around tags. */
function dropSigns(root: HTMLElement): void {
  for (const element of [root, ...root.querySelectorAll("*")])
    for (const { name, value } of element.attributes)
      if (withoutSigns(value) !== value) element.setAttribute(name, withoutSigns(value));
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) {
    const node = walker.currentNode as Text;
    if (withoutSigns(node.data) !== node.data) node.data = withoutSigns(node.data);
  }
}
