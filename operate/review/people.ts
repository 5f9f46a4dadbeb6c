// What a change does to people who are in a flow while it is applied (run time §4.4), in titles of steps.
import type { Effect } from "../../provider/graph/in-flight";
import { titleOf } from "../words/steps";

export interface PeopleEffect {
  /** Whether they leave the flow. */
  leaves: boolean;
  /** A whole sentence. */
  words: string;
}

const PHRASES: Readonly<Record<Effect["kind"], { leaves: boolean; says(where: string, to: string): string }>> = {
  moved: { leaves: false, says: (where, to) => `People in ${where} go on at “${to}”: their step is gone.` },
  ejected: { leaves: true, says: (where) => `People in ${where} leave the flow: their step is gone, and no later step of theirs is left.` },
  rewired: { leaves: false, says: (where, to) => `People who wait in ${where} go on to “${to}” when their wait ends.` },
  unrouted: { leaves: true, says: (where) => `People who wait in ${where} leave the flow when their wait ends: the way on is gone.` },
  retyped: { leaves: false, says: (where) => `People in ${where} start it anew, as the other kind of step that it becomes.` },
};

/** One sentence per step that people may be in. */
export function peopleEffects(effects: readonly Effect[], actions: { before: unknown; after: unknown }): PeopleEffect[] {
  return effects.map((effect) => {
    const { leaves, says } = PHRASES[effect.kind];
    const words = says(`“${titleOf(actions.before, effect.id)}”`, effect.to === undefined ? "" : titleOf(actions.after, effect.to));
    const twin = effect.twin === undefined ? "" : ` “${titleOf(actions.after, effect.twin)}” looks like the same step under another id: keep the id \`${effect.id}\`, and they stay where they are.`;
    return { leaves, words: words + twin };
  });
}
