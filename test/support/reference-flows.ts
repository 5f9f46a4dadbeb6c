// The complete flows of API §8, read from the page itself: one of every trigger and step, for whoever needs real ones.
import { readFileSync } from "node:fs";
import path from "node:path";

export type Json = Record<string, unknown>;

const API = readFileSync(path.resolve(import.meta.dirname, "../../docs/internals/posthog-api.md"), "utf8");

/** The JSON of a section; a flow comes first. */
function jsonOf(section: string): Json[] {
  const text = API.split(/^### /m).find((part) => part.startsWith(`${section} `)) ?? "";
  return [...text.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json]) => JSON.parse(json!) as Json);
}

function flowOf(section: string): { flow: Json } {
  const [flow] = jsonOf(section);
  if (flow === undefined) throw new Error(`There is no flow in API ${section}`);
  return { flow };
}

export const REFERENCE_FLOWS: Record<string, { flow: Json; schedule?: Json }> = {
  "event trigger, delay, webhook": flowOf("8.1"),
  "incoming webhook, conditional branch, Slack": flowOf("8.2"),
  "manual trigger, SMS": flowOf("8.3"),
  "tracking pixel, time window, push": flowOf("8.4"),
  "e-mail with wait, conversion and masking": flowOf("8.5"),
  "batch trigger, random split, schedule": { ...flowOf("8.6"), schedule: jsonOf("8.6")[1]! },
  "schedule trigger, delay until an expression": flowOf("8.7"),
  "data-warehouse trigger": flowOf("8.8"),
};
