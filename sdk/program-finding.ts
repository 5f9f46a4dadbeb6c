// What the SDK finds while it puts the inputs of a resource together.

/** A finding of the SDK, in the form that check takes. */
export interface Problem {
  /** The rule that is broken, where there is one with a name. */
  rule?: string;
  path: (string | number)[];
  what: string;
  why?: string;
  fix?: string;
}
