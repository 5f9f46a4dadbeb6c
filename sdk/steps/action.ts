// The way out of every other function here: a step as the API has it, for a kind that has no function yet.
import { callerOf } from "./caller";
import type { CheckedPath, Id } from "./checks";
import * as nodes from "./node";
import { namesOf, RESULT_NAMES, type ResultOptions } from "./options";
import type { Entries, IdsOf, JumpsOf, Path, Step } from "./shape";

/** Options of a step that is written as the API has it. */
export interface ActionOptions extends ResultOptions {
  /** The kind of step, as the API calls it. */
  type: string;
  /** Its configuration, with the API's names in camelCase. Outputs are allowed anywhere inside. */
  config: Readonly<Record<string, unknown>>;
  /** Paths of the config to leave to PostHog's editor, such as `inputs.prompt.value`: the program gives their first value. */
  editorOwns?: readonly string[];
}

const ACTION_NAMES = namesOf<ActionOptions & { branches: 1 }>({
  ...RESULT_NAMES,
  type: true,
  config: true,
  branches: true,
  editorOwns: true,
});

/**
 * A step as the API has it. `branches` are its branches by index; if none is taken, the run continues after the step.
 *
 * @param id What the step is for.
 * @example
 * ```ts
 * action("decide", { type: "ai_decision", config: { prompt: "Is this urgent?" }, branches: [[exit("urgent")], nothing] })
 * ```
 */
export function action<const K extends string, const B extends readonly Path[] = readonly []>(
  id: Id<K>,
  options: ActionOptions & { branches?: { [I in keyof B]: B[I] extends Path ? CheckedPath<B[I]> : Entries } },
): Step<K, IdsOf<B[number]>, JumpsOf<B[number]>, false> {
  const branches = options?.branches as readonly unknown[] | undefined;
  return nodes.step({
    maker: "action",
    key: id,
    type: options?.type,
    location: callerOf(action),
    options,
    known: ACTION_NAMES,
    ...(branches === undefined
      ? {}
      : {
          branches: branches.map((path) => nodes.branch({ kind: "when", path })),
          branchKinds: { branch: "when", rest: "timeout" } as const,
        }),
    editable: Object.fromEntries((options?.editorOwns ?? []).map((path) => [path, ["config", ...path.split(".")]])),
    config: () => ({ ...options.config }),
  }) as object as Step<K, IdsOf<B[number]>, JumpsOf<B[number]>, false>;
}
