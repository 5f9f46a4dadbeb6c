// Where the arrow keys lead in a drawing.
import { expect, it } from "vitest";
import { layoutGraph } from "../../operate/show/graph-layout";
import { neighbour } from "../../show/app/drawing-neighbours";

const node = (id: string) => ({ id, title: id, shape: "rectangle" as const });
const edge = (from: string, to: string) => ({ id: `${from}-${to}`, from, to });
const drawing = layoutGraph({
  nodes: ["start", "fork", "left", "middle", "right", "end"].map(node),
  edges: [
    edge("start", "fork"),
    ...["left", "middle", "right"].flatMap((id) => [edge("fork", id), edge(id, "end")]),
    edge("right", "right"),
  ],
});

it.each([
  ["start", "ArrowDown", "fork"],
  ["fork", "ArrowDown", "middle"],
  ["middle", "ArrowLeft", "left"],
  ["left", "ArrowRight", "middle"],
  ["right", "ArrowLeft", "middle"],
  ["right", "ArrowDown", "end"],
  ["left", "ArrowUp", "fork"],
  ["start", "ArrowUp", undefined],
  ["end", "ArrowDown", undefined],
  ["left", "ArrowLeft", undefined],
  ["nobody", "ArrowDown", undefined],
] as const)("from %s, %s leads to %s", (from, arrow, to) => {
  expect(neighbour(drawing, from, arrow)).toBe(to);
});
