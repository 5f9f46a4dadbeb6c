// A pasted definition, the JSON that PostHog returns, in keyed form, with what is wrong with it as it was pasted. Leaves are handed on as they are, so that they may
// be outputs of a program, or secrets that are not opened yet.
import { keyed } from "../definition/canonical/decode";
import { inputItems } from "../definition/canonical/secrets";
import { stepTemplate } from "../definition/canonical/step-template";
import { isDict, own, put, type Dict } from "../definition/canonical/values";
import { nearest } from "../definition/schema/names";
import { SECRET_INPUTS } from "../definition/schema/templates";
import type { ProgramFinding } from "./program-findings";

/** The keyed form. What is wrong is added to the findings. */
export function pastedForm(pasted: Dict, findings: ProgramFinding[]): Dict {
  if (!Array.isArray(pasted["actions"]))
    findings.push({ path: ["definition", "actions"], what: "expected the list of steps that PostHog returns" });
  const out = keyed(pasted, {
    reports: {
      unknownKey: ({ path, key, known }) => {
        // What is further inside is kept and reported by check. Of what a newer PostHog answers with at the top and on steps, nobody knows whether it can be written.
        if (path.length !== 0 && !(path.length === 2 && path[0] === "actions")) return;
        const near = nearest(key, known);
        if (near)
          findings.push({
            rule: "misspelt-key",
            path: [...path, key],
            what: `\`${key}\` is not a known key here`,
            suggestion: `\`${near}\``,
          });
        else
          findings.push({
            rule: "newer-key",
            path: [...path, key],
            what: `\`${key}\` is a key that this version of pulumi-hogflow does not know; it is not sent`,
            why: "PostHog may return it without accepting it",
            fix: "If it is part of the flow, write it under `extra`",
          });
      },
    },
  });
  for (const step of (own(out["leftover"], "actions") as unknown[] | undefined) ?? []) {
    const id = own(step, "id");
    findings.push({
      path: ["definition", "actions"],
      what: typeof id === "string" && id !== "" ? `two steps have the id "${id}"` : "a step has no id",
    });
  }
  return out;
}

/**
 * Puts values for secrets, which pasted JSON only shows as `{"secret": true}`, into a definition in keyed form.
 * @param inputOf The template input of a value.
 */
export function placeSecrets(
  definition: Dict,
  secrets: Dict,
  { findings, inputOf }: { findings: ProgramFinding[]; inputOf(value: unknown): unknown },
): void {
  for (const [id, values] of Object.entries(secrets)) {
    const config = own(own(definition["actions"], id), "config");
    if (!isDict(config) || !isDict(values)) {
      findings.push({
        path: ["secrets", id],
        what: isDict(config) ? "expected values by input" : `there is no step "${id}"`,
      });
      continue;
    }
    const inputs: Dict = { ...(isDict(config["inputs"]) ? config["inputs"] : {}) };
    for (const [key, value] of Object.entries(values)) put(inputs, key, inputOf(value));
    config["inputs"] = inputs;
  }
}

/** Makes secrets of the inputs that PostHog keeps secret, whoever wrote them. */
export function markTemplateSecrets(definition: Dict, secretOf: (value: unknown) => unknown): void {
  for (const { id, key, item, inputs } of [...inputItems(definition)]) {
    const template = stepTemplate(own(definition["actions"], id));
    if (SECRET_INPUTS[String(template)]?.includes(key) && isDict(item) && item["value"] !== undefined)
      put(inputs, key, { ...item, value: secretOf(item["value"]) });
  }
}

/** What is wrong where a flow has none of these forms, or several. */
export function formFinding(forms: readonly string[], fix: string): ProgramFinding | undefined {
  if (forms.length === 1) return undefined;
  return {
    path: [forms[0] ?? "actions"],
    what: forms.length === 0 ? "a flow needs its steps" : `a flow takes one form, not ${forms.join(" and ")}`,
    fix,
  };
}
