// Checks of where a resource lives (design L16): host and project are given, valid, and do not move by accident.
import { isUnknown, type Dict } from "../definition/canonical/values";
// Not from the index of the client: programs load this file, and no HTTP.
import { BEYOND_FLOWS } from "../api/key-kinds";
import type { Findings } from "../rules/findings";
import type { Session } from "./session";
import { normalHost, SET_PROJECT } from "../definition/target";

/** The place of a resource in normal form; findings for what is missing or moved. */
export function checkPlace(news: Dict, olds: Dict, findings: Findings): { host?: unknown; projectId?: unknown } {
  const place = { host: checkedHost(news["host"], findings), projectId: checkedProject(news["projectId"], findings) };
  if (news["replaceOnMove"] === true) return place;
  for (const key of ["host", "projectId"] as const) {
    const before = olds[key];
    const after = place[key];
    if (before === undefined || after === undefined || isUnknown(after) || before === after) continue;
    findings.report(
      "moved",
      [key],
      `this resource lives at ${key} ${String(before)}, and the program now says ${String(after)}`,
      {
        why: "Moving it would delete it there, with everybody who is in flight, and recreate it; a changed variable must not do that by itself",
        fix: "If it should move, set replaceOnMove: true on the resource; otherwise set posthog:host and posthog:projectId (or POSTHOG_HOST and POSTHOG_PROJECT_ID) back",
      },
    );
  }
  return place;
}

function checkedHost(host: unknown, findings: Findings): unknown {
  if (isUnknown(host) || host === undefined) return host;
  if (typeof host !== "string") {
    findings.report("place", ["host"], "must be text, such as https://eu.posthog.com");
    return undefined;
  }
  const normal = normalHost(host);
  if ("host" in normal) return normal.host;
  findings.report("place", ["host"], normal.problem, {
    fix: "Use https://us.posthog.com, https://eu.posthog.com, or the origin of your own instance",
  });
  return undefined;
}

function checkedProject(project: unknown, findings: Findings): unknown {
  if (isUnknown(project)) return project;
  const text = typeof project === "number" ? String(project) : project;
  if (text === undefined || text === "") {
    findings.report("place", ["projectId"], "there is no PostHog project", { fix: SET_PROJECT });
    return undefined;
  }
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]+$/.test(text)) {
    findings.report("place", ["projectId"], "must be the number of a PostHog project, such as 12345", {
      fix: "It stands in the address of PostHog after /project/",
    });
    return undefined;
  }
  return text;
}

/** Says in preview what a project secret API key cannot do: `up` would stop at it. */
export function checkKeyKind(
  session: Session,
  host: unknown,
  path: readonly [] | readonly [string],
  need: string,
  findings: Findings,
): void {
  if (session.hasFlowsOnlyKey(host))
    findings.report("key-kind", [...path], `${need}, and the API key for ${String(host)} may not do that`, {
      why: BEYOND_FLOWS,
      fix: "Use a personal API key (phx_…) for `up`",
    });
}
