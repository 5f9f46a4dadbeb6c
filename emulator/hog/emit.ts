/** From the parser's tree to bytecode of PostHog's virtual machine: expressions, and the statements of which templates' programs are made. */
import { CompileError } from "../compiler";
import type { HogNode } from "./parser";

export type Code = (string | number | boolean | null)[];

/** Operations of the machine; the numbers are part of its format. */
const OP = {
  GET_GLOBAL: 1,
  CALL_GLOBAL: 2,
  AND: 3,
  OR: 4,
  NOT: 5,
  LT: 15,
  LT_EQ: 16,
  GT: 13,
  GT_EQ: 14,
  TRUE: 29,
  FALSE: 30,
  NULL: 31,
  STRING: 32,
  INTEGER: 33,
  FLOAT: 34,
  POP: 35,
  GET_LOCAL: 36,
  SET_LOCAL: 37,
  RETURN: 38,
  JUMP: 39,
  JUMP_IF_FALSE: 40,
  DICT: 42,
  ARRAY: 43,
  TUPLE: 44,
  GET_PROPERTY: 45,
  SET_PROPERTY: 46,
  JUMP_IF_STACK_NOT_NULL: 47,
  GET_PROPERTY_NULLISH: 48,
  THROW: 49,
  CALLABLE: 52,
  CLOSURE: 53,
  CALL_LOCAL: 54,
  GET_UPVALUE: 55,
  SET_UPVALUE: 56,
  CLOSE_UPVALUE: 57,
  IN_COHORT: 27,
} as const;

const COMPARISONS: Record<string, number> = {
  "==": 11,
  "!=": 12,
  ">": 13,
  ">=": 14,
  "<": 15,
  "<=": 16,
  like: 17,
  ilike: 18,
  "not like": 19,
  "not ilike": 20,
  in: 21,
  "not in": 22,
  "=~": 23,
  "!~": 24,
  "=~*": 25,
  "!~*": 26,
};

const ARITHMETIC: Record<string, number> = { "+": 6, "-": 7, "*": 8, "/": 9, "%": 10 };

const HEADER: Code = ["_H", 1];

export const bytecodeOf = (node: HogNode): Code => [...HEADER, ...new Emitter().emit(node)];

interface Local {
  name: string;
  depth: number;
  captured: boolean;
}

interface Upvalue {
  index: number;
  isLocal: boolean;
}

type Emit = (node: HogNode, emitter: Emitter) => Code;

/** One function of a program, or what is outside of all: its local variables, and those of outer functions that it reads. */
class Emitter {
  private readonly locals: Local[] = [];
  readonly upvalues: Upvalue[] = [];
  private depth = 0;

  constructor(
    parameters: readonly string[] = [],
    private readonly outer?: Emitter,
  ) {
    for (const name of parameters) this.declare(name);
  }

  emit(node: HogNode): Code {
    const emit = NODES[node.node];
    if (!emit) throw new CompileError(`${node.node} is not supported here`);
    return emit(node, this);
  }

  all(nodes: readonly HogNode[]): Code {
    return nodes.flatMap((node) => this.emit(node));
  }

  declare(name: string): number {
    this.locals.push({ name, depth: this.depth, captured: false });
    return this.locals.length - 1;
  }

  /** Statements that see each other's variables; those are gone afterwards. */
  scope(work: () => Code): Code {
    this.depth += 1;
    const code = work();
    this.depth -= 1;
    while ((this.locals.at(-1)?.depth ?? -1) > this.depth)
      code.push(this.locals.pop()!.captured ? OP.CLOSE_UPVALUE : OP.POP);
    return code;
  }

  /** Code that reads a variable; undefined when the name is no variable. */
  variable(name: string): Code | undefined {
    const local = this.locals.findLastIndex((other) => other.name === name);
    if (local >= 0) return [OP.GET_LOCAL, local];
    const upvalue = this.upvalue(name);
    return upvalue < 0 ? undefined : [OP.GET_UPVALUE, upvalue];
  }

  /** Code that stores what is on the stack. */
  store(name: string): Code {
    const read = this.variable(name);
    if (!read) throw new CompileError(`the variable "${name}" is not declared`);
    return [read[0] === OP.GET_LOCAL ? OP.SET_LOCAL : OP.SET_UPVALUE, read[1]!];
  }

  private upvalue(name: string): number {
    if (!this.outer) return -1;
    const local = this.outer.locals.findLastIndex((other) => other.name === name);
    if (local >= 0) {
      this.outer.locals[local]!.captured = true;
      return this.capture({ index: local, isLocal: true });
    }
    const outer = this.outer.upvalue(name);
    return outer < 0 ? -1 : this.capture({ index: outer, isLocal: false });
  }

  private capture(upvalue: Upvalue): number {
    const known = this.upvalues.findIndex((u) => u.index === upvalue.index && u.isLocal === upvalue.isLocal);
    return known >= 0 ? known : this.upvalues.push(upvalue) - 1;
  }
}

const constant = (value: unknown): Code => {
  if (value === null || value === undefined) return [OP.NULL];
  if (typeof value === "boolean") return [value ? OP.TRUE : OP.FALSE];
  if (typeof value === "number") return [Number.isInteger(value) ? OP.INTEGER : OP.FLOAT, value];
  if (typeof value === "string") return [OP.STRING, value];
  throw new CompileError(`a constant of type ${typeof value} is not supported`);
};

const joined = (operation: number, nodes: readonly HogNode[], emitter: Emitter): Code => [
  ...emitter.all(nodes),
  operation,
  nodes.length,
];

/** `then` and `otherwise` are code; one of them runs. */
function choose(condition: Code, then: Code, otherwise?: Code): Code {
  if (!otherwise) return [...condition, OP.JUMP_IF_FALSE, then.length, ...then];
  return [...condition, OP.JUMP_IF_FALSE, then.length + 2, ...then, OP.JUMP, otherwise.length, ...otherwise];
}

/** Functions that are no calls. */
const SPECIAL: Record<string, (args: HogNode[], emitter: Emitter) => Code | undefined> = {
  not: (args, e) => (args.length === 1 ? [...e.all(args), OP.NOT] : undefined),
  and: (args, e) => (args.length > 1 ? joined(OP.AND, args, e) : undefined),
  or: (args, e) => (args.length > 1 ? joined(OP.OR, args, e) : undefined),
  if: (args, e) =>
    args.length >= 2 ? choose(e.emit(args[0]!), e.emit(args[1]!), args[2] && e.emit(args[2])) : undefined,
  multiIf(args, e) {
    if (args.length < 2) return undefined;
    let rest = args.length % 2 === 1 ? e.emit(args.at(-1)!) : undefined;
    for (let i = args.length - (args.length % 2) - 2; i >= 0; i -= 2)
      rest = choose(e.emit(args[i]!), e.emit(args[i + 1]!), rest);
    return rest;
  },
  ifNull(args, e) {
    if (args.length !== 2) return undefined;
    const otherwise = e.emit(args[1]!);
    return [...e.emit(args[0]!), OP.JUMP_IF_STACK_NOT_NULL, otherwise.length + 1, OP.POP, ...otherwise];
  },
};

function call({ name, args, params }: HogNode, emitter: Emitter): Code {
  const special = Object.hasOwn(SPECIAL, name) ? SPECIAL[name]!(args, emitter) : undefined;
  if (special) return special;
  const first = (params ?? args) as HogNode[];
  const callee = emitter.variable(name);
  const code = [
    ...emitter.all(first),
    ...(callee ? [...callee, OP.CALL_LOCAL, first.length] : [OP.CALL_GLOBAL, name, first.length]),
  ];
  return params ? [...emitter.all(args), ...code, OP.CALL_LOCAL, args.length] : code;
}

const step = (element: string | number): Code =>
  typeof element === "number" ? [OP.INTEGER, element] : [OP.STRING, element];

function field({ chain }: HogNode, emitter: Emitter): Code {
  const [first, ...rest] = chain as (string | number)[];
  const variable = emitter.variable(String(first));
  if (variable) return [...variable, ...rest.flatMap((element) => [...step(element), OP.GET_PROPERTY])];
  return [...[...(chain as Code)].reverse().flatMap((element) => [OP.STRING, element]), OP.GET_GLOBAL, chain.length];
}

function callable(name: string, parameters: string[], body: HogNode, outer: Emitter): Code {
  const inner = new Emitter(parameters, outer);
  const statements = "declarations" in body ? (body.declarations as HogNode[]) : [body];
  const ends = statements.at(-1)?.node === "ReturnStatement";
  const code = [...inner.emit(body), ...(ends ? [] : [OP.NULL, OP.RETURN])];
  return [
    OP.CALLABLE,
    name,
    parameters.length,
    inner.upvalues.length,
    code.length,
    ...code,
    OP.CLOSURE,
    inner.upvalues.length,
    ...inner.upvalues.flatMap(({ index, isLocal }) => [isLocal, index]),
  ];
}

function assignment({ left, right }: HogNode, emitter: Emitter): Code {
  if (left.node === "ArrayAccess")
    return [...emitter.emit(left.array), ...emitter.emit(left.property), ...emitter.emit(right), OP.SET_PROPERTY];
  if (left.node === "TupleAccess")
    return [...emitter.emit(left.tuple), OP.INTEGER, left.index, ...emitter.emit(right), OP.SET_PROPERTY];
  const chain = left.chain as (string | number)[];
  if (chain.length === 1) return [...emitter.emit(right), ...emitter.store(String(chain[0]))];
  return [
    ...emitter.emit({ node: "Field", chain: chain.slice(0, -1) }),
    ...step(chain.at(-1)!),
    ...emitter.emit(right),
    OP.SET_PROPERTY,
  ];
}

/** `for (let value in list)`: the list, its values, the index and the limit are variables that a program cannot name. */
function forIn({ keyVar, valueVar, expr, body }: HogNode, emitter: Emitter): Code {
  return emitter.scope(() => {
    const hidden = (name: string) => emitter.declare(`(${name})`);
    const list = hidden("list");
    const code = [...emitter.emit(expr as HogNode)];
    const read = (local: number): Code => [OP.GET_LOCAL, local];
    const keys = keyVar ? hidden("keys") : undefined;
    if (keys !== undefined) code.push(...read(list), OP.CALL_GLOBAL, "keys", 1);
    const values = hidden("values");
    code.push(...read(list), OP.CALL_GLOBAL, "values", 1);
    const index = hidden("index");
    code.push(OP.INTEGER, 1);
    const limit = hidden("limit");
    code.push(...read(values), OP.CALL_GLOBAL, "length", 1);
    const take = (from: number, to: number): Code => [...read(from), ...read(index), OP.GET_PROPERTY, OP.SET_LOCAL, to];
    const key = keyVar ? emitter.declare(keyVar as string) : undefined;
    if (key !== undefined) code.push(OP.NULL);
    const value = emitter.declare(valueVar as string);
    code.push(OP.NULL);
    const condition: Code = [...read(limit), ...read(index), OP.LT_EQ];
    const loop = [
      ...(key === undefined ? [] : take(keys!, key)),
      ...take(values, value),
      ...emitter.emit(body as HogNode),
      ...[...read(index), OP.INTEGER, 1, ARITHMETIC["+"]!, OP.SET_LOCAL, index],
    ];
    code.push(...condition, OP.JUMP_IF_FALSE, loop.length + 2, ...loop);
    code.push(OP.JUMP, -(loop.length + condition.length + 4));
    return code;
  });
}

const NODES: Record<string, Emit> = {
  Constant: ({ value, value_type }) => constant(value_type === "number" ? Number(value) : value),
  Field: field,
  And: ({ exprs }, e) => joined(OP.AND, exprs, e),
  Or: ({ exprs }, e) => joined(OP.OR, exprs, e),
  Not: ({ expr }, e) => [...e.emit(expr), OP.NOT],
  CompareOperation({ op, left, right }, e) {
    const operation = COMPARISONS[op];
    if (operation === undefined) throw new CompileError("Can't use cohorts in real-time filters.");
    return [...e.emit(right), ...e.emit(left), operation];
  },
  BetweenExpr({ expr, low, high, negated }, e) {
    const [from, to, either] = negated ? [OP.LT, OP.GT, OP.OR] : [OP.GT_EQ, OP.LT_EQ, OP.AND];
    return [...e.emit(low), ...e.emit(expr), from, ...e.emit(high), ...e.emit(expr), to, either, 2];
  },
  ArithmeticOperation: ({ op, left, right }, e) => [...e.emit(right), ...e.emit(left), ARITHMETIC[op]!],
  Array: ({ exprs }, e) => joined(OP.ARRAY, exprs, e),
  Tuple: ({ exprs }, e) => joined(OP.TUPLE, exprs, e),
  Dict: ({ items }, e) => [...(items as HogNode[][]).flatMap((pair) => e.all(pair)), OP.DICT, items.length],
  ArrayAccess: ({ array, property, nullish }, e) => [
    ...e.emit(array),
    ...e.emit(property),
    nullish ? OP.GET_PROPERTY_NULLISH : OP.GET_PROPERTY,
  ],
  TupleAccess: ({ tuple, index, nullish }, e) => [
    ...e.emit(tuple),
    OP.INTEGER,
    index,
    nullish ? OP.GET_PROPERTY_NULLISH : OP.GET_PROPERTY,
  ],
  Call: call,
  ExprCall: ({ expr, args }, e) => [...e.all(args), ...e.emit(expr), OP.CALL_LOCAL, args.length],
  Lambda: ({ args, expr }, e) =>
    callable("lambda", args, "declarations" in expr ? expr : { node: "ReturnStatement", expr }, e),
  Program: ({ declarations }, e) => e.scope(() => e.all(declarations)),
  Block: ({ declarations }, e) => e.scope(() => e.all(declarations)),
  ExprStatement: ({ expr }, e) => (expr ? [...e.emit(expr), OP.POP] : []),
  ReturnStatement: ({ expr }, e) => [...(expr ? e.emit(expr) : [OP.NULL]), OP.RETURN],
  ThrowStatement: ({ expr }, e) => [...e.emit(expr), OP.THROW],
  VariableDeclaration({ name, expr }, e) {
    const code = expr ? e.emit(expr) : [OP.NULL];
    e.declare(name);
    return code;
  },
  VariableAssignment: assignment,
  IfStatement: ({ expr, then, else_ }, e) => choose(e.emit(expr), e.emit(then), else_ ? e.emit(else_) : undefined),
  WhileStatement({ expr, body }, e) {
    const condition = e.emit(expr);
    const loop = e.emit(body);
    return [...condition, OP.JUMP_IF_FALSE, loop.length + 2, ...loop, OP.JUMP, -(condition.length + loop.length + 4)];
  },
  ForInStatement: forIn,
  Function({ name, params, body }, e) {
    e.declare(name);
    return callable(name, params, body, e);
  },
};
