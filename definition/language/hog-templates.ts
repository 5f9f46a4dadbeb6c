// Template texts of Hog: text with expressions in braces, as a whole input or inside f'…'.
import type { HogNode } from "./hog-ast";
import { HogSyntaxError, type Token } from "./hog-lexer";
import { readTemplateText } from "./hog-strings";
import { HogTokens } from "./hog-tokens";

const LITERAL_BRACE = "write \\{ where the text itself has a brace";

export abstract class HogTemplates extends HogTokens {
  /** An expression up to an operator that binds no more tightly than `minimum`. */
  protected abstract expression(minimum: number): HogNode;

  /** Texts and expressions in turn, up to the closing quote or the end. */
  protected templateParts(start: number, quote: string | undefined): { parts: (string | HogNode)[]; end: number } {
    const parts: (string | HogNode)[] = [];
    let at = start;
    for (;;) {
      const run = readTemplateText(this.text, at, quote);
      if (run.value !== "") parts.push(run.value);
      at = run.end;
      if (at >= this.text.length) {
        if (quote !== undefined)
          throw new HogSyntaxError("the template string f' is never closed", start - 2, "close it with '");
        return { parts, end: at };
      }
      if (this.text[at] === quote) return { parts, end: at + 1 };
      const open = at;
      parts.push(this.hole(open));
      at = this.token.end;
    }
  }

  /** One expression in braces; afterwards the closing brace is the token. */
  private hole(open: number): HogNode {
    try {
      this.advance(open + 1);
      if (this.is("}")) throw new HogSyntaxError("there is nothing between { and }", open, LITERAL_BRACE);
      if (this.token.type === "end") this.unclosed(open);
      const node = this.expression(0);
      if ((this.token as Token).type === "end") this.unclosed(open);
      if (!this.is("}")) this.unexpected(LITERAL_BRACE);
      return node;
    } catch (error) {
      if (!(error instanceof HogSyntaxError) || !error.certain) throw error;
      // What fails as Hog and looks like Liquid is Liquid.
      if (this.text.startsWith("{%", open)) {
        throw new HogSyntaxError(
          "{% is Liquid, and this text is Hog",
          open,
          'use templating: "liquid" for it, or functions such as {if(a, b, c)}',
        );
      }
      if (this.text.startsWith("{{", open)) {
        throw new HogSyntaxError(
          "{{ … }} is Liquid, and this text is Hog",
          open,
          'write single braces: {person.properties.name}, or use templating: "liquid"',
        );
      }
      throw error;
    }
  }

  private unclosed(open: number): never {
    throw new HogSyntaxError("the brace { is never closed", open, `close it with }, or ${LITERAL_BRACE}`);
  }
}

/** The value of a template: one expression alone keeps its type, anything else is text (run time §6.1). */
export function templateNode(parts: readonly (string | HogNode)[]): HogNode {
  const nodes = parts.map((part): HogNode => (typeof part === "string" ? { kind: "constant", value: part } : part));
  if (nodes.length === 0) return { kind: "constant", value: "" };
  return nodes.length === 1 ? nodes[0]! : { kind: "call", name: "concat", args: nodes };
}
