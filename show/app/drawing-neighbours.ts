// Where the arrow keys lead in a drawing: up and down along the edges, to the sides to what is beside.
import type { DrawnNode, Drawing } from "../data";

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

export const isArrow = (key: string): key is Arrow => /^Arrow(?:Up|Down|Left|Right)$/.test(key);

const middle = ({ x, width }: DrawnNode): number => x + width / 2;

/** The id of the step that an arrow leads to; undefined where there is none. Of several the one that is nearest. */
export function neighbour({ nodes, edges }: Drawing, id: string, arrow: Arrow): string | undefined {
  const from = nodes.find((node) => node.id === id);
  if (from === undefined) return undefined;
  const isThere = (node: DrawnNode): boolean => {
    switch (arrow) {
      case "ArrowDown":
        return node.y > from.y && edges.some((edge) => edge.from === id && edge.to === node.id);
      case "ArrowUp":
        return node.y < from.y && edges.some((edge) => edge.to === id && edge.from === node.id);
      case "ArrowLeft":
        return isBeside(from, node) && middle(node) < middle(from);
      case "ArrowRight":
        return isBeside(from, node) && middle(node) > middle(from);
    }
  };
  const distance = (node: DrawnNode): number => Math.abs(middle(node) - middle(from));
  return nodes
    .filter((node) => node !== from && isThere(node))
    .reduce<DrawnNode | undefined>((best, node) => (best && distance(best) <= distance(node) ? best : node), undefined)
    ?.id;
}

const isBeside = (a: DrawnNode, b: DrawnNode): boolean => a.y < b.y + b.height && b.y < a.y + a.height;
