/** Publishing and discarding staged drafts, and copying an old revision into one. */
import { formatInstant, parseInstant } from "./clock";
import { at, conflict, invalid, notFound, staleUpdate } from "./errors";
import { boolean } from "./fields";
import { clone, isObject, pick, type JsonObject } from "./json";
import { publishImpact } from "./publish-impact";
import { detail } from "./representation";
import { WRITABLE_CONTENT } from "./serializers/flow";
import type { Flow, Revision } from "./store";
import type { Tokens } from "./tokens";
import { clearDraft, commit, revalidated, setDraft, type Backend, type Edit } from "./writes";

const NO_DRAFT = "This workflow has no staged draft to publish.";

const flag = (body: JsonObject, key: string) => (key in body ? at(key, () => boolean(body[key])) : false);

export function publish(edit: Edit, tokens: Tokens, body: unknown): JsonObject {
  const { backend, flow } = edit;
  const request = isObject(body) ? body : {};
  const confirm = flag(request, "confirm");
  if (!flow.draft || flow.draft_updated_at === null) throw invalid(NO_DRAFT);
  const stamp = formatInstant(flow.draft_updated_at);
  if (!confirm) {
    return {
      published: false,
      in_flight_runs: flow.inFlight,
      draft_updated_at: stamp,
      confirm_token: tokens.issue({ publish: flow.id, draft: stamp }),
      impact: publishImpact(flow, flow.draft),
    };
  }
  if (request.confirm_token === undefined || request.confirm_token === null || request.confirm_token === "") {
    throw invalid("confirm_token is required. Ask for a preview first.", "confirm_token");
  }
  const claim = tokens.read(request.confirm_token);
  if (!claim || !("publish" in claim))
    throw invalid("This confirmation token is invalid or has expired. Ask for a new preview.", "confirm_token");
  if (claim.publish !== flow.id || claim.draft !== stamp) throw staleUpdate();
  publishDraft(edit);
  return {
    published: true,
    in_flight_runs: null,
    draft_updated_at: null,
    confirm_token: null,
    impact: null,
    workflow: detail(flow, { switches: backend.switches }),
  };
}

export function publishDraft(edit: Edit): void {
  const { flow } = edit;
  if (!flow.draft) throw invalid(NO_DRAFT);
  const { content, secrets } = revalidated(edit, pick(flow.draft, WRITABLE_CONTENT), flow.draftSecrets);
  clearDraft(flow);
  commit(edit, { content: { ...flow.content, ...content }, secrets });
}

export function discardDraft(backend: Backend, flow: Flow): void {
  clearDraft(flow);
  flow.updated_at = backend.clock.stamp();
}

export function findRevision(flow: Flow, version: string): Revision {
  const revision = /^\d+$/.test(version) ? flow.revisions.find((r) => r.version === Number(version)) : undefined;
  if (!revision) throw notFound("No such revision for this workflow.");
  return revision;
}

export function restore({ backend, flow }: Edit, version: string, body: unknown): void {
  const revision = findRevision(flow, version);
  const request = isObject(body) ? body : {};
  const overwrite = flag(request, "overwrite");
  if (flow.draft && !overwrite)
    throw conflict(
      "draft_exists",
      "This workflow already has a staged draft. Publish or discard it first, or pass overwrite.",
    );
  const expected = request.expected_draft_updated_at;
  if (expected !== undefined && expected !== null) {
    const instant = typeof expected === "string" ? parseInstant(expected) : "malformed";
    if (typeof instant !== "number") throw invalid("Datetime has wrong format.", "expected_draft_updated_at");
    if (instant !== flow.draft_updated_at) throw staleUpdate();
  }
  setDraft(backend, flow, { content: clone(revision.content), secrets: clone(flow.secrets) });
}
