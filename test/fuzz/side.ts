// One of the stacks of a world: its state, its program, the processes that it runs in, and what it may call its own.
import type { ProviderRuns } from "../support/provider-runs";
import type { MiniEngine, Served } from "../support/mini-engine";
import { identityText, lastMark, markOf, sameMark, type Identity, type Mark } from "./owners";
import type { FlowSpec, Json, ScheduleSpec } from "./programs";
import { Stack, type Failure } from "./stack";

/** A key for each run: what a provider remembers it remembers by key, and the request log tells by it who it was. */
const MOST_RUNS = 600;
const DIGITS = 3;
const LETTERS = ["a", "b"] as const;

export type SideNumber = 0 | 1;

/** The keys of all sides, and whose the last characters of one are. */
export const keysOf = (prefix: string): string[] =>
  LETTERS.flatMap((letter) =>
    Array.from({ length: MOST_RUNS }, (_, i) => `${prefix}${letter}${String(i).padStart(DIGITS, "0")}`),
  );
export function sideOfKey(end: string | null): SideNumber | undefined {
  const at = end !== null && /^[ab]\d{3}$/.test(end) ? LETTERS.indexOf(end[0] as "a") : -1;
  return at < 0 ? undefined : (at as SideNumber);
}

export class Side {
  readonly stack: Stack;
  program: FlowSpec[] = [];
  lastFailures: Failure[] = [];
  /** Every project and stack that it has been. */
  readonly identities: Identity[];
  /** `posthog:adoptFrom` of the stack's configuration. */
  adoptFrom: string | undefined;
  /** Flows that came to it with their state. */
  readonly granted = new Set<string>();
  /** Schedules that it made, took over, or got with their state. */
  readonly schedules = new Set<string>();
  /** Titles of flows whose people the provider has spoken of since they were last written without a failure. */
  readonly announced = new Set<string>();
  secretsUnsure = new Set<string>();
  private begun = 0;

  constructor(
    readonly number: SideNumber,
    identity: Identity,
    private readonly keys: string,
    readonly runs: ProviderRuns,
    place: { host: string; projectId: string },
  ) {
    this.identities = [identity];
    this.stack = new Stack({ ...place, identity, transport: runs.transport });
  }

  get identity(): Identity {
    return this.stack.place.identity;
  }

  /** `pulumi stack rename`, or a new name in Pulumi.yaml. */
  become(identity: Identity): void {
    this.identities.push(identity);
    this.stack.place = { ...this.stack.place, identity };
  }

  begin(now: number): Promise<Served> {
    const { host, projectId, identity } = this.stack.place;
    const key = `${this.keys}${LETTERS[this.number]}${String((this.begun += 1) % MOST_RUNS).padStart(DIGITS, "0")}`;
    return this.runs.begin({
      config: {
        "posthog:apiKey": key,
        "posthog:host": host,
        "posthog:projectId": projectId,
        ...(this.adoptFrom === undefined ? {} : { "posthog:adoptFrom": this.adoptFrom }),
      },
      now,
      ...identity,
    });
  }

  states(): Map<string, MiniEngine["state"]> {
    return new Map([...this.stack.resources].map(([name, engine]) => [name, structuredClone(engine.state)]));
  }

  nameOf(id: string): string | undefined {
    for (const [name, engine] of this.stack.resources) if (engine.state?.id === id) return name;
    return undefined;
  }

  spec(name: string | undefined): FlowSpec | undefined {
    return this.program.find((flow) => flow.name === name);
  }

  /** The flow of the program with this name, or the one whose schedule has it. */
  flowOf(resource: string): FlowSpec | undefined {
    return this.program.find(
      ({ name, schedules }) => name === resource || schedules.some((schedule) => schedule.name === resource),
    );
  }

  scheduleNamed(resource: string): ScheduleSpec | undefined {
    return this.program.flatMap(({ schedules }) => schedules).find(({ name }) => name === resource);
  }

  /** Whether some resource of this side may write the flow with this marker; `states` is what it began the run with. */
  mayWrite(flowId: string, description: unknown, states: ReadonlyMap<string, MiniEngine["state"]>): boolean {
    const mark = lastMark(description);
    const holders = [...states].filter(([, state]) => state?.id === flowId).map(([name]) => name);
    const adopters = this.program.filter(({ name, args }) => args["adopt"] === flowId && !states.get(name));
    if (mark === undefined) return holders.length > 0 || adopters.length > 0;
    if (this.granted.has(flowId)) return true;
    const actors = new Set([
      ...holders,
      ...adopters.map(({ name }) => name),
      ...this.program.flatMap(({ name, alias }) =>
        states.get(name) ? [] : [name, ...(alias === undefined ? [] : [alias])],
      ),
    ]);
    for (const name of holders) for (const spec of this.program) if (spec.alias === name) actors.add(spec.name);
    for (const spec of this.program)
      if (spec.alias !== undefined && holders.includes(spec.name)) actors.add(spec.alias);
    if ([...actors].some((name) => this.isMarkOf(mark, name))) return true;
    // Whoever says so for the whole stack means all that is in its state.
    if (holders.length > 0 && this.takesAllOf(description)) return true;
    const takers = [
      ...adopters,
      ...this.program.filter(
        ({ name, alias }) => holders.includes(name) || (alias !== undefined && holders.includes(alias)),
      ),
    ];
    return takers.some(({ args }) => [args["adoptFrom"], this.adoptFrom].some((from) => isStackOf(mark, from)));
  }

  /** Whether the stack's configuration permits to take over whatever the marker's stack has. */
  takesAllOf(description: unknown): boolean {
    const mark = lastMark(description);
    return mark !== undefined && isStackOf(mark, this.adoptFrom);
  }

  /** Whether the marker is that of a resource of this name, under any name that the stack has had. */
  isMarkOf(mark: Mark | undefined, name: string): boolean {
    return this.identities.some((identity) => sameMark(mark, markOf(identity, name)));
  }

  /** Whether the marker's stack is this one by its name of today, or one that is permitted for this flow. */
  saysStackOf(mark: Mark, { args }: FlowSpec): boolean {
    return [identityText(this.identity), this.adoptFrom, args["adoptFrom"]].some((text) => isStackOf(mark, text));
  }

  /** Whether the marker is of this side, whichever resource's. */
  isMarked({ description }: Json): boolean {
    const mark = lastMark(description);
    return mark !== undefined && this.identities.some((identity) => isStackOf(mark, identityText(identity)));
  }

  /** Takes out of the program what held for one run; whether there was any. */
  dropFlags(): boolean {
    let dropped = this.adoptFrom !== undefined;
    this.adoptFrom = undefined;
    for (const given of this.program.flatMap(({ args, schedules }) => [
      args,
      ...schedules.map((schedule) => schedule.args),
    ])) {
      for (const key of ["adopt", "adoptFrom", "overwriteDrift", "discardStagedDraft"])
        if (Object.hasOwn(given, key)) dropped = delete given[key];
    }
    for (const spec of this.program.flatMap((flow) => [flow, ...flow.schedules])) delete spec.alias;
    return dropped;
  }
}

function isStackOf(mark: Mark, text: unknown): boolean {
  if (typeof text !== "string") return false;
  const at = text.lastIndexOf("/");
  return markOf({ project: text.slice(0, at), stack: text.slice(at + 1) }, "any").stack === mark.stack;
}
