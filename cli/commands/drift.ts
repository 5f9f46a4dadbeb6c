// `hogflow drift`: what somebody changed in PostHog, for every flow and schedule of a stack, and what is in no state.
import { findDrift, type ResourceDrift } from "../../operate/drift/drift";
import { driftText } from "../../operate/drift/drift-text";
import { findLeftBehind } from "../../operate/left-behind/find";
import { knownFromState } from "../../operate/left-behind/known";
import { flowIn, flowsNamed, type StackState } from "../../operate/stack-state";
import { OperateError } from "../../operate/errors";
import { readStateOf, stateOption } from "../read-state";
import { defineCommand, flag, flowList } from "../define";
import { DONE, FAILED, FOUND, type ExitCode } from "../exit-codes";

export const drift = defineCommand({
  name: "drift",
  summary: "show what somebody changed in PostHog, and what is in no state",
  description:
    "Compares each flow and schedule of the stack, as last deployed, with what is live. Shows what differs, by step and field, and who changed it and when, as far as " +
    "PostHog records it: it keeps no history of titles, descriptions and statuses. Changes nothing, neither in PostHog nor in the stack. Also finds what an interrupted run left, or somebody removed from the state: flows that " +
    "carry this stack's marker, and active schedules on the stack's flows, that are in no state. Archived flows do not count. With --accept it prints what to write in the program to keep " +
    "what is live, in the form that the program uses: options of steps, or a line diff where steps were added, removed or rewired; arguments of the keyed form otherwise.",
  arguments: { flows: flowList("; also schedules, by name or id (default: all)") },
  options: {
    accept: flag("print the code that accepts what is live; no file is edited"),
    state: stateOption(),
  },
  needs: ["stack"],
  json: "a list of {kind, name, id, title, verdict, fields, saves, …}; verdict is same, drifted, gone or unknown; what is in no state has the verdict left-behind, with {kind, id, title, status, url, …}",
  exitCodes: {
    0: "no drift",
    1: "something could not be read",
    2: "drift, a flow that another stack or resource has taken over, or something in no state",
  },
  examples: [
    { command: "hogflow drift", does: "checks the selected stack" },
    { command: "hogflow drift onboarding --accept", does: "prints the arguments that keep somebody's edit" },
    { command: "hogflow drift --stack production --json", does: "checks another stack, as JSON" },
  ],
  async run(context, { flows, accept, state: file }): Promise<ExitCode> {
    const { io, clock, workspace } = context;
    const whole = await readStateOf(context, file);
    const state = chosen(whole, flows);
    const warnings: string[] = [];
    const tell = { note: (text: string) => io.meanwhile(text), progress: (text: string) => io.progress(text) };
    const settings = await workspace().settings();
    const drifts = await findDrift(state, { settings, clock, warn: (text) => warnings.push(text), ...tell });
    const known = knownFromState(whole, workspace());
    const { found, unread } = known
      ? await findLeftBehind(known, {
          settings,
          clock,
          ...(flows.length > 0 ? { only: state.resources.map(({ name }) => name) } : {}),
          ...tell,
        })
      : { found: [], unread: [] };
    warnings.push(...unread);
    const leftBehind = found.map((left) => ({ ...left, verdict: "left-behind" }));
    if (accept) {
      // Not before it is needed: it brings Pulumi's SDK along.
      const { acceptCode, acceptLeftBehind } = await import("../../operate/drift/accept.js");
      const codes = [
        ...drifts.map((drift) => acceptCode(drift, (text, style) => io.style(text, style))),
        acceptLeftBehind(found),
      ].filter((code) => code !== "");
      context.print([...drifts.map((drift) => ({ ...shown(drift), accept: acceptCode(drift) })), ...leftBehind], () =>
        codes.length > 0 ? codes.join("\n").trimEnd() : driftText(drifts),
      );
    } else
      context.print([...drifts.map(shown), ...leftBehind], () =>
        driftText(drifts, (text, ...styles) => io.style(text, ...styles), found),
      );
    for (const warning of warnings) io.note(warning);
    if (
      found.length > 0 ||
      drifts.some(({ verdict, takenBy }) => verdict === "drifted" || verdict === "gone" || takenBy !== undefined)
    )
      return FOUND;
    return unread.length > 0 || drifts.some(({ verdict }) => verdict === "unknown") ? FAILED : DONE;
  },
});

/** A schedule may have the name of its flow: then both are meant. */
function chosen(state: StackState, names: readonly string[]): StackState {
  const { resources } = state;
  const schedulesNamed = (text: string) =>
    resources.filter(({ kind, name, id }) => kind === "schedule" && (name === text || id === text));
  const isKnown = (text: string): boolean => flowsNamed(state, text).length + schedulesNamed(text).length > 0;
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0)
    throw new OperateError({
      what: `The stack has no flow or schedule ${unknown.map((name) => `"${name}"`).join(" or ")}`,
      fix: `It has ${resources.map(({ name }) => name).join(", ") || "none at all"}`,
    });
  const meant = new Set(
    names.flatMap((text) => [
      ...(flowsNamed(state, text).length > 0 ? [flowIn(state, text)] : []),
      ...schedulesNamed(text),
    ]),
  );
  return { resources: names.length === 0 ? resources : resources.filter((resource) => meant.has(resource)) };
}

/** The whole definitions on both sides are for the code; a report names what differs. */
const shown = ({ deployed: _, live: __, ...report }: ResourceDrift): Omit<ResourceDrift, "deployed" | "live"> => report;
