// A report of drift as plain text: one block for each flow or schedule that differs, and a last line that sums up.
import { changeLines, type Paint } from "../change/change-text";
import { counted } from "../words/values";
import type { Save } from "./attribution";
import type { FieldDrift, ResourceDrift } from "./drift";

/**
 * Drift as lines for a terminal: what differs by step and field, who changed it, and a last line that counts. What is as deployed is only counted.
 *
 * @param paint Colours. Default: none.
 * @example
 * ```ts
 * const workspace = openWorkspace();
 * const drifts = await findDrift(await readStack(workspace, { secrets: true, env: process.env }), { settings: await workspace.settings() });
 * console.log(driftText(drifts));
 * ```
 */
export function driftText(drifts: readonly ResourceDrift[], paint: Paint = (text) => text): string {
  const blocks = drifts.filter(({ verdict, stagedDraft, uncompared }) => verdict !== "same" || stagedDraft !== undefined || uncompared.length > 0).map((drift) => block(drift, paint));
  return [...blocks, sum(drifts)].join("\n\n");
}

const saved = ({ by, at, version }: Save): string => `version ${version} by ${by ?? "somebody"}, ${at}`;

function block(drift: ResourceDrift, paint: Paint): string {
  const { kind, name, title, verdict, url, saves, updatedAt, fields, change, stagedDraft, uncompared, error } = drift;
  const head = `${paint(`${kind === "flow" ? "Flow" : "Schedule"} ${name}`, "bold")}${title === name ? "" : ` (${title})`}${url === undefined ? "" : `  ${paint(url, "dim")}`}`;
  const lines: string[] = [];
  if (verdict === "gone") lines.push("  is not in PostHog any more; the next `pulumi up --refresh` creates it again");
  if (verdict === "unknown") lines.push(`  could not be read: ${error ?? "no reason is known"}`);
  if (verdict === "drifted") {
    lines.push(saves.length > 0 ? `  saved since: ${saves.map(saved).join("; ")}` : `  last saved ${updatedAt ?? "at an unknown time"}; PostHog does not keep by whom`);
    lines.push(...changeLines(change, paint, (id) => stepNote(drift, id)));
    for (const { path } of fields.filter(isServerMade)) lines.push(`  ${path}: what PostHog had added by itself is gone`);
  }
  if (stagedDraft !== undefined) lines.push(`  somebody staged changes in the editor (${stagedDraft}); they are not live, and publishing them would replace what the program manages`);
  for (const path of uncompared) lines.push(`  ${path}: a secret that this state holds encrypted; it could not be compared`);
  return [head, ...lines].join("\n");
}

/** What stands in no definition of ours was PostHog's own. */
const isServerMade = ({ deployed, live }: FieldDrift): boolean => deployed === undefined && live === undefined;

/** Who changed the step last, where it was not the last save of all. */
function stepNote({ fields, saves }: ResourceDrift, id: string): string {
  if (saves.length < 2) return "";
  const own = fields.filter(({ path, save }) => save && (path.startsWith(`actions.${id}.`) || path === `actions.${id}` || path.startsWith(`actions[${JSON.stringify(id)}]`))).map(({ save }) => save!);
  const last = own.sort((a, b) => a.version - b.version).at(-1);
  return last === undefined ? "" : `  (${saved(last)})`;
}

function sum(drifts: readonly ResourceDrift[]): string {
  const of = (verdict: ResourceDrift["verdict"]): number => drifts.filter((drift) => drift.verdict === verdict).length;
  const parts = [
    ...(of("drifted") > 0 ? [`${of("drifted")} drifted`] : []),
    ...(of("gone") > 0 ? [`${of("gone")} gone`] : []),
    ...(of("unknown") > 0 ? [`${of("unknown")} not read`] : []),
    `${of("same")} as deployed`,
  ];
  return `${counted(drifts.length, "resource")}: ${parts.join(", ")}.`;
}
