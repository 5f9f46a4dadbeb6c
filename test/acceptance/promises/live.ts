// With --live: a flow is made active, and somebody waits in it. It sends nothing: its only step is a wait.
import type { Promised } from "../promise";
import { Untried } from "../promise";
import { delay, eventTrigger, exit } from "../../support/flows";
import { contentOf, flow, program } from "./programs";

const EVENT = "hogflow acceptance";
const IN_FLIGHT_S = 120;

export const LIVE_PROMISES: readonly Promised[] = [
  {
    id: "in-flight",
    says: "With protectInFlight, a flow is not changed while that would move somebody who is in it",
    page: "docs/operating.md",
    live: true,
    async keeps(world) {
      const waiting = (id: string): string =>
        flow("waiting", {
          name: world.title("waiting"),
          status: "active",
          protectInFlight: true,
          actions: {
            trigger_node: eventTrigger(id, `${EVENT} ${world.mark}`),
            [id]: delay("exit_node", "30d"),
            exit_node: exit,
          },
        });
      const stack = await world.stack({ program: program(waiting("pause")) });
      await world.succeeds("pulumi up", () => stack.up());
      const { id } = await world.flow("waiting");
      await world.capture(`${EVENT} ${world.mark}`);
      await world
        .until(
          "a run",
          async () => (await world.posthog.ask("GET", `${id}/invocation_results_count/`)).body?.count > 0,
          IN_FLIGHT_S,
        )
        .catch(() => {
          throw new Untried(`an event was sent, and nobody came into the flow within ${IN_FLIGHT_S} s`);
        });
      world.note(`an event and the person "${world.mark}" stay in the project`);
      const before = await world.posthog.read(id);
      await stack.writeProgram(program(waiting("other_pause")));
      const refused = await world.fails("an up that ejects somebody", () => stack.up());
      world.holds(/in this flow|in flight/.test(refused.output), "the refusal does not speak of people in the flow");
      const after = await world.posthog.read(id);
      world.holds(after["status"] === "active" && contentOf(after) === contentOf(before), "the flow was changed");
    },
  },
];
