// Whether what we write is what PostHog's worker takes: the JSON that is sent, held against the table of what it demands. Texts that are templates are judged by
// what they can become.
import * as pulumi from "@pulumi/pulumi";
import { canonical, definitionOf } from "../../definition/canonical/canonical";
import { encode } from "../../definition/canonical/encode";
import { isDict, type Dict } from "../../definition/canonical/values";
import { keeps, WORKER_CONTRACT, type Demand } from "../../definition/schema/worker-contract";
import * as sdk from "../../sdk";
import { compile } from "../../sdk/steps/compile";
import { isStep, isTrigger } from "../../sdk/steps/node";

/** What stands for an output, which is taken for what fits. */
const OUTPUT = "[an output]";

/** A value of a template that may be anything is taken for the best that it can be, but in a header, which is a text or is lost. */
function rendered(value: unknown, templating: unknown, demand: Demand): unknown {
  if (Array.isArray(value)) return value.map((item) => rendered(item, templating, demand));
  if (isDict(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rendered(item, templating, demand)]));
  if (typeof value !== "string") return value;
  const isAddress = /^a (web|whole) address/.test(demand.takes);
  if (value === OUTPUT)
    return demand.takes.startsWith("a list")
      ? [3]
      : demand.takes === "a number"
        ? 7
        : isAddress
          ? "https://example.com/"
          : "x";
  const tag = templating === "liquid" ? /\{\{.*?\}\}|\{%.*?%\}/gs : /\{[^{}]*\}/gs;
  const isOneExpression = templating !== "liquid" && /^\{[^{}]*\}$/s.test(value);
  if (isOneExpression && demand.takes === "a map of texts") return 5;
  if (isAddress && value.replace(tag, "") === "") return "https://example.com/";
  return value.replace(tag, "x");
}

/** What of a wire definition breaks a demand, as `step: field`. */
export function contractBreaks(wire: Dict): string[] {
  return (wire["actions"] as Dict[]).flatMap(({ id, config }) => {
    const { template_id: template, inputs } = (config ?? {}) as { template_id?: string; inputs?: Record<string, Dict> };
    return (WORKER_CONTRACT[template ?? ""] ?? [])
      .filter((demand) => {
        const values = Object.fromEntries(
          Object.entries(inputs ?? {})
            .filter(([, item]) => item["value"] !== undefined || item["secret"] === true)
            .map(([name, item]) => [name, rendered(item["value"] ?? "x", item["templating"], demand)]),
        );
        return !keeps(demand, values);
      })
      .map(({ at }) => `${String(id)}: ${at.join(".")}`);
  });
}

/** Outputs as texts: what PostHog gets is known after `up` alone. */
function withoutOutputs(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return OUTPUT;
  if (Array.isArray(value)) return value.map(withoutOutputs);
  return isDict(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutOutputs(item)]))
    : value;
}

/** The JSON that is sent for a definition in keyed form. */
export const wireOf = (definition: Dict): Dict => encode(canonical(definitionOf(withoutOutputs(definition) as Dict)));

export interface Recorded {
  /** The exports of the package, which note what they make. */
  sdk: typeof sdk;
  steps: unknown[];
  triggers: unknown[];
}

export function recording(): Recorded {
  const steps: unknown[] = [];
  const triggers: unknown[] = [];
  const noted = (value: unknown): unknown => {
    if (isStep(value)) steps.push(value);
    else if (isTrigger(value)) triggers.push(value);
    return typeof value === "function" ? wrapped(value as (...args: unknown[]) => unknown) : value;
  };
  const wrapped =
    (made: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown =>
      noted(made(...args));
  const MAKERS = [
    "action",
    "branch",
    "delay",
    "delayUntil",
    "destination",
    "email",
    "exit",
    "push",
    "slack",
    "sms",
    "split",
    "timeWindow",
    "waitUntil",
    "webhook",
  ] as const;
  const own = Object.fromEntries(MAKERS.map((name) => [name, wrapped(sdk[name] as never)]));
  const on = Object.fromEntries(Object.entries(sdk.on).map(([name, made]) => [name, wrapped(made as never)]));
  return { sdk: { ...sdk, ...own, on } as typeof sdk, steps, triggers };
}

/** What breaks a demand in steps and triggers that were made apart from a flow, each by itself. */
export function breaksOf({ steps, triggers }: Pick<Recorded, "steps" | "triggers">): string[] {
  const start = sdk.on.event("x");
  const flows = [
    ...steps.map((step) => compile(start, [step])),
    ...triggers.map((trigger) => compile(trigger, [sdk.delay("pause", "1d")])),
  ];
  return flows.flatMap(({ actions }) => contractBreaks(wireOf({ name: "x", actions })));
}
