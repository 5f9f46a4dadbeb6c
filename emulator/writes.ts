/** Creating, changing and deleting flows. Every way to change one ends in `commit`. */
import type { ServerClock } from "./clock";
import { parseInstant, type Instant } from "./clock";
import { FieldError, immutable, invalid, ServerCrash, staleUpdate } from "./errors";
import { nested } from "./fields";
import { clone, equal, isObject, type JsonObject } from "./json";
import { recompiled } from "./compiler";
import { nextRedirects } from "./redirects";
import type { Secrets } from "./secrets";
import { actionField } from "./serializers/action";
import { PERSONLESS } from "./serializers/action-types";
import type { Context } from "./serializers/context";
import {
  checkSteps,
  DEFAULT_EXIT_CONDITION,
  flowPayload,
  FORCED_EXIT_CONDITION,
  METADATA,
  WRITABLE_CONTENT,
} from "./serializers/flow";
import type { Configuration } from "./test-runs";
import { newId, snapshot, type Content, type Flow, type Project, type Store, type User } from "./store";
import type { Switches } from "./switches";
import type { Templates } from "./templates";
import { addRevision, contentChanged } from "./versions";

/** What the operations on flows work with. */
export interface Backend {
  readonly store: Store;
  readonly clock: ServerClock;
  readonly switches: Switches;
  readonly templates: Templates;
  readonly log?: (line: string) => void;
}

/** Who writes: an API key is checked strictly always, the web editor only where the flow is active. */
export interface Writer {
  /** Nobody where a project secret API key writes. */
  user: User | null;
  via: "api" | "web";
}

/** A change of a flow, and who makes it. */
export interface Edit {
  backend: Backend;
  flow: Flow;
  writer: Writer;
}

const FLOW_KEYS = ["name", "description", "status"] as const;
const BRANCH_KEYS = ["managed_by", "source_repository", "source_path", "source_ref"] as const;

function contextFor(
  { backend, flow, writer }: Omit<Edit, "flow"> & { flow?: Flow },
  { projectId, status, partial }: { projectId: string; status: unknown; partial: boolean },
): Context {
  const project = projectOf(backend, projectId);
  return {
    partial,
    updating: flow !== undefined,
    templates: backend.templates,
    nobody: writer.user === null && (flow?.created_by ?? null) === null,
    note: backend.log,
    strict: writer.via === "api" || status === "active",
    active: status === "active",
    generation: flow?.generation ?? 0,
    stored: flow ? stepsOf(flow.content) : [],
    secrets: flow?.secrets ?? {},
    nextSecrets: {},
    messageTemplates: project.messageTemplates,
    utmDefaults: backend.switches.utmDefaults,
  };
}

const stepsOf = (content: Content): JsonObject[] =>
  Array.isArray(content.actions) ? content.actions.filter(isObject) : [];

const payloadOptions = ({ switches }: Backend, context: Context) => ({
  context,
  keySupport: switches.keySupport,
  codeManaged: switches.codeManaged,
});

export function projectOf({ store }: Backend, id: string): Project {
  const project = store.projects.get(id);
  if (!project) throw new Error(`there is no project ${id}`);
  return project;
}

export function createFlow({ backend, writer }: Omit<Edit, "flow">, projectId: string, body: unknown): Flow {
  const status = isObject(body) && typeof body.status === "string" ? body.status : "draft";
  const context = contextFor({ backend, writer }, { projectId, status, partial: false });
  const values = flowPayload(body, payloadOptions(backend, context));
  if (values.key && backend.store.flowsOf(projectId).some((other) => other.key === values.key)) {
    throw new FieldError(["key"], "There is already a workflow with this key.", "unique");
  }
  checkClaim(undefined, values, writer);
  const now = backend.clock.stamp();
  const content = withDerived({
    actions: values.actions,
    edges: values.edges ?? {},
    trigger: null,
    trigger_masking: values.trigger_masking ?? null,
    conversion: values.conversion ?? null,
    exit_condition: values.exit_condition ?? DEFAULT_EXIT_CONDITION,
    email_sending_rate_limit: values.email_sending_rate_limit ?? null,
    abort_action: null,
    variables: values.variables ?? [],
  });
  const flow: Flow = {
    id: newId(),
    projectId,
    name: values.name ?? null,
    description: values.description ?? "",
    version: 1,
    status: values.status ?? "draft",
    origin_product: values.origin_product ?? null,
    created_at: now,
    created_by: writer.user,
    updated_at: now,
    content,
    secrets: context.nextSecrets,
    draft: null,
    draftSecrets: {},
    draft_updated_at: null,
    action_redirects: null,
    email: { paused_at: null, reason: "", by: "", resumed_at: null },
    generation: 0,
    revisions: [],
    schedules: [],
    batchJobs: [],
    inFlight: 0,
    inFlightByStep: {},
    key: values.key ?? null,
    managed_by: values.managed_by ?? null,
    created_via: writer.via,
    source_repository: values.source_repository ?? null,
    source_path: values.source_path ?? null,
    source_ref: values.source_ref ?? null,
  };
  backend.store.flows.set(flow.id, flow);
  addRevision(flow, now, writer.user);
  return flow;
}

/** Reads a configuration that is sent for a test run like a flow that is created; secrets that it only marks are those of `flow`. */
export function readConfiguration(
  { backend, flow, writer }: Omit<Edit, "flow"> & { flow: Flow | undefined },
  projectId: string,
  body: unknown,
): Configuration {
  const configuration = nested(body);
  const status = typeof configuration.status === "string" ? configuration.status : (flow?.status ?? "draft");
  const context = contextFor({ backend, writer, ...(flow && { flow }) }, { projectId, status, partial: false });
  return { content: flowPayload(configuration, payloadOptions(backend, context)), secrets: context.nextSecrets };
}

/** `trigger` copies the trigger step, and a trigger without a person forces the exit condition. */
function withDerived(content: Content): Content {
  const trigger = stepsOf(content).find((step) => step.type === "trigger");
  const next = { ...content, trigger: trigger ? clone(trigger.config ?? null) : content.trigger };
  if (PERSONLESS.includes(next.trigger?.type)) next.exit_condition = FORCED_EXIT_CONDITION;
  return next;
}

/** `partial`: only the keys that are sent change, as a PATCH has it. */
export function updateFlow(edit: Edit, body: unknown, { partial }: { partial: boolean }): void {
  const { backend, flow, writer } = edit;
  if (!isObject(body)) throw new ServerCrash("a flow that is not an object");
  guardCodeManaged(edit, body);
  const staging = flow.status === "active" && body.stage_draft === true;
  const status = typeof body.status === "string" ? body.status : flow.status;
  const context = contextFor(edit, {
    projectId: flow.projectId,
    status: staging ? flow.status : status,
    partial,
  });
  // What is staged does not run yet: it is looked at like a draft, and once more when it is published.
  if (staging && hasContent(body)) Object.assign(context, { active: false, strict: writer.via === "api" });
  const absorbing = body.includes_staged_draft === true && flow.status !== "active";
  if ((staging || absorbing) && flow.draft) {
    context.stored = [...stepsOf(flow.draft), ...context.stored];
    context.secrets = { ...flow.secrets, ...flow.draftSecrets };
  }
  const values = flowPayload(body, payloadOptions(backend, context));
  checkUnchangeable(backend, flow, values);
  checkClaim(flow, values, writer);
  const activates = status === "active" && flow.status !== "active" && !("actions" in values);
  if (activates) values.actions = activatedSteps(flow, context);
  if (!partial) values.description ??= "";
  fence(flow, body, {
    staged: staging && hasContent(values),
    metadata: Object.keys(values).some((key) => (METADATA as readonly string[]).includes(key)),
  });

  const secrets = "actions" in values ? context.nextSecrets : undefined;
  if (staging) {
    if (hasContent(values)) stage(edit, values, secrets);
    if (!hasContent(values) || FLOW_KEYS.some((key) => key in values))
      commit(edit, { content: flow.content, metadata: values });
    return;
  }
  if (
    body.includes_staged_draft === true &&
    flow.draft &&
    flow.status !== "active" &&
    WRITABLE_CONTENT.every((key) => key in values)
  )
    clearDraft(flow);
  commit(edit, { content: { ...flow.content, ...contentOf(values) }, secrets, metadata: values });
}

const hasContent = (values: JsonObject) => WRITABLE_CONTENT.some((key) => key in values);
const contentOf = (values: JsonObject) =>
  Object.fromEntries(WRITABLE_CONTENT.filter((key) => key in values).map((key) => [key, values[key]]));

function checkUnchangeable({ switches }: Backend, flow: Flow, values: JsonObject): void {
  if ("origin_product" in values && values.origin_product !== flow.origin_product) {
    throw new FieldError(["origin_product"], "origin_product is set on create and cannot change.");
  }
  if (switches.keySupport && "key" in values && values.key !== flow.key)
    throw new FieldError(["key"], "key is set on create and cannot change.");
}

/** Only code can put a flow under the management of code. */
function checkClaim(flow: Flow | undefined, values: JsonObject, writer: Writer): void {
  if (writer.via === "web" && values.managed_by === "code" && flow?.managed_by !== "code") {
    throw invalid("Only code can manage a workflow in code.", "managed_by", "immutable");
  }
}

const STAMPS = ["base_updated_at", "base_live_updated_at"];

/** What the web may still do with a flow that is managed in code: enable, disable, or take it over. */
export function guardCodeManaged({ backend, flow, writer }: Edit, body: JsonObject): void {
  if (!backend.switches.codeManaged || flow.managed_by !== "code" || writer.via === "api") return;
  const keys = Object.keys(body).filter((key) => !STAMPS.includes(key));
  const allowed =
    keys.length === 1 && (keys[0] === "status" || (keys[0] === "managed_by" && body.managed_by === "gui"));
  if (!allowed) {
    throw immutable({
      why: "This workflow is managed in code.",
      fix: "Change it where it is defined, or release it first.",
      source_repository: flow.source_repository,
      source_path: flow.source_path,
    });
  }
}

/** The stored steps, validated in full because they are about to run. Everything that is wrong is reported at once. */
function activatedSteps(flow: Flow, context: Context): JsonObject[] {
  const full = { ...context, partial: false, strict: true, active: true };
  const failures: string[] = [];
  const steps = stepsOf(flow.content).map((step) => {
    try {
      return actionField(step, full);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      failures.push(`step '${step.name || "unnamed"}': ${error.detail}`);
      return step;
    }
  });
  if (failures.length > 0)
    throw new FieldError(["actions"], `Can't enable this workflow. Fix ${failures.join("; ")} and try again.`);
  try {
    checkSteps(steps, full);
  } catch (error) {
    throw error instanceof FieldError
      ? new FieldError(["actions"], `Can't enable this workflow. ${error.detail}`)
      : error;
  }
  return steps;
}

/** Refuses a write that is based on an older state than the stored one. */
function fence(flow: Flow, body: JsonObject, { staged, metadata }: { staged: boolean; metadata: boolean }): void {
  const base = readStamp(body.base_updated_at);
  if (base !== undefined && base < baseline(flow, body, staged)) throw staleUpdate();
  if (!staged || !metadata) return;
  const live = readStamp(body.base_live_updated_at);
  if (live !== undefined && live < flow.updated_at) throw staleUpdate();
}

function baseline(flow: Flow, body: JsonObject, staged: boolean): Instant {
  const draft = flow.draft_updated_at;
  if (staged && flow.draft && draft !== null) return draft;
  if (body.includes_staged_draft === true && flow.status !== "active" && flow.draft && draft !== null)
    return Math.max(draft, flow.updated_at);
  return flow.updated_at;
}

function readStamp(value: unknown): Instant | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new ServerCrash("base_updated_at that is not a string");
  const instant = parseInstant(value);
  if (instant === "impossible") throw new ServerCrash("base_updated_at that is not a date");
  return instant === "malformed" ? undefined : instant;
}

/** Puts content into the draft; the live flow stays as it is. */
function stage({ backend, flow }: Edit, values: JsonObject, secrets: Secrets | undefined): void {
  const base = flow.draft ?? snapshot(flow.content);
  const known = flow.draft ? flow.draftSecrets : clone(flow.secrets);
  setDraft(backend, flow, {
    content: withDerived({ ...base, ...contentOf(values) }),
    secrets: secrets ?? known,
  });
}

export function setDraft(
  backend: Backend,
  flow: Flow,
  { content, secrets }: { content: Content; secrets: Secrets },
): void {
  flow.draft = content;
  flow.draftSecrets = secrets;
  flow.draft_updated_at = backend.clock.stamp();
}

export function clearDraft(flow: Flow): void {
  flow.draft = null;
  flow.draftSecrets = {};
  flow.draft_updated_at = null;
}

/** Saves a flow: derived content, redirects, pauses, version, revision and stamp. */
export function commit(
  { backend, flow, writer }: Edit,
  { content, secrets, metadata = {} }: { content: Content; secrets?: Secrets | undefined; metadata?: JsonObject },
): void {
  const before = flow.content;
  const after = withDerived(content);
  const changed = contentChanged(before, after);
  flow.action_redirects = nextRedirects(flow.action_redirects, before, after);
  flow.content = after;
  if (secrets) flow.secrets = secrets;
  for (const key of FLOW_KEYS) if (key in metadata) (flow as unknown as JsonObject)[key] = metadata[key];
  if (backend.switches.codeManaged) for (const key of BRANCH_KEYS) if (key in metadata) flow[key] = metadata[key];
  flow.updated_at = backend.clock.stamp();
  if (audienceChanged(before, after)) pauseSchedules(flow);
  if (!changed) return;
  flow.version += 1;
  addRevision(flow, flow.updated_at, writer.user);
}

const audienceChanged = (before: Content, after: Content) =>
  after.trigger?.type === "batch" &&
  (before.trigger?.type !== "batch" || !equal(before.trigger.filters, after.trigger.filters));

function pauseSchedules(flow: Flow): void {
  for (const schedule of flow.schedules) {
    if (schedule.status !== "active") continue;
    schedule.status = "paused";
    schedule.next_run_at = null;
  }
}

export function deleteFlow({ store, switches }: Backend, flow: Flow): void {
  if (switches.deleteFailsWithBatchJobs && flow.batchJobs.length > 0)
    throw new ServerCrash("batch jobs still refer to the flow");
  store.flows.delete(flow.id);
}

/** Checks and compiles content once more, by the rules of a PATCH, for writes that do not come as a flow's payload. */
export function revalidated(
  edit: Edit,
  content: JsonObject,
  secrets: Secrets,
): { content: JsonObject; secrets: Secrets } {
  const { backend, flow } = edit;
  const context = contextFor(edit, { projectId: flow.projectId, status: flow.status, partial: true });
  context.secrets = secrets;
  context.strict = true;
  const values = flowPayload(content, payloadOptions(backend, context));
  return { content: contentOf(values), secrets: context.nextSecrets };
}

/** What the server does when settings that compilation depends on have changed. */
export function refresh({ clock }: Backend, flow: Flow): void {
  flow.generation += 1;
  flow.content = recompiled(flow.content, flow.generation);
  flow.updated_at = clock.stamp();
}
