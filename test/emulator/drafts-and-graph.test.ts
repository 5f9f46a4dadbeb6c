/** Staged drafts, publishing, revisions, and surgical edits. */
import { describe, expect, it } from "vitest";
import { batch, edge, event, exit, flow, mail, person, step, stepOf, trigger, useEmulator, webhook } from "./support";

const used = useEmulator();
const to = (url: string) => ({ actions: [trigger(), webhook({ url: { value: url } })] });
const stage = (url = "https://staged.example.com") => ({ ...to(url), stage_draft: true });
const urlOf = (body: any) => stepOf(body, "hook").config.inputs.url.value;
const active = (extra: any = {}) => used.api.create(flow(undefined, { status: "active", ...extra }));
const post = (id: string, path: string, body: any = {}) => used.api("POST", `/${id}/${path}`, body);

describe("drafts", () => {
  it("staging leaves the live flow alone; metadata goes live", async () => {
    const made = await active();
    const staged = await used.api.patch(made.id, stage());
    expect({ ...staged, draft: null, draft_updated_at: null }).toEqual(made);
    expect(Object.keys(staged.draft).sort()).toEqual([
      "abort_action",
      "actions",
      "conversion",
      "edges",
      "email_sending_rate_limit",
      "exit_condition",
      "trigger",
      "trigger_masking",
      "variables",
    ]);
    expect(stepOf(staged.draft, "hook")).not.toHaveProperty("description");
    const renamed = await used.api.patch(made.id, { ...stage("https://other.example.com"), name: "New" });
    expect(renamed).toMatchObject({ name: "New", version: 1 });
    expect(renamed.updated_at > made.updated_at).toBe(true);
    expect(urlOf(renamed)).toBe("https://example.com");
    expect((await used.api.patch(made.id, to("https://live.example.com"))).draft).not.toBeNull();
  });

  it("a staged write is fenced by the draft's stamp", async () => {
    const made = await active();
    const { draft_updated_at } = await used.api.patch(made.id, { ...stage(), base_updated_at: made.updated_at });
    expect((await used.api("PATCH", `/${made.id}`, { ...stage(), base_updated_at: made.updated_at })).status).toBe(409);
    await used.api.patch(made.id, { name: "x" });
    expect((await used.api("PATCH", `/${made.id}`, { ...stage(), base_updated_at: draft_updated_at })).status).toBe(
      200,
    );
    expect(
      (await used.api("PATCH", `/${made.id}`, { ...stage(), name: "y", base_live_updated_at: made.updated_at })).status,
    ).toBe(409);
  });

  it("a flow that is not active ignores staging, and absorbs its draft only when told so with all content", async () => {
    const { id } = await active();
    await used.api.patch(id, stage());
    const off = await used.api.patch(id, { status: "draft", stage_draft: true });
    expect(off).toMatchObject({ status: "draft", draft: expect.any(Object) });
    expect(urlOf(await used.api.patch(id, stage("https://live.example.com")))).toBe("https://live.example.com");
    expect((await used.api.patch(id, { ...stage(), includes_staged_draft: true })).draft).not.toBeNull();
    const content = Object.fromEntries(
      [
        "actions",
        "edges",
        "trigger_masking",
        "conversion",
        "exit_condition",
        "email_sending_rate_limit",
        "variables",
      ].map((key) => [key, off[key]]),
    );
    expect(await used.api.patch(id, { ...content, includes_staged_draft: true })).toMatchObject({
      draft: null,
      draft_updated_at: null,
    });
  });

  it("publishes with the token of a preview of this draft, within fifteen minutes", async () => {
    const { id } = await active();
    expect((await post(id, "publish")).body).toMatchObject({
      attr: null,
      detail: "This workflow has no staged draft to publish.",
    });
    await used.api.patch(id, stage());
    used.emulator.inFlight(id, 7);
    const preview = (await post(id, "publish")).body;
    expect(preview).toEqual({
      published: false,
      in_flight_runs: 7,
      draft_updated_at: expect.any(String),
      confirm_token: expect.any(String),
      impact: { deleted_steps: [], position_unknown: 7, empty_variables: [], schedule_conflicts: [] },
    });
    for (const confirm_token of [undefined, "x", `${preview.confirm_token}x`])
      expect((await post(id, "publish", { confirm: true, confirm_token })).body).toMatchObject({
        attr: "confirm_token",
      });
    await used.api.patch(id, stage("https://again.example.com"));
    expect((await post(id, "publish", { confirm: true, confirm_token: preview.confirm_token })).status).toBe(409);
    const { confirm_token } = (await post(id, "publish")).body;
    used.emulator.clock.advance(16 * 60_000);
    expect((await post(id, "publish", { confirm: true, confirm_token })).body).toMatchObject({ attr: "confirm_token" });
    const fresh = (await post(id, "publish")).body;
    const { body } = await post(id, "publish", { confirm: true, confirm_token: fresh.confirm_token });
    expect(body).toMatchObject({
      published: true,
      in_flight_runs: null,
      impact: null,
      workflow: { version: 2, draft: null },
    });
    expect(urlOf(body.workflow)).toBe("https://again.example.com");
    used.emulator.clock.release();
  });

  it("says in a preview where the runs of deleted steps go on, which variables are empty for them, and which schedules set what is gone", async () => {
    const reader = (id: string, config: any) => ({
      ...webhook(),
      id,
      name: id,
      config: { template_id: "template-webhook", inputs: { url: { value: "https://example.com" } }, ...config },
    });
    const reading = {
      template_id: "template-webhook",
      inputs: { url: { value: "https://example.com/{variables.plan}/{variables['score']}" } },
    };
    const { id } = await used.api.create(
      flow([trigger(), reader("a", {}), reader("b", {}), reader("last", {})], {
        status: "active",
        variables: [
          { key: "kept", default: "" },
          { key: "gone", default: "" },
        ],
        edges: [edge("trigger_node", "a"), edge("a", "b"), edge("b", "last")],
      }),
    );
    await used.api("POST", `/${id}/schedules`, {
      rrule: "FREQ=DAILY",
      starts_at: "2030-01-01T00:00:00Z",
      variables: { kept: "x", gone: "y" },
    });
    const actions = [
      trigger(),
      { ...reader("b", {}), name: "Step B", output_variable: { key: "score" } },
      reader("reads", reading),
      reader("mentions", { note: "{variables.plan}" }),
    ];
    await used.api.patch(id, {
      actions,
      variables: [
        { key: "kept", default: "" },
        { key: "plan", default: "" },
      ],
      stage_draft: true,
    });
    used.emulator.inFlight(id, 7, { a: 5 });
    const impact = async () => (await post(id, "publish")).body.impact;
    expect(await impact()).toEqual({
      deleted_steps: [
        { action_id: "a", name: "a", runs: 5, moves_to: { action_id: "b", name: "Step B" }, exits: false },
        { action_id: "last", name: "last", runs: 0, moves_to: null, exits: true },
      ],
      position_unknown: 2,
      empty_variables: [
        { variable: "plan", set_by: null, referenced_by: ["reads"] },
        { variable: "score", set_by: "b", referenced_by: ["reads"] },
      ],
      schedule_conflicts: [{ schedule_id: expect.any(String), variables: ["gone"] }],
    });
    used.emulator.inFlight(id, null);
    expect(await impact()).toMatchObject({
      position_unknown: null,
      deleted_steps: [
        { runs: null, exits: false },
        { runs: null, exits: true },
      ],
    });
  });

  it("may stage a trigger that targets nothing, and is asked for a target when it publishes", async () => {
    const { id } = await active();
    const actions = [trigger({ type: "event", filters: {} }), webhook()];
    expect(await used.api("PATCH", `/${id}`, { actions })).toMatchObject({
      status: 400,
      body: { attr: "actions__0__filters" },
    });
    expect((await used.api.patch(id, { actions, stage_draft: true })).draft.trigger).toEqual({
      type: "event",
      filters: {},
    });
    const { confirm_token } = (await post(id, "publish")).body;
    expect(await post(id, "publish", { confirm: true, confirm_token })).toMatchObject({
      status: 400,
      body: { attr: "actions__0__filters", detail: expect.stringMatching(/^Pick at least one event/) },
    });
    // In drafts too, filters carry their source at once.
    const staged = await used.api.patch(id, { actions: [trigger(), webhook()], stage_draft: true });
    expect(staged.draft.trigger.filters.source).toBe("events");
  });

  it("discards, again and again, moving updated_at", async () => {
    const { id } = await active();
    const staged = await used.api.patch(id, stage());
    const first = (await post(id, "discard_draft")).body;
    expect(first.draft).toBeNull();
    expect(first.updated_at > staged.updated_at).toBe(true);
    expect((await post(id, "discard_draft")).body.updated_at > first.updated_at).toBe(true);
  });

  it("restores a revision into the draft", async () => {
    const { id } = await active();
    const live = await used.api.patch(id, to("https://two.example.com"));
    const restored = (await post(id, "revisions/1/restore")).body;
    expect(restored).toMatchObject({ updated_at: live.updated_at, version: 2 });
    expect(urlOf(restored.draft)).toBe("https://example.com");
    expect((await post(id, "revisions/1/restore")).body).toMatchObject({ code: "draft_exists", type: "server_error" });
    expect(
      (await post(id, "revisions/2/restore", { overwrite: true, expected_draft_updated_at: live.updated_at })).body
        .code,
    ).toBe("stale_update");
    expect(
      (await post(id, "revisions/2/restore", { overwrite: true, expected_draft_updated_at: restored.draft_updated_at }))
        .status,
    ).toBe(200);
    expect((await post(id, "revisions/9/restore")).body.detail).toBe("No such revision for this workflow.");
    expect((await used.api("GET", `/${id}/revisions`)).body).toMatchObject({
      count: 2,
      results: [{ version: 2 }, { version: 1 }],
    });
  });
});

describe("surgical edits", () => {
  const waiting = { ...step("wait_until_condition", { events: [{ filters: { events: [event()] } }] }), id: "w" };
  const branching = {
    ...step("conditional_branch", { conditions: [{ filters: { properties: [person()] } }] }),
    id: "c",
  };
  const base = () =>
    used.api.create(
      flow([trigger(), branching, webhook(), exit], {
        edges: [
          edge("trigger_node", "c"),
          edge("c", "hook", { type: "branch", index: 0 }),
          edge("c", "exit_node"),
          edge("hook", "exit_node"),
        ],
      }),
    );
  const graph = async (id: string, ...operations: any[]) => used.api("PATCH", `/${id}/graph`, { operations });

  it("apply together and answer the whole flow", async () => {
    const { id } = await base();
    const { body } = await graph(
      id,
      { op: "update_action", id: "hook", patch: { name: "New", config: { inputs: { method: { value: "PUT" } } } } },
      { op: "add_action", action: { ...exit, id: "e2" }, edges: [edge("hook", "e2")] },
      { op: "remove_edge", edge: edge("hook", "exit_node") },
      { op: "remove_action", id: "c" },
    );
    expect(body.actions.map((a: any) => a.id)).toEqual(["trigger_node", "hook", "exit_node", "e2"]);
    expect(body.edges).toEqual([edge("trigger_node", "hook"), edge("hook", "e2")]);
    expect(stepOf(body, "hook")).toMatchObject({ name: "New", config: { inputs: { method: { value: "PUT" } } } });
    expect(stepOf(body, "e2")).toMatchObject({ description: "", on_error: null });
    expect(body).toMatchObject({ version: 2, action_redirects: { c: "exit_node" } });
  });

  it.each([
    [[], "operations", "empty"],
    [[{ op: "nope" }], "operations__0__op", "invalid_choice"],
    [[{ op: "update_action", id: "hook" }], "operations__0__non_field_errors", "op 'update_action' requires: patch"],
    [[{ op: "update_action", id: "x", patch: {} }], "operations", "update_action: action 'x' not found"],
    [[{ op: "remove_edge", edge: edge("x", "y") }], "operations", /no matching edge/],
    [[{ op: "add_edge", edge: edge("hook", "x") }], "graph", "Edge references unknown target action 'x'."],
    [[{ op: "add_edge", edge: edge("x", "hook") }], "graph", "Edge references unknown source action 'x'."],
    [
      [{ op: "add_edge", edge: edge("hook", "c", { type: "branch", index: 0 }) }],
      "graph",
      /does not support branch edges/,
    ],
    [[{ op: "add_edge", edge: edge("c", "hook", { type: "branch" }) }], "graph", /missing 'index'/],
    [[{ op: "add_edge", edge: edge("c", "hook", { type: "branch", index: 1 }) }], "graph", /out of range \[0, 1\)/],
    [[{ op: "add_edge", edge: edge("c", "hook", { type: "branch", index: 0 }) }], "graph", /Duplicate/],
    [
      [{ op: "add_action", action: waiting }],
      "graph",
      /wait_until_condition 'w' is missing its resolution edge.*'branch' edge with index 0/,
    ],
    [
      [{ op: "add_action", action: { ...exit, id: "hook" } }],
      "operations",
      "add_action: action id 'hook' already exists",
    ],
    [
      [
        { op: "add_action", action: { ...exit, id: "new" } },
        { op: "add_action", action: { ...exit, id: "new" } },
      ],
      "operations",
      /action id 'new' already exists/,
    ],
    [
      [{ op: "add_action", action: { name: "New", type: "exit", config: {} } }],
      "operations",
      "add_action: action is missing an 'id'",
    ],
    [
      [{ op: "update_action", id: "hook", patch: { id: "exit_node" } }],
      "actions",
      /Duplicate action id\(s\): exit_node/,
    ],
    [
      [{ op: "update_action", id: "hook", patch: { config: { inputs: { url: null } } } }],
      "actions__2__inputs__url",
      "This field is required.",
    ],
  ])("refuse %j", async (operations, attr, text) => {
    const made = await base();
    const { status, body } = await graph(made.id, ...operations);
    expect(status).toBe(400);
    expect(body.attr).toBe(attr);
    expect(`${body.code}\n${body.detail}`).toMatch(text);
    expect(await used.api.read(made.id)).toEqual(made);
  });

  it("honour the stamp, and refuse one that is no datetime", async () => {
    const { id, updated_at } = await base();
    const operations = [{ op: "update_action", id: "hook", patch: { name: "New" } }];
    expect((await used.api("PATCH", `/${id}/graph`, { operations, base_updated_at: "soon" })).body).toMatchObject({
      attr: "base_updated_at",
    });
    expect((await used.api("PATCH", `/${id}/graph`, { operations, base_updated_at: updated_at })).status).toBe(200);
    expect((await used.api("PATCH", `/${id}/graph`, { operations, base_updated_at: updated_at })).status).toBe(409);
  });

  it("patch one email and pause schedules when the audience changes", async () => {
    const { id } = await used.api.create(flow([batch(), mail()]));
    await used.api("POST", `/${id}/schedules`, { rrule: "FREQ=DAILY", starts_at: "2030-01-01T00:00:00Z" });
    const { body } = await used.api("PATCH", `/${id}/actions/mail/email`, { email_patch: { subject: "New" } });
    expect(stepOf(body, "mail").config.inputs.email.value).toMatchObject({ subject: "New", text: "Hi" });
    expect(body.schedules[0].status).toBe("active");
    const changed = await graph(id, {
      op: "update_action",
      id: "trigger_node",
      patch: { config: { filters: { properties: [] } } },
    });
    expect(changed.body.schedules[0].status).toBe("paused");
    expect((await used.api("PATCH", `/${id}/actions/nope/email`, { email_patch: {} })).status).toBe(404);
  });
});
