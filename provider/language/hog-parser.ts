// Parser of Hog expressions and template texts. It covers what templates and filters use; a text beyond that is said to be "not read",
// never to be wrong. References and calls are collected on the way, so that no walk over the tree is needed.
import type { HogNode } from "./hog-ast";
import { HogSyntaxError, readToken, type Token } from "./hog-lexer";
import { readTemplateText } from "./hog-strings";
import { Binding, COMPARE_SYMBOLS, COMPARE_WORDS, CONSTANT_WORDS, KEYLESS_WORDS, PROGRAM_WORDS, UNREAD_SYMBOLS, UNREAD_WORDS } from "./hog-syntax";

/** Deeper texts are not read: they come from machines, and recursion must end before the stack does. */
const MOST_NESTING = 150;

const LAMBDA = /(?:\(\s*(?:[A-Za-z_$][\w$]*(?:\s*,\s*[A-Za-z_$][\w$]*){0,9}\s*,?)?\s*\)|[A-Za-z_$][\w$]*(?:\s*,\s*[A-Za-z_$][\w$]*){0,9})\s*->/y;

export interface RawReference {
  root: string;
  path: string[];
  offset: number;
}

export interface RawCall {
  name: string;
  arguments: number;
  offset: number;
}

export class HogParser {
  readonly references: RawReference[] = [];
  readonly calls: RawCall[] = [];
  private token: Token;
  private depth = 0;
  /** Parameters of the lambdas around the place that is being read. */
  private readonly scopes: string[][] = [];
  /** Whether a word of HogQL was met that only the full grammar knows. */
  private metUnread = false;

  constructor(
    private readonly text: string,
    start = 0,
  ) {
    this.token = { type: "end", start, end: start };
  }

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
      if (error instanceof HogSyntaxError && error.certain && this.metUnread) throw new HogSyntaxError(error.message, error.offset, error.fix, false);
      throw error;
    }
  }

  private templateParts(start: number, quote: string | undefined): { parts: (string | HogNode)[]; end: number } {
    const parts: (string | HogNode)[] = [];
    let at = start;
    for (;;) {
      const run = readTemplateText(this.text, at, quote);
      if (run.value !== "") parts.push(run.value);
      at = run.end;
      if (at >= this.text.length) {
        if (quote !== undefined) throw new HogSyntaxError("the template string f' is never closed", start - 2, "close it with '");
        return { parts, end: at };
      }
      if (this.text[at] === quote) return { parts, end: at + 1 };
      const open = at;
      this.rejectLiquid(open);
      this.advance(open + 1);
      if (this.is("}")) throw new HogSyntaxError("nothing stands between { and }", open, "write \\{ where the text itself has a brace");
      if (this.token.type === "end") this.unclosed(open);
      parts.push(this.expression(0));
      if ((this.token as Token).type === "end") this.unclosed(open);
      if (!this.is("}")) this.unexpected("write \\{ where the text itself has a brace");
      at = this.token.end;
    }
  }

  private unclosed(open: number): never {
    throw new HogSyntaxError("the brace { is never closed", open, "close it with }, or write \\{ where the text itself has a brace");
  }

  /** `{{ … }}` in Hog is either a map or a mistake. */
  private rejectLiquid(open: number): void {
    const next = this.text[open + 1];
    if (next === "%") throw new HogSyntaxError("{% is Liquid, and this text is Hog", open, 'use templating: "liquid" for it, or functions such as {if(a, b, c)}');
    if (next !== "{") return;
    if (/^\{\{\s*(?:['"`]?[\w$ .-]*['"`]?\s*:|\})/.test(this.text.slice(open, open + 200))) return;
    throw new HogSyntaxError("{{ … }} is Liquid, and this text is Hog", open, 'write single braces: {person.properties.name}, or use templating: "liquid"');
  }

  private advance(from = this.token.end, afterDot = false): void {
    this.token = readToken(this.text, from, afterDot);
    if (!afterDot && this.token.type === "name" && !this.token.quoted && UNREAD_WORDS.has(this.token.text.toLowerCase())) this.metUnread = true;
    if (this.token.type === "operator" && UNREAD_SYMBOLS.has(this.token.text)) this.metUnread = true;
  }

  private is(operator: string): boolean {
    return this.token.type === "operator" && this.token.text === operator;
  }

  private isWord(word: string): boolean {
    return this.token.type === "name" && !this.token.quoted && this.token.text.toLowerCase() === word;
  }

  private peek(): Token {
    return readToken(this.text, this.token.end);
  }

  private expect(operator: string, opened: number, opener: string): void {
    if (this.is(operator)) return this.advance();
    if (this.token.type === "end") throw new HogSyntaxError(`${opener} is never closed`, opened, `close it with ${operator}`);
    this.unexpected();
  }

  private unexpected(fix?: string): never {
    const { token } = this;
    if (token.type === "end") throw new HogSyntaxError("the expression ends too early", token.start, fix);
    throw new HogSyntaxError(`"${this.text.slice(token.start, Math.min(token.end, token.start + 40))}" does not fit here`, token.start, fix);
  }

  private expression(minimum: number): HogNode {
    this.depth += 1;
    if (this.depth > MOST_NESTING) throw new HogSyntaxError("the expression is nested too deeply", this.token.start, undefined, false);
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
      if ((text === "+" || text === "-") && minimum < Binding.Add) return { kind: "arithmetic", operator: text, left, right: this.operand(Binding.Add) };
      if (text === "||" && minimum < Binding.Add) {
        const right = this.operand(Binding.Add);
        const more = right.kind === "call" && right.name === "concat" ? right.args : [right];
        if (left.kind !== "call" || left.name !== "concat") return { kind: "call", name: "concat", args: [left, ...more] };
        left.args.push(...more);
        return left;
      }
      const operator = COMPARE_SYMBOLS[text];
      if (operator && minimum < Binding.Compare) return { kind: "compare", operator, left, right: this.operand(Binding.Compare) };
      if (text === "??" && minimum < Binding.Nullish) return { kind: "call", name: "ifNull", args: [left, this.operand(Binding.Nullish)] };
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
    return { kind: "compare", operator: negated ? (`not ${operator}` as "not in") : operator, left, right: this.operand(Binding.Compare) };
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
    if (this.isWord("distinct")) throw new HogSyntaxError("`is distinct from` is not read", this.token.start, undefined, false);
    if (!this.isWord("null")) this.unexpected("`is` goes with `null`; compare values with = and !=");
    this.advance();
    return this.postfix({ kind: "compare", operator: negated ? "!=" : "==", left, right: { kind: "constant", value: null } });
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
    throw new HogSyntaxError("`in cohort` does not work in workflows", this.token.start, "write out the cohort's conditions");
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
      return { kind: "arithmetic", operator: "-", left: { kind: "constant", value: 0 }, right: this.expression(Binding.Multiply) };
    }
    if (this.is("+") && this.peek().type === "number") this.advance();
    if (this.isWord("not") && this.negates()) {
      this.advance();
      return { kind: "not", of: this.expression(Binding.Not) };
    }
    if (this.isWord("not") && this.peek().type === "name") throw new HogSyntaxError("a name like an operator is not read", this.token.start, undefined, false);
    return this.primary();
  }

  /** Whether the word `not` is the operator here; before a parenthesis it is a function, elsewhere it may be a name. */
  private negates(): boolean {
    const next = this.peek();
    if (next.type === "end") return false;
    if (next.type === "name") return next.quoted || !["and", "or", "in", "is", "like", "ilike", "between"].includes(next.text.toLowerCase());
    if (this.lambdaHead(next) !== undefined) return true;
    return next.type !== "operator" || ["-", "[", "{", "*"].includes(next.text);
  }

  /** `x ->`, `x, y ->`, `(x, y) ->`. */
  private lambdaHead(token: Token): string | undefined {
    if (token.type !== "name" && !(token.type === "operator" && token.text === "(")) return undefined;
    LAMBDA.lastIndex = token.start;
    return LAMBDA.exec(this.text)?.[0];
  }

  private lambda(head: string, start: number): HogNode {
    const parameters = head.slice(0, -2).replace(/[()\s]/g, "").split(",").filter((name) => name !== "");
    this.scopes.push(parameters);
    this.advance(start + head.length);
    const body = this.expression(0);
    this.scopes.pop();
    return { kind: "lambda", parameters, body };
  }

  private number(text: string): number {
    const value = /^0[xb]/i.test(text) ? Number(text) : Number.parseFloat(text);
    this.advance();
    return value;
  }

  private primary(): HogNode {
    const { token } = this;
    switch (token.type) {
      case "number":
        return this.postfix({ kind: "constant", value: this.number(token.text) });
      case "string":
        this.advance();
        return this.postfix({ kind: "constant", value: token.value });
      case "template":
        return this.postfix(this.templateString(token));
      case "name":
        return this.named(token);
      case "operator":
        if (token.text === "(") return this.postfix(this.parenthesis(token.start));
        if (token.text === "[") {
          this.advance();
          return this.postfix({ kind: "array", items: this.list("]", token.start, "[") });
        }
        if (token.text === "{") return this.postfix(this.dict(token.start));
        if (token.text === "<" || token.text === "*") throw new HogSyntaxError(`"${token.text}" is not read here`, token.start, undefined, token.text === "<" ? !/^<\/?[A-Za-z]/.test(this.text.slice(token.start, token.start + 3)) : false);
        return this.unexpected();
      default:
        return this.unexpected();
    }
  }

  private templateString(token: Token): HogNode {
    const { parts, end } = this.templateParts(token.end, "'");
    this.advance(end);
    return templateNode(parts);
  }

  private named(token: Token & { type: "name" }): HogNode {
    const word = token.text.toLowerCase();
    const next = this.peek();
    const opens = (operator: string): boolean => next.type === "operator" && next.text === operator;
    if (!token.quoted) {
      if (PROGRAM_WORDS.has(token.text)) throw new HogSyntaxError(`\`${token.text}\` belongs to Hog programs; here stands one expression`, token.start);
      if (word in CONSTANT_WORDS && !(typeof CONSTANT_WORDS[word] === "boolean" && opens("(")) && !(opens(".") && typeof CONSTANT_WORDS[word] === "boolean")) {
        this.advance();
        return this.postfix({ kind: "constant", value: CONSTANT_WORDS[word] as number | boolean | null });
      }
      if (UNREAD_WORDS.has(word) && this.startsSql(word, next)) throw new HogSyntaxError(`\`${token.text}\` is not read here`, token.start, undefined, false);
    }
    this.advance();
    if (opens("(")) {
      const opened = this.token.start;
      this.advance();
      const args = this.list(")", opened, `( after ${token.text}`);
      if (this.is("(")) throw new HogSyntaxError("a call of a call's result is not read", this.token.start, undefined, false);
      if (!this.isLocal(token.text)) this.calls.push({ name: token.text, arguments: args.length, offset: token.start });
      return this.postfix({ kind: "call", name: token.text, args });
    }
    const reference = { root: token.text, path: [] as string[], offset: token.start };
    if (!this.isLocal(token.text)) this.references.push(reference);
    return this.postfix({ kind: "field", chain: [token.text] }, reference);
  }

  /** Whether a word of SQL is used as one here, rather than as the name of something. */
  private startsSql(word: string, next: Token): boolean {
    if (next.type === "operator") return word === "array" ? next.text === "[" : next.text === "(" && ["cast", "try_cast", "extract", "columns"].includes(word);
    return next.type === "string" || next.type === "number" || (next.type === "name" && word !== "from" && word !== "as" && !["and", "or", "in", "is", "like", "ilike", "between", "not"].includes(next.text.toLowerCase()));
  }

  private isLocal(name: string): boolean {
    return this.scopes.some((scope) => scope.includes(name));
  }

  private parenthesis(opened: number): HogNode {
    this.advance();
    if (this.isWord("select") || this.isWord("with")) {
      const next = this.peek();
      if (next.type !== "operator" || next.text === "*" || next.text === "(") throw new HogSyntaxError("a query inside an expression is not read", opened, undefined, false);
    }
    const first = this.expression(0);
    if (!this.is(",")) {
      this.expect(")", opened, "(");
      // A parenthesis ends a field: what follows is a property of its value.
      return first;
    }
    this.advance();
    return { kind: "tuple", items: [first, ...this.list(")", opened, "(")] };
  }

  private list(close: string, opened: number, opener: string): HogNode[] {
    const items: HogNode[] = [];
    while (!this.is(close)) {
      items.push(this.expression(0));
      if (!this.is(",")) break;
      this.advance();
    }
    this.expect(close, opened, opener);
    return items;
  }

  private dict(opened: number): HogNode {
    this.advance();
    const items: [HogNode, HogNode][] = [];
    while (!this.is("}")) {
      const key = this.expression(0);
      if (items.length === 0 && this.is("}")) throw new HogSyntaxError("a name in braces of its own is no value", opened, "write the name without braces, or a map: {'key': value}");
      if (!this.is(":")) this.expect(":", opened, "{");
      else this.advance();
      items.push([key, this.expression(0)]);
      if (!this.is(",")) break;
      this.advance();
    }
    this.expect("}", opened, "{");
    return { kind: "dict", items };
  }

  private postfix(start: HogNode, reference?: RawReference): HogNode {
    let node = start;
    let plain = reference !== undefined;
    for (;;) {
      // `.1` after a value is a position, not a number.
      const position = this.token.type === "number" && this.token.text.startsWith(".");
      if (position || this.is(".") || this.is("?.")) {
        const nullish = this.is("?.");
        this.advance(position ? this.token.start + 1 : this.token.end, true);
        const { token } = this;
        if (token.type === "name") {
          if (!token.quoted && (PROGRAM_WORDS.has(token.text) || KEYLESS_WORDS.has(token.text.toLowerCase()))) {
            throw new HogSyntaxError(`\`${token.text}\` is a word of the language`, token.start, `write it as a text, in brackets: ['${token.text}']`);
          }
          if (plain && !nullish && node.kind === "field") node.chain.push(token.text);
          else {
            plain = false;
            node = { kind: "property", of: node, key: { kind: "constant", value: token.text }, nullish };
          }
          reference?.path.push(token.text);
          this.advance();
        } else if (token.type === "number") {
          plain = false;
          node = { kind: "property", of: node, key: { kind: "constant", value: Number(token.text) }, nullish };
          reference?.path.push(token.text);
          this.advance();
        } else if (nullish && this.is("[")) {
          plain = false;
          node = this.index(node, true, reference);
          if (node.kind === "property" && node.key.kind !== "constant") reference = undefined;
        } else if (this.is("*")) throw new HogSyntaxError("`.*` is not read", token.start, undefined, false);
        else this.unexpected("a key with other characters than letters, digits, _ and $ goes into brackets: person.properties['my key']");
      } else if (this.is("[")) {
        plain = false;
        node = this.index(node, false, reference);
        if (node.kind === "property" && node.key.kind !== "constant") reference = undefined;
      } else if (this.is("(")) {
        const opened = this.token.start;
        this.advance();
        node = { kind: "invoke", callee: node, args: this.list(")", opened, "(") };
        reference = undefined;
        plain = false;
      } else return node;
    }
  }

  private index(of: HogNode, nullish: boolean, reference: RawReference | undefined): HogNode {
    const opened = this.token.start;
    this.advance();
    if (this.is("]")) this.unexpected("write a key or a position, the first is 1");
    const key = this.expression(0);
    if (key.kind === "constant" && key.value === 0) throw new HogSyntaxError("positions start at 1", opened, "write [1] for the first");
    this.expect("]", opened, "[");
    if (key.kind === "constant") reference?.path.push(String(key.value));
    return { kind: "property", of, key, nullish };
  }
}

function joined(kind: "and" | "or", left: HogNode, right: HogNode): HogNode {
  if (left.kind !== kind) return { kind, items: [left, right] };
  left.items.push(right);
  return left;
}

/** The value of a template: one expression alone keeps its type, anything else is text (run time §6.1). */
export function templateNode(parts: readonly (string | HogNode)[]): HogNode {
  const nodes = parts.map((part): HogNode => (typeof part === "string" ? { kind: "constant", value: part } : part));
  if (nodes.length === 0) return { kind: "constant", value: "" };
  return nodes.length === 1 ? nodes[0]! : { kind: "call", name: "concat", args: nodes };
}
