// E-mail: rendered once, held against every check in PostHog's order, then written down as sent (run time §3.9).
import { isDict, type Dict } from "../../definition/canonical/values";
import { iso, offsetOf } from "../input/moment";
import type { Message, Unfilled } from "../result/sent";
import { log, metric } from "../world/record";
import { refusal } from "./contract";
import { EMAIL, messageOf, renderEmail } from "./email-content";
import { answerTo } from "./http";
import { timeUntilAsked } from "./rate-limit";
import { addressesOf, mayReceive, recipientOf, type Skip } from "./recipient";
import { fail, go, park, type StepResult, type StepRun } from "./step";

export function email(context: StepRun<"function_email">): StepResult {
  const { pending } = context.run;
  if (pending?.message) return pending.released ? send(context, pending.message) : release(context, pending.message);
  const unfilled: Unfilled[] = [];
  const rendered = renderEmail(context, unfilled);
  if (rendered.ok) context.world.observer.onRendered?.(context.id, rendered.value);
  return rendered.ok ? checked(context, rendered.value, unfilled) : fail(rendered.error);
}

/** What keeps an e-mail from its queue or, there, from the sender. Whatever gets past the first check is billed. */
function checked(context: StepRun<"function_email">, rendered: Dict, unfilled: Unfilled[]): StepResult {
  const { world, run, step, id } = context;
  const { preferences, senders, sending } = world.scenario;
  const to = isDict(rendered["to"]) ? String(rendered["to"]["email"] ?? "") : "";
  const addresses = [
    ...(to.trim() === "" ? [] : [to.trim()]),
    ...addressesOf(rendered["cc"]),
    ...addressesOf(rendered["bcc"]),
  ];
  const verdict = mayReceive(recipientOf(context, { channel: "email", to, addresses }), preferences);
  if ("error" in verdict) return fail(verdict.error);
  if ("skip" in verdict) return skipped(context, { channel: "email", to }, verdict);
  const refused = isDict(step.config.inputs?.["email"]?.value)
    ? refusal(EMAIL, { email: rendered })
    : "There is no e-mail";
  if (refused !== undefined) return billed(context, fail(refused));
  const message = messageOf(context, rendered, unfilled);
  metric({ world, run }, { kind: "email", name: "email_queued", step: id });
  if (sending?.suspended)
    return billed(
      context,
      skipped(context, message, { skip: "the project's e-mail is suspended", metric: "email_suspended" }),
    );
  if (sending?.paused)
    return billed(context, skipped(context, message, { skip: "the flow's e-mail is paused", metric: "email_paused" }));
  const sender = message.sender.integrationId!;
  if (senders !== undefined && !(isDict(senders) ? sender in senders : senders.includes(sender)))
    return failedToSend(context, `The sender integration ${sender} is missing or not verified`);
  return release(context, message);
}

function billed({ world, run, id }: StepRun<"function_email">, result: StepResult): StepResult {
  metric({ world, run }, { kind: "email", name: "billable_invocation", step: id });
  return result;
}

function failedToSend(context: StepRun<"function_email">, error: string): StepResult {
  metric(context, { kind: "email", name: "email_failed", step: context.id });
  return billed(context, fail(error));
}

/** The flow's rate limit and the project's cap delay, and drop nothing; what was rendered at the entry is sent. */
function release(context: StepRun<"function_email">, message: Message): StepResult {
  const { world, run } = context;
  const limit = world.live.model.definition.emailSendingRateLimit;
  const wait = limit ? timeUntilAsked(world, limit) : 0;
  if (wait > 0) {
    run.pending = { message };
    return {
      ...park(world.now + wait, `the flow sends at most ${limit!.count} e-mails per ${limit!.period}`),
      quiet: true,
    };
  }
  const held = world.scenario.sending?.heldBack;
  if (held === undefined) return send(context, message);
  const span = offsetOf(held);
  if (span === undefined)
    throw new RangeError(`sending.heldBack: ${JSON.stringify(held)} is not a duration. Write for example "10m"`);
  run.pending = { message, released: true };
  return { ...park(world.now + span, "the project's sending cap or its provider holds e-mails back"), quiet: true };
}

function send(context: StepRun<"function_email">, message: Message): StepResult {
  const { world, run, id, step } = context;
  run.pending = undefined;
  const { utmTagsEnabled, utm_tags_enabled } = step.config as { utmTagsEnabled?: unknown; utm_tags_enabled?: unknown };
  if (utmTagsEnabled === true || utm_tags_enabled === true) world.notes.add({ kind: "utm_tags", step: id });
  const { status } = answerTo(world, {
    step: id,
    template: EMAIL,
    inputs: { email: { to: message.to, subject: message.subject } },
    attempt: 1,
  });
  if (status === 0 || status >= 400)
    return failedToSend(
      context,
      `The e-mail could not be sent: the provider ${status === 0 ? "did not answer" : `answered ${status}`}`,
    );
  if (isSecondWithAddress(context, message.to))
    return skipped(context, message, { skip: "another person of this broadcast has the same address" });
  run.result.messages.push({ ...message, at: iso(world.now), after: world.now - run.startedAt });
  if (message.tracked === false) metric({ world, run }, { kind: "email", name: "email_untracked", step: id });
  metric({ world, run }, { kind: "email", name: "email_sent", step: id });
  // The send ends the function, so there is no result for an output variable.
  return billed(context, go("continue", "sent", `e-mail "${message.subject ?? ""}" to ${message.to}`));
}

/** Two people of a batch with one address: a broadcast, which is a batch with one e-mail step, sends one e-mail to it (run time §7.3). */
function isSecondWithAddress({ world, run, id }: StepRun<"function_email">, address: string): boolean {
  const { trigger, actions } = world.live.model;
  if (trigger.type !== "batch") return false;
  const key = JSON.stringify([run.startedAt, id, address.toLowerCase()]);
  if (!world.mailed.has(key)) {
    world.mailed.add(key);
    return false;
  }
  const steps = [...actions.values()].filter(({ type }) => type !== "trigger" && type !== "exit");
  if (steps.length > 1) {
    world.notes.add({ kind: "shared_address", step: id });
    return false;
  }
  world.notes.add({ kind: "broadcast_address" });
  return true;
}

/** A message that is not sent, and the metric that PostHog counts for it, where it has one. */
export function skipped(
  { world, run, step, id }: Pick<StepRun, "world" | "run" | "step" | "id">,
  message: Pick<Message, "channel" | "to">,
  { skip: reason, metric: name }: Skip,
): StepResult {
  if (name !== undefined) metric({ world, run }, { kind: "email", name, step: id });
  log({ world, run }, "info", `[Action:${id}] Skipped sending: ${reason}`);
  run.result.skipped.push({
    run: run.result.number,
    step: id,
    stepName: step.name,
    channel: message.channel,
    at: iso(world.now),
    after: world.now - run.startedAt,
    to: message.to,
    reason,
  });
  return { kind: "go", edge: "continue", outcome: "skipped", reason: `not sent: ${reason}` };
}
