// Turns lists of steps into wiring: who comes after whom, through which branch. Lists are read once, in the order of writing, so that jumps may lead
// forwards; then each is linked from its end, because a step leads to what follows it, and a path to what follows its branch.
import * as pulumi from "@pulumi/pulumi";
import { EXIT_ID } from "../../definition/schema/step-ids";
import type { ProgramFinding } from "../../rules/program-findings";
import type { Notes } from "./at";
import { idOf, type Register } from "./ids";
import {
  isBranch,
  isItem,
  isNothing,
  isStep,
  isTrigger,
  kindOf,
  type BranchNode,
  type ItemNode,
  type StepNode,
} from "./node";

/** What a step leads to. */
interface Edges {
  next?: string;
  branches?: string[];
}

/** A list as it was read: flat, without what is left out, and the paths of its steps read likewise. */
interface Line {
  items: readonly ReadItem[];
  owner: string | undefined;
}
interface ReadItem {
  node: ItemNode;
  paths: readonly { branch: BranchNode; line: Line }[];
}

export interface LinkedStep {
  node: StepNode;
  id: string;
  branches: readonly BranchNode[];
  edges: Edges;
}

export interface Linked {
  /** Steps in the order of reading. */
  steps: LinkedStep[];
  /** Where the trigger leads. */
  first: string;
  /** Whether a path leads to the exit that nobody wrote. */
  needsExit: boolean;
}

export function linkSteps(list: unknown, register: Register, notes: Notes): Linked {
  const steps: Linked["steps"] = [];
  const edgesOf = new Map<StepNode, Edges>();
  const report = (
    owner: string | undefined,
    rule: string,
    what: string,
    more: Pick<ProgramFinding, "fix" | "suggestion"> = {},
  ): void => {
    notes.findings.push({ rule, path: owner === undefined ? ["actions"] : ["actions", owner], what, ...more });
  };

  const read = (given: unknown, owner: string | undefined): Line => {
    const items: ReadItem[] = [];
    const take = (entry: unknown): void => {
      if (entry === false || entry === null || entry === undefined || isNothing(entry)) return;
      if (Array.isArray(entry)) entry.forEach(take);
      else if (pulumi.Output.isInstance(entry) || entry instanceof Promise)
        report(owner, "step-entry", "expected a step, got an output", {
          fix: "Compute the list without apply; texts, numbers and dates inside steps can be outputs",
        });
      else if (isItem(entry)) takeItem(entry);
      else
        report(
          owner,
          "step-entry",
          `expected a step, got ${kindOf(entry)}`,
          isBranch(entry)
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
      const branches = branchesOf(node, id);
      const edges: Edges = {};
      edgesOf.set(node, edges);
      steps.push({ node, id, branches, edges });
      const item = { node, paths: branches.map((branch) => ({ branch: branch, line: readPath(branch.path, id) })) };
      items.push(item);
    };
    take(given);
    const last = items.findIndex(({ node }) => ends(node));
    const lost = last < 0 ? undefined : items[last + 1]?.node;
    if (lost !== undefined)
      report(
        isStep(lost) ? idOf(lost) : owner,
        "step-after-end",
        `a step after exit() or goTo() is never reached${!isStep(lost) && lost.location ? ` (${lost.location})` : ""}`,
        { fix: "Put it before, or in a branch that gets there" },
      );
    return { items: lost === undefined ? items : items.slice(0, last + 1), owner };
  };

  const readPath = (path: unknown, owner: string): Line => {
    if (isNothing(path) || path === undefined) return { items: [], owner };
    if (!Array.isArray(path))
      report(owner, "step-entry", `a branch must be a list of steps, got ${kindOf(path)}`, {
        fix: "Write [step, …], or `nothing`",
      });
    else if (path.length === 0)
      report(owner, "empty-path", "a branch of this step is empty", { fix: "Leave it out, or write `nothing`" });
    return read(path, owner);
  };

  const branchesOf = (node: StepNode, id: string): readonly BranchNode[] => {
    if (node.branchKinds === undefined) return [];
    const given: unknown = node.branches;
    if (!Array.isArray(given)) {
      report(id, "branch-paths", `${node.maker} takes a list of branches, got ${kindOf(given)}`);
      return [];
    }
    const branches = given
      .filter((entry) => {
        const fits =
          isBranch(entry) &&
          (entry.branch.kind === node.branchKinds?.branch || entry.branch.kind === node.branchKinds?.rest);
        if (!fits && entry !== false && entry !== undefined && entry !== null)
          report(
            id,
            "branch-paths",
            `${isBranch(entry) ? `${entry.branch.kind}(…)` : kindOf(entry)} does not belong in ${node.maker}`,
            {
              fix:
                node.maker === "split"
                  ? "Write share(name, percentage, path)"
                  : "Write when(conditions, path) or otherwise(path)",
            },
          );
        return fits;
      })
      .map((entry) => (entry as { branch: BranchNode }).branch);
    checkBranches(branches, id);
    return branches;
  };

  const checkBranches = (branches: readonly BranchNode[], id: string): void => {
    if (!branches.some(({ kind }) => kind === "when" || kind === "share" || kind === "match" || kind === "timeout"))
      report(id, "branch-paths", "a branch step without branches chooses nothing", {
        fix: "Leave it out, or give it a branch",
      });
    const at = branches.findIndex(({ kind }) => kind === "otherwise");
    if (at >= 0 && at < branches.length - 1)
      report(id, "branch-paths", "`otherwise` is not the last branch", { fix: "Put it last, and once" });
    const names = branches.filter(({ kind }) => kind === "share").map(({ name }) => name);
    names.forEach((name, i) => {
      if (typeof name !== "string" || name === "")
        report(id, "share-name", "a share has no name", { fix: 'Write share("control", 10, nothing)' });
      else if (names.indexOf(name) < i)
        report(id, "share-name", `two shares have the name "${name}"`, { fix: "Give one of them a different name" });
    });
  };

  // What follows an end has been reported, and is not sent.
  const linked = new Set<StepNode>();
  let needsExit = false;
  const end = (): string => {
    needsExit = true;
    return EXIT_ID;
  };

  /** Answers with the id that the list begins with. `after` is where it continues at its end. */
  const link = (line: Line, after: () => string): (() => string) => {
    let next = after;
    for (const { node, paths } of [...line.items].reverse()) {
      if (isStep(node)) {
        const then = next;
        const edges = edgesOf.get(node)!;
        linked.add(node);
        const kinds = node.branchKinds;
        if (kinds) {
          edges.branches = paths
            .filter(({ branch }) => branch.kind === kinds.branch)
            .map((path) => link(path.line, then)());
          const rest = paths.find(({ branch }) => branch.kind === kinds.rest);
          if (kinds.rest !== "never") edges.next = rest ? link(rest.line, then)() : then();
        } else if (node.type !== "exit") edges.next = then();
        const id = idOf(node);
        next = () => id;
      } else if ("target" in node) {
        const found = register.target(node.target);
        if ("id" in found) next = () => found.id;
        else {
          const { what, ...more } = found;
          report(line.owner, "dead-jump", `${what}${node.location === undefined ? "" : ` (${node.location})`}`, more);
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
