// Creates, updates and deletes schedules. They carry no mark and no fence, so what is there is looked at before and after a write (design L5).
import { LOOK_AGAIN_MS } from "../look-again";
import { isGone, type WireSchedule } from "../../api";
import { differences } from "../../definition/canonical/compare";
import { containsUnknown, isUnknown } from "../../definition/canonical/values";
import { makeAhead } from "../flow/ahead";
import { movedKeys } from "../flow/diff";
import { adoptError, heldByAnother, isUnknownOutcome, PartialError, plainError, errorText } from "../errors";
import { differenceLines } from "../report";
import { markerOf, parseOwner, stackToken } from "../../definition/canonical/marker";
import { isOfRun, rewrittenState, strangeRun } from "../ownership/ownership";
import { foreignStack, refuseForeignFlow, refuseUnmanaged, stackWords } from "./owner";
import {
  adoptedId,
  decodeSchedule,
  encodeSchedule,
  encodeScheduleState,
  isSameSchedule,
  sameScheduleAs,
  scheduleOutputs,
  scheduleResourceId,
  splitScheduleId,
  type ScheduleInputs,
  type ScheduleState,
} from "./state";
import type { Claim } from "./flow-schedules";
import type { Connection, Session } from "../session";
import { secretPathsOf } from "../../definition/canonical/secrets";

export async function createSchedule(
  session: Session,
  inputs: ScheduleInputs,
): Promise<{ id: string; state: ScheduleState }> {
  const connection = session.connection(inputs);
  const flowId = String(inputs.flowId);
  await refuseForeignFlow(session, connection, { flowId, inputs });
  // A replacement has deleted what was once adopted, and makes a new one.
  if (inputs.adopt !== undefined && !connection.deleted.has(adoptedId(inputs.adopt, flowId)))
    return adoptSchedule(session, connection, { adopt: inputs.adopt, flowId, inputs });
  const { schedules } = connection;
  const existing = await explained(flowId, schedules.of(flowId));
  const claim = claimed(session, connection, { flowId, inputs, existing });
  try {
    await refuseUnmanaged(session, connection, { flowId, inputs, live: existing });
    const made = await post(session, connection, { flowId, inputs, existing });
    session.managed.has(scheduleResourceId(flowId, made.id));
    await schedules.add(flowId, made);
    return { id: scheduleResourceId(flowId, made.id), state: scheduleOutputs(inputs, made) };
  } catch (error) {
    schedules.forget(flowId);
    throw error;
  } finally {
    claim.release();
    connection.reader.forget(flowId);
  }
}

interface Creation {
  flowId: string;
  inputs: ScheduleInputs;
  /** The flow's schedules before. */
  existing: readonly WireSchedule[];
}

/** The right to make this schedule; throws where the flow has, or is about to get, an equal one. */
function claimed({ held }: Session, { schedules }: Connection, { flowId, inputs, existing }: Creation): Claim {
  const twin = existing.find(sameScheduleAs(inputs.content));
  if (twin && !schedules.isOwn(twin.id) && !held.has(scheduleResourceId(flowId, twin.id))) {
    throw plainError(
      `The flow already has an equal schedule, ${twin.id} (${twin.status}), which is not managed by this resource. Two equal schedules would send everything twice. ` +
        `To manage it here, set adopt: "${scheduleResourceId(flowId, twin.id)}"; otherwise delete it in PostHog.`,
    );
  }
  const claim = twin ? undefined : schedules.claim(flowId, inputs.content);
  if (!claim)
    throw plainError(
      `Another resource of this program creates an equal schedule of the same flow${twin ? `, ${twin.id}` : ""}. Two equal schedules would send everything twice. Remove one of the two from the program.`,
    );
  return claim;
}

/** The flow's schedules as they are now. */
const listNow = (connection: Connection, flowId: string): Promise<WireSchedule[]> =>
  explained(flowId, connection.api.listSchedules(flowId));

async function explained<T>(flowId: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isGone(error))
      throw plainError(
        `There is no flow ${flowId} in this project, so it cannot have a schedule. Run pulumi refresh; if the flow is managed elsewhere, correct \`flow\`.`,
      );
    throw error;
  }
}

async function post(
  session: Session,
  connection: Connection,
  { flowId, inputs, existing }: Creation,
): Promise<WireSchedule> {
  const known = new Set(existing.map(({ id }) => id));
  try {
    return await connection.api.createSchedule(flowId, encodeSchedule(inputs.content));
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    let looked = false;
    for (const wait of LOOK_AGAIN_MS) {
      if (wait > 0) await session.clock.sleep(wait);
      const now = await connection.api.listSchedules(flowId).catch(() => undefined);
      looked ||= now !== undefined;
      const made = now?.filter((schedule) => !known.has(schedule.id) && isSameSchedule(inputs.content, schedule)) ?? [];
      if (made.length === 1) return made[0]!;
    }
    const found = looked
      ? "The flow has no such schedule: none was created, or it is not visible yet."
      : "It is not known whether a schedule was created, because the flow could not be read.";
    throw plainError(`${errorText(error)} ${found} Run pulumi up again: it looks before it creates.`);
  }
}

async function adoptSchedule(
  session: Session,
  connection: Connection,
  { adopt, flowId, inputs }: { adopt: string; flowId: string; inputs: ScheduleInputs },
): Promise<{ id: string; state: ScheduleState }> {
  const { held, managed } = session;
  const named = splitScheduleId(adopt) ?? { flowId, scheduleId: adopt };
  if (named.flowId !== flowId) throw adoptError(belongsElsewhere(adopt, flowId));
  const all = await listNow(connection, flowId);
  const live = all.find((schedule) => schedule.id === named.scheduleId);
  if (!live)
    throw adoptError(`flow ${flowId} has no schedule ${named.scheduleId}. Remove \`adopt\` to create a new one.`);
  const id = scheduleResourceId(flowId, live.id);
  if (held.has(id)) throw adoptError(heldByAnother("schedule", live.id));
  const refusal = differenceRefusal(inputs, live);
  if (refusal !== undefined) throw adoptError(refusal);
  managed.has(id);
  await refuseUnmanaged(session, connection, { flowId, inputs, live: all });
  connection.adopted.add(id);
  if (isSameSchedule(inputs.content, live)) return { id, state: scheduleOutputs(inputs, live) };
  const written = await connection.api.patchSchedule(flowId, live.id, encodeSchedule(inputs.content));
  forget(connection, flowId);
  return { id, state: scheduleOutputs(inputs, written) };
}

/** Own writes make what was read before them worthless. */
function forget(connection: Connection, flowId: string): void {
  connection.reader.forget(flowId);
  connection.schedules.forget(flowId);
}

const belongsElsewhere = (adopt: string, flowId: string): string =>
  `schedule ${adopt} belongs to a different flow than ${flowId}. A schedule cannot move to another flow.`;

function differenceRefusal(inputs: ScheduleInputs, live: WireSchedule): string | undefined {
  if (isSameSchedule(inputs.content, live) || inputs.overwriteDrift === live.updated_at) return undefined;
  const lines = differenceLines(
    differences(decodeSchedule(live), inputs.content),
    {},
    { secretPaths: secretPathsOf(inputs), before: "PostHog", after: "program" },
  );
  return [
    `schedule ${live.id} differs from this program:`,
    ...lines,
    `Change the program to match what is live, or set overwriteDrift: "${live.updated_at}" next to \`adopt\` to overwrite it with the program.`,
  ].join("\n");
}

/** Why this schedule cannot be adopted, for a preview. */
export async function adoptionRefusal(
  connection: Connection,
  inputs: ScheduleInputs,
  { flowId, scheduleId }: { flowId: string; scheduleId: string },
): Promise<string | undefined> {
  const wanted = inputs.flowId;
  if (!isUnknown(wanted) && wanted !== flowId)
    return belongsElsewhere(scheduleResourceId(flowId, scheduleId), String(wanted));
  const live = (await listNow(connection, flowId)).find((schedule) => schedule.id === scheduleId);
  return live
    ? differenceRefusal(inputs, live)
    : `flow ${flowId} has no schedule ${scheduleId}. Remove \`adopt\` to create a new one.`;
}

export async function updateSchedule(
  session: Session,
  id: string,
  olds: ScheduleState,
  wanted: ScheduleInputs,
): Promise<ScheduleState> {
  if (differences({ ...olds.content }, { ...wanted.content }).length === 0 && !olds.isPending)
    return flagsOnly(olds, wanted);
  const { flowId, scheduleId } = scheduleIdParts(id);
  const connection = session.connection(wanted);
  await refuseForeignFlow(session, connection, { flowId, inputs: wanted });
  const rewritten = rewrittenState({ owner: olds.owner, stackToken: olds.answer.stackToken }, session.settings);
  if (rewritten !== undefined) throw plainError(`Schedule ${id} was not changed: ${rewritten}`);
  try {
    const all = await connection.api.listSchedules(flowId);
    const live = findIn(all, scheduleId);
    if (isSameSchedule(wanted.content, live)) return scheduleOutputs(wanted, live);
    // Schedules have no stamp to fence with, so the live one is read first: an edit that nobody has seen is not overwritten.
    if (!olds.isPending && !isSameSchedule(olds.content, live) && wanted.overwriteDrift !== live.updated_at)
      throw unseenEdit(olds, live);
    await refuseUnmanaged(session, connection, { flowId, inputs: wanted, live: all });
    return scheduleOutputs(
      wanted,
      await connection.api.patchSchedule(flowId, scheduleId, encodeSchedule(wanted.content)),
    );
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    const live = await findNow(connection, id).catch(() => undefined);
    if (live && isSameSchedule(wanted.content, live)) return scheduleOutputs(wanted, live);
    if (live) throw error;
    throw new PartialError(
      id,
      encodeScheduleState({ ...olds, isPending: true }),
      `The answer to an update of schedule ${scheduleId} was lost, and it could not be read afterwards: ${errorText(error)} Run pulumi up again: it first checks whether the update arrived.`,
    );
  } finally {
    forget(connection, flowId);
  }
}

/** The state after a change of lifecycle flags, which reach PostHog in no request. */
function flagsOnly(olds: ScheduleState, wanted: ScheduleInputs): ScheduleState {
  const owner = parseOwner(wanted.owner);
  const token =
    olds.owner === wanted.owner && olds.answer.stackToken !== undefined
      ? olds.answer.stackToken
      : owner && stackToken(owner);
  return { ...wanted, answer: { ...olds.answer, stackToken: token }, isPending: false };
}

function unseenEdit(before: ScheduleInputs, live: WireSchedule): Error {
  const lines = differenceLines(
    differences({ ...before.content }, { ...decodeSchedule(live) }),
    {},
    { secretPaths: secretPathsOf(before), before: "state", after: "PostHog" },
  );
  return plainError(
    [
      `Somebody changed schedule ${live.id} in PostHog since the last up or refresh (${live.updated_at}), and this update would overwrite it unseen:`,
      ...lines,
      "You can either",
      "  run pulumi refresh, which puts their edit in the state, so that the next preview compares it with your program",
      `  or set overwriteDrift: "${live.updated_at}" in the schedule's arguments, which overwrites only this edit`,
    ].join("\n"),
  );
}

async function findNow(connection: Connection, id: string): Promise<WireSchedule> {
  const { flowId, scheduleId } = scheduleIdParts(id);
  return findIn(await connection.api.listSchedules(flowId), scheduleId);
}

function findIn(all: readonly WireSchedule[], scheduleId: string): WireSchedule {
  const live = all.find((schedule) => schedule.id === scheduleId);
  if (!live)
    throw plainError(
      `Schedule ${scheduleId} was deleted in PostHog. Run pulumi refresh, which removes it from the state; the next pulumi up creates it again. Nothing was written.`,
    );
  return live;
}

export async function deleteSchedule(session: Session, id: string, state: ScheduleState): Promise<void> {
  const { flowId, scheduleId } = scheduleIdParts(id);
  const connection = session.connection(state);
  if (connection.adopted.has(id) || (session.held.has(id) && session.held.get(id) !== state.owner)) {
    session.ports.note(`Schedule ${id} was not deleted: another resource of this program has it, by \`adopt\`.`);
    return;
  }
  if (state.owner !== undefined && state.triggerFingerprint !== undefined) {
    const flow = await connection.reader.beforeDeletion(flowId);
    const marker = flow.kind === "gone" ? undefined : markerOf(flow.flow.description);
    if (!isOfRun(marker, session)) {
      const foreign = foreignStack(marker, state);
      if (foreign) {
        session.ports.warn(
          `Schedule ${id} was left unchanged, and is no longer in this stack's state: the marker in the description of its flow says that ${stackWords(foreign)} manages it.`,
        );
        return;
      }
      refuseStrangeRun(session, id, state);
    }
  } else refuseStrangeRun(session, id, state);
  await makeAhead(session, flowId);
  await askNewFlow(session, id, flowId, state);
  try {
    await connection.api.deleteSchedule(flowId, scheduleId);
    await connection.schedules.remove(flowId, scheduleId);
  } catch (error) {
    connection.schedules.forget(flowId);
    if (!isGone(error)) throw error;
    await connection.reader.confirmProject(error);
  } finally {
    connection.reader.forget(flowId);
  }
  connection.deleted.add(id);
  session.managed.scheduleDeleted(id, { ...state, flowId });
}

/** A state that was imported from another stack: its flows are not deleted either. */
function refuseStrangeRun(session: Session, id: string, state: ScheduleState): void {
  const strange =
    rewrittenState({ owner: state.owner, stackToken: state.answer.stackToken }, session.settings) ??
    strangeRun({ owner: state.owner }, session);
  if (strange !== undefined) throw plainError(`Schedule ${id} was not deleted: ${strange}`);
}

/** A schedule that moves to another flow or target is deleted only when there is a flow to move to. */
async function askNewFlow(session: Session, id: string, flowId: string, state: ScheduleState): Promise<void> {
  const news = session.schedulesToBe.get(id);
  const to = news?.flowId;
  if (
    !news ||
    to === undefined ||
    containsUnknown([to, news.host, news.projectId]) ||
    (to === flowId && movedKeys(state, news).length === 0)
  )
    return;
  try {
    await listNow(session.connection(news), to);
  } catch (error) {
    throw plainError(
      `Nothing was deleted: schedule ${id} is to move to flow ${to} in project ${news.projectId} on ${news.host}, but that flow cannot be read. ${errorText(error)}`,
    );
  }
}

export function scheduleIdParts(id: string): { flowId: string; scheduleId: string } {
  const parts = splitScheduleId(id);
  if (!parts) throw plainError(`"${id}" is not the id of a schedule: expected <flow id>/<schedule id>.`);
  return parts;
}
