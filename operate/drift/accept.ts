// The code that would accept drift: what the program has to say to be what is live, in the words in which the program is written. It is printed, and
// nobody's file is edited.
import type { Dict } from "../../definition/canonical/values";
import type { Paint } from "../change/change-text";
import type { LeftBehind } from "../left-behind/find";
import { leftBehindLines, leftBehindTitle } from "../left-behind/text";
import { SECRET } from "../../definition/canonical/secrets";
import { acceptSteps } from "./accept-steps";
import type { FieldDrift, ResourceDrift } from "./drift";
import { patchLines } from "./patch";
import { jsonText, oneLine } from "../../definition/plain-text";

/**
 * The patch to the program of one resource, as TypeScript: only what differs, with what it was beside it. A flow that is written as `steps` gets it in their
 * words, and where steps were added, removed or rewired, as a line diff of the whole flow. Empty without drift.
 *
 * @param paint Colours for the lines of a diff. Default: none.
 * @example
 * ```ts
 * const workspace = openWorkspace();
 * const [drift] = await findDrift(await readStack(workspace, { secrets: true, env: process.env }), { settings: await workspace.settings() });
 * acceptCode(drift!);
 * // // HogFlow "onboarding": write this into its program. What is not here stays as it is.
 * // {
 * //   steps: [
 * //     delay("wait", "1d"), // was "3d"
 * //   ],
 * // }
 * ```
 */
export function acceptCode(drift: ResourceDrift, paint: Paint = (text) => text): string {
  const { kind, name, verdict, title, error, fields } = drift;
  const resource = `${kind === "flow" ? "HogFlow" : "HogFlowSchedule"} ${jsonText(name)}${title === name ? "" : ` (${oneLine(title)})`}`;
  if (verdict === "gone")
    return `// ${resource} is no longer in PostHog. To accept that, remove it from the program; otherwise \`pulumi up --refresh\` recreates it.\n`;
  if (verdict === "unknown") return `// ${resource} could not be read: ${oneLine(error ?? "unknown reason")}\n`;
  if (verdict === "same") return "";
  let blocks: string[];
  try {
    blocks = [
      ...(kind === "flow" ? flowBlocks(drift, resource, paint) : scheduleBlocks(drift, resource)),
      ...whatNoCodeSays(drift, resource),
    ];
  } catch (reason) {
    // The code of the others is of use without it.
    return `// ${resource} differs at ${fields.map(({ path }) => oneLine(path)).join(", ")}, and no code could be written for it: ${oneLine(reason instanceof Error ? reason.message : String(reason))}\n`;
  }
  return `${blocks.join("\n\n")}\n`;
}

/**
 * What is in no state as comments: no argument of a resource accepts it, and nobody is to take it for accepted. Empty for nothing.
 *
 * @example
 * ```ts
 * const workspace = openWorkspace();
 * const { found } = await findLeftBehind(knownFromState(await readStack(workspace, { env: process.env }), workspace)!, { settings: await workspace.settings() });
 * console.log(acceptLeftBehind(found));
 * ```
 */
export const acceptLeftBehind = (found: readonly LeftBehind[]): string =>
  found
    .map((left) =>
      [`${leftBehindTitle(left)} ${left.id}`, ...leftBehindLines(left)].map((line) => `// ${oneLine(line)}\n`).join(""),
    )
    .join("\n");

/** In the words of steps, keyed, or, where nobody knows how the program is written, both. */
function flowBlocks(drift: ResourceDrift, resource: string, paint: Paint): string[] {
  if (drift.form === "keyed") return keyed(drift, `${resource}: write this into its arguments, in their keyed form.`);
  const steps = acceptSteps(drift, resource, paint);
  if ("why" in steps)
    return keyed(
      drift,
      `${resource}: steps cannot say what is live (${steps.why}). This is it in the keyed form of arguments.`,
    );
  return drift.form === "steps"
    ? steps.blocks
    : [...steps.blocks, ...keyed(drift, `${resource}: the same for a program in the keyed form.`)];
}

function scheduleBlocks(drift: ResourceDrift, resource: string): string[] {
  const { paused, ...live } = drift.live;
  const blocks = keyed({ ...drift, live }, `${resource}: write this into its arguments.`);
  // A pause is no argument: only delete and create resumes a schedule.
  return paused === undefined
    ? blocks
    : [
        ...blocks,
        `// ${resource} is paused in PostHog. No argument says that; \`pulumi up --refresh\` recreates it, and removing it from the program keeps it from running.`,
      ];
}

function keyed({ deployed, live }: { deployed: Dict; live: Dict }, head: string): string[] {
  const lines = patchLines(deployed, live, 2);
  return lines.length === 0 ? [] : [[`// ${oneLine(head)}`, "{", ...lines, "}"].join("\n")];
}

/** Secrets, without their values, and what PostHog itself had made of the program's flow. */
function whatNoCodeSays({ fields }: ResourceDrift, resource: string): string[] {
  const comments = fields.flatMap(({ path, deployed, live }: FieldDrift): string[] => {
    const shown = oneLine(path);
    if (typeof deployed === "string" && deployed === live && live.includes(SECRET))
      return [
        `// ${resource}: ${shown} has another secret in PostHog; its value is not shown. Set it in the configuration, or \`pulumi up --refresh\` puts the program's back.`,
      ];
    if (deployed === undefined && live === undefined)
      return [
        `// ${resource}: ${shown}, which PostHog itself had added, is gone. No argument says that; \`pulumi up --refresh\` writes the flow again.`,
      ];
    return [];
  });
  return comments.length === 0 ? [] : [comments.join("\n")];
}
