// One wake of a run: status, person, exit condition, then steps until one parks or ends it (run time §2).
import { isDict, type Dict } from "../../provider/canonical/values";
import { matches } from "../filters/match";
import type { FilterGlobals, KnownGroup, KnownPerson } from "../filters/globals";
import { NotSimulated } from "../not-simulated";
import { store } from "../steps/output-variable";
import { handlerOf } from "../steps";
import type { StepResult, StepRun } from "../steps/step";
import { enrol, exitReason } from "./exit-condition";
import { targetOf } from "./flow-model";
import { groupsOf, parkRun } from "./park";
import { isMap } from "./people";
import { action, end, enter, leave, log, metric } from "./record";
import type { RunState, World } from "./state";

/** A flow that runs in a circle without a pause would do so for ever (run time §0.3, 12); so many rounds in one go are no accident. */
const MAX_ROUNDS_AT_ONCE = 20;
/** So would one that pauses now and then. */
const MAX_STEPS = 2_500;

const FIVE_MINUTES = 300_000;

export function wake(world: World, run: RunState): void {
  try {
    wakeUp(world, run);
  } catch (error) {
    if (!(error instanceof NotSimulated)) throw error;
    world.notes.add(error.message.replace(/^not simulated: /, ""));
    end(world, run, "not_simulated", `${error.message}, at ${run.position ?? "the trigger"}`);
  }
}

function wakeUp(world: World, run: RunState): void {
  const timeIsUp = run.parkedUntil === world.now;
  run.parkedUntil = undefined;
  if (world.live.status === "deleted" && !run.canceled) return end(world, run, "failed", "the workflow was deleted");
  if (run.canceled || world.live.status !== "active") {
    metric(world, run, "other", "canceled");
    log(world, run, "info", `Run canceled: ${run.canceled ? "on request" : "the workflow is not active"}`);
    return end(world, run, "canceled", run.canceled ? "canceled on request" : "the workflow was not active when the run woke");
  }
  const at = new Wake(world, run, timeIsUp);
  at.load();
  const first = run.fresh;
  run.fresh = false;
  if (first) enrol(world, run, at.globals());
  const reason = exitReason(world, run, at.globals());
  run.conversionFlag = false;
  if (reason) {
    metric(world, run, "other", "early_exit", run.position ?? "exit_condition");
    log(world, run, "info", `Workflow exited early due to exit condition: ${reason.words}`);
    return end(world, run, reason.how, reason.words);
  }
  if (first) log(world, run, "info", `Starting workflow execution at trigger ${run.startedWords}`);
  else log(world, run, "info", `Resuming workflow execution at ${action(run.position!)}${run.wakeFlag ? ` (woken by ${run.wakeFlag})` : ""}`);
  at.proceed(first);
}

/** What one wake works with: the people and groups are read once, at its beginning. */
class Wake {
  private person: KnownPerson | undefined;
  private groups: readonly KnownGroup[] = [];
  private variablesAtWake: Dict = {};

  constructor(
    private readonly world: World,
    private readonly run: RunState,
    private timeIsUp: boolean,
  ) {}

  load(): void {
    const { world, run } = this;
    this.groups = groupsOf(world, run);
    this.person = this.loaded(true);
    if (this.person) {
      run.personId = this.person.id;
      if (run.event.distinctId === "") run.event = { ...run.event, distinctId: this.person.distinctId };
      run.result.person ??= this.person.distinctId;
    }
    this.variablesAtWake = run.variables;
  }

  /** By the trigger event's distinct id, else by the stored id; the event's own `$set` lies over it for five minutes. */
  private loaded(overlay: boolean): KnownPerson | undefined {
    const { world, run } = this;
    if (run.personless) return undefined;
    const found = (run.event.distinctId === "" ? undefined : world.people.of(run.event.distinctId)) ?? world.people.withId(run.personId);
    const set = run.event.properties["$set"];
    if (!found || !overlay || world.live.model.trigger.type !== "event" || !isMap(set) || Math.abs(world.now - Date.parse(run.event.timestamp)) > FIVE_MINUTES) return found;
    return { ...found, properties: { ...found.properties, ...set } };
  }

  globals(variables: Dict = this.run.variables): FilterGlobals {
    const { world, run } = this;
    return { event: run.event, person: this.person, groups: this.groups, variables, cohorts: this.person ? world.cohorts : undefined, now: world.now, internal: world.live.model.trigger.type === "internal-event" };
  }

  proceed(first: boolean): void {
    const { world, run } = this;
    if (first) {
      const start = targetOf(world.live.model, world.live.model.triggerId, "continue");
      if (start === undefined) {
        log(world, run, "error", "Workflow encountered an error: the trigger has no next step");
        return end(world, run, "failed", "nothing follows the trigger");
      }
      enter(world, run, start);
    }
    while (!run.ended && run.parkedUntil === undefined) {
      this.countStep();
      if (!run.ended) this.step();
    }
  }

  private countStep(): void {
    const { world, run } = this;
    if (run.burstAt !== world.now) {
      run.burstAt = world.now;
      run.burst = 0;
    }
    run.burst += 1;
    if (run.burst > MAX_ROUNDS_AT_ONCE * world.live.model.actions.size) end(world, run, "endless", `runs in a circle without a pause, through ${[...new Set(run.result.steps.slice(-run.burst).map(({ id }) => id))].join(", ")}`);
    else if (run.result.steps.length > MAX_STEPS) end(world, run, "still_running", `goes round and round: more than ${MAX_STEPS} steps`);
  }

  private step(): void {
    const { world, run } = this;
    const id = run.position!;
    const step = world.live.model.actions.get(id);
    if (!step) return this.displaced(id);
    log(world, run, "debug", `Executing action ${action(id)}`);
    if (isDict(step.filters) && !matches(step.filters, this.globals(this.variablesAtWake), world.context).matched) {
      log(world, run, "info", `${action(id)} Skipped due to filter conditions`);
      metric(world, run, "other", "filtered", id);
      return this.follow(id, "continue", { kind: "go", edge: "continue", outcome: "filtered", reason: "its own filters do not match" }, false);
    }
    const handler = handlerOf(step.type);
    if (!handler) return this.failed(id, `Action type '${step.type}' not supported`, { known: false });
    const result = handler(this.context(id, step as StepRun["step"]));
    this.timeIsUp = false;
    run.wakeFlag = undefined;
    this.apply(id, step as StepRun["step"], result);
  }

  private context(id: string, step: StepRun["step"]): StepRun {
    const { world, run } = this;
    const wakeState = this;
    return {
      world, run, id, step, groups: this.groups, timeIsUp: this.timeIsUp,
      get person() {
        return wakeState.person;
      },
      globals: () => wakeState.globals(),
      reread: () => {
        wakeState.person = wakeState.loaded(false) ?? wakeState.person;
      },
    };
  }

  private apply(id: string, step: StepRun["step"], result: StepResult): void {
    const { world, run } = this;
    switch (result.kind) {
      case "endless":
        return end(world, run, "endless", result.reason);
      case "error":
        return this.failed(id, result.error, { always: result.always === true });
      case "finished":
        metric(world, run, "success", "succeeded", id);
        log(world, run, "info", "Workflow completed");
        leave(world, run, "exited", "the run ends here");
        return end(world, run, "exit", "reached the exit");
      case "park":
        return parkRun(world, run, step, result.until, result.reason, result.quiet === true);
      case "go": {
        if (result.stored === "unknown" && step.outputVariable) world.notes.add(`the result of ${id}, which its output variable takes; nothing is stored`);
        const tooLarge = store(world, run, step.outputVariable, result.result);
        if (tooLarge) return this.failed(id, tooLarge, {});
        return this.follow(id, result.edge, result, true);
      }
    }
  }

  /** Goes along an edge. */
  private follow(id: string, edge: "continue" | number, result: Extract<StepResult, { kind: "go" }>, succeeded: boolean): void {
    const { world, run } = this;
    const to = targetOf(world.live.model, id, edge);
    if (to === undefined) {
      if (world.live.updatedAt > run.enteredAt) return this.changed(`the way on from ${id} was removed`);
      return this.failed(id, `No ${edge === "continue" ? "continue" : `branch ${edge}`} edge leads on from ${id}`, {});
    }
    leave(world, run, result.outcome, result.reason, { to, ...(typeof edge === "number" ? { branch: edge } : {}) });
    log(world, run, "info", `Workflow moved to action ${action(to)}`);
    if (succeeded) metric(world, run, "success", "succeeded", id);
    enter(world, run, to);
  }

  /** An error of a step (run time §2.5). */
  private failed(id: string, error: string, { always = false, known = true }: { always?: boolean; known?: boolean }): void {
    const { world, run } = this;
    const step = world.live.model.actions.get(id);
    this.timeIsUp = false;
    run.wakeFlag = undefined;
    log(world, run, "error", `${action(id)} Errored: ${error}`);
    if (known) metric(world, run, "failure", "failed", id);
    const stops = always || step?.onError === "abort" || (step?.onError !== "continue" && world.scenario.older?.errorsStopByDefault === true);
    const to = stops ? undefined : targetOf(world.live.model, id, "continue");
    if (to === undefined) {
      log(world, run, "error", `Workflow encountered an error: ${error} at ${action(id)}`);
      if (stops) log(world, run, "info", `Workflow is aborting due to ${action(id)}`);
      leave(world, run, "failed", error, { error });
      return end(world, run, "failed", stops ? error : `${error}; nothing follows ${id}`);
    }
    log(world, run, "info", `Continuing to next action ${action(to)}`);
    if (known) metric(world, run, "success", "succeeded", id);
    leave(world, run, "failed", `${error}; the run goes on`, { to, error });
    const next = world.live.model.actions.get(to);
    if (next?.onError === "abort" && world.scenario.abortQuirk !== false) {
      run.position = to;
      return end(world, run, "failed", `${error}; and ${to}, which comes next, says onError "abort" (run time §2.5, quirk)`);
    }
    enter(world, run, to);
  }

  /** The step is gone from the live flow (run time §4.4). */
  private displaced(id: string): void {
    const { world, run } = this;
    const successor = world.live.model.redirects[id];
    if (successor === undefined || !world.live.model.actions.has(successor)) return this.changed(`the step ${id} was deleted`);
    metric(world, run, "other", "redirected_workflow_changed", id);
    leave(world, run, "redirected", "the step was deleted, with a successor", { to: successor });
    enter(world, run, successor);
  }

  private changed(reason: string): void {
    const { world, run } = this;
    metric(world, run, "other", "exited_workflow_changed");
    log(world, run, "info", `Workflow exited: ${reason}`);
    end(world, run, "workflow_changed", reason);
  }
}
