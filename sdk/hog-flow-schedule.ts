// The HogFlowSchedule resource: when a flow with a schedule or batch trigger runs.
import * as pulumi from "@pulumi/pulumi";
import { secretPaths, type OutputLeaf } from "./convert";
import { HogFlow } from "./hog-flow";
import { ownerOf } from "./owner";
import { DYNAMIC_TYPES } from "../definition/resource-types";
import { argumentFlags, outputNames, SCHEDULE_ARGUMENTS, SCHEDULE_FLAGS, SCHEDULE_OUTPUTS } from "../definition/flags";
import { pluginTarget, targetOf, type TargetArgs } from "./target";
import { siblingsOf } from "./scheduled";
import { given, shortStacks } from "./short-stacks";
import { registration, usesPlugin } from "./transport";

/** What a schedule takes: its flow, and when it runs. */
export interface HogFlowScheduleArgs extends TargetArgs {
  /**
   * The flow. Give the resource itself: the schedule then sees a changed audience, which pauses it in PostHog, and is recreated in the same `up`. With a bare id a pause is repaired after the next refresh.
   */
  flow: HogFlow | pulumi.Input<string>;
  /** Recurrence rule without DTSTART, such as `FREQ=WEEKLY;BYDAY=MO`; at most once an hour. */
  rrule: pulumi.Input<string>;
  /** First possible moment: local time of `timezone`, such as `2026-12-07T09:00:00`, or with an offset. The rule counts from here. */
  startsAt: pulumi.Input<string>;
  /** IANA zone in which the rule is read, so that 09:00 stays 09:00 when the clocks change. Default `UTC`. */
  timezone?: pulumi.Input<string>;
  /** Values for the flow's variables in these runs; they win over the variables' defaults. */
  variables?: Record<string, any>;
  /** Takes over this live schedule, `<flow id>/<schedule id>`, instead of creating one. Ignored once the resource exists. */
  adopt?: pulumi.Input<string>;
  /** The stamp of an edit made in PostHog, from the message that refused to overwrite it. */
  overwriteDrift?: pulumi.Input<string>;
  /**
   * Live schedules of the same flow that no resource manages and that somebody created on purpose, each as `unmanaged-schedule@<schedule id>`. Any other one stops
   * `up`, because everything is sent once for each schedule.
   */
  acknowledge?: readonly string[];
  /** Lets a changed host or project move the schedule: deleted there once its flow answers at the new target, and recreated. Default false: such a change is an error. */
  replaceOnMove?: boolean;
}

const ARGUMENTS: readonly (keyof HogFlowScheduleArgs)[] = [
  "flow",
  "rrule",
  "startsAt",
  "timezone",
  "variables",
  ...SCHEDULE_ARGUMENTS,
];

/** What a program may read from the resource. */
const OUTPUTS = outputNames(SCHEDULE_OUTPUTS);

/**
 * A schedule of a flow. A flow may have several. PostHog runs it only while the flow is active and has a batch or schedule trigger.
 *
 * Its id is `<flow id>/<schedule id>`. A rule with no dates left is not touched: it is not an error and is never recreated.
 *
 * @example
 * ```ts
 * new HogFlowSchedule("mondays", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
 * ```
 */
export class HogFlowSchedule extends pulumi.CustomResource {
  /** `active`, `paused` (PostHog paused it; a refresh shows why) or `completed` (the rule has run out). */
  declare readonly status: pulumi.Output<"active" | "paused" | "completed">;
  /** Next run, ISO 8601 in UTC; null until PostHog's scheduler has computed it, and while the flow is not active. */
  declare readonly nextRunAt: pulumi.Output<string | null>;
  /** Id of the schedule alone. */
  declare readonly scheduleId: pulumi.Output<string>;
  /** When the schedule was created: ISO 8601 in UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** When the schedule was last changed: ISO 8601 in UTC, exactly as PostHog returns it. */
  declare readonly updatedAt: pulumi.Output<string>;
  /** First possible moment, in UTC. */
  declare readonly startsAt: pulumi.Output<string>;
  declare readonly rrule: pulumi.Output<string>;

  /**
   * Reads an existing schedule, without managing it.
   * @param id `<flow id>/<schedule id>`
   * @example
   * ```ts
   * const mondays = HogFlowSchedule.get("mondays", "<flow id>/<schedule id>");
   * export const next = mondays.nextRunAt;
   * ```
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts: pulumi.CustomResourceOptions & TargetArgs = {},
  ): HogFlowSchedule {
    const { host, projectId, ...options } = opts;
    return new HogFlowSchedule(name, { host, projectId } as HogFlowScheduleArgs, { ...options, id });
  }

  constructor(name: string, args: HogFlowScheduleArgs, opts: pulumi.CustomResourceOptions = {}) {
    const flow = HogFlow.isInstance(args.flow) ? args.flow : undefined;
    flow?.seenSchedules?.note();
    const asked = { host: args.host ?? flow?.target.host, projectId: args.projectId ?? flow?.target.projectId };
    const target = usesPlugin() ? pluginTarget(asked) : targetOf(asked);
    let props: Record<string, unknown> = { ...OUTPUTS, rrule: undefined, startsAt: undefined, ...target };
    if (opts.id === undefined) {
      const unknown = Object.keys(args).filter((key) => !(ARGUMENTS as readonly string[]).includes(key));
      const findings: object[] = unknown.map((key) => ({
        path: [key],
        what: `\`${key}\` is not an argument of HogFlowSchedule`,
        fix: `Arguments are ${ARGUMENTS.join(", ")}`,
      }));
      const trigger = flow?.seenSchedules?.unscheduledTrigger;
      if (trigger !== undefined) findings.push(unscheduled(trigger));
      props = {
        ...OUTPUTS,
        ...given({
          flowId: flow ? flow.id : args.flow,
          triggerFingerprint: flow?.triggerFingerprint,
          rrule: args.rrule,
          startsAt: args.startsAt,
          timezone: args.timezone,
          variables: args.variables,
          secretPaths: secretPaths(outputsIn(args.variables, ["variables"])),
          ...argumentFlags(SCHEDULE_FLAGS, { ...args }),
          ...target,
          owner: ownerOf(name, DYNAMIC_TYPES.schedule, opts.parent),
          siblings: siblingsOf(name, flow?.seenSchedules ?? args.flow),
          findings: findings.length > 0 ? findings : undefined,
        }),
      };
    }
    const { type, props: more, options } = registration("schedule", opts);
    const stacks = shortStacks();
    try {
      super(type, name, { ...props, ...more }, options);
    } catch (error) {
      throw stacks.completed(error);
    } finally {
      stacks.end();
    }
  }
}

const unscheduled = (trigger: string): object => ({
  rule: "schedule-trigger",
  path: ["flow"],
  what: `the flow has a trigger of type ${trigger}, which no schedule can start`,
  why: "PostHog accepts the schedule, but it never fires",
  fix: "Give the flow a trigger of type schedule (runs without a person) or batch (one run for each person of an audience), or remove the HogFlowSchedule",
});

function outputsIn(value: unknown, path: (string | number)[]): OutputLeaf[] {
  if (pulumi.Output.isInstance(value)) return [{ path, output: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    outputsIn(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
