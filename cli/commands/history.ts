// `hogflow history`: the versions of a flow, what changed between two, and one of them as code.
import { changeLines } from "../../operate/change/change-text";
import { flowHistory, revisionDiff, revisionProgram } from "../../operate/history/history";
import type { StackResource } from "../../operate/stack-state";
import type { PostHogClient } from "../../api";
import { defineCommand, flowArgument, parsed, type Context } from "../define";
import { Misuse } from "../failure";
import { wholeNumber } from "../values";
import { oneLine } from "../../definition/plain-text";

const version = wholeNumber(1, 1_000_000_000);

/** Two versions, as in `3..5` or `3,5`. */
function versions(text: string): [number, number] {
  const parts = text.split(/\.\.|,/);
  if (parts.length !== 2) throw new Error(`must be two versions, such as 3..5, not "${text}"`);
  return [version(parts[0]!), version(parts[1]!)];
}

export const history = defineCommand({
  name: "history",
  summary: "list the versions of a flow, compare two, or print one as code",
  description:
    "Lists the versions that PostHog keeps of a flow, with author and time, and marks the one that this stack deployed last. PostHog keeps a version for each change of content, without title, " +
    "description and status. --diff compares two versions step by step. --code prints one as a program, to roll back by a pull request.",
  arguments: { flow: flowArgument() },
  options: {
    diff: parsed("<from..to>", "what changed between two versions, such as 3..5", versions),
    code: parsed("<version>", "print this version as a program", version),
    limit: parsed("<n>", "show at most this many versions", wholeNumber(1, 10_000), 50),
  },
  needs: ["posthog"],
  json: "a list of {version, at, by, deployed}; with --diff {flow, steps}; with --code {version, code}",
  examples: [
    { command: "hogflow history onboarding", does: "lists the versions of a flow of the stack" },
    { command: "hogflow history onboarding --diff 3..5", does: "shows what changed between them" },
    {
      command: "hogflow history onboarding --code 3 > onboarding.ts",
      does: "brings an older version back into the program",
    },
  ],
  async run(context, { flow, diff, code, limit }) {
    const { io, print } = context;
    if (diff !== undefined && code !== undefined)
      throw new Misuse({ what: "--diff and --code were given", fix: "Give one of them" });
    const { client, id, resource } = await target(context, flow);
    if (diff) {
      const change = await revisionDiff(client, id, ...diff);
      const lines = changeLines(change, (text, style) => io.style(text, style));
      return print(change, () =>
        lines.length === 0 ? `Versions ${diff.join(" and ")} are the same.` : lines.join("\n"),
      );
    }
    if (code !== undefined) {
      // No version holds the title.
      const title = resource === undefined ? (await client.getFlow(id)).name : resource.outputs["name"];
      const text = await revisionProgram(client, id, code, {
        ...(resource ? { name: resource.name } : {}),
        ...(typeof title === "string" ? { title } : {}),
      });
      return print({ version: code, code: text }, () => text.trimEnd());
    }
    const deployed = resource?.outputs["version"];
    const revisions = await flowHistory(client, id, {
      most: limit,
      ...(typeof deployed === "number" ? { deployed } : {}),
    });
    print(revisions, () => {
      const rows = revisions.map(
        ({ version: number, at, by, deployed: isOurs }) =>
          `${String(number).padStart(7)}  ${oneLine(`${at}  ${by ?? "unknown"}`)}${isOurs ? io.style("  deployed by this stack", "green") : ""}`,
      );
      return rows.length === 0
        ? "PostHog has no versions of this flow."
        : [io.style("version  saved                        by", "bold"), ...rows].join("\n");
    });
  },
});

/** Named by its id, a flow may be one of the stack, too: then its deployed version is marked. There may be no stack, or one without it. */
async function target(
  context: Context,
  flow: string,
): Promise<{ client: PostHogClient; id: string; resource?: StackResource }> {
  const found = await context.flow(flow);
  if (found.resource || context.workspace().stack === undefined) return found;
  const resource = await context.stackState().then(
    ({ resources }) => resources.find(({ id }) => id === found.id),
    () => undefined,
  );
  return { ...found, ...(resource ? { resource } : {}) };
}
