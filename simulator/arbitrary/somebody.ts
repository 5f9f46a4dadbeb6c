// One scenario by chance: somebody who satisfies the trigger and often one of the flow's conditions, with answers and events to go with it.
import { isDict, type Dict } from "../../definition/canonical/values";
import type { Filters } from "../../definition/schema/types";
import type { StubbedAnswer } from "../input/http";
import type { ReadScenario } from "../input/scenario";
import type { FlowModel } from "../world/flow-model";
import { answersFor, groupsOf, pick, propertiesOf, type Answers } from "./answers";
import { questionKey, type Makings } from "./questions";
import { withSigns } from "./signs";
import { bringsVariables, putAt, startOf } from "./start";
import { ABSENT } from "./values";

export function somebody(makings: Makings, seed: number, base: ReadScenario): ReadScenario {
  const { model, questions, random } = makings;
  const triggerFilters = random() < 0.95 ? triggerFiltersOf(model) : [];
  const goal = questions.goals.length > 0 && random() < 0.7 ? [pick(random, questions.goals)] : [];
  const answers = answersFor(questions, random, [...goal.map(({ filters }) => filters), ...triggerFilters]);
  const email = random() < 0.95 ? { email: `person-${seed}@example.com` } : {};
  const groups = groupsOf(questions, answers);
  const made: ReadScenario = {
    ...base,
    person: {
      ...base.person,
      properties: { ...email, ...base.person?.properties, ...propertiesOf(questions, answers, { type: "person" }) },
    },
    ...(Object.keys(groups).length > 0 ? { groups } : {}),
    ...startOf(model, propertiesOf(questions, answers, { type: "event" })),
    random: seed,
    http: httpFor(makings, answers, () => (random() < 0.12 ? 500 : 200)),
    ...variablesFor(makings, answers, base),
    ...(questions.cohorts.length > 0 ? { cohorts: questions.cohorts.filter(() => random() < 0.5) } : {}),
  };
  return withSigns(makings, made, goal[0]);
}

const triggerFiltersOf = ({ trigger }: FlowModel): Filters[] =>
  "filters" in trigger && isDict(trigger.filters) ? [trigger.filters] : [];

/** Variables have a value at the start where the trigger can bring one. */
export function variablesFor(
  { model, questions }: Makings,
  answers: Answers,
  base: ReadScenario,
): Pick<ReadScenario, "variables"> {
  const variables = {
    ...(bringsVariables(model) ? propertiesOf(questions, answers, { type: "workflow_variable" }) : {}),
    ...base.variables,
  };
  return Object.keys(variables).length > 0 ? { variables } : {};
}

/** Answers that bring the variables which the flow asks for. */
export function httpFor(
  { model, questions: { functions, questions } }: Makings,
  answers: Answers,
  status: () => number,
): Record<string, StubbedAnswer> {
  const http: Record<string, StubbedAnswer> = {};
  const variableKeys = [...questions.values()].flatMap(({ type, key }) => (type === "workflow_variable" ? [key] : []));
  for (const id of functions) {
    const answer: Dict = { status: status() };
    const outputs = model.actions.get(id)?.outputVariable;
    for (const output of Array.isArray(outputs) ? outputs : [outputs]) {
      if (!isDict(output) || typeof output.key !== "string") continue;
      const { key, resultPath = "", spread } = output;
      // With `spread`, each member of the result has a separate variable.
      const members =
        spread === true
          ? variableKeys.flatMap((name) =>
              name.startsWith(`${key}_`) ? [[name, name.slice(key.length + 1)] as const] : [],
            )
          : [[key, undefined] as const];
      for (const [name, member] of members) {
        const value = answers.get(questionKey({ type: "workflow_variable", key: name }));
        const path = [resultPath, member].filter(Boolean).join(".");
        if (value === undefined || value === ABSENT || answer["status"] !== 200) continue;
        if (path === "body" || path.startsWith("body.")) putAt(answer, path.split("."), value);
        else if (path === "status" && typeof value === "number" && value >= 200 && value < 300)
          answer["status"] = value;
      }
    }
    http[id] = answer["status"] === 500 ? 500 : answer;
  }
  return http;
}
