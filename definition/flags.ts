// What the inputs and outputs of a resource have beside its definition, one row a key: the lifecycle flags, the notes that the SDK and the provider add, and
// what the outputs say of the live object. The provider reads and writes states by these rows, the SDK takes its arguments from them, the rules check them,
// and a review words them. A new flag is a row here, its docstring in sdk/args.ts, and the code that acts on it.
import type { Additions } from "./canonical/additions";
import { isDict, isUnknown, same, type UNKNOWN } from "./canonical/values";

/** What Pulumi sends for a value that is not known yet. */
type Unknown = typeof UNKNOWN;

/** A form of values: how they are recognised, and what is wrong with others, where a program can write others. Unknown values fit everywhere. */
export interface Form<T> {
  /** What kind of value it is, in a word. */
  type: "string" | "number" | "boolean" | "texts" | "list" | "map";
  fits(value: unknown): value is T;
  refusal?: { what: string; why?: string; fix?: string };
}

const isText = (value: unknown): value is string => typeof value === "string";
const isTextList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

const text: Form<string> = { type: "string", fits: isText };
const texts: Form<readonly string[]> = { type: "texts", fits: isTextList };
const number: Form<number> = { type: "number", fits: (value) => typeof value === "number" };
const yesOrNo: Form<boolean> = { type: "boolean", fits: (value) => typeof value === "boolean" };
const map: Form<Record<string, unknown>> = { type: "map", fits: isDict };
const list: Form<readonly unknown[]> = { type: "list", fits: (value) => Array.isArray(value) };
const oneOf = <const T extends string>(...values: readonly T[]): Form<T> => ({
  type: "string",
  fits: (value): value is T => values.some((known) => known === value),
  refusal: { what: `expected one of ${values.join(", ")}` },
});
const stamp: Form<string> = {
  type: "string",
  fits: (value): value is string => isText(value) && /^\d{4}-\d\d-\d\dT/.test(value),
  refusal: {
    what: "must be the stamp that the message shows",
    why: "It holds for the one edit that somebody has looked at",
    fix: "Copy it from the message",
  },
};
/** `<project>/<stack>`, and behind it the name of a resource. */
const stackName: Form<string> = {
  type: "string",
  fits: (value): value is string => isText(value) && /^[^/\s]+\/[^/\s]+(\/.+)?$/.test(value.trim()),
  refusal: {
    what: "must be <project>/<stack>, such as shop/prod",
    fix: "Copy it from the message that names the owner",
  },
};

/** How a review says what a flag is set to: its value, the fields that its paths name, or a separate phrase. */
interface Wording {
  label: string;
  says: "value" | "fields" | ((value: unknown) => string);
  /** What it says where the flag is not set. */
  unset?: string;
}

export interface FlagRow<T = unknown> {
  form: Form<T>;
  /** Who writes it: the program, as an argument of the resource; the SDK; or the provider's own check. */
  by: "program" | "sdk" | "provider";
  /**
   * How far it comes. `state`: an input that the outputs repeat. `creation`: check returns it, and the outputs never have it. `check`: check takes it and never
   * returns it, so that it holds for this one run. `program`: it is an argument alone, and the SDK makes something else of it.
   */
  kept: "state" | "creation" | "check" | "program";
  /** What a change of it does to the live object: nothing, so that the update makes no request; or it is replaced, or written. */
  change: "no request" | "replaces" | "writes";
  /** How a review words it; not at all, where it is bookkeeping that follows from what is said anyway. */
  review: Wording | "unsaid";
  /** What the SDK leaves out, because it means the same as nothing. */
  fallback?: unknown;
}

/** Keeps the names and columns of a row known to the compiler. */
const row = <T, const Columns extends Omit<FlagRow, "form">>(
  form: Form<T>,
  columns: Columns,
): { form: Form<T> } & Columns => ({ form, ...columns });

const bySdk = { by: "sdk", change: "no request", review: "unsaid" } as const;
const byProvider = { by: "provider", kept: "state", change: "no request" } as const;
const isValue =
  (value: unknown, yes: string, no: string) =>
  (given: unknown): string =>
    given === value ? yes : no;

export const FLOW_FLAGS = {
  host: row(text, {
    by: "program",
    kept: "state",
    change: "replaces",
    review: { label: "lives at", says: "value" },
  }),
  projectId: row(text, {
    by: "program",
    kept: "state",
    change: "replaces",
    review: { label: "lives in the PostHog project", says: "value" },
  }),
  /** The URN of the resource. */
  owner: row(text, { ...bySdk, kept: "state", change: "writes" }),
  /** Where the secret values are, because the provider sees no marks. */
  secretPaths: row(texts, { ...bySdk, kept: "state" }),
  onDelete: row(oneOf("delete", "archive"), {
    by: "program",
    kept: "state",
    change: "no request",
    review: { label: "when it leaves the program", says: isValue("archive", "it is archived", "it is deleted") },
  }),
  editorOwns: row(texts, {
    by: "program",
    kept: "state",
    change: "no request",
    review: { label: "left to PostHog's editor", says: "fields" },
    fallback: [],
  }),
  /** Hashes of the program's first values of what the editor owns, by path. */
  editorOwnsFirst: row(map, { ...byProvider, review: "unsaid" }),
  overwriteDrift: row(stamp, {
    by: "program",
    kept: "state",
    change: "writes",
    review: { label: "overwrites what somebody edited in PostHog, as of", says: "value" },
  }),
  discardStagedDraft: row(stamp, {
    by: "program",
    kept: "state",
    change: "writes",
    review: { label: "discards what somebody staged in PostHog, as of", says: "value" },
  }),
  protectInFlight: row(yesOrNo, {
    by: "program",
    kept: "state",
    change: "no request",
    review: {
      label: "changes that move people, or make them leave",
      says: isValue(true, "wait until nobody is in the flow", "are applied at once"),
    },
    fallback: false,
  }),
  replaceOnMove: row(yesOrNo, {
    by: "program",
    kept: "state",
    change: "no request",
    review: {
      label: "another host or project",
      says: isValue(true, "deletes the flow there and recreates it", "is refused"),
    },
    fallback: false,
  }),
  adoptFrom: row(stackName, {
    by: "program",
    kept: "state",
    change: "writes",
    review: { label: "takes the flow over from", says: "value" },
  }),
  /** Whether the flow came by `adopt`: somebody made it in PostHog. */
  adopted: row(yesOrNo, { ...byProvider, review: "unsaid" }),
  /** The owner that a refresh has found, where it is another one. */
  takenBy: row(text, { ...byProvider, review: { label: "managed by", says: "value", unset: "this stack" } }),
  /** When PostHog last saved the flow that a refresh found switched off, although the state had it active. Kept until an `up`. */
  switchedOff: row(text, {
    ...byProvider,
    review: { label: "switched off in PostHog, last saved", says: "value", unset: "no longer noted" },
  }),
  adopt: row(text, { by: "program", kept: "creation", change: "no request", review: "unsaid" }),
  originProduct: row(text, { by: "program", kept: "creation", change: "no request", review: "unsaid" }),
  /** Names of the schedules that the program has for the flow. Two underscores keep it out of the engine's diffs. */
  __schedules: row(texts, { ...bySdk, kept: "creation" }),
  acknowledge: row(texts, { by: "program", kept: "check", change: "no request", review: "unsaid", fallback: [] }),
  /** What the SDK has found while it put the inputs together. */
  findings: row(list, { ...bySdk, kept: "check" }),
  /** Files and lines of the program, by path. */
  sources: row(map, { ...bySdk, kept: "check" }),
  /** Whether a flow that a schedule starts has one. */
  scheduled: row(yesOrNo, { ...bySdk, kept: "check" }),
  /** How many flows with a marker the program has. */
  flows: row(number, { ...bySdk, kept: "check" }),
  marker: row(yesOrNo, { by: "program", kept: "program", change: "writes", review: "unsaid" }),
} as const satisfies Record<string, FlagRow>;

export const SCHEDULE_FLAGS = {
  flowId: row(text, { ...bySdk, kept: "state", change: "replaces" }),
  /** What the schedule remembers of its flow's audience. */
  triggerFingerprint: row(text, { ...bySdk, kept: "state", change: "replaces" }),
  host: FLOW_FLAGS.host,
  projectId: FLOW_FLAGS.projectId,
  secretPaths: FLOW_FLAGS.secretPaths,
  replaceOnMove: FLOW_FLAGS.replaceOnMove,
  overwriteDrift: FLOW_FLAGS.overwriteDrift,
  acknowledge: { ...FLOW_FLAGS.acknowledge, kept: "state" },
  owner: FLOW_FLAGS.owner,
  adopt: FLOW_FLAGS.adopt,
  /** Why PostHog has paused it: an input that only a refresh writes, so that it is seen. */
  paused: row(text, { by: "provider", kept: "check", change: "replaces", review: "unsaid" }),
  findings: FLOW_FLAGS.findings,
  sources: FLOW_FLAGS.sources,
  /** Names of all schedules that the program has for the flow. */
  siblings: row(texts, { ...bySdk, kept: "check" }),
} as const satisfies Record<string, FlagRow>;

/** What an output is: its form, and whether a program may read it from the resource. */
export interface OutputRow<T = unknown> {
  form: Form<T>;
  isProperty: boolean;
  /** Stays what it is for as long as the object lives: an update does not change it. */
  stays: boolean;
}
const property = <T>(form: Form<T>, { stays = false } = {}): OutputRow<T> => ({ form, isProperty: true, stays });
const kept = <T>(form: Form<T>): OutputRow<T> => ({ form, isProperty: false, stays: false });
const STAYS = { stays: true };

/** What the outputs of a flow have beside its inputs: what PostHog answered last. */
export const FLOW_OUTPUTS = {
  stateVersion: kept(number),
  liveStatus: property(text),
  version: property(number),
  url: property(text, STAYS),
  webhookUrl: property(text),
  createdAt: property(text, STAYS),
  updatedAt: property(text),
  billableActionTypes: property(texts),
  serverAdditions: kept<Additions>({ type: "map", fits: (value): value is Additions => isDict(value) }),
  markerTokens: kept(text),
  stagedDraft: property(map),
} as const satisfies Record<string, OutputRow>;

export const SCHEDULE_OUTPUTS = {
  stateVersion: kept(number),
  scheduleId: property(text, STAYS),
  status: property(text),
  nextRunAt: property<string | null>({
    type: "string",
    fits: (value): value is string | null => value === null || isText(value),
  }),
  createdAt: property(text, STAYS),
  updatedAt: property(text),
  /** Token of the stack that made it: it stays what it is when names in a state are rewritten. */
  stackToken: kept(text),
} as const satisfies Record<string, OutputRow>;

type Rows = Readonly<Record<string, { form: Form<unknown> }>>;
type ValueOf<Row> = Row extends { form: Form<infer T> } ? T : never;
/** Those rows of a table that have this column. */
type KeysWith<Table, Column> = { [Key in keyof Table]: Table[Key] extends Column ? Key : never }[keyof Table];
/** The values of a table's rows, each left out where it is not set. */
export type Values<Table extends Rows, Keys extends keyof Table = keyof Table> = {
  -readonly [Key in Keys]?: ValueOf<Table[Key]> | Unknown;
};

type Kept<How extends FlagRow["kept"]> = { kept: How };
/** The flags of a flow that its outputs repeat. */
export type FlowFlags = Values<typeof FLOW_FLAGS, KeysWith<typeof FLOW_FLAGS, Kept<"state">>>;
/** Those that hold for a creation, or for one run. */
export type PassingFlags = Values<typeof FLOW_FLAGS, KeysWith<typeof FLOW_FLAGS, Kept<"creation" | "check">>>;
export type ScheduleFlags = Values<typeof SCHEDULE_FLAGS, KeysWith<typeof SCHEDULE_FLAGS, Kept<"state">>>;
export type SchedulePassingFlags = Values<
  typeof SCHEDULE_FLAGS,
  KeysWith<typeof SCHEDULE_FLAGS, Kept<"creation" | "check">>
>;
/** The flags that a program sets, by the arguments of the resource. */
export type FlowArgument = KeysWith<typeof FLOW_FLAGS, { by: "program" }>;

/** The keys of a table whose rows are so. */
export const keysWhere = <Table extends Rows>(table: Table, fits: (row: Table[keyof Table]) => boolean) =>
  Object.keys(table).filter((key) => fits(table[key as keyof Table])) as (keyof Table & string)[];

/** Inputs beside the definition that the state keeps. */
export const SETTING_KEYS = keysWhere(FLOW_FLAGS, ({ kept: how }) => how === "state") as readonly (keyof FlowFlags)[];
export const SCHEDULE_SETTINGS = keysWhere(
  SCHEDULE_FLAGS,
  ({ kept: how }) => how === "state",
) as readonly (keyof ScheduleFlags)[];
export const SCHEDULE_ARGUMENTS = keysWhere(SCHEDULE_FLAGS, ({ by }) => by === "program") as readonly KeysWith<
  typeof SCHEDULE_FLAGS,
  { by: "program" }
>[];
export const FLOW_ARGUMENTS = keysWhere(FLOW_FLAGS, ({ by }) => by === "program") as readonly FlowArgument[];

/** The flags that the arguments of a resource set, without those that say what holds in any case. */
export function argumentFlags(
  table: Readonly<Record<string, FlagRow>>,
  args: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  for (const [key, { by, kept: how, fallback }] of Object.entries(table))
    if (by === "program" && how !== "program" && args[key] !== undefined && !same(args[key], fallback))
      flags[key] = args[key];
  return flags;
}

/** The outputs that a program may read, as members without a value. */
export const outputNames = (table: Readonly<Record<string, OutputRow>>): Record<string, undefined> =>
  Object.fromEntries(Object.keys(table).flatMap((key) => (table[key]!.isProperty ? [[key, undefined]] : [])));

/** What of these properties the table has, as far as it is of its row's form. */
export function parseRows<Table extends Rows, Keys extends keyof Table>(
  table: Table,
  keys: readonly Keys[],
  properties: Readonly<Record<string, unknown>>,
): Values<Table, Keys> {
  const out: Record<string, unknown> = {};
  for (const key of keys as readonly (Keys & string)[]) {
    const value = properties[key];
    if (value !== undefined && (isUnknown(value) || table[key]!.form.fits(value))) out[key] = value;
  }
  return out as Values<Table, Keys>;
}
