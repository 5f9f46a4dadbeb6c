// Several flows as drawings: one that cannot be found or drawn does not keep the others from being drawn.
import type { FoundFlow } from "../flow-source";
import { drawFlow, type DrawOptions } from "./draw";

/** A flow that is to be drawn, and where it comes from. */
export interface FlowToDraw {
  /** What it was asked for by. */
  name: string;
  find(): FoundFlow | Promise<FoundFlow>;
}

/** A flow that could not be found or drawn. */
export interface DrawFailure {
  name: string;
  /** Why. */
  error: string;
}

/** Draws them in their order. Without `onFailure` the first failure is thrown. */
export async function drawFlows(
  flows: readonly FlowToDraw[],
  { onFailure, ...options }: DrawOptions & { onFailure?: (failure: DrawFailure) => void } = {},
): Promise<{ title: string; mermaid: string }[]> {
  const drawn: { title: string; mermaid: string }[] = [];
  for (const { name, find } of flows) {
    try {
      const { title, definition } = await find();
      drawn.push({ title, mermaid: drawFlow(definition, options) });
    } catch (error) {
      if (onFailure === undefined) throw error;
      onFailure({ name, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return drawn;
}
