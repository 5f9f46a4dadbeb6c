// What arrives from outside: events, rows, changes of people and groups.
import { own, type Dict } from "../../definition/canonical/values";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import type { SignalEvent } from "../filters/globals";
import { iso, momentOf } from "../input/moment";
import type { PersonUpdate } from "../input/people";
import { uuidOf } from "../input/random";
import type { SimulatedEvent } from "../input/signals";
import { planWake } from "./park";
import { signalled } from "./signals";
import { tryStart } from "./start";
import type { World } from "./state";

const INTERNAL_EVENTS = ["$slack_message_received", "$github_event_received"];

/** An analytics event, or a signal of Slack or GitHub: first its effect on the person, then on waiting runs, then as a trigger. */
export function ingest(world: World, given: SimulatedEvent, isTrigger: boolean): void {
  const { trigger } = world.live.model;
  const event = eventOf(world, given);
  const internal = trigger.type === "internal-event" && INTERNAL_EVENTS.includes(event.event);
  const person = internal ? undefined : world.people.of(event.distinctId);
  if (person) world.people.ingest(person, event.properties);
  world.past.push({ event, person, at: world.now });
  signalled(world, { kind: internal ? "internal" : "event", event, person });
  const start = {
    event,
    person,
    words: `event "${event.event}"`,
    variables: { ...world.scenario.variables },
    complete: false,
  };
  if (trigger.type === "event" || internal)
    tryStart(world, { ...start, personless: internal, masked: true, filtered: true });
  else if (triggerKindOf(trigger.type)?.startedBy === "request" && isTrigger) {
    world.notes.add({ kind: "trigger_inputs" });
    tryStart(world, { ...start, personless: false, masked: false, filtered: false });
  } else if (isTrigger)
    world.attempts.push({
      at: iso(world.now),
      outcome: "refused",
      what: `${start.words}: an analytics event does not start a flow with a ${trigger.type} trigger`,
    });
}

export function row(world: World, columns: Dict): void {
  const { trigger } = world.live.model;
  world.notes.add({ kind: "warehouse_event_name" });
  const event = eventOf(world, {
    event: "$warehouse_source_row",
    distinctId: "",
    properties: { ...columns, $source_table: own(trigger, "tableName") ?? null },
  });
  tryStart(world, {
    event,
    person: undefined,
    words: "row",
    personless: true,
    masked: true,
    filtered: true,
    variables: { ...world.scenario.variables },
    complete: false,
  });
}

function eventOf(world: World, { event, properties = {}, distinctId, uuid, timestamp }: SimulatedEvent): SignalEvent {
  const groups =
    world.groups.length > 0 && properties["$groups"] === undefined
      ? { $groups: Object.fromEntries(world.groups.map(({ type, key }) => [type, key])) }
      : {};
  return {
    event,
    distinctId: distinctId ?? world.person?.distinctId ?? "person-1",
    uuid: uuid ?? uuidOf(world.random),
    timestamp: timestamp === undefined ? iso(world.now) : iso(momentOf(timestamp, world.start, "timestamp")),
    properties: { ...groups, ...properties },
  };
}

export function updateGroup(world: World, name: string, set: Dict): void {
  const group = world.groups.find(({ type }) => type === name);
  if (!group) throw new Error(`groupUpdates: there is no group "${name}" in this scenario`);
  group.properties = { ...group.properties, ...set };
}

export function merge(world: World, distinctId: string): void {
  if (!world.person) throw new Error("merges: the scenario has no person to merge into");
  const before = world.people.attach(distinctId, world.person);
  for (const run of world.runs) {
    if (run.ended || (run.event.distinctId !== distinctId && (before === undefined || run.personId !== before.id)))
      continue;
    run.personId = world.person.id;
    if (run.parkedUntil !== undefined && run.parkedUntil > world.now) planWake(world, run, world.now);
  }
}

export function updatePerson(
  world: World,
  { set = {}, unset = [], deleted = false, distinctId }: PersonUpdate,
  where: string,
): void {
  const person = distinctId === undefined ? world.person : world.people.of(distinctId);
  if (!person) throw new Error(`${where}: there is no person ${distinctId ?? "in this scenario"}`);
  if (deleted) return world.people.remove(person);
  world.people.update(person, set, unset);
  signalled(world, {
    kind: "update",
    person,
    event: { event: "$person_updated", distinctId: "", uuid: "", timestamp: iso(world.now), properties: {} },
  });
}
