// Changes of a flow as plain text for a terminal.
import type { Change, FlowChange, StepChange } from "./changes";
import { lineDiff } from "./line-diff";
import { oneLine } from "../../definition/plain-text";

/** Gives a text a style, or returns it as it is where there are no colours. */
export type Paint = (text: string, style: "bold" | "dim" | "red" | "green" | "yellow") => string;

const SIGNS: Readonly<Record<StepChange["kind"], { sign: string; style: "green" | "red" | "yellow"; words: string }>> =
  {
    added: { sign: "+", style: "green", words: " (new)" },
    removed: { sign: "-", style: "red", words: " (removed)" },
    changed: { sign: "~", style: "yellow", words: "" },
  };

/**
 * A change as lines for a terminal, indented by two spaces and more.
 *
 * @param notes Words to be added to a step, by its id.
 * @example
 * ```ts
 * const before = { actions: { wait: { type: "delay", name: "Wait", config: { delayDuration: "3d" } } } };
 * const after = { actions: { wait: { type: "delay", name: "Wait", config: { delayDuration: "1d" } } } };
 * changeLines(describeChange(before, after), (text) => text); // ["  ~ Wait wait, wait", "      wait: 3 days → 1 day"]
 * ```
 */
export function changeLines(
  { flow, steps }: FlowChange,
  paint: Paint,
  notes: (stepId: string) => string = () => "",
): string[] {
  return [
    ...flow.flatMap((change) => oneChange(change, "  ", paint)),
    ...steps.flatMap((step) => {
      const { sign, style, words } = SIGNS[step.kind];
      const does = step.kind === "changed" || step.does === undefined ? step.is : `${step.is}: ${step.does}`;
      return [
        `  ${paint(oneLine(`${sign} ${step.title}`), style)} ${paint(oneLine(`${step.id}, ${does}`), "dim")}${words}${notes(step.id)}`,
        ...step.changes.flatMap((change) => oneChange(change, "      ", paint)),
      ];
    }),
  ];
}

function oneChange({ label, before, after, lines }: Change, indent: string, paint: Paint): string[] {
  if (!lines) return [`${indent}${oneLine(`${label}: ${before ?? "nothing"} → ${after ?? "nothing"}`)}`];
  const painted = (line: string): string =>
    line.startsWith("+") ? paint(line, "green") : line.startsWith("-") ? paint(line, "red") : line;
  return [
    `${indent}${oneLine(label)}:`,
    ...lineDiff(lines.before, lines.after).map((line) => `${indent}  ${painted(line)}`),
  ];
}
