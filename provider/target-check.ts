// Checks of where a resource lives (design L16): host and project are given, valid, and do not move by accident.
import { isUnknown } from "../definition/canonical/values";
// Not from the index of the client: programs load this file, and no HTTP.
import { BEYOND_FLOWS } from "../api/key-kinds";
import type { Findings } from "../rules/findings";
import type { Target } from "./flow/diff";
import type { Session } from "./session";
import { settingName } from "../definition/setting-names";
import { normalHost, projectFix } from "../definition/target";

/** The target of a resource in normal form; findings for what is missing or moved. `given` are inputs as they came. */
export function checkTarget(
  given: Target & { replaceOnMove?: unknown },
  olds: Target,
  findings: Findings,
): { host?: string; projectId?: string } {
  const target = { host: checkedHost(given.host, findings), projectId: checkedProject(given.projectId, findings) };
  if (given.replaceOnMove === true) return target;
  for (const key of ["host", "projectId"] as const) {
    const before = olds[key];
    const after = target[key];
    if (before === undefined || after === undefined || isUnknown(after) || before === after) continue;
    findings.report(
      "moved",
      [key],
      `this resource is at ${key} ${String(before)}, but the program now says ${String(after)}`,
      {
        why: "Moving it would delete it there, eject everybody in flight, and recreate it; a changed variable must not do that by itself",
        fix: `If it should move, set replaceOnMove: true on the resource; otherwise set ${settingName("host")} and ${settingName("projectId")} (or POSTHOG_HOST and POSTHOG_PROJECT_ID) back`,
      },
    );
  }
  return target;
}

function checkedHost(host: unknown, findings: Findings): string | undefined {
  if (isUnknown(host) || host === undefined) return host;
  if (typeof host !== "string") {
    findings.report("place", ["host"], "must be text, such as https://eu.posthog.com");
    return undefined;
  }
  const normal = normalHost(host);
  if ("host" in normal) return normal.host;
  findings.report("place", ["host"], normal.why, {
    fix: "Use https://us.posthog.com, https://eu.posthog.com, or the origin of your instance",
  });
  return undefined;
}

function checkedProject(project: unknown, findings: Findings): string | undefined {
  if (isUnknown(project)) return project;
  const text = typeof project === "number" ? String(project) : project;
  if (text === undefined || text === "") {
    findings.report("place", ["projectId"], "there is no PostHog project", { fix: projectFix() });
    return undefined;
  }
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]+$/.test(text)) {
    findings.report("place", ["projectId"], "must be the number of a PostHog project, such as 12345", {
      fix: "It is in PostHog's address, after /project/",
    });
    return undefined;
  }
  return text;
}

/** Says in preview what a project secret API key cannot do: `up` would stop at it. */
export function checkKeyKind(
  session: Session,
  host: unknown,
  findings: Findings,
  { path, need }: { path: readonly [] | readonly [string]; need: string },
): void {
  if (session.hasFlowsOnlyKey(host))
    findings.report("key-kind", [...path], `${need}, but the API key for ${String(host)} may not do that`, {
      why: BEYOND_FLOWS,
      fix: "Use a personal API key (phx_…) for `up`",
    });
}
