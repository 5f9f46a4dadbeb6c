// The rules that the compiler checks in lists of steps, each with the message that it prints. A message is a plain text in place of the list: editors
// offer it as a completion, and the compiler ends its error with it. The same rules at run time: wiring.ts and ids.ts.
import type { Wrong } from "../values";
import type { Branch, EndsOf, Entries, IdsOf, JumpsOf, Nothing, Path } from "./shape";

/** The members of a union that are known to the letter: patterns such as `${string}_offer` take no part. */
type Literal<K> = K extends string ? ({} extends Record<K, 1> ? never : K) : never;

type Allowed =
  | "a"
  | "b"
  | "c"
  | "d"
  | "e"
  | "f"
  | "g"
  | "h"
  | "i"
  | "j"
  | "k"
  | "l"
  | "m"
  | "n"
  | "o"
  | "p"
  | "q"
  | "r"
  | "s"
  | "t"
  | "u"
  | "v"
  | "w"
  | "x"
  | "y"
  | "z"
  | "0"
  | "1"
  | "2"
  | "3"
  | "4"
  | "5"
  | "6"
  | "7"
  | "8"
  | "9"
  | "_"
  | "-";
type Plain<K extends string> = K extends ""
  ? true
  : K extends `${infer First}${infer Rest}`
    ? Lowercase<First> extends Allowed
      ? Plain<Rest>
      : false
    : false;

/** A step's id, as it is in the first argument. */
export type Id<K extends string> = [Literal<K>] extends [never]
  ? K
  : K extends ""
    ? Wrong<"an id cannot be empty">
    : Plain<K> extends true
      ? K
      : Wrong<"an id has letters, digits, _ and -; put the title in `name`">;

/** One member of a union. */
type One<U> = (U extends unknown ? (member: () => U) => void : never) extends (member: infer I) => void
  ? I extends () => infer Last
    ? Last
    : never
  : never;

type Twice<Ids> = `two steps have the id "${One<Ids> & string}"`;

/** Walks a list, tail-recursively: a flow may have hundreds of steps. */
type ListReason<P, Seen = never, Ended extends boolean = false> = P extends readonly [infer Head, ...infer Rest]
  ? Head extends readonly unknown[]
    ? number extends Head["length"]
      ? ListReason<Rest, Seen, Ended>
      : ListReason<readonly [...Head, ...Rest], Seen, Ended>
    : [Head] extends [false | null | undefined]
      ? ListReason<Rest, Seen, Ended>
      : Ended extends true
        ? "a step after exit() or goTo() is never reached"
        : [Extract<Literal<IdsOf<Head>>, Seen>] extends [never]
          ? ListReason<Rest, Seen | Literal<IdsOf<Head>>, EndsOf<Head>>
          : Twice<Extract<Literal<IdsOf<Head>>, Seen>>
  : never;

type PathReason<P, Seen = never> = P extends Nothing
  ? never
  : P extends readonly []
    ? "this branch is empty: leave it out, or write `nothing`"
    : ListReason<P, Seen>;

/** A path, or what is wrong with it. `Seen` are ids beside it. */
export type CheckedPath<P extends Path, Seen = never> = [PathReason<P, Seen>] extends [never] ? P : PathReason<P, Seen>;

type BranchReason<A, Seen, Names> = A extends readonly [infer Head, ...infer Rest]
  ? [Extract<Literal<IdsOf<Head>>, Seen>] extends [never]
    ? [Extract<Literal<ShareName<Head>>, Names>] extends [never]
      ? [Head, Rest] extends [OtherwiseBranch, readonly [unknown, ...unknown[]]]
        ? "`otherwise` must be the last branch"
        : BranchReason<Rest, Seen | Literal<IdsOf<Head>>, Names | Literal<ShareName<Head>>>
      : `two shares have the name "${One<Extract<Literal<ShareName<Head>>, Names>> & string}"`
    : Twice<Extract<Literal<IdsOf<Head>>, Seen>>
  : never;

type OtherwiseBranch = Branch<"otherwise", any, any, any>;
type ShareName<A> = A extends Branch<"share", any, any, infer Name> ? Name : never;

type NoPath<A> = A extends readonly [] ? true : A extends readonly [OtherwiseBranch] ? true : false;
type BranchesReason<K, A> =
  NoPath<A> extends true
    ? "a branch step without branches chooses nothing: leave it out"
    : BranchReason<A, Literal<K>, never>;

/** The paths of a branch or a split, or what is wrong with them. */
export type CheckedBranches<K extends string, A> = [BranchesReason<K, A>] extends [never] ? A : BranchesReason<K, A>;

type Dead<S> = Exclude<JumpsOf<S>, IdsOf<S>>;
type StepsReason<S> = S extends readonly []
  ? "a flow without steps does nothing"
  : [ListReason<S>] extends [never]
    ? [Dead<S>] extends [never]
      ? never
      : `goTo: no step has the id "${One<Dead<S>> & string}"`
    : ListReason<S>;

/** The steps of a flow, or what is wrong with them. */
export type CheckedSteps<S extends Entries> = [StepsReason<S>] extends [never] ? S : StepsReason<S>;
