// `hogflow doctor`: what a first `pulumi up` would fail on.
import type { Check, Verdict } from "../../operate/checks";
import { doctor as examine } from "../../operate/doctor";
import { knownFromState } from "../../operate/left-behind/known";
import { readStack } from "../../operate/stack-state";
import { defineCommand } from "../define";
import { DONE, FOUND } from "../exit-codes";
import type { Io, Style } from "../io";
import { oneLine } from "../../definition/plain-text";

const SIGNS: Readonly<Record<Verdict, { sign: string; style: Style }>> = {
  ok: { sign: "ok", style: "green" },
  warning: { sign: "warning", style: "yellow" },
  failed: { sign: "failed", style: "red" },
  skipped: { sign: "skipped", style: "dim" },
};

export const doctor = defineCommand({
  name: "doctor",
  summary: "check the key, its scopes, project, host, clock, engine, Node and program, and find what is in no state",
  description:
    "Checks what previews, updates and the other commands need, and says how to fix each thing that is wrong: settings and key, and of the Pulumi project its Pulumi.yaml, packages, TypeScript and tsconfig.json. It does not run the program. With a stack it also looks for flows that carry the stack's marker, and active schedules on the stack's flows, " +
    "that are in no state: an interrupted run left them, or somebody removed them from the state. Makes a few requests and changes nothing.",
  options: {},
  needs: ["posthog"],
  json: "a list of {name, verdict, what, fix, found}; verdict is ok, warning, failed or skipped",
  exitCodes: { 0: "no check failed; there may be warnings", 2: "a check failed, or something is in no state" },
  examples: [
    { command: "hogflow doctor", does: "checks the settings of this shell and of the selected stack, and the program" },
    { command: "hogflow doctor --stack production --json", does: "checks those of another stack, as JSON" },
  ],
  async run({ io, print, workspace, signal, clock }, { host, project }) {
    const found = workspace();
    const known = async () => knownFromState(await readStack(found, { env: io.env, signal }), found);
    const checks = await examine({
      settings: await found.settings(),
      dir: found.dir,
      host,
      projectId: project,
      clock,
      signal,
      progress: (text) => io.progress(text),
      ...(found.stack === undefined ? {} : { known }),
    });
    print(checks, () => checks.map((check) => line(check, io)).join("\n"));
    return checks.some(({ verdict }) => verdict === "failed") ? FOUND : DONE;
  },
});

function line({ name, verdict, what, fix }: Check, io: Io): string {
  const { sign, style } = SIGNS[verdict];
  const head = `${io.style(sign.padEnd(8), style)} ${name.padEnd(15)} ${oneLine(what)}`;
  return fix === undefined ? head : `${head}\n${" ".repeat(25)}${oneLine(fix)}`;
}
