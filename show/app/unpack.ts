// The data of a page out of the text that stands in it, which operate/show/pack-data.ts has made.
import type { MessageContent, ShowData } from "../data";

/** As packData has them. */
interface Packed extends Omit<ShowData, "contents"> {
  contents: (Omit<MessageContent, "html"> & { html?: number[] })[];
  pieces: string[];
}

/** The data in a text that packData made. */
export async function dataIn(text: string): Promise<ShowData> {
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { pieces, contents, ...data } = (await new Response(stream).json()) as Packed;
  return { ...data, contents: contents.map(({ html, ...content }) => ({ ...content, ...joined(html, pieces) })) };
}

function joined(runs: number[] | undefined, pieces: readonly string[]): { html?: string } {
  if (runs === undefined) return {};
  let html = "";
  for (let i = 0; i < runs.length; i += 2) html += pieces.slice(runs[i], runs[i]! + runs[i + 1]!).join("");
  return { html };
}
