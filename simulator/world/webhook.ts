// A request to the flow's public URL: the trigger's inputs are rendered, checked, and become an event (run time §1.4).
import { isDict, type Dict } from "../../definition/canonical/values";
import type { TemplateInputs } from "../../definition/schema/types";
import type { Evaluation } from "../evaluation";
import type { SimulatedRequest } from "../input/signals";
import { iso } from "../input/moment";
import { uuidOf } from "../input/random";
import { TRIGGER_TEMPLATES } from "../../definition/schema/templates";
import { renderEach } from "../steps/inputs";
import { sourceName, storedInputs } from "../steps/templates";
import { metric } from "./record";
import { tryStart } from "./start";
import type { World } from "./state";

const MAX_BODY = 512_000;

export function requested(world: World, request: SimulatedRequest): void {
  const { trigger } = world.live.model;
  const pixel = trigger.type === "tracking_pixel";
  const method = (request.method ?? (pixel ? "GET" : "POST")).toUpperCase();
  const words = `${method} request`;
  const refuse = (status: number, why: string): void => {
    world.attempts.push({
      at: iso(world.now),
      outcome: world.live.status === "active" ? "refused" : "inactive",
      what: `${words}: ${why}`,
      answer: { status },
    });
  };
  if (world.live.status !== "active") return refuse(404, "the flow is not active");
  const rawBody = typeof request.body === "string" ? request.body : JSON.stringify(request.body ?? "");
  if (Buffer.byteLength(rawBody) > MAX_BODY) return refuse(413, "the body is too large");
  const headers = passedOn(request.headers ?? {});
  const failed = (status: number, why: string): void => {
    metric({ world }, { kind: "failure", name: "trigger_failed" });
    refuse(status, why);
  };
  const variables = isDict(request.body) && isDict(request.body["$variables"]) ? request.body["$variables"] : {};
  const rendered = renderTrigger(world, {
    request: {
      method,
      headers,
      ip: request.ip ?? "127.0.0.1",
      body: request.body ?? {},
      query: queryOf(request.query ?? {}),
      stringBody: rawBody,
    },
    variables,
  });
  if (!rendered.ok) return failed(pixel ? 200 : 500, `the trigger's inputs fail: ${rendered.error}`);
  const { event, distinct_id: distinctId, properties, method: wanted = null, auth_header: header } = rendered.value;
  if (!pixel) {
    if (method !== wanted)
      return failed(
        405,
        wanted === null ? "the flow's trigger has no method, so none matches" : `the method must be ${String(wanted)}`,
      );
    if (header && headers["authorization"] !== header) return failed(401, "the Authorization header does not match");
    if (isEmpty(event)) return failed(400, "the event is empty");
    if (isEmpty(distinctId)) return failed(400, "the distinct id is empty");
  } else if (isEmpty(event) || isEmpty(distinctId))
    return failed(200, "event or distinct id is empty, so no run starts");
  if (typeof event !== "string") return failed(pixel ? 200 : 500, "the event is not a string");
  const person = world.people.of(String(distinctId));
  tryStart(world, {
    event: {
      event,
      distinctId: String(distinctId),
      uuid: uuidOf(world.random),
      timestamp: iso(world.now),
      properties: isDict(properties) ? properties : {},
    },
    person,
    words,
    personless: false,
    masked: false,
    filtered: false,
    variables: { ...variables, ...world.scenario.variables },
    complete: false,
    answer: { status: pixel ? 200 : 201 },
  });
}

/** As Hog's `empty` has it: numbers and truth values are never empty. */
const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null
    ? Object.keys(value).length === 0
    : value === undefined || value === null || value === "";

const LEFT_OUT: ReadonlySet<string> = new Set([
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "cookie",
  "x-csrftoken",
  "proxy-authorization",
  "referer",
  "forwarded",
  "x-real-ip",
  "true-client-ip",
]);

const passedOn = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name, value]) => value !== "" && !LEFT_OUT.has(name)),
  );

/** Everything in a query is a text; of a name that comes more than once, one text with commas. */
const queryOf = (query: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : String(value)]),
  );

/** `request` exists only here; later steps see what was mapped into the event. There is no `person` yet. */
function renderTrigger(world: World, globals: Dict): Evaluation<Dict> {
  const { trigger, name } = world.live.model;
  const given = trigger as { templateId?: string; inputs?: TemplateInputs };
  const template = given.templateId ?? TRIGGER_TEMPLATES[trigger.type] ?? "";
  const { request } = globals as { request: { body: unknown } };
  const event: Dict = {
    event: "$incoming_webhook",
    properties: {},
    uuid: uuidOf(world.random),
    distinct_id: isDict(request.body) ? (request.body["distinct_id"] ?? null) : null,
    elements_chain: "",
    timestamp: iso(world.now),
    url: "",
  };
  return renderEach(
    { world },
    { template, inputs: storedInputs(template, given.inputs) },
    {
      ...globals,
      event,
      project: { id: 1, name: "", url: "" },
      source: { name: sourceName(name, template), url: publicUrl(world) },
    },
  );
}

/** Which host it has is not known here. */
const publicUrl = ({ live }: World): string =>
  `https://posthog.invalid/public/webhooks/${encodeURIComponent(live.model.id)}`;
