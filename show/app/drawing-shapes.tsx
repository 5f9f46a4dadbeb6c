// The lines, boxes and texts of a drawing, as SVG.
import type { DrawnEdge, DrawnNode, Mark } from "../data";
import { BELOW, GAP, LABEL, TITLE } from "../drawing-sizes";

const classOf = (name: string, mark: Mark | undefined, more = ""): string =>
  `${name}${mark === undefined ? "" : ` mark-${mark}`}${more}`;

/** How far the head of an arrow reaches back, and to each side. */
const HEAD = { length: 8, side: 4.5 };

export function Edge({ edge }: { edge: DrawnEdge }) {
  return (
    <g class={classOf("edge", edge.mark)}>
      <path class="line" d={lineOf(edge.points)} />
      <path class="head" d={headOf(edge.points)} />
    </g>
  );
}

/** Straight from corner to corner where these lie above or beside each other, else in a bend that begins and ends upright. */
function lineOf(points: readonly { x: number; y: number }[]): string {
  const drawn = points.with(-1, beforeHead(points));
  return drawn
    .map(({ x, y }, i) => {
      const before = drawn[i - 1];
      if (before === undefined) return `M${x} ${y}`;
      if (before.x === x || before.y === y) return `L${x} ${y}`;
      const middle = (before.y + y) / 2;
      return `C${before.x} ${middle} ${x} ${middle} ${x} ${y}`;
    })
    .join("");
}

/** Which way a line goes at its end. */
function directionOf(points: readonly { x: number; y: number }[]): { x: number; y: number } {
  const [from, to] = points.slice(-2) as [{ x: number; y: number }, { x: number; y: number }];
  return from.y === to.y ? { x: Math.sign(to.x - from.x), y: 0 } : { x: 0, y: Math.sign(to.y - from.y) };
}

function beforeHead(points: readonly { x: number; y: number }[]): { x: number; y: number } {
  const [{ x, y }, direction] = [points.at(-1)!, directionOf(points)];
  return { x: x - direction.x * HEAD.length, y: y - direction.y * HEAD.length };
}

function headOf(points: readonly { x: number; y: number }[]): string {
  const [tip, back, direction] = [points.at(-1)!, beforeHead(points), directionOf(points)];
  const [sideX, sideY] = [direction.y * HEAD.side, direction.x * HEAD.side];
  return `M${tip.x} ${tip.y}L${back.x + sideX} ${back.y + sideY}L${back.x - sideX} ${back.y - sideY}Z`;
}

export function EdgeLabel({ edge: { label, mark } }: { edge: DrawnEdge }) {
  if (label === undefined) return null;
  const { x, y, width, height, lines } = label;
  const first = y - (lines.length * LABEL.line) / 2;
  return (
    <g class={classOf("edge-label", mark)}>
      <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx={4} />
      <Lines lines={lines} x={x} y={first} type={LABEL} />
    </g>
  );
}

export function Node({ node, isCurrent }: { node: DrawnNode; isCurrent: boolean }) {
  const { x, y, width, height, title, below, mark, shape } = node;
  const text = title.length * TITLE.line + (below.length > 0 ? GAP + below.length * BELOW.line : 0);
  const top = y + (height - text) / 2;
  return (
    <g class={classOf(`node node-${shape}`, mark, isCurrent ? " is-current" : "")}>
      <Outline node={node} />
      <g class="node-title">
        <Lines lines={title} x={x + width / 2} y={top} type={TITLE} />
      </g>
      <g class="node-below">
        <Lines lines={below} x={x + width / 2} y={top + title.length * TITLE.line + GAP} type={BELOW} />
      </g>
      {mark !== undefined && <Badge mark={mark} node={node} />}
    </g>
  );
}

const SIGNS: Readonly<Record<Mark, string>> = {
  added: "M-4 0h8M0-4v8",
  removed: "M-4 0h8",
  changed: "M-4.5 1.5c1.5-4 3.5-3 4.5-1.5s3 2.5 4.5-1.5",
};

/** The sign of a mark, on the border. */
function Badge({ mark, node: { x, y, width, shape } }: { mark: Mark; node: DrawnNode }) {
  return (
    <g class="badge" transform={`translate(${shape === "rhombus" ? x + width / 2 : x + 12} ${y})`}>
      <circle r={9} />
      <path d={SIGNS[mark]} />
    </g>
  );
}

function Outline({ node: { x, y, width, height, shape } }: { node: DrawnNode }) {
  const points = (...corners: [number, number][]): string => corners.map(([px, py]) => `${px},${py}`).join(" ");
  const [right, bottom, middle] = [x + width, y + height, y + height / 2];
  switch (shape) {
    case "rhombus":
      return (
        <polygon
          class="outline"
          points={points([x + width / 2, y], [right, middle], [x + width / 2, bottom], [x, middle])}
        />
      );
    case "hexagon": {
      const slant = 11;
      return (
        <polygon
          class="outline"
          points={points(
            [x + slant, y],
            [right - slant, y],
            [right, middle],
            [right - slant, bottom],
            [x + slant, bottom],
            [x, middle],
          )}
        />
      );
    }
    case "subroutine":
      return (
        <>
          <rect class="outline" x={x} y={y} width={width} height={height} rx={4} />
          <path class="outline-inner" d={`M${x + 6} ${y}V${bottom}M${right - 6} ${y}V${bottom}`} />
        </>
      );
    default:
      return (
        <rect
          class="outline"
          x={x}
          y={y}
          width={width}
          height={height}
          rx={shape === "stadium" ? Math.min(height / 2, 24) : 6}
        />
      );
  }
}

/** With a space after each, for those who copy or hear them. */
function Lines(props: { lines: readonly string[]; x: number; y: number; type: { size: number; line: number } }) {
  const { lines, x, y, type } = props;
  return (
    <>
      {lines.map((line, i) => (
        <text key={i} x={x} y={y + i * type.line + type.line / 2 + type.size * 0.35} font-size={type.size}>
          {`${line} `}
        </text>
      ))}
    </>
  );
}
