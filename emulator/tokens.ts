/** Confirmation tokens: what was previewed, signed, for a quarter of an hour. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isObject, type JsonObject } from "./json";

const TOKEN_MINUTES = 15;

export class Tokens {
  private readonly secret = randomBytes(32);

  constructor(private readonly now: () => number) {}

  issue(claim: JsonObject): string {
    const body = Buffer.from(JSON.stringify({ ...claim, expires: this.now() + TOKEN_MINUTES * 60_000 })).toString(
      "base64url",
    );
    return `${body}.${this.sign(body)}`;
  }

  /** The claim of a token; undefined when it is forged, garbled or too old. */
  read(token: unknown): JsonObject | undefined {
    const [body, signature, ...rest] = typeof token === "string" ? token.split(".") : [];
    if (!body || !signature || rest.length > 0) return undefined;
    const [given, expected] = [Buffer.from(signature), Buffer.from(this.sign(body))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const claim: unknown = JSON.parse(Buffer.from(body, "base64url").toString());
    return isObject(claim) && claim.expires >= this.now() ? claim : undefined;
  }

  private sign(body: string): string {
    return createHmac("sha256", this.secret).update(body).digest("base64url");
  }
}
