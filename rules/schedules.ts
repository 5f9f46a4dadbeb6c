// Rules about a HogFlowSchedule (API §5.3). They are seen in lifecycle/schedule-check, which knows the time.
import { rulesOf, type Example } from "./rule";

const weekly = (args: object = {}): Example => ({
  schedule: {
    flowId: "0198c0de-0000-7000-8000-000000000001",
    rrule: "FREQ=WEEKLY;BYDAY=MO",
    startsAt: "2030-12-02T09:00:00",
    timezone: "Europe/Berlin",
    ...args,
  },
});

export const scheduleRules = rulesOf({
  "schedule-field": {
    severity: "error",
    refusedBy: "server",
    text: "A schedule has a flow, a rule and a start, and only known keys.",
    why: "PostHog refuses a schedule without them, and drops keys that it does not know",
    cites: "API §5.1, §5.3",
    fails: weekly({ rrule: undefined }),
    passes: weekly(),
  },
  "schedule-trigger": {
    severity: "error",
    refusedBy: "run-time",
    text: "The flow of a schedule has a trigger of type batch or schedule.",
    why: "PostHog accepts the schedule, but it never fires",
    cites: "API §3.2, run time §7.1",
    fails: weekly({
      findings: [
        {
          rule: "schedule-trigger",
          path: ["flow"],
          what: "the flow has a trigger of type event, which no schedule can start",
        },
      ],
    }),
    passes: weekly(),
  },
  "schedule-rule": {
    severity: "error",
    refusedBy: "server",
    text: "The rule is an RRULE without DTSTART, with an INTERVAL of at least 1.",
    why: "PostHog refuses a rule that it cannot parse, and never finishes computing INTERVAL=0",
    cites: "API §4.6, §5.3",
    fails: weekly({ rrule: "FREQ=DAILY;INTERVAL=0" }),
    passes: weekly({ rrule: "FREQ=DAILY;INTERVAL=2" }),
  },
  "schedule-zone": {
    severity: "error",
    refusedBy: "server",
    text: "The time zone of a schedule is a name from the IANA database, with exact case and at most 64 characters.",
    why: "PostHog refuses any other name",
    cites: "API §5.3",
    fails: weekly({ timezone: "europe/berlin" }),
    passes: weekly({ timezone: "Europe/Berlin" }),
  },
  "schedule-start": {
    severity: "error",
    refusedBy: "server",
    text: "The start of a schedule is a date and time: local time in its zone, or with an offset.",
    why: "PostHog refuses anything that is not a datetime",
    cites: "API §5.3",
    fails: weekly({ startsAt: "next monday" }),
    passes: weekly({ startsAt: "2030-12-02T09:00:00+01:00" }),
  },
  "schedule-future": {
    severity: "error",
    refusedBy: "server",
    text: "A schedule has an occurrence in the future.",
    why: "PostHog refuses one that would never run",
    cites: "API §5.3",
    fails: weekly({ rrule: "FREQ=DAILY;COUNT=1", startsAt: "2020-01-01T09:00:00" }),
    passes: weekly({ rrule: "FREQ=DAILY;COUNT=1" }),
  },
  "schedule-distance": {
    severity: "error",
    refusedBy: "server",
    text: "The next two occurrences are at least an hour apart.",
    why: "PostHog runs a schedule at most once an hour",
    cites: "API §5.3",
    fails: weekly({ rrule: "FREQ=MINUTELY;INTERVAL=30" }),
    passes: weekly({ rrule: "FREQ=HOURLY" }),
  },
  "schedule-skipped": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A schedule does not run at a time that the clocks skip when they go forward.",
    why: "PostHog runs such an occurrence later, by as much as the clocks go forward",
    cites: "API §5.3",
    fails: weekly({ rrule: "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0" }),
    passes: weekly({ rrule: "FREQ=DAILY;BYHOUR=3;BYMINUTE=0;BYSECOND=0" }),
  },
});
