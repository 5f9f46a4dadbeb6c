// Destination templates: their inputs are rendered once, and what they would ask for is written down (run time §3.8).
import { isDict } from "../../provider/canonical/values";
import { SECRET_INPUTS } from "../../provider/schema/templates";
import { iso } from "../input/moment";
import { log, metric } from "../world/record";
import { answered } from "./http";
import { renderInputs } from "./inputs";
import { fail, type StepResult, type StepRun } from "./step";

const WEBHOOK = "template-webhook";

export function functionStep(context: StepRun<"function">): StepResult {
  const { world, run, step, id } = context;
  const template = step.config.templateId;
  const rendered = renderInputs(context, template, step.config.inputs ?? {}, SECRET_INPUTS[template] ?? []);
  if (!rendered.ok) return fail(rendered.error);
  const inputs = rendered.value;
  const isWebhook = template === WEBHOOK;
  const target: { url?: string; method?: string; headers?: Record<string, string>; body?: unknown } = isWebhook ? { url: String(inputs["url"] ?? ""), method: String(inputs["method"] ?? "POST"), ...(isDict(inputs["headers"]) ? { headers: inputs["headers"] as Record<string, string> } : {}), body: inputs["body"] } : {};
  const { status, body, attempts } = answered(world, { step: id, template, inputs, ...target });
  run.result.requests.push({ run: run.result.number, step: id, stepName: step.name, template, at: iso(world.now), after: world.now - run.startedAt, ...target, inputs, attempts, status, answer: body });
  metric(world, run, "fetch", "fetch", id);
  metric(world, run, "fetch", "billable_invocation", id);
  if (status >= (isWebhook ? 300 : 400)) {
    log(world, run, "error", `Request failed with status ${status}`);
    return fail(`Request failed with status ${status}`);
  }
  if (!isWebhook && step.outputVariable !== undefined) world.notes.add(`what \`${template}\` returns, which the output variable of ${id} takes; the stubbed answer stands in for it`);
  return { kind: "go", edge: "continue", outcome: "requested", reason: isWebhook ? `${target.method} ${target.url} answered ${status}` : `called ${template}`, result: { status, body } };
}
