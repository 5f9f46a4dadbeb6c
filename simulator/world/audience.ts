// Schedule and batch starts: occurrences, and the audience of a batch (run time §1.1, §7).
import { nextOccurrences, ruleFault } from "../../definition/canonical/recurrence";
import type { BatchFilters } from "../../definition/schema/types";
import { matches } from "../filters/match";
import type { KnownGroup, KnownPerson, SignalEvent } from "../filters/globals";
import { iso, momentOf } from "../input/moment";
import { uuidOf } from "../input/random";
import { cohortsOf } from "./people";
import { RANK } from "./queue";
import { tryStart } from "./start";
import type { World } from "./state";

/** Plans the occurrences of the scenario's schedule, or one start now. */
export function planOccurrences(world: World, everybody: readonly KnownPerson[]): void {
  const { schedule } = world.scenario;
  const times = schedule ? occurrences(world) : [world.start];
  for (const time of times) world.queue.push(time, RANK.start, { kind: "do", act: () => occur(world, everybody) });
}

function occurrences(world: World): number[] {
  const { rrule, startsAt, timezone = "UTC", occurrences: count = 1 } = world.scenario.schedule!;
  const problem = ruleFault(rrule);
  if (problem) throw new Error(`schedule.rrule ${problem}`);
  const from = new Date(momentOf(startsAt, world.start, "schedule.startsAt")).toISOString();
  return nextOccurrences({ rule: rrule, startsAt: from, zone: timezone }, { after: world.start - 1, count });
}

function occur(world: World, everybody: readonly KnownPerson[]): void {
  const { trigger, id } = world.live.model;
  const variables = { ...world.scenario.schedule?.variables, ...world.scenario.variables };
  const start = { masked: trigger.type === "batch", filtered: false, variables, complete: true };
  const event = (name: string, distinctId: string, properties = {}): SignalEvent => ({
    event: name,
    distinctId,
    uuid: uuidOf(world.random),
    timestamp: iso(world.now),
    properties,
  });
  if (trigger.type === "schedule")
    return tryStart(world, {
      ...start,
      event: event("$workflow_scheduled", `workflow-${id}`),
      person: undefined,
      words: "schedule",
      personless: true,
    });
  if (trigger.type !== "batch") {
    world.attempts.push({
      at: iso(world.now),
      outcome: "refused",
      what: `schedule: a schedule does not start a ${trigger.type} trigger`,
    });
    return;
  }
  // The audience of a flow that is off is not computed: there is no job (run time §7.1).
  if (world.live.status !== "active")
    return tryStart(world, {
      ...start,
      event: event("$batch_hog_flow_invocation", ""),
      person: undefined,
      words: "batch",
      personless: true,
    });
  if (trigger.filters.audienceType === "accounts")
    return accounts(world, trigger.filters, (group) =>
      tryStart(world, {
        ...start,
        event: event("$batch_hog_flow_invocation", group.key, { $groups: { [group.type]: group.key } }),
        person: undefined,
        words: `batch, account ${group.key}`,
        personless: true,
      }),
    );
  for (const person of everybody) {
    if (belongs(world, trigger.filters, person))
      tryStart(world, {
        ...start,
        event: event("$batch_hog_flow_invocation", ""),
        person,
        words: `batch, ${person.distinctId}`,
        personless: false,
      });
    else
      world.attempts.push({
        at: iso(world.now),
        outcome: "filtered",
        what: `batch: ${person.distinctId} is not in the audience`,
      });
  }
}

/** The audience is computed when the job runs. Cohorts are allowed here, and here alone. */
function belongs(world: World, filters: BatchFilters, person: KnownPerson): boolean {
  const event: SignalEvent = {
    event: "",
    distinctId: person.distinctId,
    uuid: "",
    timestamp: iso(world.now),
    properties: {},
  };
  const cohorts = cohortsOf(person);
  return matches(
    { properties: filters.properties ?? [], filterTestAccounts: filters.filterTestAccounts === true },
    { event, person, groups: [], variables: {}, cohorts, now: world.now, internal: false },
    world.context,
  ).matched;
}

function accounts(world: World, filters: BatchFilters, start: (group: KnownGroup) => void): void {
  world.notes.add({ kind: "batch_accounts" });
  for (const group of world.groups) {
    const event: SignalEvent = {
      event: "",
      distinctId: group.key,
      uuid: "",
      timestamp: iso(world.now),
      properties: {},
    };
    if (
      matches(
        { properties: filters.properties ?? [] },
        {
          event,
          person: undefined,
          groups: [group],
          variables: {},
          cohorts: undefined,
          now: world.now,
          internal: false,
        },
        world.context,
      ).matched
    )
      start(group);
  }
}
