// What one process knows of replacements whose draft is made before the old flow is deleted (design L18): which there are, and the drafts made for them.
import type { WireFlow } from "../../api";
import { same } from "../../definition/canonical/values";
import { movedKeys } from "./diff";
import type { FlowInputs, FlowState } from "./state";

/** A flow that is there and sends nothing yet, or that an earlier run has left. */
export interface Draft {
  flow: WireFlow;
  /** Whether an earlier run has made it. */
  taken: boolean;
}

/** A draft, and the inputs that it was made of. */
interface AheadDraft extends Draft {
  inputs: FlowInputs;
}

/** What the engine has said of replacements, and the drafts that were made for them. One for each process. */
export class Ahead {
  /** Inputs that a creation will come with, as a check without old inputs has seen them. */
  private readonly expected = new Map<string, FlowInputs>();
  /** By the id of a live flow: its state and the inputs of the program, as the diff has seen them. */
  private readonly compared = new Map<string, { olds: FlowState; news: FlowInputs }>();
  /** By the id of the flow that is replaced: everybody who deletes a part of it waits for the same draft. */
  private readonly drafts = new Map<string, { key: string; draft: Promise<AheadDraft> }>();

  /** A check of inputs that belong to no live flow: the engine makes it before every creation, a replacement's too. */
  expect(inputs: FlowInputs): void {
    this.expected.set(keyOf(inputs), inputs);
  }

  compare(id: string, olds: FlowState, news: FlowInputs): void {
    // Most are equal, and of hundreds of flows one definition is kept rather than two.
    const isSame = same(olds.content, news.content);
    this.compared.set(id, { olds, news: isSame ? { ...news, content: olds.content } : news });
  }

  /** What replaces this flow, if anything does. The state is the diff's, or, where none was asked, the deletion's own. */
  successorOf(id: string, state?: FlowState): Successor | undefined {
    const seen = this.compared.get(id);
    const olds = seen?.olds ?? state;
    if (!olds) return undefined;
    const moves = seen !== undefined && movedKeys(seen.olds, seen.news).length > 0;
    // Without a marker, only the diff can distinguish a replacement from another flow with the same title.
    const key = seen ? keyOf(seen.news) : olds.owner !== undefined ? keyOf(olds) : undefined;
    const inputs = key === undefined ? undefined : this.expected.get(key);
    if (moves) return { olds, inputs: inputs ?? seen.news, moves };
    return inputs?.owner !== undefined ? { olds, inputs, moves } : undefined;
  }

  /** The draft that replaces this flow, made once. */
  draftFor(id: string, inputs: FlowInputs, make: () => Promise<AheadDraft>): Promise<AheadDraft> {
    const known = this.drafts.get(id);
    if (known) return known.draft;
    const draft = make();
    this.drafts.set(id, { key: keyOf(inputs), draft });
    return draft;
  }

  /** Hands the draft for these inputs to their creation, if one was made. */
  async take(inputs: FlowInputs): Promise<AheadDraft | undefined> {
    const key = keyOf(inputs);
    this.expected.delete(key);
    const entry = [...this.drafts].find(([, made]) => made.key === key);
    if (!entry) return undefined;
    this.drafts.delete(entry[0]);
    return entry[1].draft;
  }
}

interface Successor {
  olds: FlowState;
  inputs: FlowInputs;
  moves: boolean;
}

/** A resource by its target and its owner, or without a marker by its title. */
const keyOf = ({ owner, host, projectId, content }: FlowInputs): string =>
  JSON.stringify([host, projectId, ...(owner === undefined ? ["", content["name"] ?? null] : [owner])]);
