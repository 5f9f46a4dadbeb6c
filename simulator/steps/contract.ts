// What a step's program and the queue behind it refuse of rendered inputs: the step fails then, and nothing is sent or asked.
import type { Dict } from "../../provider/canonical/values";
import { keeps, WORKER_CONTRACT } from "../../provider/schema/worker-contract";

/** The error of the step; undefined when the inputs are taken. */
export function refusal(template: string, inputs: Dict): string | undefined {
  const broken = WORKER_CONTRACT[template]?.find((demand) => demand.otherwise === "fails" && !keeps(demand, inputs));
  return broken && `${broken.at.join(".")}: ${broken.why}`;
}
