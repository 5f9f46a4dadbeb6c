// What authors may not expect of a duration: each unit has its longest value (run time §3.1).
import { WAIT_CAPS } from "../../definition/schema/limits";
import { isClamped } from "../duration";
import type { StepRun } from "./step";

export function warnOfClamp({ world, id }: Pick<StepRun, "world" | "id">, text: unknown): void {
  if (typeof text === "string" && isClamped(text))
    world.notes.add({
      kind: "clamped",
      step: id,
      duration: text,
      longest: `${WAIT_CAPS[text.slice(-1)]}${text.slice(-1)}`,
    });
}
