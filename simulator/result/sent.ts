// What a run sends: messages, messages that were skipped, and requests.

/** An expression of a text that had nothing to show, or showed its default. */
export interface Unfilled {
  /** Of what: `subject`, `html`, `text`; of other steps the name of the input. */
  part: string;
  /** As the flow writes it, such as `{{ person.properties.first_name | default: "there" }}`. */
  expression: string;
  /** What is sent in its place: the default, or nothing. */
  shows: string;
  /** Where in that part: each index at which it is sent. Absent where it is not known, as of what a text keeps for later, and of Hog. */
  at?: number[];
}

/** A message as it would be sent. */
export interface Message {
  /** The number of its run, from 0. */
  run: number;
  /** Id of the step that sends it. */
  step: string;
  /** The step's title. */
  stepName: string;
  /** How it is sent. */
  channel: "email" | "sms" | "push";
  /** ISO in UTC. */
  at: string;
  /** Milliseconds since the run's start. */
  after: number;
  /** Address as it was rendered, number, or for a push the distinct id. */
  to: string;
  /** The recipient's name, of an e-mail that has one. */
  toName?: string;
  /** Of an e-mail, as one line; the title of a push. */
  subject?: string;
  /** Of an e-mail, rendered; absent when it is empty. */
  html?: string;
  /** Rendered; absent when it is empty. */
  text?: string;
  /** Of an e-mail that has one: the text that mailboxes show beside the subject, rendered. */
  preheader?: string;
  /** The text that a recipient reads: `html`, else `text`. */
  body: string;
  /**
   * Of several senders in `integrationIds`, `integrationId` is the one that this run always takes. `email` is an address of the flow's own, or the sender's
   * where the scenario's `senders` says it. Of a push, `channels` are those that it reached.
   */
  sender: {
    integrationIds?: number[];
    integrationId?: number;
    email?: string;
    name?: string;
    number?: string;
    channels?: number[];
  };
  /** Rendered, where the step has it. */
  replyTo?: string;
  /** Addresses, separated by commas. */
  cc?: string;
  /** Addresses, separated by commas. */
  bcc?: string;
  /** Transactional messages also reach people who opted out. */
  categoryType: "marketing" | "transactional";
  /** The category's id. */
  category?: string;
  /** Whether opens and clicks are tracked. */
  tracked?: boolean;
  /** What had nothing to show in it, or showed a default. Absent when all of it is filled. */
  unfilled?: Unfilled[];
}

/** A message that was not sent although its step ran. */
export interface SkippedMessage {
  /** The number of its run, from 0. */
  run: number;
  /** Id of the step. */
  step: string;
  /** The step's title. */
  stepName: string;
  /** How it would have gone out. */
  channel: "email" | "sms" | "push";
  /** ISO in UTC. */
  at: string;
  /** Milliseconds since the run's start. */
  after: number;
  /** Address, number, or for a push the distinct id. */
  to: string;
  /** Why, in words. */
  reason: string;
}

/** A request of a function step as it would be made. */
export interface SentRequest {
  /** The number of its run, from 0. */
  run: number;
  /** Id of the step that sends it. */
  step: string;
  /** The step's title. */
  stepName: string;
  /** The template, such as `template-webhook`. */
  template: string;
  /** Of the first try; ISO in UTC. */
  at: string;
  /** Of the first try, in milliseconds since the run's start. */
  after: number;
  /** Of `template-webhook` and `template-slack`; for other templates, their program decides what is sent. */
  url?: string;
  /** In upper case, as it is sent. */
  method?: string;
  /** As they are sent: without those with a value that is not a text, and with a JSON Content-Type only where the step gives no headers. */
  headers?: Record<string, string>;
  /** Rendered; text or what is sent as JSON. Absent when nothing is sent: for GET and HEAD, and for an input that is absent, null or empty. A date alone is Hog's own object. */
  body?: unknown;
  /** All inputs, rendered; secret ones are left out. */
  inputs: Record<string, unknown>;
  /** What had nothing to show in them, or showed a default. Absent when all of them are filled. */
  unfilled?: Unfilled[];
  /** How often it was tried. */
  attempts: number;
  /** Of the last answer; 500 when there was none. */
  status: number;
  /** The body of the last answer. */
  answer: unknown;
}
