// Creates a flow: as a draft, then activated in a second request, and never twice (design L5). What an interrupted run left is taken over, and only that:
// a flow that somebody duplicated in PostHog's editor carries the marker, too.
import { LOOK_AGAIN_MS } from "../look-again";
import type { WireFlow, WireFlowRow } from "../../api";
import { differences } from "../../definition/canonical/compare";
import { decode } from "../../definition/canonical/decode";
import { isMarkedBy, parseOwner, type Owner } from "../../definition/canonical/marker";
import { hidesNewSecret, secretPathsOf } from "../../definition/canonical/secrets";
import type { Draft } from "./ahead-drafts";
import { takeAhead } from "./take-ahead";
import { adoptFlow } from "./adopt";
import { activate } from "./status";
import { flowBody, liveContent, withEditorsValues } from "./content";
import { outputsAfterWrite } from "./outputs";
import type { FlowInputs, FlowState } from "./state";
import { writeContent } from "./write";
import { isUnknownOutcome, plainError, errorText } from "../errors";
import { claimOf, formerOwners, holderOf, isHeldByAnother } from "../ownership/ownership";
import { warnAfterWrite } from "./warnings";
import { differenceLines } from "../report";
import { isWhatWeSent, withoutServerMade } from "./server-made";
import type { Connection, Session } from "../session";
import { settingName } from "../../definition/setting-names";

/** How far two clocks may be apart when a flow without a mark is recognised by the time of its creation. */
const CLOCK_SKEW_MS = 120_000;
/** How far apart PostHog stamps creation and update of a flow that it has just made. No edit of a person comes so soon. */
const ONE_SAVE_MS = 1_000;

export async function createFlow(session: Session, news: FlowInputs): Promise<{ id: string; state: FlowState }> {
  const given = session.editorsValues.into(news);
  const connection = session.connection(given);
  if (session.leftAlone.has(String(holderOf(given))))
    throw plainError(
      "The flow that this one replaces was left alone, because it is not managed by this resource (see the warning). A second one would send everything twice. Nothing was created.",
    );
  // A replacement has deleted what was once adopted, and makes a new one.
  if (given.adopt !== undefined && !connection.deleted.has(given.adopt))
    return adoptFlow(session, connection, { id: given.adopt, given });
  const { flow, taken } = (await takeAhead(session, connection, given)) ?? (await draftOf(session, connection, given));
  const inputs = taken ? withEditorsValues(given, flow) : given;
  session.editorsValues.settled(given);
  connection.made.add(flow.id);
  if (taken) connection.resumed.add(flow.id);
  else connection.schedules.begin(flow.id);
  connection.leftBehind.settled(flow.id);
  session.managed.flow(flow.id, given.owner, { description: flow.description });
  connection.reader.forget(flow.id);
  const outs = outputsAfterWrite(inputs, flow);
  warnAfterWrite(session, flow, outs);
  if (inputs.status === undefined || inputs.status === flow.status) return { id: flow.id, state: outs };
  const activated = await activate(session, connection, { id: flow.id, inputs, outs, stamp: flow.updated_at });
  return { id: flow.id, state: outputsAfterWrite(inputs, activated) };
}

/** The flow of these inputs before its activation: what an interrupted run has left, or a new draft. */
export async function draftOf(session: Session, connection: Connection, given: FlowInputs): Promise<Draft> {
  const owner = parseOwner(given.owner);
  const left = owner && (await takeOver(session, connection, given, owner));
  return { flow: left ?? (await post(session, connection, given)), taken: left !== undefined };
}

/** The flow that an interrupted run of this stack made for this resource. */
async function takeOver(
  session: Session,
  connection: Connection,
  given: FlowInputs,
  owner: Owner,
): Promise<WireFlow | undefined> {
  const row = candidate(session, await connection.leftBehind.of(owner), given);
  if (!row) {
    await refuseFormer(session, connection, given, owner);
    return undefined;
  }
  const { id } = row;
  const found = await connection.reader.fresh(id);
  // Let go since the search.
  if (found.kind === "gone" || found.flow.status === "archived" || !isMarkedBy(found.flow.description, owner))
    return undefined;
  const inputs = withEditorsValues(given, found.flow);
  const { content } = inputs;
  const live = liveContent(found.flow, content);
  const isEqual = isWhatWeSent(content, live);
  // The secrets of an earlier run may be other ones than the program's now.
  const hasSecrets = hidesNewSecret(decode(found.flow, content), content, {});
  if (found.kind === "detail" && found.flow.status === "active" && isEqual && !hasSecrets) {
    session.ports.note(`Resumed flow ${id} from an earlier run of this stack; it equals this program.`);
    return found.flow;
  }
  // What an interrupted run leaves is what it wrote, untouched.
  const isOurs = found.kind === "detail" && isEqual && (found.flow.status === "active" || isUntouched(found.flow));
  if (!isOurs) {
    throw notOurs(found.flow, inputs);
  }
  session.ports.note(
    `Resumed ${found.flow.status === "active" ? "flow" : "draft"} ${id} from an interrupted run of this stack.`,
  );
  return writeContent(connection, {
    id,
    wanted: inputs,
    claim: claimOf(inputs),
    // Only its secrets may be other ones, which nobody can see.
    before: { content: live },
    additions: {},
    liveStatus: found.flow.status,
    version: found.flow.version,
    stamp: found.flow.updated_at,
    partial: () => outputsAfterWrite(inputs, found.flow),
  });
}

/**
 * Throws where a stack that `adoptFrom` names has the flow of this resource: the stack was renamed, and its state is lost. The flow may as well be in use by
 * a stack that still runs, so only `adopt` takes it over.
 */
async function refuseFormer(session: Session, connection: Connection, given: FlowInputs, owner: Owner): Promise<void> {
  for (const former of formerOwners(owner, claimOf(given, session.settings))) {
    const rows = (await connection.leftBehind.ofFormer(former)).filter(
      ({ id }) => !isHeldByAnother(session, id, given),
    );
    const row = candidate(session, rows, given);
    if (row)
      throw plainError(
        `Flow ${row.id} in PostHog carries the marker of ${former.project}/${former.stack}/${former.name}, which adoptFrom names. A second flow would send everything twice. Nothing was written. To take it over, set adopt: "${row.id}". If it belongs to another stack and this resource should have a flow of its own, remove adoptFrom, or ${settingName("adoptFrom")} from the stack's configuration. If it is somebody's copy, remove the marker, which is the last line of its description.`,
      );
  }
}

function notOurs(flow: WireFlow | WireFlowRow, inputs: FlowInputs): Error {
  const { id, status, version, updated_at } = flow;
  const { content } = inputs;
  const list = differences(content, withoutServerMade(content, liveContent(flow, content)));
  const lines = differenceLines(list, content, {
    secretPaths: secretPathsOf(inputs),
    before: "program",
    after: "PostHog",
  });
  const what =
    status === "active"
      ? "It is active, and differs from this program"
      : !isTitled(flow, inputs)
        ? "It is a draft under another title"
        : isUntouched(flow)
          ? "It is a draft that differs from this program: a copy, or left by an interrupted run of an earlier version of the program"
          : `It is a draft that somebody has changed since it was created (version ${version}, ${updated_at})`;
  return plainError(
    [
      `Flow ${id} in PostHog carries the marker of this resource. ${what}${lines.length > 0 ? ":" : "."}`,
      ...lines,
      `Nothing was written. To take it over, set adopt: "${id}"${lines.length > 0 ? `, and overwriteDrift: "${updated_at}" to overwrite it with the program` : ""}. If it is somebody's copy, remove the marker, which is the last line of its description: it is then left alone, and this resource gets a new flow.`,
    ].join("\n"),
  );
}

/** Of the flows that carry the resource's marker, the one that may be its flow. Duplicates keep the marker, too; they are left alone, and named. */
function candidate(session: Session, rows: readonly WireFlowRow[], inputs: FlowInputs): WireFlowRow | undefined {
  const titled = rows.filter((row) => isTitled(row, inputs));
  const others = rows.filter((row) => !isTitled(row, inputs) && (titled.length === 1 || isDuplicate(row)));
  const left = rows.filter((row) => !others.includes(row));
  if (left.length > 1)
    throw plainError(
      `${left.length} flows in PostHog carry the marker of this resource: ${left.map(described).join(", ")}. Nothing was written. Take over the right one with adopt: "<id>". A duplicate made in PostHog's editor carries the marker of its original: remove the last line of its description, and it is left alone.`,
    );
  if (others.length > 0) {
    const text = `${others.map(described).join(", ")} ${others.length === 1 ? "carries" : "carry"} the marker of this resource, as a duplicate made in PostHog's editor does, and ${others.length === 1 ? "was" : "were"} left alone.`;
    if (others.some(({ status }) => status === "active"))
      session.ports.warn(`${text} Whatever starts this flow may also start an active duplicate.`);
    else session.ports.note(text);
  }
  return left[0];
}

const described = ({ id, name, status }: WireFlowRow): string => `${id} (${JSON.stringify(name ?? "")}, ${status})`;
const isTitled = ({ name }: WireFlowRow | WireFlow, inputs: FlowInputs): boolean =>
  name === (inputs.content["name"] ?? null);
/** By its title, as PostHog's editor makes it. */
const isDuplicate = ({ name }: WireFlowRow): boolean => /\(copy(?: \d+)?\)\s*$/i.test(name ?? "");
/** As a POST leaves it: nobody has changed its content, its texts or its status. */
const isUntouched = ({ version, created_at, updated_at }: WireFlowRow | WireFlow): boolean =>
  version === 1 && Date.parse(updated_at) - Date.parse(created_at) <= ONE_SAVE_MS;

async function post(session: Session, connection: Connection, inputs: FlowInputs): Promise<WireFlow> {
  const owner = parseOwner(inputs.owner);
  const started = session.clock.now();
  try {
    return await connection.api.createFlow({
      ...flowBody(inputs),
      status: "draft",
      ...(inputs.originProduct === undefined ? {} : { origin_product: inputs.originProduct }),
    });
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    const { flow, looked } = await lookUp(session, connection, { inputs, owner, started });
    if (flow) return flow;
    const found = looked
      ? "PostHog was searched, and has no flow of this resource: none was created, or it is not visible yet."
      : "It is not known whether a flow was created, because the search failed.";
    const next = owner
      ? "Run pulumi up again: it looks before it creates."
      : `Without a marker (marker: false) the next pulumi up would not recognise it, and would create another one: look in PostHog first for a draft called "${String(inputs.content["name"] ?? "")}", and take it over with adopt.`;
    throw plainError(`${errorText(error)} ${found} ${next}`);
  }
}

/**
 * What a POST with a lost answer has made, by the marker; without one, by its title, its content and the time. Untouched since, it is as good as
 * the answer itself. Anything else must be what we sent: somebody may have edited it before it was found.
 */
async function lookUp(
  session: Session,
  connection: Connection,
  { inputs, owner, started }: { inputs: FlowInputs; owner: Owner | undefined; started: number },
): Promise<{ flow?: WireFlow; looked: boolean }> {
  const { content } = inputs;
  let looked = false;
  for (const wait of LOOK_AGAIN_MS) {
    if (wait > 0) await session.clock.sleep(wait);
    try {
      const isOurs = (flow: WireFlow | WireFlowRow): boolean =>
        isUntouched(flow) || isWhatWeSent(content, liveContent(flow, content));
      const isNew = (row: WireFlowRow): boolean =>
        row.status === "draft" && isTitled(row, inputs) && !connection.made.has(row.id);
      const rows = owner
        ? (await connection.leftBehind.of(owner, { again: true })).filter(isNew)
        : (await connection.api.searchFlows(String(inputs.content["name"] ?? "").slice(0, 200))).filter(
            (row) =>
              isNew(row) &&
              row.version === 1 &&
              Date.parse(row.created_at) >= started - CLOCK_SKEW_MS &&
              isWhatWeSent(content, liveContent(row, content)),
          );
      if (rows.length > 1)
        throw plainError(
          `The answer to the creation of the flow was lost, and PostHog has ${rows.length} flows that it may have created: ${rows.map((row) => row.id).join(", ")}. Take over the right one with adopt: "<id>".`,
        );
      if (rows[0]) {
        const flow = await connection.api.getFlow(rows[0].id);
        if (!isOurs(flow)) throw notOurs(flow, inputs);
        return { flow, looked: true };
      }
      looked = true;
    } catch (error) {
      if (!isUnknownOutcome(error)) throw error;
    }
  }
  return { looked };
}
