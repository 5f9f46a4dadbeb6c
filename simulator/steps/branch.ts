// Branches by condition, and by chance (run time §3.6, §3.7).
import { clampedDuration } from "../duration";
import { matches } from "../filters/match";
import { targetOf } from "../world/flow-model";
import { go, park, type StepResult, type StepRun } from "./step";

const TEN_MINUTES = 600_000;

/** First match wins; an error counts as no match. */
export function conditionalBranch({ step, run, world, globals, timeIsUp }: StepRun<"conditional_branch">): StepResult {
  for (const [index, { filters, name }] of (step.config.conditions ?? []).entries()) {
    if (matches(filters, globals(), world.context).matched)
      return {
        kind: "go",
        edge: index,
        outcome: "branch",
        reason: name ? `matches "${name}"` : `matches condition ${index + 1}`,
        stored: "unknown",
      };
  }
  // A member of old flows: the step looks again every ten minutes.
  const legacy = clampedDuration(
    (step.config as { delayDuration?: unknown; delay_duration?: unknown }).delayDuration ??
      (step.config as { delay_duration?: unknown }).delay_duration,
  );
  if (legacy !== undefined) {
    const deadline = run.enteredAt + legacy;
    if (world.now < deadline || (world.now === deadline && !timeIsUp))
      return {
        ...park(Math.min(deadline, world.now + TEN_MINUTES), "looks again every ten minutes"),
        stored: "unknown",
      };
  }
  return { kind: "go", edge: "continue", outcome: "no branch", reason: "no condition matches", stored: "unknown" };
}

/** Shares are relative weights; a number on a boundary belongs to the earlier share. */
export function randomSplit({ step, world, id }: StepRun<"random_cohort_branch">): StepResult {
  const cohorts = step.config.cohorts ?? [];
  const weights = cohorts.map(({ percentage }) => Number(percentage) || 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const { stickyAssignment, sticky_assignment } = step.config as {
    stickyAssignment?: unknown;
    sticky_assignment?: unknown;
  };
  if (stickyAssignment === true || sticky_assignment === true) world.notes.add({ kind: "sticky_assignment", step: id });
  if (cohorts.length === 0 || !(sum > 0)) return go("continue", "no branch", "there are no shares");
  const total = world.scenario.older?.splitOutOf100 ? 100 : sum;
  const drawn = world.random() * total;
  let cumulative = 0;
  let chosen = weights.findIndex((weight) => (cumulative += weight) >= drawn);
  if (chosen < 0) chosen = weights.length - 1;
  const name = cohorts[chosen]?.name;
  return {
    ...go(chosen, "branch", name ? `drawn: "${name}"` : `drawn: share ${chosen + 1}`),
    result: { assigned_cohort: targetOf(world.live.model, id, chosen) ?? null },
  };
}
