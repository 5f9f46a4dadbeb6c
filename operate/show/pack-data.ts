// The data of a page as the text that stands in it: JSON, compressed and in base64. The e-mails of one step differ for each person in a few places, and lie too far apart for gzip to see it, so
// each piece of their HTML is kept once and named by its number. show/app/unpack.ts is the other side.
import { gzipSync } from "node:zlib";
import type { Link, ShowData } from "../../show/data";
import type { Packed, Runs } from "../../show/packed";

/** Where a piece may begin. It depends on what stands there alone, so that a name of another length moves nothing. */
const BETWEEN = /(?<=\n)|(?=<(?:table|tr|td|div|p|h\d|a|img|style|body)\b)/i;

export function packData(data: ShowData): string {
  const pieces = new Numbers();
  const links = new Numbers();
  const packed: Packed = {
    ...data,
    contents: data.contents.map(({ html, text, links: its, ...content }) => ({
      ...content,
      ...(html === undefined ? {} : { html: pieces.runs(html.split(BETWEEN)) }),
      ...(text === undefined ? {} : { text: pieces.runs(text.split(BETWEEN)) }),
      links: links.runs(its.map((link) => JSON.stringify(link))),
    })),
    pieces: pieces.texts(),
    links: links.texts().map((text) => JSON.parse(text) as Link),
  };
  return gzipSync(JSON.stringify(packed)).toString("base64");
}

/** Texts, each once, by the order in which they came. */
class Numbers {
  private readonly numbers = new Map<string, number>();

  runs(texts: readonly string[]): Runs {
    const runs: Runs = [];
    for (const text of texts) {
      let number = this.numbers.get(text);
      if (number === undefined) this.numbers.set(text, (number = this.numbers.size));
      if (runs.length > 0 && number === runs.at(-2)! + runs.at(-1)!) runs[runs.length - 1]! += 1;
      else runs.push(number, 1);
    }
    return runs;
  }

  texts(): string[] {
    return [...this.numbers.keys()];
  }
}
