// The examples that are written as steps mean the same as when they were wired by hand: the fixture holds what those programs sent, in canonical form.
// So a stack that the old program made shows nothing in a preview of the new one.
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { canonical, definitionOf } from "../../definition/canonical/canonical";
import type { Dict } from "../../definition/canonical/values";
import { build } from "../../tools/build.mjs";
import { exampleFlows } from "../support/example-flows";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const FORMS = JSON.parse(
  readFileSync(path.join(REPOSITORY, "test/fixtures/examples/keyed-forms.json"), "utf8"),
) as Record<string, Record<string, Dict>>;

beforeAll(() => build(), 180_000);

/** The flows that an example's program registers, by name, in canonical form and with what the editor owns. */
const flowsOf = (example: string): Record<string, Dict> =>
  Object.fromEntries(
    Object.entries(exampleFlows(example)).map(([name, inputs]) => [
      name,
      {
        ...canonical(definitionOf(inputs)),
        ...(inputs["editorOwns"] === undefined ? {} : { editorOwns: inputs["editorOwns"] }),
      },
    ]),
  );

describe.each(Object.keys(FORMS))("%s", (example) => {
  it("means what its keyed form meant", () => {
    const byHand = Object.fromEntries(
      Object.entries(FORMS[example]!).map(([name, { editorOwns, ...definition }]) => [
        name,
        { ...canonical(definition), ...(editorOwns === undefined ? {} : { editorOwns }) },
      ]),
    );
    expect(flowsOf(example)).toEqual(byHand);
  }, 60_000);
});

it("covers every example that is written as steps", () => {
  const written = Object.keys(FORMS).map((name) => name.split(" ")[0]!);
  for (const name of written)
    expect(readFileSync(path.join(REPOSITORY, "examples", name, "index.ts"), "utf8"), name).toMatch(/^\s+steps: \[/m);
});
