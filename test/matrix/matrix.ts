// All cells of the matrix, and which fields must have one that is seen.
import { additionCells } from "./addition-cells";
import type { Bench } from "./bench";
import type { Cell } from "./cell";
import { fieldCells } from "./field-cells";
import { noiseCells, withoutEdges } from "./noise-cells";
import { structureCells } from "./structure-cells";

export async function matrixCells(bench: Bench): Promise<Cell[]> {
  const edgeless: Cell = {
    field: "flow: edges",
    kind: "server-made noise",
    note: "no edges at all",
    mode: "draft",
    program: withoutEdges,
    edit: ({ emulator, id }) => emulator.ui.storeRaw(id, (stored) => (stored.edges = {})),
    expect: "none",
    at: [],
  };
  const ofMode = async (mode: Cell["mode"]): Promise<Cell[]> => [
    ...fieldCells(mode),
    ...structureCells(mode),
    ...(await additionCells(bench, mode)),
    ...noiseCells(mode),
  ];
  return [...(await ofMode("draft")), edgeless, ...(await ofMode("active"))];
}
