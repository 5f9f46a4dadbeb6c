// Breaks text into lines for a drawing, without a browser: widths are those of a wide system font, so that no other one overflows what is made for it.
import { oneLine } from "../../definition/plain-text";

/** Widths in hundredths of the type size, by character, as the widest of the fonts that systems come with has them. */
const WIDTHS = new Map<string, number>();
for (const [width, characters] of [
  [28, "'ijl"],
  [32, " ,.·|"],
  [36, "/:;\\Ifr-"],
  [40, "()[]!t"],
  [46, '"'],
  [52, "*_`–sz“”J"],
  [56, "?cLFkvxyº°"],
  [61, "PTYao"],
  [64, "eSEbdghnpqu0123456789${}€"],
  [70, "KAVBRXZC"],
  [78, "UHNDG&"],
  [82, "OQw"],
  [84, "#+<=>^~≥≤→←×−"],
  [97, "Mm%"],
  [100, "W@—…"],
] as const)
  for (const character of characters) WIDTHS.set(character, width);

/** Chinese, Japanese and Korean: as wide as high, and a line may end after each character. */
const IDEOGRAPH = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff01-\uff60]/u;
const EMOJI = /\p{Emoji_Presentation}|\p{ExtPict}/u;
const BOLD = 1.16;

/** What nobody takes apart: a letter with its accents, an emoji of several. */
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

function graphemeWidth(grapheme: string): number {
  const known = WIDTHS.get(grapheme) ?? WIDTHS.get(grapheme.normalize("NFD").charAt(0));
  if (known !== undefined) return known;
  if (EMOJI.test(grapheme)) return 140;
  if (IDEOGRAPH.test(grapheme)) return 104;
  // Letters of other scripts; a conjunct of several is about as wide as they are.
  return 96 * Math.max(1, [...grapheme].filter((character) => !/\p{M}/u.test(character)).length);
}

export interface Type {
  /** Type size in CSS pixels. */
  size: number;
  isBold?: boolean;
}

/** Width of a text in CSS pixels, rather too much than too little. */
export function textWidth(text: string, type: Type): number {
  return inPixels(
    [...graphemes.segment(text)].reduce((sum, { segment }) => sum + graphemeWidth(segment), 0),
    type,
  );
}

const inPixels = (width: number, { size, isBold }: Type): number => (width / 100) * size * (isBold ? BOLD : 1);

/** How long a text may be before anybody measures it: nothing longer comes into a drawing. */
const MOST_CHARACTERS = 400;

/** A piece of text that no line ends in. */
interface Piece {
  text: string;
  width: number;
  /** Whether a space is before it. */
  isSpaced: boolean;
}

/** The text as pieces: words, parts of long words, ideographs. */
function piecesOf(text: string, widest: number): Piece[] {
  const pieces: Piece[] = [];
  let piece: Piece = { text: "", width: 0, isSpaced: false };
  const end = (isSpaced: boolean): void => {
    if (piece.text !== "") pieces.push(piece);
    piece = { text: "", width: 0, isSpaced };
  };
  for (const { segment } of graphemes.segment(text)) {
    if (segment === " ") {
      end(true);
      continue;
    }
    const width = graphemeWidth(segment);
    const isIdeograph = IDEOGRAPH.test(segment);
    if (isIdeograph || piece.width + width > widest) end(piece.text === "" && piece.isSpaced);
    piece.text += segment;
    piece.width += width;
    // Addresses and long names of events: a line may end behind what joins their parts.
    if (isIdeograph || (piece.width > widest / 2 && /[-/_.,&?=]/.test(segment))) end(false);
  }
  end(false);
  return pieces;
}

/** As few lines as it takes, each as long as it may be. */
function filled(pieces: readonly Piece[], widest: number): Piece[][] {
  const lines: Piece[][] = [];
  let width = Infinity;
  for (const piece of pieces) {
    const space = piece.isSpaced ? WIDTHS.get(" ")! : 0;
    if (width + space + piece.width > widest) {
      lines.push([piece]);
      width = piece.width;
    } else {
      lines[lines.length - 1]!.push(piece);
      width += space + piece.width;
    }
  }
  return lines;
}

const lineText = (line: readonly Piece[]): string =>
  line.map(({ text, isSpaced }, i) => (isSpaced && i > 0 ? ` ${text}` : text)).join("");

export interface Fit extends Type {
  /** Widest line in CSS pixels. */
  width: number;
  /** Most lines; what is left of the text is an ellipsis. */
  lines: number;
}

/**
 * The lines of a text, as equal in length as its words allow. Whatever the text holds, each line fits, and what nobody sees is left out.
 *
 * @example
 * ```ts
 * breakLines("Let them try the product", { size: 14, width: 120, lines: 3 }); // ["Let them try", "the product"]
 * ```
 */
export function breakLines(text: string, fit: Fit): string[] {
  const flat = oneLine(text).replace(/\s+/g, " ").trim();
  const start = flat.slice(0, MOST_CHARACTERS);
  const widest = (fit.width * 100) / inPixels(100, fit);
  const pieces = piecesOf(start, widest);
  const lines = filled(pieces, widest);
  if (lines.length > fit.lines || start.length < flat.length) {
    const shown = lines.slice(0, fit.lines);
    shown[shown.length - 1] = shortened(shown[shown.length - 1]!, widest);
    return shown.map(lineText);
  }
  return balanced(pieces, lines, widest).map(lineText);
}

/** The last line that is shown of a text that goes on. What is in square brackets is shown whole or not at all. */
function shortened(line: readonly Piece[], widest: number): Piece[] {
  const ellipsis: Piece = { text: "…", width: WIDTHS.get("…")!, isSpaced: false };
  const kept = [...line];
  const isCutInBrackets = (): boolean => {
    const text = lineText(kept);
    return text.lastIndexOf("[") > text.lastIndexOf("]");
  };
  while (kept.length > 1 && (widthOf(kept) + ellipsis.width > widest || isCutInBrackets())) kept.pop();
  if (widthOf(kept) + ellipsis.width <= widest) return [...kept, ellipsis];
  const [only] = kept;
  return [
    {
      ...only!,
      text: `${[...graphemes.segment(only!.text)]
        .map(({ segment }) => segment)
        .slice(0, -2)
        .join("")}…`,
    },
  ];
}

const widthOf = (line: readonly Piece[]): number =>
  line.reduce((sum, { width, isSpaced }, i) => sum + width + (isSpaced && i > 0 ? WIDTHS.get(" ")! : 0), 0);

/** The same number of lines, with the longest as short as it can be. */
function balanced(pieces: readonly Piece[], lines: Piece[][], widest: number): Piece[][] {
  let [low, high, best] = [widest / 2, widest, lines];
  while (lines.length > 1 && high - low > 25) {
    const middle = (low + high) / 2;
    const found = filled(pieces, middle);
    if (found.length > lines.length) low = middle;
    else [high, best] = [middle, found];
  }
  return best;
}
