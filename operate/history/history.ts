// The versions that PostHog keeps of a flow (API §7.3): who saved them and when, which one the stack deployed, and what changed between two.
import { decode } from "../../definition/canonical/decode";
import type { Dict } from "../../definition/canonical/values";
import { isGone, type PostHogClient, type WireRevisionDetail } from "../../api";
import type { FlowChange } from "../change/changes";
import { describeChange } from "../change/describe";
import { saveOf, type Save } from "../drift/attribution";
import { OperateError } from "../errors";
import { masked } from "../mask";
import type { ProgramOptions } from "../program-text";

export type HistoryClient = Pick<PostHogClient, "listRevisions" | "getRevision">;

/** A version of a flow that PostHog keeps. */
export interface Revision extends Save {
  /** The stack's state says that its last `up` or refresh saw this version. */
  deployed: boolean;
}

/** Rows in one request (API §0.7). */
const PAGE = 500;

/**
 * The versions of a flow, newest first.
 *
 * @param deployed Version in the stack's state, where there is one.
 * @param most Most versions. Default: all that PostHog keeps.
 * @example
 * ```ts
 * const [newest] = await flowHistory(client, "0198c0de-0000-7000-8000-000000000001", { deployed: 4 });
 * ```
 */
export async function flowHistory(
  client: HistoryClient,
  flowId: string,
  { deployed, most = Number.POSITIVE_INFINITY }: { deployed?: number; most?: number } = {},
): Promise<Revision[]> {
  const revisions: Revision[] = [];
  for (;;) {
    const page = await client.listRevisions(flowId, {
      limit: Math.min(PAGE, most - revisions.length),
      offset: revisions.length,
    });
    revisions.push(...page.results.map((row) => ({ ...saveOf(row), deployed: row.version === deployed })));
    if (page.results.length === 0 || revisions.length >= page.count || revisions.length >= most) break;
  }
  return revisions.sort((a, b) => b.version - a.version);
}

/** A version's content in keyed form. PostHog leaves secrets out of it. */
async function revisionContent(
  client: Pick<PostHogClient, "getRevision">,
  flowId: string,
  version: number,
): Promise<Dict> {
  let revision: WireRevisionDetail;
  try {
    revision = await client.getRevision(flowId, version);
  } catch (error) {
    if (!isGone(error)) throw error;
    throw new OperateError({
      what: `There is no version ${version} of flow ${flowId}`,
      fix: "`hogflow history` lists the versions",
    });
  }
  return decode(revision.content);
}

/**
 * What changed from one version to another, by step. Title, description and status are in no version.
 *
 * @example
 * ```ts
 * const { steps } = await revisionDiff(client, "0198c0de-0000-7000-8000-000000000001", 3, 5);
 * ```
 */
export async function revisionDiff(
  client: Pick<PostHogClient, "getRevision">,
  flowId: string,
  from: number,
  to: number,
): Promise<FlowChange> {
  return describeChange(
    masked(await revisionContent(client, flowId, from)),
    masked(await revisionContent(client, flowId, to)),
  );
}

/**
 * The program text of a version, to roll back by a pull request.
 *
 * @param options The resource's name in the program; `title`, which no version holds.
 * @throws OperateError for a version that PostHog does not keep.
 * @example
 * ```ts
 * console.log(await revisionProgram(client, "0198c0de-0000-7000-8000-000000000001", 3, { name: "onboarding", title: "Onboarding" }));
 * ```
 */
export async function revisionProgram(
  client: Pick<PostHogClient, "getRevision">,
  flowId: string,
  version: number,
  { title, ...options }: ProgramOptions & { title?: string } = {},
): Promise<string> {
  const content = await revisionContent(client, flowId, version);
  // Only here is Pulumi's SDK loaded: what is written is run first.
  const { definitionProgram } = await import("../pull/program.js");
  return definitionProgram({ ...(title === undefined ? {} : { name: title }), ...content }, options);
}
