// The calendars of both sides as the page has them: runs, deliveries and contents in lists, which name each other by index.
import { DAY_MS, dayStart, WEEK_MS } from "../../definition/lengths";
import { isKnownOff } from "../../provider/flow/in-flight";
import type { Run } from "../../simulator/result/run";
import type { Collision, Delivery, Mark, ShowData, ShownRun, Side, StoryLine } from "../../show/data";
import { pairsOf } from "../../show/pairs";
import type { Calendar, CalendarFlow, PersonCalendar } from "../calendar";
import type { FlowSide } from "../people/flow-side";
import type { KeptPerson } from "../people/kept";
import { titleOf } from "../words/steps";
import { collisionWords } from "./collision-words";
import { Contents, recipientOf } from "./contents";
import { present } from "./present";
import { endWords, storyOf } from "./stories";

export interface PagesOptions {
  /** Names of flows that are unique on the page, by key. */
  names: ReadonlyMap<string, string>;
  /** Unix milliseconds: day 0. */
  now: number;
  /** Most e-mails in seven days. */
  perWeek: number;
}

/** What of one side is needed in addition to its calendar: the flows by key. */
export type Sides = ReadonlyMap<string, FlowSide>;

export class CalendarPages {
  /** In the order of their calendars. */
  readonly people: KeptPerson[] = [];
  private readonly contents = new Contents();
  private readonly deliveries: Delivery[] = [];
  private readonly runs: ShownRun[] = [];
  private readonly collisions: Collision[] = [];

  constructor(private readonly options: PagesOptions) {}

  data(): Pick<ShowData, "contents" | "deliveries" | "runs" | "collisions"> {
    const { contents, deliveries, runs, collisions } = this;
    return { contents: contents.list, deliveries, runs, collisions };
  }

  /** Adds what everybody gets on one side. */
  add(side: Side, calendar: Calendar, sides: Sides): void {
    const assumedStarts = new Set(calendar.assumedStarts.map(({ key }) => key));
    for (const lane of calendar.people) this.addLane(lane, { side, sides, assumedStarts });
  }

  private addLane(
    lane: PersonCalendar,
    { side, sides, assumedStarts }: { side: Side; sides: Sides; assumedStarts: ReadonlySet<string> },
  ): void {
    const person = this.indexOf(lane.person);
    const shift = this.shiftOf(lane);
    const runs = new Map(
      lane.runs.map((its) => [its.run, this.addRun(its, { side, person, shift, flowSide: sides.get(its.flow.key)! })]),
    );
    const first = this.deliveries.length;
    for (const sent of lane.deliveries) {
      const { flow, isAssumed, step, title, run } = sent;
      const at = this.timeOf(sent.at, shift);
      const index = runs.get(run)!;
      this.deliveries.push({
        side,
        person,
        flow: this.nameOf(flow),
        step,
        title,
        content: this.contents.indexOf(sent),
        run: index,
        to: recipientOf(sent),
        ...at,
        ...present({
          maybe: maybeWords(
            sides.get(flow.key)?.status,
            isAssumed && (assumedStarts.has(flow.key) ? "start" : "event"),
          ),
        }),
      });
      lineOf(this.runs[index]!, step, at.at)?.deliveries.push(this.deliveries.length - 1);
    }
    for (const { kind, deliveries, most } of lane.collisions)
      this.collisions.push({
        side,
        person,
        kind: kind === "close" ? "within-an-hour" : "too-many-in-a-week",
        deliveries: deliveries.map((i) => first + i),
        words: collisionWords(
          { kind, most },
          {
            person: lane.person.name,
            perWeek: this.options.perWeek,
            messages: deliveries.map((i) => {
              const { flow } = lane.deliveries[i]!;
              const { title, at, maybe } = this.deliveries[first + i]!;
              return {
                title,
                flow: flow.title,
                at,
                isOff: isKnownOff(sides.get(flow.key)?.status),
                isMaybe: maybe !== undefined,
              };
            }),
          },
        ),
      });
  }

  private indexOf(person: KeptPerson): number {
    const index = this.people.findIndex(({ name }) => name === person.name);
    return index >= 0 ? index : this.people.push(person) - 1;
  }

  private nameOf = ({ key, name }: CalendarFlow): string => this.options.names.get(key) ?? name;

  /** Somebody with a clock of their own is moved by whole weeks, so that the days of the week stay what they are. */
  private shiftOf({ started, person }: PersonCalendar): number {
    if (started === undefined || person.scenario.clock === undefined) return 0;
    return Math.ceil((dayStart(this.options.now) - dayStart(Date.parse(started))) / WEEK_MS) * WEEK_MS;
  }

  private timeOf(instant: string, shift: number): { at: string; day: number } {
    const at = Date.parse(instant) + shift;
    // A wait may end in a year that no calendar has.
    if (Number.isNaN(new Date(at).getTime())) return { at: instant, day: Number.MAX_SAFE_INTEGER };
    return {
      at: new Date(at).toISOString(),
      day: Math.floor((at - dayStart(this.options.now)) / DAY_MS),
    };
  }

  private addRun(
    { flow, run }: { flow: CalendarFlow; run: Run },
    { side, person, shift, flowSide }: { side: Side; person: number; shift: number; flowSide: FlowSide },
  ): number {
    const titles = (id: string): string => titleOf(flowSide.definition["actions"], id);
    return (
      this.runs.push({
        side,
        person,
        flow: this.nameOf(flow),
        startedBy: run.startedBy,
        started: this.timeOf(run.started, shift).at,
        lines: storyOf(run, titles, (instant) => this.timeOf(instant, shift)),
        end: endWords(run),
      }) - 1
    );
  }

  /** Marks what a change does to each message. */
  mark(): void {
    for (const { before, after } of pairsOf(this.deliveries)) {
      const set = (mark: Mark): void => {
        for (const each of [before, after]) if (each) each.mark = mark;
      };
      if (before === undefined) set("added");
      else if (after === undefined) set("removed");
      else if (before.content !== after.content || before.at !== after.at || before.to !== after.to) set("changed");
    }
  }
}

/** The line of a story that tells of this message: the first one of its step, at its time, that can have more. */
const lineOf = ({ lines }: ShownRun, step: string, at: string): StoryLine | undefined =>
  lines.find((line) => line.step === step && line.at === at) ?? lines.findLast((line) => line.step === step);

const ASSUMED = {
  event: "the person's file names no trigger, so a start on day 0 is assumed",
  start: "no schedule of the stack starts its flow, so a start on day 0 is assumed",
} as const;

/** What is not certain about a message. */
function maybeWords(status: string | undefined, assumed: keyof typeof ASSUMED | false): string | undefined {
  const words = [
    ...(status === undefined ? ["if its flow is active: its status is set in PostHog"] : []),
    ...(isKnownOff(status) ? ["its flow is a draft, which sends nothing until somebody activates it"] : []),
    ...(assumed ? [ASSUMED[assumed]] : []),
  ];
  return words.length === 0 ? undefined : words.join("; ");
}
