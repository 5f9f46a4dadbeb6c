// Asks the project that a resource moves to whether it would take it, while nothing has happened yet: a move deletes what was there.
import { PostHogApiError } from "../../api";
import { isUnknown } from "../../definition/canonical/values";
import { movedKeys, type Target } from "./diff";
import { errorText } from "../errors";
import type { Findings } from "../../rules/findings";
import { checkKeyKind } from "../target-check";
import type { Session } from "../session";

/** Findings about the target of the inputs, where it is another one than that of the old inputs and the program wants it so. */
export async function askNewTarget(
  session: Session,
  olds: Target,
  news: Target & { replaceOnMove?: unknown },
  findings: Findings,
): Promise<void> {
  const { host, projectId } = news;
  if (
    news.replaceOnMove !== true ||
    movedKeys(olds, news).length === 0 ||
    isUnknown(host) ||
    isUnknown(projectId) ||
    host === undefined ||
    projectId === undefined
  )
    return;
  const where = `project ${String(projectId)} on ${String(host)}`;
  const path: readonly [string] = host === olds.host ? ["projectId"] : ["host"];
  if (!session.hasKey(host) && !session.hasKey(olds.host)) {
    session.ports.note(
      `replaceOnMove: ${where} was not asked whether it accepts this resource, because there is no API key. pulumi up asks before it deletes anything.`,
    );
    return;
  }
  checkKeyKind(session, olds.host, findings, { path, need: "a move deletes the resource where it was" });
  try {
    // The key for the old host is needed, too: nothing is made at the new one while the old one cannot go.
    session.connection(olds);
    await session.connection({ host, projectId }).answers();
  } catch (error) {
    const why = "A move deletes the resource at the old target, so it would then exist nowhere";
    if (!(error instanceof PostHogApiError))
      findings.report("move-refused", [...path], `this resource cannot move to ${where}: ${errorText(error)}`, { why });
    else if (error.outcome === "refused" && error.status !== 429) {
      findings.report(
        "move-refused",
        error.status === 401 ? [...path] : ["projectId"],
        `${where} does not accept this resource: ${errorText(error)}`,
        {
          why,
          fix: "Correct host and projectId, or give the key access to that project with the scopes hog_flow:read and hog_flow:write",
        },
      );
    } else
      findings.report(
        "move-unseen",
        [...path],
        `${where} could not be asked whether it accepts this resource: ${errorText(error)}`,
        { why: "pulumi up creates a draft there before it deletes anything" },
      );
  }
}
