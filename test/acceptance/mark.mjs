// The mark of a run: in the title of everything that it makes, and the name of its temporary folder and of its processes. It says which machine made a
// thing, and when, so that a later run can tell what was left behind. No TypeScript: tools/acceptance.mjs reads it before anything is installed.
import { createHash } from "node:crypto";
import os from "node:os";
import { findMarked } from "../../tools/engine/leftovers.mjs";

const PREFIX = "hogflow-acceptance";
/** The variable that every process of a run has in its environment. */
export const RUN_VARIABLE = "HOGFLOW_ACCEPTANCE_RUN";
const MARK = new RegExp(`${PREFIX}-([0-9a-f]{6})-[0-9a-z]+-[0-9a-z]+`);
const MAIN = /acceptance[\\/]main/;

const thisMachine = () => createHash("sha256").update(os.hostname()).digest("hex").slice(0, 6);

/** A new mark, for the run that this process starts. */
export const newMark = () => `${PREFIX}-${thisMachine()}-${process.pid.toString(36)}-${Date.now().toString(36)}`;

/**
 * The mark in a text, such as a title, or nothing.
 * @param {unknown} text
 * @returns {string | undefined}
 */
export const markIn = (text) => (typeof text === "string" ? MARK.exec(text)?.[0] : undefined);

/**
 * Whether the run of a mark goes on. That of another machine cannot be seen: unknown.
 * @param {string} mark
 * @returns {boolean | "unknown"}
 */
export function isGoingOn(mark) {
  if (MARK.exec(mark)?.[1] !== thisMachine()) return "unknown";
  return findMarked(RUN_VARIABLE, mark).some(({ command }) => MAIN.test(command));
}
