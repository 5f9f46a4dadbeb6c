// Many simulations of one flow: how many runs visited each step and branch, and examples of each.
import type { ReadScenario, Scenario } from "../input/scenario";
import type { Simulation } from "../result/simulation";
import { simulateModel } from "../simulate";
import type { FlowModel } from "../world/flow-model";
import { obstacle, startObstacle } from "../arbitrary/obstacle";
import { branchesOf, reachable, stepsOf } from "./coverage";
import type { Counted, Example, Many } from "./result";
import { tableOf } from "./table";

const MAX_EXAMPLES = 3;

/** Simulates the flow for many people, each of whom is read only when it is their turn. */
export function simulateEach(
  model: FlowModel,
  people: Iterable<Scenario>,
  read: (scenario: Scenario) => ReadScenario,
): Many {
  const steps = new Map(stepsOf(model).map((id) => [id, none()]));
  const branches = branchesOf(model).map((branch) => ({ ...branch, ...none() }));
  const byBranch = new Map(branches.map((branch) => [branchKey(branch.step, branch.branch), branch]));
  const paths = new Map<string, Counted & { path: string[] }>();
  const ends: Many["ends"] = {};
  const many: Omit<Many, "coverage" | "paths" | "steps"> & Partial<Many> = {
    flow: model.name,
    scenarios: 0,
    runs: 0,
    branches,
    ends,
    messages: {},
    attempts: {},
    notSimulated: [],
    warnings: [],
    table: () => tableOf(many as Many),
  };
  const notes = new Set<string>();
  const warnings = new Set<string>();
  for (const scenario of people) {
    const example = { index: many.scenarios, scenario };
    const simulation = simulateModel(model, read(scenario));
    many.scenarios += 1;
    many.runs += simulation.runs.length;
    for (const run of simulation.runs) {
      countRun(run, example, { steps, byBranch, paths });
      add((ends[run.end.how] ??= none()), example);
    }
    if (simulation.runs.length === 0) add((ends["not_started"] ??= none()), example);
    for (const { step } of simulation.messages) many.messages[step] = (many.messages[step] ?? 0) + 1;
    for (const { outcome } of simulation.attempts)
      if (outcome !== "started") many.attempts[outcome] = (many.attempts[outcome] ?? 0) + 1;
    simulation.notSimulated.forEach((note) => notes.add(note));
    simulation.warnings.forEach((warning) => warnings.add(warning));
  }
  const reached = reachable(model);
  const came = `none of ${many.scenarios} scenarios reaches it`;
  const why = (id: string, reason = startObstacle(model)): string =>
    reached.has(id) ? `${came}${reason === undefined ? "" : `: ${reason}`}` : "no edge leads here";
  const missedSteps = [...steps].filter(([, { count }]) => count === 0).map(([id]) => ({ id, why: why(id) }));
  const missedBranches = branches
    .filter(({ count }) => count === 0)
    .map(({ count: _, examples: __, ...branch }) => ({
      ...branch,
      why: why(branch.step, obstacle(model, branch.step, branch.branch)),
    }));
  return Object.assign(many, {
    steps: Object.fromEntries(steps),
    paths: [...paths.values()].sort((a, b) => b.count - a.count),
    notSimulated: [...notes],
    warnings: [...warnings],
    coverage: {
      steps: { total: steps.size, reached: steps.size - missedSteps.length, missed: missedSteps },
      branches: { total: branches.length, reached: branches.length - missedBranches.length, missed: missedBranches },
    },
  });
}

const none = (): Counted => ({ count: 0, examples: [] });
const branchKey = (step: string, branch: number | "continue"): string => `${branch} of ${step}`;

function add(counted: Counted, example: Example): void {
  counted.count += 1;
  if (counted.examples.length < MAX_EXAMPLES && counted.examples.every(({ index }) => index !== example.index))
    counted.examples.push(example);
}

interface Counts {
  steps: ReadonlyMap<string, Counted>;
  byBranch: ReadonlyMap<string, Counted>;
  paths: Map<string, Counted & { path: string[] }>;
}

function countRun(
  { steps: visits }: Simulation["runs"][number],
  example: Example,
  { steps, byBranch, paths }: Counts,
): void {
  for (const id of new Set(visits.map((visit) => visit.id))) {
    const counted = steps.get(id);
    if (counted) add(counted, example);
  }
  for (const { id, branch, to, outcome } of visits) {
    // A step that is skipped or fails leaves by its continue edge, too, but decides nothing.
    const taken =
      to === undefined || outcome === "filtered" || outcome === "failed"
        ? undefined
        : byBranch.get(branchKey(id, branch ?? "continue"));
    if (taken) add(taken, example);
  }
  const path = visits.map(({ id }) => id);
  const key = JSON.stringify(path);
  const known = paths.get(key) ?? { path, ...none() };
  paths.set(key, known);
  add(known, example);
}
