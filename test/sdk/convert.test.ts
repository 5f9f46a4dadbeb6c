// From what a program writes to the keyed form: outputs stay the leaves that they are, and what is wrong is a finding with its path.
import * as pulumi from "@pulumi/pulumi";
import { parseOwner } from "../../definition/canonical/marker";
import { describe, expect, it } from "vitest";
import { convert, secretPaths } from "../../sdk/convert";
import { flowInputs } from "../../sdk/flow-inputs";
import { delay, event, on, person } from "../../sdk";
import { runProgram } from "../support/program";

const trigger = {
  type: "trigger",
  name: "T",
  config: { type: "event", filters: { events: [{ id: "x" }] } },
  next: "hook",
};
const hook = (inputs: object = {}, more: object = {}) => ({
  type: "function",
  name: "H",
  config: { templateId: "template-webhook", inputs: { url: { value: "https://example.com" }, ...inputs } },
  ...more,
});
const at = (value: any, ...path: string[]): any => path.reduce((part, key) => part?.[key], value);
const problemsOf = (args: object): string[] =>
  convert(args as never, "name").findings.map(({ path, what }) => `${path.join(".")}: ${what}`);

describe("outputs", () => {
  it("stay where they are, and none becomes an output of more than itself", () => {
    const subject = pulumi.output("Hi");
    const header = pulumi.secret("sealed");
    const {
      definition,
      outputs,
      findings: problems,
    } = convert(
      {
        actions: {
          trigger,
          hook: hook({ body: { value: { text: subject } }, headers: { value: { Authorization: header } } }),
        },
        description: subject,
      },
      "name",
    );
    expect(problems).toEqual([]);
    expect(at(definition, "actions", "hook", "config", "inputs", "body", "value", "text")).toBe(subject);
    expect(at(definition, "actions", "hook", "config", "inputs", "headers", "value", "Authorization")).toBe(header);
    expect(definition["description"]).toBe(subject);
    expect(outputs.map(({ path }) => path.join(".")).sort()).toEqual([
      "actions.hook.config.inputs.body.value.text",
      "actions.hook.config.inputs.headers.value.Authorization",
      "description",
    ]);
  });

  it("that are secret have their paths told, and only those", async () => {
    const { outputs } = convert(
      {
        actions: {
          trigger,
          hook: hook({ "X.Y": { value: pulumi.secret("a") }, body: { value: { text: pulumi.output("b") } } }),
        },
        name: pulumi.secret("n"),
      },
      "name",
    );
    const paths = await new Promise((resolve) => secretPaths(outputs)!.apply(resolve));
    expect(paths).toEqual(['actions.hook.config.inputs["X.Y"].value', "name"]);
    expect(secretPaths([])).toBeUndefined();
  });

  it.each([
    ["a step", { actions: { trigger, hook: pulumi.output(hook()) } }, "actions.hook"],
    ["all steps", { actions: pulumi.output({ trigger }) }, "actions"],
    ["a type", { actions: { trigger, hook: { ...hook(), type: pulumi.output("function") } } }, "actions.hook.type"],
    ["a title", { actions: { trigger, hook: { ...hook(), name: pulumi.output("H") } } }, "actions.hook.name"],
    ["a next", { actions: { trigger, hook: { ...hook(), next: pulumi.output("x") } } }, "actions.hook.next"],
    [
      "a branch",
      { actions: { trigger, hook: { ...hook(), branches: [pulumi.output("x")] } } },
      "actions.hook.branches.0",
    ],
    ["a config", { actions: { trigger, hook: { ...hook(), config: pulumi.output({}) } } }, "actions.hook.config"],
    [
      "a trigger's type",
      { actions: { trigger: { ...trigger, config: { type: pulumi.output("event") } } } },
      "actions.trigger.config.type",
    ],
    ["all variables", { actions: { trigger }, variables: pulumi.output({}) }, "variables"],
    ["a pasted definition", { definition: pulumi.output({ actions: [] }) }, "definition"],
  ])("in place of %s are a finding", (_, args, path) => {
    const found = problemsOf(args);
    expect(
      found.some((text) => text.startsWith(`${path}: is an output`)),
      found.join("\n"),
    ).toBe(true);
  });
});

describe("forms", () => {
  it("keyed: takes both spellings of known keys, and never renames data", () => {
    const { definition } = convert(
      {
        actions: { trigger, hook: { ...hook({ snake_key: { value: { some_key: 1 } } }), on_error: "abort" } },
        exit_condition: undefined,
        exitCondition: "exit_only_at_end",
      },
      "name",
    );
    expect(at(definition, "actions", "hook")).toMatchObject({
      onError: "abort",
      config: { inputs: { snake_key: { value: { some_key: 1 } } } },
    });
    expect(definition["exitCondition"]).toBe("exit_only_at_end");
  });

  const pasted = {
    id: "0198",
    version: 3,
    name: "Pasted",
    updated_at: "2026-01-01T00:00:00Z",
    exit_condition: "exit_only_at_end",
    actions: [
      { id: "trigger", name: "T", type: "trigger", config: trigger.config },
      {
        id: "hook",
        name: "H",
        type: "function",
        on_error: null,
        config: {
          template_id: "template-webhook",
          inputs: { url: { value: "https://example.com" }, signing_secret: { secret: true } },
        },
      },
    ],
    edges: [{ from: "trigger", to: "hook", type: "continue" }],
    variables: [{ key: "plan", type: "string", default: "pro" }],
  };

  it("pasted: comes out keyed, without what only the server has, and arguments beside it win", () => {
    const { definition, findings: problems } = convert({ definition: pasted, name: "Mine" }, "resource");
    expect(problems).toEqual([]);
    expect(definition).toMatchObject({
      name: "Mine",
      exitCondition: "exit_only_at_end",
      variables: { plan: { type: "string", default: "pro" } },
    });
    expect(at(definition, "actions", "trigger", "next")).toBe("hook");
    for (const key of ["id", "version", "updated_at", "updatedAt"]) expect(definition).not.toHaveProperty(key);
  });

  it("pasted: says where PostHog lists the flow, and an argument wins", () => {
    const loop = { ...pasted, origin_product: "loops" };
    const originOf = (args: object): unknown => flowInputs(args as never, "resource").inputs["originProduct"];
    expect(originOf({ definition: loop })).toBe("loops");
    expect(originOf({ definition: loop, originProduct: "broadcasts" })).toBe("broadcasts");
    expect(originOf({ definition: { ...pasted, origin_product: null } })).toBeFalsy();
    expect(flowInputs({ definition: loop }, "resource").inputs).not.toHaveProperty("origin_product");
    expect(problemsOf({ definition: loop })).toEqual([]);
  });

  it("pasted: is the same with outputs inside", () => {
    const value = pulumi.output("https://example.com");
    const { definition, outputs } = convert(
      {
        definition: {
          ...pasted,
          actions: [
            pasted.actions[0]!,
            { ...pasted.actions[1]!, config: { template_id: "template-webhook", inputs: { url: { value } } } },
          ],
        },
      },
      "resource",
    );
    expect(at(definition, "actions", "hook", "config", "inputs", "url", "value")).toBe(value);
    expect(outputs).toHaveLength(1);
  });

  it("pasted: finds two steps with one id, and none", () => {
    const twice = { actions: [pasted.actions[0], pasted.actions[0], { name: "No id", type: "exit" }] };
    expect(problemsOf({ definition: twice })).toEqual([
      'definition.actions: two steps have the id "trigger"',
      "definition.actions: a step has no id",
    ]);
  });

  it("are one: none or both is a finding", () => {
    expect(problemsOf({})).toEqual(["actions: a flow needs its steps"]);
    expect(problemsOf({ actions: { trigger }, definition: pasted })[0]).toContain(
      "one form, not actions and definition",
    );
    expect(problemsOf({ trigger: on.event("signed up"), actions: { trigger } })).toEqual([
      "trigger: `trigger` needs `steps`, and this flow has none",
    ]);
    expect(problemsOf({ definition: "text" })).toEqual(["definition: expected the JSON object that PostHog returns"]);
    expect(problemsOf({ definition: {} })).toEqual([
      "definition.actions: expected the list of steps that PostHog returns",
    ]);
  });

  it("a goal is an object, and its events are not among its property tests", () => {
    const goal = (conversion: unknown): string[] =>
      problemsOf({ trigger: on.event("signed up"), steps: [delay("a", "1d")], conversion });
    expect(goal(event("paid"))).toEqual(["conversion: is an event, and must be an object"]);
    expect(goal(person("plan").is("pro"))).toEqual(["conversion: is a condition, and must be an object"]);
    expect(goal({ filters: [event("paid")] })).toEqual([
      "conversion.filters.0: is an event, but a condition is expected",
    ]);
    expect(
      convert(
        { trigger: on.event("signed up"), steps: [delay("a", "1d")], conversion: { filters: [event("paid")] } },
        "resource",
      ).findings[0]!.fix,
    ).toContain("conversion: { events:");
  });

  it("`secrets` fills what the pasted JSON leaves out, as a secret; a step that is not there is a finding", async () => {
    const { definition, findings: problems } = convert(
      { definition: pasted, secrets: { hook: { signing_secret: "sealed" } } },
      "resource",
    );
    expect(problems).toEqual([]);
    expect(
      await pulumi.isSecret(at(definition, "actions", "hook", "config", "inputs", "signing_secret", "value")),
    ).toBe(true);
    expect(problemsOf({ definition: pasted, secrets: { hok: { signing_secret: "sealed" } } })).toEqual([
      'secrets.hok: there is no step "hok"',
    ]);
  });

  it("leaves what the caller gave as it was", () => {
    const args = { definition: structuredClone(pasted), secrets: { hook: { signing_secret: "sealed" } } };
    const before = structuredClone(args);
    convert(args, "resource");
    expect(args).toEqual(before);
    const keyed = { actions: { trigger, hook: hook({ signing_secret: { value: "sealed" } }) } };
    const keyedBefore = structuredClone(keyed);
    convert(keyed, "resource");
    expect(keyed).toEqual(keyedBefore);
  });
});

describe("secrets of templates", () => {
  it.each([
    [
      "signing_secret of a webhook",
      { trigger, hook: hook({ signing_secret: { value: "sealed" } }) },
      ["hook", "signing_secret"],
    ],
    [
      "auth_header of a webhook trigger",
      {
        trigger: {
          type: "trigger",
          name: "T",
          config: { type: "webhook", inputs: { auth_header: { value: "sealed" } } },
        },
      },
      ["trigger", "auth_header"],
    ],
  ])("%s is a secret, though nobody marked it", async (_, actions, [id, key]) => {
    const { definition, outputs } = convert({ actions }, "name");
    expect(await pulumi.isSecret(at(definition, "actions", id!, "config", "inputs", key!, "value"))).toBe(true);
    expect(outputs.map(({ path }) => path.join("."))).toEqual([`actions.${id}.config.inputs.${key}.value`]);
  });

  it("is not made of { secret: true }", () => {
    const { definition } = convert({ actions: { trigger, hook: hook({ signing_secret: { secret: true } }) } }, "name");
    expect(at(definition, "actions", "hook", "config", "inputs", "signing_secret")).toEqual({ secret: true });
  });
});

describe("values that JSON cannot carry", () => {
  it.each([
    [new Date(0), "is a Date, which JSON cannot represent"],
    [new Map(), "is a Map, which JSON cannot represent"],
    [10n, "is a bigint, which JSON cannot represent"],
    [Number.NaN, "is NaN, which JSON cannot represent"],
    [() => 1, "is a function, which JSON cannot represent"],
  ])("%s is a finding", (value, text) => {
    expect(problemsOf({ actions: { trigger, hook: hook({ body: { value: { deep: [value] } } }) } })).toEqual([
      `actions.hook.config.inputs.body.value.deep.0: ${text}`,
    ]);
  });
});

describe("what leaves the program", () => {
  const config = { "posthog:host": "https://eu.posthog.com/", "posthog:projectId": "12" };
  const flowOf = async (args: object, options: object = {}) => {
    const [flow] = await runProgram(({ HogFlow }) => new HogFlow("welcome", args as never), { config, ...options });
    const { __provider: _, ...inputs } = flow!.inputs;
    return inputs;
  };

  it("has place, owner and name by default, and nothing that was not said", async () => {
    const inputs = await flowOf({ actions: { trigger } });
    expect(inputs).toMatchObject({ name: "welcome", host: "https://eu.posthog.com", projectId: "12" });
    expect(parseOwner(inputs["owner"])).toMatchObject({
      project: "shop",
      stack: "dev",
      name: "welcome",
      urn: expect.stringContaining("::pulumi-nodejs:dynamic/posthog:HogFlow::welcome"),
    });
    expect(Object.keys(inputs).sort()).toEqual(["actions", "flows", "host", "name", "owner", "projectId"]);
    // How many flows the program has: passing, for the provider alone.
    expect(inputs["flows"]).toBe(1);
  });

  it("has no owner with marker: false, and no flag that says its default; a stated onDelete counts for a flow that is adopted", async () => {
    expect(
      Object.keys(await flowOf({ actions: { trigger }, marker: false, editorOwns: [], replaceOnMove: false })).sort(),
    ).toEqual(["actions", "host", "name", "projectId"]);
    expect(await flowOf({ actions: { trigger }, onDelete: "delete" })).toMatchObject({ onDelete: "delete" });
  });

  it("has an argument's place before the configuration's", async () => {
    expect(await flowOf({ actions: { trigger }, host: "us.posthog.com", projectId: 7 })).toMatchObject({
      host: "https://us.posthog.com",
      projectId: "7",
    });
  });

  it("carries misspelt arguments as findings", async () => {
    const { findings } = await flowOf({ actions: { trigger }, exitConditon: "x", onDelet: "archive" });
    expect(findings.map(({ path, suggestion }: any) => [path.join("."), suggestion])).toEqual([
      ["exitConditon", "`exitCondition`"],
      ["onDelet", "`onDelete`"],
    ]);
  });

  it("gives a schedule its flow's id, place and fingerprint; with a bare id there is none", async () => {
    const audience = (value: string[]) => ({
      type: "trigger" as const,
      name: "T",
      config: { type: "batch" as const, filters: { properties: [{ key: "plan", value }] } },
    });
    const schedules = async (value: string[]) =>
      (
        await runProgram(
          ({ HogFlow, HogFlowSchedule }) => {
            const flow = new HogFlow("digest", { actions: { t: audience(value) }, projectId: 99 });
            new HogFlowSchedule("with", { flow, rrule: "FREQ=DAILY", startsAt: "2030-01-01T09:00:00" });
            new HogFlowSchedule("bare", { flow: flow.id, rrule: "FREQ=DAILY", startsAt: "2030-01-01T09:00:00" });
          },
          { config, ids: { digest: "flow-id" } },
        )
      )
        .filter(({ kind }) => kind === "schedule")
        .sort((a, b) => a.name.localeCompare(b.name))
        .map(({ inputs }) => inputs);
    const [bare, withFlow] = await schedules(["pro"]);
    expect(withFlow).toMatchObject({
      flowId: "flow-id",
      projectId: "99",
      triggerFingerprint: expect.stringMatching(/^batch:[0-9a-f]{16}$/),
    });
    expect(bare).toMatchObject({ flowId: "flow-id", projectId: "12" });
    expect(bare).not.toHaveProperty("triggerFingerprint");
    expect((await schedules(["free"]))[1]!["triggerFingerprint"]).not.toBe(withFlow!["triggerFingerprint"]);
  });

  it("is known in preview where the program knows it, also of a flow that does not exist yet", async () => {
    const found = await runProgram(
      ({ HogFlow, HogFlowSchedule }) => {
        const flow = new HogFlow("digest", {
          actions: { t: { type: "trigger", name: "T", config: { type: "batch", filters: {} } } },
        });
        new HogFlowSchedule("weekly", { flow, rrule: "FREQ=DAILY", startsAt: "2030-01-01T09:00:00" });
      },
      { config, preview: true },
    );
    const schedule = found.find(({ kind }) => kind === "schedule")!.inputs;
    expect(schedule["flowId"]).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    expect(schedule["triggerFingerprint"]).toMatch(/^batch:/);
  });
});
