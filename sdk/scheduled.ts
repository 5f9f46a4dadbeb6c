// Whether a flow that needs a schedule is given to one in the same program. Check cannot see other resources, so the program passes it on.
import * as pulumi from "@pulumi/pulumi";
import { own } from "../definition/canonical/values";
import { triggerOf } from "../definition/canonical/canonical";
import { triggerKindOf } from "../definition/schema/trigger-kinds";

/** The flow of a schedule: what its HogFlow notes of its schedules, or an id. */
export type FlowOfSchedule = object | pulumi.Input<string>;

/** What each program of the process has made so far. A process may run several, one after the other. */
interface Made {
  flows: number;
  schedules: { name: string; flow: FlowOfSchedule }[];
}
const made = new WeakMap<object, Made>();
const NO_STACK = {};

function ofProgram(): Made {
  const stack = pulumi.runtime.getStackResource() ?? NO_STACK;
  const known = made.get(stack) ?? { flows: 0, schedules: [] };
  made.set(stack, known);
  return known;
}

/** Whether both may be schedules of one flow. An id that is not known in the program may be any flow's. */
const maySame = (a: FlowOfSchedule, b: FlowOfSchedule): boolean =>
  a === b || [a, b].some((flow) => pulumi.Output.isInstance(flow) || flow instanceof Promise);

/** Answers once the program has run up to its next pause. */
const atPause = <T>(answer: () => T): Promise<T> => new Promise((resolve) => setImmediate(() => resolve(answer())));

/** How many HogFlows with a marker the program has made by its next pause: a run with `--target` comes to fewer of them. */
export function flowsOfProgram(): Promise<number> {
  const program = ofProgram();
  program.flows += 1;
  return atPause(() => program.flows);
}

/** Takes note of a schedule; answers the names of all that may be of the same flow, its own among them. */
export function siblingsOf(name: string, flow: FlowOfSchedule): Promise<string[]> {
  const program = ofProgram();
  program.schedules.push({ name, flow });
  return namesFor(program, flow);
}

const namesFor = (program: Made, flow: FlowOfSchedule): Promise<string[]> =>
  atPause(() => program.schedules.filter((other) => maySame(other.flow, flow)).map((other) => other.name));

const needsSchedule = (triggerType: unknown): boolean => triggerKindOf(triggerType)?.startedBy === "schedule";

/** Schedules seen for one flow. */
export class SeenSchedules {
  private seen = false;
  private readonly triggerType: unknown;

  constructor(actions: unknown) {
    this.triggerType = own(own(triggerOf(actions)?.step, "config"), "type");
  }

  /** The type of a trigger that no schedule starts; nothing where one does, or where the type is not known in the program. */
  get unscheduledTrigger(): string | undefined {
    return typeof this.triggerType === "string" && !needsSchedule(this.triggerType) ? this.triggerType : undefined;
  }

  /** A HogFlowSchedule was made for the flow. */
  note(): void {
    this.seen = true;
  }

  /** The names of its schedules, once they are known; nothing for a flow that no schedule starts. */
  names(): Promise<string[]> | undefined {
    return needsSchedule(this.triggerType) ? namesFor(ofProgram(), this) : undefined;
  }

  /**
   * What is known once the program has run up to its next pause, where it makes the schedules of its flows; nothing for flows that need none. One
   * that is made after a pause, or in another program, is not seen: hence a warning and no error.
   */
  answer(): Promise<boolean> | undefined {
    if (!needsSchedule(this.triggerType)) return undefined;
    return new Promise((resolve) => setImmediate(() => resolve(this.seen)));
  }
}
