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
import { PostHogApiError } from "../../api";
import { isMarkedBy, parseOwner } from "../../definition/canonical/marker";
import { heldByAnother, textOf } from "../errors";
import type { Checked } from "../calls";
import type { Findings } from "../../rules/findings";
import { adoptionDifferences, adoptionRefusal, unseenSecrets } from "./adopt";
import { examineFlow } from "../../rules/examine-flow";
import { contentOf, liveContent, ownedPaths, pick, withPathsFrom } from "./state";
import { upgraded } from "./upgrade";
import { askNewPlace } from "./move-check";
import { checkKeyKind, checkPlace } from "../target-check";
import {
  claimOf,
  holderOf,
  isHeldByAnother,
  ownerRefusal,
  stateRefusal,
  takenRefusal,
  type Refusal,
} from "../ownership/ownership";
import { peopleWarning, peopleWarnings } from "./in-flight";
import { acknowledge } from "../../rules/acknowledged";
import { findRenamed, findTwinInProgram } from "./find-twins";
import { PROGRAM_SCHEDULES } from "../ownership/managed";
import type { Session } from "../session";
import { oneLine } from "../../definition/plain-text";
import { SETTING_KEYS } from "../../definition/flags";

export async function checkFlow(session: Session, state: Dict, news: Dict): Promise<Checked> {
  const { definition, before, findings, isPartlyUnknown } = examineFlow(news, state, {
    sparesLive: true,
    acknowledgesLater: true,
  });
  const olds = upgraded(state, before);
  checkKeptSecrets(olds, news, definition, findings);
  const place = checkPlace(news, olds, findings);
  await askNewPlace(session, olds, { ...news, ...place }, findings);
  if (news["protectInFlight"] === true)
    checkKeyKind(
      session,
      place.host,
      ["protectInFlight"],
      "people in flight are counted before a change that may move them",
      findings,
    );
  if (typeof news["discardStagedDraft"] === "string" && news["discardStagedDraft"] !== olds["discardStagedDraft"])
    checkKeyKind(session, place.host, ["discardStagedDraft"], "a staged draft is dropped", findings);
  const settings = { ...pick(news, SETTING_KEYS), ...place };
  const firsts = firstValues(definition, olds, news);
  const inputs: Dict = {
    ...ownedByEditor(definition, olds, ownedPaths(news), firsts, findings),
    ...settings,
    ...(Object.keys(firsts).length > 0 ? { editorOwnsFirst: firsts } : {}),
  };
  const exists = olds["actions"] !== undefined;
  const owner = parseOwner(news["owner"]);
  session.checked.add(holderOf(news));
  if (owner) session.program = { project: owner.project, stack: owner.stack };
  for (const refusal of [stateRefusal(olds, news, session.settings), takenRefusal(olds, news, session.settings)])
    reportOwner(refusal, [], findings);
  if (exists ? olds["adopted"] === true : typeof news["adopt"] === "string") inputs["adopted"] = true;
  if (inputs["onDelete"] === "delete" && inputs["adopted"] !== true) delete inputs["onDelete"];
  // People in flight are in the flow as it is live: what the state has of it, or, where it is adopted, what PostHog says.
  let live = olds;
  if (typeof news["adopt"] === "string" && !exists) {
    inputs["adopt"] = news["adopt"];
    if (!isUnknown(news["adopt"])) claimAdoption(session, news["adopt"], inputs, findings);
    if (!findings.hasErrors && !isUnknown(news["adopt"])) live = await previewAdoption(session, inputs, findings);
  }
  if (!exists && !findings.hasErrors && news["owner"] === undefined)
    session.ports.note(WITHOUT_MARKER(flowWords(definition)));
  const origin = originOf(news);
  if (origin !== undefined && !exists) inputs["originProduct"] = origin;
  if (!exists && !findings.hasErrors) session.ahead.expect(clean(inputs));
  session.managed.flowChecked(state, news);
  // Stays out of the outputs: a change of it is no update.
  if (news[PROGRAM_SCHEDULES] !== undefined) inputs[PROGRAM_SCHEDULES] = news[PROGRAM_SCHEDULES];
  findTwinInProgram(session, inputs, news, findings);
  if (!exists && inputs["adopt"] === undefined && !findings.hasErrors) await findRenamed(session, inputs, findings);
  acknowledge(news["acknowledge"], findings, { isPartlyUnknown });
  const people = findings.hasErrors ? [] : peopleWarnings(live, inputs);
  const resource = flowWords(definition);
  return {
    inputs: clean(inputs),
    failures: findings.failures(definition),
    warnings: [
      ...findings.warningTexts(resource, definition),
      ...(people.length > 0 ? [peopleWarning(resource, people)] : []),
    ],
  };
}

/** How messages name the flow. */
export const flowWords = ({ name }: Dict): string => (typeof name === "string" ? `Flow "${oneLine(name)}"` : "Flow");

const clean = (inputs: Dict): Dict =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null));

/** The part of PostHog that a new flow shall belong to, also where a program says it under PostHog's own name. */
const originOf = (news: Dict): unknown => news["originProduct"] ?? own(news["extra"], "origin_product") ?? undefined;

/** Secrets that PostHog shall keep must be there, and they are kept by step id (API §2.3.3). */
function checkKeptSecrets(olds: Dict, news: Dict, definition: Dict, findings: Findings): void {
  if (typeof news["adopt"] === "string") return;
  for (const { id, key, item } of inputItems(definition)) {
    if (!isKeptSecret(item)) continue;
    if (own(own(own(own(olds["actions"], id), "config"), "inputs"), key) !== undefined) continue;
    const moved = isDict(olds["actions"]) && Object.keys(olds["actions"]).length > 0;
    findings.report(
      "kept-secret",
      ["actions", id, "config", "inputs", key],
      "`stored()` (`{ secret: true }`) keeps a value that PostHog has, and it has none for this step",
      {
        why: moved ? "PostHog keeps secrets by step id, so a renamed or new step has none" : "The flow is new",
        fix: 'Give the value: { value: config.requireSecret("…") }',
      },
    );
  }
}

/** What the editor owns keeps the value of the state; the program's is only the first one (design L17). */
function ownedByEditor(definition: Dict, olds: Dict, owned: readonly string[], firsts: Dict, findings: Findings): Dict {
  if (owned.length === 0 || olds["actions"] === undefined) return definition;
  const present = owned.filter((text) => getAt(olds, parsePath(text) ?? []) !== undefined);
  for (const text of present) {
    const path = parsePath(text)!;
    const given = getAt(definition, path);
    if (
      given !== undefined &&
      !containsUnknown(given) &&
      firsts[text] !== undefined &&
      firsts[text] !== shortHash(given)
    ) {
      findings.report(
        "editor-owned",
        path,
        "belongs to PostHog's editor (editorOwns), so the changed value of the program is not used",
        { fix: "Change it in PostHog, or take the path out of editorOwns after a refresh" },
      );
    }
  }
  return withPathsFrom(definition, olds, present);
}

/** Hashes of the program's first values, by path: the state's inputs become the live values, so they cannot tell whether the program changed. */
function firstValues(definition: Dict, olds: Dict, news: Dict): Dict {
  const before = isDict(olds["editorOwnsFirst"]) ? olds["editorOwnsFirst"] : {};
  const secret = secretPathsOf(news);
  const out: Dict = {};
  for (const text of listedTexts(news["editorOwns"])) {
    const given = getAt(definition, parsePath(text) ?? []);
    if (before[text] !== undefined) out[text] = before[text];
    // Of a short secret, a hash would tell too much.
    else if (given !== undefined && !containsUnknown(given) && !secret.some((path) => path.startsWith(text)))
      out[text] = shortHash(given);
  }
  return out;
}

const shortHash = (value: unknown): string => createHash("sha256").update(stableText(value)).digest("hex").slice(0, 16);

/** What `marker: false` gives up. */
const WITHOUT_MARKER = (flow: string): string =>
  `${flow}: with marker: false nothing in PostHog says that this stack manages it. Another stack can adopt it unnoticed, a creation that is interrupted is not recognised by the next up, and hogflow drift cannot find it once it is out of the state.`;

function reportOwner(refusal: Refusal | undefined, path: [] | ["adopt"], findings: Findings): void {
  if (refusal) findings.report("other-owner", path, refusal.what, { why: refusal.why, fix: refusal.fix });
}

/** Two resources of one program with one flow would undo each other's changes. */
function claimAdoption(session: Session, id: string, inputs: Dict, findings: Findings): void {
  if (isHeldByAnother(session, id, inputs))
    findings.report("adopt", ["adopt"], heldByAnother("flow", id).replace(/^adopt: /, ""));
  else session.adopting.set(id, holderOf(inputs));
}

/** Shows in preview what adopting would change, and returns the flow as it is live. Without a key there is nothing to look up with. */
async function previewAdoption(session: Session, inputs: Dict, findings: Findings): Promise<Dict> {
  const id = String(inputs["adopt"]);
  if (!session.hasKey(inputs["host"])) {
    session.ports.note(
      `adopt: flow ${id} was not looked up, because there is no API key. Its differences show where there is one.`,
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
      const isRefused = lines.length > 0 && inputs["overwriteDrift"] !== found.flow.updated_at;
      if (isRefused)
        findings.report("adopt", ["adopt"], adoptionRefusal(id, found.flow.updated_at, lines).replace(/^adopt: /, ""));
      for (const path of isRefused ? [] : unseenSecrets(inputs, found.flow)) {
        findings.report(
          "adopt-secret",
          path,
          "this value replaces the one that PostHog has stored now, when the flow is adopted",
          {
            why: "PostHog shows stored secrets to nobody, so nobody can compare them; a receiver that has the stored one refuses another",
            fix: "Write stored() to keep what PostHog has, or give the value that is in use",
          },
        );
      }
      const owner = parseOwner(inputs["owner"]);
      if (lines.length === 0 && owner && !findings.hasErrors && !isMarkedBy(found.flow.description, owner))
        session.ports.note(
          `${flowWords(inputs)}: adopting flow ${id} writes the line into its description that says who manages it, and changes nothing else.`,
        );
      if (lines.length > 0) return { ...liveContent(found.flow, contentOf(inputs)), status: found.flow.status };
    }
  } catch (error) {
    if (error instanceof PostHogApiError)
      findings.report("adopt-unseen", ["adopt"], `flow ${id} could not be looked up: ${textOf(error)}`);
    else findings.report("adopt", ["adopt"], textOf(error));
  }
  return {};
}
