// `hogflow doctor`: what a first `pulumi up` would fail on.
import type { Check, Verdict } from "../../operate/checks";
import { hostOf } from "../../operate/connection";
import type { ContractCheck } from "../../operate/contract/contract";
import { doctor as examine } from "../../operate/doctor";
import { knownFromState } from "../../operate/left-behind/known";
import { readStack } from "../../operate/stack-state";
import { defineCommand, flag } from "../define";
import { DONE, FOUND } from "../exit-codes";
import type { Io, Style } from "../io";
import { counted } from "../texts";
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
    "that are in no state: an interrupted run left them, or somebody removed them from the state. Makes a few requests and changes nothing. With --contract it compares only the schema of the API that PostHog publishes with what this version knows, which needs no key and no project, and says what each difference means.",
  options: { contract: flag("compare PostHog's published API schema with what this version knows, and nothing else") },
  needs: ["posthog"],
  json: "a list of {name, verdict, what, fix, found}; verdict is ok, warning, failed or skipped. With --contract {host, compared, notFound, findings: [{kind, name, value, usedBy, weight, what, means}]}; weight is breaks, new or note",
  exitCodes: {
    0: "no check failed; there may be warnings. With --contract: nothing differs but new end points",
    2: "a check failed, or something is in no state. With --contract: something differs",
  },
  examples: [
    { command: "hogflow doctor", does: "checks the settings of this shell and of the selected stack, and the program" },
    { command: "hogflow doctor --stack production --json", does: "checks those of another stack, as JSON" },
    { command: "hogflow doctor --contract", does: "says what has changed in PostHog's API since this version" },
  ],
  async run({ io, print, workspace, signal, clock }, { host, project, contract }) {
    const found = workspace();
    if (contract) {
      const { checkContract } = await import("../../operate/contract/contract.js");
      io.progress("Reading the schema of PostHog's API …");
      const check = await checkContract({ host: hostOf(await found.settings(), host), signal });
      print(check, () => contractLines(check, io).join("\n"));
      return check.findings.some(({ weight }) => weight !== "note") ? FOUND : DONE;
    }
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

const WEIGHTS: Readonly<Record<ContractCheck["findings"][number]["weight"], { sign: string; style: Style }>> = {
  breaks: { sign: "breaks", style: "red" },
  new: { sign: "new", style: "yellow" },
  note: { sign: "note", style: "dim" },
};

function contractLines({ host, compared, notFound, findings }: ContractCheck, io: Io): string[] {
  const lines = findings.map(({ weight, what, means }) => {
    const { sign, style } = WEIGHTS[weight];
    return `${io.style(sign.padEnd(8), style)} ${oneLine(what)}\n${" ".repeat(9)}${oneLine(means)}.`;
  });
  const left = notFound.length === 0 ? "" : ` Not in the schema, and so not compared: ${notFound.join(", ")}.`;
  return [
    ...lines,
    `${compared} fields, values, kinds and end points were compared with the schema of ${host}: ${findings.length === 0 ? "no differences" : counted(findings.length, "difference")}.${left}`,
  ];
}

function line({ name, verdict, what, fix }: Check, io: Io): string {
  const { sign, style } = SIGNS[verdict];
  const head = `${io.style(sign.padEnd(8), style)} ${name.padEnd(15)} ${oneLine(what)}`;
  return fix === undefined ? head : `${head}\n${" ".repeat(25)}${oneLine(fix)}`;
}
