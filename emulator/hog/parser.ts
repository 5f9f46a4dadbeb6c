/** PostHog's own parser of Hog, in WebAssembly. It is loaded when the first test run asks for it, because nothing else here needs it. */
import { CompileError } from "../compiler";

/** A node of the parser's tree; `node` names its kind. */
export interface HogNode {
  node: string;
  [key: string]: any;
}

export interface HogReader {
  expression(text: string): HogNode;
  /** A text with `{expressions}` in it. */
  template(text: string): HogNode;
  program(text: string): HogNode;
}

/** What makes the parser read a text as the inside of a template string. */
const TEMPLATE_PREFIX = "F'";

let loaded: Promise<HogReader> | undefined;

export const loadHog = (): Promise<HogReader> => (loaded ??= load());

async function load(): Promise<HogReader> {
  const { default: createParser } = await import("@posthog/hogql-parser");
  const parser = await createParser();
  return {
    expression: (text) => tree(parser.parseExpr(text, true)),
    template: (text) => tree(parser.parseFullTemplateString(TEMPLATE_PREFIX + text, true)),
    program: (text) => tree(parser.parseProgram(text, true)),
  };
}

function tree(json: string): HogNode {
  const parsed = JSON.parse(json) as HogNode & { error?: boolean; message?: string };
  if (parsed.error) throw new CompileError(parsed.message ?? "syntax error");
  return parsed;
}
