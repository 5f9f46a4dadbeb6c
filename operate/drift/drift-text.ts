// A report of drift as plain text: one block for each flow or schedule that differs, and a last line that sums up.
import { changeLines, type Paint } from "../change/change-text";
import type { LeftBehind } from "../left-behind/find";
import { leftBehindLines, leftBehindTitle } from "../left-behind/text";
import { counted, listWords } from "../words/values";
import type { Save } from "./attribution";
import type { FieldDrift, ResourceDrift } from "./drift";
import { oneLine } from "../../definition/plain-text";

/**
 * Drift as lines for a terminal: what differs by step and field, who changed it, and a last line that counts. What is as deployed is only counted.
 *
 * @param paint Colours. Default: none.
 * @param leftBehind What is in no state. Default: nothing.
 * @example
 * ```ts
 * const workspace = openWorkspace();
 * const drifts = await findDrift(await readStack(workspace, { secrets: true, env: process.env }), { settings: await workspace.settings() });
 * console.log(driftText(drifts));
 * ```
 */
export function driftText(
  drifts: readonly ResourceDrift[],
  paint: Paint = (text) => text,
  leftBehind: readonly LeftBehind[] = [],
): string {
  const shown = drifts.filter(
    ({ verdict, stagedDraft, takenBy, uncompared }) =>
      verdict !== "same" || stagedDraft !== undefined || takenBy !== undefined || uncompared.length > 0,
  );
  // A wrong key is one reason for all.
  const unread = new Map<string, ResourceDrift[]>();
  for (const drift of shown)
    if (drift.verdict === "unknown") unread.set(reasonOf(drift), [...(unread.get(reasonOf(drift)) ?? []), drift]);
  const blocks = shown.flatMap((drift) => {
    const alike = drift.verdict === "unknown" ? unread.get(reasonOf(drift))! : [drift];
    if (alike.length === 1) return [block(drift, paint)];
    return alike[0] === drift ? [unreadBlock(alike, paint)] : [];
  });
  return [...blocks, ...leftBehind.map((left) => leftBehindBlock(left, paint)), sum(drifts, leftBehind)].join("\n\n");
}

/** Why it could not be read, whichever it is. */
const reasonOf = ({ error = "unknown reason" }: ResourceDrift): string => error.replace(ID, "…");
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Names that a line has one by one. */
const SHOWN = 5;

function unreadBlock(drifts: readonly ResourceDrift[], paint: Paint): string {
  const names = drifts.slice(0, SHOWN).map(({ kind, name }) => `${kind} ${name}`);
  const all = listWords([...names, ...(drifts.length > SHOWN ? [`${drifts.length - SHOWN} more`] : [])], "and");
  const head = paint(oneLine(`${all.charAt(0).toUpperCase()}${all.slice(1)}`), "bold");
  return `${head}\n  could not be read: ${oneLine(reasonOf(drifts[0]!))}`;
}

const leftBehindBlock = (left: LeftBehind, paint: Paint): string =>
  [
    `${paint(oneLine(leftBehindTitle(left)), "bold")}  ${paint(oneLine(left.url), "dim")}`,
    `  ${oneLine(left.id)}`,
    ...leftBehindLines(left).map((line) => `  ${oneLine(line)}`),
  ].join("\n");

const saved = ({ by, at, version }: Save): string => oneLine(`version ${version} by ${by ?? "somebody"}, ${at}`);

function block(drift: ResourceDrift, paint: Paint): string {
  const { kind, name, title, verdict, url, saves, updatedAt, fields, change, stagedDraft, takenBy, uncompared, error } =
    drift;
  const head = `${paint(oneLine(`${kind === "flow" ? "Flow" : "Schedule"} ${name}`), "bold")}${title === name ? "" : ` (${oneLine(title)})`}${url === undefined ? "" : `  ${paint(oneLine(url), "dim")}`}`;
  const lines: string[] = [];
  if (verdict === "gone") lines.push("  is no longer in PostHog; the next `pulumi up --refresh` recreates it");
  if (verdict === "unknown") lines.push(`  could not be read: ${oneLine(error ?? "unknown reason")}`);
  if (verdict === "drifted") {
    lines.push(
      saves.length > 0
        ? `  saved since: ${saves.map(saved).join("; ")}`
        : `  last saved ${oneLine(updatedAt ?? "at an unknown time")}; PostHog does not record who saved it`,
    );
    if (error !== undefined)
      lines.push(
        `  could not be described: ${oneLine(error)}; it differs at ${fields.map(({ path }) => oneLine(path)).join(", ")}`,
      );
    lines.push(...changeLines(change, paint, (id) => stepNote(drift, id)));
    for (const { path } of fields.filter(isServerMade))
      lines.push(`  ${oneLine(path)}: what PostHog itself had added is gone`);
  }
  if (takenBy !== undefined)
    lines.push(
      `  taken over by ${oneLine(takenBy)}: its marker says so. This stack no longer changes or deletes it; remove it from the program, or take it back with adoptFrom`,
    );
  if (stagedDraft !== undefined)
    lines.push(
      `  somebody staged changes in the editor (${oneLine(stagedDraft)}); they are not live, and publishing them would replace what the program manages`,
    );
  for (const path of uncompared) lines.push(`  ${oneLine(path)}: encrypted in this state, so it could not be compared`);
  return [head, ...lines].join("\n");
}

/** What stands in no definition of ours was PostHog's own. */
const isServerMade = ({ deployed, live }: FieldDrift): boolean => deployed === undefined && live === undefined;

/** Who changed the step last, where it was not the last save of all. */
function stepNote({ fields, saves }: ResourceDrift, id: string): string {
  if (saves.length < 2) return "";
  const own = fields
    .filter(
      ({ path, save }) =>
        save &&
        (path.startsWith(`actions.${id}.`) ||
          path === `actions.${id}` ||
          path.startsWith(`actions[${JSON.stringify(id)}]`)),
    )
    .map(({ save }) => save!);
  const last = own.sort((a, b) => a.version - b.version).at(-1);
  return last === undefined ? "" : `  (${saved(last)})`;
}

function sum(drifts: readonly ResourceDrift[], leftBehind: readonly LeftBehind[]): string {
  const of = (verdict: ResourceDrift["verdict"]): number => drifts.filter((drift) => drift.verdict === verdict).length;
  const parts = [
    ...(of("drifted") > 0 ? [`${of("drifted")} drifted`] : []),
    ...(of("gone") > 0 ? [`${of("gone")} gone`] : []),
    ...(of("unknown") > 0 ? [`${of("unknown")} not read`] : []),
    ...(drifts.some(({ takenBy }) => takenBy !== undefined)
      ? [`${drifts.filter(({ takenBy }) => takenBy !== undefined).length} taken over by another owner`]
      : []),
    `${of("same")} as deployed`,
  ];
  const [flows, schedules] = (["flow", "schedule"] as const).map(
    (kind) => leftBehind.filter((left) => left.kind === kind).length,
  ) as [number, number];
  const unmanaged = [
    ...(flows > 0 ? [counted(flows, "flow")] : []),
    ...(schedules > 0 ? [counted(schedules, "schedule")] : []),
  ];
  return `${counted(drifts.length, "resource")}: ${parts.join(", ")}.${unmanaged.length > 0 ? ` In no state: ${unmanaged.join(", ")}.` : ""}`;
}
