// The ids of a flow's steps: what they look like, and that each is there once.
import { nearest } from "../../definition/schema/names";
import { EXIT_ID } from "../../definition/schema/step-ids";
import type { ProgramFinding } from "../../rules/program-findings";
import type { Notes } from "./at";
import { isStep, type StepNode } from "./node";

const FORM = /^[A-Za-z0-9_-]+$/;

/** The id in PostHog: pinned, or the first argument. */
export function idOf(node: Pick<StepNode, "key" | "options">): string {
  const pinned = optionOf(node.options, "id");
  return typeof pinned === "string" && pinned !== "" ? pinned : String(node.key);
}

const optionOf = (options: unknown, name: string): unknown =>
  typeof options === "object" && options !== null && Object.hasOwn(options, name)
    ? (options as Record<string, unknown>)[name]
    : undefined;

/** The steps of a flow by id and by first argument. */
export class Register {
  private readonly byKey = new Map<string, StepNode>();
  private readonly byId = new Map<string, StepNode>();
  readonly seen = new Set<StepNode>();

  constructor(private readonly notes: Notes) {}

  /** Takes a step in. False when it cannot be in the flow, because its id is taken or is not an id. */
  add(node: StepNode): boolean {
    const { key } = node;
    if (typeof key !== "string" || key === "") {
      this.report(
        undefined,
        node,
        "step-key",
        `the first argument of ${node.maker} is the step's id, but is ${typeof key === "string" ? "empty" : describe(key)}`,
        { fix: `Write ${node.maker}("what_it_is_for", …)` },
      );
      return false;
    }
    const id = idOf(node);
    const other = this.byId.get(id) ?? this.byKey.get(key);
    if (other !== undefined) {
      this.twice(id, other, node);
      return false;
    }
    const pinned = optionOf(node.options, "id");
    if (!FORM.test(key))
      this.report(id, node, "step-key", `"${key}" is not an id`, {
        fix: `Write "${slug(key)}", and put the title in \`name\``,
      });
    if (pinned !== undefined && (typeof pinned !== "string" || pinned === ""))
      this.report(id, node, "step-key", "`id` is not a text", {
        fix: "Give the id that the step has in PostHog, or leave `id` out",
      });
    this.seen.add(node);
    this.byKey.set(key, node);
    this.byId.set(id, node);
    return true;
  }

  private twice(id: string, first: StepNode, second: StepNode): void {
    const locations = [first.location, second.location].filter(
      (location, i, all) => location !== undefined && all.indexOf(location) === i,
    );
    this.report(
      id,
      second,
      "duplicate-step-id",
      `two steps have the id "${first.key === second.key ? String(second.key) : id}"${locations.length > 0 ? ` (${locations.join(" and ")})` : ""}`,
      {
        fix:
          first === second
            ? `To continue at the same step from elsewhere, write goTo(${typeof first.key === "string" ? JSON.stringify(first.key) : "step"}); for a second step, give it another id`
            : "Give one of them a different first argument",
      },
    );
  }

  /** The id of the step that a jump names, by first argument or as the step itself. */
  target(target: unknown): { id: string } | Pick<ProgramFinding, "what" | "fix" | "suggestion"> {
    if (isStep(target))
      return this.seen.has(target)
        ? { id: idOf(target) }
        : {
            what: `goTo: the step "${String(target.key)}" is not in this flow`,
            fix: "Put it in a list where it is reached first",
          };
    if (typeof target !== "string")
      return { what: `goTo takes a step or its first argument, not ${describe(target)}`, fix: 'Write goTo("step")' };
    const node = this.byKey.get(target);
    if (node) return { id: idOf(node) };
    const keys = [...this.byKey].filter(([, { type }]) => type !== "trigger").map(([key]) => key);
    const near = nearest(target, keys);
    return {
      what: `goTo: no step has the id "${target}"`,
      ...(target !== EXIT_ID && near !== undefined
        ? { suggestion: `"${near}"` }
        : { fix: target === EXIT_ID ? "Write exit()" : `The steps are ${keys.join(", ")}` }),
    };
  }

  private report(id: string | undefined, node: StepNode, rule: string, what: string, more: { fix: string }): void {
    this.notes.findings.push({
      rule,
      path: id === undefined ? ["actions"] : ["actions", id],
      what: id === undefined && node.location !== undefined ? `${what} (${node.location})` : what,
      ...more,
    });
  }
}

const describe = (value: unknown): string =>
  value === undefined
    ? "missing"
    : value === null
      ? "null"
      : typeof value === "object"
        ? "an object"
        : `${typeof value} ${String(value)}`;
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "_")
    .replace(/^_+|_+$/g, "") || "step";
