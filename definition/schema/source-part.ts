// Where a part of a text comes from: a file that was put into it. The SDK writes it among the sources of a path, and findings read it, to name the line of the
// file and not that of the whole text.

const PART = /^(.*) \((?:lines (\d+)-(\d+)|part)\)$/s;

/** The lines of a text, counted from 1, that come from a file; a file alone where they are not known before outputs are. */
export const partOf = (file: string, lines?: readonly [first: number, last: number]): string =>
  `${file} (${lines === undefined ? "part" : `lines ${lines[0]}-${lines[1]}`})`;

/** The place in the file for a line of the text; undefined where the line is not from there. */
export function locationInPart(place: string, line: number | undefined): string | undefined {
  const [, file, first, last] = PART.exec(place) ?? [];
  if (line === undefined || first === undefined) return file;
  return line >= Number(first) && line <= Number(last) ? `${file}:${line - Number(first) + 1}` : undefined;
}

export const isPart = (place: string): boolean => PART.test(place);
