// The data of a page of `hogflow show`: the flows of a stack with their facts, and what each sample person gets of them, before and after a change.
import { isDict } from "../../definition/canonical/values";
import { HOUR_MS } from "../../definition/lengths";
import type { ShowData, ShownFlow, ShownPerson, Side } from "../../show/data";
import { calendarOf, PER_WEEK, type Calendar, type KnownRuns } from "../calendar";
import type { ResourceDrift } from "../drift/drift";
import { partsText } from "../findings/sentences";
import { changeMarks } from "../graph/change-marks";
import type { FlowSide } from "../people/flow-side";
import { NOBODY, type KeptPerson } from "../people/kept";
import { madeUpPeople } from "../people/made-up";
import type { LocatedFinding } from "../program/validate-program";
import type { LiveStatuses } from "../review/live-status";
import type { Preview, PreviewedResource } from "../review/preview";
import { reviewOf, type FlowReview, type Review } from "../review/review";
import { stackFlows, type StackFlow } from "../review/stack-flows";
import { reasonOf } from "../review/undescribed";
import { fewWords } from "../words/values";
import { driftSentences, reviewSentences, scheduleSentences } from "./change-sentences";
import { CalendarPages } from "./calendar-pages";
import { flowVersion, locationOf, type Folders, type Written } from "./flow-version";
import { present } from "./present";

/** What a page is made of. */
export interface ShowInput {
  /** Of the page: project and stack, or the file. */
  title: string;
  /** Version of pulumi-hogflow. */
  version: string;
  /** Unix milliseconds: day 0 of everybody's calendar. People start at its full hour. */
  now: number;
  /** Every flow and schedule of the stack, before and after. Where nothing is compared, each stays as it is. */
  preview: Preview;
  /** What the sides are called. Absent: nothing is compared. */
  change?: { before: string; after: string } | undefined;
  /** Sample people. None: some are made from the flows' own filters. */
  people: readonly KeptPerson[];
  /** Statuses that PostHog has just told, by id of the flow. */
  statuses?: LiveStatuses;
  target?: { host: string; projectId: string } | undefined;
  /** Where the program makes each resource, by URN. */
  written?: ReadonlyMap<string, Written>;
  /** Absent: no location is shown. */
  folders?: Folders | undefined;
  /** What is wrong with the program, after the change. */
  findings?: readonly LocatedFinding[];
  /** What differs in PostHog. Absent: it was not asked. */
  drift?: readonly ResourceDrift[] | undefined;
  /** Most e-mails that somebody may get in seven days. Default 3. */
  perWeek?: number;
  /** What the page cannot show, in sentences, known before it is made. */
  notes?: readonly string[];
}

/** Days whose schedules are simulated. */
const DAYS = 31;

/**
 * The data of a page. Never throws for one flow that cannot be read: it is among the notes.
 *
 * @example
 * ```ts
 * const preview = parsePreview(readFileSync("preview.json", "utf8"));
 * const data = showData({ title: "acme/prod", version: "1.0.0", now: Date.now(), preview, people: readPeople("people") });
 * writeFileSync("hogflow.html", pageHtml(data));
 * ```
 */
export function showData(input: ShowInput): ShowData {
  const { title, version, now, preview, change, statuses = new Map(), drift, target, perWeek = PER_WEEK } = input;
  const stack = stackFlows(preview, statuses);
  const names = uniqueNames(stack);
  const notes = new Notes(input.notes);
  for (const finding of input.findings ?? []) if (finding.resource === undefined) notes.add(partsText(finding));
  for (const { title: its, unread } of stack) if (unread !== undefined) notes.add(`“${its}”: ${unread}.`);
  const review = change && reviewOf(preview, { now, statuses });
  const flows = stack.map((flow) => shownFlow(flow, { input, review, notes, name: names.get(flow.urn)! }));
  const sides: Side[] = change ? ["before", "after"] : ["after"];
  const people = peopleOf(input, stack);
  const page = new CalendarPages({ names, now, perWeek });
  const known: KnownRuns = new WeakMap();
  // Not to the second: a page that is made again has the same times.
  const from = Math.floor(now / HOUR_MS) * HOUR_MS;
  for (const side of sides) {
    const calendar = calendarOf(
      stack.flatMap((flow) => {
        const one = sideOf(flow, side);
        return one === undefined || one.status === "archived"
          ? []
          : [{ key: flow.urn, name: flow.name, title: flow.title, side: one }];
      }),
      { people, perWeek, withOff: true, dates: { from, days: DAYS }, known },
    );
    page.add(side, calendar, sidesOf(stack, side));
    noteDoubts(notes, calendar, { isAll: side === "after" });
  }
  if (change) page.mark();
  return {
    title,
    madeAt: new Date(now).toISOString(),
    version,
    ...present({ target, change }),
    hasDrift: drift !== undefined,
    scheduleDays: DAYS,
    flows,
    people: page.people.map((person) => shownPerson(person, input.people.length > 0 ? "kept" : "made")),
    ...page.data(),
    notes: notes.list,
  };
}

/** Sentences, each once. */
class Notes {
  readonly list: string[];
  constructor(given: readonly string[] = []) {
    this.list = [...new Set(given)];
  }

  add(sentence: string): void {
    if (!this.list.includes(sentence)) this.list.push(sentence);
  }
}

/** Two resources may have one name, under different parents. */
function uniqueNames(stack: readonly StackFlow[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    stack.map(({ urn, name }) => {
      let unique = name;
      for (let i = 2; taken.has(unique); i += 1) unique = `${name} ${i}`;
      taken.add(unique);
      return [urn, unique];
    }),
  );
}

/** What stays is one object on both sides, so that it is simulated once. */
const sideOf = ({ isChanged, ...sides }: StackFlow, side: Side): FlowSide | undefined =>
  isChanged ? sides[side] : sides.after;

const sidesOf = (stack: readonly StackFlow[], side: Side): Map<string, FlowSide> =>
  new Map(
    stack.flatMap((flow) => {
      const one = sideOf(flow, side);
      return one === undefined ? [] : [[flow.urn, one] as const];
    }),
  );

/** Those of the folder, else made-up ones for what is after the change, and for what is gone. */
function peopleOf({ people }: ShowInput, stack: readonly StackFlow[]): readonly KeptPerson[] {
  if (people.length > 0) return people;
  return madeUpPeople(
    stack.flatMap(({ name, before, after }) => {
      const side = after ?? before;
      return side === undefined || side.status === "archived" ? [] : [{ name, side }];
    }),
  );
}

const FATES: Readonly<Record<PreviewedResource["fate"], ShownFlow["fate"]>> = {
  create: "added",
  delete: "removed",
  update: "changed",
  replace: "changed",
  same: "same",
};

interface FlowContext {
  input: ShowInput;
  review: Review | undefined;
  notes: Notes;
  /** Unique on the page. */
  name: string;
}

function shownFlow(flow: StackFlow, { input, review, notes, name }: FlowContext): ShownFlow {
  const { preview, change, written, folders, drift, findings = [], now } = input;
  const resource = preview.resources.find(({ urn }) => urn === flow.urn)!;
  const reviewed = review?.flows.find((each) => each.resource.urn === flow.urn);
  const { before, after } = flow;
  const fate =
    change === undefined
      ? "same"
      : before === undefined && after !== undefined
        ? "added"
        : after === undefined && before !== undefined
          ? "removed"
          : resource.fate === "same" && flow.isChanged
            ? "changed"
            : FATES[resource.fate];
  const url = webAddress(resource.url);
  const marks =
    reviewed && before && after ? changeMarks(before.definition, after.definition, reviewed.change) : undefined;
  const isDeployed = (id: string): boolean => {
    const actions = before?.definition["actions"];
    return isDict(actions) && Object.hasOwn(actions, id);
  };
  const version = (side: Side): ShownFlow["after"] => {
    const one = flow[side];
    if (one === undefined) return undefined;
    const named = flow.named[side];
    const own = ({ resource: its, kind }: LocatedFinding): boolean =>
      kind === "schedule" ? named.some((schedule) => schedule.name === its) : its === flow.name;
    try {
      return flowVersion({
        definition: one.definition,
        status: one.status,
        schedules: named,
        findings: side === "after" ? findings.filter((finding) => finding.resource !== undefined && own(finding)) : [],
        marks: marks?.[side],
        written: side === "after" || after === undefined ? written?.get(flow.urn) : undefined,
        folders,
        urlOf: (id) => (url === undefined || !isDeployed(id) ? undefined : `${url}?node=${encodeURIComponent(id)}`),
        now,
      });
    } catch (error) {
      notes.add(`“${flow.title}” cannot be described: ${reasonOf(error)}.`);
      return undefined;
    }
  };
  const shownAfter = version("after");
  // What stays has one description, and what is wrong with it is said once.
  const shownBefore = !change
    ? undefined
    : flow.isChanged || !shownAfter
      ? version("before")
      : { ...shownAfter, findings: [] };
  const position = written?.get(flow.urn)?.position;
  return {
    name,
    title: flow.title,
    fate,
    ...present({ before: shownBefore, after: shownAfter }),
    changes: review ? changesOf(flow, reviewed, review) : [],
    ...present({
      url,
      location: folders && locationOf(position, folders),
      ...(drift && driftOf(flow, drift)),
    }),
  };
}

/** Nothing but what a browser opens as a page: the address comes out of a state. */
const webAddress = (url: string | undefined): string | undefined =>
  url !== undefined && /^https?:\/\/[\w.:/#?=&%@+,~-]+$/.test(url) ? url : undefined;

function changesOf(flow: StackFlow, reviewed: FlowReview | undefined, review: Review): string[] {
  const names = new Set([...flow.named.before, ...flow.named.after].map(({ name }) => name));
  const schedules = review.schedules.filter(({ resource }) => names.has(resource.name));
  if (reviewed === undefined) return schedules.flatMap(scheduleSentences);
  return reviewSentences(reviewed, schedules);
}

/** Nothing of a flow that is not in PostHog. */
function driftOf(
  { name, named }: StackFlow,
  drift: readonly ResourceDrift[],
): Pick<ShownFlow, "drift" | "isEdited"> | undefined {
  const schedules = new Set([...named.before, ...named.after].map((schedule) => schedule.name));
  const own = drift.filter((each) => (each.kind === "flow" ? each.name === name : schedules.has(each.name)));
  if (own.length === 0) return undefined;
  const isEdited = own.some(
    ({ verdict, takenBy, stagedDraft }) =>
      verdict === "drifted" || verdict === "gone" || takenBy !== undefined || stagedDraft !== undefined,
  );
  return { drift: own.flatMap(driftSentences), ...(isEdited ? { isEdited } : {}) };
}

/** Longest value of a property, in characters. */
const LONGEST_VALUE = 500;

function shownPerson({ name, scenario }: KeptPerson, origin: "kept" | "made"): ShownPerson {
  return {
    name,
    origin: name === NOBODY ? "nobody" : origin,
    properties: Object.entries(scenario.person?.properties ?? {}).map(([key, value]) => {
      const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
      return { name: key, value: text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text };
    }),
  };
}

const MOST_NAMES = 4;

/** What a reader has to know of the calendar: what nobody can say, what is assumed, and which flows nobody enters. */
function noteDoubts(
  notes: Notes,
  { doubts, assumedEvents, assumedStarts, unentered }: Calendar,
  { isAll }: { isAll: boolean },
): void {
  const few = (names: readonly string[]): string => fewWords(names, MOST_NAMES);
  const flowsByWords = new Map<string, Set<string>>();
  for (const { flow, words } of doubts) {
    const titles = flowsByWords.get(words) ?? new Set();
    flowsByWords.set(words, titles.add(`“${flow.title}”`));
  }
  for (const [words, titles] of flowsByWords) notes.add(`${few([...titles])}: ${words}.`);
  if (!isAll) return;
  if (assumedEvents.length > 0)
    notes.add(
      `The files of ${few(assumedEvents)} name no trigger, so these people start every flow that waits for an event, on day 0.`,
    );
  if (assumedStarts.length > 0)
    notes.add(
      `No schedule of this stack starts ${few(assumedStarts.map(({ title }) => `“${title}”`))}, so one start on day 0 is assumed.`,
    );
  if (unentered.length > 0)
    notes.add(`None of the sample people enters ${few(unentered.map(({ title }) => `“${title}”`))}.`);
}
