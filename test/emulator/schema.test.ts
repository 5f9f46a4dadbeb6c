// `/api/schema/`: how it is served, and that what it says is what the end points do.
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startEmulator } from "../../emulator/index";
import { batch, event, exit, flow, mail, person, step, trigger, useEmulator, webhook } from "./support";

const used = useEmulator({ switches: { deleteFailsWithBatchJobs: false } });

afterEach(() => {
  used.emulator.schema(null);
  Object.assign(used.emulator.switches, { schemaPage: true, openApi: "3.1.0", testRuns: true, keySupport: false });
});

const get = (query = "", accept?: string, method = "GET") =>
  fetch(`${used.emulator.url}/api/schema/${query}`, { method, headers: accept === undefined ? {} : { accept } });
const read = async (): Promise<any> => (await get("?format=json")).json();

describe("the page", () => {
  it("is YAML for everybody, as PostHog's is", async () => {
    const answer = await get();
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("content-disposition")]).toEqual([
      200,
      "application/vnd.oai.openapi; charset=utf-8",
      'inline; filename="PostHog API (1.0.0).yaml"',
    ]);
    expect(parse(await answer.text())).toEqual(await read());
  });

  it.each([
    ["?format=json", undefined, "application/vnd.oai.openapi+json"],
    ["?format=yaml", undefined, "application/vnd.oai.openapi"],
    ["", "application/json", "application/json"],
    ["", "text/html, application/json;q=0.9", "application/json"],
    ["", "application/yaml", "application/yaml"],
    ["", "*/*, application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"],
    ["", "application/*", "application/vnd.oai.openapi"],
    ["?format=json", "application/json", "application/json"],
  ])("%s with Accept %s is %s", async (query, accept, type) => {
    const answer = await get(query, accept);
    expect(answer.headers.get("content-type")).toBe(`${type}; charset=utf-8`);
    const text = await answer.text();
    expect((type.endsWith("json") ? JSON.parse(text) : parse(text)).info.title).toBe("PostHog API");
  });

  it("has no other form, no other method, and no other name", async () => {
    expect((await get("", "text/html")).status).toBe(406);
    expect((await get("?format=xml")).status).toBe(404);
    expect((await get("", undefined, "POST")).status).toBe(405);
    expect((await fetch(`${used.emulator.url}/api/schema`)).status).toBe(404);
  });

  it("is missing where a server does not publish it", async () => {
    used.emulator.switches.schemaPage = false;
    expect((await get()).status).toBe(404);
  });

  it("takes part in faults", async () => {
    const fault = used.emulator.fault({ path: "/api/schema/", when: "before", kind: "status", status: 503 });
    expect((await get()).status).toBe(503);
    fault.remove();
    expect((await get()).status).toBe(200);
  });
});

describe("the document", () => {
  it.each(["3.1.0", "3.0.3"] as const)("is valid OpenAPI %s", async (version) => {
    used.emulator.switches.openApi = version;
    const document = await read();
    expect(document.openapi).toBe(version);
    expect(await new Validator().validate(document)).toEqual({ valid: true });
  });

  it("refers to nothing that it does not have, has nothing that nobody refers to, and names each operation once", async () => {
    const document = await read();
    const named = new Set(
      [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name),
    );
    expect([...named].sort()).toEqual(Object.keys(document.components.schemas));
    const ids = operationsOf(document).map(({ operation }) => operation.operationId);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(ids).toEqual(
      expect.arrayContaining(["hog_flows_list", "hog_flows_partial_update", "hog_flows_graph_partial_update"]),
    );
  });

  it("writes null in each version's own way", async () => {
    const fields = async () => {
      const { HogFlow, HogFlowAction } = (await read()).components.schemas;
      return [HogFlow.properties.name, HogFlow.properties.conversion, HogFlowAction.properties.on_error];
    };
    expect(await fields()).toEqual([
      { type: ["string", "null"], maxLength: 400 },
      { oneOf: [{ $ref: "#/components/schemas/HogFlowConversion" }, { type: "null" }] },
      { oneOf: [{ $ref: "#/components/schemas/OnErrorEnum" }, { type: "null" }] },
    ]);
    used.emulator.switches.openApi = "3.0.3";
    expect(await fields()).toEqual([
      { type: "string", maxLength: 400, nullable: true },
      { allOf: [{ $ref: "#/components/schemas/HogFlowConversion" }], nullable: true },
      {
        nullable: true,
        oneOf: [{ $ref: "#/components/schemas/OnErrorEnum" }, { $ref: "#/components/schemas/NullEnum" }],
      },
    ]);
  });

  it("says what a flow must have, and of a PATCH nothing", async () => {
    const { HogFlow, HogFlowAction, PatchedHogFlowUpdate } = (await read()).components.schemas;
    expect(HogFlow.required.filter((key: string) => !HogFlow.properties[key].readOnly)).toEqual(["actions"]);
    expect(HogFlowAction.required).toEqual(["config", "id", "name", "type"]);
    expect(PatchedHogFlowUpdate.required).toBeUndefined();
    expect(PatchedHogFlowUpdate.properties.origin_product.readOnly).toBe(true);
  });
});

const METHODS = ["get", "post", "put", "patch", "delete"];
const operationsOf = ({ paths }: any): { path: string; method: string; operation: any }[] =>
  Object.entries<any>(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })),
  );

describe("what it says and what the API does", () => {
  let document: any;
  let ajv: Ajv2020;

  beforeAll(async () => {
    document = await read();
    ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema({ ...document, $id: "document" });
  });

  /** The answer must be what the operation says, with no key that the document does not name. */
  async function conforms(id: string, path: string, body?: unknown): Promise<any> {
    const found = operationsOf(document).find(({ operation }) => operation.operationId === id)!;
    const answer = await used.api(found.method.toUpperCase(), path, body);
    const [status, { content }] = Object.entries<any>(found.operation.responses)[0]!;
    expect({ id, status: answer.status, body: answer.status < 300 || answer.body }).toEqual({
      id,
      status: Number(status),
      body: true,
    });
    if (!content) return answer.body;
    const { schema } = content["application/json"];
    const validate = ajv.compile(pointed(schema));
    validate(answer.body);
    expect({ id, errors: validate.errors }).toEqual({ id, errors: null });
    expect({ id, unnamed: unnamedIn(answer.body, schema) }).toEqual({ id, unnamed: [] });
    return answer.body;
  }

  const pointed = (value: any): any =>
    Array.isArray(value)
      ? value.map(pointed)
      : value && typeof value === "object"
        ? Object.fromEntries(
            Object.entries<any>(value).map(([key, item]) => [key, key === "$ref" ? `document${item}` : pointed(item)]),
          )
        : value;

  /** Paths of keys for which a component has no property. */
  function unnamedIn(value: any, schema: any, at = ""): string[] {
    const target = schema.$ref ? document.components.schemas[schema.$ref.split("/").pop()] : schema;
    const inner = target.allOf ?? target.oneOf;
    if (inner) return value === null ? [] : unnamedIn(value, inner[0], at);
    if (Array.isArray(value))
      return target.items ? value.flatMap((item, i) => unnamedIn(item, target.items, `${at}/${i}`)) : [];
    if (!target.properties || value === null || typeof value !== "object") return [];
    return Object.entries(value).flatMap(([key, item]) =>
      target.properties[key] ? unnamedIn(item, target.properties[key], `${at}/${key}`) : [`${at}/${key}`],
    );
  }

  it("answers have the fields and the types that are named", async () => {
    const rich = flow(
      [trigger(), webhook({}, { filters: { events: [event()] }, on_error: "continue" }), mail(), exit],
      {
        edges: [
          { from: "trigger_node", to: "hook", type: "continue" },
          { from: "hook", to: "mail", type: "continue", index: 0 },
          { from: "mail", to: "exit_node", type: "continue" },
        ],
        trigger_masking: { hash: "{person.id}", ttl: 3600 },
        conversion: { filters: [person()], events: [{ filters: { events: [event()] } }], window: "7d" },
        email_sending_rate_limit: { count: 5, period: "hour" },
        variables: [{ key: "who", type: "string", default: "" }],
        origin_product: "broadcasts",
        status: "active",
      },
    );
    const { id } = await conforms("hog_flows_create", "", rich);
    await conforms("hog_flows_schedules_create", `/${id}/schedules`, {
      rrule: "FREQ=DAILY",
      starts_at: "2030-01-01T00:00:00Z",
      variables: { who: "you" },
    });
    await conforms("hog_flows_schedules_list", `/${id}/schedules`);
    await conforms("hog_flows_partial_update", `/${id}`, { description: "Changed", actions: rich.actions });
    await conforms("hog_flows_update", `/${id}`, rich);
    await conforms("hog_flows_retrieve", `/${id}`);
    await conforms("hog_flows_list", "?limit=1");
    await conforms("hog_flows_graph_partial_update", `/${id}/graph`, {
      operations: [{ op: "update_action", id: "hook", patch: { name: "Renamed" } }],
    });
    await conforms("hog_flows_actions_email_partial_update", `/${id}/actions/mail/email`, {
      email_patch: { subject: "Hello" },
    });
    await conforms("hog_flows_revisions_list", `/${id}/revisions`);
    await conforms("hog_flows_revisions_retrieve", `/${id}/revisions/1`);
    await used.api("PATCH", `/${id}`, { stage_draft: true, actions: [trigger(), mail()], variables: [] });
    used.emulator.inFlight(id, 3, { hook: 1 });
    const preview = await conforms("hog_flows_publish_create", `/${id}/publish`, {});
    expect(preview.impact).toMatchObject({
      deleted_steps: [{ action_id: "hook" }, { action_id: "exit_node" }],
      schedule_conflicts: [{}],
    });
    await conforms("hog_flows_publish_create", `/${id}/publish`, {
      confirm: true,
      confirm_token: preview.confirm_token,
    });
    await conforms("hog_flows_revisions_restore_create", `/${id}/revisions/1/restore`, {});
    await conforms("hog_flows_discard_draft_create", `/${id}/discard_draft`);
    await conforms("hog_flows_invocations_create", `/${id}/invocations`, {
      globals: { event: { event: "$pageview" } },
    });
    await conforms("hog_flows_invocations_cancel_create", `/${id}/invocations/cancel`, { all: true });
    used.emulator.pauseEmail(id);
    await conforms("hog_flows_retrieve", `/${id}`);
    await conforms("hog_flows_resume_email_sending", `/${id}/resume_email_sending`);
    await conforms("hog_flows_email_sending_suspension_retrieve", "/email_sending_suspension");
  });

  it("answers about runs have the fields and the types that are named", async () => {
    const active = { status: "active" };
    const { id } = await used.api.create(flow([batch(), exit], active));
    const { id: job } = await conforms("hog_flows_batch_jobs_create", `/${id}/batch_jobs`, {});
    await conforms("hog_flows_batch_jobs_list", `/${id}/batch_jobs`);
    await conforms("hog_flows_batch_jobs_cancel_create", `/${id}/batch_jobs/${job}/cancel`);
    const at = new Date().toISOString();
    used.emulator.record(id, {
      runs: [{ invocation_id: "run", started_at: at }],
      metrics: [{ timestamp: at, name: "sent", kind: "success", count: 2 }],
      logs: [{ timestamp: at, message: "Done" }],
    });
    expect(await conforms("hog_flows_invocation_results_retrieve", `/${id}/invocation_results`)).toHaveLength(1);
    await conforms("hog_flows_invocation_result_retrieve", `/${id}/invocation_results/run`);
    await conforms("hog_flows_invocation_results_count_retrieve", `/${id}/invocation_results_count`);
    await conforms("hog_flows_metrics_retrieve", `/${id}/metrics`);
    await conforms("hog_flows_metrics_totals_retrieve", `/${id}/metrics/totals`);
    await conforms("hog_flows_metrics_version_retrieve", `/${id}/metrics/version?version=1`);
    await conforms("hog_flows_logs_retrieve", `/${id}/logs`);
    await conforms("hog_flows_user_blast_radius_create", "/user_blast_radius", { filters: { properties: [] } });
    await conforms("hog_function_templates_retrieve", "hog_function_templates/template-webhook");
    const scheduled = await used.api.create(flow([trigger({ type: "schedule" }), exit], active));
    await conforms("hog_flows_run_create", `/${scheduled.id}/run`, {});
    await conforms("hog_flows_destroy", `/${id}`);
  });

  it("every operation is answered, and asks for the scopes that it names", async () => {
    const bare = await startEmulator({ keys: [{ key: "phx_bare", scopes: [] }] });
    for (const { path, method, operation } of operationsOf(document)) {
      const filled = path
        .replace("{project_id}", "1")
        .replace("{version}", "1")
        .replace(/\{\w+\}/g, "new");
      const answer = await fetch(bare.url + filled, {
        method: method.toUpperCase(),
        headers: { authorization: "Bearer phx_bare" },
      });
      const scopes: string[] = operation.security[0].PersonalAPIKeyAuth;
      const { detail } = (await answer.json()) as { detail: string };
      expect({ path, method, status: answer.status }).toEqual({ path, method, status: scopes.length > 0 ? 403 : 404 });
      if (scopes.length > 0) expect(detail).toContain(scopes[0]);
    }
    await bare.stop();
  });

  const settable = {
    ...flow([trigger(), exit]),
    name: "n",
    description: "",
    status: "draft",
    exit_condition: "exit_only_at_end",
  };

  it("texts may be as long as it says, and no longer", async () => {
    const { HogFlow, HogFlowAction } = document.components.schemas;
    const named = async (name: string) => (await used.api("POST", "", { ...settable, name })).status;
    const max = HogFlow.properties.name.maxLength;
    expect([await named("n".repeat(max)), await named("n".repeat(max + 1))]).toEqual([201, 400]);
    for (const key of ["id", "name"]) {
      const { maxLength } = HogFlowAction.properties[key];
      const sent = async (length: number) =>
        (await used.api("POST", "", flow([trigger(), { ...exit, [key]: "n".repeat(length) }]))).status;
      expect([key, await sent(maxLength), await sent(maxLength + 1)]).toEqual([key, 201, 400]);
    }
  });

  it("choices are those that it names, and no other", async () => {
    const { schemas } = document.components;
    const choices: [string, (value: string) => any][] = [
      ["HogFlowStatusEnum", (status) => ({ ...settable, status })],
      ["HogFlowOriginProductEnum", (origin_product) => ({ ...settable, origin_product })],
      ["ExitConditionEnum", (exit_condition) => ({ ...settable, exit_condition })],
      ["OnErrorEnum", (on_error) => flow([trigger(), { ...exit, on_error }])],
      ["HogFlowEdgeTypeEnum", (type) => ({ ...settable, edges: [{ from: "trigger_node", to: "exit_node", type }] })],
      ["PeriodEnum", (period) => ({ ...settable, email_sending_rate_limit: { count: 1, period } })],
      ["HogFunctionFiltersSourceEnum", (source) => flow([trigger(), { ...exit, filters: { source } }])],
    ];
    for (const [name, body] of choices) {
      for (const value of schemas[name].enum)
        expect([name, value, (await used.api("POST", "", body(value))).status]).toEqual([name, value, 201]);
      expect([name, (await used.api("POST", "", body("other"))).status]).toEqual([name, 400]);
    }
  });

  it("kinds of steps are those that it names", async () => {
    const refused = async (type: string) => {
      const { status, body } = await used.api("POST", "", flow([trigger(), step(type, {})]));
      return status === 400 && body.detail.startsWith("Unsupported action type");
    };
    for (const type of document.components.schemas.HogFlowActionTypeEnum.enum)
      expect([type, await refused(type)]).toEqual([type, false]);
    expect(await refused("ai_decision")).toBe(true);
  });

  it("kinds of triggers are in the text about a step's config alone", async () => {
    const { description, anyOf } = document.components.schemas.HogFlowAction.properties.config;
    const kinds = /trigger: \{type: ([^,]+),/.exec(description)![1]!.split("|");
    expect(kinds).toEqual(["event", "webhook", "manual", "tracking_pixel", "schedule", "batch", "internal-event"]);
    expect(anyOf[0]).toEqual({ type: "object", additionalProperties: {} });
    const { body } = await used.api("POST", "", flow([trigger({ type: "none" })]));
    for (const kind of kinds) expect(body.detail).toContain(kind);
  });
});

describe("another version", () => {
  it("has what a test makes of the document, while the end points stay as they are", async () => {
    used.emulator.schema((document) => {
      document.components.schemas.HogFlowActionTypeEnum.enum.push("ai_decision");
      delete document.components.schemas.HogFlow.properties.conversion;
      delete document.paths["/api/projects/{project_id}/hog_flows/{id}/run/"];
      return document;
    });
    const document = await read();
    expect(document.components.schemas.HogFlowActionTypeEnum.enum).toContain("ai_decision");
    expect(document.components.schemas.HogFlow.properties).not.toHaveProperty("conversion");
    expect(Object.keys(document.paths)).not.toContain("/api/projects/{project_id}/hog_flows/{id}/run/");
    expect(await used.api.create()).toHaveProperty("conversion");
    used.emulator.schema(null);
    expect((await read()).components.schemas.HogFlow.properties).toHaveProperty("conversion");
  });

  it("has what the switches of the emulator make of it", async () => {
    const shape = async () => {
      const { paths, components } = await read();
      const flows = paths["/api/projects/{project_id}/hog_flows/"].get.parameters.map(({ name }: any) => name);
      const tests = "/api/projects/{project_id}/hog_flows/{id}/invocations/" in paths;
      return [flows.includes("key"), "key" in components.schemas.HogFlow.properties, tests];
    };
    expect(await shape()).toEqual([false, false, true]);
    Object.assign(used.emulator.switches, { keySupport: true, testRuns: false });
    expect(await shape()).toEqual([true, true, false]);
  });
});
