/** What people do in PostHog's web editor behind a client's back. It saves drafts that are not complete, and nothing else. */
import { startBatchJob } from "./batch-jobs";
import { publishDraft } from "./drafts";
import { clone, equal, type JsonObject } from "./json";
import { batchJob, detail, schedule } from "./representation";
import { createSchedule, deleteSchedule, findSchedule, updateSchedule } from "./schedules";
import { WRITABLE_CONTENT } from "./serializers/flow";
import type { Flow, Schedule, User } from "./store";
import { createFlow, deleteFlow, guardCodeManaged, updateFlow, type Backend, type Writer } from "./writes";

/** What a person does in PostHog's web editor. */
export interface Ui {
  /** Edits the live flow. `change` gets a copy of the detail JSON; a secret that still reads `{"secret": true}` keeps its value. */
  edit(flowId: string, change: (flow: any) => void): any;
  /** Leaves a staged draft on an active flow; `change` gets the draft's content when there is one already. */
  stageDraft(flowId: string, change: (flow: any) => void): any;
  publish(flowId: string): any;
  setStatus(flowId: string, status: string): any;
  remove(flowId: string): void;
  create(projectId: string, body: any): any;
  /** Puts anything into storage, unchecked; `change` mutates `{name, description, status, ...content, draft}` as it is stored. */
  storeRaw(flowId: string, change: (stored: any) => void): void;
  schedule: {
    create(flowId: string, body: any): any;
    edit(flowId: string, scheduleId: string, patch: any): any;
    remove(flowId: string, scheduleId: string): void;
    setStatus(flowId: string, scheduleId: string, status: string): void;
  };
  batchJob(flowId: string): any;
}

const EDITABLE = [
  "name",
  "description",
  "status",
  "managed_by",
  "source_repository",
  "source_path",
  "source_ref",
  ...WRITABLE_CONTENT,
] as const;

export function createUi(backend: Backend, user: User): Ui {
  const writer: Writer = { user, via: "web" };
  const shown = (flow: Flow) => detail(flow, { switches: backend.switches });

  function find(id: string): Flow {
    const flow = backend.store.flows.get(id);
    if (!flow) throw new Error(`there is no flow ${id}`);
    return flow;
  }

  /** Sends what `change` changed, as the editor's PATCH. */
  function save(flow: Flow, change: (flow: any) => void, { before = shown(flow), extra = {} } = {}): JsonObject {
    const after = clone(before);
    change(after);
    const changed = EDITABLE.filter((key) => key in after && !equal(after[key], before[key]));
    updateFlow(
      { backend, flow, writer },
      { ...Object.fromEntries(changed.map((key) => [key, after[key]])), ...extra },
      { partial: true },
    );
    return shown(flow);
  }

  return {
    edit(id, change) {
      const flow = find(id);
      return save(flow, change);
    },
    stageDraft(id, change) {
      const flow = find(id);
      if (flow.status !== "active")
        throw new Error(`only an active flow can have a draft staged; ${id} is ${flow.status}`);
      const live = shown(flow);
      return save(flow, change, { before: { ...live, ...live.draft }, extra: { stage_draft: true } });
    },
    publish(id) {
      const flow = find(id);
      guardCodeManaged({ backend, flow, writer }, { publish: true });
      publishDraft({ backend, flow, writer });
      return shown(flow);
    },
    setStatus(id, status) {
      const flow = find(id);
      updateFlow({ backend, flow, writer }, { status }, { partial: true });
      return shown(flow);
    },
    remove(id) {
      deleteFlow(backend, find(id));
    },
    create: (projectId, body) => shown(createFlow({ backend, writer }, projectId, body)),
    storeRaw(id, change) {
      const flow = find(id);
      const { name, description, status, draft } = flow;
      const stored: JsonObject = { name, description, status, ...flow.content, draft };
      change(stored);
      ({ name: flow.name, description: flow.description, status: flow.status, draft: flow.draft } = stored as Flow);
      for (const key of Object.keys(flow.content) as (keyof Flow["content"])[]) flow.content[key] = stored[key];
      flow.updated_at = backend.clock.stamp();
    },
    schedule: {
      create: (id, body) => schedule(createSchedule(backend, find(id), body)),
      edit(id, scheduleId, patch) {
        const found = findSchedule(find(id), scheduleId);
        updateSchedule(backend, found, patch);
        return schedule(found);
      },
      remove: (id, scheduleId) => deleteSchedule(find(id), scheduleId),
      setStatus(id, scheduleId, status) {
        const found = findSchedule(find(id), scheduleId);
        found.status = status as Schedule["status"];
        if (status !== "active") found.next_run_at = null;
        found.updated_at = backend.clock.stamp();
      },
    },
    batchJob: (id) => batchJob(startBatchJob(backend, find(id), { variables: {}, user })),
  };
}
