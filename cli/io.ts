// The streams of a command: what it writes where, whether somebody is there to answer, and colours where they are wanted.
import { randomInt } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { inspect } from "node:util";
import { OperateError } from "../operate/errors";
import { maskText } from "../operate/mask";
import { jsonText, oneLine, withoutCommands, withoutUnseen } from "../definition/plain-text";
import { textOfBytes } from "../definition/text-file";

/** As util.styleText names them. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export interface Terminal {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export interface Streams {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: Terminal;
  stderr: Terminal;
  env: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_WIDTH = 100;

/** Colours only on a terminal; NO_COLOR takes them away, FORCE_COLOR gives them everywhere (https://no-color.org). */
export function wantsColour(stream: Terminal, env: Streams["env"]): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"] !== undefined) return env["FORCE_COLOR"] !== "0" && env["FORCE_COLOR"] !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

export class Io {
  private progressShown = false;

  constructor(
    private readonly streams: Streams,
    /** No progress and no colours: the output is for a machine. */
    readonly json: boolean,
  ) {}

  get env(): Streams["env"] {
    return this.streams.env;
  }

  /** Characters in a line of the terminal. Without one no line is cut: what is read from a file or a pipe may be long. */
  get columns(): number {
    return this.streams.stdout.isTTY ? (this.streams.stdout.columns ?? DEFAULT_WIDTH) : Infinity;
  }

  /** The answer of the command: standard output. A line end is added. */
  out(text: string): void {
    this.clearProgress();
    this.streams.stdout.write(`${harmless(text)}\n`);
  }

  /** Lines that a CI runner is to carry out. Whoever makes them has escaped what others wrote. */
  outCommands(text: string): void {
    this.clearProgress();
    this.streams.stdout.write(`${text}\n`);
  }

  /** Notes and errors: standard error. */
  note(text: string): void {
    this.clearProgress();
    // Errors quote addresses and answers.
    this.streams.stderr.write(`${harmless(maskText(text))}\n`);
  }

  /** Data for a machine, exactly: what a terminal or a CI runner would carry out is escaped. */
  outJson(data: unknown, indent?: number): void {
    this.clearProgress();
    this.streams.stdout.write(`${jsonText(data, indent)}\n`);
  }

  /** The same on standard error. */
  noteJson(data: unknown): void {
    this.clearProgress();
    this.streams.stderr.write(`${jsonText(data)}\n`);
  }

  /** All of standard input, for commands that take `-` for a file. */
  async readAll(): Promise<string> {
    const pieces: Buffer[] = [];
    for await (const piece of this.streams.stdin) pieces.push(Buffer.from(piece));
    return textOfBytes(Buffer.concat(pieces));
  }

  /** What is going on, on one line of the terminal that the next output replaces. Nothing where there is no terminal. */
  progress(text: string): void {
    if (!this.streams.stderr.isTTY || this.json) return;
    this.clearProgress();
    this.streams.stderr.write(
      harmless(
        styled(
          oneLine(text).slice(0, (this.streams.stderr.columns || DEFAULT_WIDTH) - 1),
          "dim",
          wantsColour(this.streams.stderr, this.env),
        ),
      ),
    );
    this.progressShown = true;
  }

  /** Why nothing happens for a while: instead of the progress, and on a separate line where there is no terminal. */
  meanwhile(text: string): void {
    if (this.streams.stderr.isTTY && !this.json) this.progress(text);
    else this.note(text);
  }

  clearProgress(): void {
    if (!this.progressShown) return;
    this.progressShown = false;
    this.streams.stderr.write("\r\u001b[2K");
  }

  /** Text for standard output, in a style where that is wanted. */
  style(text: string, ...styles: Style[]): string {
    return styles.reduce(
      (done, style) => styled(done, style, !this.json && wantsColour(this.streams.stdout, this.env)),
      text,
    );
  }

  /** The same for standard error. */
  noteStyle(text: string, ...styles: Style[]): string {
    return styles.reduce(
      (done, style) => styled(done, style, !this.json && wantsColour(this.streams.stderr, this.env)),
      text,
    );
  }

  /** Whether somebody sits there to answer a question. */
  get interactive(): boolean {
    return this.streams.stdin.isTTY === true && this.streams.stderr.isTTY === true && !this.json;
  }

  /**
   * Asks before something that cannot be undone. `will` says what happens, line by line. Throws when nobody is there to ask, and
   * when the answer is not yes.
   */
  async confirm(will: readonly string[], options: { yes: boolean; signal: AbortSignal }): Promise<void> {
    if (options.yes) return;
    for (const line of will) this.note(oneLine(line));
    if (!this.interactive)
      throw new OperateError({
        what: "Nothing was done",
        why: "This can't be undone, and this isn't an interactive terminal",
        fix: "Pass --yes to do it",
      });
    const answer = await this.answer("Continue? [y/N] ", options.signal);
    if (!/^\s*y(es)?\s*$/i.test(answer)) throw new OperateError({ what: "Nothing was done" });
  }

  /**
   * Asks for a text, where somebody is there to answer; the fallback is the answer of an empty line, and where nobody is there.
   *
   * @param check Throws an Error whose message ends the sentence "This …"; then the question is asked again.
   */
  async ask(
    question: string,
    { fallback, check, signal }: { fallback: string; check?: (text: string) => unknown; signal: AbortSignal },
  ): Promise<string> {
    if (!this.interactive) return fallback;
    for (;;) {
      const shown = fallback === "" ? "" : ` (${fallback})`;
      const answer = oneLine((await this.answer(`${oneLine(question)}${shown}: `, signal)).trim()) || fallback;
      try {
        if (answer !== "") check?.(answer);
        return answer;
      } catch (error) {
        this.note(`This ${(error as Error).message}.`);
      }
    }
  }

  private async answer(question: string, signal: AbortSignal): Promise<string> {
    this.clearProgress();
    // Not the terminal mode of readline, which would keep Ctrl-C for itself.
    const prompt = createInterface({
      input: this.streams.stdin,
      output: this.streams.stderr as NodeJS.WritableStream & Terminal,
      terminal: false,
    });
    // An input that ends (Ctrl-D) answers nothing, ever.
    const ended = new Promise<string>((resolve) => prompt.once("close", () => resolve("")));
    try {
      return await Promise.race([prompt.question(question, { signal }), ended]);
    } finally {
      prompt.close();
    }
  }
}

/** Stands in the styles of this process until they are written, so that no text of others has one: nobody can know it. */
const OURS = Array.from({ length: 4 }, () => randomInt(1000, 10_000)).join(";");
const OUR_STYLES = new RegExp(`\\u001b\\[${OURS};(\\d+)m`);

/** Text of others (names, log lines) must not move the cursor, hide anything or have colours: of what is not seen only line ends, tabs and our own styles stay. */
const harmless = (text: string): string =>
  withoutCommands(
    text
      .split(OUR_STYLES)
      .map((part, i) => (i % 2 === 1 ? `\u001b[${part}m` : withoutUnseen(part.replace(/\r\n/g, "\n"))))
      .join(""),
  );

function styled(text: string, style: Style, wanted: boolean): string {
  const [on, off] = inspect.colors[style]!;
  return wanted ? `\u001b[${OURS};${on}m${text}\u001b[${OURS};${off}m` : text;
}
