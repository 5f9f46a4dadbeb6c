// The calendar of sample people: who gets what on which day from which flow, with contents, stories and collisions.
import { describe, expect, it } from "vitest";
import { UNKNOWN, type Dict } from "../../definition/canonical/values";
import { calendarOf, type CalendarFlow } from "../../operate/calendar";
import type { FlowSide } from "../../operate/people/flow-side";
import { NOBODY, type KeptPerson } from "../../operate/people/kept";

const ONE_HOUR = "1h";

const mail = (subject: string, next: string, more: Dict = {}): Dict => ({
  type: "function_email",
  name: `Send ${subject}`,
  next,
  config: {
    inputs: {
      email: {
        value: {
          from: { integrationId: 7 },
          to: { email: "{{ person.properties.email }}", name: "" },
          subject,
          text: `About ${subject}`,
          html: "",
          ...more,
        },
      },
    },
  },
});
const wait = (delayDuration: string, next: string): Dict => ({
  type: "delay",
  name: "Wait",
  next,
  config: { delayDuration },
});
const onSignup: Dict = { type: "event", filters: { events: [{ id: "signup" }] } };

/** A flow of these steps, one after the other; each is given the id of the next one. */
function flow(
  title: string,
  steps: ((next: string) => Dict)[],
  { trigger = onSignup, ...side }: { trigger?: Dict } & Partial<FlowSide> = {},
): CalendarFlow & { side: FlowSide } {
  const id = (i: number): string => (i < steps.length ? `step_${i}` : "exit_node");
  const definition = {
    name: title,
    actions: {
      trigger_node: { type: "trigger", name: "Start", config: trigger, next: id(0) },
      ...Object.fromEntries(steps.map((step, i) => [id(i), step(id(i + 1))])),
      exit_node: { type: "exit", name: "Exit" },
    },
  };
  const name = title.toLowerCase();
  return {
    key: `urn:${name}`,
    name,
    title,
    side: { definition, status: "active", schedules: [], ...side },
  };
}

const ADA: KeptPerson = {
  name: "Ada",
  scenario: { trigger: "signup", person: { properties: { email: "ada@example.com", first_name: "Ada" } } },
};
const BOB: KeptPerson = { name: "Bob", scenario: { person: { properties: { email: "bob@example.com" } } } };

const welcome = flow("Welcome", [
  (next) => mail("Hello", next),
  (next) => wait("20h", next),
  (next) => mail("Tips", next),
]);

describe("the calendar", () => {
  it("has each message with its flow, its step, its day and itself, and the story of its run", () => {
    const { people } = calendarOf([welcome], { people: [ADA] });
    const [ada] = people;
    expect(ada?.started).toBe("2026-01-05T09:00:00.000Z");
    expect(
      ada?.deliveries.map(({ flow: its, step, title, kind, at, day, message, run }) => [
        its.title,
        its.name,
        step,
        title,
        kind,
        at,
        day,
        message?.subject,
        message?.text,
        run.end.how,
      ]),
    ).toEqual([
      [
        "Welcome",
        "welcome",
        "step_0",
        "Send Hello",
        "e-mail",
        "2026-01-05T09:00:00.000Z",
        0,
        "Hello",
        "About Hello",
        "exit",
      ],
      // Early on the next day, although less than 24 hours later.
      [
        "Welcome",
        "welcome",
        "step_2",
        "Send Tips",
        "e-mail",
        "2026-01-06T05:00:00.000Z",
        1,
        "Tips",
        "About Tips",
        "exit",
      ],
    ]);
    expect(ada?.runs.map(({ flow: its, run }) => [its.title, run.steps.map(({ id }) => id)])).toEqual([
      ["Welcome", ["step_0", "step_1", "step_2", "exit_node"]],
    ]);
  });

  it("puts the flows of a person together by time", () => {
    const other = flow("Offers", [(next) => wait(ONE_HOUR, next), (next) => mail("Offer", next)]);
    const { people } = calendarOf([welcome, other], { people: [ADA] });
    expect(people[0]?.deliveries.map(({ message }) => message?.subject)).toEqual(["Hello", "Offer", "Tips"]);
  });

  it("keeps people who get nothing, and names flows that nobody enters and those that are off", () => {
    const other = flow("Orders", [(next) => mail("Order", next)], {
      trigger: { type: "event", filters: { events: [{ id: "ordered" }] } },
    });
    const draft = { ...flow("Draft", [(next) => mail("Draft", next)]) };
    draft.side = { ...draft.side, status: "draft" };
    const calendar = calendarOf([other, draft], { people: [ADA] });
    expect(calendar.people).toEqual([{ person: ADA, deliveries: [], runs: [], collisions: [] }]);
    expect(calendar.unentered.map(({ title }) => title)).toEqual(["Orders"]);
    expect(calendar.off).toEqual([{ key: "urn:draft", name: "draft", title: "Draft", status: "draft" }]);
    expect(
      calendarOf([draft], { people: [ADA], withOff: true }).people[0]?.deliveries.map(({ title }) => title),
    ).toEqual(["Send Draft"]);
  });

  it("says what is assumed and what is not known", () => {
    const audience = flow("Digest", [(next) => mail("Digest", next)], {
      trigger: { type: "batch", filters: { properties: [] } },
    });
    const unsure = flow("Unsure", [(next) => mail("Unsure", next, { text: UNKNOWN })]);
    delete unsure.side.status;
    const calendar = calendarOf([audience, unsure], { people: [BOB, ADA] });
    expect(calendar.assumedEvents).toEqual(["Bob"]);
    expect(calendar.assumedStarts.map(({ title }) => title)).toEqual(["Digest"]);
    expect(calendar.doubts).toEqual([
      {
        flow: expect.objectContaining({ title: "Unsure" }),
        people: ["Bob", "Ada"],
        words: "some of its texts are known only during `pulumi up`",
      },
    ]);
    const [bob] = calendar.people;
    expect(bob?.deliveries.map(({ title, isAssumed, isMaybe }) => [title, isAssumed, isMaybe])).toEqual([
      ["Send Digest", true, false],
      ["Send Unsure", true, true],
    ]);
  });

  it("has a lane for a schedule's runs without a person, once for each schedule, with its variables", () => {
    const report = flow(
      "Report",
      [(next) => mail("Report {{ variables.week }}", next, { to: { email: "team@example.com", name: "" } })],
      { trigger: { type: "schedule" }, schedules: [{ variables: { week: "one" } }, { variables: { week: "two" } }] },
    );
    report.side.definition["variables"] = { week: { type: "string" } };
    const { people } = calendarOf([report], { people: [ADA] });
    expect(people.map(({ person }) => person.name)).toEqual(["Ada", NOBODY]);
    expect(people[1]?.deliveries.map(({ message }) => message?.subject)).toEqual(["Report one", "Report two"]);
    expect(people[1]?.collisions).toEqual([]);
  });

  it("takes a flow that cannot be simulated as a doubt", () => {
    const broken = flow("Broken", []);
    broken.side.definition["actions"] = "none";
    const { doubts, people } = calendarOf([broken, welcome], { people: [ADA] });
    expect(doubts.map(({ flow: its, words }) => [its.title, words])).toEqual([
      ["Broken", "The flow has no steps: give `steps`, `actions` or `definition`"],
    ]);
    expect(people[0]?.deliveries).toHaveLength(2);
  });
});

describe("collisions", () => {
  const subjects = (
    flows: (CalendarFlow & { side: FlowSide })[],
    options: { people?: KeptPerson[]; perWeek?: number } = {},
  ) => {
    const [lane] = calendarOf(flows, { people: [ADA], ...options }).people;
    return lane!.collisions.map(({ kind, deliveries, most }) => [
      kind,
      deliveries.map((i) => lane!.deliveries[i]!.message?.subject),
      most,
    ]);
  };
  const at = (title: string, delay: string, more: Dict = {}) =>
    flow(title, [(next) => wait(delay, next), (next) => mail(title, next, more)]);

  it("are two e-mails within an hour, from one flow or several", () => {
    expect(subjects([at("First", "1h"), at("Second", "2h"), at("Third", "3.1h")])).toEqual([
      ["close", ["First", "Second"], 2],
    ]);
    expect(subjects([at("First", "1h"), at("Second", "1.5h"), at("Third", "2.2h")])).toEqual([
      ["close", ["First", "Second", "Third"], 2],
    ]);
  });

  it("are more e-mails than the limit in any seven days", () => {
    const days = ["1d", "3d", "5d", "7d", "8d"].map((delay) => at(`Day ${delay}`, delay));
    expect(subjects(days.slice(0, 3))).toEqual([]);
    expect(subjects(days)).toEqual([["week", ["Day 1d", "Day 3d", "Day 5d", "Day 7d", "Day 8d"], 4]]);
    expect(subjects(days, { perWeek: 4 })).toEqual([]);
    expect(subjects(days.slice(0, 2), { perWeek: 1 })).toEqual([["week", ["Day 1d", "Day 3d"], 2]]);
  });

  it("are none of e-mails to somebody else, and none across flows whose start is only assumed", () => {
    const toTeam = at("Alert", "1h", { to: { email: "team@example.com", name: "" } });
    expect(subjects([at("First", "1h"), toTeam])).toEqual([]);
    expect(subjects([at("First", "1h"), at("Second", "1h")], { people: [BOB] })).toEqual([]);
    const both = flow("Both", [(next) => mail("One", next), (next) => mail("Two", next)]);
    expect(subjects([both], { people: [BOB] })).toEqual([["close", ["One", "Two"], 2]]);
  });
});

describe("with real dates", () => {
  const EVERYBODY = { key: "email", type: "person", operator: "is_set" };
  const MONDAYS = { rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-11-02T08:00:00Z", timezone: "Europe/Berlin" };
  const newsletter = flow("News", [(next) => mail("News", next)], {
    trigger: { type: "batch", filters: { properties: [EVERYBODY] } },
    schedules: [MONDAYS],
  });
  const dates = { from: Date.parse("2026-12-10T09:30:00Z"), days: 14 };
  const sentTo = (person: KeptPerson, flows = [newsletter, welcome], within = dates) =>
    calendarOf(flows, { people: [person], dates: within }).people[0]?.deliveries.map(({ title, at, day }) => [
      title,
      at,
      day,
    ]);

  it("people start now, and schedules run on their dates, in the time of their zone", () => {
    expect(sentTo(BOB)).toEqual([
      ["Send Hello", "2026-12-10T09:30:00.000Z", 0],
      ["Send Tips", "2026-12-11T05:30:00.000Z", 1],
      ["Send News", "2026-12-14T08:00:00.000Z", 4],
      ["Send News", "2026-12-21T08:00:00.000Z", 11],
    ]);
  });

  it("a schedule without a date in these days sends nothing, and one at the first moment does", () => {
    const at = { ...dates, from: Date.parse("2026-12-14T08:00:00Z"), days: 7 };
    expect(sentTo(BOB, [newsletter], at)).toEqual([["Send News", "2026-12-14T08:00:00.000Z", 0]]);
    expect(sentTo(BOB, [newsletter], { ...dates, days: 1 })).toEqual([]);
  });

  it("somebody with a clock keeps it, and gets each schedule once", () => {
    const clocked = { ...BOB, scenario: { ...BOB.scenario, clock: "2026-03-02T07:00:00Z" } };
    expect(sentTo(clocked)).toEqual([
      ["Send News", "2026-03-02T07:00:00.000Z", 0],
      ["Send Hello", "2026-03-02T07:00:00.000Z", 0],
      ["Send Tips", "2026-03-03T03:00:00.000Z", 1],
    ]);
  });

  it("a schedule whose dates are not known yet is a doubt", () => {
    const later = flow("Later", [(next) => mail("News", next)], {
      trigger: { type: "batch", filters: { properties: [EVERYBODY] } },
      schedules: [{ ...MONDAYS, startsAt: UNKNOWN }],
    });
    expect(calendarOf([later], { people: [BOB], dates }).doubts.map(({ words }) => words)).toEqual([
      "Bob cannot be simulated: when its schedule runs is known only during `pulumi up`",
    ]);
  });
});
