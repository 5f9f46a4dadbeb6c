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
    text: "A schedule has a flow, a rule and a start, and no keys but its own.",
    why: "PostHog refuses a schedule without them, and drops what it does not know",
    cites: "API §5.1, §5.3",
    fails: weekly({ rrule: undefined }),
    passes: weekly(),
  },
  "schedule-trigger": {
    severity: "error",
    refusedBy: "run-time",
    text: "The flow of a schedule has a trigger of type batch or schedule.",
    why: "PostHog takes the schedule, and it never fires",
    cites: "API §3.2, run time §7.1",
    fails: weekly({
      findings: [
        {
          rule: "schedule-trigger",
          path: ["flow"],
          what: "the flow has a trigger of type event, which no schedule starts",
        },
      ],
    }),
    passes: weekly(),
  },
  "schedule-rule": {
    severity: "error",
    refusedBy: "server",
    text: "The rule is an RRULE without DTSTART, with an INTERVAL of at least 1.",
    why: "PostHog refuses what it cannot parse, and computes for ever on INTERVAL=0",
    cites: "API §4.6, §5.3",
    fails: weekly({ rrule: "FREQ=DAILY;INTERVAL=0" }),
    passes: weekly({ rrule: "FREQ=DAILY;INTERVAL=2" }),
  },
  "schedule-zone": {
    severity: "error",
    refusedBy: "server",
    text: "The zone of a schedule is a name of the IANA database, with its upper and lower case, of at most 64 characters.",
    why: "PostHog refuses any other name",
    cites: "API §5.3",
    fails: weekly({ timezone: "europe/berlin" }),
    passes: weekly({ timezone: "Europe/Berlin" }),
  },
  "schedule-start": {
    severity: "error",
    refusedBy: "server",
    text: "A schedule starts at a moment: local time of its zone, or with an offset.",
    why: "PostHog refuses what is no datetime",
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
});
