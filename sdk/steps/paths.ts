// Paths: branches by condition, splits by chance, jumps, and ends.
import type * as pulumi from "@pulumi/pulumi";
import { conditionFilters, type LiveCondition } from "../values";
import { callerOf } from "./caller";
import type { CheckedBranches, CheckedPath, Id } from "./checks";
import { leaf } from "./leaves";
import * as nodes from "./node";
import { namesOf, STEP_NAMES, type StepOptions } from "./options";
import type { Branch, IdsOf, Item, JumpsOf, Nothing, Path, Step } from "./shape";

/**
 * A branch without steps, on purpose: a control group, or a case in which nothing is sent. Everybody in it continues after the branch step.
 *
 * @example
 * ```ts
 * share("control", 10, nothing)
 * ```
 */
export const nothing: Nothing = nodes.NOTHING as object as Nothing;

/** Options of a path. */
export interface WhenOptions {
  /** Label of the condition in PostHog. Default: none. */
  name?: string;
}

/**
 * A path of a `branch`, for those who match all of the conditions. Conditions are tried in order, and the first that matches decides.
 * Events cannot be tested here (use `waitUntil`), and neither can cohorts.
 *
 * @param conditions One condition, or several that must all match. "Any of" is two `when`s.
 * @param path The steps, in the order in which they run. Then the run continues after the branch step, unless the list ends in `exit` or `goTo`.
 * @example
 * ```ts
 * when(person("plan").is("pro"), [email("pro_tips", { from: team, subject: "Tips", html: file("mails/tips.html") })])
 * ```
 */
export function when<const P extends Path>(
  conditions: LiveCondition | readonly LiveCondition[],
  path: CheckedPath<P>,
  options: WhenOptions = {},
): Branch<"when", IdsOf<P>, JumpsOf<P>, never> {
  return nodes.branch({
    kind: "when",
    path,
    entry: (at) => ({
      ...(options.name === undefined ? {} : { name: options.name }),
      filters: conditionFilters(conditions, at.at("filters")),
    }),
  }) as object as Branch<"when", IdsOf<P>, JumpsOf<P>, never>;
}

/**
 * The branch of a `branch` step for people whom no `when` matched. Without it, they continue after the step.
 *
 * @example
 * ```ts
 * otherwise([email("upgrade", { from: team, subject: "Ready for more?", html: file("mails/upgrade.html") })])
 * ```
 */
export function otherwise<const P extends Path>(
  path: CheckedPath<P>,
): Branch<"otherwise", IdsOf<P>, JumpsOf<P>, never> {
  return nodes.branch({ kind: "otherwise", path }) as object as Branch<"otherwise", IdsOf<P>, JumpsOf<P>, never>;
}

const BRANCH_NAMES = namesOf<StepOptions>(STEP_NAMES);

/**
 * Chooses a path by conditions: the first that matches, else `otherwise`. All paths meet again behind the branch, unless they end in `exit` or `goTo`.
 * Conditions see the person of this moment, the trigger event, and variables.
 *
 * @param id What is decided. People in flight hold on to it.
 * @example
 * ```ts
 * branch("plan", [
 *   when(person("plan").is("pro"), [exit("already_paying")]),
 *   otherwise([email("upgrade", { from: team, subject: "Ready for more?", html: file("mails/upgrade.html") })]),
 * ])
 * ```
 */
export function branch<const K extends string, const A extends readonly Branch<"when" | "otherwise">[]>(
  id: Id<K>,
  paths: CheckedBranches<K, A>,
  options: StepOptions = {},
): Step<K, IdsOf<A>, JumpsOf<A>, false> {
  return nodes.step({
    maker: "branch",
    key: id,
    type: "conditional_branch",
    location: callerOf(branch),
    options,
    known: BRANCH_NAMES,
    branches: paths,
    branchKinds: { branch: "when", rest: "otherwise" },
    config: (at, branches) => ({
      conditions: branches
        .filter(({ kind }) => kind === "when")
        .map((branch_, i) => branch_.entry!(at.at("conditions", i))),
    }),
  }) as object as Step<K, IdsOf<A>, JumpsOf<A>, false>;
}

/**
 * A path of a `split`, for a share of the people.
 *
 * @param name Its label in metrics; each share of a split has its own.
 * @param percentage Relative weight: shares that do not add up to 100 are proportional.
 * @param path The steps, or `nothing`.
 * @example
 * ```ts
 * share("discount", 45, [email("discount", { from: team, subject: "20 % off", html: file("mails/discount.html") })])
 * ```
 */
export function share<const N extends string, const P extends Path>(
  name: N,
  percentage: pulumi.Input<number>,
  path: CheckedPath<P>,
): Branch<"share", IdsOf<P>, JumpsOf<P>, N> {
  return nodes.branch({
    kind: "share",
    path,
    name,
    entry: (at) => ({ name, percentage: leaf(percentage, at.at("percentage")) }),
  }) as object as Branch<"share", IdsOf<P>, JumpsOf<P>, N>;
}

/**
 * Chooses a branch at random, again at each visit. All branches rejoin after the split.
 *
 * @param id What is tried. People in flight hold on to it.
 * @example
 * ```ts
 * split("offer", [
 *   share("discount", 90, [email("discount", { from: team, subject: "20 % off", html: file("mails/discount.html") })]),
 *   share("control", 10, nothing),
 * ])
 * ```
 */
export function split<const K extends string, const A extends readonly Branch<"share">[]>(
  id: Id<K>,
  shares: CheckedBranches<K, A>,
  options: StepOptions = {},
): Step<K, IdsOf<A>, JumpsOf<A>, false> {
  return nodes.step({
    maker: "split",
    key: id,
    type: "random_cohort_branch",
    location: callerOf(split),
    options,
    known: BRANCH_NAMES,
    branches: shares,
    branchKinds: { branch: "share", rest: "never" },
    config: (at, branches) => ({ cohorts: branches.map((share, i) => share.entry!(at.at("cohorts", i))) }),
  }) as object as Step<K, IdsOf<A>, JumpsOf<A>, false>;
}

/**
 * Continues at a step elsewhere in the flow: at an earlier one for a loop (with a wait in it), or in another branch. The list ends here.
 *
 * @param step The step's first argument, whatever id is pinned, or the step itself.
 * @example
 * ```ts
 * when(vars.summary.contains("cancel"), [goTo("detractor")])
 * ```
 */
export function goTo<const K extends string>(step: K | Step<K, any, any, any>): Item<never, K, true> {
  return nodes.jump(step, callerOf(goTo)) as object as Item<never, K, true>;
}

/** Options of a separate end. */
export interface ExitOptions {
  /** Title in PostHog. Default: a readable form of the id. */
  name?: string;
  /** Pins the id in PostHog. Default: the first argument. */
  id?: string;
  description?: pulumi.Input<string>;
  /** A note for people; PostHog does nothing with it. */
  reason?: pulumi.Input<string>;
}

const EXIT_NAMES = namesOf<ExitOptions>({ name: true, id: true, description: true, reason: true });

/**
 * Ends the run. Without an id, at the flow's common end (`exit_node`), which every branch reaches that simply stops; with an id, at a separate end, which
 * is counted in metrics by itself.
 *
 * @example
 * ```ts
 * when(person("plan").is("pro"), [exit("already_paying")])
 * ```
 */
export function exit(): Item<never, never, true>;
export function exit<const K extends string>(id: Id<K>, options?: ExitOptions): Step<K, never, never, true>;
export function exit(...args: [] | [id: string, options?: ExitOptions]): unknown {
  const location = callerOf(exit);
  if (args.length === 0) return nodes.end(location);
  const [id, options = {}] = args;
  return nodes.step({
    maker: "exit",
    key: id,
    type: "exit",
    location,
    options,
    known: EXIT_NAMES,
    config: (at) => (options.reason === undefined ? undefined : { reason: leaf(options.reason, at.at("reason")) }),
  });
}
