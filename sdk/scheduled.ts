// Whether a flow that needs a schedule is given to one in the same program. Check cannot see other resources, so the program tells it.
import { own } from "../provider/canonical/values";
import { triggerOf } from "../provider/canonical/canonical";

const NEEDS_SCHEDULE: ReadonlySet<unknown> = new Set(["batch", "schedule"]);

/** Schedules seen for one flow. */
export class SeenSchedules {
  private seen = false;
  private readonly triggerType: unknown;

  constructor(actions: unknown) {
    this.triggerType = own(own(triggerOf(actions)?.step, "config"), "type");
  }

  /** The type of a trigger that no schedule starts; nothing where one does, or where the type is not known in the program. */
  get unscheduledTrigger(): string | undefined {
    return typeof this.triggerType === "string" && !NEEDS_SCHEDULE.has(this.triggerType) ? this.triggerType : undefined;
  }

  /** A HogFlowSchedule was made for the flow. */
  note(): void {
    this.seen = true;
  }

  /**
   * What is known once the program has run up to its next pause, where it makes the schedules of its flows; nothing for flows that need none. One
   * that is made after a pause, or in another program, is not seen: hence a warning and no error.
   */
  answer(): Promise<boolean> | undefined {
    if (!NEEDS_SCHEDULE.has(this.triggerType)) return undefined;
    return new Promise((resolve) => setImmediate(() => resolve(this.seen)));
  }
}
