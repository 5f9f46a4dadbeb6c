// The operands of Hog expressions: literals, names, calls, lambdas, lists, maps, template strings, and what hangs on them with dots and brackets.
// References and calls are collected on the way, so that no walk over the tree is needed.
import type { HogNode } from "./hog-ast";
import { HogSyntaxError, type Token } from "./hog-lexer";
import { CONSTANT_WORDS, KEYLESS_WORDS, PROGRAM_WORDS, UNREAD_WORDS } from "./hog-syntax";
import { HogTemplates, templateNode } from "./hog-templates";

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

const LAMBDA =
  /(?:\(\s*(?:[A-Za-z_$][\w$]*(?:\s*,\s*[A-Za-z_$][\w$]*){0,9}\s*,?)?\s*\)|[A-Za-z_$][\w$]*(?:\s*,\s*[A-Za-z_$][\w$]*){0,9})\s*->/y;

export abstract class HogOperands extends HogTemplates {
  readonly references: RawReference[] = [];
  readonly calls: RawCall[] = [];
  /** Parameters of the lambdas around the place that is being read. */
  private readonly scopes: string[][] = [];

  /** `x ->`, `x, y ->`, `(x, y) ->`. */
  protected lambdaHead(token: Token): string | undefined {
    if (token.type !== "name" && !(token.type === "operator" && token.text === "(")) return undefined;
    LAMBDA.lastIndex = token.start;
    return LAMBDA.exec(this.text)?.[0];
  }

  protected lambda(head: string, start: number): HogNode {
    const parameters = head
      .slice(0, -2)
      .replace(/[()\s]/g, "")
      .split(",")
      .filter((name) => name !== "");
    this.scopes.push(parameters);
    this.advance(start + head.length);
    const body = this.expression(0);
    this.scopes.pop();
    return { kind: "lambda", parameters, body };
  }

  protected number(text: string): number {
    const value = /^0[xb]/i.test(text) ? Number(text) : Number.parseFloat(text);
    this.advance();
    return value;
  }

  protected primary(): HogNode {
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
        if (token.text === "<" || token.text === "*")
          throw new HogSyntaxError(
            `"${token.text}" is not read here`,
            token.start,
            undefined,
            token.text === "<" ? !/^<\/?[A-Za-z]/.test(this.text.slice(token.start, token.start + 3)) : false,
          );
        return this.unexpected();
      default:
        return this.unexpected();
    }
  }

  protected templateString(token: Token): HogNode {
    const { parts, end } = this.templateParts(token.end, "'");
    this.advance(end);
    return templateNode(parts);
  }

  protected named(token: Token & { type: "name" }): HogNode {
    const word = token.text.toLowerCase();
    const next = this.peek();
    const opens = (operator: string): boolean => next.type === "operator" && next.text === operator;
    if (!token.quoted) {
      if (PROGRAM_WORDS.has(token.text))
        throw new HogSyntaxError(
          `\`${token.text}\` belongs to Hog programs; only an expression is allowed here`,
          token.start,
        );
      if (
        word in CONSTANT_WORDS &&
        !(typeof CONSTANT_WORDS[word] === "boolean" && opens("(")) &&
        !(opens(".") && typeof CONSTANT_WORDS[word] === "boolean")
      ) {
        this.advance();
        return this.postfix({ kind: "constant", value: CONSTANT_WORDS[word] as number | boolean | null });
      }
      if (UNREAD_WORDS.has(word) && this.startsSql(word, next))
        throw new HogSyntaxError(`\`${token.text}\` is not read here`, token.start, undefined, false);
    }
    this.advance();
    if (opens("(")) {
      const opened = this.token.start;
      this.advance();
      const args = this.list(")", opened, `( after ${token.text}`);
      if (this.is("("))
        throw new HogSyntaxError("a call of a call's result is not read", this.token.start, undefined, false);
      if (!this.isLocal(token.text)) this.calls.push({ name: token.text, arguments: args.length, offset: token.start });
      return this.postfix({ kind: "call", name: token.text, args });
    }
    const reference = { root: token.text, path: [] as string[], offset: token.start };
    if (!this.isLocal(token.text)) this.references.push(reference);
    return this.postfix({ kind: "field", chain: [token.text] }, reference);
  }

  /** Whether a word of SQL is used as one here, rather than as the name of something. */
  protected startsSql(word: string, next: Token): boolean {
    if (next.type === "operator")
      return word === "array"
        ? next.text === "["
        : next.text === "(" && ["cast", "try_cast", "extract", "columns"].includes(word);
    return (
      next.type === "string" ||
      next.type === "number" ||
      (next.type === "name" &&
        word !== "from" &&
        word !== "as" &&
        !["and", "or", "in", "is", "like", "ilike", "between", "not"].includes(next.text.toLowerCase()))
    );
  }

  protected isLocal(name: string): boolean {
    return this.scopes.some((scope) => scope.includes(name));
  }

  protected parenthesis(opened: number): HogNode {
    this.advance();
    if (this.isWord("select") || this.isWord("with")) {
      const next = this.peek();
      if (next.type !== "operator" || next.text === "*" || next.text === "(")
        throw new HogSyntaxError("a query inside an expression is not read", opened, undefined, false);
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

  protected list(close: string, opened: number, opener: string): HogNode[] {
    const items: HogNode[] = [];
    while (!this.is(close)) {
      items.push(this.expression(0));
      if (!this.is(",")) break;
      this.advance();
    }
    this.expect(close, opened, opener);
    return items;
  }

  protected dict(opened: number): HogNode {
    this.advance();
    const items: [HogNode, HogNode][] = [];
    while (!this.is("}")) {
      const key = this.expression(0);
      if (items.length === 0 && this.is("}"))
        throw new HogSyntaxError(
          `{${this.text
            .slice(opened + 1, this.token.start)
            .trim()
            .slice(0, 40)}} is not allowed here`,
          opened,
          "write the expression without braces; a map needs values: {'key': value}",
        );
      if (!this.is(":")) this.expect(":", opened, "{");
      else this.advance();
      items.push([key, this.expression(0)]);
      if (!this.is(",")) break;
      this.advance();
    }
    this.expect("}", opened, "{");
    return { kind: "dict", items };
  }

  protected postfix(start: HogNode, reference?: RawReference): HogNode {
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
            throw new HogSyntaxError(
              `\`${token.text}\` is a word of the language`,
              token.start,
              `write it as a text, in brackets: ['${token.text}']`,
            );
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
        else
          this.unexpected(
            "write a key with characters other than letters, digits, _ and $ in brackets: person.properties['my key']",
          );
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

  protected index(of: HogNode, nullish: boolean, reference: RawReference | undefined): HogNode {
    const opened = this.token.start;
    this.advance();
    if (this.is("]")) this.unexpected("write a key or a position, the first is 1");
    const key = this.expression(0);
    if (key.kind === "constant" && key.value === 0)
      throw new HogSyntaxError("positions start at 1", opened, "write [1] for the first");
    this.expect("]", opened, "[");
    if (key.kind === "constant") reference?.path.push(String(key.value));
    return { kind: "property", of, key, nullish };
  }
}
