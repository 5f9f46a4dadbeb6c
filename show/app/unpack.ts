// The data of a page out of the text that stands in it, which operate/show/pack-data.ts has made.
import type { ShowData } from "../data";
import type { Packed, Runs } from "../packed";

/** The data in a text that packData made. */
export async function dataIn(text: string): Promise<ShowData> {
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { pieces, links, contents, ...data } = (await new Response(stream).json()) as Packed;
  return {
    ...data,
    contents: contents.map(({ html, text: plain, links: its, ...content }) => ({
      ...content,
      ...(html === undefined ? {} : { html: items(html, pieces).join("") }),
      ...(plain === undefined ? {} : { text: items(plain, pieces).join("") }),
      links: items(its, links),
    })),
  };
}

function items<T>(runs: Runs, all: readonly T[]): T[] {
  const found: T[] = [];
  for (let i = 0; i < runs.length; i += 2) found.push(...all.slice(runs[i], runs[i]! + runs[i + 1]!));
  return found;
}
