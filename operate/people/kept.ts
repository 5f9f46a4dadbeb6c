// The people that a project keeps: each JSON file of a folder is a scenario, and its name says who that is.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { triggerOf } from "../../definition/canonical/canonical";
import { own, type Dict } from "../../definition/canonical/values";
import { readTextFile } from "../../definition/text-file";
import { checkScenario } from "../../simulator/input/check-scenario";
import type { Scenario } from "../../simulator/input/scenario";
import { OperateError } from "../errors";
import type { Workspace } from "../workspace";
import type { FlowSide } from "./flow-side";

/** People that a project keeps, by name. */
export interface KeptPerson {
  name: string;
  scenario: Scenario;
  /** Names of resources or titles of flows that they are for. Default: every flow that the scenario's trigger fits. */
  flows?: readonly string[];
}

/**
 * Reads the people that a project keeps: each JSON file of the folder is a scenario, its name says who that is, and `flows` which flows it is for.
 *
 * @throws OperateError when a file is not a JSON object, or has members that no scenario has, or two files name the same person.
 * @example
 * ```ts
 * readPeople("people"); // [{ name: "free plan", scenario: { person: { properties: { plan: "free" } } } }]
 * ```
 */
export function readPeople(folder: string): KeptPerson[] {
  const people = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => ({ file, person: readPerson(path.join(folder, file)) }));
  const names = new Map<string, string>();
  for (const { file, person } of people) {
    const other = names.get(person.name);
    if (other !== undefined)
      throw new OperateError({
        what: `${folder} has two sample people with the name "${person.name}": ${other} and ${file}`,
        why: "The name of a file says who somebody is, and - and _ are spaces in it",
        fix: "Rename one of the files",
      });
    names.set(person.name, file);
  }
  return people.map(({ person }) => person);
}

function readPerson(file: string): KeptPerson {
  const { flows, ...scenario } = objectFrom(readTextFile(file), file);
  checked(scenario, file);
  if (flows !== undefined && !(Array.isArray(flows) && flows.every((flow) => typeof flow === "string")))
    throw new OperateError({
      what: `${file}: flows must be a list of names`,
      why: "It says which flows the person is for, by the names of their resources or their titles",
      fix: 'Write for example "flows": ["onboarding"], or leave it out: the person is then for every flow',
    });
  return {
    name: path.basename(file, ".json").replace(/[-_]+/g, " "),
    scenario,
    ...(flows === undefined ? {} : { flows }),
  };
}

/** The folder `people` of a project, where it has one. */
export function peopleFolder({ dir }: Pick<Workspace, "dir">): string | undefined {
  const folder = path.join(dir, "people");
  return existsSync(folder) ? folder : undefined;
}

/**
 * A scenario from JSON.
 *
 * @param name What to call the text in errors.
 * @throws OperateError when it is not a JSON object, or has members that no scenario has.
 * @example
 * ```ts
 * scenarioFrom('{ "person": { "properties": { "plan": "free" } } }', "free.json");
 * ```
 */
export function scenarioFrom(text: string, name: string): Scenario {
  const scenario = objectFrom(text, name);
  checked(scenario, name);
  return scenario;
}

function checked(scenario: Scenario, name: string): void {
  try {
    checkScenario(scenario);
  } catch (error) {
    throw new OperateError({ what: `${name}: ${(error as Error).message}` });
  }
}

function objectFrom(text: string, name: string): Dict {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new OperateError({
      what: `${name} is not JSON`,
      why: error instanceof Error ? error.message : String(error),
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new OperateError({
      what: `${name} is no scenario`,
      why: "A scenario is a JSON object",
      fix: 'Write for example { "person": { "properties": { "plan": "free" } }, "trigger": "user signed up" }',
    });
  return value as Dict;
}

/** Whom runs of schedules are about. */
export const NOBODY = "On schedule, without a person";

/**
 * Who goes through a flow: those whose file names it or no flow at all. A flow on schedule that no file names runs once without a person.
 *
 * @param sides Its definitions, before and after a change.
 */
export function peopleFor(
  people: readonly KeptPerson[],
  { name, title }: { name: string; title: string },
  sides: readonly (FlowSide | undefined)[],
): readonly KeptPerson[] {
  const mine = people.filter(({ flows }) => flows === undefined || flows.includes(name) || flows.includes(title));
  return mine.every(({ flows }) => flows === undefined) && sides.some(isOnSchedule)
    ? [...mine, { name: NOBODY, scenario: { person: null }, flows: [name] }]
    : mine;
}

const isOnSchedule = (side: FlowSide | undefined): boolean =>
  own(triggerOf(side?.definition["actions"])?.step["config"], "type") === "schedule";
