// Text messages and push notifications (run time §3.9).
import type { Dict } from "../../definition/canonical/values";
import { STEP_KINDS } from "../../definition/schema/step-kinds";
import { iso } from "../input/moment";
import type { Message, SkippedMessage, Unfilled } from "../result/sent";
import { log, metric } from "../world/record";
import { failAnswered, refusal } from "./contract";
import { skipped } from "./email";
import { answerTo, tried } from "./http";
import { renderInputs } from "./inputs";
import { mayReceive, recipientOf } from "./recipient";
import { fail, go, type StepResult, type StepRun } from "./step";

type Text = StepRun<"function_sms"> | StepRun<"function_push">;

const SMS = STEP_KINDS.function_sms.template;
const PUSH = STEP_KINDS.function_push.template;
const MAX_CHANNELS = 10;

const base = ({
  world,
  run,
  step,
  id,
}: Text): Pick<Message, "run" | "step" | "stepName" | "at" | "after" | "categoryType" | "category"> => ({
  run: run.result.number,
  step: id,
  stepName: step.name,
  at: iso(world.now),
  after: world.now - run.startedAt,
  categoryType: step.config.messageCategoryType ?? "marketing",
  ...(step.config.messageCategoryId === undefined ? {} : { category: step.config.messageCategoryId }),
});

/** What keeps the message from its recipient; undefined when nothing does. None of it is billed. */
function kept(context: Text, message: Pick<SkippedMessage, "channel" | "to">): StepResult | undefined {
  const verdict = mayReceive(recipientOf(context, message), context.world.scenario.preferences);
  if ("error" in verdict) return fail(verdict.error);
  return "skip" in verdict ? skipped(context, message, { skip: verdict.skip }) : undefined;
}

/** Whatever comes of a step that was not kept back, it is billed. */
function billed({ world, run, id }: Text, kind: "sms" | "push", result: StepResult): StepResult {
  metric({ world, run }, { kind, name: "billable_invocation", step: id });
  return result;
}

export function sms(context: StepRun<"function_sms">): StepResult {
  const { world, run, id } = context;
  let { message, attempts = 0 } = run.pending ?? {};
  if (!message) {
    const written = writtenSms(context);
    if ("kind" in written) return written;
    message = written;
  }
  attempts += 1;
  const { answer, again } = tried(
    context,
    { step: id, template: SMS, inputs: { to_number: message.to, message: message.body } },
    attempts,
  );
  run.pending = again ? { message, attempts } : undefined;
  if (again) return again;
  metric({ world, run }, { kind: "other", name: "fetch", step: id });
  // What Twilio answers with a redirect, which is not followed, it may have taken all the same.
  if (answer.status < 400)
    run.result.messages.push({ ...message, at: iso(world.now), after: world.now - run.startedAt });
  return billed(
    context,
    "sms",
    answer.status >= 200 && answer.status < 300
      ? { ...go("continue", "sent", `text message to ${message.to}`), result: answer }
      : failAnswered(context, `Failed to send SMS via Twilio: ${answer.status}`),
  );
}

function writtenSms(context: StepRun<"function_sms">): Message | StepResult {
  const unfilled: Unfilled[] = [];
  const rendered = renderInputs(context, { template: SMS, inputs: context.step.config.inputs, unfilled });
  if (!rendered.ok) return fail(rendered.error);
  const { to_number, from_number, message, twilio_account } = rendered.value;
  const to = String(to_number ?? "");
  const held = kept(context, { channel: "sms", to });
  if (held) return held;
  const refused = refusal(SMS, rendered.value);
  if (refused !== undefined) return billed(context, "sms", fail(refused));
  return {
    ...base(context),
    channel: "sms",
    to,
    text: String(message),
    body: String(message),
    ...(unfilled.length > 0 ? { unfilled } : {}),
    sender: {
      ...(from_number === undefined ? {} : { number: String(from_number) }),
      ...(typeof twilio_account === "number"
        ? { integrationIds: [twilio_account], integrationId: twilio_account }
        : {}),
    },
  };
}

/** It is sent to the devices of the run's person, whatever `distinctId` says; a run without one reaches nobody. */
export function push(context: StepRun<"function_push">): StepResult {
  const { world, run, id, person } = context;
  const unfilled: Unfilled[] = [];
  const rendered = renderInputs(context, { template: PUSH, inputs: context.step.config.inputs, unfilled });
  if (!rendered.ok) return fail(rendered.error);
  const to = person?.distinctId ?? run.event.distinctId;
  const held = kept(context, { channel: "push", to });
  if (held) return held;
  const refused = refusal(PUSH, rendered.value);
  if (refused !== undefined) return billed(context, "push", fail(refused));
  const { channels, title, body } = rendered.value;
  const listed = [...new Set((channels as unknown[]).map(Number))];
  if (listed.length > MAX_CHANNELS)
    log(
      { world, run },
      "warn",
      `Push notification has ${listed.length} channels; only the first ${MAX_CHANNELS} will be delivered.`,
    );
  const wanted = listed.slice(0, MAX_CHANNELS);
  const reached = channelsOf(context, wanted);
  const fails = reached.length > 0 && !isTaken(context, rendered.value);
  for (const channel of wanted)
    metric(
      { world, run },
      {
        kind: "push",
        name: !reached.includes(channel) ? "push_skipped" : fails ? "push_failed" : "push_sent",
        step: id,
      },
    );
  if (reached.length === 0)
    return billed(
      context,
      "push",
      skipped(
        context,
        { channel: "push", to },
        { skip: person ? "no channel has a device token" : "the run has no person, and so no device to send it to" },
      ),
    );
  if (fails) return billed(context, "push", fail("No channel could be reached"));
  const message: Message = {
    ...base(context),
    channel: "push",
    to,
    subject: String(title),
    text: String(body),
    body: String(body),
    ...(unfilled.length > 0 ? { unfilled } : {}),
    sender: { channels: reached },
  };
  run.result.messages.push(message);
  return billed(context, "push", go("continue", "sent", `push "${message.subject ?? ""}"`));
}

/** A push that its providers cannot take for now is tried again as a whole. That takes PostHog seconds, which are left out here. */
const PUSH_ATTEMPTS = 4;

function isTaken({ world, id }: StepRun<"function_push">, inputs: Dict): boolean {
  for (let attempt = 1; attempt <= PUSH_ATTEMPTS; attempt += 1) {
    const { status } = answerTo(world, { step: id, template: PUSH, inputs, attempt });
    if (status > 0 && status < 400) return true;
    if (status > 0 && status !== 429 && status < 500) return false;
  }
  return false;
}

/** Those for which the person has a device token. */
function channelsOf({ world, person }: StepRun<"function_push">, wanted: readonly number[]): number[] {
  if (!person) return [];
  const known = world.scenario.pushChannels;
  if (known === undefined) world.notes.add({ kind: "device_tokens" });
  return wanted.filter((channel) => known === undefined || known.includes(channel));
}
