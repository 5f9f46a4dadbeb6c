// Where in the keyed form a value is being written, as far as values need to know: they say there what is wrong with them, and which file they come from.
export interface Writer {
  at(...parts: (string | number)[]): Writer;
  report(what: string, more?: { why?: string; fix?: string; rule?: string }): void;
  /** The value at this path came from here. */
  source(location: string | undefined): void;
}
