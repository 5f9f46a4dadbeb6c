/** Puts flows that exist elsewhere into the emulator: the JSON that PostHog returns, id, status and schedules included. */
import { toApiError } from "./errors";
import { canonicalUuid, isObject, type JsonObject } from "./json";
import { createSchedule } from "./schedules";
import type { Flow, Schedule, User } from "./store";
import { createFlow, type Backend } from "./writes";

/** The flows in a JSON value: one, a list, or a page of the API's list. */
export function flowsIn(content: unknown): JsonObject[] {
  const list: unknown[] = Array.isArray(content)
    ? content
    : isObject(content) && Array.isArray(content.results)
      ? content.results
      : [content];
  return list.filter((item): item is JsonObject => isObject(item) && Array.isArray(item.actions));
}

/** Stores a flow as it is checked on creation. Its id is kept where it is free. Throws with what PostHog would answer. */
export function seedFlow(
  { backend, user }: { backend: Backend; user: User },
  projectId: string,
  definition: unknown,
): Flow {
  const json = isObject(definition) ? definition : {};
  let flow: Flow;
  try {
    flow = createFlow({ backend, writer: { user, via: "web" } }, projectId, withoutKeptSecrets(json));
    for (const schedule of schedulesOf(json)) {
      const created = createSchedule(backend, flow, schedule);
      // A program that takes the schedule over names it.
      if (typeof schedule.id === "string" && schedule.id !== "") created.id = schedule.id;
      if (typeof schedule.status === "string") created.status = schedule.status as Schedule["status"];
    }
  } catch (error) {
    const { body } = toApiError(error) as { body: unknown };
    const { detail, attr } = isObject(body) ? body : {};
    throw new Error(
      `The flow "${String(json.name ?? "")}" cannot be stored: ${[attr, detail].filter(Boolean).join(": ") || JSON.stringify(body)}`,
    );
  }
  const id = canonicalUuid(json.id);
  if (id !== undefined && !backend.store.flows.has(id)) {
    backend.store.flows.delete(flow.id);
    flow.id = id;
    backend.store.flows.set(id, flow);
  }
  return flow;
}

/** The API embeds schedules oldest first, and creating keeps that order. */
const schedulesOf = ({ schedules }: JsonObject): JsonObject[] =>
  Array.isArray(schedules) ? schedules.filter(isObject) : [];

/** A secret that PostHog does not show is left out: nobody knows its value. */
function withoutKeptSecrets(json: JsonObject): JsonObject {
  return { ...json, actions: Array.isArray(json.actions) ? json.actions.map(stepWithout) : json.actions };
}

function stepWithout(step: unknown): unknown {
  if (!isObject(step) || !isObject(step.config) || !isObject(step.config.inputs)) return step;
  const inputs = Object.fromEntries(
    Object.entries(step.config.inputs).filter(([, input]) => !(isObject(input) && input.secret === true)),
  );
  return { ...step, config: { ...step.config, inputs } };
}
