// Checks a scenario: one from a JSON file has no compiler behind it, and a misspelt member would go unnoticed.
import { nearest } from "../../definition/schema/names";
import { tooDeepText } from "../../definition/canonical/depth";
import { MAX_READ_NESTING } from "../../definition/schema/limits";
import { isDict } from "../../definition/canonical/values";
import type { FlowEdit, Scenario } from "./scenario";
import type { GroupUpdate, Person, PersonUpdate, Preferences, Sending } from "./people";
import type { LaterEvent, SimulatedSchedule } from "./signals";

/** Every member; one that is missing here does not compile. */
type Members<T> = Readonly<Record<keyof T, true>>;

const SCENARIO: Members<Scenario> = {
  person: true,
  others: true,
  groups: true,
  trigger: true,
  events: true,
  personUpdates: true,
  groupUpdates: true,
  merges: true,
  edits: true,
  cancelAt: true,
  schedule: true,
  clock: true,
  until: true,
  random: true,
  variables: true,
  http: true,
  preferences: true,
  sending: true,
  cohorts: true,
  testAccounts: true,
  actions: true,
  senders: true,
  pushChannels: true,
  savedAt: true,
  projectTimezone: true,
  sweep: true,
  maskingStoreDown: true,
  older: true,
  abortQuirk: true,
  outputs: true,
};
const PERSON: Members<Person> = {
  id: true,
  distinctId: true,
  distinctIds: true,
  properties: true,
  cohorts: true,
  optedOut: true,
};
const EVENT: Members<LaterEvent> = {
  event: true,
  at: true,
  properties: true,
  distinctId: true,
  uuid: true,
  timestamp: true,
};
const PERSON_UPDATE: Members<PersonUpdate> = { at: true, set: true, unset: true, deleted: true, distinctId: true };
const GROUP_UPDATE: Members<GroupUpdate> = { at: true, group: true, set: true };
const SCHEDULE: Members<SimulatedSchedule> = {
  rrule: true,
  startsAt: true,
  timezone: true,
  variables: true,
  occurrences: true,
};
const EDIT: Members<FlowEdit> = { at: true, flow: true, status: true, redirects: true };
const PREFERENCES: Members<Preferences> = { optedOut: true, suppressed: true, undeliverable: true, untracked: true };
const SENDING: Members<Sending> = { suspended: true, paused: true, heldBack: true };

/** @throws Error that lists everything that is wrong with it. */
export function checkScenario(scenario: Scenario): void {
  const findings: string[] = [];
  const tooDeep = tooDeepText(scenario, MAX_READ_NESTING);
  if (tooDeep !== undefined) findings.push(tooDeep);
  const members = (value: unknown, known: Readonly<Record<string, true>>, where: string): void => {
    if (value === undefined || value === null) return;
    if (!isDict(value)) return void findings.push(`${where || "the scenario"} is not an object`);
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(known, key)) continue;
      const near = nearest(key, Object.keys(known));
      findings.push(
        `${where === "" ? key : `${where}.${key}`} is not known${near === undefined ? `; there are ${Object.keys(known).join(", ")}` : `; did you mean ${near}?`}`,
      );
    }
  };
  const list = (value: unknown, known: Readonly<Record<string, true>>, where: string): void => {
    if (value === undefined) return;
    if (!Array.isArray(value)) return void findings.push(`${where} is not a list`);
    value.forEach((item, i) => members(item, known, `${where}[${i}]`));
  };
  members(scenario, SCENARIO, "");
  members(scenario.person, PERSON, "person");
  list(scenario.others, PERSON, "others");
  list(scenario.events, EVENT, "events");
  list(scenario.personUpdates, PERSON_UPDATE, "personUpdates");
  list(scenario.groupUpdates, GROUP_UPDATE, "groupUpdates");
  list(scenario.edits, EDIT, "edits");
  members(scenario.schedule, SCHEDULE, "schedule");
  members(scenario.preferences, PREFERENCES, "preferences");
  members(scenario.sending, SENDING, "sending");
  if (Array.isArray(scenario.events))
    scenario.events.forEach(
      (event, i) =>
        isDict(event) &&
        (typeof event.event !== "string" || event.event === "") &&
        findings.push(`events[${i}].event is missing: the name of the event`),
    );
  if (findings.length > 0)
    throw new Error(`The scenario cannot be read:\n${findings.map((finding) => `- ${finding}`).join("\n")}`);
}
