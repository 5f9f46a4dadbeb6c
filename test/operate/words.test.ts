// What filters, waits and schedules say in plain English.
import { describe, expect, it } from "vitest";
import { audienceWords, filtersWords, propertyWords } from "../../operate/words/filters";
import { OPERATORS } from "../../operate/words/operators";
import { nextDates, recurrenceWords } from "../../operate/words/recurrence";
import { doesWords, kindWords } from "../../operate/words/steps";
import { durationWords, valueLines, valueWords } from "../../operate/words/values";
import { UNKNOWN } from "../../definition/canonical/values";

const person = (operator: string, value?: unknown): string =>
  propertyWords({ key: "plan", type: "person", operator, ...(value === undefined ? {} : { value }) });

describe("property tests", () => {
  it.each([
    ["exact", ["pro"], 'the person\'s plan is "pro"'],
    ["exact", ["pro", "team"], 'the person\'s plan is "pro" or "team"'],
    ["is_not", ["pro"], 'the person\'s plan is not "pro"'],
    ["is_not", ["pro", "team"], 'the person\'s plan is neither "pro" nor "team"'],
    ["icontains", "pr", 'the person\'s plan contains "pr"'],
    ["not_icontains", "pr", 'the person\'s plan contains no "pr"'],
    ["regex", "^p", 'the person\'s plan matches the pattern "^p"'],
    ["gt", 5, "the person's plan is more than 5"],
    ["gte", 5, "the person's plan is at least 5"],
    ["min", 5, "the person's plan is at least 5"],
    ["lt", 5, "the person's plan is less than 5"],
    ["between", [1, 5], "the person's plan is between 1 and 5"],
    ["is_set", undefined, "the person's plan is known"],
    ["is_not_set", undefined, "the person's plan is not known"],
    ["is_date_before", "2026-12-01", 'the person\'s plan is before "2026-12-01"'],
    ["is_date_after", "-7d", "the person's plan is after 7 days before this change is saved"],
    ["semver_gte", "1.2.0", 'the person\'s plan is version "1.2.0" or later'],
    ["brand_new", "x", 'the person\'s plan: brand new "x"'],
  ])("%s %j", (operator, value, words) => expect(person(operator, value)).toBe(words));

  it("say something of their own for every operator of the table, with and without a value", () => {
    const said = Object.keys(OPERATORS).map((operator) => person(operator, ["1", "2"]));
    for (const words of said) expect(words).not.toMatch(/undefined|\[object|null|\{/);
    for (const operator of Object.keys(OPERATORS)) expect(() => person(operator)).not.toThrow();
    // A negation never reads like what it negates.
    for (const operator of Object.keys(OPERATORS).filter(
      (name) => name.startsWith("not_") && Object.hasOwn(OPERATORS, name.slice(4)),
    ))
      expect(person(operator, ["1", "2"])).not.toBe(person(operator.slice(4), ["1", "2"]));
  });

  it("name whose property it is", () => {
    expect(propertyWords({ key: "amount", type: "event", operator: "gt", value: 5 })).toBe(
      "the event's amount is more than 5",
    );
    expect(propertyWords({ key: "size", type: "group", groupTypeIndex: 1, operator: "gt", value: 5 })).toBe(
      "the group's size (group type 1) is more than 5",
    );
    expect(propertyWords({ key: "score", type: "workflow_variable", operator: "gte", value: 9 })).toBe(
      "the variable score is at least 9",
    );
    expect(propertyWords({ key: "id", type: "cohort", operator: "in", value: 12 })).toBe("the person is in cohort 12");
    expect(propertyWords({ key: "id", type: "cohort", operator: "not_in", value: 12 })).toBe(
      "the person is not in cohort 12",
    );
    expect(propertyWords({ key: "1 = 1", type: "hogql" })).toBe("the expression `1 = 1` is true");
  });
});

describe("filters", () => {
  it("join as PostHog does: any event, all properties, without test accounts", () => {
    const filters = {
      events: [{ id: "a" }, { id: "b", properties: [{ key: "n", type: "event", operator: "gt", value: 1 }] }],
      properties: [{ key: "plan", type: "person", value: ["pro"] }],
      filterTestAccounts: true,
    };
    expect(filtersWords(filters)).toBe(
      '"a" or "b" where the event\'s n is more than 1, if the person\'s plan is "pro", without test accounts',
    );
    expect(filtersWords({ events: [{ id: null }] })).toBe("any event");
    expect(filtersWords({ actions: [{ id: 4, name: "Bought" }] })).toBe('the action "Bought"');
    expect(filtersWords({})).toBeUndefined();
    expect(filtersWords(UNKNOWN)).toBe("(known after the update)");
    expect(filtersWords("[secret]")).toBe("[secret]");
  });

  it("say who an audience is", () => {
    expect(audienceWords({ properties: [] })).toBe("everyone");
    expect(
      audienceWords({ properties: [{ key: "plan", type: "person", value: ["trial"] }], filterTestAccounts: true }),
    ).toBe('everyone where the person\'s plan is "trial", without test accounts');
    expect(audienceWords({ audienceType: "accounts", tagNames: ["vip"], assignmentStatus: "unassigned" })).toBe(
      'every account where a tag is "vip" and nobody owns it',
    );
  });
});

describe("steps", () => {
  it.each([
    [{ type: "delay", config: { delayDuration: "1h" } }, "wait", "1 hour"],
    [
      {
        type: "delay",
        config: {
          delayUntil: {
            expression: "person.properties.renewal",
            offset: "-3d",
            usePersonTimezone: true,
            fallbackTimezone: "Europe/Berlin",
          },
        },
      },
      "wait",
      "until 3 days before `person.properties.renewal` (each person's own time, else Europe/Berlin)",
    ],
    [
      { type: "wait_until_time_window", config: { day: ["monday", "friday"], time: "any" } },
      "time window",
      "Monday or Friday, any time (UTC)",
    ],
    [
      { type: "wait_until_time_window", config: { day: "weekend", time: ["09:00", "17:00"], timezone: "Asia/Tokyo" } },
      "time window",
      "Saturday or Sunday, 09:00–17:00 (Asia/Tokyo)",
    ],
    [
      {
        type: "wait_until_condition",
        config: {
          condition: { filters: { properties: [{ key: "plan", type: "person", value: "pro" }] } },
          maxWaitDuration: "2d",
        },
      },
      "wait until",
      'the person\'s plan is "pro", at most 2 days',
    ],
    [
      { type: "random_cohort_branch", config: { cohorts: [{ percentage: 1 }, { percentage: 2, name: "B" }] } },
      "random split",
      "share 1 33.3 % and B 66.7 %",
    ],
    [
      { type: "function", config: { templateId: "template-webhook", inputs: { url: { value: "https://a.example" } } } },
      "webhook",
      "https://a.example",
    ],
    [{ type: "function", config: { templateId: "template-hubspot" } }, "hubspot", undefined],
    [{ type: "trigger", config: { type: "manual" } }, "trigger", "when somebody presses the button in PostHog"],
    [
      { type: "trigger", config: { type: "data-warehouse-table", tableName: "stripe.invoice" } },
      "trigger",
      'for every new row of "stripe.invoice"',
    ],
    [{ type: "brand_new", config: {} }, "brand_new", undefined],
  ])("%j", (step, kind, does) => {
    expect(kindWords(step)).toBe(kind);
    expect(doesWords(step)).toBe(does);
  });
});

describe("values", () => {
  it("are words, never JSON", () => {
    expect(durationWords("1d")).toBe("1 day");
    expect(durationWords("90s")).toBe("90 seconds");
    expect(durationWords("soon")).toBe("soon");
    expect(valueWords(true)).toBe("yes");
    expect(valueWords({ a: 1, b: ["x", "y"] })).toBe('a: 1 and b: "x" and "y"');
    expect(valueLines({ event: "x", tags: ["a", { b: 1 }], none: {} })).toEqual([
      "event: x",
      "tags:",
      "  - a",
      "  - b: 1",
      "none:",
    ]);
  });
});

describe("schedules", () => {
  const mondays = { rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-12-07T08:00:00Z", timezone: "Europe/Berlin" };

  it("say rule, hour and zone", () => {
    expect(recurrenceWords(mondays)).toBe("every week on Monday at 09:00 (Europe/Berlin), from 2026-12-07");
    expect(recurrenceWords({ rrule: "FREQ=MONTHLY;BYMONTHDAY=1", startsAt: "2026-12-01T00:00:00Z" })).toBe(
      "every month on the 1st at 00:00 (UTC), from 2026-12-01",
    );
    expect(recurrenceWords({ ...mondays, startsAt: UNKNOWN })).toBe("(known after the update)");
    expect(recurrenceWords({ ...mondays, rrule: "nonsense" })).toContain("nonsense");
  });

  it("list the next dates in their own time, across the change of clocks, the first included", () => {
    expect(nextDates(mondays, Date.parse("2026-12-01T00:00:00Z"), 2)).toEqual([
      "Mon 2026-12-07 09:00",
      "Mon 2026-12-14 09:00",
    ]);
    expect(nextDates(mondays, Date.parse("2027-03-22T12:00:00Z"), 2)).toEqual([
      "Mon 2027-03-29 09:00",
      "Mon 2027-04-05 09:00",
    ]);
    expect(nextDates({ ...mondays, rrule: "FREQ=DAILY;COUNT=1" }, Date.parse("2027-03-22T12:00:00Z"))).toEqual([]);
    expect(nextDates({ ...mondays, rrule: "nonsense" }, 0)).toEqual([]);
  });
});
