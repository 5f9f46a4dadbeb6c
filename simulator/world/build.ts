// A world from a scenario: people, groups, chance, and everything that is planned.
import { own, type Dict } from "../../provider/canonical/values";
import { WEBHOOK_TRIGGERS } from "../../provider/schema/templates";
import type { Filters } from "../../provider/schema/types";
import type { KnownPerson, SignalEvent } from "../filters/globals";
import { DEFAULT_START, iso, momentOf } from "../input/moment";
import { seeded, uuidOf } from "../input/random";
import type { Scenario, SimulatedEvent, Trigger } from "../input/scenario";
import { planOccurrences } from "./audience";
import { edit } from "./edits";
import type { FlowModel } from "./flow-model";
import { People } from "./people";
import { Queue, RANK } from "./queue";
import { signalled } from "./signals";
import { attempt } from "./start";
import type { World } from "./state";
import { planWake } from "./park";
import { requested } from "./webhook";

const TEN_YEARS = 3_652 * 86_400_000;

export function buildWorld(model: FlowModel, scenario: Scenario): World {
  const start = scenario.clock === undefined ? DEFAULT_START : momentOf(scenario.clock, DEFAULT_START, "clock");
  const random = typeof scenario.random === "function" ? scenario.random : seeded(scenario.random ?? 1);
  const notes = new Set<string>();
  const people = new People();
  const person = scenario.person === null ? undefined : people.add(scenario.person ?? {}, "person-1");
  const world: World = {
    scenario, start, until: scenario.until === undefined ? start + TEN_YEARS : momentOf(scenario.until, start, "until"), now: start,
    live: { model, status: "active", updatedAt: Number.NEGATIVE_INFINITY },
    queue: new Queue(), people, person,
    groups: Object.entries(scenario.groups ?? {}).map(([type, { index, key, properties = {} }], place) => ({ type, index: index ?? place, key, properties: { ...properties } })),
    cohorts: scenario.cohorts ? new Set(scenario.cohorts) : "unknown",
    runs: [], attempts: [], metrics: [], random, notes, maskingCounters: new Map(), bucket: undefined, asked: new Map(),
    context: {
      savedAt: scenario.savedAt === undefined ? start : momentOf(scenario.savedAt, start, "savedAt"), savedAtGiven: scenario.savedAt !== undefined, projectZone: scenario.projectTimezone ?? "UTC",
      random, testAccounts: scenario.testAccounts, actions: scenario.actions, notSimulated: (what) => void notes.add(what),
    },
  };
  const others = (scenario.others ?? []).map((other, i) => people.add(other, `person-${i + 2}`));
  plan(world, [...(person ? [person] : []), ...others]);
  return world;
}

function plan(world: World, everybody: readonly KnownPerson[]): void {
  const { scenario, start, queue } = world;
  const at = (time: Parameters<typeof momentOf>[0], where: string): number => momentOf(time, start, where);
  const act = (time: number, rank: number, what: () => void): void => queue.push(time, rank, { kind: "do", act: what });
  scenario.edits?.forEach((change, i) => act(at(change.at, `edits[${i}].at`), RANK.edit, () => edit(world, change)));
  if (scenario.cancelAt !== undefined) act(at(scenario.cancelAt, "cancelAt"), RANK.edit, () => cancelAll(world));
  planTrigger(world, everybody);
  scenario.events?.forEach((later, i) => act(at(later.at, `events[${i}].at`), RANK.event, () => ingest(world, later, `event "${later.event}"`)));
  scenario.merges?.forEach(({ at: time, distinctId }, i) => act(at(time, `merges[${i}].at`), RANK.update, () => merge(world, distinctId)));
  scenario.groupUpdates?.forEach(({ at: time, group, set }, i) => act(at(time, `groupUpdates[${i}].at`), RANK.update, () => updateGroup(world, group, set)));
  scenario.personUpdates?.forEach(({ at: time, set = {}, unset = [], distinctId }, i) =>
    act(at(time, `personUpdates[${i}].at`), RANK.update, () => {
      const person = distinctId === undefined ? world.person : world.people.of(distinctId);
      if (!person) throw new Error(`personUpdates[${i}]: there is no person ${distinctId ?? "in this scenario"}`);
      world.people.update(person, set, unset);
      signalled(world, { kind: "update", person, event: { event: "$person_updated", distinctId: "", uuid: "", timestamp: iso(world.now), properties: {} } });
    }),
  );
}

function planTrigger(world: World, everybody: readonly KnownPerson[]): void {
  const { trigger } = world.live.model;
  const given = world.scenario.trigger;
  if (trigger.type === "schedule" || trigger.type === "batch") return planOccurrences(world, everybody);
  const act = (what: () => void): void => world.queue.push(world.start, RANK.event, { kind: "do", act: what });
  const signal: Trigger = given ?? defaultTrigger(world.live.model);
  if (typeof signal === "object" && "request" in signal) {
    if (!WEBHOOK_TRIGGERS.has(trigger.type)) throw new Error(`A ${trigger.type} trigger is started by no request; give the event's name`);
    return act(() => requested(world, signal.request));
  }
  if (typeof signal === "object" && "row" in signal) return act(() => row(world, signal.row));
  const event = typeof signal === "string" ? { event: signal } : signal;
  act(() => ingest(world, event, `event "${event.event}"`));
}

/** The one event that the trigger names. */
function defaultTrigger({ trigger }: FlowModel): Trigger {
  const filters = "filters" in trigger ? (trigger.filters as Filters | undefined) : undefined;
  const id = filters?.events?.[0]?.id;
  if (trigger.type === "event" && typeof id === "string") return id;
  const example = { event: `"user signed up"`, webhook: `{ request: { body: { … } } }`, manual: `{ request: { body: { user_id: "…" } } }`, tracking_pixel: `{ request: { query: { … } } }`, "internal-event": `{ event: "$slack_message_received", properties: { … } }` }[trigger.type as string] ?? "{ row: { … } }";
  throw new Error(`Say what starts the flow: \`trigger: ${example}\``);
}

/** An analytics event, or a signal of Slack or GitHub: first its effect on the person, then on waiting runs, then as a trigger. */
function ingest(world: World, given: SimulatedEvent, words: string): void {
  const { trigger } = world.live.model;
  const event = eventOf(world, given);
  const internal = trigger.type === "internal-event" && event.event.startsWith("$") && ["$slack_message_received", "$github_event_received"].includes(event.event);
  const person = internal ? undefined : world.people.of(event.distinctId);
  if (person) world.people.ingest(person, event.properties);
  signalled(world, { kind: internal ? "internal" : "event", event, person });
  const start = { event, person, words, variables: { ...world.scenario.variables }, complete: false };
  if (trigger.type === "event" || internal) attempt(world, { ...start, personless: internal, masked: true, filtered: true });
  else if (WEBHOOK_TRIGGERS.has(trigger.type) && given === triggerOf(world)) {
    world.notes.add("the inputs of the trigger: the event was given as they would have made it; give a `request` to test them");
    attempt(world, { ...start, personless: false, masked: false, filtered: false });
  } else if (given === triggerOf(world)) attempt(world, { ...start, personless: true, masked: true, filtered: true });
}

const triggerOf = ({ scenario }: World): unknown => scenario.trigger;

function row(world: World, columns: Dict): void {
  const { trigger } = world.live.model;
  if (!trigger.type.startsWith("data-warehouse")) throw new Error(`A ${trigger.type} trigger is started by no row`);
  world.notes.add("the name of a warehouse row's event; it is `$warehouse_source_row` here");
  const event = eventOf(world, { event: "$warehouse_source_row", distinctId: "", properties: { ...columns, $source_table: own(trigger, "tableName") ?? null } });
  attempt(world, { event, person: undefined, words: "row", personless: true, masked: true, filtered: true, variables: { ...world.scenario.variables }, complete: false });
}

function eventOf(world: World, { event, properties = {}, distinctId, uuid, timestamp }: SimulatedEvent): SignalEvent {
  const groups = world.groups.length > 0 && properties["$groups"] === undefined ? { $groups: Object.fromEntries(world.groups.map(({ type, key }) => [type, key])) } : {};
  return {
    event, distinctId: distinctId ?? world.person?.distinctId ?? "person-1", uuid: uuid ?? uuidOf(world.random), timestamp: timestamp === undefined ? iso(world.now) : iso(momentOf(timestamp, world.start, "timestamp")),
    properties: { ...groups, ...properties },
  };
}

function updateGroup(world: World, name: string, set: Dict): void {
  const group = world.groups.find(({ type }) => type === name);
  if (!group) throw new Error(`groupUpdates: there is no group "${name}" in this scenario`);
  group.properties = { ...group.properties, ...set };
}

function merge(world: World, distinctId: string): void {
  if (!world.person) throw new Error("merges: the scenario has no person to merge into");
  const before = world.people.attach(distinctId, world.person);
  for (const run of world.runs) {
    if (run.ended || (run.event.distinctId !== distinctId && (before === undefined || run.personId !== before.id))) continue;
    run.personId = world.person.id;
    if (run.parkedUntil !== undefined && run.parkedUntil > world.now) planWake(world, run, world.now);
  }
}

function cancelAll(world: World): void {
  for (const run of world.runs) if (!run.ended) run.canceled = true;
}
