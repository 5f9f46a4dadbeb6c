// The table of template inputs agrees with the other things that are known about templates.
import { expect, it } from "vitest";
import { TEMPLATE_INPUTS } from "../../../definition/schema/template-inputs";
import { MESSAGE_TEMPLATES, SECRET_INPUTS, TRIGGER_TEMPLATES } from "../../../definition/schema/templates";

it("has every template that a step or trigger takes by itself", () => {
  for (const id of [...Object.values(MESSAGE_TEMPLATES), ...Object.values(TRIGGER_TEMPLATES)])
    expect(TEMPLATE_INPUTS[id], id).toBeDefined();
});

it("has the same secrets as the rules of secrets", () => {
  const secrets = Object.entries(TEMPLATE_INPUTS).map(
    ([id, { inputs }]) => [id, Object.keys(inputs).filter((key) => inputs[key]!.secret)] as const,
  );
  expect(Object.fromEntries(secrets.filter(([, keys]) => keys.length > 0))).toEqual({ ...SECRET_INPUTS });
});
