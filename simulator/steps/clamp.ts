// What authors may not expect of a duration: each unit has its longest value (run time §3.1).
import { WAIT_CAPS } from "../../definition/schema/limits";
import { isClamped } from "../duration";
import type { StepRun } from "./step";

export function warnOfClamp({ world, id }: Pick<StepRun, "world" | "id">, text: unknown): void {
  if (typeof text === "string" && isClamped(text))
    world.notes.add(
      `warning: ${id} says ${text}, and PostHog waits no longer than ${WAIT_CAPS[text.slice(-1)]}${text.slice(-1)}`,
    );
}
