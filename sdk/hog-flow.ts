// The HogFlow resource: a workflow of PostHog.
import * as pulumi from "@pulumi/pulumi";
import type { HogFlowArgs } from "./args";
import { secretPaths } from "./convert";
import { flowInputs } from "./flow-inputs";
import { flowsOfProgram, type SeenSchedules } from "./scheduled";
import { triggerFingerprint } from "../definition/canonical/fingerprint";
import { triggerOf } from "../definition/canonical/canonical";
import { DYNAMIC_TYPES } from "../definition/resource-types";
import type { FlowStatus } from "../definition/schema/types";
import type { Entries } from "./steps/shape";
import { given, shortStacks } from "./short-stacks";
import { ownerOf } from "./owner";
import { FLOW_OUTPUTS, outputNames } from "../definition/flags";
import { pluginTarget, resourceTarget, targetOf, type Target, type TargetArgs } from "./target";
import { registration, usesPlugin } from "./transport";

const TYPE = "HogFlow";
const BRAND = "__pulumiHogflow";

/** A PostHog workflow that the program manages or reads. */
export interface HogFlow extends pulumi.CustomResource {
  /** Live status: `draft`, `active` or `archived`. */
  readonly status: pulumi.Output<FlowStatus>;
  /** Version of the content in PostHog; a change of title, description or status does not raise it. */
  readonly version: pulumi.Output<number>;
  /** Address of the flow in PostHog's editor. */
  readonly url: pulumi.Output<string>;
  /** Address that starts the flow; only with a webhook, manual or tracking-pixel trigger. */
  readonly webhookUrl: pulumi.Output<string | undefined>;
  /** When the flow was created: ISO 8601 in UTC. */
  readonly createdAt: pulumi.Output<string>;
  /** When the flow was last saved, by anyone: ISO 8601 in UTC, exactly as PostHog returns it. */
  readonly updatedAt: pulumi.Output<string>;
  /** Types of the flow's steps that PostHog bills: those that send a message or call a service. */
  readonly billableActionTypes: pulumi.Output<string[]>;
  /** The staged draft that somebody left in PostHog's editor, if any. */
  readonly stagedDraft: pulumi.Output<{ updatedAt: string } | undefined>;

  /** What a schedule of this flow remembers of its audience. @internal */
  readonly triggerFingerprint: pulumi.Input<string> | undefined;
  /** Takes note of its schedules. @internal */
  readonly seenSchedules: SeenSchedules | undefined;
  /** Where the flow lives. @internal */
  readonly target: Target;
}

/** How flows are made: what the name `HogFlow` means in a program. */
export interface HogFlowConstructor {
  /**
   * @param name Logical name in this stack, and the default of the title.
   * @param args The definition in one of its forms (`trigger` and `steps`, `actions`, or `definition`), and settings.
   */
  new <const S extends Entries>(name: string, args: HogFlowArgs<S>, opts?: pulumi.CustomResourceOptions): HogFlow;
  readonly prototype: HogFlow;

  /** Whether this is a HogFlow, also one of another copy of the package. */
  isInstance(value: unknown): value is HogFlow;

  /**
   * Reads an existing flow by its id, without managing it.
   * @param name Logical name in this stack.
   * @param id Id of the flow, from its address in PostHog.
   * @param opts Resource options, and where the flow lives if not at the stack's configured host and project.
   * @example
   * ```ts
   * const other = HogFlow.get("other", "0198c0de-0000-7000-8000-000000000001");
   * export const state = other.status;
   * ```
   */
  get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions & TargetArgs): HogFlow;
}

/** What a program may read from the resource. Pulumi makes a property of each name that is given, whatever its value. */
const OUTPUTS = { status: undefined, host: undefined, projectId: undefined, ...outputNames(FLOW_OUTPUTS) };

class HogFlowResource extends pulumi.CustomResource {
  readonly triggerFingerprint: pulumi.Input<string> | undefined;
  readonly seenSchedules: SeenSchedules | undefined;
  readonly target: Target;

  static override isInstance(value: unknown): value is HogFlow {
    return typeof value === "object" && value !== null && (value as Record<string, unknown>)[BRAND] === TYPE;
  }

  static get(name: string, id: pulumi.Input<pulumi.ID>, opts: pulumi.CustomResourceOptions & TargetArgs = {}): HogFlow {
    const { host, projectId, ...options } = opts;
    return new HogFlow(name, { host, projectId } as HogFlowArgs, { ...options, id });
  }

  constructor(name: string, args: HogFlowArgs, opts: pulumi.CustomResourceOptions = {}) {
    const isPlugin = usesPlugin();
    const target = isPlugin ? pluginTarget(args) : targetOf(args);
    let fingerprint: pulumi.Input<string> | undefined;
    let schedules: SeenSchedules | undefined;
    let props: Record<string, unknown> = { ...OUTPUTS, ...target };
    if (opts.id === undefined) {
      const { inputs, outputs: leaves, definition, schedules: seen } = flowInputs(args, name);
      schedules = seen;
      fingerprint = fingerprintOf(definition["actions"]);
      props = {
        ...OUTPUTS,
        ...given({
          ...inputs,
          ...target,
          secretPaths: secretPaths(leaves),
          flows: args.marker === false ? undefined : flowsOfProgram(),
          __schedules: seen.names(),
          // A plugin knows the owner by itself.
          marker: isPlugin && args.marker === false ? false : undefined,
          owner: args.marker === false ? undefined : ownerOf(name, DYNAMIC_TYPES.flow, opts.parent),
        }),
      };
    }
    const { type, props: more, options } = registration("flow", opts);
    const stacks = shortStacks();
    try {
      super(type, name, { ...props, ...more }, options);
    } catch (error) {
      throw stacks.completed(error);
    } finally {
      stacks.end();
    }
    this.target = isPlugin ? resourceTarget(this) : target;
    this.triggerFingerprint = fingerprint;
    this.seenSchedules = schedules;
    // As an input, `status` is what the program says, if anything; as an output, it is what is live.
    Object.assign(this, { status: (this as unknown as { liveStatus: pulumi.Output<FlowStatus> }).liveStatus });
    Object.defineProperty(this, BRAND, { value: TYPE });
  }
}

/**
 * A PostHog workflow ("hog flow"), kept in code: created as a draft and then activated, updated in place, and compared with the live workflow on
 * every `pulumi refresh`, step by step.
 *
 * The flow is given as `trigger` and `steps`, in the order of running; or as `actions`, a map of steps by id that is wired by hand; or as `definition`,
 * the JSON that PostHog returns. A step's id is what people in flight hold on to: its title, its position and its texts may change freely.
 *
 * Errors: preview reports all findings about the definition at once, each with its path. An edit made in PostHog since the last `up` or `refresh` is
 * never overwritten unseen.
 *
 * @example
 * ```ts
 * const welcome = new HogFlow("welcome", {
 *   status: "active",
 *   trigger: on.event("user signed up"),
 *   steps: [
 *     delay("let_them_try", "1h"),
 *     email("welcome", { from: { integrationId: 7 }, subject: "Welcome!", text: "Good to have you." }),
 *   ],
 * });
 * export const editor = welcome.url;
 * ```
 */
export const HogFlow = HogFlowResource as object as HogFlowConstructor;
// What messages and debuggers call it.
Object.defineProperty(HogFlowResource, "name", { value: TYPE });

/** Computed here from what is sent: in preview, the outputs of a changed flow are not known (design L10). */
function fingerprintOf(actions: unknown): pulumi.Input<string> | undefined {
  const trigger = triggerOf(actions)?.step;
  return trigger === undefined
    ? undefined
    : pulumi.output(trigger as Record<string, unknown>).apply((step) => triggerFingerprint(step));
}
