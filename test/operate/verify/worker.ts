// PostHog's test runs for one flow, scripted: a real server that answers each step as PostHog's worker does, in the forms of its log. What the steps come to is written by
// hand, not computed, so that a mistake of the simulator shows.
import type { Dict } from "../../../definition/canonical/values";
import type { ProjectFlow } from "../../../operate/project-flows";
import { serve, type Answer, type Received } from "../../api/helpers";

export interface TestBody {
  configuration: Dict & { actions: Dict[]; edges: Dict[] };
  globals: { event: Dict & { event: string }; person?: { properties: Dict }; groups: Dict; variables: Dict };
  mock_async_functions: boolean;
  current_action_id: string;
}

export type Step = (body: TestBody) => object;

/** The two log lines of a mocked call. */
export const mocked = (name: string, ...args: unknown[]): string[] => [
  `Async function '${name}' was mocked with arguments:`,
  typeof args[0] === "string"
    ? `${name}('${args[0]}', ${JSON.stringify(args[1], null, 2)})`
    : `${name}(${JSON.stringify(args[0], null, 2)})`,
];

export const answer = (next: string | null, lines: readonly string[] = [], more: object = {}): object => ({
  nextActionId: next,
  status: "success",
  errors: [],
  logs: lines.map((message) => ({ level: "info", timestamp: "2026-11-29T09:00:00.000Z", message })),
  variables: {},
  execResult: null,
  ...more,
});

export const failed = (error: string, next: string): object =>
  answer(next, [`[Action:x] Errored: Error: ${error}`], { status: "error", errors: [error] });

export const pauses = (step: string, ms: number): object =>
  answer(step, [
    `Executing action [Action:${step}]`,
    `Workflow will pause until ${new Date(Date.now() + ms).toISOString()}`,
  ]);

export const bodyOf = ({ body }: Received): TestBody => body as TestBody;

/** Serves the test runs of these steps. */
export const serveWorker = (steps: Readonly<Record<string, Step>>) =>
  serve((request): Answer => {
    const body = bodyOf(request);
    const step = steps[body.current_action_id];
    return step ? { json: step(body) } : { status: 500, json: { status: "error", message: "no such step" } };
  });

/** A trigger on `signed up`, and what is given, each step before the next. */
export function flowOf(steps: Readonly<Record<string, Dict>>, more: Dict = {}): ProjectFlow {
  const ids = [...Object.keys(steps), "exit_node"];
  const chained = Object.fromEntries(
    Object.entries(steps).map(([id, step], i) => [id, { name: id, next: ids[i + 1], ...step }]),
  );
  return {
    key: "urn:onboarding",
    name: "onboarding",
    title: "Onboarding",
    side: {
      status: "draft",
      schedules: [],
      definition: {
        name: "Onboarding",
        ...more,
        actions: {
          trigger_node: {
            type: "trigger",
            name: "Signed up",
            config: { type: "event", filters: { events: [{ id: "signed up" }] } },
            next: ids[0],
          },
          ...chained,
          exit_node: { type: "exit", name: "Exit", config: {} },
        },
      },
    },
  };
}

export const email = (value: Dict): Dict => ({
  type: "function_email",
  config: {
    inputs: {
      email: {
        templating: "liquid",
        value: { from: { integrationId: 7 }, to: { email: "{{ person.properties.email }}", name: "" }, ...value },
      },
    },
  },
});

export const webhook = (inputs: Dict): Dict => ({
  type: "function",
  config: {
    templateId: "template-webhook",
    inputs: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, { value }])),
  },
});
