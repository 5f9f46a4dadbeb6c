// A verification in words: what agrees, what differs with both stories, what was not tested and why. Text is made here, and nowhere before.
import { own } from "../../definition/canonical/values";
import { oneLine } from "../../definition/plain-text";
import { lineDiff } from "../change/line-diff";
import { shortened } from "../words/shorten";
import { kindWords, titleOf } from "../words/steps";
import { counted, fewWords, listWords } from "../words/values";
import type { Difference, Open, Outcome, Untested } from "./compare";
import type { VerifiedFlow, VerifiedStep, Verification } from "./verify";

/** One step in words. */
export interface StepWords {
  verdict: VerifiedStep["verdict"] | "not reached";
  /** `Welcome (e-mail), for free plan`. */
  head: string;
  /** What is below it: both stories, or why it was not tested. */
  lines: string[];
}

const MOST_PEOPLE = 3;
/** Longest value that is shown in one line. */
const ONE_LINE = 70;

/** The steps of a flow in words, in its order; those that nobody comes to are last. */
export function stepWords(flow: VerifiedFlow): StepWords[] {
  const actions = flow.definition["actions"];
  return [
    ...flow.steps.map((step) => ({
      verdict: step.verdict,
      head: `${step.title} (${kindWords(own(actions, step.id))})`,
      lines: [
        ...step.differences.flatMap((each) => differenceLines(each, actions)),
        ...step.untested.map(untestedWords),
        ...openWords(step.open),
      ],
    })),
    ...flow.unreached.map(({ id, title }) => ({
      verdict: "not reached" as const,
      head: `${title} (${kindWords(own(actions, id))})`,
      lines: ["no sample person comes to it"],
    })),
  ];
}

/** One difference: of a short value both stories, of a long one what is other in it. */
function differenceLines(
  { part, ours, posthog, people }: VerifiedStep["differences"][number],
  actions: unknown,
): string[] {
  const whom = `for ${fewWords(people, MOST_PEOPLE)}`;
  if (part === "outcome" || part === "until") {
    const words = (outcome: unknown): string =>
      part === "until" ? `waits until ${String(outcome)}` : outcomeWords(outcome as Outcome, actions);
    return [whom, `  hogflow  ${words(ours)}`, `  PostHog  ${words(posthog)}`];
  }
  const [mine, theirs] = [textOf(ours), textOf(posthog)];
  if ([mine, theirs].every((text) => text.length <= ONE_LINE && !text.includes("\n")))
    return [`${part}, ${whom}`, `  hogflow  ${mine}`, `  PostHog  ${theirs}`];
  return [
    `${part}, ${whom} (- hogflow, + PostHog)`,
    ...lineDiff([String(ours ?? "")], [String(posthog ?? "")]).map((line) => `  ${line}`),
  ];
}

const textOf = (value: unknown): string =>
  value === undefined || value === null ? "nothing" : typeof value === "string" ? JSON.stringify(value) : String(value);

const LONGEST_ERROR = 300;
const errorWords = (error: string | undefined): string => shortened(oneLine(error ?? "no reason given"), LONGEST_ERROR);

function outcomeWords({ how, to, until, error }: Outcome, actions: unknown): string {
  const next = to === undefined ? "" : `“${titleOf(actions, to)}”`;
  switch (how) {
    case "moves":
      return next === "" ? "takes it" : `goes on to ${next}`;
    case "pauses":
      return `waits until ${until}`;
    case "ends":
      return "ends here";
    case "fails":
      return `fails (${errorWords(error)})${next === "" ? ", and the run ends" : `, and goes on to ${next}`}`;
    case "stays out":
      return "does not enter";
    case "stays":
      return "stays here";
    case "sends":
      return "sends";
    case "sends nothing":
      return "sends nothing";
    case "refused":
      return `refuses it: ${errorWords(error)}`;
  }
}

/** Why something was not tested. */
export function untestedWords(untested: Untested): string {
  switch (untested.why) {
    case "kind":
      return `a test run might run it for real: hogflow does not know steps of type ${oneLine(untested.type)}`;
    case "random":
      return "PostHog draws a branch at random";
    case "held back":
      return `PostHog does not send to this recipient: ${errorWords(untested.lines.join("; "))}`;
    case "cut":
      return "PostHog's log of the call is cut, because it is long and the step has a secret input";
    case "unreadable":
      return "PostHog's log of the call has a form that hogflow does not know: a newer hogflow may";
    case "unknown here":
      return `hogflow cannot say what happens: ${untested.notes.map(oneLine).join("; ")}`;
    case "no matching":
      return "this PostHog does not hold events against waits in test runs";
    case "unchecked":
      return `PostHog refuses the call only when it makes it (${errorWords(untested.error)})`;
    case "worker":
      return `PostHog's worker did not answer: ${errorWords(untested.error)}`;
    case "refused":
      return "PostHog refuses the flow";
    case "budget":
      return "there were no requests left: --most allows more";
    case "limit":
      return `PostHog's rate limit is used up (${errorWords(untested.error)}): try again later`;
  }
}

function openWords(open: readonly Open[]): string[] {
  const parts = open.flatMap((each) => (each.open === "time" ? [each.part] : []));
  return [
    ...open.flatMap((each) =>
      each.open === "program"
        ? [`what ${each.template} makes of its inputs was not compared: hogflow does not know its program`]
        : each.open === "trigger"
          ? [`that it starts a run was not tested: test runs let everybody by a trigger of type ${each.type}`]
          : [],
    ),
    ...(parts.length > 0
      ? [
          `${listWords([...new Set(parts)], "and")} ${parts.length === 1 ? "depends" : "depend"} on the time or on chance, and was not compared`,
        ]
      : []),
  ];
}

/** `12 of 14 steps agree, 2 differ; 1 was not tested, and no sample person comes to 3`. */
export function verdictWords({
  agrees,
  differs,
  untested,
  unreached,
}: Omit<Verification, "flows" | "requests">): string {
  const tested = agrees + differs;
  const was = (count: number): string => (count === 1 ? "was" : "were");
  const rest = [
    ...(untested > 0 ? [`${untested} ${was(untested)} not tested`] : []),
    ...(unreached > 0 ? [`no sample person comes to ${unreached}`] : []),
  ];
  return `${agrees} of ${counted(tested, "step")} ${tested === 1 && agrees === 1 ? "agrees" : "agree"}${differs > 0 ? `, ${differs} ${differs === 1 ? "differs" : "differ"}` : ""}${rest.length > 0 ? `; ${rest.join(", and ")}` : ""}`;
}

/** The difference in a few words, for a list: `Welcome: subject`. */
export const differenceWords = ({ title, differences }: Pick<VerifiedStep, "title" | "differences">): string =>
  `${title}: ${listWords([...new Set(differences.map(({ part }) => partWords(part)))], "and")}`;

const partWords = (part: Difference["part"]): string =>
  part === "outcome" ? "what follows" : part === "until" ? "how long it waits" : part;

/** What no test run shows, in one sentence. */
export const LIMITS =
  "A test run does not show exit conditions, goals, masking, rate limits, answers to requests, or how long anybody waits in the end.";
