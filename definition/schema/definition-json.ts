// What the pasted form of a definition, the JSON that PostHog returns, has in addition to the keyed form. The build makes its JSON Schema of types.ts, of the limits in
// schemas.ts, and of these: `XJson` adds keys to `X`, by their names on the wire. Every docstring is what somebody reads while hovering.
import type { OutputVariable, TemplateInput } from "./types";

/** A workflow as PostHog's API returns it. Keys that PostHog makes may stay; they are ignored. */
export interface FlowDefinitionJson {
  /** Where the JSON Schema of this file is. For editors; never sent. */
  $schema?: string;
  /** The edges from step to step, in any order. Of two edges of one kind from one step the first counts. */
  edges?: EdgeJson[];
  /** Where PostHog lists and edits the flow: loops, broadcasts, or null for the workflows. Sent when the flow is created, and ignored afterwards. */
  origin_product?: string | null;
  /**
   * Made by PostHog; ignored. Counts the changes of content.
   * @TJS-type integer
   */
  version?: number;
  /** Made by PostHog; ignored: a copy of the trigger step's config. */
  trigger?: unknown;
  /** Made by PostHog; ignored. Schedules are separate resources: HogFlowSchedule. */
  schedules?: unknown;
  /** Made by PostHog; ignored: content that is staged and not published. */
  draft?: unknown;
  /** Made by PostHog; ignored: where people of removed steps went. */
  action_redirects?: unknown;
}

/** An edge from one step to another. */
export interface EdgeJson {
  /** Id of the step that it starts at. */
  from: string;
  /** Id of the step that it leads to. */
  to: string;
  /** continue: the edge to the next step, also without a match or after a timeout. branch: the edge for the condition or share of the same index. */
  type: "continue" | "branch";
  /**
   * Of a branch: the index of its condition or share, from 0; for a wait, 0.
   * @TJS-type integer
   */
  index?: number;
}

/** What every step has. */
export interface StepBaseJson {
  /**
   * Identity of the step, unique in the flow. People in flight and stored secrets depend on it, so keep it when the step changes.
   * @minLength 1
   * @maxLength 200
   */
  id: string;
  /** Variables that take the step's result; a bare text is the name of one. Default: none. */
  output_variable?: string | OutputVariable | (string | OutputVariable)[] | null;
  /** Kept by PostHog's editor, in milliseconds; ignored. */
  created_at?: number | null;
  /** Kept by PostHog's editor, in milliseconds; ignored. */
  updated_at?: number | null;
}

export interface VariableJson {
  /** Name of the variable, unique in the flow. */
  key: string;
}

export interface ConversionJson {
  /** Null in older exports; ignored. */
  window_minutes?: null;
}

export interface EventTriggerConfigJson {
  /** An older place of filters.filter_test_accounts, to which PostHog moves it. */
  filter_test_accounts?: boolean | null;
}

export interface EmailConfigJson {
  /** email: sender, recipient, subject and body. */
  inputs?: EmailInputs;
}

/** The inputs of an e-mail step. */
export interface EmailInputs {
  /** Sender, recipient, subject and body. */
  email?: EmailInput;
  [name: string]: TemplateInput | undefined;
}

/** The e-mail, and the language of its templates. */
export interface EmailInput extends TemplateInput {
  /** Sender, recipient, subject and body. */
  value?: EmailValue;
}

/** An e-mail. Texts may hold templates. */
export interface EmailValue {
  /** Sender. */
  from?: EmailSender;
  /** Recipient: an object with email, usually {{ person.properties.email }}, and name. PostHog takes a text, too, and its worker sends nothing then. */
  to?: unknown;
  /** Subject line. */
  subject?: string;
  /** Text that mail programs show beside the subject. */
  preheader?: string;
  /** Body as plain text. */
  text?: string;
  /** Body as HTML. Needed: "" where there is only text. */
  html?: string;
  /** Document of PostHog's visual editor. Without one PostHog makes one from html, which is ignored here. */
  design?: unknown;
  /** Addresses for answers: one text, with commas between them. */
  replyTo?: unknown;
  /** Further recipients: one text, with commas between them. */
  cc?: unknown;
  /** Further recipients that the others do not see: one text, with commas between them. */
  bcc?: unknown;
}

/** The sender of an e-mail. */
export interface EmailSender {
  /**
   * Id of the e-mail integration. Needed: without it PostHog's worker sends nothing.
   * @TJS-type integer
   */
  integrationId?: number;
  /**
   * Several integrations that share the sending; the first should be integrationId, too.
   * @maxItems 10
   */
  integrationIds?: number[];
  /** Address, where it is not the integration's own. */
  email?: string;
  /** Name, where it is not the integration's own. */
  name?: string;
}
