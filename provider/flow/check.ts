// Parses, validates and canonicalises a flow's inputs (design L14): every offline finding at once, each with its path, and unknown values anywhere.
import { createHash } from "node:crypto";
import { getAt, parsePath } from "../../definition/canonical/paths";
import { inputItems, isKeptSecret, secretPathsOf } from "../../definition/canonical/secrets";
import {
  containsUnknown,
  type Dict,
  isDict,
  isUnknown,
  own,
  stableText,
  listedTexts,
} from "../../definition/canonical/values";
import { PostHogApiError, type WireFlow } from "../../api";
import { isMarkedBy, markerOf, parseOwner } from "../../definition/canonical/marker";
import { heldByAnother, errorText } from "../errors";
import type { Checked } from "../calls";
import type { Findings } from "../../rules/findings";
import { adoptionDifferences, adoptionRefusal, unseenSecrets } from "./adopt";
import { examineFlow } from "../../rules/examine-flow";
import { liveContent, ownedPaths, withPathsFrom } from "./content";
import {
  encodeCheckedFlow,
  encodeFlowInputs,
  hasSteps,
  inCanonicalForm,
  parseFlowInputs,
  parseFlowState,
  withDefinition,
  type FlowInputs,
} from "./state";
import { askNewTarget } from "./move-check";
import { checkKeyKind, checkTarget } from "../target-check";
import {
  claimOf,
  holderOf,
  isHeldByAnother,
  ownerRefusal,
  stateRefusal,
  takenRefusal,
  type Refusal,
} from "../ownership/ownership";
import { reportResumed } from "./switched-off";
import { peopleWarning, peopleWarnings } from "./in-flight";
import { acknowledge } from "../../rules/acknowledged";
import { findRenamed, findTwinInProgram } from "./find-twins";
import type { Session } from "../session";
import { oneLine } from "../../definition/plain-text";

export async function checkFlow(session: Session, state: Dict, given: Dict): Promise<Checked> {
  const { definition, before, findings, isPartlyUnknown } = examineFlow(given, state, {
    sparesLive: true,
    acknowledgesLater: true,
    now: session.clock.now(),
  });
  const olds = inCanonicalForm(parseFlowState(state), before);
  const news = withDefinition(parseFlowInputs(given), definition);
  checkKeptSecrets(olds, news, findings);
  const target = checkTarget(given, olds, findings);
  await askNewTarget(session, olds, { ...target, replaceOnMove: news.replaceOnMove }, findings);
  checkKeyKinds(session, { olds, news, host: target.host }, findings);
  const firsts = firstValues(olds, news);
  const exists = hasSteps(olds);
  const adopted = (exists ? olds.adopted === true : news.adopt !== undefined) || news.adopted;
  const inputs: FlowInputs = {
    ...news,
    content: ownedByEditor(olds, news, firsts, findings),
    ...target,
    ...(Object.keys(firsts).length > 0 ? { editorOwnsFirst: firsts } : {}),
    adopted: adopted === false ? undefined : adopted,
    onDelete: news.onDelete === "delete" && adopted !== true ? undefined : news.onDelete,
    adopt: exists ? undefined : news.adopt,
    originProduct: exists ? undefined : originOf(given),
  };
  const owner = parseOwner(news.owner);
  session.checked.add(holderOf(news));
  if (owner) session.program = { project: owner.project, stack: owner.stack };
  for (const refusal of [stateRefusal(olds, news, session.settings), takenRefusal(olds, news, session.settings)])
    reportOwner(refusal, [], findings);
  // People in flight are in the flow as it is live: what the state has of it, or, where it is adopted, what PostHog says.
  let live = encodeFlowInputs(olds);
  if (inputs.adopt !== undefined) {
    if (!isUnknown(inputs.adopt)) claimAdoption(session, inputs.adopt, inputs, findings);
    if (!findings.hasErrors && !isUnknown(inputs.adopt)) live = await previewAdoption(session, inputs, findings);
  }
  if (!exists && !findings.hasErrors && news.owner === undefined)
    session.ports.note(WITHOUT_MARKER(flowWords(definition)));
  if (!exists && !findings.hasErrors) session.ahead.expect(inputs);
  session.managed.flowChecked(olds, news);
  reportResumed(olds, inputs, findings);
  findTwinInProgram(session, inputs, findings);
  if (!exists && inputs.adopt === undefined && !findings.hasErrors) await findRenamed(session, inputs, findings);
  acknowledge(given["acknowledge"], findings, { isPartlyUnknown });
  const checked = encodeCheckedFlow(inputs);
  const people = findings.hasErrors ? [] : peopleWarnings(live, checked);
  const resource = flowWords(definition);
  return {
    inputs: checked,
    failures: findings.failures(definition),
    findings: findings.reported(resource, definition),
    warnings: [
      ...findings.warningTexts(resource, definition),
      ...(people.length > 0 ? [peopleWarning(resource, people)] : []),
    ],
  };
}

/** What a key that may only handle flows cannot do: `up` would stop at it. */
function checkKeyKinds(
  session: Session,
  { olds, news, host }: { olds: FlowInputs; news: FlowInputs; host: unknown },
  findings: Findings,
): void {
  if (news.protectInFlight === true)
    checkKeyKind(session, host, findings, {
      path: ["protectInFlight"],
      need: "people in flight are counted before a change that may move them",
    });
  if (news.discardStagedDraft !== undefined && news.discardStagedDraft !== olds.discardStagedDraft)
    checkKeyKind(session, host, findings, { path: ["discardStagedDraft"], need: "a staged draft is dropped" });
}

/** How messages name the flow. */
export const flowWords = ({ name }: Dict): string => (typeof name === "string" ? `Flow "${oneLine(name)}"` : "Flow");

/** The part of PostHog that a new flow shall belong to, also where a program says it under PostHog's own name. */
function originOf({ originProduct, extra }: Dict): string | undefined {
  const origin = originProduct ?? own(extra, "origin_product");
  return typeof origin === "string" ? origin : undefined;
}

/** Secrets that PostHog shall keep must be there, and they are kept by step id (API §2.3.3). */
function checkKeptSecrets(olds: FlowInputs, news: FlowInputs, findings: Findings): void {
  if (news.adopt !== undefined) return;
  const before = olds.content["actions"];
  for (const { id, key, item } of inputItems(news.content)) {
    if (!isKeptSecret(item)) continue;
    if (own(own(own(own(before, id), "config"), "inputs"), key) !== undefined) continue;
    const moved = isDict(before) && Object.keys(before).length > 0;
    findings.report(
      "kept-secret",
      ["actions", id, "config", "inputs", key],
      "`stored()` (`{ secret: true }`) keeps a value that PostHog has, but it has none for this step",
      {
        why: moved ? "PostHog keeps secrets by step id, so a renamed or new step has none" : "The flow is new",
        fix: 'Give the value: { value: config.requireSecret("…") }',
      },
    );
  }
}

/** What the editor owns keeps the value of the state; the program's is only the first one (design L17). */
function ownedByEditor(olds: FlowInputs, news: FlowInputs, firsts: Dict, findings: Findings): Dict {
  const owned = ownedPaths(news);
  if (owned.length === 0 || !hasSteps(olds)) return news.content;
  const present = owned.filter((text) => getAt(olds.content, parsePath(text) ?? []) !== undefined);
  for (const text of present) {
    const path = parsePath(text)!;
    const given = getAt(news.content, path);
    if (
      given !== undefined &&
      !containsUnknown(given) &&
      firsts[text] !== undefined &&
      firsts[text] !== shortHash(given)
    ) {
      findings.report(
        "editor-owned",
        path,
        "belongs to PostHog's editor (editorOwns), so the changed value in the program is not used",
        { fix: "Change it in PostHog, or remove the path from editorOwns after a refresh" },
      );
    }
  }
  return withPathsFrom(news.content, olds.content, present);
}

/** Hashes of the program's first values, by path: the state's inputs become the live values, so they cannot show whether the program changed. */
function firstValues(olds: FlowInputs, news: FlowInputs): Dict {
  const before = isDict(olds.editorOwnsFirst) ? olds.editorOwnsFirst : {};
  const secret = secretPathsOf(news);
  const out: Dict = {};
  for (const text of listedTexts(news.editorOwns)) {
    const given = getAt(news.content, parsePath(text) ?? []);
    if (before[text] !== undefined) out[text] = before[text];
    // Of a short secret, a hash would give too much away.
    else if (given !== undefined && !containsUnknown(given) && !secret.some((path) => path.startsWith(text)))
      out[text] = shortHash(given);
  }
  return out;
}

const shortHash = (value: unknown): string => createHash("sha256").update(stableText(value)).digest("hex").slice(0, 16);

/** What `marker: false` gives up. */
const WITHOUT_MARKER = (flow: string): string =>
  `${flow}: with marker: false nothing in PostHog says that this stack manages it. Another stack can adopt it unnoticed, the next up does not recognise an interrupted creation, and hogflow drift cannot find the flow once it is no longer in the state.`;

function reportOwner(refusal: Refusal | undefined, path: [] | ["adopt"], findings: Findings): void {
  if (refusal) findings.report("other-owner", path, refusal.what, { why: refusal.why, fix: refusal.fix });
}

/** Two resources of one program with one flow would undo each other's changes. */
function claimAdoption(session: Session, id: string, inputs: FlowInputs, findings: Findings): void {
  if (isHeldByAnother(session, id, inputs)) findings.report("adopt", ["adopt"], heldByAnother("flow", id));
  else session.adopting.set(id, holderOf(inputs));
}

/** What `up` writes to a flow that it adopts. */
function adoptionWrites(inputs: FlowInputs, flow: WireFlow, lines: readonly string[]): string {
  if (lines.length > 0) return "Its content is overwritten with the program's.";
  if (unseenSecrets(inputs, flow).length > 0) return "It is written as it is, with the program's secrets.";
  const owner = parseOwner(inputs.owner);
  const isMarked = owner ? isMarkedBy(flow.description, owner) : markerOf(flow.description) === undefined;
  if (isMarked) return "Nothing is written.";
  return `${owner ? "The marker is added to" : "The marker is taken off"} its description, and nothing else is written.`;
}

/** Shows in preview what adopting would change, and returns the flow as it is live. Without a key there is nothing to look up with. */
async function previewAdoption(session: Session, inputs: FlowInputs, findings: Findings): Promise<Dict> {
  const id = String(inputs.adopt);
  if (!session.hasKey(inputs.host)) {
    session.ports.note(
      `adopt: flow ${id} was not looked up, because there is no API key. With a key, preview shows its differences.`,
    );
    return {};
  }
  try {
    const found = await session.connection(inputs).reader.find(id, () => false);
    if (found.kind === "gone")
      findings.report("adopt", ["adopt"], `there is no flow ${id} in this project`, {
        fix: "Copy the id from the address of the flow in PostHog",
      });
    else if (found.kind === "detail") {
      reportOwner(
        ownerRefusal(id, found.flow.description, claimOf(inputs, session.settings), { adopts: true }),
        ["adopt"],
        findings,
      );
      const lines = adoptionDifferences(inputs, found.flow);
      const isRefused = lines.length > 0 && inputs.overwriteDrift !== found.flow.updated_at;
      if (isRefused) findings.report("adopt", ["adopt"], adoptionRefusal(id, found.flow.updated_at, lines));
      for (const path of isRefused ? [] : unseenSecrets(inputs, found.flow)) {
        findings.report(
          "adopt-secret",
          path,
          "this value replaces the one that PostHog has stored, when the flow is adopted",
          {
            why: "PostHog never shows stored secrets, so the two cannot be compared; a receiver that uses the stored one refuses any other",
            fix: "Write stored() to keep what PostHog has, or give the value that is in use",
          },
        );
      }
      if (!isRefused && !findings.hasErrors)
        session.ports.note(
          `${flowWords(inputs.content)}: takes over flow ${id}, although preview shows a creation. ${adoptionWrites(inputs, found.flow, lines)}`,
        );
      if (lines.length > 0) return { ...liveContent(found.flow, inputs.content), status: found.flow.status };
    }
  } catch (error) {
    if (error instanceof PostHogApiError)
      findings.report("adopt-unseen", ["adopt"], `flow ${id} could not be looked up: ${errorText(error)}`);
    else findings.report("adopt", ["adopt"], errorText(error));
  }
  return {};
}
