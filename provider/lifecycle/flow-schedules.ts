// What schedules a flow has, for the sake of creating one more: two equal ones would send everything twice, and a schedule carries no mark (design L5).
// All creations of a process share one list for each flow, and a flow that this process has made needs none.
import type { Clock, PostHogClient, WireSchedule } from "../api";
import { same, type Dict } from "../canonical/values";
import { canonicalSchedule } from "./schedule-state";

/** How long a list may serve further creations. */
const FRESH_MS = 30_000;

interface Known {
  list: Promise<WireSchedule[]>;
  at: number;
}

export class FlowSchedules {
  private readonly known = new Map<string, Known>();
  private readonly own = new Set<string>();
  /** Creations under way, by flow. */
  private readonly claims = new Map<string, Set<Dict>>();

  constructor(
    private readonly api: PostHogClient,
    private readonly clock: Clock,
  ) {}

  /** The flow was made a moment ago, so it has none. */
  begin(flowId: string): void {
    this.known.set(flowId, { list: Promise.resolve([]), at: this.clock.now() });
  }

  /** The flow's schedules, the ones included that this process has made since they were read. */
  of(flowId: string): Promise<WireSchedule[]> {
    const before = this.known.get(flowId);
    if (before && this.clock.now() - before.at < FRESH_MS) return before.list;
    const list = this.api.listSchedules(flowId).then((all) => [...all]);
    this.known.set(flowId, { list, at: this.clock.now() });
    list.catch(() => this.forget(flowId));
    return list;
  }

  /** Notes that one with this content is about to be made; undefined when another creation of this process is making it. */
  claim(flowId: string, inputs: Dict): Claim | undefined {
    const claims = this.claims.get(flowId) ?? new Set<Dict>();
    this.claims.set(flowId, claims);
    const content = canonicalSchedule(inputs);
    if ([...claims].some((other) => same(other, content))) return undefined;
    claims.add(content);
    return { release: () => void claims.delete(content) };
  }

  /** Whether this process has made it. */
  isOwn(scheduleId: string): boolean {
    return this.own.has(scheduleId);
  }

  async add(flowId: string, schedule: WireSchedule): Promise<void> {
    this.own.add(schedule.id);
    (await this.listOf(flowId))?.push(schedule);
  }

  /** It was deleted. */
  async remove(flowId: string, scheduleId: string): Promise<void> {
    const list = await this.listOf(flowId);
    const i = list?.findIndex(({ id }) => id === scheduleId) ?? -1;
    if (i >= 0) list!.splice(i, 1);
  }

  private async listOf(flowId: string): Promise<WireSchedule[] | undefined> {
    return this.known.get(flowId)?.list.catch(() => undefined);
  }

  /** Another write, or one whose end is unknown, makes what was read before it worthless. */
  forget(flowId: string): void {
    this.known.delete(flowId);
  }
}

export interface Claim {
  release(): void;
}
