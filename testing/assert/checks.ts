// What can be asserted about a simulation: each check says whether it holds, and shows the timeline when it does not.
import { momentOf, spanText } from "../../simulator/input/moment";
import type { Moment } from "../../simulator/input/moment";
import type { Many } from "../../simulator/many/result";
import type { Message } from "../../simulator/result/sent";
import type { Simulation } from "../../simulator/result/simulation";
import { isBranch, isEnd, isMessage, isRequest, isStep, visitsOf } from "./name";

/** The outcome of a check, as test frameworks take it. */
export interface Check {
  pass: boolean;
  /** Why it fails, or why its opposite does. */
  message: () => string;
}

/**
 * What is expected of a message, in addition to its name.
 *
 * @example
 * assertSends(run, "Welcome", { at: "+0s", containing: "Hi Ada", to: "ada@example.com", times: 1 });
 */
export interface Expected {
  /** When, from the start of its run: `"+2h"`; or an absolute moment. */
  at?: Moment;
  /** Text of the subject or body. */
  containing?: string | RegExp;
  /** The recipient. */
  to?: string;
  /** How often, over all runs. */
  times?: number;
}

const story = (what: string, simulation: Simulation): string => `${what}\n\n${simulation.timeline()}`;
const check = (pass: boolean, simulation: Simulation, fails: string, holds: string): Check => ({
  pass,
  message: () => story(pass ? holds : fails, simulation),
});

const contains = ({ subject, body, text }: Message, part: string | RegExp): boolean =>
  [subject, body, text].some(
    (found) => found !== undefined && (typeof part === "string" ? found.includes(part) : part.test(found)),
  );

const sentAt = (message: Message, at: Moment): boolean => {
  const started = Date.parse(message.at) - message.after;
  return momentOf(at, started, "at") === Date.parse(message.at);
};

/** The messages that are meant; matchers narrow them step by step. */
const messagesNamed = (simulation: Simulation, name: string): Message[] => simulation.messages.filter(isMessage(name));

const listed = (messages: readonly Message[]): string =>
  messages
    .map(
      (message) =>
        `"${message.subject ?? message.text ?? message.stepName}" (${message.step}) at ${spanText(message.after)}`,
    )
    .join(", ");

/** A message of this name, and as it is expected to be. */
export function sends(simulation: Simulation, name: string, expected: Expected = {}): Check & { messages: Message[] } {
  const sent = sendsAny(simulation, name);
  if (expected.times === 0) return { ...sent, pass: !sent.pass };
  return sent.pass && Object.keys(expected).length > 0 ? narrowed(simulation, sent.messages, expected) : sent;
}

function sendsAny(simulation: Simulation, name: string): Check & { messages: Message[] } {
  const messages = messagesNamed(simulation, name);
  const skipped = simulation.skipped.find(({ step, stepName }) => step === name || stepName === name);
  return {
    ...check(
      messages.length > 0,
      simulation,
      `"${name}" is not sent${skipped ? `: ${skipped.reason}` : simulation.messages.length > 0 ? `; sent are ${listed(simulation.messages)}` : "; nothing is"}`,
      `"${name}" is sent: ${listed(messages)}`,
    ),
    messages,
  };
}

/** Narrows messages to those that fit, and says what is wrong when none does. */
export function narrowed(
  simulation: Simulation,
  messages: readonly Message[],
  { at, containing, to, times }: Expected,
): Check & { messages: Message[] } {
  let left = [...messages];
  let fails = "";
  const keep = (test: (message: Message) => boolean, words: string): void => {
    const kept = left.filter(test);
    if (kept.length === 0 && fails === "")
      fails = left.length === 0 ? "no such message is sent" : `${listed(left)} ${words}`;
    left = kept;
  };
  if (at !== undefined) keep((message) => sentAt(message, at), `is not sent at ${String(at)}`);
  if (to !== undefined)
    keep(
      (message) => message.to === to,
      `does not go to ${to}, but to ${[...new Set(left.map((message) => message.to))].join(", ")}`,
    );
  if (containing !== undefined)
    keep(
      (message) => contains(message, containing),
      `does not contain ${String(containing)}:\n${left.map(({ subject, body }) => `${subject ?? ""}\n${body}`).join("\n")}`,
    );
  if (times !== undefined && left.length !== times && fails === "")
    fails = `is sent ${left.length} times, not ${times}`;
  return { ...check(fails === "", simulation, fails, `${listed(left)} is sent as expected`), messages: left };
}

export const calls = (simulation: Simulation, name: string): Check =>
  check(simulation.requests.some(isRequest(name)), simulation, `"${name}" is not called`, `"${name}" is called`);

export function takes(simulation: Simulation, [step, branch]: readonly [string, string | number]): Check {
  const visits = visitsOf(simulation).filter(isStep(step));
  const taken = visits.map((visit) =>
    visit.branch === undefined
      ? `the continue edge to ${visit.to ?? "nowhere"}`
      : `"${visit.branchName ?? visit.branch}" to ${visit.to ?? "nowhere"}`,
  );
  return check(
    visits.some((visit) => isBranch(visit, branch)),
    simulation,
    visits.length === 0
      ? `no run comes to "${step}"`
      : `no run leaves "${step}" by "${branch}", but by ${taken.join(", ")}`,
    `a run leaves "${step}" by "${branch}"`,
  );
}

export const visits = (simulation: Simulation, step: string): Check =>
  check(visitsOf(simulation).some(isStep(step)), simulation, `no run comes to "${step}"`, `a run comes to "${step}"`);

export function endsWith(simulation: Simulation, end: string): Check {
  const run = simulation.runs[0];
  const pass = run ? isEnd(run, end) : simulation.end.how === end;
  const how = `${simulation.end.how}${simulation.end.step === undefined ? "" : ` at ${simulation.end.step}`}${simulation.end.reason === "" ? "" : ` (${simulation.end.reason})`}`;
  return check(pass, simulation, `the run does not end with "${end}", but with ${how}`, `the run ends with ${how}`);
}

/** Every step and branch is reached. */
export function coversAllSteps(many: Many): Check {
  const missed = [
    ...many.coverage.steps.missed.map(({ id, why }) => `step ${id}: ${why}`),
    ...many.coverage.branches.missed.map(({ step, label, why }) => `${step} → ${label}: ${why}`),
  ];
  return {
    pass: missed.length === 0,
    message: () =>
      missed.length === 0
        ? "every step and branch is reached"
        : `not reached:\n${missed.map((line) => `- ${line}`).join("\n")}\n\n${many.table()}`,
  };
}
