// What schedules a flow has, for the sake of creating one more: two equal ones would send everything twice, and a schedule carries no mark (design L5).
// All creations of a process share one list for each flow, and a flow that this process has made needs none.
import type { Clock, PostHogClient, WireSchedule } from "../../api";
import { same } from "../../definition/canonical/values";
import { Recent } from "../recent";
import { canonicalSchedule, type ScheduleContent } from "./state";

/** How long a list may serve further creations. */
const FRESH_MS = 30_000;

export class FlowSchedules {
  private readonly lists: Recent<WireSchedule[]>;
  private readonly descriptions: Recent<string>;
  private readonly own = new Set<string>();
  /** Creations under way, by flow. */
  private readonly claims = new Map<string, Set<ScheduleContent>>();

  constructor(
    private readonly api: PostHogClient,
    clock: Clock,
  ) {
    this.lists = new Recent(clock, FRESH_MS);
    this.descriptions = new Recent(clock, FRESH_MS);
  }

  /** The flow was made a moment ago, so it has none. */
  begin(flowId: string): void {
    void this.lists.set(flowId, Promise.resolve([]));
  }

  /** The flow's description, for its marker's sake: from the list, which shows a flow that is stored incomplete, too. Empty where there is no flow. */
  descriptionOf(flowId: string): Promise<string> {
    return this.descriptions.of(
      flowId,
      async () =>
        (await this.api.listFlows({ id: flowId, limit: 1 })).results.find(({ id }) => id === flowId)?.description ?? "",
    );
  }

  /** The flow's schedules, the ones included that this process has made since they were read. */
  of(flowId: string): Promise<WireSchedule[]> {
    return this.lists.of(flowId, () => this.api.listSchedules(flowId).then((all) => [...all]));
  }

  /** Notes that one with this content is about to be made; undefined when another creation of this process is making it. */
  claim(flowId: string, given: ScheduleContent): Claim | undefined {
    const claims = this.claims.get(flowId) ?? new Set<ScheduleContent>();
    this.claims.set(flowId, claims);
    const content = canonicalSchedule(given);
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
    return this.lists.get(flowId)?.catch(() => undefined);
  }

  /** Another write, or one with an unknown outcome, makes what was read before it worthless. */
  forget(flowId: string): void {
    this.lists.delete(flowId);
  }
}

export interface Claim {
  release(): void;
}
