// Reads Hog: the expressions of filters and `delayUntil`, and the template texts of inputs (run time §5, §6.1).
import { nearest } from "../schema/names";
import type { HogNode } from "./hog-ast";
import { HOG_FUNCTIONS } from "./hog-functions";
import { HogSyntaxError } from "./hog-lexer";
import { templateNode } from "./hog-templates";
import { HogParser } from "./hog-parser";
import { memoised } from "./memo";
import { lineFinder, type LanguageFinding, type Parsed, type Use } from "./parsed";

/** A Hog text, read. */
export interface ParsedHog extends Parsed {
  functions: readonly Use[];
  /** The tree; absent when the text could not be read. */
  ast?: HogNode;
}

/** A Hog template text, read. */
export interface ParsedHogTemplate extends ParsedHog {
  /** Texts and expressions in turn; absent when the text could not be read. */
  parts?: readonly (string | HogNode)[];
}

// API §4.2
const WHY_SYNTAX = "PostHog compiles it when the flow is saved, and refuses a text that does not parse";
const WHY_FUNCTION = "the step fails when it calls a function that PostHog does not have";

/**
 * Reads one Hog expression, such as the one of `delayUntil`. Never throws; the answer is remembered by text.
 *
 * @example
 * parseHogExpression("person.properties.plan ?? 'free'").references; // [{ root: "person", path: ["properties", "plan"], … }]
 */
export const parseHogExpression = memoised((text: string): ParsedHog =>
  read(text, (parser) => ({ ast: parser.expressionOnly() })),
);

/**
 * Reads a template text: plain text with expressions in braces. One expression and nothing else keeps its type (run time §6.1).
 * Never throws; the answer is remembered by text.
 *
 * @example
 * parseHogTemplate("Hi {person.properties.name}").parts; // ["Hi ", { kind: "field", … }]
 */
export const parseHogTemplate = memoised((text: string): ParsedHogTemplate => {
  const parsed = read(text, (parser) => {
    const parts = parser.template();
    return { parts, ast: templateNode(parts) };
  });
  return text.includes("\\}") && parsed.ast
    ? { ...parsed, findings: [...parsed.findings, ...keptBackslashes(text)] }
    : parsed;
});

function read<T extends { ast: HogNode }>(
  text: string,
  parse: (parser: HogParser) => T,
): Parsed & { functions: Use[] } & Partial<T> {
  const lineOf = lineFinder(text);
  const located = <P extends { offset: number }>(found: P): P & { line: number } => ({
    ...found,
    line: lineOf(found.offset),
  });
  const parser = new HogParser(text);
  const findings: LanguageFinding[] = [];
  let tree: Partial<T> = {};
  try {
    tree = parse(parser);
  } catch (error) {
    findings.push(located(asFinding(error)));
  }
  for (const { key, owner, offset } of parser.hyphens) findings.push(located({ ...hyphenFinding(key, owner), offset }));
  const functions = parser.calls.map(located);
  for (const use of functions) {
    const finding = functionFinding(use);
    if (finding) findings.push({ ...finding, offset: use.offset, line: use.line });
  }
  return { ...tree, references: parser.references.map(located), functions, findings };
}

function asFinding(error: unknown): Omit<LanguageFinding, "line"> {
  // Anything else than our own error is a text that is too deep or too large for this reader, and says nothing about the text.
  if (!(error instanceof HogSyntaxError) || !error.certain) {
    const detail = error instanceof HogSyntaxError ? `: ${error.message}` : "";
    return {
      kind: "notRead",
      severity: "warning",
      what: `this Hog text is not checked${detail}`,
      offset: error instanceof HogSyntaxError ? error.offset : 0,
    };
  }
  const kind = / is Liquid, /.test(error.message) ? "otherLanguage" : "syntax";
  return {
    kind,
    severity: "error",
    what: `Hog: ${error.message}`,
    why: WHY_SYNTAX,
    fix: error.fix,
    offset: error.offset,
  };
}

function hyphenFinding(key: string, owner: string): Omit<LanguageFinding, "line" | "offset"> {
  return {
    kind: "syntax",
    severity: "warning",
    what: `\`${key}\` is read as a subtraction`,
    why: "the result is not a text, and newer versions of PostHog refuse it",
    fix: `${owner}['${key}']`,
  };
}

function functionFinding(use: Use): Omit<LanguageFinding, "line" | "offset"> | undefined {
  const arity = HOG_FUNCTIONS[use.name];
  const given = use.arguments ?? 0;
  if (!arity) {
    const near = nearest(use.name, Object.keys(HOG_FUNCTIONS));
    return {
      kind: "unknownFunction",
      severity: "warning",
      what: `Hog has no function \`${use.name}\` that is known here`,
      why: WHY_FUNCTION,
      fix: near && `did you mean \`${near}\`?`,
    };
  }
  const [least = 0, most = 0] = arity;
  if (given >= least && given <= most) return undefined;
  const wanted =
    least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
  return {
    kind: "argumentCount",
    severity: "warning",
    what: `\`${use.name}\` takes ${wanted} argument${wanted === "1" ? "" : "s"} and is given ${given}`,
    why: "the step fails when it calls it",
  };
}

/** Only the opening brace has an escape: the backslash before a closing one is printed (seen with PostHog's parser). */
function keptBackslashes(text: string): LanguageFinding[] {
  const offset = text.indexOf("\\}");
  // A backslash that is itself escaped, or one inside a quoted string of an expression, is none of this.
  if (text[offset - 1] === "\\" || !/\\\{/.test(text.slice(0, offset))) return [];
  return [
    {
      kind: "syntax",
      severity: "warning",
      what: "the backslash of \\} is printed",
      why: "in Hog texts only \\{ is an escape; a closing brace needs none",
      fix: "write } alone",
      offset,
      line: lineFinder(text)(offset),
    },
  ];
}
