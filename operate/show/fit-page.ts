// Keeps a page small enough to be attached anywhere: where it would be larger, the largest e-mails are left out, and the page says so.
import type { ShowData } from "../../show/data";
import { packData } from "./pack-data";

/** Of a whole page, with its script and style, in bytes. */
const MOST_BYTES = 5_000_000;
/** What script, style and document take, and more than that. */
const AROUND = 500_000;

/** The data, with their e-mails as text alone where `most` bytes are not enough for them, and packed. */
export function fitted(data: ShowData, most = MOST_BYTES - AROUND): { data: ShowData; packed: string } {
  const packed = packData(data);
  if (packed.length <= most) return { data, packed };
  const bySize = data.contents
    .flatMap(({ html }, i) => (html === undefined ? [] : [{ i, size: html.length }]))
    .sort((a, b) => b.size - a.size);
  // As few as it takes: the number is halved in on.
  let [tooFew, enough] = [0, bySize.length];
  let best = without(data, new Set(bySize.map(({ i }) => i)));
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    const tried = without(data, new Set(bySize.slice(0, middle).map(({ i }) => i)));
    if (tried.packed.length <= most) [enough, best] = [middle, tried];
    else tooFew = middle;
  }
  return best;
}

function without(data: ShowData, left: ReadonlySet<number>): { data: ShowData; packed: string } {
  const fewer: ShowData = {
    ...data,
    contents: data.contents.map(({ html, ...content }, i) =>
      left.has(i) ? { ...content, isHtmlLeftOut: true } : { ...content, html },
    ),
    notes: [
      ...data.notes,
      `${left.size === 1 ? "One e-mail is" : `${left.size} e-mails are`} shown without ${left.size === 1 ? "its" : "their"} HTML, because the page would be too large for a file of ${MOST_BYTES / 1_000_000} MB. Show fewer flows, by their names, to see everything.`,
    ],
  };
  return { data: fewer, packed: packData(fewer) };
}
