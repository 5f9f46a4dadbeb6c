// One try to take a certain branch: somebody who comes to the step is changed so that its question is answered as wanted.
import { MINUTE_MS } from "../../definition/lengths";
import type { Filters } from "../../definition/schema/types";
import { clampedDuration } from "../duration";
import { offsetOf, type Moment } from "../input/moment";
import type { ReadScenario } from "../input/scenario";
import type { Branch } from "../many/coverage";
import { answersFor, groupsOf, propertiesOf, testsOf, type Answers } from "./answers";
import type { Makings } from "./questions";
import { offsetText, updateFor, withSign } from "./signs";
import { httpFor, variablesFor } from "./somebody";
import { startOf, together } from "./start";
import { ABSENT } from "./values";

/** Somebody who came to a step. */
export interface Guide {
  scenario: ReadScenario;
  /** From the start of the simulation, in milliseconds. */
  entered: number;
  /** When a wait before it last began and ended; absent where everything went at once. */
  paused: { from: number; until: number } | undefined;
  /** How likely chance leads here, by the shares on the way. */
  odds: number;
}

/** The changed scenario; undefined where there is nothing that could be changed. */
export function aimed(makings: Makings, guide: Guide, { step: id, branch }: Branch): ReadScenario | undefined {
  const { model, random } = makings;
  const step = model.actions.get(id);
  const stepFilters = step?.filters ? [step.filters] : [];
  switch (step?.type) {
    case "random_cohort_branch":
      return { ...guide.scenario, random: Math.floor(random() * 0xffffffff) };
    case "conditional_branch": {
      const conditions = (step.config.conditions ?? []).map(({ filters }) => filters);
      const wanted = branch === "continue" ? [] : [conditions[branch]];
      return answering(makings, guide, {
        wanted: [...stepFilters, ...wanted.flatMap((filters) => filters ?? [])],
        unwanted: conditions.slice(0, branch === "continue" ? undefined : branch).flatMap((filters) => filters ?? []),
      });
    }
    case "wait_until_condition": {
      const condition = step.config.condition?.filters;
      if (branch === 0) {
        const longest = clampedDuration(step.config.maxWaitDuration) ?? MINUTE_MS;
        return withSign(makings, guide.scenario, { id, after: guide.entered + Math.min(MINUTE_MS, longest / 2) });
      }
      const quiet = {
        ...guide.scenario,
        events: until(guide.scenario.events, guide.entered),
        personUpdates: until(guide.scenario.personUpdates, guide.entered),
      };
      return answering(
        makings,
        { ...guide, scenario: quiet },
        { wanted: stepFilters, unwanted: condition ? [condition] : [] },
      );
    }
    default:
      return undefined;
  }
}

/** What has come by the entry has led there. */
const until = <T extends { at: Moment }>(list: readonly T[] | undefined, time: number): T[] =>
  (list ?? []).filter(({ at }) => (typeof at === "string" ? (offsetOf(at) ?? 0) : 0) <= time);

interface Wish {
  wanted: readonly Filters[];
  unwanted: readonly Filters[];
}

/** New answers to what the step asks: from the start on, or for a person while the run stood still before the step. */
function answering(makings: Makings, { scenario, paused }: Guide, { wanted, unwanted }: Wish): ReadScenario {
  const { questions, random } = makings;
  const concerned = { properties: [...wanted, ...unwanted].flatMap(({ properties = [] }) => properties) };
  const all = answersFor(questions, random, wanted);
  const answers: Answers = new Map(
    [...testsOf([concerned]).keys()].flatMap((key) => (all.has(key) ? [[key, all.get(key)] as const] : [])),
  );
  const cohorts = questions.cohorts.length > 0 ? { cohorts: questions.cohorts.filter(() => random() < 0.5) } : {};
  if (paused && random() < 0.6) {
    const at = paused.from + Math.min(1_000, (paused.until - paused.from) / 2);
    return {
      ...scenario,
      ...cohorts,
      personUpdates: [...(scenario.personUpdates ?? []), { ...updateFor(concerned, answers, at), at: offsetText(at) }],
    };
  }
  const groups = groupsOf(questions, answers);
  const absent = [...questions.questions].flatMap(([key, { type, key: name }]) =>
    type === "person" && answers.get(key) === ABSENT ? [name] : [],
  );
  const properties = Object.fromEntries(
    Object.entries({ ...scenario.person?.properties, ...propertiesOf(questions, answers, { type: "person" }) }).filter(
      ([name]) => !absent.includes(name),
    ),
  );
  return {
    ...scenario,
    ...cohorts,
    person: { ...scenario.person, properties },
    ...(Object.keys(groups).length > 0 ? { groups: { ...scenario.groups, ...groups } } : {}),
    ...withStart(makings, scenario, answers),
    http: {
      ...(typeof scenario.http === "object" ? scenario.http : {}),
      ...httpFor(makings, answers, () => 200),
    },
    ...variablesFor(makings, answers, scenario),
  };
}

/** What started the flow, with these answers in place of what it said before. */
function withStart(
  { model, questions }: Makings,
  { trigger }: ReadScenario,
  answers: Answers,
): Pick<ReadScenario, "trigger"> {
  const keys = [...answers.keys()].flatMap((key) =>
    questions.questions.get(key)?.type === "event" ? [questions.questions.get(key)!.key] : [],
  );
  if (keys.length === 0) return {};
  return {
    trigger: together(trigger, startOf(model, propertiesOf(questions, answers, { type: "event" })).trigger, keys),
  };
}
