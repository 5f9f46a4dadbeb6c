// Look-up tables for words that come from outside: without a prototype, so that a type called "constructor" finds nothing.

export const table = <Row>(rows: Readonly<Record<string, Row>>): Readonly<Record<string, Row>> =>
  Object.assign(Object.create(null), rows) as Record<string, Row>;
