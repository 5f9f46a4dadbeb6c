// A drawing of a flow: SVG that is zoomed and scrolled. Its steps are links that Tab goes through in order, and arrow keys along the edges.
import { useEffect, useRef } from "preact/hooks";
import type { DrawnNode, Drawing } from "../data";
import { isArrow, neighbour } from "./drawing-neighbours";
import { Edge, EdgeLabel, Node } from "./drawing-shapes";
import { usePan, useZoom } from "./drawing-zoom";
import { MARKS } from "./parts";

interface Props {
  drawing: Drawing;
  /** What it shows, for those who do not see it: `Onboarding, before`. */
  label: string;
  /** The address that a step leads to. Absent: steps are no links. */
  hrefOfStep?: (id: string) => string;
  /** Id of the step that the address names. */
  current?: string;
}

export function FlowDrawing(props: Props) {
  if (props.drawing.nodes.length > 0) return <Drawn {...props} />;
  return <p class="soft">There is no drawing: the flow has no steps, or more than a thousand.</p>;
}

function Drawn({ drawing, label, hrefOfStep, current }: Props) {
  const view = useRef<HTMLDivElement>(null);
  const zoom = useZoom(view, drawing.width);
  usePan(view);
  useEffect(() => show(view.current!, nodeIn(view.current!, drawing, current ?? drawing.nodes[0]?.id)), [current]);
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = (event.target as Element).closest("[data-step]");
    if (isArrow(event.key) && node) {
      const to = neighbour(drawing, drawing.nodes[Number(node.getAttribute("data-step"))]!.id, event.key);
      if (to === undefined) return;
      nodeIn(view.current!, drawing, to)?.focus();
    } else if (event.key === "+" || event.key === "=") zoom.in();
    else if (event.key === "-") zoom.out();
    else if (event.key === "0") zoom.fit();
    else return;
    event.preventDefault();
  };
  return (
    <figure class="drawing" onKeyDown={pressed}>
      <figcaption class="hidden">
        {label}. Arrow keys move along the edges, plus and minus zoom, zero shows all of it.
      </figcaption>
      <div class="drawing-buttons">
        <ZoomButton label="Zoom out" sign="−" press={zoom.out} />
        <ZoomButton label="Zoom in" sign="+" press={zoom.in} />
        <button type="button" class="button" onClick={zoom.fit}>
          Fit
        </button>
      </div>
      <div ref={view} class="drawing-view" tabIndex={0} role="group" aria-label={`Drawing: ${label}`}>
        <svg
          viewBox={`0 0 ${drawing.width} ${drawing.height}`}
          style={{ width: zoom.width, aspectRatio: `${drawing.width} / ${drawing.height}` }}
          role="group"
          aria-label={label}
        >
          <g aria-hidden="true">
            {drawing.edges.map((edge) => (
              <Edge key={edge.id} edge={edge} />
            ))}
          </g>
          <g aria-hidden="true">
            {drawing.edges.map((edge) => (
              <EdgeLabel key={edge.id} edge={edge} />
            ))}
          </g>
          {drawing.nodes.map((node, i) => (
            <Step
              key={node.id}
              at={i}
              node={node}
              words={wordsOf(node, drawing)}
              href={node.shape === "missing" ? undefined : hrefOfStep?.(node.id)}
              isCurrent={node.id === current}
            />
          ))}
        </svg>
      </div>
    </figure>
  );
}

function ZoomButton({ label, sign, press }: { label: string; sign: string; press(): void }) {
  return (
    <button type="button" class="button" aria-label={label} title={label} onClick={press}>
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

function Step({
  at,
  node,
  words,
  href,
  isCurrent,
}: {
  at: number;
  node: DrawnNode;
  words: string;
  href?: string;
  isCurrent: boolean;
}) {
  const drawn = <Node node={node} isCurrent={isCurrent} />;
  return href === undefined ? (
    <g role="img" aria-label={words} data-step={at}>
      {drawn}
    </g>
  ) : (
    <a href={href} aria-label={words} aria-current={isCurrent ? "true" : undefined} data-step={at}>
      {drawn}
    </a>
  );
}

/** A step for those who hear it: what it is, and where it leads. */
function wordsOf({ id, title, below, mark }: DrawnNode, { nodes, edges }: Drawing): string {
  const leads = edges
    .filter(({ from }) => from === id)
    .map(({ to, label }) => {
      const name = nodes.find((node) => node.id === to)?.title.join(" ") ?? to;
      return label === undefined ? name : `${name} (${label.lines.join(" ")})`;
    });
  return [
    title.join(" "),
    ...(below.length === 0 ? [] : [below.join(" ")]),
    ...(mark === undefined ? [] : [MARKS[mark].word]),
    ...(leads.length === 0 ? [] : [`leads to ${leads.join("; ")}`]),
  ].join(", ");
}

function nodeIn(view: Element, { nodes }: Drawing, id: string | undefined): SVGElement | undefined {
  const at = nodes.findIndex((node) => node.id === id);
  return view.querySelector<SVGElement>(`[data-step="${at}"]`) ?? undefined;
}

/** Scrolls the drawing, and not the page, so that a step is in its middle. */
function show(view: Element, node: Element | undefined): void {
  if (node === undefined) return;
  const [outer, inner] = [view.getBoundingClientRect(), node.getBoundingClientRect()];
  view.scrollBy({
    left: inner.left + inner.width / 2 - outer.left - outer.width / 2,
    top: inner.top + inner.height / 2 - outer.top - outer.height / 2,
    behavior: "instant",
  });
}
