// Destination templates: their inputs are rendered once, at the entry, and what they would ask for is written down (run time §3.8).
import { isDict } from "../../provider/canonical/values";
import { SECRET_INPUTS } from "../../provider/schema/templates";
import { iso } from "../input/moment";
import type { SentRequest } from "../result/sent";
import { log, metric } from "../world/record";
import { tried } from "./http";
import { renderInputs } from "./inputs";
import { fail, type StepResult, type StepRun } from "./step";

const WEBHOOK = "template-webhook";

export function functionStep(context: StepRun<"function">): StepResult {
  const { world, run, step, id } = context;
  let request = run.pending?.request;
  if (!request) {
    const rendered = rendering(context);
    if (!rendered.ok) return fail(rendered.error);
    request = rendered.value;
    run.result.requests.push(request);
  }
  const { template, url, method, headers, body, inputs } = request;
  request.attempts += 1;
  const { answer, again } = tried(context, { step: id, template, inputs, ...(url === undefined ? {} : { url }), ...(method === undefined ? {} : { method }), ...(headers === undefined ? {} : { headers }), ...(body === undefined ? {} : { body }) }, request.attempts);
  Object.assign(request, { status: answer.status, answer: answer.body });
  if (again) {
    run.pending = { request };
    return again;
  }
  run.pending = undefined;
  metric(world, run, "fetch", "fetch", id);
  metric(world, run, "fetch", "billable_invocation", id);
  const isWebhook = template === WEBHOOK;
  if (answer.status >= (isWebhook ? 300 : 400)) {
    log(world, run, "error", `Request failed with status ${answer.status}`);
    return fail(`Request failed with status ${answer.status}`);
  }
  if (!isWebhook) world.notes.add(`what \`${template}\` sends and returns (${id}): its inputs are rendered, its program is not run${step.outputVariable === undefined ? "" : "; the stubbed answer stands in for what the output variable takes"}`);
  return { kind: "go", edge: "continue", outcome: "requested", reason: isWebhook ? `${method} ${url} answered ${answer.status}` : `called ${template}`, result: answer };
}

/** The request with its inputs rendered; nothing is asked yet. */
function rendering(context: StepRun<"function">): { ok: true; value: SentRequest } | { ok: false; error: string } {
  const { world, run, step, id } = context;
  const template = step.config.templateId;
  const rendered = renderInputs(context, template, step.config.inputs ?? {}, SECRET_INPUTS[template] ?? []);
  if (!rendered.ok) return rendered;
  const inputs = rendered.value;
  const target = template === WEBHOOK ? { url: String(inputs["url"] ?? ""), method: String(inputs["method"] ?? "POST"), ...(isDict(inputs["headers"]) ? { headers: inputs["headers"] as Record<string, string> } : {}), body: inputs["body"] } : {};
  return { ok: true, value: { run: run.result.number, step: id, stepName: step.name, template, at: iso(world.now), after: world.now - run.startedAt, ...target, inputs, attempts: 0, status: 0, answer: undefined } };
}
