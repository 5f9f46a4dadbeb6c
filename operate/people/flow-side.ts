// One side of a flow, before or after a change, as sample people are sent through it: its definition, its status and the schedules that start it.
import { containsUnknown, isDict, isUnknown, own, type Dict } from "../../definition/canonical/values";
import { readDefinition } from "../../simulator/input/read-definition";
import { modelOf, type FlowModel } from "../../simulator/world/flow-model";
import { LATER } from "../words/values";

/** A flow on one side of a change. */
export interface FlowSide {
  /** Masked inputs, in keyed form. */
  definition: Dict;
  /** Absent where nobody knows it. */
  status?: string;
  /** The inputs of the stack's schedules that start it; a paused one starts nothing. */
  schedules: readonly Dict[];
}

/** A flow that is ready to be simulated, or why it is not. */
export interface ReadySide {
  side: FlowSide;
  model?: FlowModel;
  /** What is not known of the flow itself, in words. */
  doubts: string[];
}

/** Reads a side once, for all people. */
export function readySide(side: FlowSide): ReadySide {
  try {
    const { known, doubts } = withKnownTexts(side.definition);
    return { side, doubts, ...(known === undefined ? {} : { model: modelOf(readDefinition(known)) }) };
  } catch (error) {
    return { side, doubts: [error instanceof Error ? error.message : String(error)] };
  }
}

/**
 * A definition with a stand-in for each text of an input that is not known yet: those change no path through the flow. Anything else may.
 *
 * @returns `known`: absent where anything else is not known. `doubts`: what is not known of it, in words.
 */
export function withKnownTexts(definition: Dict): { known?: Dict; doubts: string[] } {
  const actions = definition["actions"];
  if (!containsUnknown(actions)) return { known: definition, doubts: [] };
  const filled = Object.fromEntries(
    Object.entries(isDict(actions) ? actions : {}).map(([id, step]) => {
      const [config, inputs] = [own(step, "config"), own(own(step, "config"), "inputs")];
      return isDict(step) && isDict(config) && isDict(inputs)
        ? [id, { ...step, config: { ...config, inputs: withTexts(inputs) } }]
        : [id, step];
    }),
  );
  return !isDict(actions) || containsUnknown(filled)
    ? { doubts: ["some of its values are known only during `pulumi up`"] }
    : {
        known: { ...definition, actions: filled },
        doubts: ["some of its texts are known only during `pulumi up`"],
      };
}

function withTexts(value: unknown, key = ""): unknown {
  // A sender has to be a number.
  if (isUnknown(value)) return key === "integrationId" ? 1 : `(${LATER})`;
  if (Array.isArray(value)) return value.map((item) => withTexts(item));
  if (!isDict(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withTexts(item, name)]));
}
