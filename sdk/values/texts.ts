// Texts with holes. Two languages, two tags: Liquid in e-mails and push notifications, Hog (or Liquid) in the inputs of destinations. The wrong one does
// not compile. Static parts are the author's own template text and stay as they are, as do texts and files in holes; references are written for the language,
// and everything else in a hole is data: its braces are escaped.
import * as pulumi from "@pulumi/pulumi";
import { HOLE_AS_TEXT, REFERENCE_AS_TEXT } from "../../definition/schema/as-text";
import { readsAs } from "./as-text";
import { INPUT_ROOTS, TRIGGER_ROOTS } from "../../definition/schema/roots";
import { partOf } from "../../definition/schema/source-part";
import { isFile, type FileText } from "./files";
import type { Writer } from "./location";
import { hogText, inExpression, inTemplate, isReference, type Reference } from "./references";

/** The languages of texts. */
export type Language = "liquid" | "hog";

declare const language: unique symbol;
/** A text in one of the two languages, from the tags `liquid` and `hog`. */
export interface Template<L extends Language = Language> {
  readonly [language]: L;
}

/** What a hole of a text in this language accepts: a reference, another text of the language, a file, or data. */
export type Hole<L extends Language = Language> =
  Reference | Template<L> | FileText | pulumi.Input<string> | pulumi.Input<number>;

interface TemplateData {
  language: Language;
  parts: readonly string[];
  /** The parts as they are in the program, with their backslashes. */
  raw: readonly string[];
  holes: readonly unknown[];
}

const MARK = Symbol.for("pulumi-hogflow.template");

export const templateOf = (value: unknown): TemplateData | undefined =>
  typeof value === "object" && value !== null ? (value as { [MARK]?: TemplateData })[MARK] : undefined;

const tag =
  <L extends Language>(name: L) =>
  (parts: TemplateStringsArray, ...holes: readonly Hole<L>[]): Template<L> =>
    Object.freeze(
      readsAs({ [MARK]: { language: name, parts: [...parts], raw: [...parts.raw], holes } }, REFERENCE_AS_TEXT),
    ) as object as Template<L>;

/**
 * A Liquid text, for e-mails, text messages and push notifications. Holes take references, outputs, files, and other texts of this kind, such as a footer that
 * all e-mails share; Liquid that is written out works as well. Everything else is data: its braces are sent as they are. A missing value is empty; `.or(…)`
 * gives another.
 *
 * @example
 * ```ts
 * liquid`Welcome, ${person("first_name").or("there")}`
 * ```
 * @example
 * ```ts
 * liquid`<a href="${bucket.websiteUrl}">{{ person.properties.plan | upcase }}</a>`
 * ```
 * @example
 * ```ts
 * const footer = liquid`<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>`;
 * email("tips", { from: team, subject: "Three tips", html: liquid`<p>Invite your team.</p>${footer}` });
 * ```
 */
export const liquid = tag("liquid");

/**
 * A Hog text, for the inputs of destinations such as webhooks and Slack. Holes take references, outputs, files, and other texts of this kind; Hog that is
 * written out works as well. Everything else is data: its braces are sent as they are. A hole alone keeps the type of its value.
 *
 * @example
 * ```ts
 * hog`${person("email")} gave ${vars.score}`
 * ```
 */
export const hog = tag("hog");

/** Texts of e-mails, text messages and push notifications. A plain text may hold Liquid. */
export type LiquidText = pulumi.Input<string> | Template<"liquid"> | Reference | FileText;
/** Texts that are Hog. A plain text may hold Hog. */
export type HogText = pulumi.Input<string> | Template<"hog"> | Reference;
/** Texts of destinations: Hog or Liquid; the tag sets the language. A plain text has the language of the template's input, mostly Hog. */
export type DestinationText = pulumi.Input<string> | Template | Reference | FileText;
/** Texts that PostHog reads no Hog in: a channel, a number to send from. */
export type PlainText = pulumi.Input<string> | Template<"liquid"> | Reference;
/** Data of destinations: texts, numbers, and maps and lists of them, in one language. */
export type DestinationData =
  | DestinationText
  | pulumi.Input<number>
  | pulumi.Input<boolean>
  | null
  | { readonly [key: string]: DestinationData | undefined }
  | readonly DestinationData[];
/** A Hog expression, or a property: `person("renewal")`, or `"person.properties.renewal"`. */
export type Expression = pulumi.Input<string> | Template<"hog"> | Reference;

/**
 * Braces in data that would otherwise be read as a template. In Hog, a backslash before a brace escapes it even where the backslash is escaped itself, so
 * data's own backslashes are in expressions.
 */
const escaped = (text: string, name: Language): string =>
  name === "hog"
    ? text.replace(/\\|\{/g, (char) => (char === "{" ? "\\{" : "{'\\\\'}"))
    : text.replace(/\{(?=[{%]|$)/g, '{{ "{" }}');

/** Data of a hole: what is neither text nor number would be mailed as "undefined" or "[object Object]". */
const isData = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));

/** A hole of data, written for its place. */
function dataHole(hole: unknown, at: Writer, write: (data: string | number | boolean) => string): pulumi.Input<string> {
  // The value of an output is known too late for a finding here; check finds what replaced it.
  if (pulumi.Output.isInstance(hole) || hole instanceof Promise)
    return pulumi
      .output(hole as pulumi.Input<string>)
      .apply((value: unknown) => (isData(value) ? write(value) : HOLE_AS_TEXT));
  if (isData(hole)) return write(hole);
  at.report(
    `a hole holds ${hole === undefined || hole === null || typeof hole === "number" ? String(hole) : `not a text but a value of type ${typeof hole}`}`,
    { rule: "hole-value", fix: "Give a text, a number, a reference or an output" },
  );
  return "";
}

const LOST_BRACE = /(?<!\\)(?:\\\\)*\\\{/;

/** Backslashes that JavaScript takes before they reach the text. */
function checkEscapes({ language: name, parts, raw }: TemplateData, at: Writer): void {
  if (parts.some((part) => part === undefined))
    at.report("holds a backslash that JavaScript cannot read", {
      rule: "text-escape",
      fix: "Write \\\\ for a backslash",
    });
  else if (raw.some((part) => LOST_BRACE.test(part)))
    at.report("loses the backslash before a brace", {
      rule: "text-escape",
      fix:
        name === "hog"
          ? "Write \\\\{ for a brace that does not open an expression"
          : 'Write ${"{"} for a brace that does not open a tag',
    });
}

/** A piece of a text; with `file`, the contents of that file. */
interface Piece {
  text: pulumi.Input<string>;
  file?: string;
}

/** How the holes of a text are written. */
interface Holes {
  language: Language;
  reference: (hole: Reference, at: Writer) => string;
  data: (data: string | number | boolean) => string;
}

function reference(hole: Reference, name: Language, at: Writer): string {
  if (hole.data.root === "group" && hole.data.groupName === undefined) {
    at.report("a text reads groups by the name of their type, but only the index is given", {
      rule: "group-name",
      fix: `Write group({ index: ${hole.data.group ?? 0}, name: "company" }, ${JSON.stringify(hole.data.key)})`,
    });
  }
  const path = inTemplate(hole.data, name);
  return name === "liquid" ? `{{ ${path} }}` : `{${path}}`;
}

const TAGS: Readonly<Record<Language, RegExp>> = {
  liquid: /\{[{%]/,
  hog: new RegExp(`\\{\\s*(?:${[...INPUT_ROOTS, ...TRIGGER_ROOTS].join("|")})\\b`),
};

/** The pieces of a text, and of the texts inside it. */
function piecesOf(template: TemplateData, at: Writer, holes: Holes): Piece[] {
  checkEscapes(template, at);
  if (template.language !== holes.language) {
    at.report(`a ${template.language} text is inside a ${holes.language} text`, {
      rule: "text-language",
      fix: `Write both with the same tag: ${holes.language}\`…\``,
    });
  }
  return template.parts.flatMap((part, i) =>
    i < template.holes.length ? [{ text: part }, ...hole(template.holes[i], at, holes)] : [{ text: part }],
  );
}

function hole(given: unknown, at: Writer, holes: Holes): Piece[] {
  const inner = templateOf(given);
  if (inner !== undefined) return piecesOf(inner, at, holes);
  if (isFile(given)) return [{ text: given.text(at) ?? "", file: given.path }];
  if (isReference(given)) return [{ text: holes.reference(given, at) }];
  if (typeof given === "string" && TAGS[holes.language].test(given)) {
    at.report(
      `a plain text with ${holes.language === "liquid" ? "{{ or {%" : "an expression in braces"} is in a hole, and is sent unchanged: "${given.length > 60 ? `${given.slice(0, 59)}…` : given}"`,
      {
        rule: "braces-in-hole",
        fix: `If its tags should work, write it as ${holes.language}\`…\` where it is created, or as file("…")`,
      },
    );
  }
  return [{ text: dataHole(given, at, holes.data) }];
}

/** The pieces as one text, or an output of it where a piece is one: one apply a leaf, so that a secret hole makes this leaf secret and nothing else. */
function joined(pieces: readonly Piece[], at: Writer): pulumi.Input<string> {
  // Counted as far as it is known which lines come before.
  let line: number | undefined = 1;
  for (const { text, file } of pieces) {
    const breaks: number | undefined = typeof text === "string" ? text.split("\n").length - 1 : undefined;
    if (file !== undefined)
      at.source(line === undefined || breaks === undefined ? partOf(file) : partOf(file, [line, line + breaks]));
    line = line === undefined || breaks === undefined ? undefined : line + breaks;
  }
  const texts = pieces.map(({ text }) => text);
  return texts.some((text) => pulumi.Output.isInstance(text))
    ? pulumi.all(texts).apply((all) => all.join(""))
    : texts.join("");
}

const filled = (template: TemplateData, at: Writer): pulumi.Input<string> =>
  joined(
    piecesOf(template, at, {
      language: template.language,
      reference: (given, location) => reference(given, template.language, location),
      data: (data) => escaped(String(data), template.language),
    }),
    at,
  );

/** A Hog expression with holes. A text among the data is quoted: without quotes, a date such as 2030-01-01 would be a subtraction. */
export const filledExpression = (template: TemplateData, at: Writer): pulumi.Input<string> =>
  joined(
    piecesOf(template, at, {
      language: "hog",
      reference: ({ data }) => inExpression(data),
      data: (data) => (typeof data === "string" ? hogText(data) : String(data)),
    }),
    at,
  );

export interface Rendered {
  value: unknown;
  /** The language that the text was written in; undefined for plain texts. */
  templating?: Language;
}

/** A text for a place of this language, or for one that takes both. */
export function renderText(value: unknown, at: Writer, only?: Language): Rendered {
  const template = templateOf(value);
  if (template !== undefined) {
    if (only !== undefined && template.language !== only) {
      at.report(`is a ${template.language} text, but ${only === "liquid" ? "Liquid" : "Hog"} is expected`, {
        rule: "text-language",
        fix: `Write ${only}\`…\``,
      });
    }
    return { value: filled(template, at), templating: template.language };
  }
  if (isReference(value)) {
    const name = only ?? "hog";
    return { value: filled({ language: name, parts: ["", ""], raw: [], holes: [value] }, at), templating: name };
  }
  if (isFile(value)) return { value: value.read(at) ?? "" };
  return { value: checkedLeaf(value, at) };
}

/** Whether it is a text that is no plain one: with holes, a reference, a file, or an output. */
export const isTextValue = (value: unknown): boolean =>
  templateOf(value) !== undefined ||
  isReference(value) ||
  isFile(value) ||
  pulumi.Output.isInstance(value) ||
  value instanceof Promise;

/** A text of an e-mail or a push notification. */
export const liquidValue = (value: LiquidText, at: Writer): unknown => renderText(value, at, "liquid").value;

/** A plain leaf. A reference or a text where neither fits is a finding. */
export function checkedLeaf(value: unknown, at: Writer): unknown {
  if (isReference(value) || templateOf(value) !== undefined || isFile(value)) {
    at.report(
      `${isFile(value) ? "a file" : isReference(value) ? "a reference" : "a template"} is used where a plain value is expected`,
      { rule: "text-place", fix: "Give a plain value or an output" },
    );
    return undefined;
  }
  return value;
}
