/** Test runs: what a request may say, whose content is tested, and the answer of the worker, or the lack of it. */
import { ApiError, FieldError, NON_FIELD, invalid } from "./errors";
import { boolean, dictionary, nested, text } from "./fields";
import { isFalsy, isObject, type JsonObject } from "./json";
import type { Secrets } from "./secrets";
import type { Flow } from "./store";
import type { TestAnswer, TestRun } from "./worker/execute";

/** A step's answer made to differ: members that take the place of its own, or what becomes of it. */
export type StepAnswer = JsonObject | ((answer: JsonObject) => JsonObject);

export const TEXT_MAX = 500;

/** Members of a test run's body, and what they must be. */
const TEST_MEMBERS: Record<string, (value: unknown) => unknown> = {
  globals: dictionary,
  mock_async_functions: boolean,
  current_action_id: (v) => text(v),
  use_draft: boolean,
  mock_answer: (v) => text(v, { max: TEXT_MAX }),
};

/** Content that was validated, and the secrets that it has or keeps. */
export interface Configuration {
  content: JsonObject;
  secrets: Secrets;
}

export interface TestedFlow extends Pick<
  TestRun,
  "projectId" | "timezone" | "siteUrl" | "templates" | "now" | "random"
> {
  /** Absent for a configuration that is stored nowhere. */
  flow: Flow | undefined;
  /** Reads a configuration as a creation of the flow would. */
  read(configuration: unknown): Configuration;
  /** What answers the tests of steps instead, by step id. */
  answers: Readonly<Record<string, StepAnswer>>;
  /** The status that the worker answers every test with; null: it works. */
  workerStatus: number | null;
}

export async function testRun(
  { flow, read, answers, workerStatus, ...around }: TestedFlow,
  body: unknown,
): Promise<JsonObject> {
  let sent: Configuration | undefined;
  const request = testMembers(body, { configuration: (value) => (sent = read(value)), ...TEST_MEMBERS });
  const { content, secrets } = tested(flow, sent, "use_draft" in request && boolean(request.use_draft));
  if (workerStatus !== null) throw failed(workerStatus, "The worker cannot be reached.");
  const globals: JsonObject = isObject(request.globals) ? request.globals : NOTHING_HAPPENED;
  if (!isObject(globals.event)) throw failed(400, "Missing event");
  const stepId = "current_action_id" in request ? text(request.current_action_id) : undefined;
  // The worker's machine and its languages are loaded by the first test run only.
  const { executeStep } = await import("./worker/execute.js");
  const answer: TestAnswer = await executeStep({
    ...around,
    flow: { ...content, actions: inClear(content.actions, secrets) },
    flowId: flow?.id,
    globals,
    stepId,
    mocked: !("mock_async_functions" in request) || boolean(request.mock_async_functions),
  });
  return differing(answer, answers[stepId ?? triggerOf(content) ?? ""]);
}

/** The API answers a test without globals, too. */
const NOTHING_HAPPENED = { event: { event: "", properties: {} } };

const differing = (answer: JsonObject, change: StepAnswer | undefined): JsonObject =>
  typeof change === "function" ? change(answer) : { ...answer, ...change };

const triggerOf = ({ actions }: JsonObject): string | undefined =>
  (Array.isArray(actions) ? actions : []).find((step) => isObject(step) && step.type === "trigger")?.id as
    string | undefined;

/** What is wrong on the worker's side comes with its status, in words of the API. */
const failed = (status: number, message: string) => new ApiError(status, { status: "error", message });

/** The content that a test is about: what was sent, over what is stored; or the staged draft. */
function tested(flow: Flow | undefined, sent: Configuration | undefined, useDraft: boolean): Configuration {
  const stored: Configuration = {
    content: flow ? { ...flow.content, name: flow.name } : {},
    secrets: flow?.secrets ?? {},
  };
  if (!useDraft) return sent ? { content: { ...stored.content, ...sent.content }, secrets: sent.secrets } : stored;
  if (sent && !isFalsy(sent.content))
    throw invalid("Pass either use_draft or an explicit configuration override, not both.", "use_draft");
  if (!flow?.draft) throw invalid("This workflow has no staged draft to test.", "use_draft");
  return {
    content: { ...stored.content, ...flow.draft },
    secrets: { ...flow.secrets, ...flow.draftSecrets },
  };
}

/** The steps with their secret inputs, as only the worker sees them. */
function inClear(actions: unknown, secrets: Secrets): unknown {
  if (!Array.isArray(actions)) return actions;
  return actions.map((step) => {
    const own = isObject(step) ? secrets[String(step.id)] : undefined;
    if (!own || !isObject(step) || !isObject(step.config)) return step;
    const inputs: JsonObject = isObject(step.config.inputs) ? step.config.inputs : {};
    return { ...step, config: { ...step.config, inputs: { ...inputs, ...own } } };
  });
}

/** The body of a test run. What is wrong with it comes as `{field: [messages]}`, without the envelope, and for all members at once. */
function testMembers(body: unknown, members: typeof TEST_MEMBERS): JsonObject {
  const wrong: JsonObject = {};
  const tried = <T>(path: string[], work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      put(wrong, [...path, ...error.path], error.detail);
      return undefined;
    }
  };
  const request = tried([], () => nested(body)) ?? {};
  for (const [key, read] of Object.entries(members)) if (key in request) tried([key], () => read(request[key]));
  if (!isFalsy(wrong)) throw new ApiError(400, wrong);
  return request;
}

function put(errors: JsonObject, [key, ...rest]: (string | number)[], detail: string): void {
  if (rest.length === 0) errors[key ?? NON_FIELD] = [detail];
  else put((errors[key!] ??= {}) as JsonObject, rest, detail);
}
