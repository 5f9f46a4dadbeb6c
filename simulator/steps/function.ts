// Destination templates: their inputs are rendered once, at the entry, and what they ask for is written down (run time §3.8).
import { SECRET_INPUTS } from "../../definition/schema/templates";
import { iso } from "../input/moment";
import type { Unfilled } from "../result/sent";
import { log, metric } from "../world/record";
import { failAnswered, refusal } from "./contract";
import { tried } from "./http";
import { renderInputs } from "./inputs";
import { OTHER, PROGRAMS } from "./programs";
import { fail, type StepResult, type StepRun } from "./step";

export function functionStep(context: StepRun<"function">): StepResult {
  const { world, run, step, id } = context;
  const known = PROGRAMS[step.config.templateId];
  const program = known ?? OTHER;
  let request = run.pending?.request;
  if (!request) {
    const template = step.config.templateId;
    const unfilled: Unfilled[] = [];
    const rendered = renderInputs(context, {
      template,
      inputs: step.config.inputs,
      secret: SECRET_INPUTS[template] ?? [],
      unfilled,
    });
    if (!rendered.ok) return fail(rendered.error);
    const refused = refusal(template, rendered.value);
    if (refused !== undefined) {
      metric({ world, run }, { kind: "fetch", name: "billable_invocation", step: id });
      return fail(refused);
    }
    request = {
      run: run.result.number,
      step: id,
      stepName: step.name,
      template,
      at: iso(world.now),
      after: world.now - run.startedAt,
      ...program.request(rendered.value),
      inputs: rendered.value,
      ...(unfilled.length > 0 ? { unfilled } : {}),
      attempts: 0,
      status: 0,
      answer: undefined,
    };
    run.result.requests.push(request);
  }
  const { template, url, method, headers, body, inputs } = request;
  request.attempts += 1;
  const { answer, again } = tried(
    context,
    {
      step: id,
      template,
      inputs,
      ...(url === undefined ? {} : { url }),
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    },
    request.attempts,
  );
  Object.assign(request, { status: answer.status, answer: answer.body });
  if (again) {
    run.pending = { request };
    return again;
  }
  run.pending = undefined;
  metric({ world, run }, { kind: "other", name: "fetch", step: id });
  metric({ world, run }, { kind: "fetch", name: "billable_invocation", step: id });
  if (program.fails(answer)) {
    const error = `Request failed with status ${answer.status}${answer.status === 200 ? `: ${JSON.stringify(answer.body)}` : ""}`;
    log({ world, run }, "error", error);
    return failAnswered(context, error);
  }
  if (!known) world.notes.add({ kind: "program", step: id, template, stores: step.outputVariable !== undefined });
  return {
    kind: "go",
    edge: "continue",
    outcome: "requested",
    reason: url === undefined ? `called ${template}` : `${method} ${url} answered ${answer.status}`,
    result: answer,
  };
}
