// Where in the keyed form a value is being written, as far as values need to know: they say there what is wrong with them, and which file they come from.
export interface Place {
  at(...parts: (string | number)[]): Place;
  problem(what: string, more?: { why?: string; fix?: string; rule?: string }): void;
  /** The value at this place came from here. */
  source(place: string | undefined): void;
}
