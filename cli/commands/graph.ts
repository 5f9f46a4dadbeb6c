// `hogflow graph`: a flow as a Mermaid drawing.
import { flowFromJson, flowFromServer, flowFromStack, isFileName, isFlowId } from "../../operate/flow-source";
import { drawFlows, type DrawFailure, type FlowToDraw } from "../../operate/graph/draw-flows";
import { escapeText, fenced } from "../../operate/review/markdown";
import { flowIn, readStack, type StackResource } from "../../operate/stack-state";
import { readTextFile } from "../../definition/text-file";
import { choice, defineCommand, flag, optionalList, type Context } from "../define";
import { DONE, FAILED, type ExitCode } from "../exit-codes";
import { oneLine } from "../../definition/plain-text";

export const graph = defineCommand({
  name: "graph",
  summary: "draw flows as Mermaid",
  description:
    "Draws flows as Mermaid flowcharts, which GitHub, GitLab and many editors show as pictures. Name a flow by a JSON file (`-` is standard input), by its id in PostHog, " +
    "or by its name in the Pulumi program, which draws it as last deployed. Without a name, all flows of the stack are drawn.",
  arguments: { flows: optionalList("files, ids or names of flows") },
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
  const { io, signal } = context;
  let state: ReturnType<typeof readStack> | undefined;
  const stack = () => (state ??= readStack(context.workspace(), { env: io.env, signal }));
  const deployed = (resource: StackResource): FlowToDraw => ({
    name: resource.name,
    find: () => flowFromStack(resource),
  });
  if (names.length === 0) return (await stack()).resources.filter(({ kind }) => kind === "flow").map(deployed);
  const wanted: FlowToDraw[] = [];
  for (const name of names) {
    if (isFileName(name))
      wanted.push({
        name,
        find: async () => flowFromJson(name === "-" ? await io.readAll() : readTextFile(name), name),
      });
    else if (isFlowId(name)) {
      const client = await context.connect();
      wanted.push({ name, find: () => flowFromServer(client, name) });
    } else wanted.push(deployed(flowIn(await stack(), name)));
  }
  return wanted;
}
