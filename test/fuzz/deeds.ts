// What people do beside editing their program: flows and copies made by hand, markers cut and pasted, flows taken over, resources and stacks renamed,
// states lost, moved and cloned.
import type { Emulator } from "../../emulator/index";
import { MiniEngine } from "../support/mini-engine";
import type { Random } from "../support/random-flow";
import { identityText, lastMark, markerLine, stackUrn } from "./owners";
import { freeName, isScheduled, validJson, type FlowSpec, type Json, type Names, type ScheduleSpec } from "./programs";
import type { Side } from "./side";

export interface Stage {
  emulator: Emulator;
  project: string;
  sides: readonly Side[];
  names: Names;
  /** Flows that are nobody's: made in the editor, marker or not. */
  copies: Map<string, string>;
  /** Flows whose marker is nobody's word any more: changed by hand, or of a name that has been given to something else since. */
  tampered: Set<string>;
  /** Flows whose state was lost. */
  lost: Set<string>;
  /** Schedules made in the editor. */
  handMade: Set<string>;
  count(deed: string): void;
}

type Deed = (stage: Stage, side: Side, r: Random) => string | undefined;

const flowsOf = ({ emulator, project }: Stage): Json[] => emulator.flows(project);
const MARKER = /\[hogflow [0-9a-f]{12} [0-9a-f]{12}\]/;
const FREQUENT = 5;

/** Only what a POST takes. */
const contentOf = ({
  name,
  description,
  actions,
  edges,
  exit_condition,
  variables,
  conversion,
  trigger_masking,
}: Json): Json => ({ name, description, actions, edges, exit_condition, variables, conversion, trigger_masking });

const flowByHand: Deed = ({ emulator, project, names, handMade, count }, _, r) => {
  const json = validJson(r, names, {}, { plain: true, trigger: r.pick(["event", "batch", "schedule"] as const) });
  const made = emulator.ui.create(project, { ...json, name: names.text(), status: "draft" });
  if (r.chance(0.6)) emulator.ui.setStatus(made.id, "active");
  if (isScheduled(json) && r.chance(0.5)) handMade.add(emulator.ui.schedule.create(made.id, byHand(r)).id);
  count("made by hand");
  return `makes flow ${made.id}`;
};

const copyByHand: Deed = (stage, _, r) => {
  const marked = flowsOf(stage).filter(({ description }) => MARKER.test(description ?? ""));
  if (marked.length === 0) return undefined;
  const { emulator, project, names, count } = stage;
  const live = r.pick(marked);
  const name = r.pick([`${live["name"]} (copy)`, `${live["name"]} (copy)`, live["name"], names.text()]);
  const made = emulator.ui.create(project, { ...contentOf(live), name, status: "draft" });
  const rewritten = r.chance(0.4);
  if (rewritten) emulator.ui.edit(made.id, (flow) => void (flow.actions[0].description = names.text()));
  const activated = r.chance(0.4);
  if (activated) emulator.ui.setStatus(made.id, "active");
  count("copied with the marker");
  return `duplicates flow ${live["id"]} as ${made.id}, ${JSON.stringify(name)}${rewritten ? ", rewrites it" : ""}${activated ? ", activates it" : ""}`;
};

/** Takes the marker's line out of a description. */
export const withoutMarker = (description: string): string =>
  description
    .split("\n")
    .filter((line) => !MARKER.test(line))
    .join("\n")
    .trim();

const cutMarker: Deed = (stage, _, r) => {
  const marked = flowsOf(stage).filter(({ description }) => MARKER.test(description ?? ""));
  if (marked.length === 0) return undefined;
  const live = r.pick(marked);
  stage.emulator.ui.edit(live["id"], (flow) => void (flow.description = withoutMarker(flow.description)));
  stage.count("markers cut");
  return `cuts the marker of flow ${live["id"]}`;
};

const editMarker: Deed = (stage, _, r) => {
  const marked = flowsOf(stage).filter(({ description }) => MARKER.test(description ?? ""));
  if (marked.length === 0) return undefined;
  const { emulator, sides, tampered, count } = stage;
  const live = r.pick(marked);
  const whole = /^.*\[hogflow [0-9a-f]{12} [0-9a-f]{12}\].*$/m;
  const foreign = (): string => {
    const side = r.pick(sides);
    return markerLine(r.pick(side.identities), r.pick(["f0", "f1", "f2"]));
  };
  const [what, change] = r.pick<readonly [string, (text: string) => string]>([
    ["changes its tokens", (text) => text.replace(MARKER, () => `[hogflow ${"0123456789ab"} ${"ba9876543210"}]`)],
    ["breaks its tokens", (text) => text.replace(MARKER, (mark) => mark.slice(0, -6) + "]")],
    ["puts another one in its place", (text) => text.replace(whole, foreign)],
    ["puts another one behind it", (text) => `${text}\n${foreign()}`],
    ["puts another one before it", (text) => `${foreign()}\n${text}`],
    ["drops its sentence", (text) => text.replace(whole, (line) => MARKER.exec(line)![0])],
  ]);
  emulator.ui.edit(live["id"], (flow) => void (flow.description = change(flow.description)));
  tampered.add(live["id"]);
  count("markers edited");
  return `marker of flow ${live["id"]}: ${what}`;
};

const byHand = (r: Random): Json => ({
  rrule: `FREQ=MONTHLY;INTERVAL=${1 + r.int(24)};BYMONTHDAY=${1 + r.int(28)}`,
  starts_at: "2031-02-03T09:00:00Z",
  timezone: "UTC",
});

const scheduleByHand: Deed = (stage, _, r) => {
  const flows = flowsOf(stage).filter(({ trigger }) => ["batch", "schedule"].includes(trigger?.type));
  if (flows.length === 0) return undefined;
  const live = r.pick(flows);
  const { id, rrule } = stage.emulator.ui.schedule.create(live["id"], byHand(r));
  stage.handMade.add(id);
  stage.count("schedules made by hand");
  return `makes schedule ${id} ${rrule} of flow ${live["id"]}`;
};

const BY_HAND: readonly Deed[] = [
  flowByHand,
  flowByHand,
  copyByHand,
  copyByHand,
  cutMarker,
  editMarker,
  scheduleByHand,
  scheduleByHand,
];

/** In the editor. */
export function handDeed(stage: Stage, side: Side, r: Random): string | undefined {
  try {
    return r.pick(BY_HAND)(stage, side, r);
  } catch {
    // The editor refuses it, or cannot open what is stored incomplete.
    return undefined;
  }
}

const isTaken =
  (side: Side) =>
  (name: string): boolean =>
    side.program.some((flow) => flow.name === name) || side.stack.resources.has(name);

/** A resource for a flow that exists. */
export function adoptDeed(stage: Stage, side: Side, r: Random): string | undefined {
  if (side.program.length > FREQUENT) return undefined;
  const flows = flowsOf(stage).filter(({ actions }) => (actions as Json[]).every(({ name }) => name !== undefined));
  if (flows.length === 0) return undefined;
  const other = stage.sides[1 - side.number]!;
  const groups = [
    flows.filter(({ id }) => stage.copies.has(id)),
    flows.filter(({ id }) => other.nameOf(id) !== undefined),
    flows.filter(({ id }) => other.nameOf(id) !== undefined),
    flows.filter(({ id }) => side.nameOf(id) !== undefined),
    flows,
  ];
  const group = r.pick(groups);
  if (group.length === 0) return undefined;
  const live = r.pick(group);
  const id: string = live["id"];
  const known = stage.sides.flatMap((one) => one.spec(one.nameOf(id)) ?? []);
  const name = freeName(isTaken(side));
  const args: Json = {
    adopt: id,
    ...(r.chance(0.6) ? { status: live["status"] } : {}),
    ...(r.chance(0.2) ? { onDelete: "archive" } : {}),
  };
  const mark = lastMark(live["description"]);
  if (mark && r.chance(0.4))
    args["adoptFrom"] = identityText(r.pick([...stage.sides].flatMap(({ identities }) => identities.slice(-1))));
  const json = known[0] && r.chance(0.5) ? structuredClone(known[0].json) : pulled(live);
  const spec: FlowSpec = {
    name,
    json,
    args,
    schedules: r.chance(0.5)
      ? (live["schedules"] as Json[])
          .filter(({ status }) => status === "active")
          .slice(0, 2)
          .map((schedule, i) => adopted(`${name}-s${i}`, id, schedule))
      : [],
  };
  side.program.push(spec);
  letGo(stage, side, name);
  stage.count(
    other.nameOf(id) ? "adoptions of the other stack's" : side.nameOf(id) ? "adoptions of its own" : "adoptions",
  );
  return `${name}: adopts ${id}${args["adoptFrom"] ? ` from ${args["adoptFrom"]}` : ""}, with ${spec.schedules.length} schedules`;
}

/** What a killed run has made under this name is in no state, and nobody looks for it who adopts another flow. */
function letGo({ emulator, project, sides, tampered }: Stage, side: Side, name: string): void {
  for (const { id, description } of emulator.flows(project))
    if (side.isMarkOf(lastMark(description), name) && sides.every((one) => one.nameOf(id) === undefined))
      tampered.add(id);
}

/** As somebody pastes what PostHog returns. */
function pulled(live: Json): Json {
  const { status: _, schedules: _schedules, draft: _draft, ...json } = structuredClone(live);
  for (const key of Object.keys(json))
    if (
      ![
        "name",
        "description",
        "actions",
        "edges",
        "exit_condition",
        "variables",
        "conversion",
        "trigger_masking",
        "email_sending_rate_limit",
      ].includes(key)
    )
      delete json[key];
  json["description"] = withoutMarker(json["description"] ?? "");
  return json;
}

function adopted(name: string, flowId: string, { id, rrule, starts_at, timezone, variables }: Json): ScheduleSpec {
  return {
    name,
    bareId: false,
    args: {
      rrule,
      startsAt: starts_at,
      timezone,
      ...(Object.keys(variables ?? {}).length > 0 ? { variables } : {}),
      adopt: `${flowId}/${id}`,
    },
  };
}

const renameFlow: Deed = (stage, side, r) => {
  if (side.program.length === 0) return undefined;
  const spec = r.pick(side.program);
  const name = freeName(isTaken(side));
  const old = spec.name;
  const state = side.stack.resources.get(old)?.state;
  const how = r.pick([
    "with an alias",
    "without an alias",
    "and adopts its flow",
    "and adopts its flow from this stack",
  ] as const);
  const isAliased = how === "with an alias";
  const id = how.includes("adopts") ? state?.id : undefined;
  if (how.includes("adopts") && id === undefined) return undefined;
  const rename = <T extends FlowSpec | ScheduleSpec>(item: T, to: string): void => {
    delete item.alias;
    if (isAliased && side.stack.resources.has(item.name)) item.alias = item.name;
    const scheduleId = side.stack.resources.get(item.name)?.state?.id;
    if (id !== undefined && item !== (spec as unknown) && scheduleId !== undefined) item.args["adopt"] = scheduleId;
    item.name = to;
  };
  // The old one goes in the next change, or in this one.
  if (id !== undefined && r.chance(0.5)) side.program.push({ ...structuredClone(spec), schedules: [] });
  for (const schedule of spec.schedules) rename(schedule, schedule.name.replace(/^[^-]+/, name));
  rename(spec, name);
  if (id !== undefined) letGo(stage, side, name);
  if (id !== undefined)
    Object.assign(spec.args, {
      adopt: id,
      ...(how.endsWith("stack") ? { adoptFrom: identityText(side.identity) } : {}),
    });
  stage.count(`renames ${how}`);
  return `${old} is renamed to ${name} ${how}`;
};

const renameStack: Deed = (stage, side, r) => {
  const before = side.identity;
  const what = r.pick(["stack", "project"] as const);
  side.become({ ...before, [what]: `${before[what].replace(/\d+$/, "")}${side.identities.length + 10 * side.number}` });
  if (r.chance(0.5)) side.adoptFrom = identityText(before);
  // What is in no state when its stack is renamed is of a stack that nobody runs any more.
  const kept = new Set([...side.stack.resources.values()].map(({ state }) => state?.id));
  for (const live of flowsOf(stage)) if (side.isMarked(live) && !kept.has(live["id"])) stage.tampered.add(live["id"]);
  stage.count(`${what} renames`);
  return `${what} ${identityText(before)} is ${identityText(side.identity)} from now on${side.adoptFrom ? `, adoptFrom ${side.adoptFrom}` : ""}`;
};

/** In the program or in what Pulumi keeps of it. */
export const renameDeed: Deed = (stage, side, r) => (r.chance(0.7) ? renameFlow : renameStack)(stage, side, r);

const loseState: Deed = ({ lost, count }, { stack, secretsUnsure }, r) => {
  if (stack.resources.size === 0) return undefined;
  const all = r.chance(0.5);
  const one = r.pick([...stack.resources.keys()]);
  for (const name of [...stack.resources.keys()]) {
    if (!all && name !== one) continue;
    const id = stack.resources.get(name)?.state?.id;
    if (id !== undefined) lost.add(id);
    stack.resources.delete(name);
    secretsUnsure.add(name);
  }
  count("lost states");
  return `the state is lost${all ? "" : ` of ${one}`}`;
};

const cloneState: Deed = ({ sides, count }, side, r) => {
  const other = sides[1 - side.number]!;
  const withProgram = r.chance(0.5);
  // `pulumi stack import` takes another stack's state after its URNs were rewritten, or with --force.
  const rewritten = r.chance(0.5);
  let cloned = 0;
  for (const [name, engine] of side.stack.resources) {
    if (isTaken(other)(name) || other.flowOf(name)) continue;
    const copy = copyOf(engine);
    if (rewritten)
      copy.state = JSON.parse(
        JSON.stringify(copy.state).replaceAll(stackUrn(side.identity), stackUrn(other.identity)),
      ) as typeof copy.state;
    other.stack.resources.set(name, copy);
    other.secretsUnsure.add(name);
    cloned += 1;
    const spec = side.spec(name);
    if (withProgram && spec)
      other.program.push({
        ...structuredClone(spec),
        schedules: spec.schedules
          .filter((schedule) => !other.scheduleNamed(schedule.name))
          .map((schedule) => structuredClone(schedule)),
      });
  }
  if (cloned === 0) return undefined;
  count("cloned states");
  return `the state of ${identityText(side.identity)} is imported into ${identityText(other.identity)}, ${cloned} resources${rewritten ? ", rewritten" : ""}${withProgram ? ", and its program too" : ""}`;
};

const moveState: Deed = ({ sides, emulator, count }, side, r) => {
  const other = sides[1 - side.number]!;
  const movable = side.program.filter(
    ({ name, schedules }) =>
      side.stack.resources.get(name)?.state &&
      ![name, ...schedules.map((schedule) => schedule.name)].some((one) => isTaken(other)(one)),
  );
  if (movable.length === 0) return undefined;
  const spec = r.pick(movable);
  for (const name of [spec.name, ...spec.schedules.map((schedule) => schedule.name)]) {
    const engine = side.stack.resources.get(name);
    if (!engine?.state) continue;
    other.stack.resources.set(name, copyOf(engine));
    other.secretsUnsure.add(name);
    side.stack.resources.delete(name);
    if (engine.kind === "flow") {
      // Whoever has it in state and in the marker has the right to give it away.
      if (side.isMarked(emulator.flow(engine.state.id) ?? {})) other.granted.add(engine.state.id);
      side.granted.delete(engine.state.id);
    } else other.schedules.add(engine.state.id.split("/")[1]!);
  }
  side.program = side.program.filter((flow) => flow !== spec);
  other.program.push(spec);
  if (r.chance(0.5)) spec.args["adoptFrom"] = identityText(side.identity);
  count("moved states");
  return `${spec.name} is moved from ${identityText(side.identity)} to ${identityText(other.identity)}`;
};

function copyOf({ provider, kind, state }: MiniEngine): MiniEngine {
  const copy = new MiniEngine(provider, kind);
  copy.state = structuredClone(state);
  return copy;
}

/** In what Pulumi keeps. */
export const stateDeed: Deed = (stage, side, r) =>
  r.pick([loseState, loseState, cloneState, moveState])(stage, side, r);

/** What the program says after a killed run: something else about what that run was making. */
export function changeOfMind(
  side: Side,
  r: Random,
  change: (flow: FlowSpec, schedule: ScheduleSpec) => void,
): string | undefined {
  const halfDone = side.program.filter(
    ({ name, schedules }) =>
      !side.stack.resources.get(name)?.state ||
      schedules.some((schedule) => !side.stack.resources.get(schedule.name)?.state),
  );
  const spec = r.pick(halfDone.length > 0 ? halfDone : side.program);
  if (!spec) return undefined;
  const unmade = spec.schedules.filter(({ name }) => !side.stack.resources.get(name)?.state);
  if (side.stack.resources.get(spec.name)?.state && unmade.length > 0) {
    const schedule = r.pick(unmade);
    const how = r.pick(["changes", "changes", "changes", "renames", "removes"] as const);
    if (how === "changes") change(spec, schedule);
    else if (how === "renames") schedule.name = `${spec.name}-s${10 + r.int(90)}`;
    else spec.schedules = spec.schedules.filter((one) => one !== schedule);
    return `${how} ${schedule.name}`;
  }
  const how = r.pick(["renames", "removes", "switches off"] as const);
  const old = spec.name;
  if (how === "removes") side.program = side.program.filter((flow) => flow !== spec);
  else if (how === "switches off") spec.args["status"] = "draft";
  else {
    spec.name = freeName(isTaken(side));
    for (const schedule of spec.schedules) schedule.name = schedule.name.replace(/^[^-]+/, spec.name);
  }
  return `${how} ${old}`;
}
