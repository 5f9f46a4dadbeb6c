// Composition: steps as plain values, in the order of running.
export { email, type EmailOptions, type MessageOptions, type Recipient, type Sender } from "./email";
export { push, sms, type PushOptions, type SmsOptions } from "./messages";
export {
  destination,
  slack,
  webhook,
  type DestinationOptions,
  type SlackOptions,
  type WebhookOptions,
} from "./destinations";
export {
  delay,
  delayUntil,
  timeWindow,
  waitUntil,
  type DelayOptions,
  type DelayUntilOptions,
  type NamedEvent,
  type TimeWindowOptions,
  type WaitUntilOptions,
} from "./time";
export {
  branch,
  exit,
  goTo,
  nothing,
  otherwise,
  share,
  split,
  when,
  type ExitOptions,
  type WhenOptions,
} from "./paths";
export { action, type ActionOptions } from "./action";
export {
  on,
  type BatchOptions,
  type EventTriggerOptions,
  type GitHubTriggerOptions,
  type ManualTriggerOptions,
  type SlackTriggerOptions,
  type TrackingPixelOptions,
  type Trigger,
  type TriggerOptions,
  type WarehouseOptions,
  type WebhookTriggerOptions,
} from "./triggers";
export type { ResultOptions, StepOptions } from "./options";
export type { Branch, Entries, Entry, Item, Nothing, Path, Step } from "./shape";
