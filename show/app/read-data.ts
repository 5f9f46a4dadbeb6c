// The data of the page: JSON that is compressed and in base64, so that fifty flows with all their e-mails are a file that can be attached anywhere.
import type { ShowData } from "../data";

/** The data that the page came with. */
export const readData = (): Promise<ShowData> => dataIn(document.getElementById("data")!.textContent);

/** The data in a text. */
export async function dataIn(text: string): Promise<ShowData> {
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as ShowData;
}
