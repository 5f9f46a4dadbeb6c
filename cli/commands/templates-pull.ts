// `hogflow templates pull`: TypeScript types for the inputs of destination templates, or the templates themselves for the emulator.
import path from "node:path";
import { readTemplates, writeTemplates } from "../../operate/templates";
import { templateTypes } from "../../operate/template-types";
import { writeGenerated } from "../../operate/write-file";
import { defineCommand, option, optionalList } from "../define";
import { counted } from "../texts";

export const templatesPull = defineCommand({
  name: "templates pull",
  summary: "TypeScript types for the inputs of destinations",
  description:
    "Writes a TypeScript module with a step function for each destination template, with typed inputs: for the templates that you name, or those that the project's flows use. The same templates give the same text. " +
    "To a .json file it writes the templates as PostHog returns them, for `hogflow emulator --templates`.",
  arguments: { templates: optionalList("ids of templates, such as template-mailchimp") },
  options: {
    out: option(
      "<file>",
      "file to write, .ts or .json; default: types to standard output. A file that this command did not write is overwritten only with --yes",
    ),
  },
  needs: ["posthog", "consent"],
  json: "{templates, out, result}: the ids, the file, and written or unchanged; without --out {templates, text}",
  examples: [
    {
      command: "hogflow templates pull --out posthog/templates.ts",
      does: "writes types for all templates that the project uses",
    },
    { command: "hogflow templates pull template-mailchimp", does: "prints the types of one template" },
    {
      command: "hogflow templates pull --out templates.json",
      does: "keeps the templates for `hogflow emulator --templates templates.json`",
    },
  ],
  async run({ io, connect, print, confirmed }, { templates: ids, out }) {
    const client = await connect();
    io.progress("Reading templates …");
    const found = await readTemplates(client, ids);
    if (out !== undefined && path.extname(out) === ".json") {
      const result = writeTemplates(out, found, { overwrite: confirmed });
      return print(
        { templates: found.map(({ id }) => id), out, result },
        () => `${counted(found.length, "template")}: ${out} ${result}.`,
      );
    }
    // Sources belong to triggers, which have separate types.
    const destinations =
      ids.length > 0 ? found : found.filter(({ type }) => type === undefined || type === "destination");
    const text = templateTypes(destinations);
    const names = destinations.map(({ id }) => id);
    if (out === undefined) return print({ templates: names, text }, () => text.trimEnd());
    const result = writeGenerated(out, text, { overwrite: confirmed });
    print({ templates: names, out, result }, () => `${counted(names.length, "template")}: ${out} ${result}.`);
  },
});
