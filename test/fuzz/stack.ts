// A stack of flows and schedules on the small model of the engine: order, dependencies, and what a failure leaves undone.
import { CheckFailed, MiniEngine, type Served } from "../support/mini-engine";
import { ProviderError } from "../support/provider-process";
import { flowInputs, scheduleInputs, type FlowSpec, type Place, type ScheduleSpec } from "./programs";

export interface Failure {
  resource: string;
  /** What the user reads. */
  text: string;
  error: unknown;
}

export interface Outcome {
  failures: Failure[];
  /** What became of each resource. */
  operations: Map<string, string>;
}

export class Stack {
  /** Resources in state, flows before their schedules. */
  readonly resources = new Map<string, MiniEngine>();

  constructor(public place: Place) {}

  /** In the order in which the engine would create them. */
  private engine(name: string, kind: "flow" | "schedule", provider: Served, alias?: string): MiniEngine {
    const known = this.resources.get(name) ?? (alias === undefined ? undefined : this.resources.get(alias));
    if (known) {
      known.provider = provider;
      return known;
    }
    return new MiniEngine(provider, kind);
  }

  private keep(name: string, engine: MiniEngine, alias?: string): void {
    if (alias !== undefined && this.resources.get(alias) === engine) this.resources.delete(alias);
    if (engine.state) this.resources.set(name, engine);
    else this.resources.delete(name);
  }

  /** `pulumi up`. `alive` tells whether the provider still is; `parallel` has all flows at once. */
  async up(
    program: readonly FlowSpec[],
    provider: Served,
    { parallel = false, alive = () => true }: { parallel?: boolean; alive?: () => boolean } = {},
  ): Promise<Outcome> {
    const outcome: Outcome = { failures: [], operations: new Map() };
    const flow = async (spec: FlowSpec): Promise<void> => {
      const done = await this.attempt(
        spec.name,
        outcome,
        async (engine) => engine.up(await flowInputs(spec, this.place, program)),
        this.engine(spec.name, "flow", provider, spec.alias),
        spec.alias,
      );
      if (!done) return;
      const schedules = spec.schedules.map((schedule) => () => this.schedule(schedule, spec, outcome, provider));
      if (parallel) await Promise.all(schedules.map((run) => run()));
      else for (const run of schedules) if (alive()) await run();
    };
    if (parallel) await Promise.all(program.map(flow));
    else for (const spec of program) if (alive()) await flow(spec);
    // Deletions come last, and not at all after a failure.
    if (outcome.failures.length > 0 || !alive()) return outcome;
    const wanted = namesIn(program);
    await this.remove(
      [...this.resources.keys()].filter((name) => !wanted.has(name)),
      provider,
      outcome,
      alive,
    );
    return outcome;
  }

  private async schedule(schedule: ScheduleSpec, spec: FlowSpec, outcome: Outcome, provider: Served): Promise<void> {
    const flowId = this.resources.get(spec.name)!.state!.id;
    await this.attempt(
      schedule.name,
      outcome,
      (engine) => engine.up(scheduleInputs(schedule, spec, flowId, this.place)),
      this.engine(schedule.name, "schedule", provider, schedule.alias),
      schedule.alias,
    );
  }

  private async attempt(
    name: string,
    outcome: Outcome,
    run: (engine: MiniEngine) => Promise<string>,
    engine: MiniEngine,
    alias?: string,
  ): Promise<boolean> {
    try {
      outcome.operations.set(name, await run(engine));
      this.keep(name, engine, alias);
      return true;
    } catch (error) {
      this.keep(name, engine, alias);
      outcome.failures.push({ resource: name, text: shown(error), error });
      return false;
    }
  }

  /** Schedules go before flows. */
  private async remove(
    names: readonly string[],
    provider: Served,
    outcome: Outcome,
    alive: () => boolean,
  ): Promise<void> {
    const ordered = [...names].sort(
      (a, b) => Number(this.resources.get(a)!.kind === "flow") - Number(this.resources.get(b)!.kind === "flow"),
    );
    for (const name of ordered) {
      if (!alive()) return;
      const engine = this.engine(name, "flow", provider);
      if (
        engine.kind === "flow" &&
        outcome.failures.some(({ resource }) =>
          this.resources.get(resource)?.state?.id.startsWith(`${engine.state!.id}/`),
        )
      )
        continue;
      await this.attempt(name, outcome, async () => (await engine.destroy(), "delete"), engine);
    }
  }

  async destroy(provider: Served, alive: () => boolean = () => true): Promise<Outcome> {
    const outcome: Outcome = { failures: [], operations: new Map() };
    await this.remove([...this.resources.keys()], provider, outcome, alive);
    return outcome;
  }

  async refresh(
    provider: Served,
    { parallel = false, alive = () => true }: { parallel?: boolean; alive?: () => boolean } = {},
  ): Promise<Outcome> {
    const outcome: Outcome = { failures: [], operations: new Map() };
    const one = async (name: string): Promise<void> => {
      const engine = this.engine(name, "flow", provider);
      await this.attempt(name, outcome, () => engine.refresh(), engine);
    };
    if (parallel) await Promise.all([...this.resources.keys()].map(one));
    else for (const name of [...this.resources.keys()]) if (alive()) await one(name);
    return outcome;
  }

  /** What a preview shows for each resource that could be checked. */
  async preview(program: readonly FlowSpec[], provider: Served): Promise<Outcome> {
    const outcome: Outcome = { failures: [], operations: new Map() };
    const plan = async (name: string, engine: MiniEngine, inputs: () => unknown): Promise<void> => {
      try {
        outcome.operations.set(name, (await engine.plan((await inputs()) as never)).op);
      } catch (error) {
        outcome.failures.push({ resource: name, text: shown(error), error });
      }
    };
    for (const spec of program) {
      const engine = this.engine(spec.name, "flow", provider, spec.alias);
      await plan(spec.name, engine, () => flowInputs(spec, this.place, program));
      const flowId = engine.state?.id ?? "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
      for (const schedule of spec.schedules)
        await plan(schedule.name, this.engine(schedule.name, "schedule", provider, schedule.alias), () =>
          scheduleInputs(schedule, spec, flowId, this.place),
        );
    }
    const wanted = namesIn(program);
    for (const name of this.resources.keys()) if (!wanted.has(name)) outcome.operations.set(name, "delete");
    return outcome;
  }
}

/** What the program calls its resources, and called them. */
const namesIn = (program: readonly FlowSpec[]): Set<string | undefined> =>
  new Set(program.flatMap((spec) => [spec, ...spec.schedules].flatMap(({ name, alias }) => [name, alias])));

/** Whether the inputs themselves were refused, so that nothing but another program helps. */
export const isRefused = ({ error, text }: Failure): boolean =>
  error instanceof CheckFailed || /was refused \(400/.test(text);

const shown = (error: unknown): string =>
  error instanceof ProviderError ? error.shown : error instanceof Error ? error.message : String(error);
