// `hogflow drift`: what somebody changed in PostHog, for every flow and schedule of a stack.
import { findDrift, type ResourceDrift } from "../../operate/drift/drift";
import { driftText } from "../../operate/drift/drift-text";
import { parseStackExport, readStack, type StackState } from "../../operate/stack-state";
import { OperateError } from "../../operate/errors";
import { readTextFile } from "../../provider/text-file";
import { defineCommand, flag, option, optionalList, type Context } from "../define";
import { DONE, FAILED, FOUND, type ExitCode } from "../exit-codes";

export const drift = defineCommand({
  name: "drift",
  summary: "show what somebody changed in PostHog",
  description:
    "Compares every flow and schedule of the stack, as it was deployed last, with what is live, and shows what differs by step and field, and who changed it and when, as far as " +
    "PostHog keeps it: titles, descriptions and statuses are in no history. It reads only, in PostHog and in the stack. With --accept it prints what the program would have to say to keep " +
    "what is live, in the words in which it is written: options of steps, or a line diff where steps were added, removed or rewired; arguments of the keyed form for others.",
  arguments: { flows: optionalList("names of flows and schedules in the program (default: all)") },
  options: {
    accept: flag("print the code that accepts what is live; no file is edited"),
    state: option("<file>", "read the state from the output of `pulumi stack export --show-secrets`, or - for standard input, instead of asking pulumi"),
  },
  needs: ["stack"],
  json: "a list of {kind, name, id, title, verdict, fields, saves, …}; verdict is same, drifted, gone or unknown",
  exitCodes: { 0: "no drift", 1: "something could not be read, so nobody knows", 2: "drift" },
  examples: [
    { command: "hogflow drift", does: "checks the selected stack" },
    { command: "hogflow drift onboarding --accept", does: "prints the arguments that keep somebody's edit" },
    { command: "hogflow drift --stack production --json", does: "checks another stack, for a machine" },
  ],
  async run(context, { flows, accept, state: file }): Promise<ExitCode> {
    const { io, clock, workspace } = context;
    const state = chosen(await stateOf(context, file), flows);
    const warnings: string[] = [];
    const drifts = await findDrift(state, { settings: await workspace().settings(), clock, warn: (text) => warnings.push(text), note: (text) => io.meanwhile(text), progress: (text) => io.progress(text) });
    if (accept) {
      // Not before it is needed: it brings Pulumi's SDK along.
      const { acceptCode } = await import("../../operate/drift/accept.js");
      const codes = drifts.map((found) => acceptCode(found, (text, style) => io.style(text, style))).filter((code) => code !== "");
      context.print(drifts.map((found) => ({ ...shown(found), accept: acceptCode(found) })), () => (codes.length > 0 ? codes.join("\n").trimEnd() : driftText(drifts)));
    } else context.print(drifts.map(shown), () => driftText(drifts, (text, ...styles) => io.style(text, ...styles)));
    for (const warning of warnings) io.note(warning);
    if (drifts.some(({ verdict }) => verdict === "drifted" || verdict === "gone")) return FOUND;
    return drifts.some(({ verdict }) => verdict === "unknown") ? FAILED : DONE;
  },
});

async function stateOf({ io, signal, workspace }: Context, file: string | undefined): Promise<StackState> {
  if (file === undefined) return readStack(workspace(), { secrets: true, env: io.env, signal });
  return parseStackExport(file === "-" ? await io.readAll() : readTextFile(file));
}

function chosen({ resources }: StackState, names: readonly string[]): StackState {
  const unknown = names.filter((name) => !resources.some((resource) => resource.name === name));
  if (unknown.length > 0) throw new OperateError({ what: `The stack has no flow or schedule ${unknown.map((name) => `"${name}"`).join(" or ")}`, fix: `It has ${resources.map(({ name }) => name).join(", ") || "none at all"}` });
  return { resources: names.length === 0 ? resources : resources.filter(({ name }) => names.includes(name)) };
}

/** The whole definitions on both sides are for the code; a report names what differs. */
const shown = ({ deployed: _, live: __, ...report }: ResourceDrift): Omit<ResourceDrift, "deployed" | "live"> => report;
