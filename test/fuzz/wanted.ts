// What a flow must be like: the emulator's own reading of the program's JSON, posted as it is to another project, held against the live flow.
import { createRequire } from "node:module";
import path from "node:path";
import type { Emulator } from "../../emulator/index";
import { ownedStep, stepsOf, type FlowSpec, type Json } from "./programs";

const require = createRequire(path.resolve(import.meta.dirname, "../../package.json"));
const { decode }: any = require("./dist/definition/canonical/decode.js");
const { canonical }: any = require("./dist/definition/canonical/canonical.js");
const { differences }: any = require("./dist/definition/canonical/compare.js");
const { formatPath }: any = require("./dist/definition/canonical/paths.js");

/** The first difference in words, or nothing. */
export async function wantedDifference(
  emulator: Emulator,
  project: string,
  spec: FlowSpec,
  live: Json,
): Promise<string | undefined> {
  const answer = await fetch(`${emulator.url}/api/projects/${project}/hog_flows/`, {
    method: "POST",
    headers: { authorization: "Bearer phx_scratch", "content-type": "application/json" },
    body: JSON.stringify({ name: spec.name, ...spec.json, status: "draft" }),
  });
  const wanted = (await answer.json()) as Json;
  // What PostHog refuses as it stands, the provider says in another way (a missing key for a null, say).
  if (answer.status !== 201) return undefined;
  emulator.ui.remove(wanted["id"]);
  const read = (flow: Json): Json => {
    const { status: _, ...content } = canonical(decode(flow));
    const copy = structuredClone(content);
    const owned = ownedStep(spec);
    if (owned !== undefined && copy.actions?.[owned]?.config?.inputs?.email?.value)
      delete copy.actions[owned].config.inputs.email.value.subject;
    // A secret that was there once stays where the step stays (API §2.3.3).
    for (const step of stepsOf(flow))
      for (const key of ["signing_secret", "auth_header"])
        if (copy.actions?.[step["id"]]?.config?.inputs) delete copy.actions[step["id"]].config.inputs[key];
    return copy;
  };
  const [first] = differences(read(wanted), read(live));
  return (
    first &&
    `${formatPath(first.path)} should be ${JSON.stringify(first.before)?.slice(0, 300)} and is ${JSON.stringify(first.after)?.slice(0, 300)}`
  );
}
