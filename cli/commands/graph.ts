// `hogflow graph`: a flow as a Mermaid drawing.
import { flowFromStack } from "../../operate/flow-source";
import { drawFlows, type DrawFailure, type FlowToDraw } from "../../operate/graph/draw-flows";
import { escapeText, fenced } from "../../operate/review/markdown";
import { choice, defineCommand, flag, flowsOrFiles, type Context } from "../define";
import { DONE, FAILED, type ExitCode } from "../exit-codes";
import { oneLine } from "../../definition/plain-text";
import { readDefinition } from "../read-definition";

export const graph = defineCommand({
  name: "graph",
  summary: "draw flows as Mermaid",
  description:
    "Draws flows as Mermaid flowcharts, which GitHub, GitLab and many editors show as pictures. A flow of the stack, by name or title, is drawn as last deployed; " +
    "any other, and one named by its id, as it is in PostHog. Without a name, all flows of the stack are drawn.",
  arguments: { flows: flowsOrFiles() },
  options: {
    direction: choice<"TD" | "LR">(
      "<direction>",
      "TD draws from top to bottom, LR from left to right",
      ["TD", "LR"],
      "TD",
    ),
    markdown: flag("print Markdown: a title and a fenced block for each flow"),
  },
  needs: ["posthog"],
  json: "a list of {title, mermaid}",
  exitCodes: { 0: "all flows are drawn", 1: "a flow could not be drawn, and the others are" },
  examples: [
    { command: "hogflow graph onboarding", does: "draws a flow of the selected stack" },
    { command: "hogflow graph flow.json --direction LR", does: "draws the JSON that PostHog returned" },
    { command: "hogflow graph --markdown > WORKFLOWS.md", does: "draws all flows of the stack for the repository" },
  ],
  async run(context, { flows, direction, markdown }): Promise<ExitCode> {
    const wanted = await flowsOf(context, flows);
    const failures: DrawFailure[] = [];
    // One alone fails as a whole, with all that its error says.
    const drawn = await drawFlows(wanted, {
      direction,
      ...(wanted.length > 1 ? { onFailure: (failure) => failures.push(failure) } : {}),
    });
    context.signal.throwIfAborted();
    context.print(drawn, () =>
      drawn
        .map(({ title, mermaid }) =>
          markdown
            ? `## ${escapeText(title)}\n\n${fenced("mermaid", mermaid)}\n`
            : `${wanted.length > 1 ? `%% ${oneLine(title)}\n` : ""}${mermaid}`,
        )
        .join("\n")
        .trimEnd(),
    );
    for (const { name, error } of failures) context.io.note(`${oneLine(name)} could not be drawn: ${error}`);
    return failures.length > 0 ? FAILED : DONE;
  },
});

async function flowsOf(context: Context, names: readonly string[]): Promise<FlowToDraw[]> {
  if (names.length > 0) return names.map((name) => ({ name, find: () => readDefinition(context, name) }));
  return (await context.stackState()).resources
    .filter(({ kind }) => kind === "flow")
    .map((resource) => ({ name: resource.name, find: async () => flowFromStack(resource) }));
}
