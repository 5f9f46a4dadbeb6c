// Rules about the use of variables: declared, and set before they are read, on every path (run time §1.3, §2.3, §3.10).
import { isUnknown } from "../definition/canonical/values";
import { nearest } from "../definition/schema/names";
import { triggerKindOf } from "../definition/schema/trigger-kinds";
import { rulesOf, type RuleFinding } from "./rule";
import { oncePerFlow, type FlowView } from "../definition/graph/view";
import { setOn, sets, variablesOf, type Reading } from "../definition/graph/variables";
import { branch, email, flowOf, pro, webhook } from "./examples";

const hello = email({ subject: "Hello {{ variables.answer }}" });
const ask = (more: object = {}) => webhook({}, { outputVariable: { key: "answer" }, onError: "abort", ...more });
const answer = { variables: { answer: { type: "string" } } };

const hasDefault = (value: unknown): boolean =>
  isUnknown(value) || (value !== undefined && value !== null && value !== "");

/** Readings of variables that nobody declares or sets. */
function* unknownReadings(flow: FlowView): Generator<Reading & { near: string | undefined }> {
  const { declared, setBy, readings, isKnown } = variablesOf(flow);
  if (!isKnown) return;
  const set = [...setBy.values()].flat();
  for (const reading of readings) {
    if (declared.has(reading.key) || set.some((key) => sets(key, reading.key))) continue;
    yield { ...reading, near: nearest(reading.key, [...declared.keys(), ...set]) };
  }
}

/** Readings of variables without a default that some step sets, and whether it has done so on every path. */
const setReadings = oncePerFlow<Reading & { always: boolean; evenOnError: boolean }>(function* (flow) {
  const { declared, setBy, readings, isKnown } = variablesOf(flow);
  const set = [...setBy.values()].flat();
  if (!isKnown || !flow.graph.isKnown || set.length === 0) return;
  const wanted = readings.filter(
    ({ key, id }) =>
      id !== undefined &&
      flow.graph.reachable.has(id) &&
      set.some((one) => sets(one, key)) &&
      !hasDefault(declared.get(key)),
  );
  if (wanted.length === 0) return;
  const usual = flow.graph.factsOnEveryPath((edge) => setOn(flow, edge, { evenOnError: false }));
  const safe = flow.graph.factsOnEveryPath((edge) => setOn(flow, edge, { evenOnError: true }));
  for (const reading of wanted) {
    const holds = (facts: ReadonlyMap<string, ReadonlySet<string>>): boolean =>
      [...(facts.get(reading.id!) ?? [])].some((one) => sets(one, reading.key));
    yield { ...reading, always: holds(usual), evenOnError: holds(safe) };
  }
});

const at = ({ path, line }: Reading): Pick<RuleFinding, "path" | "line"> => ({
  path,
  ...(line === undefined ? {} : { line }),
});

export const variableUseRules = rulesOf({
  "misspelt-variable": {
    severity: "error",
    refusedBy: "meaning",
    text: "A variable that is read is not a misspelling of an existing one (one or two letters away).",
    why: "An unknown variable renders as nothing",
    cites: "run time §3.8, §6.3",
    fails: flowOf({ ask: ask(), mail: email({ subject: "Hello {{ variables.anwser }}" }) }, answer),
    passes: flowOf({ ask: ask(), mail: hello }, answer),
    *find(flow) {
      for (const reading of unknownReadings(flow))
        if (reading.near)
          yield {
            ...at(reading),
            what: `there is no variable "${reading.key}"`,
            suggestion: `"${reading.near.replace(/_$/, "_…")}"`,
          };
    },
  },
  "undeclared-variable": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A variable that is read is declared, or set by a step.",
    why: "It renders as nothing, unless the start of the run passes it",
    cites: "run time §1.3, §3.8",
    fails: flowOf({ mail: email({ subject: "Hello {{ variables.greeting }}" }) }),
    passes: flowOf(
      { mail: email({ subject: "Hello {{ variables.greeting }}" }) },
      { variables: { greeting: { type: "string", default: "dear friend" } } },
    ),
    *find(flow) {
      for (const reading of unknownReadings(flow))
        if (!reading.near)
          yield {
            ...at(reading),
            what: `the variable "${reading.key}" is not declared, and no step sets it`,
            fix: "Declare it under `variables`",
          };
    },
  },
  "variable-never-set": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A variable that is read has a default, or a step that sets it.",
    why: "Nothing sets it, so it renders as nothing",
    cites: "run time §1.3",
    fails: flowOf({ mail: hello }, answer),
    passes: flowOf({ ask: ask(), mail: hello }, answer),
    *find(flow) {
      const { declared, setBy, readings, isKnown } = variablesOf(flow);
      if (!isKnown || !flow.trigger || triggerKindOf(flow.trigger.type)?.takesVariables) return;
      const set = [...setBy.values()].flat();
      for (const reading of readings)
        if (
          declared.has(reading.key) &&
          !hasDefault(declared.get(reading.key)) &&
          !set.some((key) => sets(key, reading.key))
        )
          yield {
            ...at(reading),
            what: `the variable "${reading.key}" has no default, and no step sets it`,
            fix: "Give it a default, or set it with `outputVariable`",
          };
    },
  },
  "variable-not-on-every-path": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A variable without a default is set on every path to where it is read.",
    why: "On the other paths it renders as nothing",
    cites: "run time §3.10",
    fails: flowOf({ ways: branch([pro], ["ask"], { next: "mail" }), ask: ask(), mail: hello }, answer),
    passes: flowOf({ ways: branch([pro], ["exit_node"], { next: "ask" }), ask: ask(), mail: hello }, answer),
    *find(flow) {
      for (const reading of setReadings(flow))
        if (!reading.always)
          yield {
            ...at(reading),
            what: `the variable "${reading.key}" is not set on every path that leads here`,
            fix: "Give it a default, or set it on the other paths too",
          };
    },
  },
  "variable-lost-on-error": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A step that sets a variable without a default ends the run when it fails.",
    why: 'A run continues after an error unless the step has `onError: "abort"`, and the variable then renders as nothing',
    cites: "run time §2.5, §3.10",
    fails: flowOf({ ask: ask({ onError: undefined }), mail: hello }, answer),
    passes: flowOf({ ask: ask(), mail: hello }, answer),
    *find(flow) {
      for (const reading of setReadings(flow))
        if (reading.always && !reading.evenOnError)
          yield {
            ...at(reading),
            what: `the variable "${reading.key}" is not set when the step before has failed`,
            fix: 'Give it a default, or write onError: "abort" at the step that sets it',
          };
    },
  },
});
