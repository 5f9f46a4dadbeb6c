// What a step is for the compiler: an opaque value; its type carries the ids that it brings along and the steps that it jumps to, so that a flow can
// be checked while it is written. At run time it is a plain object (node.ts).

declare const shape: unique symbol;
declare const empty: unique symbol;

/** An entry in a list of steps: a step, `exit()` or `goTo(…)`. */
export interface Item<Ids extends string = string, Jumps extends string = string, Ends extends boolean = boolean> {
  /** Ids within, steps that are jumped to, and whether nothing comes after it. */
  readonly [shape]: readonly [ids: Ids, jumps: Jumps, ends: Ends];
}

/**
 * A step: a plain value, which functions can return and lists can hold. `Step` without a parameter is the type of a step with an id that is only known at run time.
 *
 * @example
 * ```ts
 * const nudge = (key: string, subject: string): Step[] => [
 *   delay(`${key}_pause`, "2d"),
 *   email(`${key}_mail`, { from: team, subject, text: "Still there?" }),
 * ];
 * ```
 */
export interface Step<
  Id extends string = string,
  Inner extends string = string,
  Jumps extends string = string,
  Ends extends boolean = boolean,
> extends Item<Id | Inner, Jumps, Ends> {
  /** The first argument. */
  readonly key: Id;
}

/** `false`, `null` and `undefined` are left out, so that you can write `isProd && email(…)` in a list. */
export type Entry = Item | false | null | undefined;

/** Steps in the order of running. A list may hold a list, such as a shared function returns. */
export type Entries = readonly (Entry | readonly Entry[])[];

/** A path without steps, on purpose. */
export interface Nothing {
  readonly [empty]: true;
}

/** Where a branch, a share or a wait leads: steps, or `nothing`. */
export type Path = Entries | Nothing;

/** A path of a branch or a split. */
export interface Branch<
  Kind extends "when" | "otherwise" | "share" = "when" | "otherwise" | "share",
  Ids extends string = string,
  Jumps extends string = string,
  Name extends string = string,
> {
  readonly [shape]: readonly [kind: Kind, ids: Ids, jumps: Jumps, name: Name];
}

export type IdsOf<T> =
  T extends Item<infer Ids, any, any>
    ? Ids
    : T extends Branch<any, infer Ids, any, any>
      ? Ids
      : T extends readonly (infer E)[]
        ? IdsOf<E>
        : never;
export type JumpsOf<T> =
  T extends Item<any, infer Jumps, any>
    ? Jumps
    : T extends Branch<any, any, infer Jumps, any>
      ? Jumps
      : T extends readonly (infer E)[]
        ? JumpsOf<E>
        : never;
export type EndsOf<T> = [T] extends [Item<any, any, true>] ? true : false;
