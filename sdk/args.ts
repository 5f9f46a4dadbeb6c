// The arguments of HogFlow: the definition in one of its forms, and how the resource treats the live flow.
import type * as pulumi from "@pulumi/pulumi";
import type { CheckedSteps } from "./steps/checks";
import type { Goal } from "./steps/goal";
import type { Entries } from "./steps/shape";
import type { Trigger } from "./steps/triggers";
import type { StoredSecret, Variables } from "./values";
import { FLOW_ARGUMENTS, type FlowArgument } from "../definition/flags";
import { nearest } from "../definition/schema/names";
import { flowSettings } from "../definition/schema/schemas";
import type {
  Action,
  Conversion,
  EmailSendingRateLimit,
  ExitCondition,
  FlowStatus,
  Json,
  Leftover,
  OriginProduct,
  TriggerMasking,
  Variable,
} from "../definition/schema/types";
import type { Leaves, StepArgs } from "./inputs";
import type { TargetArgs } from "./target";

/** A step of `actions`. Its structure is plain; its texts, numbers and values may be outputs. */
export type ActionArgs = StepArgs<Action>;

/** What a flow has in addition to its steps, in every form. */
export interface CommonSettings extends TargetArgs {
  /** Title in PostHog, at most 400 characters. Default: the resource's name. */
  name?: pulumi.Input<string>;
  /** Text for people. Default: empty. One line is added that says who manages the flow; see `marker`. */
  description?: pulumi.Input<string>;
  /** Default: created as a draft; after that, whatever it is in PostHog. If you set it, a change in PostHog is drift. */
  status?: Leaves<FlowStatus>;
  /** When a run ends early. Default `exit_on_conversion`. */
  exitCondition?: Leaves<ExitCondition>;
  /** Lets the same person start the flow only now and then. Default: always. */
  triggerMasking?: Leaves<TriggerMasking>;
  /** Slows e-mail down. Default: as fast as the project may. */
  emailSendingRateLimit?: Leaves<EmailSendingRateLimit>;
  /** Edges and variables that the steps cannot say. Pasted definitions may need it; hand-written ones do not. */
  leftover?: Leaves<Leftover>;
  /**
   * Where PostHog lists and edits the flow instead of among the workflows: as a Loop, or as a broadcast. Sent when the flow is created, and never again,
   * because PostHog does not let it change; a change of it, or a flow that is adopted, shows no difference. Default: a workflow, or what `origin_product`
   * of a pasted definition says.
   */
  originProduct?: OriginProduct;
  /** Keys of the flow that this version does not know, sent as they are under PostHog's own names. */
  extra?: Record<string, Json>;

  /**
   * Takes over the live flow with this id instead of creating one. Preview lists what differs. A flow that is equal gets the marker and no other write,
   * unless the program gives a value for a secret that PostHog has stored: that value is written too. A flow that another stack or resource manages is refused, unless `adoptFrom` names it. Ignored once the resource exists.
   */
  adopt?: pulumi.Input<string>;
  /**
   * Takes the flow over from the owner that its marker names: `"<project>/<stack>"`, the name of this stack for a move between two of its resources. Holds for
   * the adoption, or for the update in which it is new; `"<project>/<stack>/<resource>"` means the same, and is new where the other has been used. For a
   * renamed project or stack, set `posthog:adoptFrom` in the stack's configuration instead.
   */
  adoptFrom?: pulumi.Input<string>;
  /**
   * What `destroy` does. `archive` keeps the flow, switched off, in PostHog's archive. Default `delete`, and `archive` for a flow that came by `adopt`.
   */
  onDelete?: "delete" | "archive";
  /**
   * Paths that belong to PostHog's editor, such as `actions.welcome.config.inputs.email.value.subject`: the program gives their first value, and edits
   * of them are neither drift nor overwritten. A replacement is created with their last values.
   */
  editorOwns?: readonly string[];
  /** The stamp of an edit made in PostHog, from the message that refused to overwrite it. Overwrites only that edit. */
  overwriteDrift?: pulumi.Input<string>;
  /** The stamp of a staged draft, from the warning about it. Drops that draft and no later one. */
  discardStagedDraft?: pulumi.Input<string>;
  /**
   * Applies a change that would move or eject people (a step removed, renamed or rewired, a goal, an exit condition or conditions changed, the flow
   * switched off, replaced or deleted) only if nobody is in flight; otherwise `up` or `destroy` fails and changes nothing. What counts is the status
   * that PostHog has, and refuses when PostHog cannot count. PostHog counts people for a staged draft alone, so the change is staged, counted, and
   * published or dropped. A deletion uses what the last `up` put into the state. Default false: preview says by step what happens to them.
   */
  protectInFlight?: boolean;
  /**
   * Warnings that are intended: names of rules, as in the brackets at the end of each warning, with or without a path, such as
   * `loop@actions.remind`. They are not shown any more. Errors cannot be acknowledged.
   */
  acknowledge?: readonly string[];
  /**
   * Lets a changed host or project move the flow: preview asks the new target, `up` creates a draft there, deletes the flow where it was with everybody
   * who is in it, and activates the draft. What the new target refuses deletes nothing. Default false: such a change is an error.
   */
  replaceOnMove?: boolean;
  /**
   * The line in the description that says who manages the flow. It keeps other stacks from changing or deleting the flow, and lets the next run find what an
   * interrupted run created. Default true.
   */
  marker?: boolean;
}

/** What a flow in keyed or pasted form has in addition to its steps. */
export interface HogFlowSettings extends CommonSettings {
  /** The goal. Default: none. */
  conversion?: Leaves<Conversion>;
  /** Variables by key; all together at most 5,120 bytes. */
  variables?: Record<string, Leaves<Variable>>;
}

/**
 * Steps in the order in which they run, nested where the flow branches. Ids are the first arguments; the wiring is derived.
 *
 * @example
 * ```ts
 * new HogFlow("hello", { trigger: on.event("user signed up"), steps: [email("welcome", { from: team, subject: "Welcome!", text: "Good to have you." })] });
 * ```
 */
export interface StepsForm<S extends Entries = Entries> {
  /** What starts a run: `on.event(…)` and others. */
  trigger: Trigger;
  steps: CheckedSteps<S>;
  /** The goal. Default: none. */
  conversion?: Goal;
  /** Variables, by `variables({ … })`; all together at most 5,120 bytes. */
  variables?: Variables;
  actions?: undefined;
  definition?: undefined;
  secrets?: undefined;
}

/** Steps by id, wired by `next` and `branches`. Exactly one is of type `trigger`. */
export interface KeyedForm {
  actions: Record<string, ActionArgs>;
  trigger?: undefined;
  steps?: undefined;
  definition?: undefined;
  secrets?: undefined;
}

/**
 * The JSON that PostHog returns for a flow (snake_case, lists), pasted or imported. Read-only members are ignored. Its JSON Schema is shipped as
 * `pulumi-hogflow/definition.schema.json`.
 */
export interface PastedDefinition {
  readonly actions: readonly object[];
  readonly edges?: readonly object[];
  readonly [key: string]: unknown;
}

/** A flow as PostHog returns it. Fields next to it override those inside. */
export interface PastedForm {
  definition: PastedDefinition;
  /** Values of secrets, by step id and input; the JSON only says `{"secret": true}` in their place, and `stored()` keeps what is stored. */
  secrets?: Record<string, Record<string, pulumi.Input<string> | StoredSecret>>;
  actions?: undefined;
  trigger?: undefined;
  steps?: undefined;
}

/** What `new HogFlow` takes: lifecycle flags, and the definition in one of three forms. For a value of it, use `defineFlow`, which checks ids and jumps. */
export type HogFlowArgs<S extends Entries = Entries> =
  (CommonSettings & StepsForm<S>) | (HogFlowSettings & (KeyedForm | PastedForm));

// A field of the flow or a flag without an argument does not compile, nor does an argument that is neither.
const SETTINGS = flowSettings.shape satisfies Record<Exclude<keyof HogFlowSettings, FlowArgument>, unknown>;
const FORMS = ["trigger", "steps", "actions", "definition", "secrets"];
const ARGUMENTS: readonly string[] = [
  ...FORMS,
  ...([
    ...(Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]),
    ...FLOW_ARGUMENTS,
  ] satisfies readonly (keyof HogFlowSettings)[]),
];

/** The names of all arguments, for programs that nobody has type-checked. */
export const definitionArgsKeys = {
  known: ARGUMENTS,
  nearest: (key: string): string | undefined => nearest(key, ARGUMENTS),
};
