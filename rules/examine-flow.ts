// Everything that can be said about a flow's inputs without a network: parsed, held against the schemas and the table of rules (design L14).
import { canonical, canonicalLike, definitionOf } from "../definition/canonical/canonical";
import { getAt, parsePath } from "../definition/canonical/paths";
import { secretPathsOf } from "../definition/canonical/secrets";
import { isUnknown, listedTexts, type Dict } from "../definition/canonical/values";
import { FLOW_FLAGS, type FlagRow } from "../definition/flags";
import { definitionRules } from ".";
import { FlowView } from "../definition/graph/view";
import { acknowledge } from "./acknowledged";
import { Findings } from "./findings";
import { takeProgramFindings } from "./program-findings";
import { reportUnknownKey, validateShapes } from "./validate-shape";

export interface Examined {
  /** In canonical form. */
  definition: Dict;
  /** The definition that the flow has so far, in canonical form. Empty for a new flow. */
  before: Dict;
  findings: Findings;
  /** While values are unknown, a warning that is not there may still come. */
  isPartlyUnknown: boolean;
}

export interface ExamineOptions {
  /** What PostHog takes and has already is a warning: a definition by itself is right or wrong, and a deployment that changes nothing about it need not stop. */
  sparesLive?: boolean;
  /** The caller has more to find before warnings are acknowledged. */
  acknowledgesLater?: boolean;
  /** The time, in milliseconds, for what depends on it, such as the next change of clocks. */
  now?: number;
}

/** `inputs` as the SDK sends them; `state` the old inputs or outputs, of any version, empty for a new flow. */
export function examineFlow(
  inputs: Dict,
  state: Dict = {},
  { sparesLive = false, acknowledgesLater = false, now }: ExamineOptions = {},
): Examined {
  const findings = new Findings({ secretPaths: secretPathsOf(inputs), sources: inputs["sources"] });
  takeProgramFindings(inputs["findings"], findings);
  const given = definitionOf(inputs);
  const definition = canonical(given, {
    unknownKey: (report) => reportUnknownKey(report, findings),
    doubled: (path) =>
      findings.report("doubled-key", path, "is given twice, in both spellings", { fix: "Keep one of them" }),
  });
  const before = state["actions"] === undefined ? {} : canonicalLike(definitionOf(state), definition);
  const ofProgram = findings.entered;
  validateShapes(definition, findings);
  const view = new FlowView(definition, { given, before, inputs, now });
  for (const [name, rule] of definitionRules) for (const found of rule.find?.(view) ?? []) findings.add(name, found);
  if (sparesLive)
    findings.ease((path, { isForm }) => view.isLiveAlready(path) || (isForm && view.isUnchanged(path)), ofProgram);
  checkFlags(inputs, definition, findings);
  if (!acknowledgesLater) acknowledge(inputs["acknowledge"], findings, view);
  return { definition, before, findings, isPartlyUnknown: view.isPartlyUnknown };
}

function checkFlags(inputs: Dict, definition: Dict, findings: Findings): void {
  for (const [key, { form }] of Object.entries<FlagRow>(FLOW_FLAGS)) {
    const value = inputs[key];
    if (form.refusal === undefined || value === undefined || isUnknown(value) || form.fits(value)) continue;
    const { what, ...more } = form.refusal;
    findings.report("setting", [key], what, more);
  }
  for (const [i, text] of listedTexts(inputs["editorOwns"]).entries()) {
    if (isUnknown(text)) continue;
    const at = ["editorOwns", i];
    const path = parsePath(text);
    if (!path || path.length < 2)
      findings.report("editor-owns-path", at, `"${text}" is not the path of a field`, {
        fix: "Write it as in actions.welcome.config.inputs.email.value.subject",
      });
    else if (
      getAt(definition, path) === undefined &&
      !path.some((_, length) => isUnknown(getAt(definition, path.slice(0, length))))
    )
      findings.report("editor-owns-path", at, `there is nothing at ${text}`, {
        fix: "Give the field its first value, or correct the path",
      });
    else if (["id", "type", "next", "branches"].includes(String(path[2])))
      findings.report("editor-owns-path", at, `${String(path[2])} is structure and cannot be left to the editor`);
  }
}
