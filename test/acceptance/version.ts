// What a PostHog says of its version. No end point has a number for all: Cloud says its region, an installation of one's own its release, and the published schema, where there is one, has a print.
import { createHash } from "node:crypto";

export interface Version {
  /** Such as `cloud US` or `hosted 1.43.0`; undefined: it does not say. */
  says: string | undefined;
  /** SHA-256 of what the published schema has of workflows, shortened; undefined: no schema. */
  schema: string | undefined;
}

const PRINT = 12;
const WORKFLOWS = /hog_?flow/i;

export async function versionOf(url: string): Promise<Version> {
  const [preflight, schema] = [await json(`${url}/_preflight/`), await json(`${url}/api/schema/?format=json`)];
  const words = ["realm", "region", "posthog_version"]
    .map((name) => preflight?.[name])
    .filter((word) => typeof word === "string");
  const parts = [schema?.["paths"], schema?.["components"]?.["schemas"]].map((part) =>
    Object.entries(part ?? {}).filter(([name]) => WORKFLOWS.test(name)),
  );
  return {
    says: words.length > 0 ? words.join(" ") : undefined,
    schema:
      parts.flat().length > 0
        ? createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, PRINT)
        : undefined,
  };
}

async function json(address: string): Promise<Record<string, any> | undefined> {
  try {
    const answer = await fetch(address, { headers: { accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as Record<string, any>) : undefined;
  } catch {
    return undefined;
  }
}
