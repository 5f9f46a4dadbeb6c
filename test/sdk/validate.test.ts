// validate: the findings of preview, from code.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { validate } from "../../sdk/validate";

const trigger = {
  type: "trigger",
  name: "Signed up",
  config: { type: "event", filters: { events: [{ id: "user signed up" }] } },
  next: "pause",
} as const;
const exit = { type: "exit", name: "Exit" } as const;
const flow = (pause: object, more: object = {}): any => ({
  actions: {
    trigger_node: trigger,
    pause: { type: "delay", name: "Pause", next: "exit_node", ...pause },
    exit_node: exit,
  },
  ...more,
});
const rules = (args: any): string[] => validate(args).map(({ rule, path }) => `${rule} ${path}`);

describe("validate", () => {
  it("finds nothing in a flow that is right", () =>
    expect(validate(flow({ config: { delayDuration: "1d" } }))).toEqual([]));

  it("returns errors and warnings with rule, severity, path, what, why and fix", () => {
    expect(validate(flow({ config: { delayDuration: "90m" }, next: "exit" }))).toEqual([
      {
        rule: "wait-clamped",
        severity: "warning",
        path: "actions.pause.config.delayDuration",
        what: '90m lasts only 60m (step "Pause")',
        why: expect.any(String) as string,
        fix: "Use a larger unit, or two waits",
      },
      {
        rule: "missing-step",
        severity: "error",
        path: "actions.pause.next",
        what: 'there is no step "exit" (step "Pause")',
        why: expect.any(String) as string,
        fix: expect.any(String) as string,
      },
    ]);
  });

  it("leaves acknowledged warnings out", () =>
    expect(validate(flow({ config: { delayDuration: "90m" } }, { acknowledge: ["wait-clamped"] }))).toEqual([]));

  it("takes outputs and promises for unknown", () => {
    expect(
      rules(flow({ config: { delayDuration: pulumi.output("soon") }, description: Promise.resolve("x") })),
    ).toEqual([]);
    expect(rules(flow({ config: { delayDuration: pulumi.output("soon") }, onErorr: "abort" }))).toEqual([
      "misspelt-key actions.pause.onErorr",
    ]);
  });

  it("finds what the SDK finds: forms, arguments, structure", () => {
    expect(rules({})).toContain("program actions");
    expect(rules({ ...flow({ config: { delayDuration: "1d" } }), exitConditon: "x" })).toEqual([
      "unknown-argument exitConditon",
    ]);
    expect(rules(flow({ config: { delayDuration: "1d" }, name: pulumi.output("x") }))).toEqual([
      "program actions.pause.name",
    ]);
  });

  it("shows no secret, and calls no plain output one", () => {
    const found = validate(
      flow({
        type: "function",
        config: {
          templateId: "template-webhook",
          inputs: {
            url: { value: "https://example.com" },
            headers: { value: { Authorization: pulumi.secret("hunter2") } },
          },
        },
      }),
    );
    expect(found).toEqual([]);
  });

  it("has the resource's name for its title", () =>
    expect(validate(flow({ config: { delayDuration: "1d" } }), "x".repeat(401)).map(({ rule }) => rule)).toEqual([
      "title",
    ]));
});
