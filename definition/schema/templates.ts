// What is fixed about PostHog's templates: which ids belong to which kind, and which inputs are secrets (API §2.3, §3).
import { table } from "./table";

/** The one template of a message step (API §2.3, row 12). */
export const MESSAGE_TEMPLATES = table({
  function_email: "template-email",
  function_sms: "template-twilio",
  function_push: "template-native-push",
});

/** The template that a trigger takes when it names none. */
export const TRIGGER_TEMPLATES = table({
  webhook: "template-source-webhook",
  manual: "template-source-webhook",
  tracking_pixel: "template-source-webhook-pixel",
});

/** Inputs that PostHog stores encrypted and never returns (API §2.3.3). */
export const SECRET_INPUTS = table<readonly string[]>({
  "template-webhook": ["signing_secret"],
  "template-source-webhook": ["auth_header"],
});

/** Triggers whose flows are always `exit_only_at_end` (API §2.3, row 4). */
export const ROW_SCOPED_TRIGGERS: ReadonlySet<string> = new Set([
  "data-warehouse-table",
  "data-warehouse-view",
  "internal-event",
]);

/** Triggers that have a public URL (run time §1.4). */
export const WEBHOOK_TRIGGERS: ReadonlySet<string> = new Set(["webhook", "manual", "tracking_pixel"]);
