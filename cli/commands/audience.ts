// `hogflow audience`: how many people a batch would reach.
import { audienceOf, countAudience } from "../../operate/audience";
import { parseJson } from "../../operate/flow-file";
import { OperateError } from "../../operate/errors";
import { isFileName } from "../../operate/flow-source";
import type { Dict } from "../../definition/canonical/values";
import { readTextFile } from "../../definition/text-file";
import { choice, defineCommand, flowOrFile } from "../define";
import { DONE, FOUND } from "../exit-codes";
import { counted } from "../texts";

export const audience = defineCommand({
  name: "audience",
  summary: "count the people that the filters of a flow or a file match",
  description:
    "Counts the people that a batch of the flow would reach, or that the filters in a JSON file match. The file holds a flow, or only filters, such as " +
    '{"properties": [{"key": "plan", "value": ["free"], "operator": "exact", "type": "person"}]}. The key needs the scope person:read.',
  arguments: { flow: flowOrFile() },
  options: { dedupe: choice("<key>", "count people who share this as one", ["email"]) },
  needs: ["posthog"],
  json: "{affected, total, limit, overLimit}",
  exitCodes: { 2: "the audience is larger than the project may have: a batch would leave people out" },
  examples: [
    { command: 'hogflow audience "Spring newsletter"', does: "the audience of a flow" },
    { command: "hogflow audience filters.json --json", does: "the audience of filters in a file, as JSON" },
  ],
  async run({ io, connect, print, ...context }, { flow, dedupe }) {
    io.progress("Counting …");
    const { client, filters, sendsEmail } = isFileName(flow)
      ? { client: await connect(), ...ofText(flow === "-" ? await io.readAll() : readTextFile(flow), flow) }
      : await context.flow(flow).then(async ({ client, id }) => ({ client, ...audienceOf(await client.getFlow(id)) }));
    const count = await countAudience(client, filters, { dedupe, sendsEmail });
    const share = count.total > 0 ? ` (${((count.affected / count.total) * 100).toFixed(1)} %)` : "";
    print(count, () => `${counted(count.affected, "person", "people")} of ${count.total.toLocaleString("en")}${share}`);
    if (!count.overLimit) return DONE;
    io.note(
      io.noteStyle(
        `That is more than the ${count.limit!.toLocaleString("en")} that the project may reach with one batch: the rest would be left out.`,
        "yellow",
      ),
    );
    return FOUND;
  },
});

function ofText(text: string, name: string): { filters: Dict; sendsEmail: boolean } {
  const file = name === "-" ? "standard input" : name;
  const content = parseJson(text, file);
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new OperateError({
      what: `${file} holds no filters`,
      fix: "Give a JSON object: a flow as PostHog returns it, or filters with a list `properties`",
    });
  if ("actions" in content) return audienceOf(content);
  return { filters: content as Dict, sendsEmail: false };
}
