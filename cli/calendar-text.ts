// The calendar of the terminal: for each person, day by day, who gets what from which flow, with collisions marked.
import { DAY_MS, dayStart } from "../definition/lengths";
import { oneLine } from "../definition/plain-text";
import type { Delivery, PersonCalendar } from "../operate/calendar";
import { slackText } from "../operate/show/slack-text";
import { calendarNotes, collisionWords, type ProjectCalendar } from "../operate/simulate-all";
import { shortened } from "../operate/words/shorten";
import type { Io } from "./io";
import { table } from "./table";
import { counted } from "./texts";

/** Longest text of a message in its line. */
const LONGEST = 60;
const COLUMNS = [{ title: "" }, { title: "" }, { title: "" }, { title: "" }];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** One text of several lines for each person, and what a reader has to know at the end. */
export function calendarText(calendar: ProjectCalendar, io: Pick<Io, "style" | "columns">): string {
  const flows = calendar.people.flatMap(({ runs }) => runs.map(({ flow }) => flow.key));
  return [
    `${counted(calendar.people.length, "person", "people")} in ${counted(new Set(flows).size, "flow")}, from ${momentText(calendar.from)} UTC`,
    ...calendar.people.flatMap((person) => ["", ...personLines(person, calendar.perWeek, io)]),
    "",
    ...calendarNotes(calendar).map(oneLine),
  ]
    .join("\n")
    .trimEnd();
}

function personLines(person: PersonCalendar, perWeek: number, io: Pick<Io, "style" | "columns">): string[] {
  const { deliveries, collisions, runs, started } = person;
  const name = io.style(oneLine(person.person.name), "bold");
  if (runs.length === 0) return [name, "  enters no flow"];
  if (deliveries.length === 0) return [name, "  gets nothing"];
  const marked = new Set(collisions.flatMap((collision) => collision.deliveries));
  const days = [...new Set(deliveries.map(({ day }) => day))];
  const sign = io.style("!", "yellow", "bold");
  // All days have the same columns, so they are laid out as one table.
  const [, ...rows] = table(COLUMNS, deliveries.map(rowOf), io.columns - 4).split("\n");
  const lines = rows.map((row, i) => `${marked.has(i) ? sign : " "} ${row}`);
  return [
    name,
    ...days.flatMap((day) => [
      `  ${io.style(`day ${day}, ${dateText(dateOf(started ?? deliveries[0]!.at, day))}`, "dim")}`,
      ...lines.filter((_, i) => deliveries[i]!.day === day).map((line) => `  ${line}`),
    ]),
    ...collisions.map((collision) => `  ${sign} ${oneLine(collisionWords(collision, person, perWeek))}`),
  ];
}

function rowOf({ at, title, flow, kind, to, ...delivery }: Delivery): string[] {
  const text = textOf(delivery);
  return [
    at.slice(11, 16),
    kind,
    `${title}${text === "" || text === title ? "" : `: ${shortened(oneLine(text), LONGEST)}`}${to === undefined ? "" : ` (to ${to})`}`,
    flow.title,
  ];
}

/** What a reader sees first: the subject, the text of a message, the address of a request. */
function textOf({ message, request }: Pick<Delivery, "message" | "request">): string {
  if (message) return message.subject ?? message.body;
  const { text, blocks } = request!.inputs;
  return slackText({ text, blocks }).text || (request!.url ?? "");
}

const dateOf = (started: string, day: number): Date => new Date(dayStart(Date.parse(started)) + day * DAY_MS);
const dateText = (date: Date): string => `${WEEKDAYS[date.getUTCDay()]} ${date.toISOString().slice(0, 10)}`;
const momentText = (at: string): string => `${dateText(new Date(at))} ${at.slice(11, 16)}`;

/** For machines: contents and stories whole, each once. */
export function calendarData(calendar: ProjectCalendar): unknown {
  const { from, perWeek, people, off, drafts, unentered } = calendar;
  const named = ({ name, title }: { name: string; title: string }) => ({ name, title });
  return {
    from,
    perWeek,
    people: people.map(({ person, started, deliveries, collisions, runs }) => ({
      name: person.name,
      started,
      deliveries: deliveries.map(({ run, flow, sinceDayZero: _, ...delivery }) => ({
        ...delivery,
        flow: named(flow),
        run: runs.findIndex((each) => each.run === run),
      })),
      collisions,
      runs: runs.map(({ flow, run: { messages: _messages, requests: _requests, ...run }, isAssumed }) => ({
        flow: named(flow),
        isAssumed,
        ...run,
      })),
    })),
    drafts: drafts.map(named),
    archived: off.map(named),
    unentered: unentered.map(named),
    notes: calendarNotes(calendar),
  };
}
