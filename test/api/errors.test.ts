/** What an error says and knows: envelope, path, fix, and nothing secret. */
import { describe, expect, it } from "vitest";
import { apiError } from "../../api/answer";
import { PostHogApiError, userPath } from "../../api";
import { HIDDEN, inputValues, redact } from "../../api/redact";
import { clientOf, envelope, failure, KEY, serve, SERVER_ERROR, THROTTLED, type Answer } from "./helpers";

const body = {
  actions: [
    { id: "trigger_node", type: "trigger", config: { type: "event", filters: { events: [{ id: "$pageview" }] } } },
    { id: "wait", type: "delay", config: { delay_duration: "1d" }, filters: { properties: [] } },
    {
      id: "welcome",
      type: "function",
      config: { template_id: "t", inputs: { url: { value: "https://x" }, my__odd_key: { value: "x" } } },
    },
    { id: "2nd mail", type: "function_email", config: { message_category_id: "c" } },
  ],
  edges: [
    { from: "trigger_node", to: "wait", type: "continue" },
    { from: "wait", to: "welcome", type: "branch", index: 1 },
    { to: "welcome", type: "continue" },
  ],
  variables: [{ key: "first_name", type: "string" }],
  trigger_masking: { hash: "x" },
  conversion: { filters: [], events: [{ filters: {} }] },
};

describe("attr to the user's path", () => {
  it.each([
    ["name", "name"],
    ["exit_condition", "exitCondition"],
    ["actions", "actions"],
    ["actions__2", "actions.welcome"],
    ["actions__2__non_field_errors", "actions.welcome"],
    ["actions__9__config", "actions[9].config"],
    ["actions__3__name", 'actions["2nd mail"].name'],
    ["actions__2__config", "actions.welcome.config"],
    ["actions__2__on_error", "actions.welcome.onError"],
    ["actions__2__output_variable", "actions.welcome.outputVariable"],
    ["actions__2__inputs", "actions.welcome.config.inputs"],
    ["actions__2__inputs__url", "actions.welcome.config.inputs.url"],
    ["actions__2__inputs__url__non_field_errors", "actions.welcome.config.inputs.url"],
    ["actions__2__inputs__url__value", "actions.welcome.config.inputs.url.value"],
    ["actions__2__inputs__my__odd_key", "actions.welcome.config.inputs.my__odd_key"],
    ["actions__2__inputs__my__odd_key__templating", "actions.welcome.config.inputs.my__odd_key.templating"],
    ["actions__2__inputs__signing_secret", "actions.welcome.config.inputs.signing_secret"],
    ["actions__2__inputs__not__sent", "actions.welcome.config.inputs.not__sent"],
    ["actions__2__template_id", "actions.welcome.config.templateId"],
    ["actions__2__template_uuid", "actions.welcome.config.templateUuid"],
    ["actions__0__table_name", "actions.trigger_node.config.tableName"],
    ["actions__3__message_category_id", 'actions["2nd mail"].config.messageCategoryId'],
    ["actions__0__filters", "actions.trigger_node.config.filters"],
    ["actions__0__filters__audience_type", "actions.trigger_node.config.filters.audienceType"],
    ["actions__0__filters__properties__0", "actions.trigger_node.config.filters.properties[0]"],
    ["actions__1__filters", "actions.wait.filters"],
    ["actions__1__filters__non_field_errors", "actions.wait.filters"],
    ["actions__1__filters__properties__0", "actions.wait.filters.properties[0]"],
    ["actions__0__events", "actions.trigger_node.config.filters.events"],
    ["actions__1__properties", "actions.wait.config"],
    ["edges", "edges"],
    ["edges__0__to", "actions.trigger_node.next"],
    ["edges__1__index", "actions.wait.branches[1]"],
    ["edges__2__from", "edges[2]"],
    ["variables", "variables"],
    ["variables__non_field_errors", "variables"],
    ["variables__0__default", "variables.first_name.default"],
    ["trigger_masking__ttl", "triggerMasking.ttl"],
    ["conversion__window", "conversion.window"],
    ["conversion__events__0__filters", "conversion.events[0].filters"],
    ["events", "conversion.events"],
    ["email_sending_rate_limit__non_field_errors", "emailSendingRateLimit"],
    ["email_sending_rate_limit__count", "emailSendingRateLimit.count"],
    ["confirm_token", undefined],
    ["non_field_errors", undefined],
    [null, undefined],
  ])("%s -> %s", (attr, path) => {
    expect(userPath(attr, body).path).toBe(path);
  });

  it("names both ends of an edge", () => {
    expect(userPath("edges__1__to", body).note).toBe("the edge from wait to welcome");
  });

  it("knows the conversion goal by its text", () => {
    expect(userPath(null, body, "Invalid filter configuration: x").path).toBe("conversion");
    expect(userPath(null, {}, "Invalid filter configuration: x").path).toBeUndefined();
  });

  it("works for schedules, whose variables are data", () => {
    const schedule = { rrule: "x", starts_at: "y", variables: { my_key: 1 } };
    expect(userPath("starts_at", schedule).path).toBe("startsAt");
    expect(userPath("variables__my_key", schedule).path).toBe("variables.my_key");
  });

  it("survives whatever stands in the body", () => {
    for (const strange of [undefined, null, [], "x", { actions: "x", edges: [null] }, { actions: [null] }]) {
      expect(userPath("actions__0__inputs__a", strange).path).toBe("actions[0].config.inputs.a");
      expect(userPath("edges__0__to", strange).path).toBe("edges[0]");
    }
    expect(userPath("actions__0__inputs____proto__", body).path).toMatch(/^actions\.trigger_node\.config\.inputs/);
  });
});

describe("messages", () => {
  const cases: Array<{ name: string; answer: Answer; has: RegExp[]; fields: object; call?: "list" | "delete" }> = [
    {
      name: "401",
      answer: envelope(401, "authentication_error", "authentication_failed", "Invalid."),
      has: [
        /^GET \/api\/projects\/7\/hog_flows\/f was refused \(401 authentication_failed\): Invalid\./,
        /POSTHOG_API_KEY or `posthog:apiKey`/,
      ],
      fields: { outcome: "refused", type: "authentication_error" },
    },
    {
      name: "403 scope",
      answer: envelope(
        403,
        "authentication_error",
        "permission_denied",
        "API key missing required scope 'hog_flow:write'",
      ),
      has: [/Add the scope hog_flow:write to the personal API key/],
      fields: { outcome: "refused" },
    },
    {
      name: "403 action",
      answer: envelope(
        403,
        "authentication_error",
        "permission_denied",
        "This action does not support personal API key access",
      ),
      has: [/too old/],
      fields: {},
    },
    {
      name: "403 project",
      answer: envelope(403, "authentication_error", "permission_denied", "You don't have access to the project."),
      has: [/POSTHOG_PROJECT_ID or `posthog:projectId`/],
      fields: {},
    },
    {
      name: "404 project",
      call: "list",
      answer: envelope(404, "invalid_request", "not_found", "Project not found."),
      has: [/POSTHOG_PROJECT_ID or `posthog:projectId`/],
      fields: {},
    },
    {
      name: "409",
      answer: envelope(409, "server_error", "stale_update", "The workflow was changed."),
      has: [/pulumi refresh/],
      fields: { outcome: "refused", code: "stale_update", attr: null },
    },
    { name: "429", answer: THROTTLED, has: [/480 requests a minute/], fields: { outcome: "refused" } },
    {
      name: "500 read",
      answer: SERVER_ERROR,
      has: [/stored incomplete/, /Tried 2 times/],
      fields: { outcome: "unknown" },
    },
    {
      name: "500 delete",
      call: "delete",
      answer: SERVER_ERROR,
      has: [/batch job: archive it instead/],
      fields: { outcome: "unknown" },
    },
    { name: "503", answer: { status: 503 }, has: [/posthogstatus/], fields: { outcome: "unknown", status: 503 } },
    {
      name: "405",
      answer: envelope(405, "invalid_request", "method_not_allowed", 'Method "GET" not allowed.'),
      has: [/too old/],
      fields: { outcome: "refused" },
    },
  ];
  it.each(cases)("$name", async ({ answer, has, fields, call }) => {
    const { client } = clientOf(await serve([answer]));
    const error = await failure(
      call === "list" ? client.listFlows() : call === "delete" ? client.deleteFlow("f") : client.getFlow("f"),
    );
    for (const pattern of has) expect(error.message).toMatch(pattern);
    expect(error).toMatchObject({ status: answer.status, ...fields });
  });

  it("tells a project token from a personal key", async () => {
    const server = await serve([envelope(401, "authentication_error", "authentication_failed", "Invalid.")]);
    const error = await failure(clientOf(server, { apiKey: "phc_abcdefgh" }).client.getFlow("f"));
    expect(error.message).toMatch(/begins with phc_: it is a project token/);
    expect(error.message).not.toContain("abcdefgh");
  });

  it("sends nothing that a project secret API key may not ask, and says which key may", async () => {
    const server = await serve([{ json: { id: "f", count: 0, next: null, previous: null, results: [] } }]);
    const { client } = clientOf(server, { apiKey: "phs_abcdefgh" });
    await client.listFlows();
    await client.getFlow("f");
    await client.createFlow({ name: "A" });
    await client.putFlow("f", { name: "A" });
    await client.patchFlow("f", { name: "A" });
    expect(server.lines()).toEqual([
      "GET /api/projects/7/hog_flows/",
      "GET /api/projects/7/hog_flows/f/",
      "POST /api/projects/7/hog_flows/",
      "PUT /api/projects/7/hog_flows/f/",
      "PATCH /api/projects/7/hog_flows/f/",
    ]);
    const refused = [
      client.deleteFlow("f"),
      client.bulkDeleteFlows(["f"]),
      client.listSchedules("f"),
      client.createSchedule("f", {}),
      client.patchFlow("f", { name: "A", stage_draft: true }),
      client.previewPublish("f"),
      client.discardDraft("f"),
      client.testInvocation("f", {}),
      client.createBatchJob("f"),
      client.getTemplate("template-webhook"),
    ];
    for (const call of refused) {
      const error = await failure(call);
      expect(error).toMatchObject({ outcome: "unsent", code: "key_kind" });
      expect(error.message).toMatch(/project secret API key.*nothing else.*Put a personal API key \(phx_…\) in/);
    }
    expect(server.log).toHaveLength(5);
  });

  it.each([401, 403])("says what a project secret API key needs when PostHog answers %i", async (status) => {
    const server = await serve([envelope(status, "authentication_error", "permission_denied", "No.")]);
    const error = await failure(clientOf(server, { apiKey: "phs_abcdefgh" }).client.getFlow("f"));
    expect(error.message).toMatch(
      /project secret API key \(phs_…\): it must belong to this project and have the scope hog_flow:write/,
    );
    expect(error.message).not.toContain("abcdefgh");
  });

  it("finds the user's path in what a test run says of its configuration", async () => {
    const answers = [
      { configuration: { actions: [{}, {}, { config: { inputs: { url: ["This field is required."] } } }] } },
      { configuration: { name: ["Too long."] } },
      { configuration: { non_field_errors: ["Exactly one trigger action is required"] } },
      { current_action_id: ["Not a valid string."] },
    ];
    const server = await serve(answers.map((json) => ({ status: 400, json })));
    const { client } = clientOf(server);
    const errors = [];
    for (const _ of answers) errors.push(await failure(client.testInvocation("new", { configuration: body })));
    expect(errors.map(({ path, detail }) => [path, detail])).toEqual([
      ["actions.welcome.config.inputs.url", "This field is required."],
      ["name", "Too long."],
      [undefined, "Exactly one trigger action is required"],
      [undefined, "Not a valid string."],
    ]);
  });

  it("leads with the user's path", async () => {
    const server = await serve([
      envelope(400, "validation_error", "invalid_input", "This field is required.", "actions__2__inputs__url"),
    ]);
    const error = await failure(clientOf(server).client.createFlow(body as never));
    expect(error).toMatchObject({
      path: "actions.welcome.config.inputs.url",
      attr: "actions__2__inputs__url",
      code: "invalid_input",
      outcome: "refused",
      request: "POST /api/projects/7/hog_flows",
    });
    expect(error.message).toBe(
      "POST /api/projects/7/hog_flows was refused (400 invalid_input) at actions.welcome.config.inputs.url: This field is required.",
    );
  });

  it("says which edge", async () => {
    const server = await serve([
      envelope(400, "validation_error", "required", "This field is required.", "edges__0__to"),
    ]);
    expect((await failure(clientOf(server).client.createFlow(body as never))).message).toContain(
      "at actions.trigger_node.next (the edge from trigger_node to wait)",
    );
  });
});

describe("error shapes without the envelope", () => {
  it.each([
    [{ status: ['"x" is not a valid choice.'] }, { detail: '"x" is not a valid choice.', attr: "status" }],
    [{ non_field_errors: ["Bad."] }, { detail: "Bad.", attr: null }],
    [{ error: "One or more IDs are not valid UUIDs" }, { detail: "One or more IDs are not valid UUIDs" }],
    [{ detail: "Only this" }, { detail: "Only this" }],
    [{ status: "error", message: "Upstream" }, { detail: "Upstream" }],
    [["First", "second"], { detail: "First" }],
    [{}, { detail: "the server gave no reason" }],
    [null, { detail: "the server gave no reason" }],
    [
      { type: "a", code: 5, detail: "D", attr: "x", extra: { n: 1 } },
      { type: "a", code: undefined, detail: "D", attr: "x", extra: { n: 1 } },
    ],
  ])("%j", async (json, fields) => {
    const server = await serve([{ status: 400, json }]);
    expect(await failure(clientOf(server).client.createBatchJob("f"))).toMatchObject({
      status: 400,
      outcome: "refused",
      ...fields,
    });
  });
});

describe("secrets", () => {
  const secret = "whsec_5f2b9c\nline two";
  const sent = {
    actions: [
      {
        id: "a",
        name: "Ship it",
        config: {
          inputs: {
            signing_secret: { value: secret },
            headers: { value: { Authorization: "Bearer abc" } },
            method: { value: "GET" },
          },
        },
      },
    ],
  };

  it("are the strings below inputs", () => {
    expect(inputValues(sent)).toEqual([secret, "Bearer abc"]);
  });

  it("disappear from whatever the server repeats", async () => {
    const detail = `Bad value ${secret} or ${JSON.stringify(secret)} with Bearer abc in 'Ship it' by GET, near whsec_5f2b9c\nline…`;
    const extra = { values: [secret], nested: { text: `x ${secret}` } };
    const server = await serve([
      { status: 400, json: { type: "validation_error", code: `{'v': '${"Bearer abc"}'}`, detail, attr: null, extra } },
    ]);
    const error = await failure(clientOf(server).client.createFlow(sent as never));
    const all = JSON.stringify(error) + error.message + error.stack;
    for (const part of ["whsec_5f2b9c", "Bearer abc"]) expect(all).not.toContain(part);
    expect(error.detail).toBe(`Bad value ${HIDDEN} or "${HIDDEN}" with ${HIDDEN} in 'Ship it' by GET, near ${HIDDEN}…`);
  });

  it("longest first, and quotations of long ones", () => {
    expect(redact("abcdefgh", ["abcd", "abcdefgh"])).toBe(HIDDEN);
    expect(
      redact("got 'this text is far too long to' and more", ["really, this text is far too long to show here"]),
    ).toBe(`got '${HIDDEN}' and more`);
    expect(redact("This field is required.", ["This mail is for you, and it is required reading."])).toBe(
      "This field is required.",
    );
  });

  it("stay hidden when errors are copied", () => {
    const error = apiError(
      { request: "PUT /x", host: "http://x", target: "flow", apiKey: KEY, body: sent },
      { outcome: "unknown", detail: `a ${secret}` },
    );
    const copy = error.with({ outcome: "refused" });
    expect(copy).toBeInstanceOf(PostHogApiError);
    expect(copy).toMatchObject({ outcome: "refused", detail: `a ${HIDDEN}`, request: "PUT /x" });
    expect(Object.keys(copy)).not.toContain("body");
  });
});
