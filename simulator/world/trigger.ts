// What starts the flow, by its kind of trigger (run time §1.1).
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import type { Filters } from "../../definition/schema/types";
import type { KnownPerson } from "../filters/globals";
import type { Trigger } from "../input/signals";
import { ingest, row } from "./arrivals";
import { planOccurrences } from "./audience";
import type { FlowModel } from "./flow-model";
import { RANK } from "./queue";
import type { World } from "./state";
import { requested } from "./webhook";

/** The scenario has nothing that starts this kind of flow. */
export class DoesNotStart extends Error {
  override readonly name = "DoesNotStart";
}

export function planTrigger(world: World, everybody: readonly KnownPerson[]): void {
  const { trigger } = world.live.model;
  const startedBy = triggerKindOf(trigger.type)?.startedBy;
  const given = world.scenario.trigger;
  if (startedBy === "schedule") {
    if (given !== undefined)
      throw new DoesNotStart(
        `A schedule starts a ${trigger.type} trigger: leave out \`trigger\`, and give \`schedule\` for more than one start`,
      );
    return planOccurrences(world, everybody);
  }
  const act = (what: () => void): void => world.queue.push(world.start, RANK.event, { kind: "do", act: what });
  const signal: Trigger = given ?? defaultTrigger(world.live.model);
  if (typeof signal === "object" && "request" in signal) {
    if (startedBy !== "request")
      throw new DoesNotStart(`A request does not start a ${trigger.type} trigger; give the event's name`);
    return act(() => requested(world, signal.request));
  }
  const isRow = typeof signal === "object" && "row" in signal;
  if (isRow !== (startedBy === "row"))
    throw new DoesNotStart(
      isRow
        ? `A row does not start a ${trigger.type} trigger`
        : `A row starts a ${trigger.type} trigger: \`trigger: { row: { … } }\``,
    );
  if (isRow) return act(() => row(world, signal.row));
  const event = typeof signal === "string" ? { event: signal } : signal;
  act(() => ingest(world, event, true));
}

/** The one event that the trigger names. */
function defaultTrigger({ trigger }: FlowModel): Trigger {
  const filters = "filters" in trigger ? (trigger.filters as Filters | undefined) : undefined;
  const id = filters?.events?.[0]?.id;
  if (trigger.type === "event" && typeof id === "string") return id;
  const example =
    {
      event: `"user signed up"`,
      webhook: `{ request: { body: { … } } }`,
      manual: `{ request: { body: { user_id: "…" } } }`,
      tracking_pixel: `{ request: { query: { … } } }`,
      "internal-event": `{ event: "$slack_message_received", properties: { … } }`,
    }[trigger.type as string] ?? "{ row: { … } }";
  throw new DoesNotStart(`Say what starts the flow: \`trigger: ${example}\``);
}
