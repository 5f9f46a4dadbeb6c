// Rules over the wiring of a whole definition. PostHog takes edges that lead nowhere, and a run that comes to one fails after its message is
// already sent (API §3.5, run time §2.4), so they are found here.
import { nearest } from "../schema/names";

export interface WiringProblem {
  id: string;
  key: "next" | "branches";
  index?: number;
  what: string;
  fix?: string;
}

export function wiringProblems(steps: ReadonlyMap<string, { type: unknown; next?: unknown; branches?: unknown }>, isUnknown: (value: unknown) => boolean): WiringProblem[] {
  const ids = [...steps.keys()];
  const problems: WiringProblem[] = [];
  const target = (id: string, key: "next" | "branches", to: unknown, index?: number): void => {
    if (typeof to !== "string" || isUnknown(to)) return;
    const place = { id, key, ...(index === undefined ? {} : { index }) };
    if (!steps.has(to)) {
      const near = nearest(to, ids);
      problems.push({ ...place, what: `there is no step "${to}"`, fix: near ? `Did you mean "${near}"?` : `Steps are ${ids.join(", ")}` });
    } else if (steps.get(to)!.type === "trigger") problems.push({ ...place, what: `leads back to the trigger "${to}", which only starts runs`, fix: "Point to the step that follows the trigger" });
  };
  for (const [id, step] of steps) {
    target(id, "next", step.next);
    if (Array.isArray(step.branches)) step.branches.forEach((to, index) => target(id, "branches", to, index));
  }
  return problems;
}
