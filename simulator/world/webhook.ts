// A request to the flow's public URL: the trigger's inputs are rendered, checked, and become an event (run time §1.4).
import { isDict, type Dict } from "../../provider/canonical/values";
import type { SimulatedRequest } from "../input/signals";
import { iso } from "../input/moment";
import { uuidOf } from "../input/random";
import { renderHogValue, renderLiquidValue } from "../render";
import { plain } from "../steps/inputs";
import type { TemplateInputs } from "../../provider/schema/types";
import { metric } from "./record";
import { attempt } from "./start";
import type { World } from "./state";

const MAX_BODY = 512_000;

export function requested(world: World, request: SimulatedRequest): void {
  const { trigger } = world.live.model;
  const pixel = trigger.type === "tracking_pixel";
  const method = (request.method ?? (pixel ? "GET" : "POST")).toUpperCase();
  const words = `${method} request`;
  const refuse = (status: number, why: string): void => {
    world.attempts.push({ at: iso(world.now), outcome: world.live.status === "active" ? "refused" : "inactive", what: `${words}: ${why}`, answer: { status } });
  };
  if (world.live.status !== "active") return refuse(404, "the flow is not active");
  const rawBody = typeof request.body === "string" ? request.body : JSON.stringify(request.body ?? "");
  if (Buffer.byteLength(rawBody) > MAX_BODY) return refuse(413, "the body is too large");
  const headers = lowerCase(request.headers ?? {});
  const inputs = ("inputs" in trigger ? trigger.inputs : undefined) ?? {};
  const rendered = renderTrigger(world, inputs, { method, headers, ip: request.ip ?? "127.0.0.1", body: request.body ?? {}, query: request.query ?? {}, stringBody: rawBody });
  if ("error" in rendered) {
    metric(world, undefined, "failure", "trigger_failed");
    return refuse(pixel ? 200 : 500, `the trigger's inputs fail: ${rendered.error}`);
  }
  const { event, distinct_id: distinctId, properties, method: wanted, auth_header: header } = rendered.inputs;
  if (!pixel) {
    if (method !== String(wanted ?? "POST").toUpperCase()) return refuse(405, `the method must be ${String(wanted ?? "POST")}`);
    if (header && headers["authorization"] !== header) return refuse(401, "the Authorization header does not fit");
    if (!event) return refuse(400, "the event is empty");
    if (!distinctId) return refuse(400, "the distinct id is empty");
  } else if (!event || !distinctId) return refuse(200, "event or distinct id is empty, so no run starts");
  const person = world.people.of(String(distinctId));
  const variables = isDict(request.body) && isDict(request.body["$variables"]) ? request.body["$variables"] : {};
  attempt(world, {
    event: {
      event: String(event), distinctId: String(distinctId), uuid: uuidOf(world.random), timestamp: iso(world.now),
      properties: { $ip: request.ip ?? "127.0.0.1", $lib: "posthog-webhook", $source_url: publicUrl(world), ...(isDict(properties) ? properties : {}) },
    },
    person, words, personless: false, masked: false, filtered: false, variables: { ...variables, ...world.scenario.variables }, complete: false, answer: { status: pixel ? 200 : 201 },
  });
}

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => !name.startsWith("x-forwarded-")));

/** `request` exists only here; later steps see what was mapped into the event. */
function renderTrigger(world: World, inputs: TemplateInputs, request: Dict): { inputs: Dict } | { error: string } {
  const rendered: Dict = {};
  const globals: Dict = { request, inputs: rendered, project: { id: 1, name: "", url: "" }, source: { name: world.live.model.name, url: publicUrl(world) } };
  for (const [key, input] of Object.entries(inputs)) {
    if (!isDict(input) || input["value"] === undefined || input["value"] === null) continue;
    const around = { now: world.now, random: world.random };
    const result = input["templating"] === "liquid" ? renderLiquidValue(input["value"], globals, around) : renderHogValue(input["value"], globals, around);
    if (!result.ok) return { error: `${key}: ${result.error}` };
    rendered[key] = plain(result.value);
  }
  return { inputs: rendered };
}

/** Which host it has is not known here. */
const publicUrl = ({ live }: World): string => `https://posthog.invalid/public/webhooks/${encodeURIComponent(live.model.id)}`;
