// Parser of Hog expressions and template texts: operators by their binding. It covers what templates and filters use; a text beyond that is
// said to be "not read", never to be wrong.
import type { HogNode } from "./hog-ast";
import { HogSyntaxError, readToken, type Token } from "./hog-lexer";
import { HogOperands } from "./hog-operands";
import { Binding, COMPARE_SYMBOLS, COMPARE_WORDS } from "./hog-syntax";

/** Deeper texts are not read: they come from machines, and recursion must end before the stack does. */
const MOST_NESTING = 150;

export class HogParser extends HogOperands {
  /** Keys with a hyphen, as they were probably meant. */
  readonly hyphens: { key: string; owner: string; offset: number }[] = [];
  private depth = 0;

  /** The whole text as one expression. */
  expressionOnly(): HogNode {
    return this.guarded(() => {
      this.advance();
      if (this.token.type === "end") throw new HogSyntaxError("the expression is empty", this.token.start);
      const node = this.expression(0);
      if ((this.token as Token).type !== "end") this.unexpected();
      return node;
    });
  }

  /** The whole text as template: its parts, texts and expressions in turn. */
  template(): (string | HogNode)[] {
    return this.guarded(() => this.templateParts(0, undefined).parts);
  }

  private guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof HogSyntaxError && error.certain && this.metUnread)
        throw new HogSyntaxError(error.message, error.offset, error.fix, false);
      throw error;
    }
  }

  protected expression(minimum: number): HogNode {
    this.depth += 1;
    if (this.depth > MOST_NESTING)
      throw new HogSyntaxError("the expression is nested too deeply", this.token.start, undefined, false);
    let left = this.prefix();
    for (;;) {
      const next = this.infix(left, minimum);
      if (!next) break;
      left = next;
    }
    this.depth -= 1;
    return left;
  }

  /** The expression that continues `left` with an operator which binds more tightly than `minimum`, or undefined. */
  private infix(left: HogNode, minimum: number): HogNode | undefined {
    const { token } = this;
    if (token.type === "operator") {
      const { text } = token;
      if ((text === "*" || text === "/" || text === "%") && minimum < Binding.Multiply) {
        return { kind: "arithmetic", operator: text, left, right: this.operand(Binding.Multiply) };
      }
      if (text === "-" && minimum < Binding.Add) return this.minus(left);
      if (text === "+" && minimum < Binding.Add)
        return { kind: "arithmetic", operator: text, left, right: this.operand(Binding.Add) };
      if (text === "||" && minimum < Binding.Add) {
        const right = this.operand(Binding.Add);
        const more = right.kind === "call" && right.name === "concat" ? right.args : [right];
        if (left.kind !== "call" || left.name !== "concat")
          return { kind: "call", name: "concat", args: [left, ...more] };
        left.args.push(...more);
        return left;
      }
      const operator = COMPARE_SYMBOLS[text];
      if (operator && minimum < Binding.Compare)
        return { kind: "compare", operator, left, right: this.operand(Binding.Compare) };
      if (text === "??" && minimum < Binding.Nullish)
        return { kind: "call", name: "ifNull", args: [left, this.operand(Binding.Nullish)] };
      if (text === "?" && minimum < Binding.Ternary) return this.ternary(left);
      return undefined;
    }
    if (token.type !== "name" || token.quoted) return undefined;
    const word = token.text.toLowerCase();
    if (word === "and" && minimum < Binding.And) return joined("and", left, this.operand(Binding.And));
    if (word === "or" && minimum < Binding.Or) return joined("or", left, this.operand(Binding.Or));
    if (word === "is" && minimum < Binding.Compare) return this.isNull(left);
    const negated = word === "not";
    const after = negated ? this.peek() : token;
    const verb = after.type === "name" && !after.quoted ? after.text.toLowerCase() : "";
    if (verb === "between" && minimum < Binding.Between) {
      if (negated) this.advance();
      return this.between(left, negated);
    }
    const operator = COMPARE_WORDS[verb];
    if (!operator || minimum >= Binding.Compare) return undefined;
    if (negated) this.advance();
    if (verb === "in") this.rejectCohort();
    return {
      kind: "compare",
      operator: negated ? (`not ${operator}` as "not in") : operator,
      left,
      right: this.operand(Binding.Compare),
    };
  }

  /** `person.properties.first-name` is a subtraction, and hardly ever meant as one. */
  private minus(left: HogNode): HogNode {
    const { start, end } = this.token;
    const hyphen =
      left.kind === "field" && left.chain.length > 1 && /[\w$]-[A-Za-z_]/.test(this.text.slice(start - 1, end + 1));
    const right = this.operand(Binding.Add);
    if (hyphen && right.kind === "field" && right.chain.length === 1) {
      const key = `${left.chain[left.chain.length - 1]}-${right.chain[0]}`;
      this.hyphens.push({ key, owner: left.chain.slice(0, -1).join("."), offset: start });
      // What was read as a separate name is part of the key.
      if (this.references.at(-1)?.offset === end) this.references.pop();
    }
    return { kind: "arithmetic", operator: "-", left, right };
  }

  private operand(binding: Binding): HogNode {
    this.advance();
    return this.expression(binding);
  }

  private ternary(condition: HogNode): HogNode {
    const opened = this.token.start;
    this.advance();
    const then = this.expression(0);
    this.expect(":", opened, "? of the condition");
    return { kind: "call", name: "if", args: [condition, then, this.expression(0)] };
  }

  private isNull(left: HogNode): HogNode {
    this.advance();
    const negated = this.isWord("not");
    if (negated) this.advance();
    if (this.isWord("distinct"))
      throw new HogSyntaxError("`is distinct from` is not read", this.token.start, undefined, false);
    if (!this.isWord("null")) this.unexpected("only `is null` exists; compare values with = and !=");
    this.advance();
    return this.postfix({
      kind: "compare",
      operator: negated ? "!=" : "==",
      left,
      right: { kind: "constant", value: null },
    });
  }

  private between(left: HogNode, negated: boolean): HogNode {
    // Chains of these are read differently.
    this.metUnread = true;
    const low = this.operand(Binding.Between);
    if (!this.isWord("and")) this.unexpected("write `between low and high`");
    return { kind: "between", of: left, low, high: this.operand(Binding.Between), negated };
  }

  private rejectCohort(): void {
    const next = this.peek();
    if (next.type !== "name" || next.text.toLowerCase() !== "cohort") return;
    const after = readToken(this.text, next.end);
    if (after.type === "end" || (after.type === "operator" && after.text !== "(" && after.text !== "{")) return;
    throw new HogSyntaxError(
      "`in cohort` does not work in workflows",
      this.token.start,
      "write out the cohort's conditions",
    );
  }

  private prefix(): HogNode {
    const { token } = this;
    const lambda = this.lambdaHead(token);
    if (lambda !== undefined) return this.lambda(lambda, token.start);
    if (this.is("-")) {
      this.advance();
      if (this.token.type === "number") return this.postfix({ kind: "constant", value: -this.number(this.token.text) });
      if (this.isWord("inf") || this.isWord("infinity")) {
        this.advance();
        return { kind: "constant", value: -Infinity };
      }
      return {
        kind: "arithmetic",
        operator: "-",
        left: { kind: "constant", value: 0 },
        right: this.expression(Binding.Multiply),
      };
    }
    if (this.is("+") && this.peek().type === "number") this.advance();
    if (this.isWord("not") && this.negates()) {
      this.advance();
      return { kind: "not", of: this.expression(Binding.Not) };
    }
    if (this.isWord("not") && this.peek().type === "name")
      throw new HogSyntaxError("a name like an operator is not read", this.token.start, undefined, false);
    return this.primary();
  }

  /** Whether the word `not` is the operator here; before a parenthesis it is a function, elsewhere it may be a name. */
  private negates(): boolean {
    const next = this.peek();
    if (next.type === "end") return false;
    if (next.type === "name")
      return next.quoted || !["and", "or", "in", "is", "like", "ilike", "between"].includes(next.text.toLowerCase());
    if (this.lambdaHead(next) !== undefined) return true;
    return next.type !== "operator" || ["-", "[", "{", "*"].includes(next.text);
  }
}

function joined(kind: "and" | "or", left: HogNode, right: HogNode): HogNode {
  if (left.kind !== kind) return { kind, items: [left, right] };
  left.items.push(right);
  return left;
}
