// `hogflow templates list`: the templates behind function steps.
import { listTemplates } from "../../operate/templates";
import { defineCommand } from "../define";
import { table } from "../table";

export const templatesList = defineCommand({
  name: "templates list",
  summary: "templates that function steps can use",
  description:
    "Lists the templates that PostHog's own steps use and those that the project's flows use, with their inputs. * marks required inputs, ! inputs that PostHog keeps secret.",
  needs: ["posthog"],
  json: "a list of {template, usedBy}; template as PostHog returns it",
  examples: [
    { command: "hogflow templates list", does: "what `templateId` of a step may be, and what `inputs` it takes" },
  ],
  async run({ io, connect, print }) {
    const client = await connect();
    io.progress("Reading templates …");
    const templates = await listTemplates(client);
    const rows = templates.map(({ template, usedBy }) => [
      template.id,
      template.name,
      String(usedBy.length),
      template.inputs_schema
        .map(({ key, required, secret }) => `${key}${required ? "*" : ""}${secret ? "!" : ""}`)
        .join(", "),
    ]);
    print(templates, () =>
      table(
        [{ title: "template" }, { title: "name" }, { title: "flows", align: "right" }, { title: "inputs" }],
        rows,
        Math.max(io.columns, 120),
      ),
    );
  },
});
