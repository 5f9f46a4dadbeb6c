// Everybody of a project through all of its flows: their calendar, and what is assumed and not known in it, in sentences.
import path from "node:path";
import { nearest } from "../definition/schema/names";
import { DAY_MS } from "../definition/lengths";
import { DEFAULT_START, momentOf } from "../simulator/input/moment";
import { calendarOf, PER_WEEK, type Calendar, type Delivery, type PersonCalendar } from "./calendar";
import { OperateError } from "./errors";
import type { Collision } from "./people/collisions";
import { NOBODY, peopleFolder, readPeople, type KeptPerson } from "./people/kept";
import { readySide } from "./people/flow-side";
import { madeUpPeople } from "./people/made-up";
import type { ProjectFlow } from "./project-flows";
import { nextInstants } from "./words/recurrence";
import { counted, fewWords } from "./words/values";
import type { Workspace } from "./workspace";

/** Days on which schedules are looked at. */
const DAYS = 31;

/** Sample people, and where they come from. */
export interface SamplePeople {
  people: KeptPerson[];
  /** Absent: they are made up. */
  folder?: string;
}

/**
 * The people of a project: those of a folder, else made-up ones.
 *
 * @param options `folder`: as somebody names it. `workspace`: whose folder `people` is taken where none is named.
 * @throws OperateError when the named folder has nobody, or a file is no scenario.
 */
export function samplePeople(
  flows: readonly ProjectFlow[],
  { folder, workspace }: { folder?: string | undefined; workspace: Workspace },
): SamplePeople {
  const kept = folder ?? peopleFolder(workspace);
  const people = kept === undefined ? [] : readPeople(kept);
  if (people.length > 0) return { people, folder: kept! };
  if (folder !== undefined)
    throw new OperateError({
      what: `${folder} has no sample people`,
      why: "A sample person is a JSON file of that folder, and there is none",
      fix: `Write ${path.join(folder, "free-plan.json")}, for example { "person": { "properties": { "plan": "free" } }, "trigger": "user signed up" }, or leave out --people: people are then made up`,
    });
  return { people: madeUpPeople(flows.filter(isKept)) };
}

/** What is archived is over; a draft may still come. */
const isKept = ({ side }: ProjectFlow): boolean => side.status !== "archived";

export interface SimulateAllOptions {
  people: readonly KeptPerson[];
  /** Most e-mails in seven days. Default 3. */
  perWeek?: number | undefined;
  /** When people start, as `--clock` has it. Default: `now`. */
  clock?: string | undefined;
  /** Unix milliseconds. */
  now: number;
}

/** A calendar, and from when it is. */
export interface ProjectCalendar extends Calendar {
  /** When people start, unless their file says it; ISO in UTC. */
  from: string;
  perWeek: number;
  /** Flows that are drafts, and are in the calendar all the same. */
  drafts: ProjectFlow[];
  /** Flows that could not be simulated for anybody. */
  unsimulated: ProjectFlow[];
  /** Whether schedules start any flow. */
  isScheduled: boolean;
  /** Names in people's files that no flow has, with a near one. */
  misnamed: { person: string; flow: string; near?: string }[];
  /** Flows whose schedules have no date in the time that is looked at, with their next one, such as `2027-01-01`. */
  later: { flow: ProjectFlow; next: string }[];
}

/**
 * Everybody through all flows. Drafts count as active, archived flows do not; schedules run on their dates.
 *
 * @throws OperateError for a moment that cannot be read.
 */
export function simulateAll(
  flows: readonly ProjectFlow[],
  { people, perWeek = PER_WEEK, clock, now }: SimulateAllOptions,
): ProjectCalendar {
  const from = clock === undefined ? now : readMoment(clock);
  const calendar = calendarOf(flows.filter(isKept), {
    people,
    perWeek,
    withOff: true,
    dates: { from, days: DAYS },
  });
  const waiting = flows.flatMap((flow) => {
    const next = isKept(flow) ? firstDate(flow, from) : undefined;
    return next !== undefined && next >= from + DAYS * DAY_MS
      ? [{ flow, next: new Date(next).toISOString().slice(0, 10) }]
      : [];
  });
  return {
    ...calendar,
    unentered: calendar.unentered.filter(({ key }) => !waiting.some(({ flow }) => flow.key === key)),
    later: waiting,
    misnamed: misnamedIn(flows, people),
    isScheduled: flows.some((flow) => isKept(flow) && flow.side.schedules.length > 0),
    off: flows.flatMap(({ side, ...flow }) => (side.status === "archived" ? [{ ...flow, status: "archived" }] : [])),
    from: new Date(from).toISOString(),
    perWeek,
    drafts: flows.filter(({ side }) => side.status === "draft"),
    unsimulated: flows.filter((flow) => isKept(flow) && readySide(flow.side).model === undefined),
  };
}

function misnamedIn(flows: readonly ProjectFlow[], people: readonly KeptPerson[]): ProjectCalendar["misnamed"] {
  const known = flows.flatMap(({ name, title }) => [name, title]);
  return people.flatMap(({ name: person, flows: theirs = [] }) =>
    theirs
      .filter((flow) => !known.includes(flow))
      .map((flow) => {
        const near = nearest(flow, known);
        return { person, flow, ...(near === undefined ? {} : { near }) };
      }),
  );
}

/** The first date of any of its schedules, in Unix milliseconds. */
function firstDate({ side }: ProjectFlow, from: number): number | undefined {
  const dates = side.schedules.flatMap((schedule) => nextInstants(schedule, from - 1, 1));
  return dates.length === 0 ? undefined : Math.min(...dates);
}

function readMoment(text: string): number {
  try {
    return momentOf(text, DEFAULT_START, "--clock");
  } catch (error) {
    throw new OperateError({ what: (error as Error).message });
  }
}

const MOST_NAMES = 6;
const names = (items: readonly string[]): string => fewWords(items, MOST_NAMES);
const titles = (flows: readonly { title: string }[]): string => names(flows.map(({ title }) => `“${title}”`));
const is = (items: readonly unknown[]): string => (items.length === 1 ? "is" : "are");

/** What a reader has to know of a calendar, in sentences: who and what is missing in it, and what it takes for granted. */
export function calendarNotes(calendar: ProjectCalendar): string[] {
  const { off, drafts, unentered, doubts, assumedEvents, assumedStarts, people, later, isScheduled, misnamed, from } =
    calendar;
  const maybe = new Map(
    people.flatMap(({ deliveries }) =>
      deliveries.flatMap(({ isMaybe, flow }) => (isMaybe ? [[flow.key, flow] as const] : [])),
    ),
  );
  return [
    ...(unentered.length > 0 ? [`Nobody enters ${titles(unentered)}.`] : []),
    ...misnamed.map(
      ({ person, flow, near }) =>
        `The file of ${person} is for “${flow}”, and no flow has that name${near === undefined ? "" : `: did you mean “${near}”?`}`,
    ),
    ...later.map(
      ({ flow: { title }, next }) =>
        `No schedule of “${title}” has a date in the ${DAYS} days from ${from.slice(0, 10)}; the next one is ${next}: --clock ${next} looks from there.`,
    ),
    ...(drafts.length > 0
      ? [
          `${titles(drafts)} ${is(drafts)} ${drafts.length === 1 ? "a draft" : "drafts"}, and count${drafts.length === 1 ? "s" : ""} as active here.`,
        ]
      : []),
    ...(off.length > 0 ? [`${titles(off)} ${is(off)} archived, and left out.`] : []),
    ...(maybe.size > 0
      ? [
          `The program states no status of ${titles([...maybe.values()])}: whoever presses the button in PostHog decides whether ${maybe.size === 1 ? "it runs" : "they run"}.`,
        ]
      : []),
    ...(assumedEvents.length > 0
      ? [
          `The files of ${names(assumedEvents)} name no trigger, so these people start every flow that waits for an event on day 0; e-mails of different flows are then not compared.`,
        ]
      : []),
    ...(assumedStarts.length > 0
      ? [`No schedule starts ${titles(assumedStarts)}, so one start on day 0 is assumed.`]
      : []),
    ...(isScheduled ? [`Dates of schedules are those of ${DAYS} days.`] : []),
    ...doubts.map(({ flow, people: whom, words }) => {
      const all = people.every(({ person }) => whom.includes(person.name) || person.name === NOBODY);
      return `“${flow.title}”${all ? "" : `, ${names(whom)}`}: ${words.replace(/\.$/, "")}.`;
    }),
  ];
}

/** One collision as a sentence without its end: `2 e-mails within an hour: “Welcome” and “Offer”`. */
export function collisionWords(
  { kind, deliveries, most }: Collision,
  { deliveries: all }: Pick<PersonCalendar, "deliveries">,
  perWeek: number,
): string {
  const mails = deliveries.map((i) => all[i]!);
  const which = names(mails.map(mailWords));
  return kind === "close"
    ? `${counted(mails.length, "e-mail")} within an hour${mails.length > most ? " of each other" : ""}: ${which}`
    : `${counted(most, "e-mail")} in seven days, more than ${perWeek}: ${which}`;
}

const mailWords = ({ message, title, flow, day }: Delivery): string =>
  `“${message?.subject ?? title}” (${flow.title}, day ${day})`;
