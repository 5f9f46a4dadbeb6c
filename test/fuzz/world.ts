// Lives one world: a project on an emulator, two stacks with their programs, people in the editor, and the invariants that must hold after every step.
import { RRule } from "rrule";
import { startEmulator, type Emulator } from "../../emulator/index";
import { inClear, plain, type MiniEngine } from "../support/mini-engine";
import { ProviderError, type Properties } from "../support/provider-process";
import type { ProviderRuns } from "../support/provider-runs";
import { random, type Random } from "../support/random-flow";
import { adoptDeed, changeOfMind, handDeed, renameDeed, stateDeed, withoutMarker, type Stage } from "./deeds";
import { untidyText } from "./tidy";
import { isCommand, type Operation } from "./operations";
import { identityText, lastMark, markOf, SCHEDULE, urnOf } from "./owners";
import { leaversOf } from "./people";
import {
  addSchedule,
  changeSchedule,
  editProgram,
  flowInputs,
  isScheduled,
  newSchedule,
  ownedStep,
  registeredFlow,
  stepsOf,
  validJson,
  type FlowSpec,
  type Json,
  type Names,
} from "./programs";
import { findLeftBehind, type KnownResource } from "../../operate/left-behind/find";
import { keysOf, Side, sideOfKey, type SideNumber } from "./side";
import { isRefused, type Failure, type Outcome, type Stack } from "./stack";
import { uiEdit, type UiEdit } from "./ui-edits";
import { wantedDifference } from "./wanted";
import { wreckedAnswer } from "./wrecked";

export const KINDS = [
  "foreign writes",
  "double sends",
  "missed drift",
  "unseen overwrites",
  "missed leftovers",
  "orphans",
  "duplicates",
  "noise",
  "leaks",
  "stuck",
  "wrong result",
  "ejections",
  "unreadable state",
  "untidy messages",
  "unannounced ejections",
] as const;
export type FindingKind = (typeof KINDS)[number];

export interface Finding {
  kind: FindingKind;
  text: string;
}

export interface Counts {
  cycles: number;
  operations: Record<string, number>;
  /** What people did beside editing their program and the flows. */
  deeds: Record<string, number>;
  /** How often the invariants had something to look at. */
  watched: Record<string, number>;
  faults: number;
  kills: number;
  uiEdits: number;
  calm: number;
  refused: number;
  requests: number;
}

export const noCounts = (): Counts => ({
  cycles: 0,
  operations: {},
  deeds: {},
  watched: {},
  faults: 0,
  kills: 0,
  uiEdits: 0,
  calm: 0,
  refused: 0,
  requests: 0,
});

export interface Life {
  finding?: Finding;
  counts: Counts;
  /** What happened, line by line. */
  story: string[];
}

const PROJECT = "1";
const SCRATCH = "2";
const START = Date.parse("2030-06-03T08:00:00Z");
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ROUNDS = 6;
/** Nobody edits a flow in the second in which it is made. */
const A_WHILE = 5_000;
const WAITS: readonly unknown[] = ["delay", "wait_until_condition", "wait_until_time_window"];
const IDENTITIES = [
  { project: "shop", stack: "dev" },
  { project: "shop", stack: "prod" },
] as const;
let worlds = 0;

/** A provider for each stack. */
export type Providers = readonly [ProviderRuns, ProviderRuns];

/** A flow as it was before the request that is looked at. */
interface Entry {
  description: string;
  /** What a write changes. */
  text: string;
  /** By id. */
  schedules: Map<string, string>;
}

class Found extends Error {
  constructor(readonly finding: Finding) {
    super(finding.text);
  }
}

const fail = (kind: FindingKind, text: string): never => {
  throw new Found({ kind, text });
};

/** Lives these operations, until the end or the first finding. */
export async function live(
  operations: readonly Operation[],
  runs: Providers,
  options: { story?: boolean } = {},
): Promise<Life> {
  worlds += 1;
  const key = `phx_fuzz${process.pid}x${worlds}`;
  const world = new World(runs, key, options.story ?? false);
  try {
    await world.open();
    for (const operation of operations) await world.do(operation);
    await world.end();
    return { counts: world.counts, story: world.story };
  } catch (error) {
    const finding =
      error instanceof Found
        ? error.finding
        : {
            kind: "wrong result" as const,
            text: `the fuzzer itself failed: ${error instanceof Error ? error.stack : String(error)}`,
          };
    return { finding, counts: world.counts, story: world.story };
  } finally {
    await world.close();
  }
}

class World {
  readonly counts = noCounts();
  readonly story: string[] = [];
  private emulator!: Emulator;
  private sides!: readonly [Side, Side];
  /** Whose turn it is. */
  private side!: Side;
  private edits: UiEdit[] = [];
  private readonly secrets: string[] = [];
  private texts = 0;
  private compared = false;
  private killed: Promise<void> | undefined;
  private onLine: ((line: string) => void) | undefined;
  /** Duplicates that somebody made in the editor, as they were left there: marketing's, marker or not. */
  private readonly copies = new Map<string, string>();
  /** People who wait, by flow: in which step. */
  private readonly people = new Map<string, { step: string; type: string }>();
  /** Flows that a command may not take people out of: by the program, or by the state where the program has no more of it. */
  private protectedFlows: ReadonlySet<string> = new Set();
  /** A finding made while a request was served. */
  private during: Finding | undefined;
  private readonly removedInUi = new Set<string>();
  private readonly unmarked = new Set<string>();
  private readonly tampered = new Set<string>();
  /** Flows whose state was lost: whatever comes under their name afterwards is another flow. */
  private readonly lost = new Set<string>();
  private readonly handMade = new Set<string>();
  /** All flows as the last request or edit left them. */
  private book = new Map<string, Entry>();
  /** What the side whose turn it is had in state when its command began. */
  private began: ReadonlyMap<string, MiniEngine["state"]> = new Map();
  /** Flows that somebody edited while the command runs: of a marker that was changed after it was read, nobody can know. */
  private readonly touched = new Set<string>();
  /** Flows whose audience somebody changed: putting it back pauses a schedule that was made after that, and only the next refresh shows it. */
  private readonly audienceTouched = new Set<string>();

  constructor(
    private readonly providers: Providers,
    private readonly key: string,
    private readonly tells: boolean,
  ) {}

  private readonly names: Names = {
    text: () => `unique${(this.texts += 1)}x`,
    secret: () => {
      const value = `sekrit-${(this.texts += 1)}-qz${this.texts}`;
      this.secrets.push(value);
      return value;
    },
  };

  async open(): Promise<void> {
    this.emulator = await startEmulator({
      keys: [...keysOf(this.key).map((key) => ({ key })), { key: "phx_scratch" }],
      projects: [{ id: PROJECT }, { id: SCRATCH }],
      log: (line) => this.served(line),
    });
    this.emulator.clock.set(START);
    const sides = IDENTITIES.map(
      (identity, i) =>
        new Side(i as SideNumber, identity, this.key, this.providers[i as SideNumber], {
          host: this.emulator.url,
          projectId: PROJECT,
        }),
    );
    this.sides = sides as [Side, Side];
    this.side = this.sides[0];
  }

  private get stack(): Stack {
    return this.side.stack;
  }

  private get program(): FlowSpec[] {
    return this.side.program;
  }

  private get lastFailures(): Failure[] {
    return this.side.lastFailures;
  }

  private set lastFailures(failures: Failure[]) {
    this.side.lastFailures = failures;
  }

  private get stage(): Stage {
    const { emulator, sides, names, copies, tampered, lost, handMade, counts } = this;
    return {
      emulator,
      project: PROJECT,
      sides,
      names,
      copies,
      tampered,
      lost,
      handMade,
      count: (deed) => void (counts.deeds[deed] = (counts.deeds[deed] ?? 0) + 1),
    };
  }

  private watched(what: string): void {
    this.counts.watched[what] = (this.counts.watched[what] ?? 0) + 1;
  }

  async close(): Promise<void> {
    await this.killed;
    await this.emulator?.stop();
  }

  private say(line: string): void {
    if (this.tells) this.story.push(line);
  }

  private served(line: string): void {
    this.counts.requests += 1;
    if (this.tells) this.story.push(`      ${line.replace(/\/api\/projects\/1\/hog_flows/, "")}`);
    if (line.includes(" fault: ") || / (429|500|503)$/.test(line)) this.counts.faults += 1;
    this.inspect(line);
    this.onLine?.(line);
  }

  /** What must hold after every write. */
  private inspect(line: string): void {
    const [, method, path] = /^(POST|PUT|PATCH|DELETE) (\/api\/projects\/1\/[^ ?]*)/.exec(line) ?? [];
    if (method === undefined) return;
    const number = sideOfKey(
      this.emulator.requests.findLast((request) => request.method === method && request.path === path)?.key ?? null,
    );
    this.judge(number === undefined ? undefined : this.sides[number], line);
    this.watch();
    this.watchPeople();
  }

  private entries(): Map<string, Entry> {
    const out = new Map<string, Entry>();
    for (const { id, description, status, updated_at, version, schedules } of this.flows) {
      out.set(id, {
        description: description ?? "",
        text: JSON.stringify([status, version, updated_at]),
        schedules: new Map(
          (schedules as Json[]).map((one) => [
            one["id"],
            JSON.stringify([one["rrule"], one["starts_at"], one["timezone"], one["variables"]]),
          ]),
        ),
      });
    }
    return out;
  }

  /** A write came through: was whoever made it the owner of what changed? Without a side it was a person, who may do anything. */
  private judge(side: Side | undefined, line: string): void {
    const [before, now] = [this.book, this.entries()];
    this.book = now;
    if (!side) return;
    const found = (text: string): void =>
      void (this.during ??= { kind: "foreign writes", text: `${identityText(side.identity)}: ${line}: ${text}` });
    for (const [id, is] of now)
      if (!before.has(id)) for (const scheduleId of is.schedules.keys()) side.schedules.add(scheduleId);
    for (const [id, was] of before) {
      const is = now.get(id);
      const isOwner =
        side !== this.side ||
        this.touched.has(id) ||
        !this.livedAtStart.has(id) ||
        side.mayWrite(id, was.description, this.began);
      if (is?.text !== was.text) {
        this.watched("writes of flows");
        if (!isOwner)
          found(
            `flow ${id}, which ${this.holderOf(id)} has and whose description is ${JSON.stringify(was.description.slice(-160))}, was ${is ? "changed" : "deleted"}`,
          );
      }
      for (const scheduleId of is?.schedules.keys() ?? [])
        if (!was.schedules.has(scheduleId)) side.schedules.add(scheduleId);
      // With its flow a schedule goes, too.
      if (!is) continue;
      for (const [scheduleId, text] of was.schedules) {
        if (is.schedules.get(scheduleId) === text) continue;
        this.watched("writes of schedules");
        const resource = `${id}/${scheduleId}`;
        const isHeld =
          [...this.began.values()].some((state) => state?.id === resource) ||
          side.program.some(({ schedules }) => schedules.some(({ args }) => args["adopt"] === resource));
        const isOurs =
          side.schedules.has(scheduleId) ||
          (isHeld &&
            (lastMark(was.description) === undefined ||
              side.isMarked(was) ||
              side.granted.has(id) ||
              side.takesAllOf(was.description) ||
              isOwner));
        if (isOurs) side.schedules.add(scheduleId);
        else
          found(
            `schedule ${resource}, which ${this.holderOf(resource)} has, was ${is.schedules.has(scheduleId) ? "changed" : "deleted"}`,
          );
      }
    }
  }

  private livedAtStart: ReadonlySet<string> = new Set();

  private holderOf(id: string): string {
    const holders = this.sides.flatMap((side) =>
      [...side.stack.resources]
        .filter(([, { state }]) => state?.id === id)
        .map(([name]) => `${identityText(side.identity)}/${name}`),
    );
    return holders.length > 0 ? holders.join(" and ") : "nobody";
  }

  /** Whoever waited and does not any more, was taken out by the command. Nobody may be, where they are protected. */
  private watchPeople(): void {
    for (const [flowId, where] of this.people) {
      if (this.isThere(flowId, where)) continue;
      this.people.delete(flowId);
      if (this.protectedFlows.has(flowId))
        this.during ??= {
          kind: "ejections",
          text: `people in step ${where.step} of flow ${flowId}, which is protected, were moved or left`,
        };
    }
  }

  private isThere(flowId: string, { step, type }: { step: string; type: string }): boolean {
    const live = this.emulator.flow(flowId);
    return live?.status === "active" && stepsOf(live).some((other) => other["id"] === step && other["type"] === type);
  }

  /** Somebody comes to a step in which people wait. How many, PostHog cannot always say. */
  private somebodyComes(r: Random): void {
    const places = this.flows
      .filter(({ status }) => status === "active")
      .flatMap((live) =>
        stepsOf(live)
          .filter(({ type }) => WAITS.includes(type))
          .map((step) => ({ flowId: live["id"] as string, where: { step: step["id"], type: step["type"] } })),
      );
    if (places.length === 0) return;
    const { flowId, where } = r.pick(places);
    const count = r.pick([1, 42, 42, null]);
    this.people.set(flowId, where);
    this.emulator.inFlight(flowId, count);
    this.say(`${count ?? "uncounted"} people wait in step ${where.step} of ${this.nameOf(flowId) ?? flowId}`);
  }

  private everybodyLeaves(flowIds: Iterable<string>): void {
    for (const id of [...flowIds]) {
      this.people.delete(id);
      if (this.emulator.flow(id)) this.emulator.inFlight(id, 0);
    }
  }

  private protectedBy(kind: string): ReadonlySet<string> {
    const out = new Set<string>();
    for (const [name, { kind: of, state }] of this.stack.resources) {
      if (of !== "flow" || !state) continue;
      const spec = kind === "destroy" ? undefined : this.program.find((flow) => flow.name === name);
      if ((spec?.args ?? state.outputs)["protectInFlight"] === true) out.add(state.id);
    }
    return out;
  }

  /** What must hold at every moment. */
  private watch(): void {
    const marks = new Map<string, string>();
    const adopted = new Set(this.sides.flatMap(({ program }) => program.map(({ args }) => args["adopt"])));
    for (const flow of this.emulator.flows(PROJECT)) {
      const mark = lastMark(flow.description)?.own;
      if (this.copies.has(flow.id)) {
        if (!adopted.has(flow.id) && this.copies.get(flow.id) !== copyText(flow))
          this.during ??= {
            kind: "unseen overwrites",
            text: `the copy ${flow.id}, ${this.copies.get(flow.id)}, is ${copyText(flow)}`,
          };
      } else if (mark && flow.status !== "archived") {
        // A flow that was moved with its state carries its old marker until the next up.
        const isUnclear = (id: string): boolean =>
          this.tampered.has(id) || this.lost.has(id) || this.sides.some(({ granted }) => granted.has(id));
        if (marks.has(mark) && !isUnclear(flow.id) && !isUnclear(marks.get(mark)!))
          this.during ??= { kind: "duplicates", text: `flows ${marks.get(mark)} and ${flow.id} carry the same mark` };
        marks.set(mark, flow.id);
      }
      const seen = new Set<string>();
      for (const { rrule, starts_at, timezone, variables, status } of flow.schedules) {
        const text = JSON.stringify([rrule, starts_at, timezone, variables]);
        if (status === "active" && seen.has(text))
          this.during ??= { kind: "double sends", text: `flow ${flow.id} has two active schedules ${text}` };
        if (status === "active") seen.add(text);
      }
    }
  }

  private get flows(): Json[] {
    return this.emulator.flows(PROJECT);
  }

  async do(operation: Operation): Promise<void> {
    const r = random(operation.seed);
    const { kind } = operation;
    this.side = this.sides[operation.side];
    this.counts.operations[kind] = (this.counts.operations[kind] ?? 0) + 1;
    if (isCommand(operation)) this.counts.cycles += 1;
    if (kind === "program") {
      const said = editProgram(this.program, r, this.names);
      if (said) this.say(said);
      this.dropOwnedEdits();
    } else if (kind === "hand") this.deed("editor", handDeed, r);
    else if (kind === "adopt") this.deed("program", adoptDeed, r);
    else if (kind === "rename") this.deed("program", renameDeed, r);
    else if (kind === "state") this.deed("state", stateDeed, r);
    else if (kind === "ui") this.editInUi(r);
    else if (kind === "people") this.somebodyComes(r);
    else if (kind === "background") {
      this.emulator.backgroundRefresh(PROJECT);
      this.book = this.entries();
      this.say("PostHog recompiles all flows");
    } else if (kind === "time") {
      for (let days = 1 + r.int(8); days > 0; days -= 1) {
        this.emulator.clock.advance(DAY);
        this.emulator.tick();
      }
      this.book = this.entries();
      this.say(`time passes, until ${new Date(this.emulator.clock.now()).toISOString()}`);
    } else if (kind === "agree") this.agree(r);
    else if (kind === "calm") await this.calm(r);
    else await this.command(operation, r);
  }

  /** Something that people do beside editing. */
  private deed(where: string, run: (stage: Stage, side: Side, r: Random) => string | undefined, r: Random): void {
    this.emulator.clock.advance(A_WHILE);
    const said = run(this.stage, this.side, r);
    this.noteByHand();
    // Nobody can tell whose a schedule is that a lost state had.
    if (where === "state") this.noteUnmarked();
    if (said !== undefined)
      this.say(`${where}${where === "editor" ? "" : ` of ${identityText(this.side.identity)}`}: ${said}`);
  }

  /** After something was done in the editor: what is new is nobody's, and nothing of it is a write of ours. */
  private noteByHand(): void {
    const now = this.entries();
    for (const flow of this.flows)
      if (this.copies.has(flow["id"]) || !this.book.has(flow["id"])) this.copies.set(flow["id"], copyText(flow));
    this.book = now;
    this.everybodyLeaves(
      [...this.people].filter(([flowId, where]) => !this.isThere(flowId, where)).map(([flowId]) => flowId),
    );
    this.forgetOverwritten();
  }

  private editInUi(r: Random, mid = false): void {
    const flows = this.flows;
    if (flows.length === 0) return;
    this.emulator.clock.advance(A_WHILE);
    const live = r.pick(flows);
    const holder = this.sides.find((side) => side.nameOf(live["id"]) !== undefined) ?? this.side;
    const name = holder.nameOf(live["id"]);
    // One that this very run has made is in no state yet.
    const spec =
      holder.spec(name) ?? holder.program.find((flow) => holder.isMarkOf(lastMark(live["description"]), flow.name));
    const state = name === undefined ? undefined : holder.stack.resources.get(name)?.state;
    // The editor owns it once an up has said so.
    const owned = spec && state?.inputs["editorOwns"] && !mid ? ownedStep(spec) : undefined;
    const otherwiseOwned = spec ? ownedStep(spec) : undefined;
    const made = uiEdit({
      emulator: this.emulator,
      live,
      r,
      names: this.names,
      secrets: this.secretsOf(state?.inputs),
      owned: owned ?? otherwiseOwned,
    });
    // The editor asks whoever takes people out of a flow.
    this.noteByHand();
    if (mid) this.touched.add(live["id"]);
    if (made === undefined) return;
    this.counts.uiEdits += 1;
    if (!this.emulator.flow(live["id"])) this.removedInUi.add(live["id"]);
    this.say(`${mid ? "      " : ""}editor: ${name ?? live["id"]}: ${typeof made === "string" ? made : made.what}`);
    if (typeof made !== "string") {
      if (/^(audience|publishes)/.test(made.what)) this.audienceTouched.add(made.flowId);
      if (made.kind === "owned" && owned === undefined) return;
      // A schedule has no stamp to fence with, so nothing can be promised between its read and its write (API §5).
      if (!(mid && made.kind === "schedule")) this.edits.push(made);
    }
    this.forgetOverwritten();
  }

  /** Of another flow's secrets a flow knows nothing. */
  private secretsOf(inputs: Properties | undefined): string[] {
    const text = JSON.stringify(inputs ?? {});
    return this.secrets.filter((secret) => text.includes(secret));
  }

  /** Edits that an edit after them took back are nobody's any more. */
  private forgetOverwritten(): void {
    this.edits = this.edits.filter((edit) => {
      const live = this.emulator.flow(edit.flowId);
      return live !== undefined && edit.holds(live);
    });
  }

  private nameOf(flowId: string): string | undefined {
    return this.side.nameOf(flowId);
  }

  private dropOwnedEdits(): void {
    this.edits = this.edits.filter((edit) => {
      if (edit.kind !== "owned") return true;
      return this.sides.some((side) => {
        const spec = side.spec(side.nameOf(edit.flowId));
        return spec !== undefined && ownedStep(spec) !== undefined;
      });
    });
  }

  /** Somebody reads the last message and agrees to overwrite, adopt or drop. */
  private agree(r: Random): void {
    const told = this.lastFailures.filter(({ text }) => /overwriteDrift: "|set adopt: "/.test(text));
    if (told.length > 0) this.follow(r.pick(told));
    const staged = [...this.stack.resources].filter(([, { state }]) => state?.outputs["stagedDraft"]?.updatedAt);
    if (staged.length > 0) {
      const [name, { state }] = r.pick(staged);
      const spec = this.program.find((flow) => flow.name === name);
      if (spec) spec.args["discardStagedDraft"] = state!.outputs["stagedDraft"].updatedAt;
      this.say(`program: ${name}: discardStagedDraft`);
    }
  }

  /** Does what a message says. */
  private follow({ resource, text }: Failure): void {
    const flow = this.program.find(({ name }) => name === resource);
    const args =
      flow?.args ?? this.program.flatMap(({ schedules }) => schedules).find(({ name }) => name === resource)?.args;
    if (!args) return;
    const overwrite = /overwriteDrift: "([^"]+)"/.exec(text)?.[1];
    const adopt = /set adopt: "([^"]+)"/.exec(text)?.[1];
    if (adopt !== undefined) args["adopt"] = adopt;
    if (overwrite !== undefined) {
      args["overwriteDrift"] = overwrite;
      // The message names every edit up to its stamp.
      const id = this.stack.resources.get(resource)?.state?.id ?? args["adopt"];
      for (const edit of this.edits)
        if ((edit.flowId === id || `${edit.flowId}/${edit.scheduleId}` === id) && edit.at <= overwrite)
          edit.seen.add(this.side.number);
    }
    this.say(
      `program: ${resource}: ${adopt ? `adopt ${adopt} ` : ""}${overwrite ? `overwriteDrift ${overwrite}` : ""}`,
    );
  }

  private async command({ kind, flags, seed }: Operation, r: Random): Promise<void> {
    this.emulator.clock.advance(MINUTE);
    this.say(`$ ${identityText(this.side.identity)}: ${kind}${flags && ` +${flags}`}`);
    if (kind === "slay") this.prepareToDie(r);
    const provider = await this.side.begin(this.emulator.clock.now());
    let alive = true;
    if (flags.includes("f")) for (let n = 1 + r.int(2); n > 0; n -= 1) this.armFault(r);
    if (flags.includes("k")) {
      this.emulator.fault({
        kind: "hang",
        when: r.pick(["before", "after"]),
        path: "/api/projects/1/",
        skip: r.int(5),
      });
    }
    if (flags.includes("w")) this.armWreck(r);
    const mayDie = flags.includes("k") || kind === "slay";
    if (kind === "slay")
      this.emulator.fault({
        kind: "hang",
        when: "after",
        skip: r.pick([0, 0, 0, 1]),
        ...r.pick([
          { method: "POST", path: /hog_flows\/[^/]+\/schedules/ },
          { method: "POST", path: /hog_flows\/[^/]+\/schedules/ },
          { method: "POST", path: /hog_flows\/?$/ },
          { method: "PATCH", path: /hog_flows\/[^/]+\/?$/ },
        ]),
      });
    let left = flags.includes("e") ? 1 + r.int(6) : -1;
    const editor = random(seed + 1);
    this.onLine = (line) => {
      if (mayDie && line.includes("fault: no answer") && alive) {
        alive = false;
        this.counts.kills += 1;
        this.say("      the provider is killed");
        this.killed = this.side.runs.kill();
      }
      left -= 1;
      if (left === 0) this.editInUi(editor, true);
    };
    const before = this.side.states();
    const lived = new Set(this.flows.map(({ id }) => id as string));
    this.starts(before, lived);
    const lives = new Map(this.flows.map((flow) => [flow["id"] as string, flow]));
    const how = { parallel: flags.includes("c"), alive: () => alive };
    const outcomes: Outcome[] = [];
    this.protectedFlows = this.protectedBy(kind);
    if (kind === "preview") outcomes.push(await this.stack.preview(this.program, provider));
    else if (kind === "destroy") outcomes.push(await this.stack.destroy(provider, how.alive));
    else {
      if (kind !== "up" && kind !== "slay") {
        const refreshed = await this.stack.refresh(provider, how);
        outcomes.push(refreshed);
        this.noteSeen(refreshed, before);
      }
      if (kind !== "refresh" && alive && outcomes.every(({ failures }) => failures.length === 0))
        outcomes.push(await this.stack.up(this.program, provider, how));
    }
    this.onLine = undefined;
    this.emulator.clearFaults();
    if (!alive) {
      for (const { name } of this.program) this.side.secretsUnsure.add(name);
      await this.killed;
    }
    const said = [
      ...(await this.side.runs.end()),
      ...outcomes.flatMap(({ failures }) => failures.map(({ text }) => text)),
    ];
    this.lastFailures = outcomes.flatMap(({ failures }) => failures);
    this.tell(outcomes);
    this.check(kind, outcomes, before, lived, alive);
    if (kind.endsWith("up") && alive && !flags.includes("e")) this.checkStatus(kind, outcomes, before);
    if (alive && kind !== "preview" && flags.replace(/[ce]/g, "") === "") this.checkSaid(outcomes, said);
    this.checkPeople(said, lives, seed, flags === "" && kind.endsWith("up"));
    if (kind === "slay") this.changeItsMind(r, alive);
    if (kind === "up" && flags === "" && this.lastFailures.length === 0 && r.chance(0.15))
      await this.expectNothingToDo("after an up");
  }

  /** A schedule of a flow of this side that no resource has, and so everything twice: whoever refreshed or wrote a schedule of that flow has said so. */
  private checkSaid(outcomes: readonly Outcome[], said: readonly string[]): void {
    const managed = this.managed();
    const text = said.join("\n");
    if (outcomes.some(({ failures }) => failures.length > 0)) return;
    const looked = new Set(
      outcomes.flatMap(({ operations }) =>
        [...operations]
          .filter(([, done]) =>
            [
              "create",
              "update",
              "replace",
              "changed",
              ...(outcomes.length > 1 || operations.size === 0 ? ["same"] : []),
            ].includes(done),
          )
          .map(([name]) => name),
      ),
    );
    for (const spec of this.program) {
      const live = this.emulator.flow(this.stack.resources.get(spec.name)?.state?.id ?? "");
      if (!live || !this.side.isMarked(live) || !spec.schedules.some(({ name }) => looked.has(name))) continue;
      const acknowledged = spec.schedules.flatMap(({ args }) => (args["acknowledge"] as string[] | undefined) ?? []);
      for (const { id, rrule, status } of live["schedules"] as Json[]) {
        if (
          managed.has(`${live["id"]}/${id}`) ||
          status !== "active" ||
          acknowledged.some((entry) => entry.endsWith(id))
        )
          continue;
        this.watched("unmanaged schedules said");
        if (!text.includes(id))
          fail(
            "double sends",
            `schedule ${id} ${rrule} of ${spec.name} is in no state, and the run says nothing of it: ${text.slice(0, 600)}`,
          );
      }
    }
  }

  private starts(before: ReadonlyMap<string, MiniEngine["state"]>, lived: ReadonlySet<string>): void {
    this.began = before;
    this.livedAtStart = lived;
    this.touched.clear();
    this.book = this.entries();
  }

  /** Gives a run something to be killed at. */
  private prepareToDie(r: Random): void {
    for (const spec of this.program)
      if (r.chance(0.7) && addSchedule(spec, r, this.names, this.program) !== false)
        this.say(`program: ${spec.name} gets a schedule`);
    const spec = this.program.find(({ args }) => args["status"] !== "active");
    if (spec && r.chance(0.5)) spec.args["status"] = "active";
  }

  /** The program changes before the run that was killed is repeated. */
  private changeItsMind(r: Random, alive: boolean): void {
    if (alive) return;
    const said = changeOfMind(this.side, r, (flow, schedule) => {
      const others = flow.schedules;
      flow.schedules = [schedule];
      changeSchedule(flow, r, this.names, this.program);
      flow.schedules = others;
    });
    if (said === undefined) return;
    this.stage.count("changed minds after a kill");
    this.say(`program: ${said}`);
  }

  /**
   * Nobody leaves an active flow by an `up` of whom no preview has said so. Not checked: edits and failures in the middle, after which nobody knows what was written when;
   * an edit that is overwritten, whose steps the state does not have; and what leaves the program, of which nobody asks the provider before.
   */
  private checkPeople(said: readonly string[], lives: ReadonlyMap<string, Json>, seed: number, calm: boolean): void {
    for (const text of said) {
      const title = /^Flow "([^]*?)": this change concerns people in flight:[^]*leave/.exec(text)?.[1];
      if (title !== undefined) this.side.announced.add(title);
    }
    const written = new Set<string>();
    for (const [name, { state }] of this.stack.resources) {
      const [was, is] = [lives.get(state!.id), this.emulator.flow(state!.id) as Json | undefined];
      if (
        !was ||
        !is ||
        was["updated_at"] === is["updated_at"] ||
        state!.initErrors.length > 0 ||
        this.lastFailures.some(({ resource }) => resource === name)
      )
        continue;
      const title = String(state!.inputs["name"]);
      const isAnnounced = this.side.announced.has(title);
      written.add(title);
      const spec = this.program.find((flow) => flow.name === name);
      if (!calm || isAnnounced || was["status"] !== "active" || !spec || spec.args["overwriteDrift"] !== undefined)
        continue;
      const [left] = leaversOf(was, is, seed);
      if (left !== undefined) fail("unannounced ejections", `${name}, ${title}: ${left}`);
    }
    // Several flows may have one title.
    for (const title of written) this.side.announced.delete(title);
  }

  private tell(outcomes: readonly Outcome[]): void {
    if (!this.tells) return;
    for (const { operations, failures } of outcomes) {
      this.say(`   ${[...operations].map(([name, operation]) => `${name} ${operation}`).join(", ")}`);
      for (const { resource, text } of failures) this.say(`   ${resource} failed: ${text}`);
    }
  }

  private armFault(r: Random): void {
    const status = r.pick([undefined, undefined, 429, 500, 503]);
    const kind = status !== undefined ? "status" : r.chance(0.02) ? "hang" : "cut";
    const when = status === 429 ? "before" : r.pick(["before", "after"] as const);
    const method = r.pick([undefined, undefined, "POST", "PUT", "PATCH", "DELETE", "GET"]);
    this.emulator.fault({
      kind,
      when,
      path: "/api/projects/1/",
      skip: r.int(4),
      times: r.pick([1, 1, 1, 2, 8]),
      ...(method ? { method } : {}),
      ...(status ? { status } : {}),
      ...(status === 429 ? { retryAfter: "0" } : {}),
    });
    this.say(`   fault: ${method ?? "any request"} ${kind} ${status ?? ""} ${when}`);
  }

  private armWreck(r: Random): void {
    const { fault, what } = wreckedAnswer(r);
    this.emulator.fault({ ...fault, path: "/api/projects/1/" });
    this.stage.count("wrecked answers");
    this.say(`   wrecked answer: ${what}`);
  }

  /** Drift that a refresh shows has been seen; drift that it does not show was missed. */
  private noteSeen(refreshed: Outcome, before: ReadonlyMap<string, MiniEngine["state"]>): void {
    for (const [name, result] of refreshed.operations) {
      const engine = this.stack.resources.get(name);
      const id = before.get(name)?.id ?? "";
      for (const edit of this.edits) {
        const isOurs = edit.kind === "schedule" ? `${edit.flowId}/${edit.scheduleId}` === id : edit.flowId === id;
        if (!isOurs || edit.seen.has(this.side.number) || edit.kind === "owned") continue;
        if (result === "gone") {
          edit.seen.add(this.side.number);
          continue;
        }
        // Another owner's flow is no more than that.
        if (this.isForeign(this.emulator.flow(edit.flowId))) {
          if (result === "changed") edit.seen.add(this.side.number);
          continue;
        }
        if (edit.kind === "draft") continue;
        if (!engine?.state || edit.at > engine.state.outputs["updatedAt"]) continue;
        const stated = edit.kind !== "status" || before.get(name)?.inputs["status"] !== undefined;
        const state = before.get(name);
        if (
          result === "same" &&
          edit.unique &&
          !(state && edit.isIn?.(state.outputs)) &&
          stated &&
          edit.kind !== "status"
        )
          fail("missed drift", `the refresh of ${name} shows nothing of: ${edit.what}`);
        this.watched("edits shown as drift");
        edit.seen.add(this.side.number);
      }
    }
  }

  /** Whether its marker is that of something which this side never was. */
  private isForeign(live: Json | undefined): boolean {
    return live !== undefined && lastMark(live["description"]) !== undefined && !this.side.isMarked(live);
  }

  private check(
    kind: string,
    outcomes: readonly Outcome[],
    before: ReadonlyMap<string, MiniEngine["state"]>,
    lived: ReadonlySet<string>,
    alive: boolean,
  ): void {
    // Whoever adopts a copy, has it.
    for (const id of this.managed()) this.copies.delete(id);
    this.watch();
    if (this.during) throw new Found(this.during);
    // Unseen overwrites.
    for (const edit of this.edits) {
      const live = this.emulator.flow(edit.flowId);
      if (live === undefined || edit.holds(live)) continue;
      const [name, state] =
        [...before].find(
          ([, other]) => other?.id === (edit.kind === "schedule" ? `${edit.flowId}/${edit.scheduleId}` : edit.flowId),
        ) ?? [];
      const spec = this.program.find((flow) => flow.name === name);
      if (edit.kind === "draft") {
        if (spec?.args["discardStagedDraft"] === undefined)
          fail("unseen overwrites", `a staged draft is gone: ${edit.what}`);
      } else if (edit.kind === "schedule") {
        // Deleting one, also to replace it, is what was asked for.
        const stays = live["schedules"].some(({ id }: Json) => id === edit.scheduleId);
        if (stays && !edit.seen.has(this.side.number)) fail("unseen overwrites", edit.what);
      } else if (edit.kind === "owned") {
        if (spec && ownedStep(spec)) fail("unseen overwrites", `the editor's own: ${edit.what}`);
      } else if (edit.kind === "status" && live["status"] === "archived") {
        // Archived instead of deleted.
      } else if (
        edit.kind === "status" &&
        state?.outputs["status"] === undefined &&
        spec?.args["status"] !== undefined
      ) {
        // The status was the editor's, and the program has taken it back.
      } else if (state && edit.isIn?.(state.outputs)) {
        // A status that was put back to what the state has, or that an answer has brought into the state since: the command's preview shows it.
      } else if (!edit.seen.has(this.side.number)) fail("unseen overwrites", `${name ?? edit.flowId}: ${edit.what}`);
    }
    this.forgetOverwritten();
    // Whoever takes over a flow or a schedule that is what the program says has seen it.
    for (const [name, { state }] of this.stack.resources) {
      const id = state!.id;
      if (before.get(name)?.id === id || !lived.has(id.split("/")[0]!)) continue;
      for (const edit of this.edits)
        if ((edit.kind === "schedule" ? `${edit.flowId}/${edit.scheduleId}` : edit.flowId) === id)
          edit.seen.add(this.side.number);
    }
    // Deleted without being asked to.
    if (kind !== "destroy") {
      for (const [name, state] of before) {
        if (
          !state ||
          !lived.has(state.id) ||
          this.emulator.flow(state.id) ||
          this.removedInUi.has(state.id) ||
          !this.program.some((flow) => flow.name === name)
        )
          continue;
        fail("wrong result", `${name}, flow ${state.id}, was deleted by ${kind}`);
      }
    }
    if (
      kind === "preview" &&
      [...before].some(
        ([name, state]) => JSON.stringify(this.stack.resources.get(name)?.state) !== JSON.stringify(state),
      )
    )
      fail("wrong result", "a preview changed the state");
    this.checkLeaks(outcomes);
    this.checkState();
    if (!alive || this.lastFailures.length > 0) this.noteUnmarked();
    if (alive && kind.endsWith("up") && this.lastFailures.length === 0) this.checkOrphans(`after ${kind}`);
  }

  /** A status that the program states is live after an up: at once where it is new, and otherwise once a refresh has seen another. */
  private checkStatus(
    kind: string,
    outcomes: readonly Outcome[],
    before: ReadonlyMap<string, MiniEngine["state"]>,
  ): void {
    // After a refresh that fails there is no up.
    if (kind === "refresh-up" && outcomes.length < 2) return;
    for (const { name, args } of this.program) {
      const { state } = this.stack.resources.get(name) ?? {};
      const isDone =
        outcomes.at(-1)!.operations.has(name) &&
        !outcomes.some(({ failures }) => failures.some(({ resource }) => resource === name));
      const isNew = before.get(name)?.outputs["status"] !== args["status"];
      if (args["status"] === undefined || !state || !isDone || !(isNew || kind === "refresh-up")) continue;
      const live = this.emulator.flow(state.id)?.status;
      if (live !== undefined && live !== args["status"])
        fail("wrong result", `after ${kind}, ${name} is ${live}, and the program says ${args["status"]}`);
    }
  }

  /** A schedule carries no mark: when the program changes before the next up, nobody can tell whose the one is that an interrupted run made (API §5.1). */
  private noteUnmarked(): void {
    const managed = this.managed();
    for (const flow of this.flows)
      for (const { id } of flow["schedules"]) if (!managed.has(`${flow["id"]}/${id}`)) this.unmarked.add(id);
  }

  /** What is in the state of either stack. */
  private managed(): Set<string> {
    return new Set(this.sides.flatMap(({ stack }) => [...stack.resources.values()].map(({ state }) => state!.id)));
  }

  /** Of a resource that the program no longer has, nobody would look for what an interrupted run made. */
  private checkOrphans(when: string): void {
    const managed = this.managed();
    for (const { id, description, status } of this.flows) {
      const mark = lastMark(description);
      const spec = this.program.find((flow) => mark !== undefined && this.side.isMarkOf(mark, flow.name));
      if (!spec || managed.has(id) || this.copies.has(id) || this.tampered.has(id) || status === "archived") continue;
      // Of the name that the stack had when this state was lost, the program says nothing.
      if (this.lost.has(id) && !this.side.saysStackOf(mark!, spec)) this.tampered.add(id);
      else fail("orphans", `${when}, flow ${id} (${status}) carries the mark of ${spec.name} and is in no state`);
    }
  }

  private checkLeaks(outcomes: readonly Outcome[]): void {
    const texts: [string, string][] = outcomes.flatMap(({ failures }) =>
      failures.map(({ resource, text, error }): [string, string] => [
        `the error of ${resource}`,
        `${text}\n${error instanceof Error ? error.message : ""}${error instanceof ProviderError ? (error.reasons ?? []).join("\n") : ""}`,
      ]),
    );
    for (const [where, text] of texts) {
      for (const secret of [...this.secrets, this.key])
        if (text.includes(secret)) fail("leaks", `${where} holds ${secret}: ${text}`);
      const untidy = untidyText(text);
      if (untidy && !/UNAVAILABLE|CANCELLED/.test(text)) fail("untidy messages", `${where} holds ${untidy}: ${text}`);
    }
    for (const [name, { state }] of this.stack.resources) {
      for (const [part, properties] of Object.entries({ inputs: state!.inputs, outputs: state!.outputs })) {
        const all = JSON.stringify(properties);
        for (const secret of [...this.secrets, this.key]) {
          if (!all.includes(secret)) continue;
          const [path] = inClear(properties, secret);
          if (path) fail("leaks", `${part} of ${name} hold ${secret} in clear at ${path}`);
        }
      }
    }
  }

  private checkState(): void {
    for (const [name, { state }] of this.stack.resources) {
      if (JSON.stringify(JSON.parse(JSON.stringify(state))) !== JSON.stringify(state))
        fail("unreadable state", `${name} does not survive JSON`);
      if (typeof state!.id !== "string" || state!.id === "") fail("unreadable state", `${name} has no id`);
    }
  }

  /** Everything is quiet; the user does what the messages say. Then all must be right. */
  private async calm(r: Random): Promise<void> {
    this.counts.calm += 1;
    this.emulator.clock.advance(MINUTE);
    this.say(`-- ${identityText(this.side.identity)}: calm`);
    for (const flow of this.flows) {
      this.everybodyLeaves([flow["id"]]);
      if (flow["draft"])
        await fetch(`${this.emulator.url}/api/projects/${PROJECT}/hog_flows/${flow["id"]}/discard_draft/`, {
          method: "POST",
          headers: { authorization: "Bearer phx_scratch" },
        });
    }
    this.edits = this.edits.filter(({ kind }) => kind !== "draft");
    let failures: Failure[] = [];
    for (let round = 0; ; round += 1) {
      const provider = await this.side.begin(this.emulator.clock.now());
      const before = this.side.states();
      const lived = new Set(this.flows.map(({ id }) => id as string));
      this.starts(before, lived);
      const refreshed = await this.stack.refresh(provider);
      this.noteSeen(refreshed, before);
      const outcomes = [refreshed];
      if (refreshed.failures.length === 0) outcomes.push(await this.stack.up(this.program, provider));
      this.tell(outcomes);
      failures = this.lastFailures = outcomes.flatMap((outcome) => outcome.failures);
      this.check("refresh-up", outcomes, before, lived, true);
      // Without a fingerprint a pause shows in the next refresh, and is put right by the up after it (design L10).
      if (failures.length === 0 && !this.pausedUnseen()) break;
      if (round >= ROUNDS)
        fail(
          "stuck",
          `after ${round} quiet rounds: ${failures.map(({ resource, text }) => `${resource}: ${text}`).join("\n")}`,
        );
      for (const failure of failures) this.repair(failure, r);
    }
    if (this.side.dropFlags()) {
      const provider = await this.side.begin(this.emulator.clock.now());
      const dropped = await this.stack.up(this.program, provider);
      if (dropped.failures.length > 0)
        fail(
          "stuck",
          `taking the flags out failed: ${dropped.failures.map(({ resource, text }) => `${resource}: ${text}`).join("\n")}`,
        );
    }
    const previewsFirst = this.counts.calm % 2 === 0;
    if (previewsFirst) await this.expectNothingToDo("after the calm");
    await this.expectNoDrift();
    if (!previewsFirst) await this.expectNothingToDo("after a refresh that found nothing");
    this.checkOrphans("after the calm");
    await this.expectWanted();
    await this.expectLeftoversFound();
    if (!this.compared && this.program[0]) await this.compareWithSdk(this.program[0]);
  }

  private pausedUnseen(): boolean {
    return this.program.some((spec) =>
      spec.schedules.some(({ name, bareId, args }) => {
        const [flowId, id] = (this.stack.resources.get(name)?.state?.id ?? "").split("/");
        const live: Json | undefined =
          id === undefined
            ? undefined
            : this.emulator.flow(flowId!)?.schedules.find((schedule: Json) => schedule["id"] === id);
        // Nothing wakes one whose rule has run out, and nothing is missed.
        return (
          (bareId || args["adopt"] !== undefined || this.audienceTouched.has(flowId!)) &&
          live?.["status"] === "paused" &&
          this.runsAgain(live)
        );
      }),
    );
  }

  private runsAgain({ rrule, starts_at }: Json): boolean {
    const rule = new RRule({ ...RRule.parseString(rrule), dtstart: new Date(starts_at) });
    return rule.after(new Date(this.emulator.clock.now())) !== null;
  }

  private repair(failure: Failure, r: Random): void {
    const { resource, text } = failure;
    const guarded = this.program.find(({ name }) => name === resource);
    if (text.includes("stored incomplete") && guarded?.args["protectInFlight"]) {
      // Nobody can be counted in a flow that cannot be read: the message says to fix it in the editor, and here protection is given up.
      delete guarded.args["protectInFlight"];
      return this.say(`program: ${resource}: no protectInFlight`);
    }
    if (text.includes("PostHog cannot read flow")) this.completeSteps(text);
    if (text.includes("Remove one of the two from the program")) {
      return this.remove(resource);
    }
    const of = /was not deleted: it belongs to (\S+), and this run is of/.exec(text)?.[1];
    if (of !== undefined) return this.mendStrangeRun(resource, of);
    // Of a schedule with a bare id nothing else shows in which stack its flow is.
    if (text.includes("its state was imported from another stack, which manages it") && !this.side.flowOf(resource))
      return this.forgetState(resource);
    if (this.mendOwnership(failure, r)) return;
    const unmanaged = [...text.matchAll(/unmanaged-schedule@([0-9a-f-]{36})/g)].map((match) => match[1]!);
    if (unmanaged.length > 0) return this.mendUnmanaged(resource, unmanaged, r);
    const given = guarded?.args ?? this.side.scheduleNamed(resource)?.args;
    if (given && /Remove `adopt`|remove `adopt`|adopt: there is no flow|: there is no flow/.test(text)) {
      delete given["adopt"];
      return this.say(`program: ${resource}: no adopt`);
    }
    if (!isRefused(failure) || /set adopt: "|adopt: flow/.test(text)) return this.follow(failure);
    this.counts.refused += 1;
    const flow = this.program.find(
      ({ name, schedules }) => name === resource || schedules.some((schedule) => schedule.name === resource),
    );
    if (!flow) return;
    if (flow.name === resource) {
      delete flow.args["editorOwns"];
      flow.json = validJson(r, this.names, flow.args, {
        plain: true,
        trigger: flow.schedules.length > 0 ? "schedule" : "event",
      });
      this.dropOwnedEdits();
    } else
      flow.schedules = flow.schedules.map((schedule) =>
        schedule.name === resource ? newFutureSchedule(schedule.name, r, flow.json) : schedule,
      );
    this.say(`program: ${resource} is mended`);
  }

  private remove(resource: string): void {
    this.side.program = this.program.filter(({ name }) => name !== resource);
    for (const flow of this.program) flow.schedules = flow.schedules.filter(({ name }) => name !== resource);
    this.say(`program: removes ${resource}`);
  }

  /** The stack was renamed, or the state is a copy of another stack's. */
  private mendStrangeRun(resource: string, of: string): void {
    const id = this.stack.resources.get(resource)?.state?.id.split("/")[0];
    if (
      this.side.identities.some((identity) => identityText(identity) === of) ||
      (id !== undefined && this.side.granted.has(id))
    ) {
      this.side.adoptFrom = of;
      return this.say(`configuration: posthog:adoptFrom ${of}`);
    }
    this.forgetState(resource);
  }

  private forgetState(resource: string): void {
    this.stack.resources.delete(resource);
    this.say(`pulumi state delete ${resource}`);
  }

  /** Takes over on purpose what is another's, or lets it be. */
  private mendOwnership({ resource, text }: Failure, r: Random): boolean {
    const from = /adoptFrom: "([^"]+)"/.exec(text)?.[1];
    const spec = this.side.flowOf(resource);
    const duplicates = /(\d+) flows in PostHog carry the marker of this resource/.test(text);
    if (duplicates || /If it is somebody's copy, remove the marker/.test(text)) {
      const copies = this.flows.filter(({ id }) => text.includes(id) && this.copies.has(id));
      this.cutMarkers(copies);
      return copies.length > 0;
    }
    if (!spec || !/remove the last line of its description|adoptFrom/.test(text)) return false;
    this.watched("refusals of another owner's flow");
    const edited = this.flows.filter(({ id }) => text.includes(id) && this.tampered.has(id));
    if (edited.length > 0) {
      this.cutMarkers(edited);
    } else if (from === undefined || r.chance(0.4)) this.remove(spec.name);
    else if (r.chance(0.3)) {
      this.side.adoptFrom = from;
      this.say(`configuration: posthog:adoptFrom ${from}`);
    } else {
      spec.args["adoptFrom"] = from;
      this.say(`program: ${resource}: adoptFrom ${from}`);
    }
    return true;
  }

  /** Schedules that no resource has: what somebody made by hand on purpose is acknowledged, and the rest deleted. */
  private mendUnmanaged(resource: string, ids: readonly string[], r: Random): void {
    const spec = this.side.flowOf(resource);
    for (const id of new Set(ids)) {
      const live = this.flows.find(({ schedules }) => (schedules as Json[]).some((schedule) => schedule["id"] === id));
      if (!live || !spec) continue;
      const args = (this.side.scheduleNamed(resource) ?? spec.schedules[0])?.args;
      const isOthers = this.managed().has(`${live["id"]}/${id}`);
      if (args && (isOthers || (this.handMade.has(id) && r.chance(0.6)))) {
        for (const schedule of spec.schedules)
          schedule.args["acknowledge"] = [
            ...new Set([...((schedule.args["acknowledge"] as string[] | undefined) ?? []), `unmanaged-schedule@${id}`]),
          ];
        this.stage.count("schedules acknowledged");
        this.say(`program: ${resource}: acknowledges ${id}`);
      } else {
        this.emulator.ui.schedule.remove(live["id"], id);
        this.say(`editor: deletes schedule ${id}`);
      }
    }
    this.noteByHand();
  }

  private cutMarkers(flows: readonly Json[]): void {
    // Also of flows that are stored incomplete.
    for (const { id } of flows)
      this.emulator.ui.storeRaw(id, (stored) => void (stored.description = withoutMarker(stored.description)));
    this.noteByHand();
    if (flows.length > 0) this.say(`editor: cuts the marker of ${flows.map(({ id }) => id).join(", ")}`);
  }

  /** Gives the steps a name that somebody stored without one. */
  private completeSteps(text: string): void {
    for (const { id } of this.flows.filter((flow) => text.includes(flow["id"])))
      this.emulator.ui.storeRaw(id, (stored) => stored.actions.forEach((step: Json) => void (step["name"] ??= "Step")));
  }

  private async expectNothingToDo(when: string): Promise<void> {
    const provider = await this.side.begin(this.emulator.clock.now());
    const requests = this.emulator.requests.length;
    const { operations, failures } = await this.stack.preview(this.program, provider);
    const changed = [...operations].filter(([, operation]) => operation !== "same");
    if (failures.length > 0) fail("noise", `${when}, a preview fails: ${failures[0]!.resource}: ${failures[0]!.text}`);
    if (changed.length > 0)
      fail(
        "noise",
        `${when}, a preview shows ${changed.map(([name, operation]) => `${name} ${operation}: ${this.difference(name)}`).join(", ")}`,
      );
    if (this.emulator.requests.length > requests)
      fail(
        "noise",
        `${when}, a preview asked PostHog: ${this.emulator.requests
          .slice(requests)
          .map(({ method, path }) => `${method} ${path}`)
          .join(", ")}`,
      );
  }

  private difference(name: string): string {
    const state = this.stack.resources.get(name)?.state;
    return state
      ? `attempt ${JSON.stringify(state.outputs["attempt"])} live status ${state.outputs["liveStatus"]} errors ${state.initErrors.length}`
      : "";
  }

  private async expectNoDrift(): Promise<void> {
    if (this.counts.calm % 3 === 0) this.emulator.backgroundRefresh(PROJECT);
    const provider = await this.side.begin(this.emulator.clock.now());
    const before = new Map(
      [...this.stack.resources].map(([name, { state }]) => [name, plain(state!.inputs) as Properties]),
    );
    const { operations, failures } = await this.stack.refresh(provider);
    if (failures.length > 0) fail("stuck", `a quiet refresh failed: ${failures[0]!.text}`);
    for (const [name, result] of operations) {
      if (result !== "same")
        fail(
          "noise",
          `a quiet refresh shows ${name} ${result}: ${firstDifference(before.get(name), plain(this.stack.resources.get(name)?.state?.inputs ?? {}))}`,
        );
    }
  }

  /** Live is what the program says, by the emulator's own reading of the program. */
  private async expectWanted(): Promise<void> {
    for (const spec of this.program) {
      const engine = this.stack.resources.get(spec.name);
      if (!engine?.state) {
        fail("wrong result", `${spec.name} is not in state`);
        return;
      }
      const live = this.emulator.flow(engine.state.id);
      if (!live) fail("orphans", `${spec.name} is in state, and its flow ${engine.state.id} does not exist`);
      if (spec.args["status"] !== undefined && live["status"] !== spec.args["status"])
        fail("wrong result", `${spec.name} is ${live["status"]}, not ${spec.args["status"]}`);
      const difference = await wantedDifference(this.emulator, SCRATCH, spec, live);
      if (difference) fail("wrong result", `${spec.name}: ${difference}`);
      for (const step of stepsOf(spec.json)) {
        for (const key of ["signing_secret", "auth_header"]) {
          const wanted = step["config"]?.inputs?.[key]?.value;
          if (wanted === undefined || this.side.secretsUnsure.has(spec.name)) continue;
          if (this.emulator.secret(live["id"], String(step["id"]).trim(), key) !== wanted)
            fail("wrong result", `${spec.name}: the secret ${key} of ${step["id"]} is not the program's`);
        }
      }
      const managed = this.managed();
      for (const { name, args } of spec.schedules) {
        const state = this.stack.resources.get(name)?.state;
        const schedule = live["schedules"].find(({ id }: Json) => `${live["id"]}/${id}` === state?.id);
        if (!schedule) fail("wrong result", `schedule ${name} is not there`);
        if (
          schedule.rrule !== args["rrule"] ||
          schedule.timezone !== (args["timezone"] ?? "UTC") ||
          JSON.stringify(schedule.variables) !== JSON.stringify(args["variables"] ?? {})
        )
          fail("wrong result", `schedule ${name} is ${JSON.stringify(schedule)}, not ${JSON.stringify(args)}`);
        if (schedule.status === "paused" && !schedule.rrule.includes("COUNT"))
          fail("wrong result", `schedule ${name} is paused`);
      }
      for (const schedule of live["schedules"])
        if (
          !managed.has(`${live["id"]}/${schedule.id}`) &&
          !this.unmarked.has(schedule.id) &&
          !this.handMade.has(schedule.id)
        )
          fail("orphans", `schedule ${schedule.rrule} of ${spec.name} is in no state`);
    }
  }

  /** What runs of this side left behind, `hogflow drift` finds; somebody archives or deletes it then. */
  private async expectLeftoversFound(): Promise<void> {
    const { identity, place, key } = { identity: this.side.identity, place: this.stack.place, key: "phx_scratch" };
    const acknowledged = this.program.flatMap(({ args, schedules }) =>
      [args, ...schedules.map((schedule) => schedule.args)].flatMap(
        (given) => (given["acknowledge"] as string[] | undefined) ?? [],
      ),
    );
    const resources = [...this.stack.resources].map(([name, { kind, state }]): KnownResource => ({
      kind,
      name,
      urn: urnOf(identity, name, kind === "flow" ? undefined : SCHEDULE),
      id: state!.id,
      host: place.host,
      projectId: PROJECT,
      acknowledged,
    }));
    const { found, unread } = await findLeftBehind(
      { ...identity, resources },
      {
        settings: {
          env: { POSTHOG_API_KEY: key },
          config: { "posthog:host": place.host, "posthog:projectId": PROJECT },
        },
      },
    );
    if (unread.length > 0) fail("missed leftovers", `hogflow drift could not look: ${unread.join(" ")}`);
    const known = new Set(found.map(({ id }) => id));
    const managed = new Set(resources.map(({ id }) => id));
    for (const live of this.flows) {
      const [id, mark] = [live["id"] as string, lastMark(live["description"])];
      if (!managed.has(id)) {
        if (mark?.stack !== markOf(identity, "any").stack || live["status"] === "archived") continue;
        this.watched("flows in no state");
        if (!known.has(id))
          fail(
            "missed leftovers",
            `flow ${id} (${live["status"]}) carries the marker of ${identityText(identity)} and is in no state, and hogflow drift does not find it`,
          );
        if (!this.copies.has(id) && !this.sides.some((side) => side.nameOf(id) !== undefined))
          this.emulator.ui.storeRaw(id, (stored) => void (stored.status = "archived"));
        continue;
      }
      for (const schedule of live["schedules"] as Json[]) {
        const resource = `${id}/${schedule["id"]}`;
        // A schedule of a flow that is archived, or that none can start, never fires, so nobody looks for it.
        if (
          live["status"] === "archived" ||
          !isScheduled(live) ||
          managed.has(resource) ||
          schedule["status"] !== "active" ||
          acknowledged.some((entry) => entry.endsWith(schedule["id"])) ||
          !this.side.isMarked(live)
        )
          continue;
        this.watched("schedules in no state");
        if (!known.has(resource))
          fail("missed leftovers", `schedule ${resource} is in no state, and hogflow drift does not find it`);
        if (!this.handMade.has(schedule["id"]) && !this.managed().has(resource))
          this.emulator.ui.schedule.remove(id, schedule["id"]);
      }
    }
    this.noteByHand();
  }

  private async compareWithSdk(spec: FlowSpec): Promise<void> {
    this.compared = true;
    // Pulumi's own runtime cannot make a resource of a map with this key.
    if (worlds % 20 !== 1 || stepsOf(spec.json).some(({ id }) => id === "toString")) return;
    const [ours, theirs] = [await flowInputs(spec, this.stack.place), await registeredFlow(spec, this.stack.place)];
    const difference = firstDifference(plain(theirs), plain(ours));
    if (difference) fail("wrong result", `the fuzzer's inputs of ${spec.name} are not the SDK's: ${difference}`);
  }

  async end(): Promise<void> {
    const texts = (await Promise.all(this.providers.map((runs) => runs.news()))).flat();
    for (const text of texts)
      for (const secret of [...this.secrets, this.key])
        if (text.includes(secret))
          fail("leaks", `a warning or the output of the provider holds ${secret}: ${text.slice(0, 2000)}`);
  }
}

const copyText = ({ name, status, description, version }: Json): string =>
  JSON.stringify([name, status, description, version]);

function newFutureSchedule(name: string, r: Random, json: Json): ReturnType<typeof newSchedule> {
  const schedule = newSchedule(name, r, json);
  return {
    ...schedule,
    args: { rrule: `FREQ=WEEKLY;INTERVAL=${1 + r.int(40)};BYDAY=MO`, startsAt: "2032-01-05T09:00:00Z" },
  };
}

function firstDifference(a: any, b: any, path = "$"): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (
    typeof a !== "object" ||
    typeof b !== "object" ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  )
    return `${path}: ${JSON.stringify(a)} / ${JSON.stringify(b)}`;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    // Where each step stands in the program is no part of it, nor how many flows the programs of this process have made.
    if ((key.startsWith("__") || key === "sources" || key === "flows") && path === "$") continue;
    const found = firstDifference(a[key], b[key], `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}
