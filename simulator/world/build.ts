// A world from a scenario: people, groups, chance, and everything that is planned.
import type { KnownPerson } from "../filters/globals";
import { DEFAULT_START, momentOf, type Moment } from "../input/moment";
import type { Person } from "../input/people";
import { seeded } from "../input/random";
import type { ReadScenario } from "../input/scenario";
import { Notes } from "../notes";
import { ingest, merge, updateGroup, updatePerson } from "./arrivals";
import { edit } from "./edits";
import type { FlowModel } from "./flow-model";
import type { Observer } from "./observer";
import { People } from "./people";
import { Queue, RANK } from "./queue";
import type { World } from "./state";
import { planTrigger } from "./trigger";

const TEN_YEARS = 3_652 * 86_400_000;

export function buildWorld(model: FlowModel, scenario: ReadScenario, observer: Observer = {}): World {
  const world = stillWorld(model, scenario, observer);
  const others = (scenario.others ?? []).map((other, i) => world.people.add(other, `person-${i + 2}`));
  plan(world, [...(world.person ? [world.person] : []), ...others]);
  return world;
}

/** A world in which nothing is planned. */
export function stillWorld(model: FlowModel, scenario: ReadScenario, observer: Observer): World {
  const start = scenario.clock === undefined ? DEFAULT_START : momentOf(scenario.clock, DEFAULT_START, "clock");
  const random = typeof scenario.random === "function" ? scenario.random : seeded(scenario.random ?? 1);
  const notes = new Notes();
  const people = new People();
  const person =
    scenario.person === null ? undefined : people.add({ ...known(scenario), ...scenario.person }, "person-1");
  return {
    scenario,
    start,
    until: scenario.until === undefined ? start + TEN_YEARS : momentOf(scenario.until, start, "until"),
    now: start,
    live: { model, status: "active", updatedAt: Number.NEGATIVE_INFINITY },
    queue: new Queue(),
    people,
    person,
    groups: Object.entries(scenario.groups ?? {}).map(([type, { index, key, properties = {} }], position) => ({
      type,
      index: index ?? position,
      key,
      properties: { ...properties },
    })),
    runs: [],
    attempts: [],
    metrics: [],
    random,
    notes,
    maskingCounters: new Map(),
    bucket: undefined,
    mailed: new Set(),
    past: [],
    delivered: new Set(),
    answersGiven: new Map(),
    observer,
    projectId: 1,
    context: {
      savedAt: scenario.savedAt === undefined ? start : momentOf(scenario.savedAt, start, "savedAt"),
      savedAtGiven: scenario.savedAt !== undefined,
      projectZone: scenario.projectTimezone ?? "UTC",
      random,
      testAccounts: scenario.testAccounts,
      actions: scenario.actions,
      notSimulated: (note) => notes.add(note),
    },
  };
}

/** What the scenario says about its person beside it. */
const known = ({ cohorts, preferences }: ReadScenario): Pick<Person, "cohorts" | "optedOut"> => ({
  ...(cohorts ? { cohorts } : {}),
  ...(preferences?.optedOut ? { optedOut: preferences.optedOut } : {}),
});

function plan(world: World, everybody: readonly KnownPerson[]): void {
  const { scenario, start, queue } = world;
  const at = (time: Moment, where: string): number => momentOf(time, start, where);
  const act = (time: number, rank: number, what: () => void): void => queue.push(time, rank, { kind: "do", act: what });
  scenario.edits?.forEach((change, i) => act(at(change.at, `edits[${i}].at`), RANK.edit, () => edit(world, change)));
  if (scenario.cancelAt !== undefined) act(at(scenario.cancelAt, "cancelAt"), RANK.edit, () => cancelAll(world));
  planTrigger(world, everybody);
  scenario.events?.forEach((later, i) =>
    act(at(later.at, `events[${i}].at`), RANK.event, () => ingest(world, later, false)),
  );
  scenario.merges?.forEach(({ at: time, distinctId }, i) =>
    act(at(time, `merges[${i}].at`), RANK.update, () => merge(world, distinctId)),
  );
  scenario.groupUpdates?.forEach(({ at: time, group, set }, i) =>
    act(at(time, `groupUpdates[${i}].at`), RANK.update, () => updateGroup(world, group, set)),
  );
  scenario.personUpdates?.forEach((update, i) =>
    act(at(update.at, `personUpdates[${i}].at`), RANK.update, () => updatePerson(world, update, `personUpdates[${i}]`)),
  );
}

function cancelAll(world: World): void {
  for (const run of world.runs) if (!run.ended) run.canceled = true;
}
