// What the editor owned in flows that this process has deleted (design L17): a replacement is made with it, not with the program's first words. The engine
// gives a creation nothing of the flow that it replaces.
import { ownedPaths, withOwned } from "./content";
import type { FlowInputs } from "./state";

export class EditorsValues {
  private readonly kept = new Map<string, FlowInputs>();

  /** Notes the values of a flow that is deleted: its inputs, with the live values in them. */
  keep(inputs: FlowInputs): void {
    if (ownedPaths(inputs).length > 0) this.kept.set(nameOf(inputs), inputs);
  }

  /** These inputs of a new flow, with the values of the one that it replaces where the editor owns them. */
  into(inputs: FlowInputs): FlowInputs {
    const before = this.kept.get(nameOf(inputs));
    return before === undefined ? inputs : withOwned(inputs, before.content, before);
  }

  /** The replacement exists. */
  settled(inputs: FlowInputs): void {
    this.kept.delete(nameOf(inputs));
  }
}

/** A resource by its owner, or without a marker by its title and what the editor owns. */
const nameOf = (inputs: FlowInputs): string =>
  JSON.stringify(
    inputs.owner === undefined ? [inputs.content["name"] ?? null, ...[...ownedPaths(inputs)].sort()] : [inputs.owner],
  );
