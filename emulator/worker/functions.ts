/** Steps that run a template: inputs are rendered, the program is run, and what it would send is written into the log instead. */
import { isObject, type JsonObject } from "../json";
import { inputGlobals } from "./globals";
import { renderInputs } from "./inputs";
import { canRun, runProgram } from "./programs";
import { linkTo, nextStep, note, stepsOf, type Outcome, type Run } from "./run";

/** What the functions answer that a program may call. */
const ANSWERS: Record<string, () => JsonObject> = {
  fetch: () => ({ status: 200, body: {} }),
  sendEmail: () => ({ success: true }),
  sendPushNotification: () => ({ success: true }),
};

/** The template of a step that does not name one. */
const DEFAULT_TEMPLATE: Record<string, string> = {
  function_email: "template-email",
  function_sms: "template-twilio",
  function_push: "template-native-push",
};

const HIDDEN = "***REDACTED***";

export function functionStep(run: Run, step: JsonObject): Outcome {
  const config: JsonObject = isObject(step.config) ? step.config : {};
  const id: unknown = config.template_id ?? DEFAULT_TEMPLATE[step.type as string];
  const template = run.templates.find(id);
  if (!template) throw new Error(`Template '${String(id)}' not found`);
  warnOfMissingVariables(run, step, config.inputs);
  const globals = inputGlobals({
    globals: run.globals,
    variables: run.variables,
    projectId: run.projectId,
    flow: { id: run.flowId, name: run.flow.name },
    templateName: template.name,
    siteUrl: run.siteUrl,
  });
  const world = { hog: run.hog, globals, now: run.now, siteUrl: run.siteUrl };
  const inputs = renderInputs(template, isObject(config.inputs) ? config.inputs : {}, world);
  checkRecipient(run, step, inputs);
  if (!canRun(template)) {
    const rendered = hidden(run, JSON.stringify(inputs, null, 2));
    note(run, "warn", `The emulator does not know what ${template.id} does with its inputs: ${rendered}`, run.callLog);
    return { next: nextStep(run.flow, step) };
  }
  const result = execute(run, step, () =>
    runProgram(template, inputs, {
      ...world,
      call: (name, ...args) => mock(run, name, args),
      print: (...args) =>
        note(run, "info", `${linkTo(step)} ${hidden(run, args.map((arg) => textOf(arg)).join(", "))}`),
    }),
  );
  return { next: nextStep(run.flow, step), result: result || undefined };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? "null"));

function execute(run: Run, step: JsonObject, work: () => unknown): unknown {
  const event = run.globals.event as JsonObject;
  try {
    const result = work();
    note(run, "debug", `${linkTo(step)} Function completed in 1ms. Event: '${event.url ?? ""}'`);
    return result;
  } catch (error) {
    const said = hidden(run, String(error));
    note(run, "error", `${linkTo(step)} Error executing function on event ${event.uuid ?? "Unknown event"}: ${said}`);
    throw new Error(hidden(run, error instanceof Error ? error.message : String(error)));
  }
}

/** A call that leaves the worker is written down, and answered as if it had succeeded. */
function mock(run: Run, name: string, args: unknown[]): JsonObject {
  if (run.mocked) {
    note(run, "info", `Async function '${name}' was mocked with arguments:`, run.callLog);
    const [first, second] = args;
    const shown =
      name === "fetch"
        ? `fetch('${String(first)}', ${JSON.stringify(second, null, 2)})`
        : `${name}(${JSON.stringify(first, null, 2)})`;
    note(run, "info", hidden(run, shown), run.callLog);
  } else {
    note(run, "warn", `The emulator sends nothing: ${name} was answered as if it had succeeded`, run.callLog);
  }
  return ANSWERS[name]!();
}

/** A message that is not transactional looks its recipient up, and fails without one. */
function checkRecipient(run: Run, step: JsonObject, inputs: JsonObject): void {
  if (isObject(step.config) && step.config.message_category_type === "transactional") return;
  const { person, event } = run.globals;
  const recipients: Record<string, () => unknown> = {
    function_email: () => (isObject(inputs.email) && isObject(inputs.email.to) ? inputs.email.to.email : undefined),
    function_sms: () => inputs.to_number as unknown,
    function_push: () => (isObject(person) && person.distinct_id) || event.distinct_id,
  };
  const recipient = recipients[step.type as string];
  if (recipient && !recipient()) throw new Error(`No recipient identifier found for message action ${linkTo(step)}.`);
}

const VARIABLE = /\bvariables\.([A-Za-z_]\w*)/g;

function warnOfMissingVariables(run: Run, step: JsonObject, inputs: unknown): void {
  const named = new Set([...(JSON.stringify(inputs) ?? "").matchAll(VARIABLE)].map((match) => match[1]!));
  const missing = [...named].filter((name) => !(name in run.variables)).sort();
  if (missing.length === 0) return;
  note(
    run,
    "warn",
    `${linkTo(step)} References variable(s) that are not set for this run: ${missing.join(", ")}. They will render empty.`,
  );
}

/** Without what the flow's secret inputs hold. */
function hidden(run: Run, text: string): string {
  return secretsOf(run)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
}

function secretsOf(run: Run): string[] {
  return stepsOf(run.flow).flatMap(({ config }) => {
    if (!isObject(config) || !isObject(config.inputs)) return [];
    const keys = (run.templates.find(config.template_id)?.inputs_schema ?? []).filter(({ secret }) => secret);
    return keys.flatMap(({ key }) => {
      const value: unknown = isObject(config.inputs[key]) ? config.inputs[key].value : undefined;
      return [isObject(value) ? Object.values(value) : value]
        .flat()
        .filter((v): v is string => typeof v === "string" && v.trim() !== "");
    });
  });
}
