// Text files, whichever system wrote them: Windows puts a byte order mark first, PowerShell's `>` writes UTF-16, and git's autocrlf gives one file
// other line ends on another machine. None of that is content.
import { readFileSync } from "node:fs";

/** The text of these bytes, without a byte order mark: UTF-8, or UTF-16 where the mark says so. */
export const textOfBytes = (bytes: Uint8Array): string =>
  new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8").decode(bytes);

/** The text of a file, by its path or descriptor. Throws what `readFileSync` throws. */
export const readTextFile = (file: string | number): string => textOfBytes(readFileSync(file));

/** The text with line feeds alone as line ends. */
export const withLineFeeds = (text: string): string => text.replace(/\r\n/g, "\n");
