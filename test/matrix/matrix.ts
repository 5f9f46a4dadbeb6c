// All cells of the matrix.
import { additionCells } from "./addition-cells";
import type { Bench } from "./bench";
import type { Cell } from "./cell";
import { fieldCells } from "./field-cells";
import { noiseCells, withoutEdges } from "./noise-cells";
import { structureCells } from "./structure-cells";

export async function matrixCells(bench: Bench): Promise<Cell[]> {
  const edgeless: Cell = { field: "flow: edges", kind: "server-made noise", note: "no edges at all", mode: "draft", program: withoutEdges, edit: ({ emulator, id }) => emulator.ui.storeRaw(id, (stored) => (stored.edges = {})), expect: "none", at: [] };
  return [...fieldCells("draft"), ...structureCells("draft"), ...(await additionCells(bench, "draft")), ...noiseCells("draft"), edgeless];
}
