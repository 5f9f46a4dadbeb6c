// Compiles a Hog expression to the bytecode of PostHog's virtual machine, so that what runs is PostHog's own. Order of operands and jumps
// are as PostHog's compiler has them: it decides what a failing operand of `and` does, and which branch of `if` is looked at.
import type { ArithmeticOperator, CompareOperator, HogNode } from "../../definition/language";
import { OP, type Bytecode } from "./bytecode";

const ARITHMETIC: Readonly<Record<ArithmeticOperator, number>> = {
  "+": OP.PLUS,
  "-": OP.MINUS,
  "*": OP.MULTIPLY,
  "/": OP.DIVIDE,
  "%": OP.MOD,
};

const COMPARE: Readonly<Record<CompareOperator, number>> = {
  "==": OP.EQ,
  "!=": OP.NOT_EQ,
  "<": OP.LT,
  "<=": OP.LT_EQ,
  ">": OP.GT,
  ">=": OP.GT_EQ,
  like: OP.LIKE,
  "not like": OP.NOT_LIKE,
  ilike: OP.ILIKE,
  "not ilike": OP.NOT_ILIKE,
  in: OP.IN,
  "not in": OP.NOT_IN,
  "=~": OP.REGEX,
  "!~": OP.NOT_REGEX,
  "=~*": OP.IREGEX,
  "!~*": OP.NOT_IREGEX,
};

/** A whole program: the expression's value is its result. */
export function compileExpression(node: HogNode): Bytecode {
  return ["_H", 1, ...new Scope([]).compile(node)];
}

/** One function body, with its parameters; the outermost has none. */
class Scope {
  /** What the body takes from around it: a parameter of the enclosing function, or something that one took in its turn. */
  readonly captured: { local: boolean; index: number }[] = [];

  constructor(
    private readonly parameters: readonly string[],
    private readonly enclosing?: Scope,
  ) {}

  compile(node: HogNode): Bytecode {
    switch (node.kind) {
      case "constant":
        return constant(node.value);
      case "field":
        return this.field(node.chain);
      case "property":
        return [
          ...this.compile(node.of),
          ...this.compile(node.key),
          node.nullish ? OP.GET_PROPERTY_NULLISH : OP.GET_PROPERTY,
        ];
      case "array":
        return [...this.all(node.items), OP.ARRAY, node.items.length];
      case "tuple":
        return [...this.all(node.items), OP.TUPLE, node.items.length];
      case "dict":
        return [...this.all(node.items.flat()), OP.DICT, node.items.length];
      case "arithmetic":
        return [...this.compile(node.right), ...this.compile(node.left), ARITHMETIC[node.operator]];
      case "compare":
        return [...this.compile(node.right), ...this.compile(node.left), COMPARE[node.operator]];
      case "and":
        return [...this.all(node.items), OP.AND, node.items.length];
      case "or":
        return [...this.all(node.items), OP.OR, node.items.length];
      case "not":
        return [...this.compile(node.of), OP.NOT];
      case "between":
        return this.between(node);
      case "call":
        return this.call(node.name, node.args);
      case "invoke":
        return [...this.all(node.args), ...this.compile(node.callee), OP.CALL_LOCAL, node.args.length];
      case "lambda":
        return this.lambda(node.parameters, node.body);
    }
  }

  private all(nodes: readonly HogNode[]): Bytecode {
    return nodes.flatMap((node) => this.compile(node));
  }

  private field([root = "", ...rest]: readonly string[]): Bytecode {
    const local = this.variable(root);
    if (local) return [...local, ...rest.flatMap((key) => [OP.STRING, key, OP.GET_PROPERTY])];
    return [...[root, ...rest].reverse().flatMap((key) => [OP.STRING, key]), OP.GET_GLOBAL, rest.length + 1];
  }

  /** How to read a parameter, of this body or of one around it; undefined when the name is none. */
  private variable(name: string): Bytecode | undefined {
    const index = this.parameters.lastIndexOf(name);
    if (index >= 0) return [OP.GET_LOCAL, index];
    const captured = this.capture(name);
    return captured < 0 ? undefined : [OP.GET_UPVALUE, captured];
  }

  private capture(name: string): number {
    if (!this.enclosing) return -1;
    const index = this.enclosing.parameters.lastIndexOf(name);
    if (index >= 0) return this.remember({ local: true, index });
    const outer = this.enclosing.capture(name);
    return outer < 0 ? -1 : this.remember({ local: false, index: outer });
  }

  private remember(found: { local: boolean; index: number }): number {
    const known = this.captured.findIndex(({ local, index }) => local === found.local && index === found.index);
    return known >= 0 ? known : this.captured.push(found) - 1;
  }

  private between({ of, low, high, negated }: HogNode & { kind: "between" }): Bytecode {
    const [first, second, join] = negated ? [OP.LT, OP.GT, OP.OR] : [OP.GT_EQ, OP.LT_EQ, OP.AND];
    return [
      ...this.compile(low),
      ...this.compile(of),
      first,
      ...this.compile(high),
      ...this.compile(of),
      second,
      join,
      2,
    ];
  }

  private call(name: string, args: readonly HogNode[]): Bytecode {
    if (name === "not" && args.length === 1) return [...this.all(args), OP.NOT];
    if ((name === "and" || name === "or") && args.length > 1)
      return [...this.all(args), name === "and" ? OP.AND : OP.OR, args.length];
    if ((name === "if" || name === "multiIf") && args.length >= 2)
      return this.branches(name === "if" && args.length > 3 ? args.slice(0, 2) : args);
    if (name === "ifNull" && args.length === 2) {
      const fallback = this.compile(args[1]!);
      return [...this.compile(args[0]!), OP.JUMP_IF_STACK_NOT_NULL, fallback.length + 1, OP.POP, ...fallback];
    }
    const local = this.variable(name);
    return local
      ? [...this.all(args), ...local, OP.CALL_LOCAL, args.length]
      : [...this.all(args), OP.CALL_GLOBAL, name, args.length];
  }

  /** `if(a, b, c)` and `multiIf(a, b, c, d, e)`: pairs, and what holds otherwise. Without an otherwise nothing is left on the stack, as in PostHog. */
  private branches(args: readonly HogNode[]): Bytecode {
    let otherwise: Bytecode | undefined = args.length % 2 === 1 ? this.compile(args[args.length - 1]!) : undefined;
    for (let index = args.length - (args.length % 2) - 2; index >= 0; index -= 2) {
      const then = this.compile(args[index + 1]!);
      const rest: Bytecode = otherwise ? [OP.JUMP, otherwise.length, ...otherwise] : [];
      otherwise = [
        ...this.compile(args[index]!),
        OP.JUMP_IF_FALSE,
        then.length + (otherwise ? 2 : 0),
        ...then,
        ...rest,
      ];
    }
    return otherwise ?? [];
  }

  private lambda(parameters: readonly string[], body: HogNode): Bytecode {
    const inner = new Scope(parameters, this);
    const compiled = [...inner.compile(body), OP.RETURN];
    return [
      OP.CALLABLE,
      "lambda",
      parameters.length,
      inner.captured.length,
      compiled.length,
      ...compiled,
      OP.CLOSURE,
      inner.captured.length,
      ...inner.captured.flatMap(({ local, index }) => [local, index]),
    ];
  }
}

function constant(value: string | number | boolean | null): Bytecode {
  if (value === null) return [OP.NULL];
  if (typeof value === "string") return [OP.STRING, value];
  if (typeof value === "boolean") return [value ? OP.TRUE : OP.FALSE];
  return [Number.isInteger(value) ? OP.INTEGER : OP.FLOAT, value];
}
