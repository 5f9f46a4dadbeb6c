// What is shown never holds what looks like a credential, wherever it is written.
import { Command as Parser } from "commander";
import { expect, it } from "vitest";
import { maskLine } from "../../emulator/log-mask";
import { describeChange } from "../../operate/change/describe";
import { flowFromJson } from "../../operate/flow-source";
import { drawFlow } from "../../operate";
import { maskData, masked, maskText } from "../../operate/mask";
import { createContext } from "../../cli/context";
import { Io } from "../../cli/io";

const KEYS = ["q7Vd2mXk9ZpT4wLs8RnC", "abc123def456", "s3cr3t-pw", "T024BE7LD/B01ABCDE/x9Kd2mXk9ZpT4wLs8RnC"];
const [TOKEN, PARAMETER, PASSWORD, HOOK] = KEYS as [string, string, string, string];
const leaks = (value: unknown): string[] =>
  KEYS.filter((key) => (typeof value === "string" ? value : JSON.stringify(value)).includes(key));

const flow = {
  name: `Leaky ghp_${TOKEN}`,
  actions: {
    trigger_node: {
      type: "trigger",
      name: "Start",
      config: { type: "event", filters: { events: [{ id: "a" }] } },
      next: "call",
    },
    call: {
      type: "function",
      name: `Call https://x.example.com/?token=${TOKEN}`,
      config: {
        templateId: "template-webhook",
        inputs: {
          url: { value: `https://app:${PASSWORD}@x.example.com/?list=4&api_key=${PARAMETER}` },
          headers: { value: { Authorization: `Bearer ${TOKEN}`, "X-List": "4" } },
          body: { value: [{ name: "X-Api-Key", value: PARAMETER }, `https://hooks.slack.com/services/${HOOK}`] },
        },
      },
      next: "exit_node",
    },
    exit_node: { type: "exit", name: "Exit" },
  },
  serverAdditions: { "actions.call.config.inputs.headers.value.Authorization": { value: `Bearer ${TOKEN}` } },
};

it("is masked in a definition, and the rest stays readable", () => {
  const shown = masked(flow) as typeof flow;
  expect(leaks(shown)).toEqual([]);
  expect(shown.actions.call.config.inputs.url.value).toBe(
    "https://app:[secret]@x.example.com/?list=4&api_key=[secret]",
  );
  expect(shown.actions.call.config.inputs.headers.value).toEqual({ Authorization: "Bearer [secret]", "X-List": "4" });
});

it("is masked in drawings and descriptions of changes", () => {
  const { definition } = flowFromJson(JSON.stringify(flow), "flow.json");
  expect(leaks(drawFlow(definition))).toEqual([]);
  const changed = structuredClone(flow);
  changed.actions.call.config.inputs.url.value += "&more=1";
  expect(leaks(describeChange(masked(flow), masked(changed)))).toEqual([]);
});

it("is masked in log lines, and templates and public keys are not", () => {
  expect(maskText(`GET https://a.example.com/?api_key=${PARAMETER} with Authorization: Bearer ${TOKEN}`)).toBe(
    "GET https://a.example.com/?api_key=[secret] with Authorization: Bearer [secret]",
  );
  for (const text of [
    "https://a.example.com/?token={{ person.properties.token }}",
    "phc_publicPublicPublic1",
    "Bearer {inputs.token}",
  ])
    expect(maskText(text)).toBe(text);
  expect(maskData({ lines: [{ message: `token=${TOKEN}`, at: 3 }] })).toEqual({
    lines: [{ message: "token=[secret]", at: 3 }],
  });
});

it.each([false, true])("is masked in whatever a command answers or says, with --json %s", (json) => {
  let written = "";
  const stream = { write: (text: string) => void (written += text) };
  const io = new Io({ stdin: process.stdin, stdout: stream, stderr: stream, env: {} }, json);
  const { print, printLine } = createContext({ io: io, parser: new Parser() }, { json }, new AbortController().signal);
  const request = {
    url: `https://x.example.com/?api_key=${PARAMETER}`,
    headers: { authorization: `Bearer ${TOKEN}` },
    sent: true,
  };
  print(request, () => JSON.stringify(request));
  printLine(
    { message: `posted to https://hooks.slack.com/services/${HOOK}` },
    () => `posted to https://hooks.slack.com/services/${HOOK}`,
  );
  io.note(`refused: https://app:${PASSWORD}@x.example.com/`);
  expect(leaks(written)).toEqual([]);
  expect(written.split("[secret]")).toHaveLength(5);
  expect(written).toContain('"sent":');
});

it("is masked in the emulator's log", () => {
  expect(maskLine(`GET /api/projects/1/hog_flows/?personal_api_key=phx_${TOKEN}&limit=5 200`)).toBe(
    "GET /api/projects/1/hog_flows/?personal_api_key=[secret]&limit=5 200",
  );
  expect(leaks(maskLine(`unexpected: Bearer ${TOKEN} at https://app:${PASSWORD}@x.example.com ghp_${TOKEN}`))).toEqual(
    [],
  );
});
