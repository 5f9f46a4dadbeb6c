// What one provider process knows: settings, one connection per host and project, and the clock and log that it was given.
import { createClient, kindOfKey, systemClock, waitNotes, type Clock, type PostHogClient } from "../api";
import type { Target } from "./flow/diff";
import { Ahead } from "./flow/ahead-drafts";
import { EditorsValues } from "./flow/editors-values";
import { FlowReader, FRESH_MS } from "./reader";
import { FlowSchedules } from "./schedule/flow-schedules";
import type { ScheduleInputs } from "./schedule/state";
import { LeftBehind } from "./ownership/left-behind";
import { Managed } from "./ownership/managed";
import { Twins } from "./flow/twins";
import { plainError } from "./errors";
import { Recent } from "./recent";
import { projectFix, type TargetSettings } from "../definition/target";
import { requestTimeoutMs } from "../api/request-timeout";
import { keyFor } from "./key";

export interface Ports {
  env: TargetSettings["env"];
  clock: Clock;
  /** Shows a warning to the user, during preview and up. */
  warn(message: string): void;
  /** Shows a note that is not a warning. */
  note(message: string): void;
  /** The stack that the running command is about, where that is certain. */
  runningStack?(): { project?: string; stack: string } | undefined;
  /** Ends every wait for PostHog's rate limits. */
  waiting?: AbortSignal;
}

/** A project on a host. */
export interface Connection {
  api: PostHogClient;
  reader: FlowReader;
  leftBehind: LeftBehind;
  schedules: FlowSchedules;
  /** Flows that this process made: nothing can have been left behind on them. */
  made: Set<string>;
  /** Flows and schedules that this process took over by `adopt`. */
  adopted: Set<string>;
  /** Flows that this process found, and took for the resource: left by an interrupted run, or made ahead of a deletion. */
  resumed: Set<string>;
  /** Flows and schedules that this process deleted. */
  deleted: Set<string>;
  /** Resolves when the project answers to the key; throws what PostHog says otherwise. Asked once for many resources. */
  answers(): Promise<unknown>;
}

export class Session {
  private config: TargetSettings["config"] = {};
  private readonly connections = new Map<string, Connection>();
  /** Flows and schedules of the state that the program still has, by their ids, with the owner of a flow: no other resource may adopt them. */
  readonly held = new Map<string, unknown>();
  /** Resources that this run has checked: those of the program. */
  readonly checked = new Set<unknown>();
  /** Flows that resources of this program adopt, by their ids, with the resource. */
  readonly adopting = new Map<string, unknown>();
  /** Resources that did not delete their flow, because it is not theirs: a replacement would be a second one. */
  readonly leftAlone = new Set<string>();
  /** Project and stack of this run, once a resource has said them. */
  program: { project: string; stack: string } | undefined;
  /** Project and stack in URNs of the state, where the engine says them: those of this run, unless the state was imported by force. */
  named: { project: string; stack: string } | undefined;
  /** Active flows of the program that do the same. */
  readonly twins = new Twins();
  /** What the resources of this run have. */
  readonly managed = new Managed();
  /** Of all connections: a replacement may be made elsewhere. */
  readonly editorsValues = new EditorsValues();
  /** The program's inputs for live schedules, by their ids, as the diff has seen them. */
  readonly schedulesToBe = new Map<string, ScheduleInputs>();
  /** Drafts of replacements, made before what they replace is deleted. */
  readonly ahead = new Ahead();

  constructor(
    readonly ports: Ports = {
      env: process.env,
      clock: systemClock,
      warn: (text) => console.error(text),
      note: (text) => console.error(text),
    },
  ) {}

  /**
   * Synchronous: other calls may come in before an asynchronous one was through (PDP §2). Comes once for each kind of resource, in the middle of the
   * work of another: what the connections know stays. Their names hold all of the configuration that they depend on.
   */
  configure(config: Record<string, string | undefined>): void {
    this.config = config;
  }

  get settings(): TargetSettings {
    return { config: this.config, env: this.ports.env };
  }

  get clock(): Clock {
    return this.ports.clock;
  }

  /** The connections of this run so far. */
  get connected(): readonly Connection[] {
    return [...this.connections.values()];
  }

  /** Whether there is a key for this host. A preview without one says so and continues. */
  hasKey(host: unknown): boolean {
    try {
      return typeof host === "string" && keyFor(host, this.settings) !== "";
    } catch {
      return false;
    }
  }

  /** Whether the key for this host may do nothing but list, read, create and update flows. */
  hasFlowsOnlyKey(host: unknown): boolean {
    return this.hasKey(host) && kindOfKey(keyFor(String(host), this.settings))?.flowsOnly === true;
  }

  /** The connection to where a resource lives. Throws a plain error without a key for it. */
  connection(target: Target): Connection {
    // A resource that is only read comes here without a check.
    if (target.projectId === undefined || target.projectId === "")
      throw plainError(`There is no PostHog project. ${projectFix()}.`);
    const host = String(target.host);
    const projectId = String(target.projectId);
    // The key is looked up each time: the environment is always current (PDP §2).
    const apiKey = keyFor(host, this.settings);
    const name = `${host} ${projectId} ${apiKey}`;
    const known = this.connections.get(name);
    if (known) return known;
    const api = createClient({
      host,
      projectId,
      apiKey,
      clock: this.ports.clock,
      onWait: waitNotes(this.ports.clock, this.ports.note),
      requestTimeoutMs: requestTimeoutMs(this.ports.env),
      waiting: this.ports.waiting,
    });
    const answer = new Recent<unknown>(this.ports.clock, FRESH_MS);
    const connection: Connection = {
      api,
      reader: new FlowReader(api, this.ports.clock),
      leftBehind: new LeftBehind(api),
      schedules: new FlowSchedules(api, this.ports.clock),
      made: new Set(),
      adopted: new Set(),
      resumed: new Set(),
      deleted: new Set(),
      answers: () => answer.of("", () => api.listFlows({ limit: 1 })),
    };
    this.connections.set(name, connection);
    return connection;
  }
}
