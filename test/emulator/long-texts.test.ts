// Texts of requests are anybody's: none of them may take the emulator longer than its length.
import { describe, expect, it } from "vitest";
import { compileTemplate } from "../../emulator/compiler";
import type { JsonObject } from "../../emulator/json";
import { parseRule } from "../../emulator/recurrence";
import { searchFlows } from "../../emulator/search";
import { inputsField } from "../../emulator/serializers/inputs";
import type { Flow } from "../../emulator/store";
import type { InputSchema } from "../../emulator/templates";

const MANY = 50_000;

const flowWith = (html: string): Flow =>
  ({
    name: "Welcome",
    description: "",
    draft: null,
    content: { actions: [{ name: "Mail", config: { inputs: { email: { value: { html } } } } }] } as JsonObject,
  }) as Flow;

function inTime(work: () => unknown): unknown {
  const started = performance.now();
  const result = work();
  expect(performance.now() - started).toBeLessThan(2_000);
  return result;
}

describe("long texts", () => {
  it.each(["<style>", "<script ", "<", "</style "])("are searched in time: %s", (part) => {
    inTime(() => searchFlows([flowWith(part.repeat(MANY))], "nothing"));
  });

  it("show the words between tags, and nothing of styles", () => {
    const flow = flowWith(
      '<style>p { color: red }</style><p class="x">Hello&nbsp;<b>Ada</b></p><script>var a;</script>',
    );
    expect(searchFlows([flow], "hello ada")).toEqual([flow]);
    expect(searchFlows([flow], "color")).toEqual([]);
    expect(searchFlows([flow], "var a")).toEqual([]);
  });

  it.each(["{{ ", "{% ", "{{ inputs.a }} {{ "])("are looked through for other inputs in time: %s", (part) => {
    const schema: InputSchema[] = [{ key: "body", type: "string", label: "", required: false, templating: "liquid" }];
    const body = { value: part.repeat(MANY), templating: "liquid" };
    inTime(() => inputsField({ body }, { schema, secrets: undefined, stored: undefined, generation: 0 }));
  });

  it("are compiled in time", () => {
    inTime(() => compileTemplate(`{${"person.properties.a + ".repeat(MANY)}1}`, 0));
    expect(() => inTime(() => compileTemplate(`{${"1 + ".repeat(MANY)}nobody}`, 0))).toThrow("nobody");
  });

  it("are read as a rule in time", () => {
    inTime(() => expect(() => parseRule(`FREQ=DAILY${" ".repeat(MANY)};COUNT=1`)).toThrow());
    expect(parseRule(" FREQ=DAILY \n\n EXDATE:20260101T000000Z ").excluded).toHaveLength(1);
  });
});
