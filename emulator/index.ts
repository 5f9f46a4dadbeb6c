/**
 * A local PostHog Workflows API. It keeps everything in memory, answers as PostHog does to an API key, and lets a test
 * control what happens: faults, limits, time, people in the web editor, and the server's own background work.
 *
 * @example
 * const emulator = await startEmulator();
 * await fetch(`${emulator.url}/api/projects/1/hog_flows`, { headers: { authorization: "Bearer phx_test" } });
 * await emulator.stop();
 */
import { ServerClock, type Clock } from "./clock";
import { HttpServer, type RequestRecord } from "./http/server";
import type { ApiKey } from "./http/auth";
import type { Fault } from "./http/faults";
import type { RateLimit } from "./http/throttle";
import { ServerCrash } from "./errors";
import { clone } from "./json";
import { detail, revisionDetail, row, schedule } from "./representation";
import { runScheduler } from "./schedules";
import { seedFlow } from "./seed";
import type { MessageTemplate } from "./serializers/context";
import type { LogRecord, MetricRecord, RunRecord, RunRecords, StepAnswers } from "./run-records";
import { Store, type Flow, type User } from "./store";
import { DEFAULT_SWITCHES, type Switches } from "./switches";
import { Templates, templatesIn } from "./templates";
import type { StepAnswer } from "./test-runs";
import { Tokens } from "./tokens";
import { createUi, type Ui } from "./ui";
import { refresh } from "./writes";

export type {
  Clock,
  Fault,
  LogRecord,
  MessageTemplate,
  MetricRecord,
  RunRecord,
  StepAnswer,
  StepAnswers,
  RateLimit,
  RequestRecord,
  Switches,
  Ui,
  User,
};
export { BYTECODE_CONTRACT, DOES_NOT_COMPILE } from "./compiler";

/** A project of the emulator. */
export interface ProjectOptions {
  id: string;
  name?: string;
  /** Saved email templates, for email steps that name one in `template_uuid`. */
  messageTemplates?: MessageTemplate[];
  /** IANA name of the zone whose days and hours metrics count; default UTC. */
  timezone?: string;
}

/**
 * An API key, and what it may do. One that begins with `phs_` is a project secret API key: it belongs to one project and to no person, may list, read,
 * create and update flows and nothing else, and shares 480 requests a minute and 4,800 an hour with the other secret keys of its project.
 */
export interface KeyOptions {
  key: string;
  /** All when absent; of a `phs_` key the first of them, or the emulator's first project. */
  projects?: string[];
  /** All when absent, such as `["hog_flow:write"]`. */
  scopes?: string[];
  user?: Partial<User>;
}

/** What an emulator starts with. */
export interface EmulatorOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /**
   * Names, such as `posthog.internal`, under which it may be called in addition to loopback names and `host`. Any other `Host` header is answered with 403: a web
   * page could otherwise reach it under its own domain name. Default: none.
   */
  allowHosts?: readonly string[];
  /** Default: one with the id "1". */
  projects?: ProjectOptions[];
  /** Default: "phx_test", which may do everything in every project. */
  keys?: KeyOptions[];
  /** Milliseconds since the epoch; default Date.now. The clock lever overrides it. */
  now?: () => number;
  switches?: Partial<Switches>;
  /**
   * Templates that your project has and the emulator does not, as PostHog returns them: what `hogflow templates pull --out templates.json` writes. One
   * with the id of a template that the emulator has takes its place. Default: none.
   *
   * @throws Error from `startEmulator` for an entry that is not a template.
   */
  templates?: readonly unknown[];
  /** Gets one line per request, without keys or bodies, and hints, such as ids of templates that the emulator does not know. */
  log?: (line: string) => void;
}

/** A running emulator, and how to control it. */
export interface Emulator {
  /** Such as http://127.0.0.1:8088. */
  url: string;
  /** Closes every socket at once. */
  stop(): Promise<void>;
  /** In order of arrival. */
  requests: RequestRecord[];
  clearRequests(): void;
  switches: Switches;
  clock: Clock;
  /** Delays every answer. */
  latency(ms: number): void;
  fault(fault: Fault): { remove(): void; hits(): number };
  clearFaults(): void;
  /** Limits each key; null, the default, limits nothing. */
  rateLimit(limit: RateLimit | null): void;
  ui: Ui;
  /** Recompiles flows as after a change of project settings: bytecode and updated_at change, the version does not. */
  backgroundRefresh(projectId?: string, flowId?: string): void;
  /** Pauses a flow's emails as the automatic suspension does. */
  pauseEmail(flowId: string, reason?: string): void;
  /** Runs the scheduler once, at clock.now(). */
  tick(): void;
  /** Detail JSON of every flow, of any project when none is named. */
  flows(projectId?: string): any[];
  flow(id: string): any | undefined;
  /** Oldest first. */
  schedules(flowId: string): any[];
  /** The stored clear value of a secret input. */
  secret(flowId: string, actionId: string, inputKey: string): unknown;
  /** Newest first, with content. */
  revisions(flowId: string): any[];
  /** Stores a flow that exists elsewhere, as the API returns it, with its id, status and schedules; returns it as the API would. */
  seed(flow: unknown, projectId?: string): any;
  /** Records what PostHog's worker records: log lines, runs, metrics, and the answers of test runs by step. Adds to what is there. */
  record(flowId: string, records: Partial<Omit<RunRecords, "steps"> & { steps: StepAnswers }>): void;
  /**
   * Makes test runs of a step differ, in every flow: members that take the place of the worker's own, or a function of its answer. `record` does so in one
   * flow. null: the step is answered as it is.
   */
  stepAnswer(stepId: string, answer: StepAnswer | null): void;
  /**
   * Makes the document of `/api/schema/` that of another version of PostHog: a function that gets it, parsed, and returns what to publish instead. The
   * end points stay as they are. null: the document is that of the emulator.
   *
   * @example
   * const emulator = await startEmulator();
   * emulator.schema((document) => {
   *   document.components.schemas.HogFlowActionTypeEnum.enum.push("ai_decision");
   *   return document;
   * });
   */
  schema(change: ((document: any) => unknown) | null): void;
  /** The size that every audience of a project has; default: nobody of nobody. */
  audience(projectId: string, size: { affected: number; total: number }): void;
  /** Moves a batch job on, as the worker does. */
  batchStatus(flowId: string, jobId: string, status: string): void;
  /** What a publish preview reports as in_flight_runs, and how many of them wait in a step, by its id; null: the count service fails. */
  inFlight(flowId: string, count: number | null, byStep?: Record<string, number>): void;
}

const DEFAULT_KEY = "phx_test";
const DEFAULT_PROJECT = "1";

/**
 * Starts an emulator on a free port; `stop` stops it. Without options it has the project "1" and the key `phx_test`, which may do everything.
 *
 * @example
 * ```ts
 * const emulator = await startEmulator();
 * process.env.POSTHOG_HOST = emulator.url;
 * process.env.POSTHOG_API_KEY = "phx_test";
 * process.env.POSTHOG_PROJECT_ID = "1";
 * // … bring a stack up, and look at what it wrote:
 * console.log(emulator.flows());
 * await emulator.stop();
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = new ServerClock(options.now ?? Date.now);
  const switches: Switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const store = new Store();
  for (const { id, name, messageTemplates, timezone } of options.projects ?? [{ id: DEFAULT_PROJECT }]) {
    store.projects.set(id, {
      id,
      name: name ?? `Project ${id}`,
      messageTemplates: messageTemplates ?? [],
      timezone: timezone ?? "UTC",
    });
  }
  const log = options.log && ((text: string) => text.split("\n").forEach((line) => options.log!(visible(line))));
  const backend = { store, clock, switches, templates: new Templates(templatesIn(options.templates ?? [])), log };
  const keys = apiKeys(options.keys ?? [{ key: DEFAULT_KEY }], [...store.projects.keys()][0]);
  const http = new HttpServer({
    backend,
    tokens: new Tokens(() => clock.now()),
    keys: new Map(keys.map((key) => [key.key, key])),
    allowHosts: options.allowHosts,
    log,
  });
  const url = await http.listen(options.port ?? 0, options.host ?? "127.0.0.1");

  /** Also of a flow that the API itself fails to show: then as it is stored. */
  const show = (flow: Flow) => {
    try {
      return detail(flow, { switches });
    } catch (error) {
      if (error instanceof ServerCrash) return { ...row(flow, { switches }), schedules: flow.schedules.map(schedule) };
      throw error;
    }
  };
  const find = (id: string): Flow => {
    const flow = store.flows.get(id);
    if (!flow) throw new Error(`there is no flow ${id}`);
    return flow;
  };

  return {
    url,
    stop: () => http.stop(),
    requests: http.requests,
    clearRequests: () => void http.requests.splice(0),
    switches,
    clock,
    latency: (ms) => void (http.latency = ms),
    fault: (fault) => http.faults.add(fault),
    clearFaults: () => http.faults.clear(),
    rateLimit: (limit) => http.throttle.set(limit),
    ui: createUi(backend, keys[0]?.user ?? userOf(0, {})),
    backgroundRefresh(projectId, flowId) {
      for (const flow of store.flowsOf(projectId))
        if (flowId === undefined || flow.id === flowId) refresh(backend, flow);
    },
    pauseEmail(flowId, reason = "High bounce rate") {
      const flow = find(flowId);
      const now = clock.stamp();
      flow.email = { paused_at: now, reason, by: "auto", resumed_at: null };
      flow.updated_at = now;
    },
    tick: () => runScheduler(backend),
    flows: (projectId) => store.flowsOf(projectId).map(show),
    flow(id) {
      const flow = store.flows.get(id);
      return flow && show(flow);
    },
    schedules: (flowId) => find(flowId).schedules.map(schedule),
    secret: (flowId, actionId, inputKey) => clone(find(flowId).secrets[actionId]?.[inputKey]?.value),
    revisions: (flowId) => [...find(flowId).revisions].reverse().map(revisionDetail),
    seed: (flow, projectId = [...store.projects.keys()][0]!) =>
      show(seedFlow({ backend, user: keys[0]?.user ?? userOf(0, {}) }, projectId, flow)),
    record(flowId, { logs = [], runs = [], metrics = [], steps = {} }) {
      const kept = store.recordsOf(find(flowId).id);
      kept.logs.push(...logs);
      kept.runs.push(...runs);
      kept.metrics.push(...metrics);
      Object.assign(kept.steps, steps);
    },
    stepAnswer(stepId, answer) {
      if (answer === null) delete store.stepAnswers[stepId];
      else store.stepAnswers[stepId] = answer;
    },
    schema: (change) => void (http.schemaChange = change),
    audience: (projectId, size) => void store.audiences.set(projectId, size),
    batchStatus(flowId, jobId, status) {
      const job = find(flowId).batchJobs.find((other) => other.id === jobId);
      if (!job) throw new Error(`there is no batch job ${jobId}`);
      Object.assign(job, { status, updated_at: clock.stamp() });
    },
    inFlight(flowId, count, byStep = {}) {
      Object.assign(find(flowId), { inFlight: count, inFlightByStep: { ...byStep } });
    },
  };
}

/** A line of the log with an escape for what is not seen: texts of requests are anybody's. */
const visible = (line: string): string =>
  line.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );

const SECRET_KEY = "phs_";

function apiKeys(options: readonly KeyOptions[], firstProject: string | undefined): ApiKey[] {
  return options.map(({ user, projects, ...key }, i) => {
    const secret = key.key.startsWith(SECRET_KEY);
    const project = projects?.[0] ?? firstProject;
    return {
      ...key,
      secret,
      projects: secret && project !== undefined ? [project] : projects,
      user: userOf(i, user ?? {}),
    };
  });
}

/** The user behind a key; every key has its own. */
function userOf(index: number, given: Partial<User>): User {
  const id = index + 1;
  return {
    id,
    uuid: `00000000-0000-4000-8000-${String(id).padStart(12, "0")}`,
    distinct_id: `user-${id}`,
    first_name: "Emulator",
    last_name: `User ${id}`,
    email: `user-${id}@example.com`,
    is_email_verified: true,
    hedgehog_config: null,
    role_at_organization: null,
    ...given,
  };
}
