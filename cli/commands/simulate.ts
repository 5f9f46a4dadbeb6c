// `hogflow simulate`: who gets what, when, and why it ends, without PostHog.
import { triggerOf } from "../../definition/canonical/canonical";
import { drawFlow } from "../../operate/graph/draw";
import { OperateError } from "../../operate/errors";
import { FLOW_NAMES } from "../../operate/find-flow";
import type { FoundFlow } from "../../operate/flow-source";
import { scenarioFrom } from "../../operate/people/kept";
import { messageExamples, simulatedText, simulateFlow, takenPath } from "../../operate/simulate";
import { readTextFile } from "../../definition/text-file";
import type { Run, Scenario } from "../../testing";
import { calendarData, calendarText } from "../calendar-text";
import { defineCommand, flag, option, optionalArgument, parsed, type Context, type Parse } from "../define";
import { DONE, FAILED, FOUND, type ExitCode } from "../exit-codes";
import { Misuse } from "../failure";
import { namedFlows } from "../named-flow";
import { allFlows } from "../program-flows";
import { jsonObject, orFile, wholeNumber } from "../values";

const jsonList: Parse<unknown[]> = (text) => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`must be JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(value)) throw new Error('must be a JSON list such as [{"event": "project created", "at": "+2h"}]');
  return value as unknown[];
};

/** Somebody wraps them as a scenario has them. */
const personProperties: Parse<Record<string, unknown>> = (text) => {
  const value = jsonObject(text);
  const [only, ...more] = Object.keys(value);
  if (only === "properties" && more.length === 0 && typeof value["properties"] === "object")
    throw new Error("holds the properties themselves: leave the `properties` around them out");
  return value;
};

export const simulate = defineCommand({
  name: "simulate",
  summary: "simulate a flow in virtual time, without PostHog",
  description:
    "Runs a flow for a made-up person in virtual time and prints what happens: which steps, when, which messages, and why the run ends. Waits take no time, random choices have a seed, every request " +
    "gets a 200, and nothing is sent. The output names what the simulator cannot know. `--many` makes up people from the flow's own filters, and prints counts and what no one reached.\n\n" +
    "A name is looked up in this order. First the program of the Pulumi project, which is run as `hogflow validate` does: without an engine, a key or a login. Then the stack, as last deployed. Then PostHog. An id is taken from PostHog, and a file needs neither a project nor a network.\n\n" +
    "With --all, every sample person goes through every flow of the program, or of the stack where there is no program that can be run: the calendar shows who gets what on which day from which flow, and marks e-mails that collide. Sample people are the files of `people` in the project, or of --people; where there are none, they are made up from the flows' own filters.",
  arguments: {
    flow: optionalArgument(`the flow: ${FLOW_NAMES}; or a JSON file with a flow (\`-\` is standard input)`),
  },

  options: {
    person: parsed(
      "<json|file>",
      'properties of the person, such as \'{"plan": "free"}\', or a file with them',
      orFile(personProperties),
    ),
    trigger: option("<event>", "event that starts the flow (default: the one that the trigger names)"),
    eventProperties: parsed("<json|file>", "properties of that event", orFile(jsonObject)),
    events: parsed(
      "<json|file>",
      'later events, such as \'[{"event": "project created", "at": "+2h"}]\'',
      orFile(jsonList),
    ),
    variables: parsed("<json|file>", "values of the flow's variables", orFile(jsonObject)),
    scenario: option("<file>", "JSON file with everything that happens around the flow; the other options override it"),
    clock: option("<moment>", "start, such as 2026-12-07T09:00:00Z (default: a Monday)"),
    seed: parsed("<n>", "seed for random choices", wholeNumber(0, 4_294_967_295)),
    many: parsed("<n>", "simulate this many people, made up from the flow's own filters", wholeNumber(1, 100_000)),
    mermaid: flag("draw the flow as Mermaid, with the path that the run took"),
    all: flag("simulate all flows for all sample people, and print their calendar"),
    people: option(
      "<folder>",
      "with --all, folder with sample people, one JSON file for each (default: people in the project, where it exists)",
    ),
    perWeek: parsed(
      "<n>",
      "with --all, e-mails in seven days that are not too many (default: 3)",
      wholeNumber(1, 1000),
    ),
  },
  needs: ["posthog"],
  json: "the simulation: {runs, attempts, messages, requests, end, notSimulated, …}; with --many: {scenarios, runs, steps, branches, paths, ends, coverage, …}; with --all: {from, perWeek, people: [{name, deliveries, collisions, runs}], drafts, archived, unentered, notes}",
  exitCodes: {
    0: "simulated",
    1: "not simulated: no such flow, or a scenario that cannot be read; with --all: the program stopped early, so that flows are missing",
    2: "a run failed, looped forever or could not be simulated; with --many: a step or branch was not reached; with --all: also e-mails that collide",
  },
  examples: [
    {
      command: "hogflow simulate onboarding",
      does: "prints what happens to somebody who starts a flow of the program",
    },
    {
      command: "hogflow simulate --all --people people --per-week 2",
      does: "prints who gets what on which day, over all flows, and marks e-mails that collide",
    },
    {
      command: 'hogflow simulate flow.json --person \'{"email": "ada@example.com", "plan": "free"}\'',
      does: "prints what happens to one person",
    },
    {
      command: 'hogflow simulate flow.json --events \'[{"event": "project created", "at": "+1d"}]\' --mermaid',
      does: "draws the path of a person who makes a project on the second day",
    },
    {
      command: "hogflow simulate flow.json --person people/ada.json --events events.json --json",
      does: "gives the simulation as data, for people and events that are kept in files",
    },
    {
      command: "hogflow simulate flow.json --many 500",
      does: "prints how many reach each step, and what no one reaches",
    },
  ],
  async run(context, { flow: named, all, people, perWeek, many, mermaid, ...options }): Promise<ExitCode> {
    refuseMixed({ flow: named, all, people, perWeek, many, mermaid, ...options });
    if (named === undefined) return calendarFor(context, { people, perWeek, clock: options.clock });
    const { print } = context;
    const found = await simulateFlow(await flowNamed(context, named), named === "-" ? "standard input" : named, {
      scenario: await scenarioOf(options),
      ...(many === undefined ? {} : { many }),
    });
    const { flow, one, many: counts } = found;
    if (
      one &&
      options.person === undefined &&
      options.scenario === undefined &&
      (one.runs.length === 0 || one.runs.some(isLost))
    )
      context.io.note(
        'The person has no properties, so they may go another way than your customers. Give some with --person \'{"email": "ada@example.com"}\'.',
      );
    if (counts) {
      print({ ...counts, table: undefined }, () => simulatedText(found));
      return counts.coverage.steps.missed.length + counts.coverage.branches.missed.length > 0 ? FOUND : DONE;
    }
    const { timeline: _, ...data } = one;
    print(data, () =>
      mermaid
        ? drawFlow(flow.definition, {
            ...takenPath(one, triggerOf(flow.definition["actions"])?.id ?? ""),
            examples: messageExamples(one),
          }).trimEnd()
        : simulatedText(found),
    );
    return one.runs.some(isBad) ? FOUND : DONE;
  },
});

const isBad = ({ end }: Run): boolean => ["failed", "endless", "not_simulated"].includes(end.how);

/** Whether a step has failed. */
const isLost = ({ steps }: Run): boolean => steps.some(({ error }) => error !== undefined);

/** What is about one flow alone, by how it is typed. */
const FOR_ONE = {
  person: "--person",
  trigger: "--trigger",
  eventProperties: "--event-properties",
  events: "--events",
  variables: "--variables",
  scenario: "--scenario",
  seed: "--seed",
  many: "--many",
  mermaid: "--mermaid",
} as const;
const FOR_ALL = { people: "--people", perWeek: "--per-week" } as const;

type Given = Partial<Record<keyof typeof FOR_ONE | keyof typeof FOR_ALL | "flow" | "all", unknown>>;

function refuseMixed(given: Given): void {
  const refuse = (what: string, fix: string): never => {
    throw new Misuse({ what, fix });
  };
  const isGiven = (name: keyof Given): boolean => given[name] !== undefined && given[name] !== false;
  const first = <N extends keyof Given>(names: Readonly<Record<N, string>>): string | undefined =>
    (Object.keys(names) as N[]).filter(isGiven).map((name) => names[name])[0];
  const [forOne, forAll] = [first(FOR_ONE), first(FOR_ALL)];
  if (!given.all && given.flow === undefined)
    refuse("No flow was named", `Name a flow by ${FLOW_NAMES}, or take all with --all`);
  if (given.all && given.flow !== undefined)
    refuse(`--all takes every flow, and "${String(given.flow)}" is one`, "Give one of the two");
  if (given.all && forOne !== undefined)
    refuse(
      `${forOne} is about one flow, and --all takes every flow`,
      "Leave it out; what happens around a sample person is in their file",
    );
  if (!given.all && forAll !== undefined) refuse(`${forAll} is about the calendar of all flows`, "Add --all");
  if (given.many !== undefined && given.mermaid)
    refuse("--mermaid draws the path of one run, and --many makes many runs", "Give one of the two");
}

async function flowNamed(context: Context, named: string): Promise<FoundFlow> {
  const found = await namedFlows(context)(named);
  if ("found" in found) return found.found;
  const { definitionOf } = await import("../../operate/project-flows.js");
  const { title } = found.program;
  const { definition, doubts } = definitionOf(found.program);
  for (const doubt of doubts) context.io.note(`“${title}”: ${doubt}.`);
  return { title, definition };
}

interface CalendarOptions {
  people: string | undefined;
  perWeek: number | undefined;
  clock: string | undefined;
}

async function calendarFor(context: Context, { people: folder, perWeek, clock }: CalendarOptions): Promise<ExitCode> {
  const { io, workspace, print } = context;
  const { flows, isWhole } = await allFlows(context);
  const { samplePeople, simulateAll } = await import("../../operate/simulate-all.js");
  const sample = samplePeople(flows, { folder, workspace: workspace() });
  if (sample.folder === undefined && flows.length > 0)
    io.note("The project has no folder people with sample people, so they are made up from the flows' own filters.");
  const calendar = simulateAll(flows, { people: sample.people, perWeek, clock, now: context.clock.now() });
  print(calendarData(calendar), () => (flows.length === 0 ? "There are no flows." : calendarText(calendar, io)));
  if (!isWhole) return FAILED;
  const isFound = calendar.people.some(
    ({ collisions, runs }) => collisions.length > 0 || runs.some(({ run }) => isBad(run)),
  );
  return isFound || calendar.unsimulated.length > 0 ? FOUND : DONE;
}

interface ScenarioOptions {
  person: Record<string, unknown> | undefined;
  trigger: string | undefined;
  eventProperties: Record<string, unknown> | undefined;
  events: unknown[] | undefined;
  variables: Record<string, unknown> | undefined;
  scenario: string | undefined;
  clock: string | undefined;
  seed: number | undefined;
}

async function scenarioOf({
  person,
  trigger,
  eventProperties,
  events,
  variables,
  scenario: file,
  clock,
  seed,
}: ScenarioOptions): Promise<Scenario> {
  const base = file === undefined ? {} : scenarioFrom(readTextFile(file), file);
  if (eventProperties !== undefined && trigger === undefined)
    throw new OperateError({
      what: "--event-properties needs the event that they belong to",
      fix: "Give --trigger <event>",
    });
  return {
    ...base,
    ...(person === undefined ? {} : { person: { ...base.person, properties: person } }),
    ...(trigger === undefined
      ? {}
      : { trigger: eventProperties === undefined ? trigger : { event: trigger, properties: eventProperties } }),
    ...(events === undefined ? {} : { events: events as NonNullable<Scenario["events"]> }),
    ...(variables === undefined ? {} : { variables }),
    ...(clock === undefined ? {} : { clock }),
    ...(seed === undefined ? {} : { random: seed }),
  };
}
