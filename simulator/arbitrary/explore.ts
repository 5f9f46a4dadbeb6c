// Leads people to branches that chance has missed: from somebody who came to the step, by changing what the branch asks for. What is reached opens
// the way to what lies behind.
import type { ReadScenario } from "../input/scenario";
import { branchesOf, stepsOf, type Branch } from "../many/coverage";
import { simulateModel } from "../simulate";
import type { StepVisit } from "../result/run";
import type { FlowModel } from "../world/flow-model";
import { aimed, type Guide } from "./aim";
import { pick } from "./answers";
import { obstacle } from "./obstacle";
import type { Makings } from "./questions";

const MAX_GUIDES = 4;
const TRIES = 40;
/** So many times the reciprocal of the odds in draws miss once in some four hundred times. */
const DRAWS = 6;
const MAX_DRAWS = 3_000;
/** Simulations that it may cost, and steps that they may take: a flow that runs in a circle is soon given up. */
const MAX_SIMULATIONS = 8_000;
const MAX_STEPS = 100_000;

/** As many scenarios as there were; those who show nothing new make room. */
export function explored(makings: Makings, made: readonly ReadScenario[]): ReadScenario[] {
  const { model, random } = makings;
  const seen = new Seen(model);
  const needed = made.map((scenario) => seen.add(scenario));
  const room = needed.filter((isNeeded) => !isNeeded).length;
  const found: ReadScenario[] = [];
  // What nobody can do is not tried.
  const possible = branchesOf(model).filter(({ step, branch }) => obstacle(model, step, branch) === undefined);
  const spent = { simulations: 0, steps: seen.visited };
  for (let progress = true; progress && found.length < room;) {
    progress = false;
    for (const branch of possible.filter(seen.isMissed)) {
      const guides = seen.guides.get(branch.step) ?? [];
      if (guides.length === 0 || !seen.isMissed(branch)) continue;
      const tries = triesFor(model, branch, Math.max(...guides.map(({ odds }) => odds)));
      for (
        let i = 0;
        i < tries &&
        seen.isMissed(branch) &&
        found.length < room &&
        spent.simulations < MAX_SIMULATIONS &&
        seen.visited - spent.steps < MAX_STEPS;
        i += 1
      ) {
        const scenario = aimed(makings, pick(random, guides), branch);
        if (!scenario) break;
        spent.simulations += 1;
        if (seen.add(scenario)) {
          found.push(scenario);
          progress = true;
        }
      }
    }
  }
  const spare = needed.flatMap((isNeeded, i) => (isNeeded ? [] : [i])).slice(-found.length || room);
  const left = new Set(found.length === 0 ? [] : spare);
  return [...made.filter((_, i) => !left.has(i)), ...found];
}

/** Another seed draws all shares before it again. */
function triesFor(model: FlowModel, { step, branch }: Branch, odds: number): number {
  if (model.actions.get(step)?.type !== "random_cohort_branch" || branch === "continue") return TRIES;
  return Math.min(MAX_DRAWS, Math.ceil(DRAWS / (odds * shareOf(model, step, branch))));
}

function shareOf({ actions }: FlowModel, step: string, branch: number): number {
  const action = actions.get(step);
  if (action?.type !== "random_cohort_branch") return 1;
  const weights = (action.config.cohorts ?? []).map(({ percentage }) => Number(percentage) || 0);
  return weights[branch]! / weights.reduce((sum, weight) => sum + weight, 0);
}

/** What scenarios have shown so far. */
class Seen {
  readonly guides = new Map<string, Guide[]>();
  /** How many steps runs have visited. */
  visited = 0;
  private readonly branches = new Set<string>();
  private readonly steps: ReadonlySet<string>;

  constructor(private readonly model: FlowModel) {
    this.steps = new Set(stepsOf(model));
  }

  isMissed = ({ step, branch }: Pick<Branch, "step" | "branch">): boolean =>
    !this.branches.has(branchKey(step, branch));

  /** Whether it shows a step or a branch that nobody has shown before. */
  add(scenario: ReadScenario): boolean {
    const { runs, started } = simulateModel(this.model, scenario);
    let isNew = false;
    for (const run of runs) {
      const offset = Date.parse(run.started) - Date.parse(started);
      this.visited += run.steps.length;
      let paused: Guide["paused"];
      let odds = 1;
      for (const visit of run.steps) {
        if (this.steps.has(visit.id))
          isNew = this.meet(visit, { scenario, entered: offset + visit.enteredAfter, paused, odds }) || isNew;
        if (visit.branch !== undefined) odds *= shareOf(this.model, visit.id, visit.branch);
        const last = visit.parks.at(-1);
        if (last && visit.leftAfter !== undefined && visit.leftAfter > visit.enteredAfter)
          paused = { from: Date.parse(last.at) - Date.parse(started), until: offset + visit.leftAfter };
      }
    }
    return isNew;
  }

  private meet({ id, branch, to, outcome }: StepVisit, guide: Guide): boolean {
    const guides = this.guides.get(id) ?? [];
    this.guides.set(id, guides);
    const isNewStep = guides.length === 0;
    if (guides.length < MAX_GUIDES) guides.push(guide);
    if (to === undefined || outcome === "filtered" || outcome === "failed") return isNewStep;
    const key = branchKey(id, branch ?? "continue");
    const isNewBranch = !this.branches.has(key);
    this.branches.add(key);
    return isNewStep || isNewBranch;
  }
}

const branchKey = (step: string, branch: number | "continue"): string => JSON.stringify([step, branch]);
