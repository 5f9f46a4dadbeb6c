// `hogflow test`: sends a test person through a flow and prints what each step did.
import { maskText } from "../../operate/mask";
import { readFlowFile } from "../../operate/flow-file";
import { OperateError } from "../../operate/errors";
import { isFileName } from "../../operate/flow-source";
import { testGlobals, testRun, type TestRun, type TestStep } from "../../operate/test-run";
import { defineCommand, flag, flowOrFile, option, parsed } from "../define";
import { DONE, FOUND } from "../exit-codes";
import type { Io } from "../io";
import { counted } from "../texts";
import { jsonObject, wholeNumber } from "../values";
import { oneLine } from "../../definition/plain-text";
import { table } from "../../definition/schema/table";

const ENDS: Readonly<Record<TestRun["end"], string>> = {
  completed: "reached the end",
  failed: "a step failed",
  skipped: "the trigger did not match, so the person does not enter",
  waiting: "waits in the last step",
  cut: "stopped after --max-steps",
};

export const test = defineCommand({
  name: "test",
  summary: "send a test person through a flow, step by step",
  description:
    "Makes PostHog run a flow for a made-up person, step by step, and prints what each step did. Nothing is sent, because outgoing calls are mocked, except with --live. " +
    "Delays are skipped. The key needs the scopes hog_flow:write and group:read.",
  arguments: {
    flow: flowOrFile(),
  },
  options: {
    event: option("<name>", "event that starts the run", { default: "$pageview" }),
    person: option("<distinct-id>", "distinct id of the person", { default: "test-person" }),
    eventProperties: parsed("<json>", 'properties of the event, such as \'{"plan": "free"}\'', jsonObject),
    personProperties: parsed(
      "<json>",
      'properties of the person, such as \'{"email": "test@example.com"}\'',
      jsonObject,
    ),
    variables: parsed("<json>", "values of the flow's variables", jsonObject),
    from: option("<step>", "start at this step instead of the trigger"),
    maxSteps: parsed("<n>", "stop after this many steps", wholeNumber(1, 1000), 100),
    draft: flag("test the staged draft instead of the live flow"),
    live: flag("really send messages and make calls; asks first"),
  },
  needs: ["posthog", "consent"],
  json: "{end, steps: [{id, name, type, outcome, errors, logs, next}]}; end is completed, failed, skipped, waiting or cut",
  exitCodes: { 0: "the person reached the end, or waits in a step", 2: "a step failed, or the trigger did not match" },
  examples: [
    {
      command: 'hogflow test Onboarding --event "user signed up" --person-properties \'{"email": "test@example.com"}\'',
      does: "a dry run of the live flow",
    },
    { command: "hogflow test flow.json --from welcome --max-steps 1", does: "one step of a flow in a file" },
  ],
  async run(context, { flow, live, ...options }) {
    const { io, connect, clock, print, confirm } = context;
    const configuration = isFileName(flow) ? only(flow) : undefined;
    const { client, id: flowId } = configuration ? { client: await connect(), id: "new" } : await context.flow(flow);
    if (live)
      await confirm(
        `The flow ${flow} will run with --live: it really sends its messages and makes its calls, for the person "${options.person}".`,
      );
    const { event, person: distinctId, eventProperties, personProperties, variables, draft, from, maxSteps } = options;
    const globals = testGlobals({ event, distinctId, eventProperties, personProperties, variables }, clock.now());
    io.progress("Running the trigger …");
    const onStep = (step: TestStep) => {
      if (!io.json) io.out(maskText(stepText(step, io)));
      io.progress("Running the next step …");
    };
    const run = await testRun(client, flowId, { globals, live, draft, configuration, from, maxSteps, onStep });
    if (io.json) print(run, () => "");
    else io.note(`${counted(run.steps.length, "step")}: ${ENDS[run.end]}.`);
    return run.end === "failed" || run.end === "skipped" ? FOUND : DONE;
  },
});

function only(file: string): Record<string, unknown> {
  const { flows } = readFlowFile(file);
  if (flows.length > 1)
    throw new OperateError({ what: `${file} holds ${flows.length} flows`, fix: "Give a file with one flow" });
  return flows[0]!.definition;
}

const SIGNS = table<{ text: string; style: "green" | "red" | "yellow" }>({
  success: { text: "ok", style: "green" },
  error: { text: "failed", style: "red" },
  skipped: { text: "skipped", style: "yellow" },
});

function stepText({ name, id, type, outcome, errors, logs }: TestStep, io: Io): string {
  const { text, style } = SIGNS[outcome] ?? { text: oneLine(outcome), style: "yellow" as const };
  const head = `${io.style(text.padEnd(8), style)} ${oneLine(name)} ${io.style(oneLine(`(${id === name ? type : `${id}, ${type}`})`), "dim")}`;
  return [
    head,
    ...errors.map((error) => `         ${io.style(oneLine(error), "red")}`),
    ...logs.map((line) => `         ${io.style(oneLine(line), "dim")}`),
  ].join("\n");
}
