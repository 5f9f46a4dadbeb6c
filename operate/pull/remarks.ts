// The comment above a pulled flow: where it cannot work as it is live. PostHog takes more than its worker can run.
import { examineFlow } from "../../rules/examine-flow";
import type { Dict } from "../../definition/canonical/values";
import { CODE_WIDTH } from "../code-layout";
import { oneLine } from "../../definition/plain-text";

/** What cannot work in a live flow, each with its path, the reason and the way on. */
export function remarksOn(definition: Dict): string[] {
  const { findings, definition: examined } = examineFlow(definition);
  return findings
    .failures(examined)
    .map(({ property, reason }) => oneLine(`${property}: ${reason}`).replace(/\s+/g, " "));
}

/** The remarks as they stand above the flow. */
export const remarkLines = (remarks: readonly string[]): string[] =>
  remarks.length === 0
    ? []
    : [
        "// PostHog has this flow as it is here, and it cannot work. Preview says so until what follows is fixed.",
        ...remarks.flatMap((remark) => wrapped(remark)),
      ];

/** One remark as comment lines. */
export function wrapped(remark: string): string[] {
  const lines: string[] = [];
  for (const word of remark.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= CODE_WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? `// - ${word}` : `//   ${word}`);
  }
  return lines;
}
