// What a step is at run time: a plain, frozen object that knows its id, where it was written, and how to write itself down in the keyed form. The brand
// is shared by all copies of the package in a program.
import type { Dict } from "../../definition/canonical/values";
import type { At } from "./at";

const BRAND = Symbol.for("pulumi-hogflow.step");

/** A path out of a step. */
export interface BranchNode {
  kind: "when" | "otherwise" | "share" | "match" | "timeout";
  /** The list, `nothing`, or whatever an unchecked program gave. */
  path: unknown;
  location?: string | undefined;
  /** The branch's entry in the step's config. */
  entry?: (at: At) => Dict;
  /** Label that must be its own. */
  name?: unknown;
}

export interface StepNode {
  [BRAND]: "step";
  /** The function that made it, for messages. */
  maker: string;
  /** The first argument: an id, unless nobody checked the program. */
  key: unknown;
  type: string;
  location: string | undefined;
  /** The other arguments, as they were given. */
  options: unknown;
  /** Names of all options. */
  known: readonly string[];
  config: (at: At, branches: readonly BranchNode[]) => Dict | undefined;
  /** The paths out of it, as they were given. */
  branches?: unknown;
  /** The kinds of its paths: those that are branches, in order, and the one that it takes otherwise. */
  branchKinds?: BranchKinds;
  /** Fields that may be handed to the editor: from the step's word to the path below the step. */
  editable?: Readonly<Record<string, readonly string[]>>;
}

interface BranchKinds {
  branch: BranchNode["kind"];
  /** The path taken when no branch is; `never` where a branch always is. */
  rest: BranchNode["kind"] | "never";
}

export interface JumpNode {
  [BRAND]: "jump";
  target: unknown;
  location: string | undefined;
}

export interface EndNode {
  [BRAND]: "end";
  location: string | undefined;
}

export interface BranchEntry {
  [BRAND]: "branch";
  branch: BranchNode;
}

export type ItemNode = StepNode | JumpNode | EndNode;

const brandOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? (value as Record<symbol, unknown>)[BRAND] : undefined;

export const isStep = (value: unknown): value is StepNode => brandOf(value) === "step";
export const isItem = (value: unknown): value is ItemNode => ["step", "jump", "end"].includes(String(brandOf(value)));
export const isBranch = (value: unknown): value is BranchEntry => brandOf(value) === "branch";
export const isNothing = (value: unknown): boolean => brandOf(value) === "nothing";
export const isTrigger = (value: unknown): value is TriggerNode => brandOf(value) === "trigger";

export interface TriggerNode extends Omit<StepNode, typeof BRAND> {
  [BRAND]: "trigger";
}

export const step = (node: Omit<StepNode, typeof BRAND>): StepNode =>
  Object.freeze({ [BRAND]: "step" as const, ...node });
export const trigger = (node: Omit<StepNode, typeof BRAND>): TriggerNode =>
  Object.freeze({ [BRAND]: "trigger" as const, ...node });
export const jump = (target: unknown, location: string | undefined): JumpNode =>
  Object.freeze({ [BRAND]: "jump" as const, target, location });
export const end = (location: string | undefined): EndNode => Object.freeze({ [BRAND]: "end" as const, location });
export const branch = (node: BranchNode): BranchEntry => Object.freeze({ [BRAND]: "branch" as const, branch: node });
export const NOTHING = Object.freeze({ [BRAND]: "nothing" as const });

/** What is there in place of a step, in words. */
export function kindOf(value: unknown): string {
  const brand = brandOf(value);
  if (typeof brand === "string")
    return brand === "trigger"
      ? "a trigger"
      : brand === "branch"
        ? "a branch"
        : brand === "nothing"
          ? "`nothing`"
          : "a step";
  if (typeof value === "string") return `the text "${value}"`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "function") return "a function; call it";
  return value === null || typeof value !== "object" ? String(value) : "an object";
}
