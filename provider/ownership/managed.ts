// What the resources of a run have of PostHog's flows and schedules, as far as the engine has shown it. What else runs on a flow of this stack was left by
// an interrupted run, or taken out of the state, or made by hand: whatever the flow sends is then sent twice. The engine shows a resource that is about
// to be deleted only at the end of an `up`, so each flow's inputs remember which schedules the program of the run before had.
import type { Clock, WireSchedule } from "../../api";
import { isMarkedBy, markerOf, parseOwner, stackToken } from "../../definition/canonical/marker";
import { listedTexts } from "../../definition/canonical/values";
import { hasSteps, type FlowInputs } from "../flow/state";
import { adoptedId, hasRule, type ScheduleInputs } from "../schedule/state";

/** How long a write waits for a resource that may yet turn up for what nobody manages so far. That one may wait for the write itself. */
const PATIENCE_MS = 3_000;

interface FlowOfRun {
  /** The URN of its resource. */
  owner?: string;
  description?: unknown;
  /** A refresh of this run has read it, and so the schedules of the state, too. */
  isRead?: boolean;
  /** Names of the program's schedules for it. */
  siblings: Set<string>;
  /** By the owner of the schedule that says so: what the program says counts instead of the state. */
  acknowledged: Map<unknown, string[]>;
  live: readonly WireSchedule[];
}

export class Managed {
  /** Of flows, and of schedules with their flow's. */
  private readonly ids = new Set<string>();
  private readonly flows = new Map<string, FlowOfRun>();
  /** By the URN of the flow: the program's schedules in the run before, and now. */
  private readonly schedules = new Map<string, { before: string[] | undefined; now: string[] }>();
  /** Schedules that the engine has come to, by their flow and name: components may have children of the same name. */
  private readonly seen = new Set<string>();
  private readonly owners = new Set<string>();
  private flowsOfProgram = 0;
  /** Something failed, or was broken off: what the run was about to delete is still there, in PostHog and in the state. */
  isCutShort = false;
  private waiting: (() => void)[] = [];

  /** A resource has this, had it at the beginning of the run, or is about to have it. */
  has(id: string): void {
    this.ids.add(id);
    this.wake();
  }

  flowChecked(olds: FlowInputs, { owner, flows, __schedules: now }: FlowInputs): void {
    if (typeof flows === "number") this.flowsOfProgram = Math.max(this.flowsOfProgram, flows);
    if (owner === undefined) return;
    this.owners.add(owner);
    // Of a flow that is new, no schedule is in the state.
    const before = hasSteps(olds) ? olds.__schedules : [];
    this.schedules.set(owner, {
      before: Array.isArray(before) ? listedTexts(before) : undefined,
      now: listedTexts(now),
    });
  }

  /** The flow is this resource's. */
  flow(id: string, owner: unknown, more: Pick<FlowOfRun, "description" | "isRead"> = {}): void {
    this.has(id);
    if (typeof owner === "string") this.owners.add(owner);
    Object.assign(this.flowOf(id), { ...(typeof owner === "string" ? { owner } : {}), ...more });
  }

  flowDeleted(id: string): void {
    this.has(id);
    this.flows.delete(id);
  }

  /** A schedule of the program; one that is in the state is seen once its id is. */
  scheduleChecked(olds: ScheduleInputs, news: ScheduleInputs): void {
    const { flowId, siblings, adopt } = news;
    if (flowId === undefined) return;
    const flow = this.flowOf(flowId);
    for (const name of listedTexts(siblings)) flow.siblings.add(name);
    flow.acknowledged.delete(olds.owner);
    this.acknowledge(flowId, news);
    if (hasRule(olds)) return;
    // One that exists does not adopt.
    if (adopt !== undefined) this.has(adoptedId(adopt, flowId));
    this.scheduleSeen(news);
  }

  /** It had this id, and what it said of others goes with it. */
  scheduleDeleted(id: string, { owner, flowId }: ScheduleInputs): void {
    this.has(id);
    this.flows.get(String(flowId))?.acknowledged.delete(owner);
  }

  /** Its id, if it has one, is known. */
  scheduleSeen({ owner, flowId }: ScheduleInputs): void {
    const name = parseOwner(owner)?.name;
    if (name !== undefined) this.seen.add(`${String(flowId)} ${name}`);
    this.wake();
  }

  acknowledge(flowId: string, { owner, acknowledge }: ScheduleInputs): void {
    this.flowOf(flowId).acknowledged.set(owner, acknowledgedIn(acknowledge));
  }

  /** The flow's schedules, as they are live. */
  found(flowId: string, live: readonly WireSchedule[]): void {
    // As it is now: whoever made the list may change it.
    this.flowOf(flowId).live = [...live];
  }

  /** Active schedules that no resource has, of a flow that this stack has by its marker. One that is paused or has run out sends nothing. */
  unmanaged(flowId: string): WireSchedule[] {
    const flow = this.flows.get(flowId);
    const owner = parseOwner(flow?.owner);
    if (!flow || !owner || markerOf(flow.description)?.stack !== stackToken(owner)) return [];
    return this.unclaimed(flowId);
  }

  private unclaimed(flowId: string): WireSchedule[] {
    const flow = this.flows.get(flowId);
    const acknowledged = new Set([...(flow?.acknowledged.values() ?? [])].flat());
    return (flow?.live ?? []).filter(
      ({ id, status }) => status === "active" && !acknowledged.has(id) && !this.ids.has(`${flowId}/${id}`),
    );
  }

  descriptionOf(flowId: string): unknown {
    return this.flows.get(flowId)?.description;
  }

  describe(flowId: string, description: unknown): void {
    this.flowOf(flowId).description = description;
  }

  /** Whether PostHog must be asked who owns the flow. */
  asksWhose(flowId: string): boolean {
    const flow = this.flows.get(flowId);
    return flow?.owner !== undefined && flow.description === undefined && this.unclaimed(flowId).length > 0;
  }

  /**
   * Schedules that certainly no resource has: all of the program have been seen, and there are more than the program has lost since the run before.
   * @param name The schedule that asks. One that the program makes after a pause was not counted.
   */
  certainlyUnmanaged(flowId: string, name: string | undefined): WireSchedule[] {
    const flow = this.flows.get(flowId);
    if (!flow || name === undefined || !flow.siblings.has(name) || !this.hasSeenAll(flowId, flow)) return [];
    // Last, because each schedule asks about all of its flow.
    const list = this.unmanaged(flowId);
    return list.length > this.removed(flow, name) ? list : [];
  }

  private hasSeenAll(flowId: string, { siblings }: FlowOfRun): boolean {
    return [...siblings].every((name) => this.seen.has(`${flowId} ${name}`));
  }

  /** How many of the flow's schedules may be about to be deleted. */
  private removed({ owner, isRead }: FlowOfRun, name?: string): number {
    if (isRead) return 0;
    const { before, now = [] } = this.schedules.get(owner ?? "") ?? {};
    if (before === undefined || (name !== undefined && !now.includes(name))) return Infinity;
    return before.filter((other) => !now.includes(other)).length;
  }

  /** Waits until each schedule of the flow has a resource, for a while. */
  async settle(flowId: string, clock: Clock): Promise<void> {
    const end = clock.now() + PATIENCE_MS;
    while (this.unmanaged(flowId).length > 0 && clock.now() < end) {
      const stop = new AbortController();
      await Promise.race([
        new Promise<void>((resolve) => this.waiting.push(resolve)),
        clock.sleep(end - clock.now(), stop.signal).catch(() => undefined),
      ]);
      stop.abort();
    }
  }

  private wake(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const resolve of woken) resolve();
  }

  /** At the end of a run: what no resource has, where the run has seen all that could have it. */
  leftSchedules(): { flowId: string; schedules: WireSchedule[] }[] {
    const isWhole = (flowId: string, flow: FlowOfRun): boolean =>
      flow.siblings.size > 0 ? this.hasSeenAll(flowId, flow) : flow.isRead === true;
    return [...this.flows].flatMap(([flowId, flow]) => {
      const schedules = isWhole(flowId, flow) ? this.unmanaged(flowId) : [];
      return schedules.length > (this.isCutShort ? this.removed(flow) : 0) ? [{ flowId, schedules }] : [];
    });
  }

  /** Of rows that the search of a creation found, those that no resource of the run has; none where the run has not seen all flows of the program. */
  leftFlows<Row extends { id: string; description: unknown }>(rows: readonly Row[]): Row[] {
    if (this.isCutShort || this.owners.size < this.flowsOfProgram) return [];
    const owners = [...this.owners].flatMap((urn) => parseOwner(urn) ?? []);
    return rows.filter(
      ({ id, description }) => !this.ids.has(id) && !owners.some((owner) => isMarkedBy(description, owner)),
    );
  }

  private flowOf(id: string): FlowOfRun {
    const flow = this.flows.get(id) ?? { siblings: new Set(), acknowledged: new Map(), live: [] };
    this.flows.set(id, flow);
    return flow;
  }
}

const ACKNOWLEDGED = /^unmanaged-schedule@(?:[^/]+\/)?([^/]+)$/;

/** How a program says that it knows of a schedule. */
export const acknowledgement = (id: string): string => `unmanaged-schedule@${id}`;

/** Ids of schedules that the program knows of and leaves alone: `acknowledge: ["unmanaged-schedule@<schedule id>"]`. */
export const acknowledgedIn = (entries: unknown): string[] =>
  listedTexts(entries).flatMap((entry) => ACKNOWLEDGED.exec(entry)?.[1] ?? []);

/** A schedule in words: its id is somebody else's text. */
const scheduleWords = ({ id, rrule, starts_at, timezone, status }: WireSchedule): string =>
  `${JSON.stringify(id)} (${rrule}, from ${starts_at} in ${timezone}, ${status})`;

/** What to do about schedules that nobody manages. */
export function waysOn(flowId: string, schedules: readonly WireSchedule[]): string {
  return schedules
    .map(({ id }) =>
      [
        `  adopt: ${JSON.stringify(`${flowId}/${id}`)}   on the HogFlowSchedule that should manage it`,
        `  delete schedule ${JSON.stringify(id)} in PostHog, if nobody needs it`,
        `  acknowledge: [${JSON.stringify(acknowledgement(id))}]   on a HogFlowSchedule of this flow, if somebody created it by hand on purpose`,
      ].join("\n"),
    )
    .join("\n");
}

/** `resources`: those that do not manage them. */
export const unmanagedWords = (
  flowId: string,
  schedules: readonly WireSchedule[],
  resources = "of this stack",
): string =>
  `flow ${flowId} has ${schedules.length === 1 ? "a schedule" : `${schedules.length} schedules`} that no resource ${resources} manages: ${schedules.map(scheduleWords).join("; ")}`;
