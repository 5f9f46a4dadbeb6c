// Simulations for the command: a flow from a file, the path of a run for a drawing.
import { isDict } from "../definition/canonical/values";
import { linesOf, oneLine } from "../definition/plain-text";
import { tableOf } from "../simulator/many/table";
import { DoesNotStart } from "../simulator/world/trigger";
import { timelineOf } from "../simulator/report/timeline";
import type { Many, Run, Scenario, Simulation } from "../testing";
import { OperateError } from "./errors";
import { flowFromJson, type FoundFlow } from "./flow-source";
import { edgeId } from "./graph/edges";
import type { Marks } from "./graph/draw";
import { titleOf } from "./words/steps";
import { valueWords } from "./words/values";

/** Whom to simulate. */
export interface SimulateOptions {
  /** What happens around the flow. */
  scenario?: Scenario;
  /** Simulates this many people, made from the flow's own filters, instead of one. */
  many?: number;
}

/** One simulation, or the counts of many. */
export type Simulated = { flow: FoundFlow } & ({ one: Simulation; many?: undefined } | { one?: undefined; many: Many });

/**
 * Simulates the flow of a JSON text.
 *
 * @param name What to call the text in errors.
 * @throws OperateError when it is not a flow, or nothing says what starts it.
 * @example
 * ```ts
 * const { one } = await simulateJson(readFileSync("flow.json", "utf8"), "flow.json", { scenario: { trigger: "user signed up" } });
 * console.log(one?.timeline());
 * ```
 */
export async function simulateJson(text: string, name: string, options?: SimulateOptions): Promise<Simulated> {
  return simulateFlow(flowFromJson(text, name), name, options);
}

/** Simulates a flow that was found; `name` is what errors call it. */
export async function simulateFlow(
  flow: FoundFlow,
  name: string,
  { scenario = {}, many }: SimulateOptions = {},
): Promise<Simulated> {
  // Only now: it takes the Pulumi SDK along, which other commands do not need.
  const { arbitrary, simulate, simulateMany } = await import("../testing/index.js");
  try {
    if (many !== undefined)
      return {
        flow,
        many: simulateMany(
          flow.definition,
          arbitrary(flow.definition, {
            count: many,
            base: scenario,
            ...(typeof scenario.random === "number" ? { seed: scenario.random } : {}),
          }),
        ),
      };
    return { flow, one: simulate(flow.definition, scenario) };
  } catch (error) {
    throw new OperateError({
      what: `${name} cannot be simulated: ${error instanceof Error ? error.message : String(error)}`,
      ...(error instanceof DoesNotStart
        ? { fix: "That is a member of the scenario: `hogflow simulate` takes one from a JSON file, with --scenario" }
        : {}),
    });
  }
}

/**
 * A simulation as text, with the titles of steps: the story of one, or the counts of many and what nobody reached.
 *
 * @example
 * ```ts
 * console.log(simulatedText(await simulateJson(readFileSync("flow.json", "utf8"), "flow.json", { many: 100 })));
 * ```
 */
export function simulatedText({ flow, one, many }: Simulated): string {
  const titles = titlesIn(flow.definition["actions"]);
  if (one) return timelineOf(one, { titles });
  const nameOf = (id: string): string => titles.get(id) ?? id;
  return [
    tableOf(many, { titles }),
    ...many.coverage.steps.missed.map(({ id, why }) => oneLine(`not reached: ${nameOf(id)} (${why})`)),
    ...many.coverage.branches.missed.map(({ step, label, why }) =>
      oneLine(`not reached: ${nameOf(step)} → ${label} (${why})`),
    ),
  ].join("\n");
}

/** What each step sends, as a drawing shows it beside the step's own text. */
export const messageExamples = ({ messages }: Pick<Simulation, "messages">): ReadonlyMap<string, string> =>
  new Map(messages.map(({ step, subject, body }) => [step, `e.g. ${valueWords(subject ?? linesOf(body)[0] ?? "")}`]));

/** Titles by id; steps that share one have their id, too. */
function titlesIn(actions: unknown): ReadonlyMap<string, string> {
  const ids = isDict(actions) ? Object.keys(actions) : [];
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(titleOf(actions, id), (counts.get(titleOf(actions, id)) ?? 0) + 1);
  return new Map(
    ids.map((id) => {
      const title = titleOf(actions, id);
      return [id, counts.get(title) === 1 || title === id ? title : `${title} (${id})`];
    }),
  );
}

/**
 * The path of a run, as `drawFlow` marks it.
 *
 * @example
 * ```ts
 * const { flow, one } = await simulateJson(readFileSync("flow.json", "utf8"), "flow.json", { scenario: { trigger: "user signed up" } });
 * if (one) drawFlow(flow.definition, wayOf(one.runs[0]!, "trigger_node"));
 * ```
 */
export function takenPath({ steps }: Pick<Run, "steps">, triggerId: string): Marks {
  const edges = steps.flatMap(({ id, branch, to }) =>
    to === undefined ? [] : [edgeId({ from: id, branch: branch ?? "next" })],
  );
  return {
    takenSteps: new Set([triggerId, ...steps.map(({ id }) => id)]),
    takenEdges: new Set(steps.length === 0 ? [] : [edgeId({ from: triggerId, branch: "next" }), ...edges]),
  };
}
