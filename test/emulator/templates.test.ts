/** The templates that an emulator knows, those that it is given, and what it says of others. */
import { describe, expect, it } from "vitest";
import { startEmulator } from "../../emulator/index";
import { findTemplate, templateIds, templatesIn } from "../../emulator/templates";
import { expanded } from "../../emulator/templates/schema";
import { clientOf, edge, exit, flow, step, stepOf, trigger, useEmulator } from "./support";

const used = useEmulator();
const code = expect.arrayContaining(["_H", 1]);
const func = (template_id: string, inputs: any, more: any = {}) => ({
  ...step("function", {
    template_id,
    inputs: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, { value }])),
  }),
  ...more,
});

describe("templates of PostHog", () => {
  /** A value that an input of the type may have. */
  const VALUES: Record<string, unknown> = {
    boolean: true,
    number: 1,
    dictionary: { a: "x" },
    integration: 1,
    integration_multi: [1],
    native_email: { from: { integrationId: 1 }, to: { email: "a@example.com" }, subject: "Hi", text: "Hi" },
  };

  it.each(templateIds())(
    "%s is written down as the API returns templates, and the server's own checks take what it asks for",
    async (id) => {
      const template = findTemplate(id)!;
      expect(templatesIn(template)).toEqual([template]);
      const keys = template.inputs_schema.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      for (const input of template.inputs_schema) {
        expect(input).toMatchObject({
          key: expect.stringMatching(/^[A-Za-z][\w-]*$/),
          type: expect.stringMatching(/^[a-z_]+$/),
          label: expect.stringMatching(/^[A-Z]/),
        });
      }
      // Its defaults compile; only what has none is given.
      const inputs = Object.fromEntries(
        template.inputs_schema
          .filter(
            (input) =>
              input.required && (input.default === undefined || input.default === "" || input.type === "native_email"),
          )
          .map(({ key, type }) => [key, VALUES[type] ?? "x"]),
      );
      const made = await used.api.create(flow([trigger(), func(id, inputs)]));
      const stored = stepOf(made, "s").config.inputs;
      for (const { key, required } of template.inputs_schema) if (required) expect(stored).toHaveProperty(key);
    },
  );

  it("are written in a short form that has no room for slips", () => {
    const short = { id: "t", name: "T", inputs: "a string *; b dictionary plain" };
    expect(expanded({ ...short, defaults: { a: "x" }, choices: { b: ["y"] } }).inputs_schema).toEqual([
      { key: "a", type: "string", label: "A", required: true, default: "x" },
      {
        key: "b",
        type: "dictionary",
        label: "B",
        required: false,
        templating: false,
        choices: [{ label: "y", value: "y" }],
      },
    ]);
    expect(() => expanded({ ...short, inputs: "a string required" })).toThrow('t: "a" has an unknown mark "required"');
    expect(() => expanded({ ...short, defaults: { c: 1 } })).toThrow('t: there is no input "c"');
    expect(
      findTemplate("template-webhook")!.inputs_schema.map(({ key, required, secret }) => [key, required, secret]),
    ).toEqual([
      ["url", true, undefined],
      ["method", false, undefined],
      ["body", false, undefined],
      ["headers", false, undefined],
      ["signing_secret", false, true],
      ["debug", false, undefined],
    ]);
  });

  it("are taken on creation, on activation and when the answer is sent back", async () => {
    const flows = [
      flow(
        [
          trigger(),
          func("template-posthog-update-person-properties", {
            set_properties: { my_flag: true, count: 42, nothing: null },
          }),
          exit,
        ],
        { edges: [edge("trigger_node", "s"), edge("s", "exit_node")] },
      ),
      flow([
        trigger(),
        func("template-workflow-llm", {
          prompt: "For {{ person.properties.name }}",
          model: "gpt-5-mini",
          output_fields: { subject: "The subject" },
        }),
      ]),
      flow([
        trigger({ type: "schedule" }),
        func("template-posthog-create-task", {
          prompt: "Count.",
          repository: "acme/app",
          skills: ["counting"],
          posthog_mcp_scopes: "read_only",
          non_failure_status_codes: [409],
        }),
      ]),
    ];
    for (const body of flows) {
      const made = await used.api.create(body);
      await used.api.patch(made.id, { status: "active" });
      const read = await used.api.read(made.id);
      const { id, name, actions, edges } = read;
      expect((await used.api("PUT", `/${id}`, { name, actions, edges, status: "active" })).body).toMatchObject({
        actions: read.actions,
        version: 1,
      });
      const sent = body.actions[1].config.inputs;
      expect(stepOf(read, "s").config.inputs).toMatchObject(sent);
    }
  });

  it("compile what is Hog, and nothing that only PostHog's editor understands", async () => {
    const inputs = async (template: string, given: any) =>
      stepOf(await used.api.create(flow([trigger(), func(template, given)])), "s").config.inputs;
    const set = await inputs("template-posthog-update-person-properties", {
      set_properties: { my_flag: true, name: "{event.event}" },
    });
    expect(set).toMatchObject({
      distinct_id: { value: "{event.distinct_id}", bytecode: code },
      set_properties: { bytecode: { my_flag: true, name: code } },
    });
    const llm = await inputs("template-workflow-llm", {
      prompt: "{{ person.id }} {",
      output_fields: { a: "{event.event}" },
    });
    expect(llm).toMatchObject({
      prompt: { templating: "liquid" },
      output_fields: { bytecode: { a: code } },
      model: { value: "gpt-5-mini" },
    });
    for (const key of ["prompt", "model"]) expect(llm[key]).not.toHaveProperty("bytecode");
    const ticket = await inputs("template-posthog-update-ticket", {
      tags: ["{vip}"],
      assignee: { type: "user", id: 1 },
    });
    expect(ticket).toEqual({
      ticket_id: {
        value: "{event.properties.ticket_id}",
        bytecode: code,
        bytecode_contract: expect.any(String),
        order: 0,
      },
      assignee: { value: { type: "user", id: 1 }, order: 1 },
      tags: { value: ["{vip}"], order: 2 },
    });
  });

  it("keep the language of a push's title, as they say nothing of it", async () => {
    const push = step("function_push", {
      template_id: "template-native-push",
      inputs: {
        distinctId: { value: "{event.distinct_id}" },
        channels: { value: [6, 7] },
        title: { value: "About {event.event}" },
        body: { value: "Hi {{ person.properties.name }}", templating: "liquid" },
      },
    });
    const { inputs } = stepOf(await used.api.create(flow([trigger(), push])), "s").config;
    for (const key of ["distinctId", "title"])
      expect(inputs[key]).toEqual({
        value: push.config.inputs[key].value,
        bytecode: code,
        bytecode_contract: expect.any(String),
        order: expect.any(Number),
      });
    expect(inputs.body).toEqual({ value: "Hi {{ person.properties.name }}", templating: "liquid", order: 3 });
  });
});

describe("templates that are added", () => {
  const own = {
    id: "template-own",
    name: "Own",
    status: "beta",
    inputs_schema: [
      { key: "to", type: "string", required: true },
      { key: "token", type: "string", secret: true },
      { key: "who", type: "posthog_assignee" },
    ],
  };
  const emulatorWith = (templates: unknown[], log?: (line: string) => void) => startEmulator({ templates, log });

  it("are taken with their inputs and secrets, can be read, and win over those that are known", async () => {
    const emulator = await emulatorWith([
      own,
      { ...findTemplate("template-twilio")!, inputs_schema: [{ key: "message", type: "string", required: true }] },
    ]);
    const api = clientOf(emulator);
    const made = await api.create(
      flow([trigger(), func("template-own", { to: "{event.event}", token: "hush", who: { id: 1 }, other: 5 })]),
    );
    expect(stepOf(made, "s").config.inputs).toMatchObject({
      to: { bytecode: code },
      who: { value: { id: 1 } },
      token: { secret: true },
    });
    expect(stepOf(made, "s").config.inputs).not.toHaveProperty("other");
    expect(emulator.secret(made.id, "s", "token")).toBe("hush");
    expect((await api("POST", "", flow([trigger(), func("template-own", {})]))).body).toMatchObject({
      attr: "actions__1__inputs__to",
    });
    expect((await api("GET", "hog_function_templates/template-own")).body).toMatchObject({
      ...own,
      type: "destination",
    });
    // Half-done steps of the web editor keep no secret in clear either.
    const web = emulator.ui.create("1", flow([trigger(), func("template-own", { token: "hush" })]));
    expect(stepOf(web, "s").config.inputs).toEqual({ token: { secret: true } });
    expect(
      (
        await api(
          "POST",
          "",
          flow([trigger(), { ...func("template-twilio", { message: "{event.event}" }), type: "function_sms" }]),
        )
      ).status,
    ).toBe(201);
    await emulator.stop();
  });

  it("come as a list, a page, one, or beside other things; anything else is refused", async () => {
    for (const content of [[own], { results: [own] }, own, [{ template: own, usedBy: ["a"] }]])
      expect(templatesIn(content)).toEqual([{ ...own, type: "destination" }]);
    for (const content of [null, 5, [{ id: "x" }], [own, { id: "x", inputs_schema: [{ key: "a" }] }]])
      expect(() => templatesIn(content)).toThrow(/^entry \d is no template/);
    await expect(emulatorWith([{}])).rejects.toThrow("entry 0 is no template");
  });

  it("are told how to be added, and the API says no more than PostHog's", async () => {
    const lines: string[] = [];
    const emulator = await emulatorWith([own], (line) => lines.push(line));
    const { status, body } = await clientOf(emulator)("POST", "", flow([trigger(), func("template-mailchimp-2", {})]));
    expect([status, body.detail]).toEqual([400, "Template not found"]);
    expect(lines.join("\n")).toMatch(
      /does not know the template "template-mailchimp-2".*hogflow templates pull template-mailchimp-2 --out templates\.json.*startEmulator\(\{ templates \}\)/,
    );
    await emulator.stop();
  });
});
