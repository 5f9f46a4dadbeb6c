// What a change does to the steps and the edges of a flow, as drawings mark it: what goes on the old side, what is new on the new one, and what changes on both.
import type { Dict } from "../../definition/canonical/values";
import type { FlowChange } from "../change/changes";
import type { ChangeMark, Marks } from "./draw";
import { edgeId, edgesOf } from "./edges";

/** The marks of one side. */
export type SideMarks = Required<Pick<Marks, "steps" | "edges">>;

export interface ChangeMarks {
  before: SideMarks;
  after: SideMarks;
  /** Whether steps come or go, or edges. */
  isStructural: boolean;
}

/** Nothing is marked where there is nothing to compare with. */
export function changeMarks(before: Dict | undefined, after: Dict | undefined, { steps }: FlowChange): ChangeMarks {
  const [was, is] = [edgesIn(before), edgesIn(after)];
  const edges = (these: Map<string, string>, others: Map<string, string>, mark: ChangeMark) =>
    new Map([...these].filter(([id, to]) => others.get(id) !== to).map(([id]) => [id, mark] as const));
  const marked = (kind: ChangeMark): Map<string, ChangeMark> =>
    new Map(
      steps.flatMap((step) =>
        step.kind === kind || (step.kind === "changed" && step.changes.some(({ aspect }) => aspect !== "wiring"))
          ? [[step.id, step.kind] as const]
          : [],
      ),
    );
  const gone = edges(was, is, "removed");
  return {
    before: { steps: marked("removed"), edges: gone },
    after: { steps: marked("added"), edges: edges(is, was, "added") },
    isStructural: gone.size > 0 || steps.some(({ kind }) => kind !== "changed"),
  };
}

const edgesIn = (definition: Dict | undefined): Map<string, string> =>
  new Map(edgesOf(definition?.["actions"]).map((edge) => [edgeId(edge), edge.to]));
