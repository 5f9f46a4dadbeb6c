// What a step is at run time: a plain, frozen object that knows its id, where it was written, and how to write itself down in the keyed form. The mark
// is shared by all copies of the package in a program.
import type { Dict } from "../../definition/canonical/values";
import type { At } from "./at";

const MARK = Symbol.for("pulumi-hogflow.step");

/** A path out of a step. */
export interface ArmNode {
  kind: "when" | "otherwise" | "share" | "match" | "timeout";
  /** The list, `nothing`, or whatever an unchecked program gave. */
  path: unknown;
  place?: string | undefined;
  /** The arm's entry in the step's config. */
  entry?: (at: At) => Dict;
  /** Label that must be its own. */
  name?: unknown;
}

export interface StepNode {
  [MARK]: "step";
  /** The function that made it, for messages. */
  maker: string;
  /** The first argument: an id, unless nobody checked the program. */
  key: unknown;
  type: string;
  place: string | undefined;
  /** The other arguments, as they were given. */
  options: unknown;
  /** Names of all options. */
  known: readonly string[];
  config: (at: At, arms: readonly ArmNode[]) => Dict | undefined;
  /** The paths out of it, as they were given. */
  arms?: unknown;
  /** What the arms are called, and which of them are branches, in order. The other one is where the step goes by itself. */
  armKinds?: ArmKinds;
  /** Fields that may be handed to the editor: from the step's word to the path below the step. */
  editable?: Readonly<Record<string, readonly string[]>>;
}

interface ArmKinds {
  branch: ArmNode["kind"];
  /** The path taken when no branch is; `never` where a branch always is. */
  rest: ArmNode["kind"] | "never";
}

export interface JumpNode {
  [MARK]: "jump";
  target: unknown;
  place: string | undefined;
}

export interface EndNode {
  [MARK]: "end";
  place: string | undefined;
}

export interface ArmMark {
  [MARK]: "arm";
  arm: ArmNode;
}

export type ItemNode = StepNode | JumpNode | EndNode;

const markOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? (value as Record<symbol, unknown>)[MARK] : undefined;

export const isStep = (value: unknown): value is StepNode => markOf(value) === "step";
export const isItem = (value: unknown): value is ItemNode => ["step", "jump", "end"].includes(String(markOf(value)));
export const isArm = (value: unknown): value is ArmMark => markOf(value) === "arm";
export const isNothing = (value: unknown): boolean => markOf(value) === "nothing";
export const isTrigger = (value: unknown): value is TriggerNode => markOf(value) === "trigger";

export interface TriggerNode extends Omit<StepNode, typeof MARK> {
  [MARK]: "trigger";
}

export const step = (node: Omit<StepNode, typeof MARK>): StepNode =>
  Object.freeze({ [MARK]: "step" as const, ...node });
export const trigger = (node: Omit<StepNode, typeof MARK>): TriggerNode =>
  Object.freeze({ [MARK]: "trigger" as const, ...node });
export const jump = (target: unknown, place: string | undefined): JumpNode =>
  Object.freeze({ [MARK]: "jump" as const, target, place });
export const end = (place: string | undefined): EndNode => Object.freeze({ [MARK]: "end" as const, place });
export const arm = (node: ArmNode): ArmMark => Object.freeze({ [MARK]: "arm" as const, arm: node });
export const NOTHING = Object.freeze({ [MARK]: "nothing" as const });

/** What stands where a step should, in words. */
export function kindOf(value: unknown): string {
  const mark = markOf(value);
  if (typeof mark === "string")
    return mark === "trigger" ? "a trigger" : mark === "arm" ? "a branch" : mark === "nothing" ? "`nothing`" : "a step";
  if (typeof value === "string") return `the text "${value}"`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "function") return "a function; call it";
  return value === null || typeof value !== "object" ? String(value) : "an object";
}
