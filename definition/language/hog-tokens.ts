// The token that a Hog parser looks at, and what it says when another one was due.
import { HogSyntaxError, readToken, type Token } from "./hog-lexer";
import { UNREAD_SYMBOLS, UNREAD_WORDS } from "./hog-syntax";

export class HogTokens {
  protected token: Token;
  /** Whether a word of HogQL was met that only the full grammar knows: then a text that fails may be valid. */
  protected metUnread = false;

  constructor(
    protected readonly text: string,
    start = 0,
  ) {
    this.token = { type: "end", start, end: start };
  }

  protected advance(from = this.token.end, afterDot = false): void {
    this.token = readToken(this.text, from, afterDot);
    if (
      !afterDot &&
      this.token.type === "name" &&
      !this.token.quoted &&
      UNREAD_WORDS.has(this.token.text.toLowerCase())
    )
      this.metUnread = true;
    if (this.token.type === "operator" && UNREAD_SYMBOLS.has(this.token.text)) this.metUnread = true;
  }

  protected is(operator: string): boolean {
    return this.token.type === "operator" && this.token.text === operator;
  }

  protected isWord(word: string): boolean {
    return this.token.type === "name" && !this.token.quoted && this.token.text.toLowerCase() === word;
  }

  protected peek(): Token {
    return readToken(this.text, this.token.end);
  }

  protected expect(operator: string, opened: number, opener: string): void {
    if (this.is(operator)) return this.advance();
    if (this.token.type === "end")
      throw new HogSyntaxError(`${opener} is never closed`, opened, `close it with ${operator}`);
    this.unexpected();
  }

  protected unexpected(fix?: string): never {
    const { token } = this;
    if (token.type === "end") throw new HogSyntaxError("the expression ends too early", token.start, fix);
    throw new HogSyntaxError(
      `"${this.text.slice(token.start, Math.min(token.end, token.start + 40))}" does not fit here`,
      token.start,
      fix,
    );
  }
}
