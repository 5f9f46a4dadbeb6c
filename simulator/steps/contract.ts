// Where a step fails: what its program and the queue behind it refuse of rendered inputs, when nothing is sent or asked, and the answers that are failures.
import { SECRET } from "../../definition/canonical/secrets";
import { own, type Dict } from "../../definition/canonical/values";
import { keeps, WORKER_CONTRACT } from "../../definition/schema/worker-contract";
import { fail, type StepResult, type StepRun } from "./step";

/** Whether the value is, or holds, a secret that is not shown: what it is, nobody knows here, so it counts as right. */
function isHidden(at: readonly string[], inputs: Dict): boolean {
  let value: unknown = inputs;
  for (const member of at) value = own(value, member);
  return typeof value === "string" && value.includes(SECRET);
}

/** The error of the step; undefined when the inputs are taken. */
export function refusal(template: string, inputs: Dict): string | undefined {
  const broken = WORKER_CONTRACT[template]?.find(
    (demand) => demand.otherwise === "fails" && !keeps(demand, inputs) && !isHidden(demand.at, inputs),
  );
  return broken && `${broken.at.join(".")}: ${broken.why}`;
}

/** The failure of a step that got an answer: two copies of PostHog's source disagree whether its output variable takes it. */
export function failAnswered({ world, step, id }: Pick<StepRun, "world" | "step" | "id">, error: string): StepResult {
  if (step.outputVariable) world.notes.add({ kind: "failed_step_result", step: id });
  return fail(error);
}
