/** The OpenAPI document of `/api/schema/`: every route of the emulator, and the components that they need. */
import type { Route } from "../http/route";
import type { JsonObject } from "../json";
import type { Switches } from "../switches";
import { components } from "./components";
import { in31, integer, ref, refsIn, text, uuid, type Schema } from "./notation";
import { operationOf, type Operation } from "./operations";

export const TITLE = "PostHog API";
export const VERSION = "1.0.0";

const AREA = "workflows";
const PROJECT: Schema = {
  in: "path",
  name: "project_id",
  required: true,
  schema: text(),
  description: "The project, by its id.",
};
/** Path parameters that are not text. */
const PATH_TYPES: Readonly<Record<string, Schema>> = {
  id: uuid,
  schedule_id: uuid,
  batch_job_id: uuid,
  version: integer(),
};
const SERVERS = { "https://us.posthog.com": "PostHog Cloud US", "https://eu.posthog.com": "PostHog Cloud EU" };
const VERBS: Readonly<Record<string, string>> = {
  GET: "retrieve",
  POST: "create",
  PUT: "update",
  PATCH: "partial_update",
  DELETE: "destroy",
};

const isParameter = (part: string) => part.startsWith(":");

function operation(route: Route, { id, body, answer, status = 200, many, query = {} }: Operation): Schema {
  const parts = route.path.split("/");
  const names = parts.filter((part) => !isParameter(part));
  const json = (schema: Schema) => ({ content: { "application/json": { schema } } });
  const inPath = parts.filter(isParameter).map((part) => part.slice(1));
  return {
    operationId: id ?? [...names, many ? "list" : VERBS[route.method]].join("_"),
    parameters: [
      ...inPath.map((name) => ({ in: "path", name, schema: PATH_TYPES[name] ?? text(), required: true })),
      ...Object.entries(query).map(([name, { required, description, ...schema }]) => ({
        in: "query",
        name,
        schema,
        ...(description === undefined ? {} : { description }),
        ...(required ? { required } : {}),
      })),
      PROJECT,
    ].sort((a: Schema, b: Schema) => (a.name < b.name ? -1 : 1)),
    tags: [AREA, names[0]],
    ...(body === undefined
      ? {}
      : { requestBody: { ...json(ref(body)), ...(body.startsWith("Patched") ? {} : { required: true }) } }),
    security: [{ PersonalAPIKeyAuth: [...route.scopes] }],
    responses: { [status]: answer ? { ...json(answer), description: "" } : { description: "No response body" } },
    "x-explicit-tags": [AREA],
  };
}

/** Routes that the server of these switches has. */
const served = (routes: readonly Route[], { testRuns }: Switches) =>
  routes.filter(({ path }) => testRuns || !path.endsWith("/invocations"));

function paths(routes: readonly Route[], switches: Switches): JsonObject {
  const all: Record<string, Schema> = {};
  for (const route of served(routes, switches)) {
    const path = `/api/projects/{project_id}/${route.path.replace(/:(\w+)/g, "{$1}")}/`;
    all[path] = {
      ...all[path],
      [route.method.toLowerCase()]: operation(route, operationOf(`${route.method} ${route.path}`, switches)),
    };
  }
  return sorted(all);
}

const sorted = <T>(object: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The components that something refers to, and those that they refer to. */
function needed(by: unknown, all: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const found: Record<string, Schema> = {};
  const open = refsIn(by);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found[name]) continue;
    const component = all[name];
    if (!component) throw new Error(`the OpenAPI document has no component ${name}`);
    found[name] = component;
    open.push(...refsIn(component));
  }
  return sorted(found);
}

export function openApiDocument(routes: readonly Route[], switches: Switches): JsonObject {
  const written = <T extends JsonObject>(part: T) => (switches.openApi === "3.1.0" ? (in31(part) as T) : part);
  const operations = written(paths(routes, switches));
  return {
    openapi: switches.openApi,
    info: { title: TITLE, version: VERSION, description: "" },
    paths: operations,
    components: {
      schemas: needed(operations, written(components(switches))),
      securitySchemes: { PersonalAPIKeyAuth: { type: "http", scheme: "bearer" } },
    },
    servers: Object.entries(SERVERS).map(([url, description]) => ({ url, description })),
    "x-tagGroups": [{ name: "All endpoints", tags: [AREA, "hog_flows", "hog_function_templates"].sort() }],
  };
}
