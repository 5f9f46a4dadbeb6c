// Bodies that stand in files of their own, so that a changed text is a text diff.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { nearest } from "../../provider/schema/names";
import type { Place } from "./place";

const MARK = Symbol.for("pulumi-hogflow.file");

/** A text from a file. It is read when the flow is made, and its path stands in findings. */
export class FileText {
  /** @internal */
  constructor(
    readonly path: string,
    private readonly kind: "text" | "mjml",
  ) {
    Object.defineProperty(this, MARK, { value: true });
  }

  /** @internal The text, or undefined after a finding. */
  read(at: Place): string | undefined {
    at.source(this.path);
    const source = textOf(this.path, at);
    return source === undefined || this.kind === "text" ? source : rendered(this.path, source, at);
  }

  toString(): string {
    return FILE_AS_TEXT;
  }
}

/** What a file turns into where a plain text is made of it; a rule of check finds it. */
export const FILE_AS_TEXT = "[a file of pulumi-hogflow was turned into text]";

export const isFile = (value: unknown): value is FileText => typeof value === "object" && value !== null && (value as { [MARK]?: boolean })[MARK] === true;

/**
 * A text from a file, such as the body of an e-mail. It may hold templates of the language of its place: Liquid in e-mails.
 *
 * @param path Relative to the folder of the Pulumi project, as Pulumi's own assets are.
 * @example `email("welcome", { from: { integrationId: 7 }, subject: "Welcome!", html: file("mails/welcome.html") })`
 */
export const file = (path: string): FileText => new FileText(path, "text");

/**
 * The HTML of an e-mail that is written in MJML. Needs the package `mjml` (5 or later) in the project: `npm install mjml`. Liquid tags pass through.
 *
 * @param path Relative to the folder of the Pulumi project.
 * @example `email("welcome", { from: { integrationId: 7 }, subject: "Welcome!", html: mjml("mails/welcome.mjml") })`
 */
export const mjml = (path: string): FileText => new FileText(path, "mjml");

function textOf(given: string, at: Place): string | undefined {
  const file = path.resolve(given);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const folder = path.dirname(file);
    const near = existsSync(folder) ? nearest(path.basename(file), readdirSync(folder)) : undefined;
    at.problem(`the file ${given} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`, {
      rule: "file-missing",
      why: "Paths are relative to the folder of the Pulumi project",
      fix: near === undefined ? "Create it, or correct the path" : `Did you mean "${path.join(path.dirname(given), near)}"?`,
    });
    return undefined;
  }
}

type Mjml = (source: string, options: { validationLevel: "soft"; filePath: string }) => { html: string; errors: { line: number; message: string; tagName: string }[] };

/** MJML is large and few need it, so it is the project's own dependency and is loaded when it is used. */
function rendered(file: string, source: string, at: Place): string | undefined {
  let mjml2html: Mjml;
  try {
    const found = createRequire(path.resolve("package.json"))("mjml") as Mjml | { default: Mjml };
    mjml2html = typeof found === "function" ? found : found.default;
  } catch {
    at.problem(`${file} needs the package mjml, which is not installed`, { rule: "mjml-missing", fix: "Run: npm install mjml" });
    return undefined;
  }
  try {
    const { html, errors } = mjml2html(source, { validationLevel: "soft", filePath: path.resolve(file) });
    for (const { line, message, tagName } of errors) at.problem(`${file}:${line}: ${message} (<${tagName}>)`, { rule: "mjml-invalid", fix: "Mend the MJML" });
    return html;
  } catch (error) {
    at.problem(`${file} is no MJML: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`, { rule: "mjml-invalid", fix: "Mend the MJML" });
    return undefined;
  }
}
