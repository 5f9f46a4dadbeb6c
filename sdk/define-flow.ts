// `defineFlow`: the arguments of a flow apart from its resource, checked like those of `new HogFlow`.
import type { HogFlowArgs } from "./args";
import type { Entries } from "./steps/shape";

/**
 * The arguments of a flow as a value, so that a test can import them and a program passes them to `new HogFlow`. Returns what it was given.
 *
 * The compiler checks ids, jumps and branches here, as it does in `new HogFlow`. It cannot in `const args: HogFlowArgs = …`, because that type does not
 * keep the ids.
 *
 * @param args What `new HogFlow("name", args)` takes.
 * @example
 * ```ts
 * export const hello = defineFlow({ trigger: on.event("user signed up"), steps: [email("welcome", { from: team, subject: "Welcome!", text: "Good to have you." })] });
 * new HogFlow("hello", hello);
 * ```
 */
export function defineFlow<const S extends Entries>(args: HogFlowArgs<S>): HogFlowArgs {
  return args as HogFlowArgs;
}
