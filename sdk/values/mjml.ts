// E-mails that are written in MJML, by the project's own copy of the package.
import { createRequire } from "node:module";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Writer } from "./location";

interface Html {
  html: string;
  errors: { line: number; message: string; tagName: string }[];
}
export type Mjml = (source: string, options: { validationLevel: "soft"; filePath: string }) => Promise<Html>;

/** MJML is large and few need it, so it is the project's own dependency and is loaded when it is used. */
export function renderedMjml(file: string, source: string, at: Writer): pulumi.Output<string> | undefined {
  let mjml2html: Mjml;
  try {
    const found = createRequire(path.resolve("package.json"))("mjml") as Mjml | { default: Mjml };
    mjml2html = typeof found === "function" ? found : found.default;
  } catch {
    at.report(`${file} needs the package mjml, which is not installed`, {
      rule: "mjml-missing",
      fix: "Run: npm install mjml",
    });
    return undefined;
  }
  return pulumi.output(htmlOf(mjml2html, file, source));
}

/** Errors of MJML come too late for check, so they end the program, with their lines and without a stack. */
export async function htmlOf(mjml2html: Mjml, file: string, source: string): Promise<string> {
  let result: Html;
  try {
    // Version 4 answers at once, version 5 with a promise.
    result = await mjml2html(source, { validationLevel: "soft", filePath: path.resolve(file) });
  } catch (error) {
    throw new pulumi.RunError(
      `${file} is not MJML: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
    );
  }
  if (result.errors.length > 0)
    throw new pulumi.RunError(
      result.errors.map(({ line, message, tagName }) => `${file}:${line}: ${message} (<${tagName}>)`).join("\n"),
    );
  return result.html;
}
