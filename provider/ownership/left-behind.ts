// What an interrupted run of the same stack left in PostHog, found by the owner's mark (design L5). One search serves all creates of a process.
import { isMarkedBy, markerOf, stackToken, type Owner } from "../../definition/canonical/marker";
import type { PostHogClient, WireFlowRow } from "../../api";

export class LeftBehind {
  private readonly searches = new Map<string, Promise<WireFlowRow[]>>();
  private readonly ours = new Set<string>();
  private rows: WireFlowRow[] = [];
  private hasCreated = false;

  constructor(private readonly api: PostHogClient) {}

  /** Flows with exactly this owner's mark. Archived ones were let go on purpose. */
  async of(owner: Owner, options: { again?: boolean } = {}): Promise<WireFlowRow[]> {
    return (await this.inStack(owner, options)).filter((row) => isMarkedBy(row.description, owner));
  }

  /** Flows with the mark that the resource has in another stack. The end of the run names none of them: they are not this stack's. */
  async ofFormer(owner: Owner): Promise<WireFlowRow[]> {
    return this.live(await this.search(owner)).filter((row) => isMarkedBy(row.description, owner));
  }

  /** Flows of the stack's other resources, as they were when the process looked. */
  async ofOthers(owner: Owner): Promise<WireFlowRow[]> {
    return (await this.inStack(owner)).filter((row) => !isMarkedBy(row.description, owner));
  }

  /** What the search of a creation found of the stack; nothing in a preview, which does not show what is about to be deleted. */
  get left(): WireFlowRow[] {
    return this.hasCreated ? this.live(this.rows) : [];
  }

  private live(rows: readonly WireFlowRow[]): WireFlowRow[] {
    return rows.filter((row) => row.status !== "archived" && !this.ours.has(row.id));
  }

  private async inStack(owner: Owner, options: { again?: boolean } = {}): Promise<WireFlowRow[]> {
    this.rows = await this.search(owner, options);
    return this.live(this.rows);
  }

  private async search(owner: Owner, options: { again?: boolean } = {}): Promise<WireFlowRow[]> {
    const token = stackToken(owner);
    let search = options.again ? undefined : this.searches.get(token);
    if (!search) {
      search = this.api.searchFlows(token);
      this.searches.set(token, search);
      search.catch(() => this.searches.delete(token));
    }
    return (await search).filter(({ description }) => markerOf(description)?.stack === token);
  }

  /** A flow that is accounted for: made, taken over, or deleted by this process. */
  settled(id: string): void {
    this.hasCreated = true;
    this.ours.add(id);
  }
}
