// The active flows of a program by what they do: two that do the same are twins.

interface Seen {
  /** Distinguishes resources. */
  resource: string;
  name: string;
  isAcknowledged: boolean;
}

/** Active flows of the program, by what they do. */
export class Twins {
  private readonly byContent = new Map<string, Seen[]>();

  /** The names of those that do the same as this one, once it is noted. */
  note(content: string, flow: Seen): string[] {
    const all = (this.byContent.get(content) ?? []).filter(({ resource }) => resource !== flow.resource);
    this.byContent.set(content, [...all, flow]);
    return all.filter(({ isAcknowledged }) => !isAcknowledged).map(({ name }) => name);
  }
}
