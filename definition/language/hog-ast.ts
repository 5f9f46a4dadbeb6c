// The tree of a Hog expression, with the meanings that PostHog's own parser gives: `a ?? b` is a call of `ifNull`, `a ? b : c` one of `if`,
// `a || b` and f'…' calls of `concat`.

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";

export type CompareOperator =
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "like"
  | "not like"
  | "ilike"
  | "not ilike"
  | "in"
  | "not in"
  | "=~"
  | "!~"
  | "=~*"
  | "!~*";

export type HogNode =
  | { kind: "constant"; value: string | number | boolean | null }
  /** A global, a parameter of a lambda, or what lies in it: `person.properties.plan`. */
  | { kind: "field"; chain: string[] }
  /** `a[key]`, `a.1`, `f(x).key`; with `?.` a missing `a` gives null. */
  | { kind: "property"; of: HogNode; key: HogNode; nullish: boolean }
  | { kind: "call"; name: string; args: HogNode[] }
  /** A call of a value instead of a name. */
  | { kind: "invoke"; callee: HogNode; args: HogNode[] }
  | { kind: "lambda"; parameters: string[]; body: HogNode }
  | { kind: "array" | "tuple"; items: HogNode[] }
  | { kind: "dict"; items: [HogNode, HogNode][] }
  | { kind: "arithmetic"; operator: ArithmeticOperator; left: HogNode; right: HogNode }
  | { kind: "compare"; operator: CompareOperator; left: HogNode; right: HogNode }
  | { kind: "and" | "or"; items: HogNode[] }
  | { kind: "not"; of: HogNode }
  | { kind: "between"; of: HogNode; low: HogNode; high: HogNode; negated: boolean };
