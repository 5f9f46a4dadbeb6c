// `hogflow validate`: what preview would say about flows in JSON files.
import { validateFiles, type FileFinding } from "../../operate/validate";
import { argumentList, defineCommand, flag } from "../define";
import { DONE, FOUND } from "../exit-codes";
import type { Io } from "../io";
import { counted } from "../texts";
import { oneLine } from "../../definition/plain-text";

export const validate = defineCommand({
  name: "validate",
  summary: "check flows in JSON files",
  description:
    "Checks flows in JSON files, as PostHog's API returns them, with the rules of `pulumi preview`. Needs no key and no network. A file may hold one flow, a list of them, or a page of the API's list; - is standard input.",
  arguments: { file: argumentList("JSON files") },
  options: { strict: flag("warnings count as errors") },
  json: "a list of findings: {rule, severity, path, locations, what, why, fix, file, flow}",
  exitCodes: { 0: "no errors (with --strict: no findings)", 2: "there are errors (with --strict: or warnings)" },
  examples: [
    { command: "hogflow validate flow.json", does: "checks one file" },
    { command: "hogflow validate flows/*.json --strict --json", does: "checks many, as JSON" },
  ],
  async run({ io, print }, { file: files, strict }) {
    const findings = await validateFiles(files);
    const errors = findings.filter(({ severity }) => severity === "error").length;
    print(findings, () => text(findings, errors, files.length, io));
    return errors > 0 || (strict && findings.length > 0) ? FOUND : DONE;
  },
});

function text(findings: readonly FileFinding[], errors: number, files: number, io: Io): string {
  const lines = findings.map(({ severity, path, locations, what, why, fix, rule, flow }) => {
    const head = `${oneLine(locations?.[0] ?? path)}: ${io.style(severity, severity === "error" ? "red" : "yellow", "bold")}: ${sentence(oneLine(what))} ${io.style(`[${rule}]`, "dim")}`;
    const more = [why, fix].filter((part) => part !== undefined).map(sentence);
    return [
      head,
      `    ${io.style(oneLine(`${flow}: ${path}`), "dim")}`,
      ...more.map((part) => `    ${oneLine(part)}`),
    ].join("\n");
  });
  const warnings = findings.length - errors;
  const verdict =
    findings.length === 0
      ? `${counted(files, "file")}: no problems found.`
      : `${counted(errors, "error")}, ${counted(warnings, "warning")}.`;
  return [...lines, verdict].join("\n");
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
