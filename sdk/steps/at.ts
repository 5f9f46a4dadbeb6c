// A path in the keyed form that is being written: whoever renders a value here says what is wrong with it, and which file it came from.
import { formatPath, type Path } from "../../definition/canonical/paths";
import type { ProgramFinding } from "../../rules/program-findings";

/** What writing a flow yields in addition to the flow. */
export interface Notes {
  findings: ProgramFinding[];
  /** Files and lines by keyed path (design L14). */
  sources: Record<string, string[]>;
}

export const notes = (): Notes => ({ findings: [], sources: {} });

export class At {
  constructor(
    readonly path: Path,
    readonly notes: Notes,
  ) {}

  at(...parts: (string | number)[]): At {
    return new At([...this.path, ...parts], this.notes);
  }

  report(what: string, more: Omit<ProgramFinding, "path" | "what"> = {}): void {
    this.notes.findings.push({ path: [...this.path], what, ...more });
  }

  /** The value at this path came from here. */
  source(location: string | undefined): void {
    if (location === undefined) return;
    const key = formatPath(this.path);
    const known = this.notes.sources[key];
    if (known === undefined) this.notes.sources[key] = [location];
    else if (!known.includes(location)) known.push(location);
  }
}
