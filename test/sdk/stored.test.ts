// `stored()`: the secret that PostHog has, in each form of a flow.
import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { convert } from "../../sdk/convert";
import { destination, email, on, stored, webhook } from "../../sdk";

const inputsOf = (args: object): unknown => {
  const { definition, findings: problems } = convert(args as Record<string, unknown>, "flow");
  expect(problems).toEqual([]);
  return ((definition["actions"] as any).call ?? (definition["actions"] as any).trigger_node).config.inputs;
};
const trigger = on.event("a");

it("is the mark of PostHog, and no value, in steps, in the keyed form and beside pasted JSON", () => {
  expect(
    inputsOf({ trigger, steps: [webhook("call", { url: "https://a.example.com", signingSecret: stored() })] }),
  ).toMatchObject({ signing_secret: { secret: true } });
  expect(
    inputsOf({
      trigger,
      steps: [destination<{ key: ReturnType<typeof stored> }>("template-x")("call", { inputs: { key: stored() } })],
    }),
  ).toEqual({ key: { secret: true } });
  for (const signing_secret of [stored(), { value: stored() }]) {
    expect(
      inputsOf({
        actions: {
          call: {
            type: "function",
            name: "Call",
            config: { templateId: "template-webhook", inputs: { signing_secret } },
          },
        },
      }),
    ).toEqual({ signing_secret: { secret: true } });
  }
  const definition = {
    actions: [{ id: "call", type: "function", name: "Call", config: { template_id: "template-webhook", inputs: {} } }],
    edges: [],
  };
  expect(inputsOf({ definition, secrets: { call: { signing_secret: stored() } } })).toEqual({
    signing_secret: { secret: true },
  });
});

it("is a finding where PostHog stores no secret", () => {
  const at = (args: object): string[] =>
    convert(args as Record<string, unknown>, "flow").findings.map(({ path, what }) => `${path.join(".")}: ${what}`);
  expect(
    at({
      trigger,
      steps: [webhook("call", { url: "https://a.example.com", body: { key: stored() as never } })],
    }).join(),
  ).toMatch(/body.*`stored\(\)` is used where PostHog stores no secret/);
  expect(
    at({
      trigger,
      steps: [email("mail", { from: { integrationId: 1 }, subject: stored() as never, text: "Hi" })],
    }).join(),
  ).toMatch(/subject.*`stored\(\)` is used/);
});

it("is no output, and another value is a secret", () => {
  expect(pulumi.Output.isInstance(stored())).toBe(false);
  expect(JSON.stringify(stored())).toBe('{"secret":true}');
});
