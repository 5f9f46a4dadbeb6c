// What the editor owned in flows that this process has deleted (design L17): a replacement is made with it, not with the program's first words. The engine
// gives a creation nothing of the flow that it replaces.
import type { Dict } from "../../definition/canonical/values";
import { ownedPaths, withOwned } from "./state";

export class EditorsValues {
  private readonly kept = new Map<string, Dict>();

  /** Notes the values of a flow that is deleted: its properties, with the live values in them. */
  keep(properties: Dict): void {
    if (ownedPaths(properties).length > 0) this.kept.set(nameOf(properties), properties);
  }

  /** These inputs of a new flow, with the values of the one that it replaces where the editor owns them. */
  into(inputs: Dict): Dict {
    const before = this.kept.get(nameOf(inputs));
    return before === undefined ? inputs : withOwned(inputs, before, { news: inputs, olds: before });
  }

  /** The replacement exists. */
  settled(inputs: Dict): void {
    this.kept.delete(nameOf(inputs));
  }
}

/** A resource by its owner, or without a marker by its title and what the editor owns. */
const nameOf = (properties: Dict): string =>
  JSON.stringify(
    typeof properties["owner"] === "string"
      ? [properties["owner"]]
      : [properties["name"] ?? null, ...[...ownedPaths(properties)].sort()],
  );
