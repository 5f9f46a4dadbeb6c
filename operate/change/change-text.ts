// Changes of a flow as plain text for a terminal.
import type { Change, FlowChange, StepChange } from "./changes";
import { lineDiff } from "./line-diff";

export type Paint = (text: string, style: "bold" | "dim" | "red" | "green" | "yellow") => string;

const SIGNS: Readonly<Record<StepChange["kind"], { sign: string; style: "green" | "red" | "yellow"; words: string }>> = {
  added: { sign: "+", style: "green", words: " (new)" },
  removed: { sign: "-", style: "red", words: " (gone)" },
  changed: { sign: "~", style: "yellow", words: "" },
};

/** Lines for a change, indented by two spaces and more. `notes` adds words to a step, by its id. */
export function changeLines({ flow, steps }: FlowChange, paint: Paint, notes: (stepId: string) => string = () => ""): string[] {
  return [
    ...flow.flatMap((change) => oneChange(change, "  ", paint)),
    ...steps.flatMap((step) => {
      const { sign, style, words } = SIGNS[step.kind];
      const does = step.kind === "changed" || step.does === undefined ? step.is : `${step.is}: ${step.does}`;
      return [`  ${paint(`${sign} ${step.title}`, style)} ${paint(`${step.id}, ${does}`, "dim")}${words}${notes(step.id)}`, ...step.changes.flatMap((change) => oneChange(change, "      ", paint))];
    }),
  ];
}

function oneChange({ label, before, after, lines }: Change, indent: string, paint: Paint): string[] {
  if (!lines) return [`${indent}${label}: ${before ?? "nothing"} → ${after ?? "nothing"}`];
  const painted = (line: string): string => (line.startsWith("+") ? paint(line, "green") : line.startsWith("-") ? paint(line, "red") : line);
  return [`${indent}${label}:`, ...lineDiff(lines.before, lines.after).map((line) => `${indent}  ${painted(line)}`)];
}
