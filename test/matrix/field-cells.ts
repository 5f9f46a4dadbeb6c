// Edits of single fields and objects, for everything that the schemas know.
import { z } from "zod";
import { toWire } from "../../definition/canonical/structure";
import { copy, isDict, same, type Dict } from "../../definition/canonical/values";
import { unwrapped } from "../../definition/schema/rules";
import type { Cell, Kind, Mode } from "./cell";
import { ABSENT, programAt, programWith, walk, type Field, type Spot, type WirePath } from "./fields";
import { HOMES, type Home } from "./homes";
import { redesign, removeOnWire, setOnWire, turned, wireAt } from "./wire";

const UNKNOWN = "from_the_future";
const UNKNOWN_VALUE = { deepKey: [1, null], snake_key: "x" };

type Change = (flow: Dict) => void;

interface Draft {
  kind: Kind;
  note?: string;
  program: Dict;
  change: Change;
  expect?: Cell["expect"];
  path?: Cell["at"][number];
  also?: Cell["at"];
  value?: WirePath;
  loose?: boolean;
}

export function fieldCells(mode: Mode): Cell[] {
  return HOMES.flatMap((home) => {
    const { fields, objects } = walk(home);
    const of = (spot: Spot, drafts: Draft[]): Cell[] =>
      chosen(spot, drafts, mode).map((draft) => cellOf(spot, draft, mode));
    return [
      ...fields.flatMap((field) => of(field, ofField(field))),
      ...objects.flatMap((object) => of(object, ofObject(object))),
    ];
  });
}

/** Where every kind of edit is tried inside what all steps have in common; elsewhere a change and a removal are enough there. */
const THOROUGH: ReadonlySet<string> = new Set(["trigger event", "function", "conditional_branch"]);
const SHORT: ReadonlySet<Kind> = new Set(["changed", "removed"]);
/** An active flow differs from a draft in what PostHog refuses, so what it cannot refuse is not tried again. */

function chosen(spot: Spot, drafts: Draft[], mode: Mode): Draft[] {
  const ofEveryStep = spot.home.step !== undefined && !spot.text.startsWith("config");
  const firsts = (kinds: ReadonlySet<Kind>): Draft[] =>
    drafts.filter(({ kind }, i) => kinds.has(kind) && drafts.findIndex((other) => other.kind === kind) === i);
  if (mode === "active") return ofEveryStep && !THOROUGH.has(spot.home.name) ? [] : firsts(SHORT);
  return ofEveryStep && /[.[]/.test(spot.text) && !THOROUGH.has(spot.home.name) ? firsts(SHORT) : drafts;
}

/** Every field that the schemas have, by the name that its cells carry. */
export const fieldNames = (): string[] =>
  HOMES.flatMap((home) => walk(home).fields.map((field) => nameOf(home, field.text)));

const nameOf = (home: Home, text: string): string => `${home.name}: ${text === "" ? "itself" : text}`;

function cellOf(
  spot: Spot,
  { kind, note, program, change, expect = "effect", path, also = [], value, loose }: Draft,
  mode: Mode,
): Cell {
  return {
    field: nameOf(spot.home, spot.text),
    kind,
    mode,
    ...(note === undefined ? {} : { note }),
    program: mode === "active" ? { ...program, status: "active" } : program,
    edit: ({ emulator, id }) => void emulator.ui.edit(id, change),
    expect,
    at: [path ?? spot.path, ...also],
    ...(value ? { value } : {}),
    ...(loose ? { loose } : {}),
  };
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 40) ?? "nothing";
const isScalar = (value: unknown): boolean => value !== null && typeof value !== "object";

function ofField(field: Field): Draft[] {
  const [ours, ...others] = field.values;
  if (ours === undefined)
    throw new Error(
      `There is no valid value for ${nameOf(field.home, field.text)}: add one to test/matrix/samples.ts.`,
    );
  const { wire, rule } = field;
  const isStatus = field.text === "status";
  if (isStatus) return [];
  const set =
    (value: unknown): Change =>
    (flow) => {
      setOnWire(flow, wire, onWire(field, value));
      followUp(field, flow);
    };
  const withIt = programWith(field, ours);
  const drafts: Draft[] = [];
  const within = isTied(field) ? { path: field.path.slice(0, -1), also: [["exitCondition"]], loose: true } : {};

  for (const value of others)
    drafts.push({
      kind: "changed",
      note: shown(value),
      program: withIt,
      change: set(value),
      ...(isScalar(value) ? { value: wire } : {}),
      ...within,
    });
  if (rule.default !== undefined)
    drafts.push({ kind: "changed", note: "to the default", program: withIt, change: set(rule.default), ...within });
  if (typeof ours === "string")
    drafts.push({ kind: "white space", program: withIt, change: set(`  ${ours} `), ...within });
  const remove: Change = (flow) => {
    removeOnWire(flow, wire);
    followUp(field, flow);
  };
  drafts.push({ kind: "removed", program: withIt, change: remove, ...within });
  if (field.optional) {
    const without = programWith(field, ABSENT);
    if (rule.default !== undefined)
      drafts.push({
        kind: "changed",
        note: "from the default",
        program: without,
        change: set(others[0] ?? ours),
        ...within,
      });
    for (const value of field.values.slice(0, 2))
      drafts.push({
        kind: "added",
        note: shown(value),
        program: without,
        change: set(value),
        ...(isScalar(value) ? { value: wire } : {}),
        ...within,
      });
    if (rule.default !== undefined)
      drafts.push({
        kind: "default written out",
        program: without,
        change: set(rule.default),
        expect: field.verbatim ? "effect" : "none",
      });
    drafts.push({
      kind: "null written out",
      program: without,
      change: set(null),
      expect: field.verbatim ? "effect" : "none",
    });
  }
  if (Array.isArray(ours)) drafts.push(...ofList(field, ours));
  if (isDict(ours) || Array.isArray(ours)) drafts.push(...ofData(field, ours));
  return drafts;
}

/** PostHog ties what stands beside it to this field: lists to the source of a filter, the template's language to an input, the exit condition to a trigger. */
const isTied = ({ discriminator, text }: Field): boolean =>
  discriminator || /\.source$|\.inputs\.\w+\.(value|templating)$/.test(text);

/** What the editor changes along: its document when the text of an e-mail is another one, and the label of another event. */
function followUp({ text, wire }: Field, flow: Dict): void {
  if (text.startsWith("config.inputs.email")) redesign(flow);
  if (/(events|actions)\[\]\.id$/.test(text)) removeOnWire(flow, [...wire.slice(0, -1), "name"]);
}

/** Variables are a list on the wire. */
function onWire({ text, schema }: Field, value: unknown): unknown {
  const wire = toWire(copy(value), schema);
  return text === "variables" && isDict(wire)
    ? Object.entries(wire).map(([key, variable]) => ({ key, ...(variable as Dict) }))
    : wire;
}

function ofList(field: Field, ours: readonly unknown[]): Draft[] {
  const { wire } = field;
  const other = (field.values as unknown[][]).find(
    (value) => Array.isArray(value) && value.some((item) => !ours.some((mine) => same(item, mine))),
  );
  const extra = other?.find((item) => !ours.some((mine) => same(item, mine)));
  const withIt = programWith(field, ours);
  const items = (flow: Dict): unknown[] => {
    const list = wireAt(flow, wire);
    if (!Array.isArray(list)) throw new Error("PostHog dropped the list when the program wrote it");
    return list;
  };
  const drafts: Draft[] = [{ kind: "list item removed", program: withIt, change: (flow) => void items(flow).pop() }];
  if (extra === undefined) return drafts;
  const two = programWith(field, [ours[0], extra]);
  drafts.push(
    { kind: "list item added", program: withIt, change: (flow) => void items(flow).push(copy(extra)) },
    {
      kind: "list item added",
      note: "in front",
      program: withIt,
      change: (flow) => void items(flow).unshift(copy(extra)),
    },
    { kind: "list item removed", note: "of two", program: two, change: (flow) => void items(flow).shift() },
    { kind: "list items swapped", program: two, change: (flow) => void items(flow).reverse() },
  );
  return drafts;
}

/** Inside a value that no schema describes, every leaf and every map. */
function ofData(field: Field, ours: unknown): Draft[] {
  if (!isFreeForm(field)) return [];
  const program = programWith(field, ours);
  const drafts: Draft[] = [];
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    const wire: WirePath = [...field.wire, ...path];
    const note = path.join(".");
    const add = (change: Change, extra: Partial<Draft> = {}): void =>
      void drafts.push({
        kind: "member of data",
        program,
        path: [...field.path, ...path],
        ...extra,
        note: `${note} ${extra.note ?? ""}`.trim(),
        change: (flow) => {
          change(flow);
          followUp(field, flow);
        },
      });
    if (Array.isArray(value)) {
      add((flow) => void (wireAt(flow, wire) as unknown[]).push("one more"), { note: "one more" });
      if (value.length > 1) add((flow) => void (wireAt(flow, wire) as unknown[]).reverse(), { note: "turned around" });
      value.forEach((item, i) => visit(item, [...path, i]));
    } else if (isDict(value)) {
      add((flow) => setOnWire(flow, [...wire, UNKNOWN], copy(UNKNOWN_VALUE)), {
        note: "a member more",
        path: [...field.path, ...path, UNKNOWN],
      });
      add(
        (flow) => {
          setOnWire(flow, wire, turned(wireAt(flow, wire)));
          stamp(flow);
        },
        { kind: "key order", expect: "none" },
      );
      for (const [key, item] of Object.entries(value)) {
        add((flow) => removeOnWire(flow, [...wire, key]), {
          note: `without ${key}`,
          path: [...field.path, ...path, key],
        });
        visit(item, [...path, key]);
      }
    } else if (path.length > 0) {
      const other =
        typeof value === "string"
          ? `${value} and more`
          : typeof value === "number"
            ? value + 1
            : typeof value === "boolean"
              ? !value
              : "no more null";
      add((flow) => setOnWire(flow, wire, other), { note: "changed", value: wire });
      if (value !== null) add((flow) => setOnWire(flow, wire, null), { note: "null" });
      if (typeof value === "string") add((flow) => setOnWire(flow, wire, ` ${value}  `), { note: "with white space" });
    }
  };
  visit(ours, []);
  // Somebody who composes an e-mail in the editor leaves a document of their own.
  if (isDict(ours) && "html" in ours) {
    const design: WirePath = [...field.wire, "design"];
    drafts.push({
      kind: "member of data",
      note: "a design of one's own",
      program,
      path: [...field.path, "design"],
      expect: "drift",
      change: (flow) =>
        setOnWire(flow, design, {
          schemaVersion: 16,
          body: { rows: [{ columns: [{ contents: [{ type: "button" }] }] }] },
        }),
    });
  }
  return drafts;
}

/** Values of template inputs, and whatever else has no schema of its own. */
function isFreeForm({ schema: typed }: Field): boolean {
  const { schema } = unwrapped(typed);
  return schema instanceof z.ZodUnknown || (schema instanceof z.ZodArray && schema.element instanceof z.ZodUnknown);
}

function ofObject(object: Spot): Draft[] {
  const program = programAt(object);
  const { wire, path } = object;
  const top = wire.length === 0;
  const drafts: Draft[] = [
    {
      kind: "key order",
      program,
      expect: "none",
      change: (flow) => {
        if (top) for (const key of Object.keys(flow)) flow[key] = turned(flow[key]);
        else setOnWire(flow, wire, turned(wireAt(flow, wire)));
        stamp(flow);
      },
    },
    {
      kind: "unknown key",
      program,
      change: (flow) => setOnWire(flow, [...wire, UNKNOWN], copy(UNKNOWN_VALUE)),
      path: [...path, UNKNOWN],
      expect: object.text === "" ? "none" : "effect",
    },
  ];
  if (object.text === "" || path[0] !== "actions") return drafts;
  // A key that the program wrote although nobody knows it: sent as it is, and watched.
  const written = withUnknown(program, object);
  if (written) {
    const inner: WirePath = [...wire, UNKNOWN];
    const own = { kind: "unknown key of ours" as const, program: written, path: [...path, UNKNOWN] };
    drafts.push(
      { ...own, note: "changed", change: (flow) => setOnWire(flow, inner, { deepKey: [2] }) },
      { ...own, note: "removed", change: (flow) => removeOnWire(flow, inner) },
      {
        ...own,
        note: "inside",
        change: (flow) => setOnWire(flow, [...inner, "snake_key"], "y"),
        path: [...path, UNKNOWN, "snake_key"],
      },
    );
  }
  return drafts;
}

/** The editor's own stamps on steps. With them a save is sent although nothing else has changed. */
function stamp(flow: Dict): void {
  for (const step of flow["actions"] as Dict[]) step["updated_at"] = 1_760_000_000_000;
}

function withUnknown(program: Dict, { path }: Spot): Dict | undefined {
  const changed = copy(program);
  let target: unknown = changed;
  for (const part of path) target = (target as Record<string | number, unknown>)[part];
  if (!isDict(target)) return undefined;
  target[UNKNOWN] = copy(UNKNOWN_VALUE);
  return changed;
}
