// The tables of step kinds and trigger kinds agree with what else is known of each kind: its config, its template, the worker's contract, and the emulator.
import { describe, expect, it } from "vitest";
import { actionConfigs, triggerConfigs } from "../../../definition/schema/schemas";
import { STEP_KINDS, type StepKind } from "../../../definition/schema/step-kinds";
import { TEMPLATE_DEFAULTS } from "../../../definition/schema/template-defaults";
import { TEMPLATE_INPUTS } from "../../../definition/schema/template-inputs";
import { MESSAGE_TEMPLATES, TRIGGER_TEMPLATES } from "../../../definition/schema/templates";
import { TRIGGER_KINDS, type TriggerKind } from "../../../definition/schema/trigger-kinds";
import { WORKER_CONTRACT } from "../../../definition/schema/worker-contract";
import * as emulator from "../../../emulator/serializers/action-types";
import { templateIds } from "../../../emulator/templates";
import { constantName } from "../../../operate/program-text";
import * as sdk from "../../../sdk";

const steps = Object.entries(STEP_KINDS) as [keyof typeof STEP_KINDS, StepKind][];
const triggers = Object.entries(TRIGGER_KINDS) as [keyof typeof TRIGGER_KINDS, TriggerKind][];
const typesWhere = <Kind>(kinds: readonly (readonly [string, Kind])[], holds: (kind: Kind) => boolean): string[] =>
  kinds.flatMap(([type, kind]) => (holds(kind) ? [type] : [])).sort();
const sorted = (types: readonly string[]): string[] => [...types].sort();

describe.each(steps)("the row of %s", (type, kind) => {
  const fields = Object.keys(actionConfigs[type].shape);
  const template = MESSAGE_TEMPLATES[type];

  it("names only fields that its config has", () => {
    const named = [kind.duration, kind.branches?.list, ...kind.filters.map(({ key }) => key)];
    expect(named.filter((key) => key !== undefined && !fields.includes(key))).toEqual([]);
  });
  it("has inputs where it has a template, and does something outside, which may fail, there alone", () => {
    expect(fields.includes("inputs")).toBe(kind.template !== "none");
    expect([kind.stay === "works", kind.mayFail, kind.filtered === "content"]).toEqual(
      Array.from({ length: 3 }, () => kind.template !== "none"),
    );
  });
  it("waits for a time of its own where it waits for one at all", () =>
    expect(kind.duration === undefined || kind.stay === "waits").toBe(true));
  it("has a template of its own where it sends a message, whose recipient the worker asks for", () => {
    expect(kind.channel === undefined).toBe(template === undefined);
    expect(kind.recipient === undefined).toBe(template === undefined);
    if (template === undefined || kind.recipient === undefined || kind.recipient === "device") return;
    const { input, members, isFilledIn } = kind.recipient;
    expect(Object.keys(TEMPLATE_INPUTS[template]!.inputs)).toContain(input);
    expect(WORKER_CONTRACT[template]!.map(({ at }) => at)).toContainEqual([input, ...members]);
    expect(TEMPLATE_DEFAULTS[template]?.[input] !== undefined).toBe(isFilledIn);
  });
  it("is called something that a program can write", () => expect(kind.word).toMatch(/^[a-z]+$/));
});

it("calls no two kinds of step the same", () => {
  for (const column of ["noun", "word"] as const)
    expect(new Set(steps.map(([, kind]) => kind[column])).size).toBe(steps.length);
});

it.each(triggers)(
  "the row of a trigger %s has filters where its config has, and inputs where it has a template",
  (type, kind) => {
    const fields = Object.keys(triggerConfigs[type].shape);
    expect(fields.includes("filters")).toBe(kind.filters !== "none");
    expect(fields.includes("inputs")).toBe(kind.template !== undefined);
    expect(kind.template).toBe(TRIGGER_TEMPLATES[type]);
  },
);

describe("the emulator, which shares nothing, says the same", () => {
  it("of steps", () => {
    expect(sorted(emulator.STEP_TYPES)).toEqual(typesWhere(steps, () => true));
    expect(sorted(emulator.BILLABLE)).toEqual(typesWhere(steps, ({ mayFail }) => mayFail));
    expect(sorted(emulator.NEEDS_PERSON)).toEqual(typesWhere(steps, ({ person }) => person !== undefined));
    expect(emulator.LITERAL_TEMPLATES).toEqual({ ...MESSAGE_TEMPLATES });
    expect(templateIds()).toEqual(expect.arrayContaining(Object.values(emulator.LITERAL_TEMPLATES)));
  });
  it("of triggers", () => {
    expect(sorted(emulator.TRIGGER_TYPES)).toEqual(typesWhere(triggers, () => true));
    expect(sorted(emulator.PERSONLESS)).toEqual(typesWhere(triggers, ({ isRowScoped }) => isRowScoped));
  });
});

it("no written program calls a flow as a function that it may import", () => {
  const names = Object.keys(sdk).filter((name) => /^[a-z]/.test(name));
  expect(names.filter((name) => constantName(name) === name)).toEqual([]);
});
