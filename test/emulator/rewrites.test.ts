/** What the server adds and changes (rows of the drift table), secrets, PUT against PATCH, and versions. */
import { describe, expect, it } from "vitest";
import { BYTECODE_CONTRACT } from "../../emulator/index";
import { edge, event, exit, flow, mail, person, step, stepOf, trigger, useEmulator, webhook } from "./support";

const MESSAGE = "0199aabb-ccdd-0000-1122-334455667788";
const used = useEmulator({
  projects: [{ id: "1", messageTemplates: [{ id: MESSAGE, subject: "Saved", html: "<p>Saved</p>" }] }],
});

const code = expect.arrayContaining(["_H", 1]);
const compiled = { source: "events", bytecode: code, bytecode_contract: BYTECODE_CONTRACT };
const configOf = async (action: any) => stepOf(await used.api.create(flow([trigger(), action])), action.id).config;
const triggerOf = async (config: any) => (await used.api.create(flow([trigger(config)]))).trigger;

describe("rewrites", () => {
  it("derived fields and defaults", async () => {
    const made = await used.api.create(flow([trigger(), mail(), webhook()], { unknown: 1, version: 9 }));
    expect(made.trigger).toEqual(made.actions[0].config);
    expect(made).toMatchObject({
      version: 1,
      billable_action_types: ["function", "function_email"],
      exit_condition: "exit_on_conversion",
      edges: [],
      variables: [],
      action_redirects: null,
    });
    expect(made).not.toHaveProperty("unknown");
    expect(made.actions[2]).toMatchObject({ description: "", on_error: null, filters: null, output_variable: null });
    expect((await used.api("GET", `?id=${made.id}`)).body.results[0].edges).toEqual({});
  });

  it("the documented bytecode of a plain event filter", async () => {
    expect((await triggerOf({ type: "event", filters: { events: [event()] } })).filters.bytecode).toEqual([
      "_H",
      1,
      32,
      "$pageview",
      32,
      "event",
      1,
      1,
      11,
    ]);
  });

  it("compiled filters", async () => {
    const filters = {
      events: [event()],
      x: 1,
      data_warehouse: [],
      bytecode: ["mine"],
      bytecode_error: "x",
      filter_test_accounts: "true",
    };
    expect((await triggerOf({ type: "event", filters })).filters).toEqual({
      ...compiled,
      events: [event()],
      filter_test_accounts: true,
    });
    expect(
      (await configOf(step("conditional_branch", { conditions: [{ name: "n", filters: { properties: [person()] } }] })))
        .conditions[0],
    ).toMatchObject({ name: "n", filters: compiled });
    expect(stepOf(await used.api.create(flow([trigger(), { ...exit, filters: {} }])), "exit_node").filters).toEqual({
      source: "events",
      bytecode: code,
    });
  });

  it.each([
    [
      "test accounts move into the filters",
      { type: "event", filter_test_accounts: true, filters: { events: [event()] } },
      { type: "event", filters: { ...compiled, events: [event()], filter_test_accounts: true } },
    ],
    ["empty filters stay", { type: "event", filters: {} }, { type: "event", filters: {} }],
    ["null filters stay", { type: "event", filters: null }, { type: "event", filters: null }],
    [
      "batch filters pass through",
      { type: "batch", filters: { properties: [], x: 1 } },
      { type: "batch", filters: { properties: [], x: 1 } },
    ],
    [
      "person updates lose events",
      { type: "event", filters: { source: "person-updates", events: [event()] } },
      { type: "event", filters: { ...compiled, source: "person-updates" } },
    ],
    [
      "warehouse filters appear",
      { type: "data-warehouse-view", table_name: "t" },
      { type: "data-warehouse-view", table_name: "t", filters: { ...compiled, source: "data-warehouse-view" } },
    ],
    [
      "Slack channels lose their name",
      {
        type: "internal-event",
        filters: {
          events: [event("$slack_message_received")],
          properties: [{ key: "channel", value: ["C1|#general"] }],
        },
      },
      {
        type: "internal-event",
        filters: {
          ...compiled,
          source: "internal-events",
          events: [event("$slack_message_received")],
          properties: [{ key: "channel", value: ["C1"] }],
        },
      },
    ],
    [
      "GitHub repositories in lower case",
      {
        type: "internal-event",
        filters: {
          events: [event("$github_event_received")],
          properties: [
            { key: "repository", value: ["A/B"] },
            { key: "repository", value: "A.*", operator: "regex" },
          ],
        },
      },
      {
        type: "internal-event",
        filters: {
          ...compiled,
          source: "internal-events",
          events: [event("$github_event_received")],
          properties: [
            { key: "repository", value: ["a/b"] },
            { key: "repository", value: "A.*", operator: "regex" },
          ],
        },
      },
    ],
  ])("trigger: %s", async (_name, sent, stored) => {
    expect(await triggerOf(sent)).toEqual(stored);
  });

  it("a trigger without a person forces the exit condition, and it stays", async () => {
    const { id, exit_condition } = await used.api.create(
      flow([trigger({ type: "data-warehouse-table", table_name: "t" })], { exit_condition: "exit_on_conversion" }),
    );
    expect(exit_condition).toBe("exit_only_at_end");
    expect((await used.api.patch(id, { exit_condition: "exit_on_conversion" })).exit_condition).toBe(
      "exit_only_at_end",
    );
    expect((await used.api.patch(id, { actions: [trigger()] })).exit_condition).toBe("exit_only_at_end");
  });

  it("inputs", async () => {
    const { inputs } = await configOf(
      webhook({
        body: { value: { who: "{person.id}", n: 5, on: true } },
        method: { value: "" },
        unknown: { value: 1 },
        url: { value: "{inputs.body}", bytecode: ["x"], order: 7 },
        debug: { value: true },
      }),
    );
    expect(inputs).toEqual({
      method: { value: "", order: 0 },
      body: {
        value: { who: "{person.id}", n: 5, on: true },
        bytecode: { who: code, n: 5, on: true },
        bytecode_contract: BYTECODE_CONTRACT,
        order: 1,
      },
      url: { value: "{inputs.body}", bytecode: code, bytecode_contract: BYTECODE_CONTRACT, order: 2 },
      debug: { value: true, bytecode: true, bytecode_contract: BYTECODE_CONTRACT, order: 3 },
    });
    expect(Object.keys(inputs)).toEqual(["method", "body", "url", "debug"]);
    const sms = await configOf(
      step("function_sms", { inputs: { twilio_account: { value: 1 }, from_number: { value: "+1" } } }),
    );
    expect(sms).toMatchObject({
      template_id: "template-twilio",
      inputs: {
        twilio_account: { value: 1, order: 0 },
        from_number: { value: "+1", order: 1 },
        to_number: { value: expect.any(String), templating: "liquid", order: 2 },
      },
    });
    expect(sms.inputs.to_number).not.toHaveProperty("bytecode");
    // Of a push, only the body is always Liquid.
    const push = await configOf(
      step("function_push", {
        inputs: {
          channels: { value: [1] },
          title: { value: "{{ x }}", templating: "liquid" },
          body: { value: "{{ x }}", templating: "hog" },
          image: { value: "{event.image}" },
        },
      }),
    );
    const compiledText = { bytecode: code, bytecode_contract: BYTECODE_CONTRACT };
    expect(push.inputs).toEqual({
      distinctId: { value: "{event.distinct_id}", ...compiledText, order: 0 },
      channels: { value: [1], order: 1 },
      title: { value: "{{ x }}", templating: "liquid", order: 2 },
      body: { value: "{{ x }}", templating: "liquid", order: 3 },
      image: { value: "{event.image}", ...compiledText, order: 4 },
    });
  });

  it("email templates: literal, moved uuid, saved body, design", async () => {
    const wrapped = (await configOf(mail({ html: "<b>x</b>" }))).inputs.email;
    expect(wrapped).toMatchObject({
      templating: "liquid",
      order: 0,
      value: { design: { schemaVersion: 16, body: { id: "html-wrap-body" } } },
    });
    expect(wrapped).not.toHaveProperty("bytecode");
    expect((await configOf(mail({ html: "<b>x</b>" }))).inputs.email).toEqual(wrapped);
    expect(await configOf(mail({}, { template_id: `{${MESSAGE.toUpperCase()}}` }))).toMatchObject({
      template_id: "template-email",
      template_uuid: MESSAGE,
    });
    const saved = await configOf(mail({ subject: "", text: undefined }, { template_uuid: MESSAGE }));
    expect(saved.inputs.email.value).toMatchObject({ to: "a@example.com", subject: "Saved", html: "<p>Saved</p>" });
  });

  it("filters carry their source in the answer to a PATCH, too, but for a step's own", async () => {
    const { id } = await used.api.create();
    const filters = { properties: [person()] };
    const actions = [
      trigger(),
      {
        ...step("wait_until_condition", { condition: { filters }, events: [{ filters: { events: [event()] } }] }),
        filters,
      },
      { ...step("conditional_branch", { conditions: [{ filters }] }), id: "b" },
      exit,
    ];
    const [first, wait, branch] = (await used.api.patch(id, { actions })).actions;
    const source = { source: "events" };
    expect(first.config.filters).toMatchObject(source);
    expect(wait.config).toMatchObject({ condition: { filters: source }, events: [{ filters: source }] });
    expect(branch.config.conditions).toMatchObject([{ filters: source }]);
    expect(wait.filters).not.toHaveProperty("source");
    const warehouse = await used.api.patch(id, {
      actions: [trigger({ type: "data-warehouse-view", table_name: "t" })],
    });
    expect(warehouse.trigger.filters.source).toBe("data-warehouse-view");
  });

  it("a wait that is changed may carry condition and conditions", async () => {
    const both = step("wait_until_condition", {
      condition: { filters: { properties: [person()] } },
      conditions: [{ filters: { properties: [person()] } }],
    });
    expect((await used.api("POST", "", flow([trigger(), both]))).body.detail).toMatch(/^Cannot specify both/);
    const { id } = await used.api.create();
    expect(
      stepOf(await used.api.patch(id, { actions: [trigger(), both] }), "s").config.condition.filters.bytecode,
    ).toEqual(code);
    const branch = { ...step("conditional_branch", both.config), id: "b" };
    expect((await used.api("PATCH", `/${id}`, { actions: [trigger(), branch] })).body.detail).toMatch(
      /^Cannot specify both/,
    );
  });

  it("waits, delays, outputs", async () => {
    expect(await configOf(step("wait_until_condition", {}))).toEqual({ condition: { filters: null }, events: [] });
    expect((await configOf(step("wait_until_condition", { condition: {} }))).condition).toEqual({});
    expect(
      (
        await configOf(
          step("wait_until_condition", {
            events: [{ filters: {} }, { name: "n", x: 1, filters: { events: [event()] } }],
          }),
        )
      ).events,
    ).toEqual([{ name: "n", x: 1, filters: { ...compiled, events: [event()] } }]);
    const { delay_until } = await configOf(
      step("delay", { delay_until: { expression: " a ", x: 1, bytecode: ["x"], bytecode_error: "x" } }),
    );
    expect(delay_until).toEqual({ expression: " a ", x: 1, bytecode: code });
    const made = await used.api.create(flow([trigger(), { ...exit, output_variable: ["a", { key: "b", x: 1 }] }]));
    expect(stepOf(made, "exit_node").output_variable).toEqual([{ key: "a" }, { key: "b", x: 1 }]);
  });

  it.each([
    [{}, { bytecode: [], events: [] }],
    [
      { filters: [person()], window: "7d", window_minutes: 5, bytecode: ["x"] },
      { filters: [person()], window: "7d", events: [], bytecode: code },
    ],
    [
      { events: [{ name: "n", filters: { events: [event()] } }, { filters: { events: [] } }] },
      { events: [{ filters: { ...compiled, events: [event()] } }], bytecode: [] },
    ],
    [
      { filters: { events: [event()] } },
      { filters: [], events: [{ filters: { ...compiled, events: [event()] } }], bytecode: [] },
    ],
  ])("conversion %#", async (conversion, stored) => {
    expect((await used.api.create(flow(undefined, { conversion }))).conversion).toEqual(stored);
  });

  it("masking, variables, edges, text", async () => {
    const made = await used.api.create(
      flow(undefined, {
        name: "  n  ",
        trigger_masking: { hash: " {person.id} ", ttl: "60", x: 1 },
        variables: [{ key: " a ", default: 1.5, n: 5 }],
        edges: [{ from: " a ", to: "b", type: "branch", index: "0", x: 1 }],
      }),
    );
    expect(made.name).toBe("n");
    expect(made.trigger_masking).toEqual({ hash: "{person.id}", ttl: 60, threshold: null, bytecode: code });
    expect(made.variables).toEqual([{ key: "a", default: "1.5", n: "5" }]);
    expect(made.edges).toEqual([{ from: "a", to: "b", type: "branch", index: 0 }]);
  });

  it("redirects of removed steps", async () => {
    const ids = ["a", "b", "c"].map((id) => ({ ...exit, id }));
    const { id } = await used.api.create(
      flow([trigger(), ...ids], { edges: [edge("trigger_node", "a"), edge("a", "b"), edge("b", "c")] }),
    );
    expect((await used.api.patch(id, { actions: [trigger(), ids[1], ids[2]] })).action_redirects).toEqual({ a: "b" });
    expect((await used.api.patch(id, { actions: [trigger(), ids[2]] })).action_redirects).toEqual({ a: "c", b: "c" });
    expect((await used.api.patch(id, { actions: [trigger(), ids[0]] })).action_redirects).toBeNull();
  });
});

describe("secrets", () => {
  const signed = (signing_secret?: any, id = "hook") => ({
    ...webhook(signing_secret === undefined ? {} : { signing_secret }),
    id,
  });
  const actions = (...args: Parameters<typeof signed>) => ({ actions: [trigger(), signed(...args)] });

  it("are kept apart and masked last, without order", async () => {
    const made = await used.api.create(flow([trigger(), signed({ value: "one" })]));
    expect(Object.entries(stepOf(made, "hook").config.inputs).at(-1)).toEqual(["signing_secret", { secret: true }]);
    expect(JSON.stringify([used.emulator.flows(), used.emulator.revisions(made.id)])).not.toContain('one"');
    expect(used.emulator.secret(made.id, "hook", "signing_secret")).toBe("one");
  });

  it("are kept, rotated, emptied, and lost with the step's id", async () => {
    const { id } = await used.api.create(flow([trigger(), signed({ value: "one" })]));
    const stored = () => used.emulator.secret(id, "hook", "signing_secret");
    for (const keep of [{ secret: true }, { value: "********", secret: true }, {}, undefined]) {
      await used.api.patch(id, actions(keep));
      expect(stored()).toBe("one");
    }
    const { version } = await used.api.read(id);
    expect((await used.api.patch(id, actions({ value: "two", secret: true }))).version).toBe(version);
    expect(stored()).toBe("two");
    await used.api.patch(id, actions({ value: "" }));
    expect(stored()).toBe("");
    expect((await used.api("PATCH", `/${id}`, actions({ value: "********" }))).body.detail).toMatch(
      /not updated correctly/,
    );
    expect((await used.api("PATCH", `/${id}`, actions({ secret: true }, "renamed"))).status).toBe(400);
    await used.api.patch(id, actions(undefined, "renamed"));
    expect(stored()).toBeUndefined();
  });
});

describe("PUT, PATCH and versions", () => {
  it("PUT keeps what it omits but the description", async () => {
    const { id } = await used.api.create(
      flow(undefined, { description: "d", variables: [{ key: "a" }], edges: [edge("trigger_node", "hook")] }),
    );
    const { body } = await used.api("PUT", `/${id}`, { actions: [trigger(), webhook()] });
    expect(body).toMatchObject({
      name: "Test",
      description: "",
      variables: [{ key: "a" }],
      edges: [edge("trigger_node", "hook")],
      version: 1,
    });
    expect((await used.api("PUT", `/${id}`, { name: "x" })).body).toMatchObject({ attr: "actions", code: "required" });
  });

  it("PATCH stores fewer keys, shows them on GET only, and PUT brings them back", async () => {
    const { id } = await used.api.create();
    const patched = await used.api.patch(id, {
      actions: [trigger(), webhook({}, { filters: { properties: [], data_warehouse: [{ id: "t" }] } })],
    });
    expect(patched.version).toBe(2);
    expect(stepOf(patched, "hook")).not.toHaveProperty("description");
    expect(stepOf(patched, "hook").filters).toEqual({ properties: [], data_warehouse: [{ id: "t" }], bytecode: code });
    expect(stepOf(await used.api.read(id), "hook")).toMatchObject({
      description: "",
      on_error: null,
      filters: { source: "events" },
    });
    expect((await used.api("PUT", `/${id}`, flow())).body.version).toBe(3);
    expect((await used.api("PUT", `/${id}`, flow())).body.version).toBe(3);
  });

  it("activation by status alone stores the steps in full", async () => {
    const { id } = await used.api.create();
    await used.api.patch(id, { actions: [trigger(), webhook()] });
    expect((await used.api.patch(id, { status: "active" })).version).toBe(3);
    expect((await used.api.patch(id, { status: "draft" })).version).toBe(3);
    const idle = await used.api.create(flow([trigger({ type: "event" }), webhook()]));
    expect((await used.api("PATCH", `/${idle.id}`, { status: "active" })).body).toMatchObject({
      attr: "actions",
      detail: expect.stringMatching(/^Can't enable this workflow\. Fix step 'Trigger': Pick .* and try again\.$/),
    });
  });

  it("order is content; nulls of masking count once", async () => {
    const masked = await used.api.create(flow([trigger(), webhook(), exit], { trigger_masking: { hash: "x" } }));
    const back = { trigger_masking: masked.trigger_masking };
    expect((await used.api.patch(masked.id, back)).version).toBe(2);
    expect((await used.api.patch(masked.id, back)).version).toBe(2);
    expect((await used.api.patch(masked.id, { edges: [] })).version).toBe(2);
    const [a, b, c] = masked.actions;
    expect((await used.api.patch(masked.id, { actions: [a, c, b] })).version).toBe(3);
    expect(used.emulator.revisions(masked.id).map((r) => r.version)).toEqual([3, 2, 1]);
  });

  it("stamps move on every write and are compared to the microsecond", async () => {
    const made = await used.api.create();
    const cut = new Date(made.updated_at).toISOString();
    expect(made.updated_at).toMatch(/\.\d{6}Z$/);
    expect(await used.api("PATCH", `/${made.id}`, { base_updated_at: cut })).toMatchObject({
      status: 409,
      body: { type: "server_error", code: "stale_update", attr: null },
    });
    const { updated_at } = await used.api.patch(made.id, { base_updated_at: made.updated_at });
    expect(updated_at > made.updated_at).toBe(true);
    expect((await used.api("PATCH", `/${made.id}`, { base_updated_at: made.updated_at })).status).toBe(409);
  });
});
