/** Authentication, scopes, the error envelope, bodies and pages. */
import { describe, expect, it } from "vitest";
import { clientOf, envelope, flow, useEmulator } from "./support";

const used = useEmulator({
  projects: [{ id: "1" }, { id: "2" }],
  keys: [
    { key: "phx_test" },
    { key: "phx_reader", scopes: ["hog_flow:read"] },
    { key: "phx_writer", scopes: ["hog_flow:write"], projects: ["1"], user: { email: "writer@example.com" } },
  ],
});
const unknown = "0199aabb-ccdd-0000-1122-334455667788";

describe("authentication", () => {
  it.each([
    ["no header", undefined, "not_authenticated"],
    ["an unknown key", "Bearer phx_nobody", "authentication_failed"],
  ])("%s is a 401", async (_name, authorization, code) => {
    const response = await fetch(`${used.emulator.url}/api/projects/1/hog_flows`, {
      headers: authorization ? { authorization } : {},
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual(envelope("authentication_error", code, null));
  });

  it("write satisfies read, and each missing scope is named", async () => {
    const reader = clientOf(used.emulator, "phx_reader");
    const writer = clientOf(used.emulator, "phx_writer");
    expect((await reader("GET", "")).status).toBe(200);
    expect((await reader("POST", "", flow())).body).toEqual(
      envelope("authentication_error", "permission_denied", null, "API key missing required scope 'hog_flow:write'"),
    );
    const made = await writer.create();
    expect(made.created_by.email).toBe("writer@example.com");
    expect((await writer("GET", `/${made.id}`)).status).toBe(200);
    for (const path of ["schedules", "batch_jobs"]) {
      expect(await writer("POST", `/${made.id}/${path}`, {})).toMatchObject({
        status: 403,
        body: { detail: "API key missing required scope 'person:read'" },
      });
    }
  });

  it("keys stay in their projects, and flows too", async () => {
    expect((await clientOf(used.emulator, "phx_writer", "2")("GET", "")).status).toBe(403);
    expect((await clientOf(used.emulator, "phx_test", "3")("GET", "")).status).toBe(404);
    const { id } = await used.api.create();
    const other = clientOf(used.emulator, "phx_test", "2");
    expect((await other("GET", `/${id}`)).status).toBe(404);
    expect((await other("GET", "")).body.count).toBe(0);
  });
});

describe("requests", () => {
  it.each([
    ["an unknown id", "GET", `/${unknown}`],
    ["a malformed id", "GET", "/nope"],
    ["a patch of an unknown id", "PATCH", `/${unknown}`],
    ["a publish of an unknown id", "POST", `/${unknown}/publish`],
  ])("%s is a 404", async (_name, method, path) => {
    expect(await used.api(method, path, method === "GET" ? undefined : {})).toMatchObject({
      status: 404,
      body: envelope("invalid_request", "not_found", null, "Not found."),
    });
  });

  it("a method without an action is a 403 for keys", async () => {
    const { id } = await used.api.create();
    expect(await used.api("GET", `/${id}/schedules/${unknown}`)).toMatchObject({
      status: 403,
      body: { code: "permission_denied" },
    });
  });

  it.each([
    ["text", "name=x", "text/plain", 415, "unsupported_media_type"],
    ["broken JSON", "{oops", "application/json", 400, "parse_error"],
    ["a flow that is no object", "[]", "application/json", 500, "error"],
  ])("%s", async (_name, body, type, status, code) => {
    expect(await used.api("POST", "", body, { "content-type": type })).toMatchObject({
      status,
      body: { code, attr: null },
    });
  });

  it("a form is read like JSON, an empty body like an empty object, and too large a body is a 500", async () => {
    expect(
      (await used.api("POST", "", "name=x", { "content-type": "application/x-www-form-urlencoded" })).body,
    ).toMatchObject({ attr: "actions", code: "required" });
    expect((await used.api("POST", "")).body).toMatchObject({ attr: "actions", code: "required" });
    expect((await used.api("POST", "", flow(undefined, { description: "x".repeat(2_700_000) }))).status).toBe(500);
  });

  it("templates can be read", async () => {
    const { body } = await used.api("GET", "hog_function_templates/template-webhook");
    expect(body.inputs_schema.find((input: any) => input.key === "signing_secret")).toMatchObject({ secret: true });
    expect((await used.api("GET", "hog_function_templates/nope")).status).toBe(404);
  });
});

describe("list", () => {
  it("pages with forgiving bounds", async () => {
    const mark = "paged";
    for (const n of [1, 2, 3]) await used.api.create(flow(undefined, { name: `${mark} ${n}` }));
    const names = async (query: string) =>
      (await used.api("GET", `?search=${mark}&${query}`)).body.results.map((row: any) => row.name);
    expect(await names("limit=2")).toEqual([`${mark} 3`, `${mark} 2`]);
    expect(await names("limit=2&offset=2")).toEqual([`${mark} 1`]);
    for (const query of ["limit=0", "limit=-1", "limit=x", "limit=9999", "offset=x"])
      expect(await names(query)).toHaveLength(3);
    expect(await names("offset=99")).toEqual([]);
  });

  it.each([
    ["id=x", "id", "Enter a valid UUID."],
    ["created_at=x", "created_at", "Enter a valid date/time."],
    ["status=on", "status", "Select a valid choice. on is not one of the available choices."],
    ["created_by=me", "created_by", "Must be a valid user uuid"],
    ["origin_product=x", "origin_product", expect.stringContaining("loops, broadcasts")],
    ["type=x", "type", "Unknown: x. Must be one of: messaging, automation, loop, broadcast"],
    ["type=,", "type", "Must be one of: messaging, automation, loop, broadcast"],
    ["broadcast_status=x", "broadcast_status", expect.any(String)],
    ["trigger=%7B", "trigger", "Invalid trigger"],
    [`search=${"x".repeat(201)}`, "search", "Search term cannot exceed 200 characters"],
  ])("refuses %s", async (query, attr, detail) => {
    expect(await used.api("GET", `?${query}`)).toMatchObject({
      status: 400,
      body: { type: "validation_error", code: attr === "status" ? "invalid_choice" : "invalid_input", attr, detail },
    });
  });

  it("finds by stamps", async () => {
    const made = await used.api.create();
    const { body } = await used.api("GET", `?updated_at=${made.updated_at}`);
    expect(body.results.map((row: any) => row.id)).toEqual([made.id]);
  });
});
