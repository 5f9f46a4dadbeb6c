// Turns lists of steps into wiring: who comes after whom, through which branch. Lists are read once, in the order of writing, so that jumps may lead
// forwards; then each is linked from its end, because a step goes on to what stands behind it, and a path to what stands behind its branch.
import * as pulumi from "@pulumi/pulumi";
import { EXIT_ID } from "../../definition/schema/step-ids";
import type { ProgramFinding } from "../../rules/program-findings";
import type { Notes } from "./at";
import { idOf, type Register } from "./ids";
import {
  isArm,
  isItem,
  isNothing,
  isStep,
  isTrigger,
  kindOf,
  type ArmNode,
  type ItemNode,
  type StepNode,
} from "./node";

/** What a step leads to. */
export interface Wires {
  next?: string;
  branches?: string[];
}

/** A list as it was read: flat, without what is left out, and the paths of its steps read likewise. */
interface Line {
  items: readonly Placed[];
  owner: string | undefined;
}
interface Placed {
  node: ItemNode;
  paths: readonly { arm: ArmNode; line: Line }[];
}

export interface Wired {
  /** Steps in the order of reading. */
  steps: { node: StepNode; id: string; arms: readonly ArmNode[]; wires: Wires }[];
  /** Where the trigger goes. */
  first: string;
  /** Whether a path leads to the exit that nobody wrote. */
  needsExit: boolean;
}

export function wire(list: unknown, register: Register, notes: Notes): Wired {
  const steps: Wired["steps"] = [];
  const wiresOf = new Map<StepNode, Wires>();
  const problem = (
    owner: string | undefined,
    rule: string,
    what: string,
    more: Pick<ProgramFinding, "fix" | "suggestion"> = {},
  ): void => {
    notes.problems.push({ rule, path: owner === undefined ? ["actions"] : ["actions", owner], what, ...more });
  };

  const read = (given: unknown, owner: string | undefined): Line => {
    const items: Placed[] = [];
    const take = (entry: unknown): void => {
      if (entry === false || entry === null || entry === undefined || isNothing(entry)) return;
      if (Array.isArray(entry)) entry.forEach(take);
      else if (pulumi.Output.isInstance(entry) || entry instanceof Promise)
        problem(owner, "step-entry", "expected a step, got an output", {
          fix: "Compute the list without apply; texts, numbers and dates inside steps can be outputs",
        });
      else if (isItem(entry)) takeItem(entry);
      else
        problem(
          owner,
          "step-entry",
          `expected a step, got ${kindOf(entry)}`,
          isArm(entry)
            ? { fix: "Put it in branch(…) or split(…)" }
            : isTrigger(entry)
              ? { fix: "Give it as `trigger`" }
              : { fix: 'Write a step such as delay("pause", "1d")' },
        );
    };
    const takeItem = (node: ItemNode): void => {
      if (!isStep(node)) {
        items.push({ node, paths: [] });
        return;
      }
      if (!register.add(node)) return;
      const id = idOf(node);
      const arms = armsOf(node, id);
      const wires: Wires = {};
      wiresOf.set(node, wires);
      steps.push({ node, id, arms, wires });
      const placed = { node, paths: arms.map((arm) => ({ arm, line: readPath(arm.path, id) })) };
      items.push(placed);
    };
    take(given);
    const last = items.findIndex(({ node }) => ends(node));
    const lost = last < 0 ? undefined : items[last + 1]?.node;
    if (lost !== undefined)
      problem(
        isStep(lost) ? idOf(lost) : owner,
        "step-after-end",
        `a step after exit() or goTo() is never reached${!isStep(lost) && lost.place ? ` (${lost.place})` : ""}`,
        { fix: "Put it before, or in a branch that gets there" },
      );
    return { items: lost === undefined ? items : items.slice(0, last + 1), owner };
  };

  const readPath = (path: unknown, owner: string): Line => {
    if (isNothing(path) || path === undefined) return { items: [], owner };
    if (!Array.isArray(path))
      problem(owner, "step-entry", `a branch must be a list of steps, got ${kindOf(path)}`, {
        fix: "Write [step, …], or `nothing`",
      });
    else if (path.length === 0)
      problem(owner, "empty-path", "a branch of this step is empty", { fix: "Leave it out, or write `nothing`" });
    return read(path, owner);
  };

  const armsOf = (node: StepNode, id: string): readonly ArmNode[] => {
    if (node.armKinds === undefined) return [];
    const given: unknown = node.arms;
    if (!Array.isArray(given)) {
      problem(id, "branch-paths", `${node.maker} takes a list of branches, got ${kindOf(given)}`);
      return [];
    }
    const arms = given
      .filter((entry) => {
        const fits =
          isArm(entry) && (entry.arm.kind === node.armKinds?.branch || entry.arm.kind === node.armKinds?.rest);
        if (!fits && entry !== false && entry !== undefined && entry !== null)
          problem(
            id,
            "branch-paths",
            `${isArm(entry) ? `${entry.arm.kind}(…)` : kindOf(entry)} does not belong in ${node.maker}`,
            {
              fix:
                node.maker === "split"
                  ? "Write share(name, percentage, path)"
                  : "Write when(conditions, path) or otherwise(path)",
            },
          );
        return fits;
      })
      .map((entry) => (entry as { arm: ArmNode }).arm);
    checkArms(arms, id);
    return arms;
  };

  const checkArms = (arms: readonly ArmNode[], id: string): void => {
    if (!arms.some(({ kind }) => kind === "when" || kind === "share" || kind === "match" || kind === "timeout"))
      problem(id, "branch-paths", "a branch step without branches chooses nothing", {
        fix: "Leave it out, or give it a branch",
      });
    const at = arms.findIndex(({ kind }) => kind === "otherwise");
    if (at >= 0 && at < arms.length - 1)
      problem(id, "branch-paths", "`otherwise` is not the last branch", { fix: "Put it last, and once" });
    const names = arms.filter(({ kind }) => kind === "share").map(({ name }) => name);
    names.forEach((name, i) => {
      if (typeof name !== "string" || name === "")
        problem(id, "share-name", "a share has no name", { fix: 'Write share("control", 10, nothing)' });
      else if (names.indexOf(name) < i)
        problem(id, "share-name", `two shares have the name "${name}"`, { fix: "Give one of them a different name" });
    });
  };

  // What stands behind an end has been told, and is not sent.
  const linked = new Set<StepNode>();
  let needsExit = false;
  const end = (): string => {
    needsExit = true;
    return EXIT_ID;
  };

  /** Answers with the id that the list begins with. `after` is where it goes on in the end. */
  const link = (line: Line, after: () => string): (() => string) => {
    let next = after;
    for (const { node, paths } of [...line.items].reverse()) {
      if (isStep(node)) {
        const then = next;
        const wires = wiresOf.get(node)!;
        linked.add(node);
        const kinds = node.armKinds;
        if (kinds) {
          wires.branches = paths.filter(({ arm }) => arm.kind === kinds.branch).map((path) => link(path.line, then)());
          const rest = paths.find(({ arm }) => arm.kind === kinds.rest);
          if (kinds.rest !== "never") wires.next = rest ? link(rest.line, then)() : then();
        } else if (node.type !== "exit") wires.next = then();
        const id = idOf(node);
        next = () => id;
      } else if ("target" in node) {
        const found = register.target(node.target);
        if ("id" in found) next = () => found.id;
        else {
          const { what, ...more } = found;
          problem(line.owner, "dead-jump", `${what}${node.place === undefined ? "" : ` (${node.place})`}`, more);
        }
      } else next = end;
    }
    return next;
  };

  const line = read(list, undefined);
  const first = link(line, end)();
  return { steps: steps.filter(({ node }) => linked.has(node)), first, needsExit };
}

const ends = (node: ItemNode): boolean => !isStep(node) || node.type === "exit";
