// `hogflow graph`: a flow as a Mermaid drawing.
import { flowFromJson, flowFromServer, flowFromStack, isFileName, isFlowId, type FoundFlow } from "../../operate/flow-source";
import { drawFlow } from "../../operate/graph/draw";
import { escapeText, fenced } from "../../operate/review/markdown";
import { flowIn, readStack } from "../../operate/stack-state";
import { readTextFile } from "../../provider/text-file";
import { choice, defineCommand, flag, optionalList, type Context } from "../define";
import { oneLine } from "../../provider/plain-text";

export const graph = defineCommand({
  name: "graph",
  summary: "draw flows as Mermaid",
  description:
    "Draws flows as Mermaid flowcharts, which GitHub, GitLab and many editors show as pictures. A flow is named by a JSON file (`-` is standard input), by its id in PostHog, " +
    "or by its name in the Pulumi program, as it was deployed last. Without a name, all flows of the stack are drawn.",
  arguments: { flows: optionalList("files, ids or names of flows") },
  options: {
    direction: choice<"TD" | "LR">("<direction>", "TD draws from top to bottom, LR from left to right", ["TD", "LR"], "TD"),
    markdown: flag("print Markdown: a title and a fenced block for each flow"),
  },
  needs: ["posthog"],
  json: "a list of {title, mermaid}",
  examples: [
    { command: "hogflow graph onboarding", does: "draws a flow of the selected stack" },
    { command: "hogflow graph flow.json --direction LR", does: "draws the JSON that PostHog returned" },
    { command: "hogflow graph --markdown > WORKFLOWS.md", does: "draws all flows of the stack for the repository" },
  ],
  async run(context, { flows, direction, markdown }) {
    const found = await flowsOf(context, flows);
    const drawn = found.map(({ title, definition }) => ({ title, mermaid: drawFlow(definition, { direction }) }));
    context.print(drawn, () => drawn.map(({ title, mermaid }) => (markdown ? `## ${escapeText(title)}\n\n${fenced("mermaid", mermaid)}\n` : `${drawn.length > 1 ? `%% ${oneLine(title)}\n` : ""}${mermaid}`)).join("\n").trimEnd());
  },
});

async function flowsOf(context: Context, names: readonly string[]): Promise<FoundFlow[]> {
  const { io, signal } = context;
  let state: ReturnType<typeof readStack> | undefined;
  const stack = () => (state ??= readStack(context.workspace(), { env: io.env, signal }));
  if (names.length === 0) return (await stack()).resources.filter(({ kind }) => kind === "flow").map(flowFromStack);
  const found: FoundFlow[] = [];
  for (const name of names) {
    if (isFileName(name)) found.push(flowFromJson(name === "-" ? await io.readAll() : readTextFile(name), name));
    else if (isFlowId(name)) found.push(await flowFromServer(await context.connect(), name));
    else found.push(flowFromStack(flowIn(await stack(), name)));
  }
  return found;
}
