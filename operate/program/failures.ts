// Where in the program an error happened, out of its text: a stack of Node, or what the TypeScript compiler prints.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

/** A place in a file. Lines and columns count from 1. */
export interface Position {
  /** Absolute. */
  file: string;
  line?: number;
  column?: number;
}

export interface ProgramFailure {
  /** One paragraph. */
  what: string;
  /** The innermost place in the program's own files. */
  position?: Position;
  /** Whether the program was not compiled, so that nothing of it ran. */
  isTypeError: boolean;
}

const FRAME = /^\s*at (?:.*\()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/;
/** `index.ts(3,5): error TS2322: …`, the same as newer versions of ts-node write it, or without a file where the settings are wrong. */
const COMPILER = /^(?:(.+?)(?:\((\d+),(\d+)\):|:(\d+):(\d+) -) )?error (TS\d+: .*)$/;
const HEADER = /^Running program '.*' failed with an unhandled exception:\n/;

/** The errors in a text that Pulumi has logged; several where the compiler found several. */
export function failuresIn(text: string, programDir: string): ProgramFailure[] {
  const lines = stripVTControlCharacters(text)
    .replace(HEADER, "")
    .replace(/^<ref \*\d+> /, "")
    .split("\n");
  const compiled = compilerErrors(lines, programDir).map((error) => ({
    ...error,
    what: withoutSecretLiterals(error.what),
  }));
  if (compiled.length > 0) return compiled;
  const first = lines.findIndex((line) => /^\s*at .*:\d+\)?$|^Require stack:$/.test(line));
  const frames = first < 0 ? [] : positionsIn(lines.slice(first).join("\n"));
  const said = (first < 0 ? lines : lines.slice(0, first)).map((line) => line.trim()).filter((line) => line !== "");
  const position = syntaxErrorAt(lines) ?? ownPosition(frames) ?? ownPosition(importersIn(lines));
  const syntax = said.findIndex((line) => line.startsWith("SyntaxError: "));
  const what = said
    .slice(Math.max(0, syntax))
    .join(" ")
    .replace(/^Error(?: \[\w+\])?: /, "");
  return [{ what, isTypeError: false, ...(position === undefined ? {} : { position }) }];
}

/** The compiler quotes the text that was given where a secret is expected. */
export const withoutSecretLiterals = (text: string): string =>
  text.includes("Secret<")
    ? text.replace(/\b(type) (['"]?)(["'`])[^]*?\3\2 is not assignable/gi, '$1 $2"…"$2 is not assignable')
    : text;

/** Node prints the line of a syntax error before the error. */
function syntaxErrorAt([first = "", ...rest]: readonly string[]): Position | undefined {
  const [, file, line] = /^((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+)$/.exec(first) ?? [];
  return file !== undefined && rest.some((text) => text.startsWith("SyntaxError: "))
    ? { file: filePath(file), line: Number(line) }
    : undefined;
}

/** The files that could not import another, the innermost first: such an error has no frame in the program. */
const importersIn = (lines: readonly string[]): Position[] =>
  lines.flatMap((line) => {
    const [, file] = /(?: imported from |^- )((?:file:\/\/|\/|[A-Za-z]:[\\/]).*)$/.exec(line) ?? [];
    return file === undefined ? [] : [{ file: filePath(file) }];
  });

/** A line that is indented more goes on with the error above it. */
function compilerErrors(lines: readonly string[], programDir: string): ProgramFailure[] {
  const found: ProgramFailure[] = [];
  for (const line of lines) {
    const match = COMPILER.exec(line);
    if (match) {
      const [, file, line1, column1, line2, column2, what] = match;
      found.push({
        what: what!,
        isTypeError: true,
        ...(file === undefined
          ? {}
          : {
              position: {
                file: path.resolve(programDir, file),
                line: Number(line1 ?? line2),
                column: Number(column1 ?? column2),
              },
            }),
      });
    } else if (/^\s+\S/.test(line) && !FRAME.test(line) && found.length > 0) found.at(-1)!.what += ` ${line.trim()}`;
  }
  return found;
}

/** The places of a stack, the innermost first. */
export const positionsIn = (stack: string): Required<Position>[] =>
  stack.split("\n").flatMap((line) => {
    const [, file, row, column] = FRAME.exec(line) ?? [];
    return file === undefined ? [] : [{ file: filePath(file), line: Number(row), column: Number(column) }];
  });

/** The first place that is the program's own, neither a package's nor Node's. */
export const ownPosition = (positions: readonly Position[]): Position | undefined =>
  positions.map((position) => ({ ...position, file: filePath(position.file) })).find(({ file }) => isOwn(file));

const PACKAGE = path.resolve(__dirname, "../..");
const isOwn = (file: string): boolean =>
  !/[\\/]node_modules[\\/]/.test(file) && !file.startsWith(`${PACKAGE}${path.sep}`) && path.isAbsolute(file);

function filePath(name: string): string {
  if (!name.startsWith("file:")) return name;
  try {
    return fileURLToPath(name);
  } catch {
    return name;
  }
}
