// A place in the keyed form that is being written: whoever renders a value here says what is wrong with it, and which file it came from.
import { formatPath, type Path } from "../../definition/canonical/paths";
import type { ProgramFinding } from "../../rules/program-findings";

/** What comes of writing a flow down, besides the flow. */
export interface Notes {
  problems: ProgramFinding[];
  /** Files and lines by keyed path (design L14). */
  sources: Record<string, string[]>;
}

export const notes = (): Notes => ({ problems: [], sources: {} });

export class At {
  constructor(
    readonly path: Path,
    readonly notes: Notes,
  ) {}

  at(...parts: (string | number)[]): At {
    return new At([...this.path, ...parts], this.notes);
  }

  problem(what: string, more: Omit<ProgramFinding, "path" | "what"> = {}): void {
    this.notes.problems.push({ path: [...this.path], what, ...more });
  }

  /** The value at this place came from here. */
  source(place: string | undefined): void {
    if (place === undefined) return;
    const key = formatPath(this.path);
    const known = this.notes.sources[key];
    if (known === undefined) this.notes.sources[key] = [place];
    else if (!known.includes(place)) known.push(place);
  }
}
