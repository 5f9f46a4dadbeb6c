// Findings as a log of SARIF 2.1.0 (OASIS), which code scanning of GitHub and GitLab, and editors, read.
import { packageVersion } from "../../definition/package";
import { isRuleName, ruleOf } from "../../rules";
import { partsText } from "./sentences";
import type { ShownFinding } from "./shown";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** `findings` with paths relative to the root of the repository. */
export function sarifLog(findings: readonly ShownFinding[]): object {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "hogflow",
            semanticVersion: packageVersion(),
            rules: rules.map((id) => ({ id, ...described(id) })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: rules.indexOf(finding.rule),
          level: finding.severity,
          message: { text: partsText(finding) },
          ...locationsOf(finding),
        })),
      },
    ],
  };
}

function described(name: string): object {
  if (!isRuleName(name)) return {};
  const { severity, text, why } = ruleOf(name);
  return {
    shortDescription: { text },
    ...(why ? { fullDescription: { text: `${text} ${why}.` } } : {}),
    defaultConfiguration: { level: severity },
  };
}

function locationsOf({ file, line, column, flow, path }: ShownFinding): object {
  const logical =
    flow === undefined
      ? {}
      : { logicalLocations: [{ name: flow, fullyQualifiedName: path === "" ? flow : `${flow}.${path}` }] };
  if (file === undefined) return flow === undefined ? {} : { locations: [logical] };
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  return {
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: encodeURI(file), uriBaseId: "%SRCROOT%" }, ...region },
        ...logical,
      },
    ],
  };
}
