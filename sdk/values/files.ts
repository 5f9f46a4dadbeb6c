// Bodies in separate files, so that a changed text is a text diff.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { nearest } from "../../definition/schema/names";
import { readTextFile, withLineFeeds } from "../../definition/text-file";
import { renderedMjml } from "./mjml";
import type { Writer } from "./location";
import { FILE_AS_TEXT } from "../../definition/schema/as-text";
import { readsAs } from "./as-text";

const MARK = Symbol.for("pulumi-hogflow.file");

/**
 * A text from a file, created by {@link file} or {@link mjml}. It is read when the program creates the flow, and findings show its path.
 *
 * @example
 * ```ts
 * email("welcome", { from: team, subject: file("mails/welcome.subject.txt"), html: file("mails/welcome.html") })
 * ```
 */
export class FileText {
  /** @internal */
  constructor(
    readonly path: string,
    private readonly kind: "text" | "mjml",
  ) {
    Object.defineProperty(this, MARK, { value: true });
    readsAs(this, FILE_AS_TEXT);
  }

  /** @internal The text, or undefined after a finding. */
  read(at: Writer): pulumi.Input<string> | undefined {
    at.source(this.path);
    return this.text(at);
  }

  /** @internal Likewise, where it is a part of another text. */
  text(at: Writer): pulumi.Input<string> | undefined {
    const source = textOf(this.path, at);
    return source === undefined || this.kind === "text" ? source : renderedMjml(this.path, source, at);
  }
}

export const isFile = (value: unknown): value is FileText =>
  typeof value === "object" && value !== null && (value as { [MARK]?: boolean })[MARK] === true;

/**
 * A text from a file, such as the body of an e-mail, or a part of one: liquid`…${file("mails/footer.html")}`. It may hold templates of the language of its
 * place, Liquid in e-mails; `${…}` means nothing in it. A byte order mark is left out, and line ends are line feeds, so that
 * the file is the same text on every machine.
 *
 * @param path Relative to the folder of the Pulumi project, as Pulumi's own assets are.
 * @example
 * ```ts
 * email("welcome", { from: { integrationId: 7 }, subject: "Welcome!", html: file("mails/welcome.html") })
 * ```
 */
export const file = (path: string): FileText => new FileText(path, "text");

/**
 * The HTML of an e-mail that is written in MJML. Needs the package `mjml` in the project (`npm install mjml`). Liquid tags pass through. What is
 * wrong with the MJML ends the preview with its lines.
 *
 * @param path Relative to the folder of the Pulumi project.
 * @example
 * ```ts
 * email("welcome", { from: { integrationId: 7 }, subject: "Welcome!", html: mjml("mails/welcome.mjml") })
 * ```
 */
export const mjml = (path: string): FileText => new FileText(path, "mjml");

/** Data, or what a file with JSON holds; undefined after a finding. */
export function jsonValue(value: unknown, at: Writer): unknown {
  if (!isFile(value)) return value;
  const text = value.read(at);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(String(text));
  } catch (error) {
    at.report(`the file ${value.path} is not JSON (${(error as Error).message})`, {
      rule: "file-json",
      fix: "Give a file with JSON",
    });
    return undefined;
  }
}

function textOf(given: string, at: Writer): string | undefined {
  if (given === "") {
    at.report("a file needs its path", {
      rule: "file-missing",
      why: "Paths are relative to the folder of the Pulumi project",
      fix: 'Write file("mails/welcome.html")',
    });
    return undefined;
  }
  const file = path.resolve(given);
  try {
    // The same file has other line ends on another machine, and must not be another body there.
    return withLineFeeds(readTextFile(file));
  } catch (error) {
    const folder = path.dirname(file);
    const near = existsSync(folder) ? nearest(path.basename(file), readdirSync(folder)) : undefined;
    at.report(`the file ${given} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`, {
      rule: "file-missing",
      why: "Paths are relative to the folder of the Pulumi project",
      ...(near === undefined
        ? { fix: "Create it, or correct the path" }
        : { suggestion: `"${path.join(path.dirname(given), near)}"` }),
    });
    return undefined;
  }
}
