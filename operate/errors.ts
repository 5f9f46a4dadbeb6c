// What the functions of this folder throw, besides errors of the API client: what happened, why, and how to fix it.

/** The three parts of an error: what happened, why, and how to fix it. */
export interface ErrorParts {
  what: string;
  why?: string;
  fix?: string;
}

/**
 * An error that a person can act on. `message` holds all three parts. It never holds a secret.
 *
 * @example
 * ```ts
 * try {
 *   readFlowFile("flow.json");
 * } catch (error) {
 *   if (error instanceof OperateError) console.error(error.what, error.fix);
 * }
 * ```
 */
export class OperateError extends Error {
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;

  constructor({ what, why, fix }: ErrorParts) {
    super(
      [what, why, fix]
        .filter((part) => part !== undefined)
        .map(sentence)
        .reduce((before, part) => `${before}${before.endsWith("\n") ? "" : " "}${part}`),
    );
    this.name = "OperateError";
    this.what = what;
    this.why = why;
    this.fix = fix;
  }
}

const sentence = (text: string): string => (/[.!?:…\n]$/.test(text) ? text : `${text}.`);
