// No person gets more e-mails a week than allowed, over all flows of a stack: sample people are sent through them by the simulator.
import { definitionOf } from "../../definition/canonical/canonical";
import type { Dict } from "../../definition/canonical/values";
import { DAY_MS, dayStart } from "../../definition/lengths";
import { calendarOf, type Delivery, type PersonCalendar } from "../../operate/calendar";
import { masked } from "../../operate/mask";
import type { KeptPerson } from "../../operate/people/kept";
import { madeUpPeople } from "../../operate/people/made-up";
import { withKnownTexts, type FlowSide } from "../../operate/people/flow-side";
import { counted, fewWords } from "../../operate/words/values";
import { delay, email, flowOf } from "../../rules/examples";
import { checkScenario } from "../../simulator/input/check-scenario";
import type { PolicyFlow, PolicySchedule } from "../resources";
import { mayRun, policyRule } from "../rule";
import { count, EXCEPT, objects, UNSTATED } from "../settings";

/** Days on which schedules are looked at. */
const DAYS = 31;
/** Later beginnings of schedules that are looked at. */
const MOST_STARTS = 6;
const MOST_NAMES = 6;
const MOST_PEOPLE = 2;

const SETTINGS = {
  most: count(3, "Most e-mails that a person may get in seven days, from all flows of the stack together."),
  people: objects(
    "Sample people: each has a `name`, optionally `flows`, and what a file of `hogflow simulate --people` has. Without any, they are made up from the flows' own filters.",
    peopleFault,
  ),
  ...UNSTATED,
  ...EXCEPT,
} as const;

const mails = (number: number): Dict => ({
  ...flowOf(
    Object.fromEntries(
      Array.from({ length: number }, (_, i) => [
        [`wait_${i + 1}`, delay("1d")],
        [`mail_${i + 1}`, email()],
      ]).flat() as [string, Dict][],
    ),
  ).flow,
  status: "active",
});

export const weeklyEmails = policyRule({
  title: "E-mails per week",
  text: "No sample person gets more e-mails in seven days than allowed, from all active flows of a stack together.",
  why: "People who get too much mail unsubscribe, or report it as spam",
  severity: "medium",
  settings: SETTINGS,
  fails: { flows: { tips: mails(2), welcome: mails(2) }, settings: { most: 3 } },
  passes: { flows: { tips: mails(1), welcome: mails(2) }, settings: { most: 3 } },
  *stack({ flows, schedules }, settings) {
    const { most } = settings;
    const running = flows.filter((flow) => mayRun(flow, settings));
    const sides = running.map((flow) => ({
      key: flow.urn,
      name: flow.name,
      title: flow.title,
      side: sideOf(flow, schedules),
    }));
    const given = settings.people.map(personFrom);
    const people = given.length > 0 ? given : madeUpPeople(sides);
    // Schedules run on their dates, a weekly one every week; one that begins later is looked at from there.
    const lanes = startsIn(schedules).flatMap(
      (from) => calendarOf(sides, { people, perWeek: most, withOff: true, dates: { from, days: DAYS } }).people,
    );
    // What decides the way of people is simulated once it is known; a text alone has a stand-in.
    for (const flow of running) if (withKnownTexts(flow.definition).known === undefined) flow.known(["actions"]);
    for (const schedule of schedules) for (const key of WHEN) schedule.known([key]);
    for (const { people: names, most: found, last, words } of crowdsIn(lanes)) {
      const flow = running.find(({ urn }) => urn === last.flow.key);
      yield {
        path: ["actions", last.step],
        what: `${fewWords(names, MOST_PEOPLE)} ${names.length === 1 ? "gets" : "get"} ${counted(found, "e-mail")} in seven days, more than ${most}: ${words}`,
        fix: "Leave one out, wait longer between them, or let fewer people into one of the flows",
        ...(flow ? { flow } : {}),
      };
    }
  },
});

/** Now, and when schedules begin later than that; one of each day. */
function startsIn(schedules: readonly PolicySchedule[]): number[] {
  const now = Date.now();
  const begin = schedules.map(({ properties: { startsAt } }) => dayStart(Date.parse(String(startsAt))));
  const later = begin.filter((instant) => instant > now + DAYS * DAY_MS);
  return [now, ...[...new Set(later)].sort((a, b) => a - b).slice(0, MOST_STARTS)];
}

interface Crowd {
  /** Names of those who get the same e-mails. */
  people: string[];
  /** The most in seven days. */
  most: number;
  last: Delivery;
  words: string;
}

/** What comes too often, once for all who get it. */
function crowdsIn(lanes: readonly PersonCalendar[]): Iterable<Crowd> {
  const crowds = new Map<string, Crowd>();
  for (const { person, collisions, deliveries } of lanes)
    for (const { kind, deliveries: which, most } of collisions) {
      if (kind !== "week") continue;
      const mails = which.map((i) => deliveries[i]!);
      const key = mails.map(({ flow, step }) => `${flow.key} ${step}`).join("\n");
      const known = crowds.get(key);
      if (known) {
        if (!known.people.includes(person.name)) known.people.push(person.name);
        continue;
      }
      const words = mails.map(({ title, flow, day }) => `${title} (${flow.title}, day ${day})`);
      crowds.set(key, { people: [person.name], most, last: mails.at(-1)!, words: fewWords(words, MOST_NAMES) });
    }
  return crowds.values();
}

const sideOf = (flow: PolicyFlow, schedules: readonly PolicySchedule[]): FlowSide => ({
  definition: definitionOf(masked({ ...flow.properties, ...flow.definition })),
  status: "active",
  schedules: schedules
    .filter(({ flowUrn, properties: { paused } }) => flowUrn === flow.urn && paused === undefined)
    .filter((schedule) => !WHEN.some((key) => schedule.isUnknown([key])))
    .map(({ properties }) => properties),
});

/** What says when a schedule runs. */
const WHEN = ["rrule", "startsAt", "timezone"];

function peopleFault(people: readonly Record<string, unknown>[]): string | undefined {
  for (const [i, person] of people.entries())
    try {
      personFrom(person, i);
    } catch (error) {
      return `has at index ${i}: ${(error as Error).message}`;
    }
  return undefined;
}

function personFrom({ name, flows, ...scenario }: Record<string, unknown>, i: number): KeptPerson {
  checkScenario(scenario);
  return {
    name: typeof name === "string" ? name : `Person ${i + 1}`,
    scenario: scenario,
    ...(Array.isArray(flows) ? { flows: flows.map(String) } : {}),
  };
}
