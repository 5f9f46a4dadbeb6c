// The code that would accept drift: what the program's arguments have to say to be what is live. It is printed, and nobody's file is edited.
import { isDict, same, type Dict } from "../../provider/canonical/values";
import { keyCode, valueCode } from "../code-text";
import { SECRET, valueWords } from "../words/values";
import type { ResourceDrift } from "./drift";

/**
 * The patch to the arguments of one resource, as TypeScript: only what differs, with what it was beside it. Empty without drift.
 *
 * @example
 * ```ts
 * acceptCode(drift);
 * // // HogFlow "onboarding": write this into its arguments.
 * // {
 * //   actions: {
 * //     wait: {
 * //       config: {
 * //         delayDuration: "1d", // was "3d"
 * ```
 */
export function acceptCode({ kind, name, verdict, deployed, live, title }: ResourceDrift): string {
  const type = kind === "flow" ? "HogFlow" : "HogFlowSchedule";
  const resource = `${type} ${JSON.stringify(name)}`;
  if (verdict === "gone") return `// ${resource} is not in PostHog any more. To accept that, remove it from the program; \`pulumi up\` creates it again otherwise.\n`;
  if (verdict !== "drifted") return "";
  const wanted: Dict = { ...live };
  // A pause is no argument: only delete and create wakes a schedule.
  const isPaused = kind === "schedule" && wanted["paused"] !== undefined;
  delete wanted["paused"];
  const lines = patch(deployed, wanted, 2);
  const head = [
    ...(lines.length > 0 ? [`// ${resource}${title === name ? "" : ` (${oneLine(title)})`}: write this into its arguments, in their keyed form.`] : []),
    ...(isPaused ? [`// ${resource} is paused in PostHog. No argument says that; \`pulumi up --refresh\` makes it anew, and removing it from the program keeps it from running.`] : []),
  ];
  return `${[...head, ...(lines.length > 0 ? ["{", ...lines, "}"] : [])].join("\n")}\n`;
}

/** One line a member that differs; maps on both sides are walked into. */
function patch(before: Dict, after: Dict, indent: number): string[] {
  const pad = " ".repeat(indent);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): string[] => {
    const [was, is] = [own(before, key), own(after, key)];
    if (same(was, is)) return [];
    if (is === undefined) return [`${pad}// remove: ${keyCode(key)}${note(was) === "" ? "" : ` (it is ${note(was)})`}`];
    if (isDict(was) && isDict(is)) return [`${pad}${keyCode(key)}: {`, ...patch(was, is, indent + 2), `${pad}},`];
    if (is === SECRET) return [`${pad}// ${keyCode(key)}: a secret, whose value PostHog does not show`];
    const code = `${pad}${keyCode(key)}: ${valueCode(is, indent, indent + keyCode(key).length + 2)},`;
    return [`${code}${was === undefined ? " // new" : note(was) === "" ? "" : ` // was ${note(was)}`}`];
  });
}

const own = (value: Dict, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

const LONGEST_NOTE = 60;
/** What it was, where that fits beside it. */
function note(value: unknown): string {
  if (isDict(value) || Array.isArray(value)) return "";
  const words = oneLine(valueWords(value));
  return words.length <= LONGEST_NOTE ? words : "";
}

const oneLine = (text: string): string => text.replace(/[\s\u2028\u2029]+/g, " ");
