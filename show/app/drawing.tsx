// A drawing of a flow, as SVG.
import type { Drawing } from "../data";

interface Props {
  drawing: Drawing;
  /** What it shows, for those who do not see it: `Onboarding, before`. */
  label: string;
  /** The address that a step leads to. Absent: steps are no links. */
  hrefOfStep?: (id: string) => string;
  /** Id of the step that the address names. */
  current?: string;
}

export function FlowDrawing({ label }: Props) {
  return <p>{label}</p>;
}
