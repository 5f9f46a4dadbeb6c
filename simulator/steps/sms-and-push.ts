// Text messages and push notifications (run time §3.9).
import { iso } from "../input/moment";
import type { Message } from "../result/run";
import { metric } from "../world/record";
import { skipped } from "./email";
import { renderInputs } from "./inputs";
import { mayReceive } from "./recipient";
import { fail, go, type StepResult, type StepRun } from "./step";

type Text = StepRun<"function_sms"> | StepRun<"function_push">;

const base = ({ world, run, step, id }: Text): Pick<Message, "run" | "step" | "stepName" | "at" | "after" | "categoryType" | "category"> => ({
  run: run.result.number, step: id, stepName: step.name, at: iso(world.now), after: world.now - run.startedAt,
  categoryType: step.config.messageCategoryType ?? "marketing", ...(step.config.messageCategoryId === undefined ? {} : { category: step.config.messageCategoryId }),
});

export function sms(context: StepRun<"function_sms">): StepResult {
  const { world, run, step, id } = context;
  const rendered = renderInputs(context, "template-twilio", step.config.inputs ?? {}, []);
  if (!rendered.ok) return fail(rendered.error);
  const { to_number, from_number, message, twilio_account } = rendered.value;
  if (to_number === undefined) world.notes.add(`the default recipient of ${id}: give \`to_number\`; the person's property \`phone\` is taken`);
  if (message === undefined) world.notes.add(`the default text of ${id}: give \`message\``);
  const to = String(to_number ?? context.person?.properties["phone"] ?? "");
  const sent: Message = {
    ...base(context), channel: "sms", to, text: String(message ?? ""), body: String(message ?? ""),
    sender: { ...(from_number === undefined ? {} : { number: String(from_number) }), ...(typeof twilio_account === "number" ? { integrationIds: [twilio_account] } : {}) },
  };
  const verdict = mayReceive({ channel: "sms", to, transactional: sent.categoryType === "transactional", category: sent.category }, world.scenario.preferences);
  if ("error" in verdict) return fail(verdict.error);
  if ("skip" in verdict) return skipped(context, sent, verdict.skip);
  run.result.messages.push(sent);
  metric(world, run, "fetch", "fetch", id);
  metric(world, run, "sms", "billable_invocation", id);
  return go("continue", "sent", `text message to ${to}`);
}

export function push(context: StepRun<"function_push">): StepResult {
  const { world, run, step, id, person } = context;
  const rendered = renderInputs(context, "template-native-push", step.config.inputs ?? {}, []);
  if (!rendered.ok) return fail(rendered.error);
  const { channels, title, body } = rendered.value;
  const to = person?.distinctId ?? run.event.distinctId;
  const wanted = (Array.isArray(channels) ? (channels as unknown[]) : []).map(Number);
  const sent: Message = { ...base(context), channel: "push", to, subject: String(title ?? ""), ...(body === undefined ? {} : { text: String(body) }), body: String(body ?? ""), sender: { channels: wanted } };
  const verdict = mayReceive({ channel: "push", to, transactional: sent.categoryType === "transactional", category: sent.category }, world.scenario.preferences);
  if ("error" in verdict) return fail(verdict.error);
  if ("skip" in verdict) return skipped(context, sent, verdict.skip);
  const known = world.scenario.pushChannels;
  if (known === undefined) world.notes.add("device tokens of the person: give `pushChannels`; every channel counts as having one");
  const reached = wanted.filter((channel) => known === undefined || known.includes(channel));
  for (const channel of wanted) metric(world, run, "push", reached.includes(channel) ? "push_sent" : "push_skipped", id);
  metric(world, run, "push", "billable_invocation", id);
  if (reached.length === 0) return skipped(context, sent, "no channel has a device token");
  run.result.messages.push({ ...sent, sender: { channels: reached } });
  return go("continue", "sent", `push "${sent.subject ?? ""}"`);
}
