// Holds a canonical definition against the zod schemas and words what does not fit. Unknown values fit everywhere (PDP §4).
import * as z from "../definition/schema/zod";
import { nearest } from "../definition/schema/names";
import { stepKindOf } from "../definition/schema/step-kinds";
import { table } from "../definition/schema/table";
import { triggerKindOf } from "../definition/schema/trigger-kinds";
import type { RuleName } from ".";
import { action, actionConfigs, configSchema, flow, triggerConfigs } from "../definition/schema/schemas";
import { getAt, type Path } from "../definition/canonical/paths";
import type { UnknownKey } from "../definition/canonical/structure";
import { containsUnknown, isDict, isUnknown, type Dict } from "../definition/canonical/values";
import { type Findings, valueKind } from "./findings";

// Made once: zod compiles a schema when it first parses with it.
const SETTINGS = flow.omit({ actions: true });
const STEP = action.omit({ config: true });
const STRANGE_STEP = action.omit({ type: true, config: true });

export function validateShapes(definition: Dict, findings: Findings): void {
  const { actions, ...settings } = definition;
  check(SETTINGS, settings, [], findings);
  if (isUnknown(actions)) return;
  if (!isDict(actions)) {
    findings.report("wrong-shape", ["actions"], `expected steps by id, got ${valueKind(actions)}`, {
      fix: "Give `actions` (a map of steps by id) or `definition` (PostHog's JSON)",
    });
    return;
  }
  for (const [id, step] of Object.entries(actions)) validateStep(id, step, findings);
}

function validateStep(id: string, step: unknown, findings: Findings): void {
  const path: Path = ["actions", id];
  if (isUnknown(step)) return;
  if (!isDict(step)) {
    findings.report("wrong-shape", path, `expected a step, got ${valueKind(step)}`);
    return;
  }
  const { config, ...rest } = step;
  const type = step["type"];
  const knownType = typeof type === "string" && Object.hasOwn(actionConfigs, type);
  // A kind of step that this version does not know is PostHog's to judge.
  if (typeof type === "string" && !knownType && !isUnknown(type)) {
    const near = nearest(type, Object.keys(actionConfigs));
    if (near)
      findings.report("step-type", [...path, "type"], `"${type}" is not a type of step`, {
        suggestion: `"${near}"`,
      });
    else
      findings.report(
        "newer-step-type",
        [...path, "type"],
        `"${type}" is a type of step that this version of pulumi-hogflow does not know; it is sent unchanged`,
      );
    check(STRANGE_STEP, rest, path, findings);
  } else check(STEP, rest, path, findings);
  if (isUnknown(config) || (config === undefined && (stepKindOf(type)?.isConfigOptional || isUnknown(type)))) return;
  if (!isDict(config)) {
    findings.report(
      config === undefined ? "missing-field" : "wrong-shape",
      [...path, "config"],
      config === undefined ? "is required" : `expected an object, got ${valueKind(config)}`,
    );
    return;
  }
  if (type === "trigger") validateTriggerType(config["type"], [...path, "config", "type"], findings);
  const schema = configSchema(type, config);
  if (schema)
    check(
      schema,
      config,
      [...path, "config"],
      findings,
      type === "trigger" ? `trigger ${String(config["type"])}` : type,
    );
}

function validateTriggerType(type: unknown, path: Path, findings: Findings): void {
  const known = Object.keys(triggerConfigs);
  if (isUnknown(type) || (typeof type === "string" && known.includes(type))) return;
  if (typeof type !== "string")
    findings.report(
      type === undefined ? "missing-field" : "wrong-shape",
      path,
      type === undefined ? "is required" : `expected text, got ${valueKind(type)}`,
      { fix: `Use one of ${known.join(", ")}` },
    );
  else {
    const near = nearest(type, known);
    if (near) findings.report("trigger-type", path, `"${type}" is not a type of trigger`, { suggestion: `"${near}"` });
    else
      findings.report(
        "newer-trigger-type",
        path,
        `"${type}" is a type of trigger that this version of pulumi-hogflow does not know; it is sent unchanged`,
      );
  }
}

function check(schema: z.ZodType, value: unknown, path: Path, findings: Findings, type?: unknown): void {
  const result = schema.safeParse(value);
  if (result.success) return;
  for (const issue of result.error.issues) {
    const inner = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
    const found = getAt(value, inner);
    if (found !== undefined && containsUnknown(found)) continue;
    // An empty text counts as none here.
    if (
      type === "delay" &&
      isDict(value) &&
      value["delayDuration"] === "" &&
      value["delayUntil"] !== undefined &&
      inner.length === 0
    )
      continue;
    // Stored by older editors, and reported by another rule.
    if (found === "" && inner[0] === "maxWaitDuration") continue;
    report(issue, [...path, ...inner], found, {
      findings,
      type,
      idle:
        type === "delay" && isDict(value)
          ? value["delayUntil"] === undefined
            ? "maxDelayDuration"
            : value["delayDuration"] === ""
              ? "delayDuration"
              : undefined
          : undefined,
    });
  }
}

function report(
  issue: z.core.$ZodIssue,
  path: Path,
  found: unknown,
  about: { findings: Findings; type: unknown; idle: string | undefined },
): void {
  const { findings, type, idle } = about;
  if (path[path.length - 1] === idle) {
    findings.report(
      "unchecked-shape",
      path,
      issue.code === "invalid_format" ? issue.message : `does not fit: got ${valueKind(found)}`,
    );
    return;
  }
  if (found === undefined && issue.code !== "custom") {
    findings.report(
      isChecked(path, type) ? "missing-field" : ruleAt(path, "unchecked-shape", type),
      path,
      "is required",
    );
    return;
  }
  switch (issue.code) {
    case "invalid_type":
      if (isInput(path)) {
        findings.report(
          "wrong-shape",
          path,
          `is not wrapped in \`value\`: expected an object, got ${valueKind(found)}`,
          {
            fix: `Write ${String(path[path.length - 1])}: { value: … }`,
          },
        );
        return;
      }
      findings.report(
        path[path.length - 1] === "percentage" && typeof found === "boolean"
          ? "unchecked-shape"
          : (isDeclared(path) && isTurned(issue.expected, found)) || isLost(path)
            ? "loose-shape"
            : ruleAt(path, "wrong-shape", type),
        path,
        `expected ${KINDS[issue.expected] ?? issue.expected}, got ${valueKind(found)}`,
        DURATIONS.has(String(path[path.length - 1])) ? { fix: 'Write a number and a unit, such as "3d"' } : {},
      );
      return;
    case "invalid_value": {
      const values = issue.values.map((value) => String(value));
      const near = typeof found === "string" ? nearest(found, values) : undefined;
      const got = findings.hides(path) || typeof found !== "string" ? valueKind(found) : `"${found}"`;
      const rule = ruleAt(path, "unknown-value", type);
      // A kind that this version does not know is PostHog's to judge; what is no text is none.
      if (typeof found === "string" && found.trim() !== "" && !near && NAMES_A_KIND.has(rule)) {
        findings.report(
          "newer-value",
          path,
          `${got} is a value that this version of pulumi-hogflow does not know; it is sent unchanged`,
          { fix: `Known here are ${values.join(", ")}` },
        );
        return;
      }
      findings.report(
        rule,
        path,
        `expected ${values.length === 1 ? `"${values[0]}"` : `one of ${values.join(", ")}`}, got ${got}`,
        near ? { suggestion: `"${near}"` } : {},
      );
      return;
    }
    case "too_small":
    case "too_big": {
      const limit = issue.code === "too_small" ? issue.minimum : issue.maximum;
      findings.report(
        ruleAt(path, "out-of-range", type),
        path,
        issue.origin === "string" && limit === 1
          ? "may not be empty"
          : `must be ${issue.code === "too_small" ? "at least" : "at most"} ${String(limit)}${issue.origin === "string" ? " characters long" : ""}`,
      );
      return;
    }
    case "invalid_union": {
      // The member of the union that came furthest says best what is wrong.
      const deepest = issue.errors
        .flat()
        .sort(
          (a, b) =>
            b.path.length - a.path.length || Number(a.code === "invalid_type") - Number(b.code === "invalid_type"),
        )[0];
      const fits = issue.errors.flat().find((inner) => inner.code !== "invalid_type") ?? deepest;
      if (!fits) findings.report(ruleAt(path, "wrong-shape", type), path, `does not fit: got ${valueKind(found)}`);
      else {
        const inner = fits.path.map((part) => (typeof part === "number" ? part : String(part)));
        const value = getAt(found, inner);
        if (!containsUnknown(value ?? null))
          report(fits, [...path, ...inner], inner.length === 0 ? found : value, about);
      }
      return;
    }
    default: {
      const rule = customRule(path, type, found);
      const what =
        typeof found === "string" && !isBlank(found) && !isTitle(path) && !findings.hides(path)
          ? `"${shortened(found)}" ${issue.message}`
          : issue.message;
      findings.report(rule, path, what, rule === "duration" ? { fix: durationFix(found) } : {});
    }
  }
}

/** Rules about closed sets of words. */
const NAMES_A_KIND: ReadonlySet<RuleName> = new Set(["unknown-value", "unchecked-shape", "days"]);

/** Fields that have a separate rule for their form. */
const OWN_RULES = table<RuleName>({
  delayDuration: "duration",
  maxWaitDuration: "duration",
  maxDelayDuration: "duration",
  window: "conversion-window",
  offset: "offset",
  timezone: "time-zone",
  fallbackTimezone: "time-zone",
  time: "clock-time",
  day: "days",
  expression: "empty-text",
  hash: "empty-text",
});

const DURATIONS: ReadonlySet<string> = new Set(["delayDuration", "maxWaitDuration", "maxDelayDuration", "window"]);

/** Texts that PostHog reads as true or false. */
const AS_BOOLEAN = /^(?:t|f|y|n|yes|no|true|false|on|off|0|1)$/i;

/** Whether PostHog would turn the value into the kind that it takes (API §2.1, §2.2, §3.6). */
function isTurned(expected: string, found: unknown): boolean {
  if (expected === "string") return typeof found === "number";
  if (expected === "number" || expected === "int")
    return typeof found === "string" && found.trim() !== "" && Number.isFinite(Number(found));
  return (
    expected === "boolean" && ((typeof found === "string" && AS_BOOLEAN.test(found)) || found === 0 || found === 1)
  );
}

/** A config is free JSON to PostHog, but for the filters that it compiles. */
const isDeclared = (path: Path): boolean =>
  path[0] !== "actions" || path[2] !== "config" || path[path.length - 1] === "filterTestAccounts";

/** Whether this is an input of a template. */
const isInput = (path: Path): boolean =>
  path.length === 5 && path[0] === "actions" && path[2] === "config" && path[3] === "inputs";

/** Variables are sent as their members: what has none is sent as a bare key, or not at all. */
const isLost = (path: Path): boolean => path[0] === "variables" && path.length <= 2;

/** The rule that is broken at a path: the field's own where it has one, and another one where PostHog does not look (API §4.5). */
function ruleAt(path: Path, usual: RuleName, type: unknown): RuleName {
  const last = path.findLast((part) => typeof part === "string");
  const own = usual === "wrong-shape" ? undefined : OWN_RULES[String(last)];
  if (own !== undefined) return own;
  return isChecked(path, type) ? usual : "unchecked-shape";
}

const UNITS: Readonly<Record<string, string>> = { second: "s", minute: "m", min: "m", hour: "h", hr: "h", day: "d" };

/** A length in words, such as "2 days", is said in PostHog's own form. */
function durationFix(found: unknown): string {
  const [, count, word] = typeof found === "string" ? (/^\s*(\d+(?:\.\d+)?)\s*([a-z]+?)s?\s*$/i.exec(found) ?? []) : [];
  const unit =
    word === undefined
      ? undefined
      : (UNITS[word.toLowerCase()] ?? (/^[smhd]$/i.test(word) ? word.toLowerCase() : undefined));
  return `Write ${count === undefined || unit === undefined ? 'a number and a unit, such as "2d"' : `"${count}${unit}"`}`;
}

/** The rule behind a test that a schema makes itself. */
function customRule(path: Path, type: unknown, found: unknown): RuleName {
  const last = path[path.length - 1];
  if (last === "config") return "delay-kind";
  if (isTitle(path)) return path.length === 1 && isBlank(found) ? "flow-title" : "title";
  return OWN_RULES[String(path.findLast((part) => typeof part === "string"))] ?? ruleAt(path, "wrong-shape", type);
}

/** Members of a step that PostHog stores without a look (API §2.3, §4.1, §4.5). */
const UNCHECKED_MEMBERS: ReadonlySet<string> = new Set([
  "name",
  "messageCategoryId",
  "messageCategoryType",
  "trackingEnabled",
  "mappings",
  "tableName",
  "keyProperty",
  "tagNames",
  "assignedToUserIds",
  "resultPath",
  "spread",
  "label",
  "reason",
]);

/** Whether it is a trigger with filters that PostHog passes on unchanged. */
const isPassedOn = (type: unknown): boolean => {
  const filters = triggerKindOf(String(type).replace(/^trigger /, ""))?.filters;
  return filters === "audience" || filters === "unread";
};

/** Whether PostHog looks at what is here. */
function isChecked(path: Path, type?: unknown): boolean {
  if (path[0] === "conversion" && path[1] === "filters" && path.length > 2) return false;
  // The entries of a filter's lists are free objects.
  const filters = path.lastIndexOf("filters");
  if (filters >= 0 && path.length >= filters + (isPassedOn(type) ? 3 : 4)) return false;
  if (path[0] !== "actions") return true;
  const inside = path.slice(2);
  if (inside[0] === "config" && stepKindOf(type)?.isConfigChecked === false) return false;
  return inside.length < 2 || !UNCHECKED_MEMBERS.has(String(inside[inside.length - 1]));
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  tuple: "a list",
};
const SHOWN = 60;
const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
const isBlank = (found: unknown): boolean => typeof found === "string" && found.trim() === "";
/** Of what is too long, nobody needs to see the beginning. */
const isTitle = (path: Path): boolean => path[path.length - 1] === "name";

/** An unknown key: an error near a known name, and at the top and on steps, where the server would drop it; further inside a warning (design §6). */
export function reportUnknownKey({ path, key, known, open }: UnknownKey, findings: Findings): void {
  const at = [...path, key];
  if (open) return;
  const near = nearest(key, known);
  const inConfig = path[0] === "actions" && path[2] === "config";
  const isInside = path.length > (path[0] === "actions" ? 2 : 0);
  if (near) findings.report("misspelt-key", at, `\`${key}\` is not a known key here`, { suggestion: `\`${near}\`` });
  else if (inConfig)
    findings.report(
      "unknown-config-key",
      at,
      `\`${key}\` is not known to this version of pulumi-hogflow; it is sent unchanged`,
    );
  else if (isInside)
    findings.report(
      "newer-key",
      at,
      `\`${key}\` is a key that this version of pulumi-hogflow does not know; it is sent unchanged`,
      { fix: `Known here are ${known.join(", ")}` },
    );
  else {
    findings.report("unknown-key", at, `\`${key}\` is not a known key here`, {
      fix: `Known keys are ${known.filter((name) => name !== "leftover").join(", ")}${known.includes("extra") ? ". Put a key that is newer than this version under `extra`" : ""}`,
    });
  }
}
