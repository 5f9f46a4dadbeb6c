// A Hog expression as a reader takes it: `first_name or "there"`.
import type { HogNode } from "../../definition/language";

/** Properties without what all of them begin with. */
function fieldWords(chain: readonly string[]): string {
  const [root, ...path] = chain;
  if (root === "variables" && path.length > 0) return path.join(".");
  const at = path.indexOf("properties");
  return (root === "person" || root === "event" || root === "groups") && at >= 0 && at < path.length - 1
    ? path.slice(at + 1).join(".")
    : chain.join(".");
}

const COMPARED: Readonly<Record<string, string>> = { "==": "is", "!=": "is not" };

/**
 * An expression in words.
 *
 * @param isExact Says also whose a property is. Default false.
 */
export function hogWords(expression: HogNode, isExact = false): string {
  const list = (nodes: readonly HogNode[], join = ", "): string => nodes.map(words).join(join);
  const words = (node: HogNode): string => {
    switch (node.kind) {
      case "constant":
        return typeof node.value === "string" ? `"${node.value}"` : String(node.value);
      case "field":
        return isExact ? node.chain.join(".") : fieldWords(node.chain);
      case "property": {
        const [of, key] = [words(node.of), node.key.kind === "constant" ? String(node.key.value) : words(node.key)];
        return OWNERS.has(of) && !isExact ? key : `${of}.${key}`;
      }
      case "call":
        return callWords(node.name, node.args);
      case "invoke":
        return `${words(node.callee)}(${list(node.args)})`;
      case "lambda":
        return `${node.parameters.join(", ")} -> ${words(node.body)}`;
      case "array":
      case "tuple":
        return `(${list(node.items)})`;
      case "dict":
        return `(${node.items.map(([key, item]) => `${words(key)}: ${words(item)}`).join(", ")})`;
      case "arithmetic":
        return `${words(node.left)} ${node.operator} ${words(node.right)}`;
      case "compare":
        return `${words(node.left)} ${COMPARED[node.operator] ?? node.operator} ${words(node.right)}`;
      case "and":
      case "or":
        return list(node.items, ` ${node.kind} `);
      case "not":
        return `not ${words(node.of)}`;
      case "between":
        return `${words(node.of)} ${node.negated ? "not " : ""}between ${words(node.low)} and ${words(node.high)}`;
    }
  };
  const callWords = (name: string, args: readonly HogNode[]): string => {
    if ((name === "ifNull" || name === "coalesce") && args.length > 1) return list(args, " or ");
    if (name === "concat") return list(args, " ");
    const [condition, then, otherwise] = args;
    if (name === "if" && condition && then)
      return `${words(then)} if ${words(condition)}${otherwise ? `, otherwise ${words(otherwise)}` : ""}`;
    return `${name}(${list(args)})`;
  };
  return words(expression);
}

/** `person.properties["$name"]` is read like `person.properties.name`. */
const OWNERS: ReadonlySet<string> = new Set(["person.properties", "event.properties", "variables"]);
