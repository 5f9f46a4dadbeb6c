// Texts with holes. Two languages, two tags: Liquid in e-mails and push notifications, Hog (or Liquid) in the inputs of destinations. The wrong one does
// not compile. Static parts are the author's own template text and stay as they are; references are written for the language, and everything else that
// stands in a hole is data, whose braces are escaped.
import * as pulumi from "@pulumi/pulumi";
import { HOLE_AS_TEXT, REFERENCE_AS_TEXT } from "../../provider/schema/as-text";
import { readsAs } from "./as-text";
import { isFile, type FileText } from "./files";
import type { Place } from "./place";
import { inTemplate, isReference, type Reference } from "./references";

/** The languages of texts. */
export type Language = "liquid" | "hog";

declare const language: unique symbol;
/** A text in one of the two languages, from the tags `liquid` and `hog`. */
export interface Template<L extends Language = Language> {
  readonly [language]: L;
}

/** What may stand in a hole. */
export type Hole = Reference | pulumi.Input<string> | pulumi.Input<number>;

interface TemplateData {
  language: Language;
  parts: readonly string[];
  /** The parts as they stand in the program, with their backslashes. */
  raw: readonly string[];
  holes: readonly unknown[];
}

const MARK = Symbol.for("pulumi-hogflow.template");

export const templateOf = (value: unknown): TemplateData | undefined => (typeof value === "object" && value !== null ? (value as { [MARK]?: TemplateData })[MARK] : undefined);

const tag =
  <L extends Language>(name: L) =>
  (parts: TemplateStringsArray, ...holes: readonly Hole[]): Template<L> =>
    Object.freeze(readsAs({ [MARK]: { language: name, parts: [...parts], raw: [...parts.raw], holes } }, REFERENCE_AS_TEXT)) as object as Template<L>;

/**
 * A Liquid text, for e-mails and push notifications. Holes take references and outputs; Liquid that is written out works as well. A missing value is
 * empty; `.or(…)` gives another. Run time §6.2.
 *
 * @example
 * ```ts
 * liquid`Welcome, ${person("first_name").or("there")}`
 * ```
 * @example
 * ```ts
 * liquid`<a href="${bucket.websiteUrl}">{{ person.properties.plan | upcase }}</a>`
 * ```
 */
export const liquid = tag("liquid");

/**
 * A Hog text, for the inputs of destinations such as webhooks and Slack. Holes take references and outputs; Hog that is written out works as well. A hole
 * alone keeps the type of its value. Run time §6.1.
 *
 * @example
 * ```ts
 * hog`${person("email")} gave ${vars.score}`
 * ```
 */
export const hog = tag("hog");

/** Texts of e-mails and push notifications. A plain text may hold Liquid. */
export type LiquidText = pulumi.Input<string> | Template<"liquid"> | Reference | FileText;
/** Texts that are Hog. A plain text may hold Hog. */
export type HogText = pulumi.Input<string> | Template<"hog"> | Reference;
/** Texts of destinations: Hog or Liquid; the tag sets the language. A plain text has the language of the template's input, mostly Hog. */
export type DestinationText = pulumi.Input<string> | Template | Reference | FileText;
/** Data of destinations: texts, numbers, and maps and lists of them, in one language. */
export type DestinationData = DestinationText | pulumi.Input<number> | pulumi.Input<boolean> | null | { readonly [key: string]: DestinationData | undefined } | readonly DestinationData[];
/** A Hog expression, or a property: `person("renewal")`, or `"person.properties.renewal"`. */
export type Expression = pulumi.Input<string> | Template<"hog"> | Reference;

/**
 * Braces in data that would otherwise be read as a template. In Hog, a backslash before a brace escapes it even where the backslash is escaped itself, so
 * data's own backslashes stand in expressions.
 */
const escaped = (text: string, name: Language): string => (name === "hog" ? text.replace(/\\|\{/g, (char) => (char === "{" ? "\\{" : "{'\\\\'}")) : text.replace(/\{(?=[{%]|$)/g, '{{ "{" }}'));

/** Data of a hole: what is neither text nor number would be mailed as "undefined" or "[object Object]". */
const isData = (value: unknown): value is string | number | boolean => typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));

/** A hole of data, written for its place. */
export function dataHole(hole: unknown, at: Place, write: (data: string | number | boolean) => string): pulumi.Input<string> {
  // The value of an output is known too late for a finding here; check finds what stands in its place.
  if (pulumi.Output.isInstance(hole) || hole instanceof Promise) return pulumi.output(hole as pulumi.Input<string>).apply((value: unknown) => (isData(value) ? write(value) : HOLE_AS_TEXT));
  if (isData(hole)) return write(hole);
  at.problem(`a hole holds ${hole === undefined || hole === null || typeof hole === "number" ? String(hole) : `no text but a value of type ${typeof hole}`}`, { rule: "hole-value", fix: "Give a text, a number, a reference or an output" });
  return "";
}

const LOST_BRACE = /(?<!\\)(?:\\\\)*\\\{/;

/** Backslashes that JavaScript takes before they reach the text. */
export function checkEscapes({ language: name, parts, raw }: TemplateData, at: Place): void {
  if (parts.some((part) => part === undefined)) at.problem("holds a backslash that JavaScript cannot read", { rule: "text-escape", fix: "Write \\\\ for a backslash" });
  else if (raw.some((part) => LOST_BRACE.test(part))) at.problem("loses the backslash before a brace", { rule: "text-escape", fix: name === "hog" ? "Write \\\\{ for a brace that opens no expression" : 'Write ${"{"} for a brace that opens no tag' });
}

/** A text, or an output of it where a hole is one: one apply a leaf, so that a secret hole makes this leaf secret and nothing else. */
function filled(template: TemplateData, at: Place): pulumi.Input<string> {
  const { language: name, parts, holes } = template;
  checkEscapes(template, at);
  const rendered = holes.map((hole): unknown => {
    if (isReference(hole)) {
      if (hole.data.root === "group" && hole.data.groupName === undefined) {
        at.problem("a text finds groups by the name of their type, and only its index is given", { rule: "group-name", fix: `Write group({ index: ${hole.data.group ?? 0}, name: "company" }, ${JSON.stringify(hole.data.key)})` });
      }
      const path = inTemplate(hole.data, name);
      return name === "liquid" ? `{{ ${path} }}` : `{${path}}`;
    }
    if (templateOf(hole) !== undefined || isFile(hole)) {
      at.problem("a text stands inside a text", { rule: "text-in-text", fix: "Write one text, or put the part into a constant that is a plain text" });
      return "";
    }
    return dataHole(hole, at, (data) => escaped(String(data), name));
  });
  const join = (values: readonly unknown[]): string => parts.map((part, i) => part + (i < values.length ? String(values[i]) : "")).join("");
  return rendered.some((value) => pulumi.Output.isInstance(value)) ? pulumi.all(rendered as pulumi.Input<string>[]).apply(join) : join(rendered);
}

export interface Rendered {
  value: unknown;
  /** The language that the text was written in; undefined for plain texts. */
  templating?: Language;
}

/** A text for a place of this language, or for one that takes both. */
export function renderText(value: unknown, at: Place, only?: Language): Rendered {
  const template = templateOf(value);
  if (template !== undefined) {
    if (only !== undefined && template.language !== only) {
      at.problem(`is a ${template.language} text, and here stands ${only === "liquid" ? "Liquid" : "Hog"}`, { rule: "text-language", fix: `Write ${only}\`…\`` });
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

/** A text of an e-mail or a push notification. */
export const liquidValue = (value: LiquidText, at: Place): unknown => renderText(value, at, "liquid").value;

/** A plain leaf. A reference or a text that stands where neither fits is a finding. */
export function checkedLeaf(value: unknown, at: Place): unknown {
  if (isReference(value) || templateOf(value) !== undefined || isFile(value)) {
    at.problem(`${isFile(value) ? "a file" : isReference(value) ? "a reference" : "a template"} stands where a plain value must`, { rule: "text-place", fix: "Give a plain value or an output" });
    return undefined;
  }
  return value;
}
