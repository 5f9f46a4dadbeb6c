// Where lines break in generated code: as prettier breaks them with a `printWidth` of 140 and its defaults otherwise, so that a project that formats its
// programs by prettier finds nothing to do but its own width, and one without finds a layout that it knows.

/** Longest line of generated code. */
export const CODE_WIDTH = 140;

/** Code as its parts, before lines are broken. */
export type Layout =
  /** Stands as it is. A text in quotes may go to a line of its own behind its key. */
  | { kind: "text"; text: string; isQuoted?: boolean; isNumber?: boolean }
  | { kind: "list"; items: readonly Layout[] }
  | { kind: "map"; members: readonly (readonly [key: string, value: Layout])[] }
  | { kind: "call"; callee: string; args: readonly Layout[] };

/** The code on one line, if nothing in it has lines of its own. */
export function flat(layout: Layout): string {
  switch (layout.kind) {
    case "text":
      return layout.text;
    case "list":
      return `[${layout.items.map(flat).join(", ")}]`;
    case "map":
      return layout.members.length === 0
        ? "{}"
        : `{ ${layout.members.map(([key, value]) => `${key}: ${flat(value)}`).join(", ")} }`;
    case "call":
      return `${layout.callee}(${layout.args.map(flat).join(", ")})`;
  }
}

/**
 * The code with its lines broken.
 *
 * @param indent Spaces that its further lines begin with.
 * @param column Characters of its first line that stand before it.
 * @param after Characters that follow on its last line, such as a comma.
 */
export function lay(layout: Layout, indent: number, column: number, after = 1): string {
  if (!mustBreak(layout)) {
    const line = flat(layout);
    if (column + line.length + after <= CODE_WIDTH) return line;
  }
  return broken(layout, indent, column);
}

/** A text of several lines opens everything around it, and so does a list of objects. */
function mustBreak(layout: Layout): boolean {
  switch (layout.kind) {
    case "text":
      return layout.text.includes("\n");
    case "list":
      return layout.items.some(mustBreak) || isTable(layout.items);
    case "map":
      return layout.members.some(([, value]) => mustBreak(value));
    case "call":
      return layout.args.some(mustBreak);
  }
}

/** Several maps, or several lists, of more than one member each. */
const isTable = (items: readonly Layout[]): boolean =>
  items.length > 1 && items.every((item) => item.kind === items[0]!.kind && sizeOf(item) > 1);
const sizeOf = (layout: Layout): number =>
  layout.kind === "list" ? layout.items.length : layout.kind === "map" ? layout.members.length : 0;
const isNumbers = (layout: Layout): boolean =>
  layout.kind === "list" &&
  layout.items.length > 1 &&
  layout.items.every((item) => item.kind === "text" && item.isNumber === true);

function broken(layout: Layout, indent: number, column: number): string {
  switch (layout.kind) {
    case "text":
      return layout.text;
    case "list":
      if (layout.items.length === 0) return "[]";
      return enclosed(
        "[",
        isNumbers(layout)
          ? filled(layout.items, indent + 2)
          : layout.items.map((item) => `${lay(item, indent + 2, indent + 2)},`),
        "]",
        indent,
      );
    case "map":
      if (layout.members.length === 0) return "{}";
      return enclosed(
        "{",
        layout.members.map(([key, value]) => `${member(key, value, indent + 2)},`),
        "}",
        indent,
      );
    case "call":
      return call(layout, indent, column);
  }
}

const spaces = (count: number): string => " ".repeat(count);
const enclosed = (open: string, lines: readonly string[], close: string, indent: number): string =>
  `${open}\n${lines.map((line) => `${spaces(indent + 2)}${line}`).join("\n")}\n${spaces(indent)}${close}`;

/** Keys that are no longer than the step of the indent, and a little: a line break behind them wins nothing. */
const SHORT_KEY = 5;

function member(key: string, value: Layout, indent: number): string {
  const code = lay(value, indent, indent + key.length + 2);
  const overflows =
    value.kind === "text" &&
    value.isQuoted === true &&
    key.length >= SHORT_KEY &&
    indent + key.length + 2 + code.length + 1 > CODE_WIDTH;
  return overflows ? `${key}:\n${spaces(indent + 2)}${code}` : `${key}: ${code}`;
}

/** Numbers stand beside each other as long as there is room. */
function filled(items: readonly Layout[], indent: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines[lines.length - 1];
    const text = `${flat(item)},`;
    if (last !== undefined && indent + last.length + 1 + text.length <= CODE_WIDTH)
      lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(text);
  }
  return lines;
}

/** The last argument takes the further lines, where it alone is a map or a list: `email("welcome", {` … `})`. Otherwise each has its own. */
function call({ callee, args }: Extract<Layout, { kind: "call" }>, indent: number, column: number): string {
  if (args.length === 0) return `${callee}()`;
  const before = args.slice(0, -1);
  const last = args[args.length - 1]!;
  const head = `${callee}(${before.map((argument) => `${flat(argument)}, `).join("")}`;
  const takesLines =
    (last.kind === "map" || last.kind === "list") &&
    sizeOf(last) > 0 &&
    before[before.length - 1]?.kind !== last.kind &&
    !(before.length > 0 && isNumbers(last));
  if (takesLines && !before.some(mustBreak) && column + head.length + 1 <= CODE_WIDTH)
    return `${head}${broken(last, indent, column + head.length)})`;
  return `${callee}${enclosed(
    "(",
    args.map((argument) => `${lay(argument, indent + 2, indent + 2)},`),
    ")",
    indent,
  )}`;
}
