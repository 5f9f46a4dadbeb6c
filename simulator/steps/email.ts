// E-mail: rendered leaf by leaf, held against every check in PostHog's order, then written down as sent (run time §3.9).
import { isDict, type Dict } from "../../provider/canonical/values";
import type { EmailSendingRateLimit } from "../../provider/schema/types";
import { failure, type Evaluation } from "../evaluation";
import { iso } from "../input/moment";
import type { Message } from "../result/run";
import { log, metric } from "../world/record";
import type { World } from "../world/state";
import { languageOf, plain, renderValue, templateGlobals } from "./inputs";
import { isSuppressed, mayReceive } from "./recipient";
import { go, type StepResult, type StepRun } from "./step";

const TEMPLATE = "template-email";

export function email(context: StepRun<"function_email">): StepResult {
  const { run } = context;
  if (run.pending) return sendWhenAllowed(context, run.pending);
  const rendered = renderEmail(context);
  return rendered.ok ? checked(context, rendered.value) : { kind: "error", error: rendered.error };
}

function renderEmail(context: StepRun<"function_email">): Evaluation<Message> {
  const { world, run, step, id } = context;
  const input = step.config.inputs?.["email"] ?? {};
  const value = isDict(input.value) ? input.value : {};
  const language = languageOf(TEMPLATE, "email", input);
  const globals = templateGlobals(context);
  const leaf = (name: string): Evaluation => (value[name] === undefined || value[name] === null ? { ok: true, value: undefined } : renderValue(context, value[name], language, globals));
  const to = leaf("to");
  if (!to.ok) return failure(to.error);
  const recipient = addressOf(plain(to.value));
  // Where they lead is PostHog's; the recipient is part of both.
  globals["unsubscribe_url"] = `https://unsubscribe.invalid/?to=${encodeURIComponent(recipient)}`;
  globals["unsubscribe_url_one_click"] = `https://unsubscribe.invalid/one-click?to=${encodeURIComponent(recipient)}`;
  const parts: Dict = {};
  for (const name of ["from", "subject", "preheader", "text", "html", "replyTo", "cc", "bcc"]) {
    const part = leaf(name);
    if (!part.ok) return failure(`Could not render ${name}: ${part.error}`);
    if (part.value !== undefined) parts[name] = plain(part.value);
  }
  const from = isDict(parts["from"]) ? parts["from"] : {};
  const text = (name: string): string | undefined => (parts[name] === undefined ? undefined : String(parts[name]));
  const subject = (text("subject") ?? "").replace(/[\u0000-\u001f\u007f]/g, "");
  return {
    ok: true,
    value: {
      run: run.result.number, step: id, stepName: step.name, channel: "email", at: iso(world.now), after: world.now - run.startedAt, to: recipient, subject,
      ...optional({ html: text("html"), text: text("text"), replyTo: text("replyTo"), cc: text("cc"), bcc: text("bcc"), category: step.config.messageCategoryId }),
      body: text("html") ?? text("text") ?? "",
      sender: optional({ integrationIds: sendersOf(from), email: from["email"] as string | undefined, name: from["name"] as string | undefined }),
      categoryType: step.config.messageCategoryType ?? "marketing", tracked: step.config.trackingEnabled !== false,
    },
  };
}

const addressOf = (to: unknown): string => String((isDict(to) ? to["email"] : to) ?? "").trim();
const sendersOf = (from: Dict): number[] => [...new Set([...(Array.isArray(from["integrationIds"]) ? (from["integrationIds"] as number[]) : []), ...(typeof from["integrationId"] === "number" ? [from["integrationId"]] : [])])].sort((a, b) => a - b);
const optional = <T extends Dict>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;

function checked(context: StepRun<"function_email">, message: Message): StepResult {
  const { world, run, id } = context;
  const { preferences, senders } = world.scenario;
  const verdict = mayReceive({ channel: "email", to: message.to, transactional: message.categoryType === "transactional", category: message.category }, preferences);
  if ("error" in verdict) return { kind: "error", error: verdict.error };
  if ("skip" in verdict) return skipped(context, message, verdict.skip, verdict.metric);
  metric(world, run, "email", "email_queued", id);
  const ids = message.sender.integrationIds ?? [];
  if (ids.length === 0 || (senders !== undefined && !ids.every((sender) => senders.includes(sender)))) return { kind: "error", error: ids.length === 0 ? "No sender integration is set" : `The sender integration ${ids.join(", ")} is missing or not verified` };
  if (ids.length > 1) world.notes.add(`which of the senders ${ids.join(", ")} of ${id} a run takes; the message lists them all`);
  if ([message.cc, message.bcc].some((list) => list?.split(",").some((address) => isSuppressed(preferences, address.trim())))) return skipped(context, message, "a copy's address is on the suppression list", "email_suppressed");
  return sendWhenAllowed(context, message);
}

/** What was rendered at the entry is sent, however long the rate limit holds it back. */
function sendWhenAllowed(context: StepRun<"function_email">, message: Message): StepResult {
  const { world, run, id } = context;
  const limit = world.live.model.definition.emailSendingRateLimit;
  const wait = limit ? timeUntilToken(world, limit) : 0;
  if (wait > 0) {
    run.pending = message;
    return { kind: "park", until: world.now + wait, reason: `the flow sends at most ${limit!.count} e-mails per ${limit!.period}`, quiet: true };
  }
  if (message.to === "") {
    world.notes.add(`what becomes of a transactional e-mail without a recipient (${id}); it counts as failed`);
    metric(world, run, "email", "email_failed", id);
    return { kind: "error", error: "The e-mail has no recipient" };
  }
  run.pending = undefined;
  run.result.messages.push({ ...message, at: iso(world.now), after: world.now - run.startedAt });
  if (message.tracked === false) metric(world, run, "email", "email_untracked", id);
  metric(world, run, "email", "email_sent", id);
  metric(world, run, "email", "billable_invocation", id);
  return go("continue", "sent", `e-mail "${message.subject ?? ""}" to ${message.to}`);
}

/** Takes a token, or says in how many milliseconds there is one. The bucket has room for about one second of budget, and never for less than one. */
function timeUntilToken(world: World, { count, period }: EmailSendingRateLimit): number {
  const perSecond = count / (period === "hour" ? 3600 : 60);
  const room = Math.max(1, perSecond);
  const { tokens, at } = world.bucket ?? { tokens: room, at: world.now };
  const filled = Math.min(room, tokens + ((world.now - at) / 1000) * perSecond);
  // A hair of rounding must not cost another wait.
  const allowed = filled >= 1 - 1e-9;
  world.bucket = { tokens: allowed ? filled - 1 : filled, at: world.now };
  return allowed ? 0 : Math.max(1, Math.ceil(((1 - filled) / perSecond) * 1000));
}

export function skipped({ world, run, step, id }: Pick<StepRun, "world" | "run" | "step" | "id">, message: Pick<Message, "channel" | "to">, reason: string, name?: string): StepResult {
  if (name !== undefined) metric(world, run, "email", name, id);
  log(world, run, "info", `[Action:${id}] Skipped sending: ${reason}`);
  run.result.skipped.push({ run: run.result.number, step: id, stepName: step.name, channel: message.channel, at: iso(world.now), after: world.now - run.startedAt, to: message.to, reason });
  return go("continue", "skipped", `not sent: ${reason}`);
}
