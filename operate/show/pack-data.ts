// The data of a page as the text that stands in it: JSON, compressed and in base64. The e-mails of one step differ for each person in a few places, and lie too far apart for gzip to see it, so
// each piece of their HTML is kept once and named by its number. show/app/read-data.ts is the other side.
import { gzipSync } from "node:zlib";
import type { MessageContent, ShowData } from "../../show/data";

/** What is packed: `html` is numbers of `pieces`, as pairs of the first and how many follow each other. */
interface Packed extends Omit<ShowData, "contents"> {
  contents: (Omit<MessageContent, "html"> & { html?: number[] })[];
  pieces: string[];
}

/** Where a piece may begin. It depends on what stands there alone, so that a name of another length moves nothing. */
const BETWEEN = /(?<=\n)|(?=<(?:table|tr|td|div|p|h\d|a|img|style|body)\b)/i;

export function packData(data: ShowData): string {
  const numbers = new Map<string, number>();
  const contents = data.contents.map(({ html, ...content }) => {
    if (html === undefined) return content;
    const runs: number[] = [];
    for (const piece of html.split(BETWEEN)) {
      let number = numbers.get(piece);
      if (number === undefined) numbers.set(piece, (number = numbers.size));
      const follows = runs.length > 0 && number === runs.at(-2)! + runs.at(-1)!;
      if (follows) runs[runs.length - 1]! += 1;
      else runs.push(number, 1);
    }
    return { ...content, html: runs };
  });
  const packed: Packed = { ...data, contents, pieces: [...numbers.keys()] };
  return gzipSync(JSON.stringify(packed)).toString("base64");
}
