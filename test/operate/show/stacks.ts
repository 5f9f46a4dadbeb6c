// Previews by hand, for the tests of the page's data: flows in keyed form on each side.
import type { Dict } from "../../../definition/canonical/values";
import type { Preview, PreviewedResource } from "../../../operate/review/preview";

export const MONDAY = Date.parse("2026-12-07T09:00:00Z");

type Next = (next: string) => Dict;

export const mail =
  (title: string, value: Dict = {}, config: Dict = {}): Next =>
  (next) => ({
    type: "function_email",
    name: title,
    next,
    config: {
      messageCategoryType: "marketing",
      ...config,
      inputs: {
        email: {
          templating: "liquid",
          value: {
            from: { integrationId: 7, email: "hello@acme.com", name: "Acme" },
            to: { email: "{{ person.properties.email }}", name: "" },
            subject: title,
            html: "",
            ...(value["html"] === undefined ? { text: `About ${title}` } : {}),
            ...value,
          },
        },
      },
    },
  });

export const call =
  (title: string, inputs: Dict, templateId = "template-webhook"): Next =>
  (next) => ({
    type: "function",
    name: title,
    next,
    config: { templateId, inputs: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, { value }])) },
  });

export const wait =
  (delayDuration: string, title = "Wait"): Next =>
  (next) => ({ type: "delay", name: title, next, config: { delayDuration } });

export const SIGNED_UP: Dict = { type: "event", filters: { events: [{ id: "user signed up" }] } };
export const EVERYBODY: Dict = {
  type: "batch",
  filters: { properties: [{ key: "email", type: "person", operator: "is_set" }] },
};

/** Steps one after the other, as `step_0`, `step_1` …; or by id. */
export function flowOf(title: string, steps: readonly Next[] | Record<string, Next>, more: Dict = {}): Dict {
  const { trigger = SIGNED_UP, ...settings } = more;
  const entries = Array.isArray(steps)
    ? (steps as Next[]).map((step, i): [string, Next] => [`step_${i}`, step])
    : Object.entries(steps as Record<string, Next>);
  const next = (i: number): string => entries[i]?.[0] ?? "exit_node";
  return {
    name: title,
    status: "active",
    ...settings,
    actions: {
      trigger_node: { type: "trigger", name: "Start", config: trigger, next: next(0) },
      ...Object.fromEntries(entries.map(([id, step], i) => [id, step(next(i + 1))])),
      exit_node: { type: "exit", name: "Exit" },
    },
  };
}

const urnOf = (kind: "HogFlow" | "HogFlowSchedule", name: string): string =>
  `urn:pulumi:prod::acme::pulumi-nodejs:dynamic/posthog:${kind}::${name}`;

export function resource(
  name: string,
  { before, after, ...more }: { before?: Dict; after?: Dict } & Partial<PreviewedResource>,
): PreviewedResource {
  return {
    kind: "flow",
    name,
    urn: urnOf("HogFlow", name),
    fate:
      before && after
        ? JSON.stringify(before) === JSON.stringify(after)
          ? "same"
          : "update"
        : after
          ? "create"
          : "delete",
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(after ? {} : { end: "deleted" as const }),
    changedSecrets: [],
    ...more,
  };
}

export const schedule = (name: string, flow: string, inputs: Dict, more: Partial<PreviewedResource> = {}) =>
  resource(name, {
    before: inputs,
    after: inputs,
    kind: "schedule",
    urn: urnOf("HogFlowSchedule", name),
    flowUrn: urnOf("HogFlow", flow),
    ...more,
  });

export const stack = (...resources: PreviewedResource[]): Preview => ({
  stack: "acme/prod",
  isWhole: true,
  resources,
  problems: [],
  warnings: [],
  otherChanges: 0,
});

/** What stays as it is. */
export const stays = (name: string, definition: Dict, more: Partial<PreviewedResource> = {}): PreviewedResource =>
  resource(name, { before: definition, after: definition, ...more });
