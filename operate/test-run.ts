// Sends a test person through a flow, step by step: PostHog executes one step and names the next (run time §1.7). Outgoing calls are mocked unless asked otherwise.
import type { Dict } from "../definition/canonical/values";
import type { PostHogClient, WireFlow, WireInvocationResult } from "../api";
import { OperateError } from "./errors";

/** How a test person is sent through a flow. */
export interface TestRunOptions {
  /** What the run begins with; see `testGlobals`. */
  globals: Dict;
  /** Default false: nothing leaves PostHog. True: messages are sent and calls are made. */
  live?: boolean;
  /** Tests the staged draft instead of the live flow. */
  draft?: boolean;
  /** Tests this definition (PostHog's JSON), which is stored nowhere. */
  configuration?: Dict;
  /** Begins at this step instead of the trigger. */
  from?: string;
  /** Ends after so many steps; default 100. */
  maxSteps?: number;
  /** Told after each step. */
  onStep?: (step: TestStep) => void;
}

/** What one step did. */
export interface TestStep {
  id: string;
  name: string;
  type: string;
  outcome: WireInvocationResult["status"];
  /** Of PostHog, as text. */
  errors: string[];
  /** Log messages of the step. */
  logs: string[];
  /** Id of the step that follows; null at the end. */
  next: string | null;
}

/** What became of the test person. */
export interface TestRun {
  steps: TestStep[];
  /** `completed`: to the end. `failed`: a step failed. `skipped`: the trigger did not match. `waiting`: a step did not let the person go on. `cut`: more steps than `maxSteps`. */
  end: "completed" | "failed" | "skipped" | "waiting" | "cut";
}

const MAX_STEPS = 100;

/**
 * Runs a flow for a test person and gives what each step did. Delays are not waited for.
 *
 * @param flowId The flow, or `new` with a `configuration`.
 * @throws PostHogApiError when PostHog refuses; needs the scopes `hog_flow:write` and `group:read`.
 *
 * @example
 * const { steps, end } = await testRun(client, flowId, { globals: testGlobals({ event: "user signed up" }, Date.now()) });
 */
export async function testRun(client: PostHogClient, flowId: string, options: TestRunOptions): Promise<TestRun> {
  const { configuration, draft = false, live = false, globals, maxSteps = MAX_STEPS } = options;
  const flow = (configuration ?? (await client.getFlow(flowId))) as Partial<WireFlow>;
  const content = draft ? flow.draft : flow;
  if (!content)
    throw new OperateError({ what: "The flow has no staged draft", fix: "Leave --draft out to test the live flow" });
  const actions = Array.isArray(content.actions) ? content.actions : [];
  const named = new Map(actions.map((action) => [action.id, action]));
  let id = options.from ?? actions.find(({ type }) => type === "trigger")?.id;
  if (id === undefined) throw new OperateError({ what: "The flow has no trigger" });
  if (!named.has(id))
    throw new OperateError({
      what: `The flow has no step "${id}"`,
      why: `Its steps are ${actions.map((action) => action.id).join(", ")}`,
    });
  const steps: TestStep[] = [];
  for (;;) {
    const answer = await client.testInvocation(flowId, {
      globals,
      mock_async_functions: !live,
      current_action_id: id,
      ...(draft ? { use_draft: true } : {}),
      ...(configuration ? { configuration } : {}),
    });
    const step = stepOf(id, named.get(id), answer);
    steps.push(step);
    options.onStep?.(step);
    // A step that stays where it is names itself: after a failure that ends the run, at an exit, while it waits.
    const stays = step.next === null || step.next === id;
    if (step.outcome === "error" && stays) return { steps, end: "failed" };
    if (step.type === "trigger" && (step.outcome === "skipped" || step.next === id)) return { steps, end: "skipped" };
    if (step.next === null || step.type === "exit") return { steps, end: "completed" };
    if (stays) return { steps, end: "waiting" };
    if (steps.length >= maxSteps) return { steps, end: "cut" };
    id = step.next;
  }
}

function stepOf(
  id: string,
  action: { name?: unknown; type?: unknown } | undefined,
  answer: WireInvocationResult,
): TestStep {
  return {
    id,
    name: typeof action?.name === "string" && action.name !== "" ? action.name : id,
    type: String(action?.type ?? "unknown"),
    outcome: answer.status,
    errors: (answer.errors ?? []).map((error) => (typeof error === "string" ? error : JSON.stringify(error))),
    logs: (answer.logs ?? []).flatMap(({ message }) => (typeof message === "string" ? [message] : [])),
    next: answer.nextActionId ?? null,
  };
}

/** Who is sent through, and with which event. */
export interface TestPerson {
  /** Name of the event that starts the run; default `$pageview`. */
  event?: string;
  /** Default `test-person`. */
  distinctId?: string;
  /** Properties of the event. */
  eventProperties?: Dict;
  /** Properties of the person. */
  personProperties?: Dict;
  /** Values of the flow's variables. */
  variables?: Dict;
}

/** Id of the event and of the person of test runs: the same each time, so that two runs can be compared. */
const TEST_ID = "00000000-0000-4000-8000-000000000001";

/**
 * What a test run begins with: an event of a made-up person.
 *
 * @example
 * testGlobals({ event: "user signed up", personProperties: { email: "test@example.com" } }, Date.now());
 */
export function testGlobals(
  {
    event = "$pageview",
    distinctId = "test-person",
    eventProperties = {},
    personProperties = {},
    variables,
  }: TestPerson,
  now: number,
): Dict {
  return {
    event: {
      uuid: TEST_ID,
      event,
      distinct_id: distinctId,
      properties: eventProperties,
      timestamp: new Date(now).toISOString(),
      url: "",
      elements_chain: "",
    },
    person: { id: TEST_ID, distinct_id: distinctId, name: distinctId, url: "", properties: personProperties },
    groups: {},
    ...(variables === undefined ? {} : { variables }),
  };
}
