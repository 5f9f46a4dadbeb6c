// Rules about the inputs of templates (API §2.3.1, §4.2): which there are, which must be given, and what they hold.
import { containsUnknown, isDict, isUnknown, type Dict } from "../definition/canonical/values";
import { nearest } from "../definition/schema/names";
import { MESSAGE_TEMPLATES } from "../definition/schema/templates";
import type { InputKind, InputRow } from "../definition/schema/template-inputs";
import { inputItems, templatedSteps } from "../definition/graph/inputs";
import { LEFT_SECRET, leftBySwitch } from "../definition/graph/left-secrets";
import { rulesOf } from "./rule";
import { textOf } from "../definition/graph/view";
import { email, flowOf, sms, webhook } from "./examples";

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

const HOLDS: Readonly<Record<InputKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  "true or false": (value) => typeof value === "boolean" || typeof value === "string",
  "an object": isDict,
  "an e-mail": isDict,
  // PostHog takes true for a number here (API §2.3.1).
  "a number": (value) => typeof value === "number",
  "an integration id": (value) => typeof value === "number" || value === true,
  "a list of integration ids": (value) =>
    Array.isArray(value) && value.every((item) => isUnknown(item) || typeof item === "number" || item === true),
  // It does not look at these, or takes any JSON.
  "a choice": () => true,
  "a field of an integration": () => true,
  JSON: () => true,
};
/** Members of an input, as programs write them and PostHog returns them. */
const OF_INPUTS: ReadonlySet<string> = new Set([
  "value",
  "templating",
  "secret",
  "bytecode",
  "bytecode_contract",
  "bytecodeContract",
  "order",
]);
/** Whether an input is the value itself, without the object around it. */
export const isBareInput = (item: Dict): boolean =>
  item["value"] === undefined && item["secret"] === undefined && Object.keys(item).some((key) => !OF_INPUTS.has(key));
const FIXES: Partial<Record<InputKind, string>> = {
  text: 'Write one text, such as "…"',
  "a number": "Write a plain number: PostHog does not render it",
  "an object": "Write the object itself: { … }",
  "an integration id": "Write the number of the integration, as in its address in PostHog",
  "a list of integration ids": "Write a list of numbers, such as [3]",
};
const SIGNED = flowOf({ notify: webhook({ signing_secret: { value: "of before" } }) });
/** Whether a value is of the kind that the API takes for an input. */
export const holdsItsKind = ({ kind }: InputRow, value: unknown): boolean => HOLDS[kind](value);
export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === "";

export const inputRules = rulesOf({
  "message-template": {
    severity: "error",
    refusedBy: "server",
    text: "A step that sends a message has its own template; a saved message is named in `templateUuid`.",
    why: "PostHog refuses any other template id here",
    cites: "API §2.3 row 12, §4.2",
    fails: flowOf({ text: sms({}, { templateId: "template-email" }) }),
    passes: flowOf({ text: sms({}, { templateId: "template-twilio" }) }),
    *find(flow) {
      for (const { id, type, templateId } of templatedSteps(flow)) {
        const literal = MESSAGE_TEMPLATES[type];
        if (literal !== undefined && templateId !== undefined && templateId !== literal && !UUID.test(templateId))
          yield {
            path: ["actions", id, "config", "templateId"],
            what: `must be "${literal}" for a ${type} step`,
            fix: "Leave it out; put a saved template in `templateUuid`",
          };
      }
    },
  },
  "near-template": {
    severity: "warning",
    refusedBy: "meaning",
    text: "The template of a function step is not a misspelling of a known one (one or two letters away).",
    why: "PostHog refuses a template that it does not have",
    cites: "API §4.2",
    fails: flowOf({ notify: { type: "function", config: { templateId: "template-webhok", inputs: {} } } }),
    passes: flowOf({ notify: webhook() }),
    *find(flow) {
      const known = ["template-webhook", "template-slack"];
      for (const { id, type, templateId } of templatedSteps(flow)) {
        const near =
          type === "function" && templateId !== undefined && !known.includes(templateId)
            ? nearest(templateId, known)
            : undefined;
        if (near)
          yield {
            path: ["actions", id, "config", "templateId"],
            what: `"${String(templateId)}" looks like "${near}"`,
            fix: "Correct it, unless it is another template",
          };
      }
    },
  },
  "required-input": {
    severity: "error",
    refusedBy: "server",
    text: "Inputs that a template requires have a value.",
    why: "The template has no default for it, and PostHog refuses the step",
    cites: "API §2.3.1, §4.2",
    fails: flowOf({ notify: { type: "function", config: { templateId: "template-webhook", inputs: {} } } }),
    passes: flowOf({ notify: webhook() }),
    *find(flow) {
      for (const { at, inputs, template, type } of templatedSteps(flow)) {
        if (!template || !inputs || type === "function_email") continue;
        for (const [key, row] of Object.entries(template.inputs)) {
          const item = inputs[key];
          if (
            !row.required ||
            isUnknown(item) ||
            (isDict(item) && (!isEmpty(item["value"]) || item["secret"] === true))
          )
            continue;
          if (item !== undefined && (!isDict(item) || isBareInput(item))) continue;
          yield { path: [...at, key], what: "is required", fix: `Write ${key}: { value: … }` };
        }
      }
    },
  },
  "input-value": {
    severity: "error",
    refusedBy: "meaning",
    text: "An input is an object with a `value`, or `secret: true`.",
    why: "PostHog reads the value from there, and keeps nothing else",
    cites: "API §2.3.1",
    fails: flowOf({ notify: webhook({ body: { templating: "hog" } }) }),
    passes: flowOf({ notify: webhook({ body: { value: { a: 1 } } }) }),
    *find(flow) {
      for (const { at, key, item, row } of inputItems(flow)) {
        if (isDict(item) && isBareInput(item)) {
          yield {
            path: [...at, key],
            covers: [...at, key],
            what: "is not wrapped in `value`",
            fix: `Write ${key}: { value: { ${Object.keys(item)[0]!}: … } }`,
          };
          continue;
        }
        if (
          isDict(item) &&
          !row?.required &&
          item["value"] === undefined &&
          item["secret"] !== true &&
          Object.keys(item).length > 0
        )
          yield { path: [...at, key, "value"], what: "is required", fix: "Write { value: … }, or leave the input out" };
      }
    },
  },
  "input-kind": {
    severity: "error",
    refusedBy: "server",
    text: "An input holds the kind of value that its template takes.",
    why: "PostHog refuses another kind",
    cites: "API §4.2",
    fails: flowOf({ notify: webhook({ headers: { value: "Accept: text/plain" } }) }),
    passes: flowOf({ notify: webhook({ headers: { value: { Accept: "text/plain" } } }) }),
    *find(flow) {
      for (const { at, key, item, row } of inputItems(flow)) {
        const value = isDict(item) ? item["value"] : undefined;
        if (!row || row.kind === "an e-mail" || isEmpty(value) || isUnknown(value) || holdsItsKind(row, value))
          continue;
        yield { path: [...at, key, "value"], what: `must be ${row.kind}`, fix: FIXES[row.kind] ?? `Write ${row.kind}` };
      }
    },
  },
  "misspelt-input": {
    severity: "error",
    refusedBy: "meaning",
    text: "The name of an input is not a misspelling of one that the template has (one or two letters away).",
    why: "PostHog silently drops inputs that the template does not have",
    cites: "API §2.3.1",
    fails: flowOf({ notify: webhook({ boddy: { value: { a: 1 } } }) }),
    passes: flowOf({ notify: webhook({ body: { value: { a: 1 } } }) }),
    *find(flow) {
      for (const { at, key, row, template } of inputItems(flow)) {
        const near = template && !row ? nearest(key, Object.keys(template.inputs)) : undefined;
        if (near)
          yield {
            path: [...at, key],
            what: `\`${key}\` is not an input of this template`,
            suggestion: `\`${near}\``,
          };
      }
    },
  },
  "unknown-input": {
    severity: "warning",
    refusedBy: "meaning",
    text: "A step gives only inputs that its template has.",
    why: "PostHog silently drops inputs that the template does not have",
    cites: "API §2.3.1",
    fails: flowOf({ notify: webhook({ retries: { value: 3 } }) }),
    passes: flowOf({ notify: webhook({ method: { value: "PUT" } }) }),
    *find(flow) {
      for (const { at, key, row, template, templateId } of inputItems(flow)) {
        if (!template || template.open || row || nearest(key, Object.keys(template.inputs))) continue;
        yield {
          path: [...at, key],
          what: `\`${key}\` is not an input of ${String(templateId)}`,
          fix: `Inputs are ${Object.keys(template.inputs).join(", ")}`,
        };
      }
    },
  },
  "liquid-in-boolean": {
    severity: "error",
    refusedBy: "server",
    text: "A true-or-false input holds no Liquid.",
    why: "PostHog refuses it",
    cites: "API §4.2",
    fails: flowOf({ notify: webhook({ debug: { value: "{{ person.properties.debug }}", templating: "liquid" } }) }),
    passes: flowOf({ notify: webhook({ debug: { value: true } }) }),
    *find(flow) {
      for (const { at, key, item, row } of inputItems(flow)) {
        if (row?.kind === "true or false" && isDict(item) && item["templating"] === "liquid" && textOf(item["value"]))
          yield {
            path: [...at, key],
            what: "Liquid cannot give true or false",
            fix: "Write true or false, or use Hog: {…}",
          };
      }
    },
  },
  "ambiguous-template": {
    severity: "error",
    refusedBy: "server",
    text: "A saved message is named once.",
    why: "PostHog refuses a UUID in `templateId` that differs from `templateUuid`",
    cites: "API §4.2",
    fails: flowOf({
      mail: email(
        {},
        {
          config: {
            ...(email()["config"] as object),
            templateId: "0199aabb-ccdd-0000-1122-334455667788",
            templateUuid: "0199aabb-ccdd-0000-1122-334455667799",
          },
        },
      ),
    }),
    passes: flowOf({ mail: email() }),
    *find(flow) {
      for (const { id, type, templateId, step } of templatedSteps(flow)) {
        const uuid = isDict(step["config"]) ? step["config"]["templateUuid"] : undefined;
        if (
          MESSAGE_TEMPLATES[type] === undefined ||
          uuid === undefined ||
          containsUnknown(uuid) ||
          templateId === undefined ||
          !UUID.test(templateId)
        )
          continue;
        yield {
          path: ["actions", id, "config", "templateId"],
          what: "names a different saved message than `templateUuid`",
          fix: "Keep `templateUuid` alone",
        };
      }
    },
  },
  "left-secret": {
    severity: "warning",
    refusedBy: "meaning",
    text: "A secret that PostHog has stored for a step is not simply left out.",
    why: LEFT_SECRET.why,
    cites: "API §2.3.3",
    fails: { ...flowOf({ notify: webhook() }), before: SIGNED["flow"]! },
    passes: { ...flowOf({ notify: webhook({ signing_secret: { secret: true } }) }), before: SIGNED["flow"]! },
    *find(flow) {
      for (const path of leftBySwitch(flow.before, flow.definition))
        yield { path, what: LEFT_SECRET.what, fix: LEFT_SECRET.fix };
    },
  },
});
