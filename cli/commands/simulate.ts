// `hogflow simulate`: who gets what, when, and why it ends, without PostHog.
import { triggerOf } from "../../definition/canonical/canonical";
import { drawFlow } from "../../operate/graph/draw";
import { OperateError } from "../../operate/errors";
import { scenarioFrom } from "../../operate/people/kept";
import { simulateFlow, takenPath } from "../../operate/simulate";
import { readTextFile } from "../../definition/text-file";
import type { Many, Scenario } from "../../testing";
import { defineCommand, flag, flowOrFile, option, parsed, type Parse } from "../define";
import { DONE, FOUND } from "../exit-codes";
import { jsonObject, orFile, wholeNumber } from "../values";
import { oneLine } from "../../definition/plain-text";
import { readDefinition } from "../read-definition";

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
    "gets a 200, and nothing is sent. The output names what the simulator cannot know. A flow of the stack, by name or title, is taken as last deployed; any other, and one named by its id, as it is in PostHog. A file needs no key and no network. `--many` makes up people from the flow's own filters, and prints counts and what no one reached.",
  arguments: { flow: flowOrFile() },

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
  },
  needs: ["posthog"],
  json: "the simulation: {runs, attempts, messages, requests, end, notSimulated, …}; with --many: {scenarios, runs, steps, branches, paths, ends, coverage, …}",
  exitCodes: {
    0: "simulated",
    2: "a run failed, looped forever or could not be simulated; with --many: a step or branch was not reached",
  },
  examples: [
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
  async run(context, { flow: named, many, mermaid, ...options }) {
    const { print } = context;
    if (many !== undefined && mermaid)
      throw new OperateError({
        what: "--mermaid draws the path of one run, and --many makes many runs",
        fix: "Give one of the two",
      });
    const {
      flow,
      one,
      many: counts,
    } = await simulateFlow(await readDefinition(context, named), named === "-" ? "standard input" : named, {
      scenario: await scenarioOf(options),
      ...(many === undefined ? {} : { many }),
    });
    if (counts) {
      print({ ...counts, table: undefined }, () => [counts.table(), ...missedLines(counts)].join("\n"));
      return counts.coverage.steps.missed.length + counts.coverage.branches.missed.length > 0 ? FOUND : DONE;
    }
    const { timeline: _, ...data } = one;
    print(data, () =>
      mermaid
        ? drawFlow(flow.definition, takenPath(one, triggerOf(flow.definition["actions"])?.id ?? "")).trimEnd()
        : one.timeline(),
    );
    return one.runs.some(({ end }) => ["failed", "endless", "not_simulated"].includes(end.how)) ? FOUND : DONE;
  },
});

const missedLines = ({ coverage }: Many): string[] => [
  ...coverage.steps.missed.map(({ id, why }) => oneLine(`not reached: ${id} (${why})`)),
  ...coverage.branches.missed.map(({ step, label, why }) => oneLine(`not reached: ${step} → ${label} (${why})`)),
];

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
