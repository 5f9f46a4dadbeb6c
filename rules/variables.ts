// Rules about the declaration of variables (API §3.8, §4.1).
import { encode } from "../definition/canonical/encode";
import { containsUnknown, isDict, isUnknown } from "../definition/canonical/values";
import { MAX_VARIABLES_BYTES } from "../definition/schema/limits";
import { stepKindOf } from "../definition/schema/step-kinds";
import { rulesOf } from "./rule";
import { delay, flowOf, webhook } from "./examples";

const result = { outputVariable: { key: "answer" } };
const answer = { variables: { answer: { type: "string", default: "none" } } };

export const variableRules = rulesOf({
  "variables-size": {
    severity: "error",
    refusedBy: "server",
    text: "All variables together have at most 5,120 bytes, as the server counts them.",
    why: "PostHog refuses more",
    cites: "API §3.8, §4.1, §6.5",
    fails: flowOf({}, { variables: { text: { type: "string", default: "x".repeat(5200) } } }),
    passes: flowOf({}, { variables: { text: { type: "string", default: "x".repeat(5000) } } }),
    *find({ definition }) {
      if (!isDict(definition["variables"]) || containsUnknown(definition["variables"])) return;
      const items = encode({ variables: definition["variables"], leftover: definition["leftover"], actions: {} })[
        "variables"
      ] as unknown[];
      const bytes = items.reduce((sum: number, item) => sum + pythonJson(item).length, 0);
      if (bytes > MAX_VARIABLES_BYTES)
        yield {
          path: ["variables"],
          what: `all variables together can have ${MAX_VARIABLES_BYTES} bytes, and these have ${bytes}`,
          fix: "Shorten labels and defaults",
        };
    },
  },
  "variable-key": {
    severity: "error",
    refusedBy: "meaning",
    text: "A variable's key is not empty, and neither begins nor ends with white space.",
    why: "PostHog removes white space, and the key would change",
    cites: "API §2.2, §3.8",
    fails: flowOf({}, { variables: { " score": { type: "number" } } }),
    passes: flowOf({}, { variables: { score: { type: "number" } } }),
    *find({ definition }) {
      for (const key of Object.keys(isDict(definition["variables"]) ? definition["variables"] : {}))
        if (key.trim() === "" || key.trim() !== key)
          yield {
            path: ["variables", key],
            what: "a variable's key may not be empty, nor begin or end with white space",
          };
    },
  },
  "variable-value": {
    severity: "error",
    refusedBy: "server",
    text: "Every member of a variable is a text, a number, or true or false.",
    why: "PostHog refuses lists and objects, and stores the others as text",
    cites: "API §3.8, §4.1",
    fails: flowOf({}, { variables: { plan: { type: "string", choices: ["free", "pro"] } } }),
    passes: flowOf({}, { variables: { plan: { type: "string", choices: "free, pro" } } }),
    *find({ definition }) {
      for (const [key, variable] of Object.entries(isDict(definition["variables"]) ? definition["variables"] : {})) {
        for (const [member, value] of Object.entries(isDict(variable) ? variable : {})) {
          // Known members are checked for their shape already.
          if (typeof value === "object" && !["type", "label", "default"].includes(member))
            yield {
              path: ["variables", key, member],
              what: `a variable cannot hold ${Array.isArray(value) ? "a list" : "an object"}`,
              fix: "Write it as text",
            };
        }
      }
    },
  },
  "variable-default": {
    severity: "warning",
    refusedBy: "run-time",
    text: "The default of a variable has the variable's type.",
    why: "PostHog stores it as text, and conditions and steps get that text",
    cites: "API §3.8, run time §1.3",
    fails: flowOf({}, { variables: { score: { type: "number", default: "many" } } }),
    passes: flowOf({}, { variables: { score: { type: "number", default: "5" } } }),
    *find({ definition }) {
      for (const [key, variable] of Object.entries(isDict(definition["variables"]) ? definition["variables"] : {})) {
        const { type, default: given } = isDict(variable) ? variable : {};
        if (typeof given !== "string" || isUnknown(given) || given === "") continue;
        const fits =
          type === "number"
            ? Number.isFinite(Number(given))
            : type === "boolean"
              ? given === "true" || given === "false"
              : true;
        if (!fits)
          yield {
            path: ["variables", key, "default"],
            what: type === "number" ? `"${given}" is not a number` : `"${given}" is neither true nor false`,
          };
      }
    },
  },
  "output-key": {
    severity: "error",
    refusedBy: "server",
    text: "An `outputVariable` has a key that is not empty.",
    why: "PostHog refuses one without a name",
    cites: "API §3.8, §4.1",
    fails: flowOf({ ask: webhook({}, { outputVariable: { key: " " } }) }),
    passes: flowOf({ ask: webhook({}, result) }, answer),
    *find({ steps }) {
      for (const [id, step] of steps) {
        const output = step["outputVariable"];
        for (const [i, item] of [output].flat().entries()) {
          const key = isDict(item) ? item["key"] : undefined;
          if (typeof key === "string" && key !== "" && key.trim() === "")
            yield {
              path: ["actions", id, "outputVariable", ...(Array.isArray(output) ? [i] : []), "key"],
              what: "the key is white space",
            };
        }
      }
    },
  },
  "idle-output": {
    severity: "warning",
    refusedBy: "run-time",
    text: "Only steps that have a result have an `outputVariable`.",
    why: "Delays, time windows, exits, e-mails and pushes return nothing, so the variable keeps its value",
    cites: "run time §3.8, §3.10",
    fails: flowOf({ pause: delay("1d", result) }, answer),
    passes: flowOf({ ask: webhook({}, result) }, answer),
    *find({ steps }) {
      for (const [id, step] of steps)
        if (stepKindOf(step["type"])?.hasResult === false && step["outputVariable"] !== undefined)
          yield {
            path: ["actions", id, "outputVariable"],
            what: `a ${String(step["type"])} step has no result`,
            fix: "Remove it",
          };
    },
  },
});

/** JSON as Python's json.dumps writes it: with spaces, and every character beyond ASCII as an escape. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (isDict(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`)
      .join(", ")}}`;
  return (JSON.stringify(value) ?? "null").replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
