// Reads flows with as few requests as a refresh allows (design §5): single reads for the first three of a process, then pages of the list, with
// a detail read only where a row does not settle the matter.
import {
  isGone,
  PostHogApiError,
  type Clock,
  type PostHogClient,
  type WireFlow,
  type WireFlowRow,
  type WireSchedule,
} from "../api";
import { isServerError, plainError } from "./errors";
import { Recent } from "./recent";

/** Reads before the list is cheaper. */
const SINGLE_READS = 3;
/** How long an answer serves further readers of the same refresh, in milliseconds. */
export const FRESH_MS = 60_000;
const ALL = "all";

export type Lookup =
  | { kind: "detail"; flow: WireFlow }
  | { kind: "row"; flow: WireFlowRow }
  | { kind: "unreadable"; flow: WireFlowRow }
  | { kind: "gone"; error: unknown };

export class FlowReader {
  private singles = 0;
  /** The one list, by `ALL`. */
  private readonly lists: Recent<Map<string, WireFlowRow>>;
  private readonly details: Recent<WireFlow>;
  private readonly schedules: Recent<WireSchedule[]>;
  /** The list that deletions share. They do not change one another's flows, so it stays while they go on. */
  private readonly beforeDeletions: Recent<Map<string, WireFlowRow>>;
  private deletions = 0;
  /** By the answer that says it: whether the project is there all the same. */
  private readonly confirmed = new WeakMap<Error, Promise<unknown>>();
  /** Resources that this refresh has read. */
  private readonly asked = new Set<string>();

  constructor(
    private readonly api: PostHogClient,
    clock: Clock,
  ) {
    this.lists = new Recent(clock, FRESH_MS);
    this.beforeDeletions = new Recent(clock, FRESH_MS);
    // What is gone stays gone, for its hundreds of schedules, too.
    this.details = new Recent(clock, FRESH_MS, isGone);
    this.schedules = new Recent(clock, FRESH_MS, isGone);
  }

  /** The flow, from the list where its row `settles` the question. */
  async find(id: string, settles: (row: WireFlowRow) => boolean): Promise<Lookup> {
    this.begin(id);
    this.singles += 1;
    if (this.singles > SINGLE_READS) {
      const rows = await this.rows();
      const row = rows.get(id);
      // Nobody asks for it again: whoever comes a second time begins with a new list. Hundreds of flows are most of what a refresh has in memory.
      rows.delete(id);
      if (row && hasSteps(row) && settles(row)) return { kind: "row", flow: row };
    }
    return this.detailOrRow(id);
  }

  /**
   * Notes who reads. A refresh reads every resource once, so whoever comes again is a later one, which must not be told what the one before was: it
   * begins with nothing in memory.
   */
  private begin(resource: string): void {
    if (this.asked.has(resource)) {
      this.asked.clear();
      this.details.clear();
      this.schedules.clear();
      this.lists.clear();
      this.singles = 0;
    }
    this.asked.add(resource);
  }

  /** The flow as it is now; never from memory. */
  async fresh(id: string): Promise<Lookup> {
    this.forget(id);
    return this.detailOrRow(id);
  }

  /** The flow as it was at most a minute ago, for its owner's sake: the first three of a process are read alone, then one list has them. */
  async beforeDeletion(id: string): Promise<Lookup> {
    this.deletions += 1;
    const row =
      this.deletions > SINGLE_READS ? (await this.beforeDeletions.of(ALL, () => this.all())).get(id) : undefined;
    return row ? { kind: "row", flow: row } : this.fresh(id);
  }

  private async detailOrRow(id: string): Promise<Lookup> {
    try {
      return { kind: "detail", flow: await this.detail(id) };
    } catch (error) {
      if (isGone(error)) {
        await this.confirmProject(error);
        return { kind: "gone", error };
      }
      if (!isServerError(error)) throw error;
      // An incomplete object in storage makes every detail read a 500, and its list row still works (API §1.3).
      const row = await this.anyRow(id);
      if (row === undefined || !hasSteps(row)) throw error;
      return { kind: "unreadable", flow: row };
    }
  }

  private async anyRow(id: string): Promise<WireFlowRow | undefined> {
    const page = await this.api.listFlows({ id, limit: 1 });
    return page.results.find((row) => row.id === id);
  }

  /** Gone is only what is missing from a project that answers: a wrong project or a proxy would say 404, too (design L16). */
  async confirmProject(gone: unknown): Promise<void> {
    const known = gone instanceof Error ? this.confirmed.get(gone) : undefined;
    // Asked after that answer, never before: what was right a moment ago proves nothing.
    const answer = known ?? this.api.listFlows({ limit: 1 });
    if (gone instanceof Error) this.confirmed.set(gone, answer);
    try {
      await answer;
    } catch (error) {
      const why = error instanceof PostHogApiError ? error.message : String(error);
      throw plainError(
        `${gone instanceof Error ? gone.message : String(gone)} The project itself cannot be read either, so nothing is treated as deleted: ${why}`,
      );
    }
  }

  private detail(id: string): Promise<WireFlow> {
    return this.details.of(id, () => this.api.getFlow(id));
  }

  private rows(): Promise<Map<string, WireFlowRow>> {
    return this.lists.of(ALL, () => this.all());
  }

  private async all(): Promise<Map<string, WireFlowRow>> {
    return new Map((await this.api.allFlows()).map((row) => [row.id, row]));
  }

  /** The flow's schedules, for the sake of one of them; a detail answer of the last seconds has them already. */
  async schedulesOf(flowId: string, scheduleId: string): Promise<WireSchedule[]> {
    this.begin(`${flowId}/${scheduleId}`);
    const flow = await this.details.get(flowId)?.catch(() => undefined);
    return flow ? flow.schedules : this.schedules.of(flowId, () => this.api.listSchedules(flowId));
  }

  /** Own writes make what was read before them worthless. */
  forget(id: string): void {
    this.details.delete(id);
    this.schedules.delete(id);
    this.lists.clear();
  }
}

/** Steps that are nested too deep are missing from a row. */
const hasSteps = ({ actions }: WireFlowRow): boolean => actions.length > 0;
