// Text messages and push notifications (run time §3.9).
import { iso } from "../input/moment";
import type { Message } from "../result/sent";
import { metric } from "../world/record";
import { skipped } from "./email";
import { answerTo, tried } from "./http";
import { renderInputs } from "./inputs";
import { mayReceive, recipientOf } from "./recipient";
import { fail, type StepResult, type StepRun } from "./step";

type Text = StepRun<"function_sms"> | StepRun<"function_push">;

const SMS = "template-twilio";
const PUSH = "template-native-push";
/** A project has a handful; how many PostHog takes at most is not known. */
const MANY_CHANNELS = 10;

const base = ({ world, run, step, id }: Text): Pick<Message, "run" | "step" | "stepName" | "at" | "after" | "categoryType" | "category"> => ({
  run: run.result.number, step: id, stepName: step.name, at: iso(world.now), after: world.now - run.startedAt,
  categoryType: step.config.messageCategoryType ?? "marketing", ...(step.config.messageCategoryId === undefined ? {} : { category: step.config.messageCategoryId }),
});

const sent = (reason: string): StepResult => ({ kind: "go", edge: "continue", outcome: "sent", reason, stored: "unknown" });

export function sms(context: StepRun<"function_sms">): StepResult {
  const { world, run, id } = context;
  let { message, attempts = 0 } = run.pending ?? {};
  if (!message) {
    const written = writtenSms(context);
    if ("kind" in written) return written;
    message = written;
  }
  attempts += 1;
  const { answer, again } = tried(context, { step: id, template: SMS, inputs: { to_number: message.to, message: message.body } }, attempts);
  run.pending = again ? { message, attempts } : undefined;
  if (again) return again;
  metric(world, run, "fetch", "fetch", id);
  metric(world, run, "sms", "billable_invocation", id);
  if (answer.status >= 400) return fail(`Request failed with status ${answer.status}`);
  run.result.messages.push({ ...message, at: iso(world.now), after: world.now - run.startedAt });
  return sent(`text message to ${message.to}`);
}

function writtenSms(context: StepRun<"function_sms">): Message | StepResult {
  const { world, step, id } = context;
  const rendered = renderInputs(context, SMS, step.config.inputs ?? {}, []);
  if (!rendered.ok) return fail(rendered.error);
  const { to_number, from_number, message, twilio_account } = rendered.value;
  if (to_number === undefined) world.notes.add(`the default recipient of ${id}: give \`to_number\`; the person's property \`phone\` is taken`);
  if (message === undefined) world.notes.add(`the default text of ${id}: give \`message\``);
  const to = String(to_number ?? context.person?.properties["phone"] ?? "");
  const text: Message = {
    ...base(context), channel: "sms", to, text: String(message ?? ""), body: String(message ?? ""),
    sender: { ...(from_number === undefined ? {} : { number: String(from_number) }), ...(typeof twilio_account === "number" ? { integrationIds: [twilio_account], integrationId: twilio_account } : {}) },
  };
  return allowed(context, text) ?? text;
}

/** What keeps the message from its recipient; undefined when nothing does. */
function allowed(context: Text, message: Message): StepResult | undefined {
  const verdict = mayReceive(recipientOf(context, message), context.world.scenario.preferences);
  if ("error" in verdict) return fail(verdict.error);
  return "skip" in verdict ? skipped(context, message, verdict.skip) : undefined;
}

export function push(context: StepRun<"function_push">): StepResult {
  const { world, run, step, id, person } = context;
  const rendered = renderInputs(context, PUSH, step.config.inputs ?? {}, []);
  if (!rendered.ok) return fail(rendered.error);
  const { channels, title, body } = rendered.value;
  const wanted = [...new Set((Array.isArray(channels) ? (channels as unknown[]) : []).map(Number))];
  if (wanted.length > MANY_CHANNELS) world.notes.add(`how many of the ${wanted.length} channels of ${id} PostHog takes; all here`);
  const message: Message = { ...base(context), channel: "push", to: person?.distinctId ?? run.event.distinctId, subject: String(title ?? ""), ...(body === undefined ? {} : { text: String(body) }), body: String(body ?? ""), sender: { channels: wanted } };
  const held = allowed(context, message);
  if (held) return held;
  const known = world.scenario.pushChannels;
  if (known === undefined) world.notes.add("device tokens of the person: give `pushChannels`; every channel counts as having one");
  const reached = wanted.filter((channel) => known === undefined || known.includes(channel));
  const failing = answerTo(world, { step: id, template: PUSH, inputs: rendered.value, attempt: 1 }).status >= 400;
  for (const channel of wanted) metric(world, run, "push", !reached.includes(channel) ? "push_skipped" : failing ? "push_failed" : "push_sent", id);
  metric(world, run, "push", "billable_invocation", id);
  if (reached.length === 0) return skipped(context, message, "no channel has a device token");
  if (failing) return fail("No channel could be reached");
  run.result.messages.push({ ...message, sender: { channels: reached } });
  return sent(`push "${message.subject ?? ""}"`);
}
