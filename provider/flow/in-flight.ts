// Says what a change does to people in flight (design L9), in words for preview.
import { effectsOnPeople, movesPeople, type Effect } from "../../definition/graph/in-flight";
import type { EffectKind } from "../../definition/graph/effects";
import { isUnknown, type Dict } from "../../definition/canonical/values";
import { movedKeys } from "./diff";
import { oneLine } from "../../definition/plain-text";

/** What makes people leave or move to another step: what `protectInFlight` holds back. */
export const effectsOf = (before: Dict, after: Dict): Effect[] => effectsOnPeople(before, after).filter(movesPeople);

interface Phrase {
  /** After "people in …". */
  stays?(effect: Effect): string;
  /** After "people who come to …", where it is said otherwise. */
  comes?(effect: Effect): string;
  /** A whole line. */
  whole?(effect: Effect): string;
}
const both = (words: string): Phrase => ({ stays: () => words });
const whole = (words: string): Phrase => ({ whole: () => words });

const PHRASES: Readonly<Record<EffectKind, Phrase>> = {
  off: { whole: ({ to }) => `everybody in flight leaves the flow, because it becomes ${to}` },
  replaced: whole(
    "everybody in flight leaves the flow, because it is deleted there and recreated at its new host or project",
  ),
  deleted: whole("everybody in flight leaves the flow, because it is deleted"),
  goal: whole(
    "people in flight who meet the goal leave the flow when they next wake: the goal or the exit condition changes",
  ),
  mismatch: whole(
    "people in flight who do not match the trigger leave the flow when they next wake: its filters or the exit condition change",
  ),
  refixed: whole(
    "people in flight may leave the flow when they next wake: every save moves the relative dates in its goal or its trigger's filters",
  ),
  meets: whole(
    "people in flight who wake at another time, or move to another step, leave the flow if they meet the goal or no longer match the trigger by then",
  ),
  remains: whole(
    "people in flight who would have left early stay: the goal, the trigger's filters or the exit condition change",
  ),
  moved: { stays: ({ to }) => `move to "${to}"` },
  ejected: both("leave the flow: none of their later steps is left"),
  rewired: { stays: ({ to }) => `continue at "${to}" when their wait ends`, comes: ({ to }) => `continue at "${to}"` },
  unrouted: {
    stays: () => "leave the flow when their wait ends: no step follows",
    comes: () => "leave the flow there: no step follows",
  },
  retyped: { stays: () => "start the step again, in its new type", comes: () => "find a step of a different type" },
  sorted: both("may move to another step: what decides it changes"),
  resorted: both("may move to another step: every save moves the relative dates in its conditions"),
  outlasted: both("may move to another step: the longest wait changes"),
  retimed: {
    stays: () => "wake at another time; those whose new time is already over continue within minutes",
    comes: () => "wait for another time",
  },
  undated: both("leave the flow if the new date cannot be computed for them"),
  paced: whole("e-mails to people in flight are sent at a different pace"),
  aborts: both("leave the flow if the step fails"),
  recovers: both("stay in the flow if the step fails"),
  fails: both("leave the flow if the step fails with its new settings"),
  results: both("may move to another step: a condition reads the result of the step"),
  variable: { whole: ({ field }) => `people in flight keep the value of "${field}" that they started with` },
  unsure: {
    stays: ({ field }) => `nobody can say what happens to them: ${field} is not known`,
    whole: ({ field }) => `nobody can say what happens to people in flight: ${field} is not known`,
  },
};

function line(effect: Effect): string {
  const { kind, id, name, later, twin } = effect;
  const { stays, comes = stays, whole: said } = PHRASES[kind];
  if (id === undefined || !stays) return said!(effect);
  const step = oneLine(`"${id}"${name === undefined ? "" : ` (${name})`}`);
  const words = later ? `people who come to ${step} ${comes!(effect)}` : `people in ${step} ${stays(effect)}`;
  return twin === undefined
    ? words
    : `${words}; "${twin}" looks like the same step under another id: keep the id "${id}" and they stay where they are`;
}

/** Nobody is in a flow that is known not to run. */
export const isKnownOff = (status: unknown): boolean => status === "draft" || status === "archived";

/** All that a change of a flow that may be active does to people in flight. Where everybody leaves, nobody is moved. */
export function peopleEffects(before: Dict, after: Dict): Effect[] {
  if (before["actions"] === undefined || isKnownOff(before["status"])) return [];
  const status = after["status"];
  if (isKnownOff(status)) return [{ kind: "off", to: String(status) }];
  if (movedKeys(before, after).length > 0) return [{ kind: "replaced" }];
  return [
    ...(isUnknown(status)
      ? [
          {
            kind: "off" as const,
            to: "draft or archived, if that is the status, which is known only during the update",
          },
        ]
      : []),
    ...effectsOnPeople(before, after),
  ];
}

/** One line for each effect, or none when nobody can be in flight. */
export const peopleWarnings = (before: Dict, after: Dict): string[] => peopleEffects(before, after).map(line);

/** These lines as a warning about the flow that `words` name. */
export const peopleWarning = (words: string, lines: readonly string[]): string =>
  `${words}: this change concerns people in flight:\n  ${lines.join("\n  ")}`;
