// The ids and titles that steps get when a program does not give them.

/** PostHog's editor gives the trigger the same id. */
export const TRIGGER_ID = "trigger_node";
/** The step at which a flow ends that does not say where; PostHog's editor makes the same step. */
export const EXIT_ID = "exit_node";

/** The id made readable: `tell_sales` is "Tell sales". */
export function defaultTitle(id: string): string {
  const words = id.replace(/[_-]+/g, " ").trim();
  return words === "" ? id : words[0]!.toUpperCase() + words.slice(1);
}
