// What a change does to people who are in a flow while it is applied (run time §4), in titles of steps.
import type { EffectKind, Fate } from "../../definition/graph/effects";
import { fateOf, type Effect } from "../../definition/graph/in-flight";
import { titleOf } from "../words/steps";

export interface PeopleEffect {
  /** What becomes of them. */
  fate: Fate;
  /** Whether they leave the flow. */
  leaves: boolean;
  /** A whole sentence. */
  words: string;
}

interface Names {
  /** `People in “Wait”`, `People who come to “Plan?”`. */
  who: string;
  to: string;
  field: string;
}
type Sentence = (names: Names) => string;

const OFF: Readonly<Record<string, string>> = { draft: "goes back to draft", archived: "is archived" };

const SENTENCES: Readonly<Record<EffectKind, Sentence>> = {
  off: ({ to }) => `Everyone in the flow leaves it: it ${OFF[to] ?? `becomes ${to}`}.`,
  deleted: ({ to }) => `Everyone in the flow leaves it: it is ${to}.`,
  replaced: () => "Everyone in the flow leaves it: it is replaced.",
  goal: () =>
    "People in the flow who meet the goal leave it when they next wake: the goal or the exit condition changes.",
  mismatch: () =>
    "People in the flow who do not match its trigger leave it when they next wake: the trigger's filters or the exit condition change.",
  refixed: () =>
    "People in the flow may leave it when they next wake: every save moves the relative dates in its goal or its trigger's filters.",
  meets: () =>
    "People in the flow who wake at another time, or move to another step, leave it if they meet the goal or no longer match the trigger by then.",
  remains: () =>
    "People in the flow who would have left early stay: the goal, the trigger's filters or the exit condition change.",
  moved: ({ who, to }) => `${who} move to “${to}”: their step was removed.`,
  ejected: ({ who }) => `${who} leave the flow: their step was removed, and none of their later steps is left.`,
  rewired: ({ who, to }) => `${who} continue at “${to}” when their wait ends.`,
  unrouted: ({ who }) => `${who} leave the flow when their wait ends: no step follows it.`,
  retyped: ({ who }) => `${who} start it again, as its new kind of step.`,
  sorted: ({ who }) => `${who} may move to another step: its conditions change.`,
  resorted: ({ who }) => `${who} may move to another step: every save moves the relative dates in its conditions.`,
  outlasted: ({ who }) => `${who} may move to another step: the longest wait changes.`,
  retimed: ({ who }) => `${who} wake at another time. Those whose new time is already over continue within minutes.`,
  undated: ({ who }) => `${who} leave the flow if their new wake time cannot be computed.`,
  paced: () => "E-mails to people in the flow are sent at another rate.",
  aborts: ({ who }) => `${who} leave the flow if it fails.`,
  recovers: ({ who }) => `${who} stay in the flow if it fails.`,
  fails: ({ who }) => `${who} leave the flow if it fails with its new settings.`,
  results: ({ who }) => `${who} may move to another step: a condition reads its result.`,
  variable: ({ field }) => `People in the flow keep the value of “${field}” that they started with.`,
  unsure: ({ who, field }) => `What happens to ${who.replace(/^P/, "p")} is not known: it depends on ${field}.`,
};

/** Of people who are not there yet. */
const LATER: Partial<Readonly<Record<EffectKind, Sentence>>> = {
  rewired: ({ who, to }) => `${who} continue at “${to}”.`,
  unrouted: ({ who }) => `${who} leave the flow there: no step follows it.`,
  retyped: ({ who }) => `${who} find another kind of step.`,
  retimed: ({ who }) => `${who} wait for another time.`,
};

/** One sentence for each effect. */
export function peopleSentences(
  effects: readonly Effect[],
  actions: { before: unknown; after: unknown },
): PeopleEffect[] {
  return effects.map((effect) => {
    const { kind, id, later, twin, field = "" } = effect;
    const waits = kind === "rewired" || kind === "unrouted" ? "who wait in" : "in";
    const who =
      id === undefined
        ? "People in the flow"
        : `People ${later ? "who come to" : waits} “${titleOf(actions.before, id)}”`;
    const to = effect.to === undefined || id === undefined ? (effect.to ?? "") : titleOf(actions.after, effect.to);
    const words = ((later ? LATER[kind] : undefined) ?? SENTENCES[kind])({ who, to, field });
    const twinWords =
      twin === undefined
        ? ""
        : ` “${titleOf(actions.after, twin)}” looks like the same step under another id: keep the id \`${id}\`, and they stay where they are.`;
    return { fate: fateOf(effect), leaves: fateOf(effect) === "leaves", words: words + twinWords };
  });
}
