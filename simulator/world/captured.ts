// Events that PostHog captures itself, such as opened e-mails and conversions (run time §3.9, §4.2): none arrives unless the scenario has it.
import type { Filters } from "../../definition/schema/types";
import type { World } from "./state";

const CAPTURED = /^\$workflows_/;

/** Names those among the awaited that the scenario does not give. */
export function noteCaptured(world: World, awaited: readonly { filters?: Filters }[]): void {
  const given = new Set((world.scenario.events ?? []).map(({ event }) => event));
  for (const { filters } of awaited) {
    for (const { id } of filters?.events ?? []) {
      if (typeof id === "string" && CAPTURED.test(id) && !given.has(id))
        world.notes.add({ kind: "captured_event", event: id });
    }
  }
}
