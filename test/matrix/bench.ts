// Runs cells: creates each flow through the provider, edits it behind its back, reads it alone and out of the list, and writes it again.
import { startEmulator, type Emulator } from "../../emulator";
import { systemClock } from "../../api";
import { differences } from "../../definition/canonical/compare";
import { formatPath, getAt, parsePath, startsWith, type Path } from "../../definition/canonical/paths";
import { own, same, type Dict } from "../../definition/canonical/values";
import type { Lifecycle } from "../../provider/calls";
import { flowLifecycle } from "../../provider/flow/lifecycle";
import { Session } from "../../provider/session";
import { ANSWERS } from "./homes";
import { SAVED_MAIL } from "./addition-cells";
import { startEngineService } from "../support/provider-process";
import type { Transport } from "../support/transport";
import type { Cell, Kind } from "./cell";
import { startNewerPostHog, type NewerPostHog } from "./newer-posthog";
import { pluginLifecycle } from "./plugin-lifecycle";
import { differsOnWire, wireAt } from "./wire";

const PROJECT = "1";
const KEY = "phx_single";
/** Requests of readers that work through the list are told apart by their key. */
const LIST_KEY = "phx_pages";
const AT_ONCE = 32;
/** Reads of a session before it turns to the list. */
const SINGLE_READS = 3;

export interface Outcome {
  cell: Cell;
  /**
   * `impossible`: PostHog, or the provider's own check, refuses it. `undone`: PostHog took it and stored nothing new. `quiet`: nothing shown, as it must be.
   * `blind`: a stored secret has changed. `seen`: shown where it is. The others are faults.
   */
  result:
    | "seen"
    | "quiet"
    | "blind"
    | "undone"
    | "impossible"
    | "missed"
    | "misplaced"
    | "false alarm"
    | "not fenced"
    | "not repaired"
    | "error";
  /** Why it is impossible, or what is wrong. */
  detail?: string;
  /** Its row of the list was enough. */
  byRow?: boolean;
}

export const FAULTS: ReadonlySet<Outcome["result"]> = new Set([
  "missed",
  "misplaced",
  "false alarm",
  "not fenced",
  "not repaired",
  "error",
]);

const UNCHANGED: ReadonlySet<Outcome["result"]> = new Set(["quiet", "undone"]);
/** Who staged a draft, and when, is in no row. */
const UNTOLD_BY_ROWS = "a staged draft";

/** Kinds of edits inside a value, of which the fence sees the same as of the value: trying them all would take twice as long. */
const UNFENCED: ReadonlySet<Kind> = new Set([
  "white space",
  "unknown key",
  "unknown key of ours",
  "member of data",
  "list item added",
  "list item removed",
  "list items swapped",
]);

/** Kinds that need what the program wrote. */
const OF_WHAT_IS_THERE: ReadonlySet<Kind> = new Set([
  "changed",
  "removed",
  "white space",
  "unknown key of ours",
  "member of data",
  "list item added",
  "list item removed",
  "list items swapped",
]);

/** A resource as the state has it. */
interface Stated {
  id: string;
  inputs: Dict;
  outs: Dict;
}

interface Live extends Stated {
  cell: Cell;
  changed: boolean;
  outcome?: Outcome;
}

export class Bench {
  private readonly checked = new Map<string, Promise<{ inputs: Dict; refusal?: string }>>();

  private constructor(
    readonly emulator: Emulator,
    private readonly newer: NewerPostHog,
    /** What takes the messages of a plugin. */
    private readonly engine?: { address: string; stop(): void },
  ) {}

  static async start(transport: Transport = "dynamic"): Promise<Bench> {
    const emulator = await startEmulator({
      projects: [{ id: PROJECT, messageTemplates: [SAVED_MAIL] }],
      keys: [{ key: KEY }, { key: LIST_KEY }],
    });
    const engine = transport === "plugin" ? await startEngineService({ warnings: [], notes: [], said: [] }) : undefined;
    return new Bench(emulator, await startNewerPostHog(emulator.url), engine);
  }

  async stop(): Promise<void> {
    this.engine?.stop();
    await this.newer.stop();
    await this.emulator.stop();
  }

  /** The provider in a process of its own, as far as it can tell: with nothing remembered, and a limiter that has seen no request. */
  private provider(host = this.emulator.url, key = KEY): Lifecycle {
    const env = { POSTHOG_API_KEY: key, POSTHOG_HOST: host, POSTHOG_PROJECT_ID: PROJECT };
    if (this.engine) return pluginLifecycle(env, this.engine.address);
    return flowLifecycle(
      new Session({
        env,
        clock: { ...systemClock },
        warn: () => {},
        note: () => {},
      }),
    );
  }

  /** What a read says. Without inputs, the engine keeps those of the state. */
  private async read(provider: Lifecycle, { id, outs, inputs }: Stated) {
    const read = await provider.read(id, outs);
    return read.id === "" ? read : { ...read, inputs: read.inputs ?? inputs };
  }

  /** What PostHog adds to this program. */
  async additionsOf(program: Dict): Promise<Dict> {
    const { inputs, refusal } = await this.inputsOf(program);
    if (refusal !== undefined) return {};
    const { id, outs } = await this.provider().create(inputs);
    this.emulator.ui.remove(id);
    return outs["serverAdditions"] as Dict;
  }

  private inputsOf(program: Dict): Promise<{ inputs: Dict; refusal?: string }> {
    const name = JSON.stringify(program);
    let checked = this.checked.get(name);
    if (!checked) {
      checked = this.provider()
        .check({}, { ...program, host: this.emulator.url, projectId: PROJECT })
        .then(({ inputs, failures }) => ({
          inputs,
          ...(failures.length > 0 ? { refusal: `${failures[0]!.property}: ${failures[0]!.reason}` } : {}),
        }));
      this.checked.set(name, checked);
    }
    return checked;
  }

  /** Runs cells together, so that they can share pages of the list. */
  async run(cells: readonly Cell[]): Promise<Outcome[]> {
    const outcomes = new Map<Cell, Outcome>();
    const settle = (cell: Cell, result: Outcome["result"], detail?: string): void => {
      const before = outcomes.get(cell);
      if (!before || !FAULTS.has(before.result))
        outcomes.set(cell, { ...before, cell, result, ...(detail === undefined ? {} : { detail }) });
    };
    const attempt = async (cell: Cell, work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        settle(cell, "error", textOf(error));
      }
    };

    const live: Live[] = [];
    await inParallel(cells, (cell) => attempt(cell, async () => void live.push(...(await this.made(cell, settle)))));
    const pages = { now: await this.pages(this.emulator.url), newer: await this.pages(this.newer.url) };
    await inParallel(live, (flow) =>
      attempt(flow.cell, () => this.judge(flow, flow.cell.newer ? pages.newer : pages.now, settle)),
    );
    const readers = this.emulator.requests.filter(({ key }) => key === LIST_KEY.slice(-4));
    const byDetail = new Set(
      readers
        .filter(({ path }) => !path.endsWith("hog_flows/"))
        .map(({ path }) => path.split("/").filter(Boolean).pop()),
    );
    // Otherwise both ways of reading are one, and comparing them says nothing.
    if (live.length > 0 && !readers.some(({ query }) => query.includes("offset=")))
      throw new Error("no list of flows was read");
    this.emulator.clearRequests();
    for (const { id, cell } of live) {
      const outcome = outcomes.get(cell);
      if (outcome) outcome.byRow = !byDetail.has(id);
      // Where nothing changed, the list alone answers: that is what makes a refresh cheap.
      if (outcome && UNCHANGED.has(outcome.result) && !outcome.byRow && cell.note !== UNTOLD_BY_ROWS)
        settle(cell, "error", "nothing changed, and its row of the list was not enough");
      if (outcome?.result === "seen" && outcome.byRow)
        settle(cell, "error", "no detail read has confirmed what its row of the list shows");
      this.emulator.ui.remove(id);
    }
    return cells.map((cell) => outcomes.get(cell) ?? { cell, result: "error", detail: "nothing came of it" });
  }

  /** The flow of a cell, edited; none when that is not possible. */
  private async made(
    cell: Cell,
    settle: (cell: Cell, result: Outcome["result"], detail?: string) => void,
  ): Promise<Live[]> {
    const { inputs, refusal } = await this.inputsOf(cell.program);
    if (refusal !== undefined) return (settle(cell, "impossible", `no program: ${refusal}`), []);
    let made: { id: string; outs: Dict };
    try {
      made = await this.provider().create(inputs);
    } catch (error) {
      for (const { id } of this.orphans(error)) this.emulator.ui.remove(id);
      return (settle(cell, "impossible", `no flow: ${textOf(error)}`), []);
    }
    const { id, outs } = made;
    const dropped = Object.entries(outs["serverAdditions"] as Dict).find(
      ([text, addition]) =>
        own(addition, "dropped") === true && cell.at.some((place) => alike(parsePath(text) ?? [], place)),
    );
    if (dropped && OF_WHAT_IS_THERE.has(cell.kind)) {
      this.emulator.ui.remove(id);
      return (settle(cell, "impossible", "PostHog drops what the program writes there"), []);
    }
    const before = this.emulator.flow(id) as Dict;
    try {
      cell.edit({ emulator: this.emulator, id });
    } catch (error) {
      // A save that PostHog answers with a 500 may be stored all the same (API §1.3).
      if (!(
        error instanceof Error &&
        error.name === "ServerCrash" &&
        this.emulator.flow(id).updated_at !== before["updated_at"]
      )) {
        this.emulator.ui.remove(id);
        return (settle(cell, "impossible", `${own(error, "attr") ?? ""} ${textOf(error)}`.trim()), []);
      }
    }
    return [{ cell, id, inputs, outs, changed: differsOnWire(before, this.emulator.flow(id) as Dict) }];
  }

  private orphans(error: unknown): { id: string }[] {
    const id = (error as { id?: unknown }).id;
    return typeof id === "string" && this.emulator.flow(id) !== undefined ? [{ id }] : [];
  }

  /** A reader that has used up its single reads. */
  private async pages(host: string): Promise<Lifecycle> {
    const provider = this.provider(host, LIST_KEY);
    const { inputs } = await this.inputsOf({
      name: "Reader",
      actions: { trigger_node: { type: "trigger", name: "Start", config: { type: "manual", ...ANSWERS } } },
    });
    // Each is another flow: one that is read again would begin a new refresh.
    for (let i = 0; i < SINGLE_READS; i += 1) {
      const { id, outs } = await this.provider().create(inputs);
      await provider.read(id, { ...outs, host });
      this.emulator.ui.remove(id);
    }
    return provider;
  }

  private async judge(
    flow: Live,
    pages: Lifecycle,
    settle: (cell: Cell, result: Outcome["result"], detail?: string) => void,
  ): Promise<void> {
    const { cell, id, changed } = flow;
    const host = cell.newer ? this.newer.url : this.emulator.url;
    const inputs = { ...flow.inputs, host };
    const outs = { ...flow.outs, host };
    const read = await this.read(this.provider(host), { id, outs, inputs });
    const paged = await this.read(pages, { id, outs, inputs });
    if (!read.inputs || !read.props) return settle(cell, "error", "the flow is gone");
    for (const side of ["inputs", "props"] as const) {
      if (!same(read[side], paged[side]))
        settle(
          cell,
          "error",
          `alone and out of the list differ in ${side}: ${describe(differences(read[side], paged[side]))}`,
        );
    }
    const drift = differences(inputs, read.inputs);
    // Where PostHog had filled something in, writing out nothing takes that away.
    const filled = Object.entries(flow.outs["serverAdditions"] as Dict).some(
      ([text, addition]) =>
        own(addition, "dropped") === undefined && cell.at.some((place) => alike(parsePath(text) ?? [], place)),
    );
    const expect = cell.expect === "none" && cell.kind === "null written out" && filled ? "effect" : cell.expect;
    const wanted = expect === "drift" || (expect === "effect" && changed);
    if (!wanted) {
      if (drift.length > 0) return settle(cell, "false alarm", describe(drift));
      const diff = await this.provider(host).diff(id, read.props, inputs);
      if (diff.changes !== false) return settle(cell, "false alarm", "diff sees a change");
      await this.unfenced(flow, host, outs, inputs, settle);
      return settle(cell, expect === "blind" ? "blind" : expect === "effect" ? "undone" : "quiet");
    }
    if (cell.expect === "drift" && !changed && cell.kind !== "status")
      return settle(cell, "error", "the edit changed nothing in PostHog");
    if (drift.length === 0) return settle(cell, "missed", "nothing shows");
    const place = this.misplaced(cell, id, drift, read.inputs);
    if (place !== undefined) return settle(cell, "misplaced", place);
    settle(cell, "seen");
    if (!UNFENCED.has(cell.kind)) await this.fenced(flow, outs, inputs, drift, settle);
    await this.repair(flow, inputs, read.inputs, read.props, settle);
  }

  /** Whether the difference shows where the edit was, with its value, and nowhere else. */
  private misplaced(
    { at, loose, value }: Cell,
    id: string,
    drift: ReturnType<typeof differences>,
    shown: Dict,
  ): string | undefined {
    const near = (path: Path): boolean => at.some((place) => alike(path, place));
    const gone = Object.keys((shown["serverAdditions"] ?? {}) as Dict).map((text) => parsePath(text) ?? []);
    const vanished = (path: Path): boolean => path[0] === "serverAdditions" && gone.every(near);
    const strange = drift.filter(({ path }) => !near(path) && !vanished(path));
    if (strange.length > 0) return `also at ${describe(strange)}`;
    const blank = loose
      ? []
      : at.filter(
          (place) => !drift.some(({ path }) => vanished(path) || startsWith(path, place) || startsWith(place, path)),
        );
    if (blank.length > 0) return `nothing at ${blank.map(formatPath).join(", ")}; shown: ${describe(drift)}`;
    if (value === undefined || loose) return undefined;
    const now = wireAt(this.emulator.flow(id) as Dict, value);
    const told = getAt(shown, at[0]!);
    return same(now ?? undefined, told) || told === undefined
      ? undefined
      : `another value: ${JSON.stringify(told)} for ${JSON.stringify(now)}`;
  }

  /** An update from the state of before the edit must be refused, and name the place. */
  private async fenced(
    { cell, id }: Live,
    outs: Dict,
    inputs: Dict,
    drift: ReturnType<typeof differences>,
    settle: (cell: Cell, result: Outcome["result"], detail?: string) => void,
  ): Promise<void> {
    const before = this.emulator.flow(id).updated_at;
    try {
      await this.provider().update(id, outs, { ...inputs, emailSendingRateLimit: { count: 999, period: "hour" } });
    } catch (error) {
      const text = textOf(error);
      // A flow that PostHog fails to show cannot be compared; that nothing is overwritten is enough.
      const unreadable = text.includes("(500 ");
      if (!unreadable && !drift.some(({ path }) => text.includes(formatPath(path)) || path[0] === "serverAdditions"))
        settle(cell, "not fenced", `the refusal names another place: ${text.slice(0, 400)}`);
    }
    if (this.emulator.flow(id).updated_at !== before)
      settle(cell, "not fenced", "an edit that nobody has seen was overwritten");
  }

  /** An update is not kept from going out by what nobody has edited. */
  private async unfenced(
    { cell, id }: Live,
    host: string,
    outs: Dict,
    inputs: Dict,
    settle: (cell: Cell, result: Outcome["result"], detail?: string) => void,
  ): Promise<void> {
    if (cell.expect !== "none") return;
    try {
      await this.provider(host).update(id, outs, { ...inputs, emailSendingRateLimit: { count: 999, period: "hour" } });
    } catch (error) {
      settle(cell, "false alarm", `an update is refused: ${textOf(error).slice(0, 400)}`);
    }
  }

  private async repair(
    { cell, id }: Live,
    inputs: Dict,
    olds: Dict,
    props: Dict,
    settle: (cell: Cell, result: Outcome["result"], detail?: string) => void,
  ): Promise<void> {
    const diff = await this.provider().diff(id, props, inputs);
    if (diff.changes === false) return settle(cell, "not repaired", "diff sees nothing to do");
    let wanted = inputs;
    // Only of secrets does a check ask what the state has.
    if (cell.kind.startsWith("secret")) {
      const again = await this.provider().check(olds, { ...cell.program, host: inputs["host"], projectId: PROJECT });
      if (again.failures.length > 0)
        return settle(cell, "not repaired", `check: ${again.failures[0]!.property}: ${again.failures[0]!.reason}`);
      wanted = again.inputs;
    }
    const { outs } = await this.provider().update(id, props, wanted);
    const read = await this.read(this.provider(), { id, outs, inputs: wanted });
    const left = differences(inputs, read.inputs);
    if (left.length > 0) return settle(cell, "not repaired", describe(left));
    const wrong = cell.repaired?.({ emulator: this.emulator, id });
    if (wrong !== undefined) settle(cell, "not repaired", wrong);
  }
}

/** One path leads to the other, or past it. */
const alike = (a: Path, b: Path): boolean => startsWith(a, b) || startsWith(b, a);
const describe = (list: ReturnType<typeof differences>): string =>
  list
    .map(({ path, kind, before, after }) => `${formatPath(path)} ${kind} (${short(before)} -> ${short(after)})`)
    .join("; ");
const short = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? "nothing";

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const reasons = (error as { reasons?: unknown }).reasons;
  const path = (error as { path?: unknown }).path;
  const at = Array.isArray(path) ? `${path.join("__")}: ` : "";
  return `${at}${Array.isArray(reasons) && reasons.length > 0 ? reasons.join(" ") : error.message}`;
}

/** A few at a time. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
