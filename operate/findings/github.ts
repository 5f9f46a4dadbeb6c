// Findings as workflow commands of GitHub Actions, which show them as annotations of a run and of the changed lines.
import { oneLine } from "../../definition/plain-text";
import { partsText } from "./sentences";
import type { ShownFinding } from "./shown";

/** One line for each finding. */
export const githubAnnotations = (findings: readonly ShownFinding[]): string => findings.map(annotation).join("\n");

function annotation(finding: ShownFinding): string {
  const { severity, rule, file, line, column, flow, path } = finding;
  const about = flow === undefined ? rule : `${flow}: ${rule}`;
  const properties = Object.entries({ file, line, col: column, title: about }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(oneLine(String(value)))}`],
  );
  const text = [partsText(finding), path === "" ? undefined : path].filter((part) => part !== undefined).join("\n");
  return `::${severity} ${properties.join(",")}::${escapeData(text)}`;
}

/** As the toolkit of GitHub Actions has it (actions/toolkit, `core/src/command.ts`). */
const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
