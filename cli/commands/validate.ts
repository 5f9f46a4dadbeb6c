// `hogflow validate`: every finding of a Pulumi program, or of flows in JSON files, at once.
import { githubAnnotations } from "../../operate/findings/github";
import { sarifLog } from "../../operate/findings/sarif";
import { repositoryAround, shownOfFiles, shownOfProgram, type ShownFinding } from "../../operate/findings/shown";
import { validateFiles } from "../../operate/validate";
import { maskData } from "../../operate/mask";
import { choice, defineCommand, flag, optionalList, type Context } from "../define";
import { DONE, FOUND, INTERRUPTED, type ExitCode } from "../exit-codes";
import { findingLines, programVerdict } from "../findings-text";
import { runAndCheck } from "../program-check";
import { counted } from "../texts";

const FORMATS = ["text", "json", "sarif", "github"] as const;

export const validate = defineCommand({
  name: "validate",
  summary: "check every flow of a Pulumi program, or flows in JSON files",
  description:
    "Without files: runs the program of the Pulumi project without an engine, and reports every finding of every flow and schedule at once, with file and line. A preview stops at the first resource that fails, so it " +
    "shows the findings of one flow and not those of the next. The rules are those of `pulumi preview`. Configuration is that of the selected stack; encrypted values, outputs of other resources and results of invokes are unknown, and suspend just what depends on them. " +
    "A program that throws is a finding, too, and the flows up to there are checked; type errors and missing configuration do not keep the flows from being checked. What needs the live flow or the state is left to preview: people in flight, adopting, secrets that PostHog keeps, and errors that a deployed flow has already, which are warnings there. " +
    "The program runs as in a preview, with the environment of this command.\n\n" +
    "With files: checks flows in JSON files, as PostHog's API returns them. A file may hold one flow, a list of them, or a page of the API's list; - is standard input.\n\n" +
    "Needs no key and no login, and sends nothing to PostHog. Encrypted configuration is not decrypted. " +
    "With --format github or sarif, paths are relative to the root of the Git repository.",
  arguments: { file: optionalList("JSON files (default: the program of the Pulumi project)") },
  options: {
    strict: flag("warnings count as errors"),
    format: choice(
      "<format>",
      "text, json, sarif (SARIF 2.1.0, for code scanning), or github (annotations of GitHub Actions)",
      FORMATS,
      "text",
    ),
  },
  needs: ["stack"],
  json: "a list of findings: {rule, severity, path, locations, what, why, fix, file, line, column, flow}",
  exitCodes: {
    0: "no errors (with --strict: no findings)",
    1: "the program could not be run: no project, packages that are not installed, another language",
    2: "there are errors (with --strict: or warnings)",
  },
  examples: [
    { command: "hogflow validate", does: "checks the program in the current folder, with the selected stack" },
    { command: "hogflow validate --stack staging --format github", does: "writes annotations in a GitHub workflow" },
    { command: "hogflow validate --format sarif > hogflow.sarif", does: "writes a log for code scanning" },
    { command: "hogflow validate flows/*.json --strict --json", does: "checks flows in files, as JSON" },
  ],
  async run(context, { file: files, strict, format }): Promise<ExitCode> {
    // Annotations are about the repository; what a person reads is opened from the current folder.
    const folder = format === "github" || format === "sarif" ? repositoryAround(context.cwd) : process.cwd();
    const { findings, verdict, isInterrupted } =
      files.length > 0 ? await ofFiles(files, folder) : await ofProgram(context, folder);
    const shown = maskData(findings);
    show(context, { shown, verdict, format });
    if (isInterrupted) {
      context.io.note(
        "Interrupted: the program had not ended, and what it would have made after this was not checked.",
      );
      return INTERRUPTED;
    }
    return findings.some(({ severity }) => strict || severity === "error") ? FOUND : DONE;
  },
});

interface Validated {
  findings: ShownFinding[];
  verdict: string;
  isInterrupted: boolean;
}

async function ofFiles(files: readonly string[], folder: string): Promise<Validated> {
  const found = await validateFiles(files);
  const errors = found.filter(({ severity }) => severity === "error").length;
  return {
    findings: shownOfFiles(found, process.cwd(), folder),
    verdict:
      found.length === 0
        ? `${counted(files.length, "file")}: no problems found.`
        : `${counted(errors, "error")}, ${counted(found.length - errors, "warning")}.`,
    isInterrupted: false,
  };
}

async function ofProgram(context: Context, folder: string): Promise<Validated> {
  const workspace = context.workspace();
  const report = await runAndCheck(context);
  return {
    findings: shownOfProgram(report, workspace.programDir, folder),
    verdict: programVerdict(report),
    isInterrupted: report.isInterrupted,
  };
}

function show(
  { io, print }: Context,
  { shown, verdict, format }: { shown: ShownFinding[]; verdict: string; format: (typeof FORMATS)[number] },
): void {
  if (format === "sarif") io.outJson(sarifLog(shown), 2);
  else if (format === "json") io.outJson(shown, 2);
  else if (format === "github" && !io.json) {
    if (shown.length > 0) io.outCommands(githubAnnotations(shown));
    io.out(verdict);
  } else print(shown, () => [...findingLines(shown, io), verdict].join("\n"));
}
