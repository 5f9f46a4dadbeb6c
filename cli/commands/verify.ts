// `hogflow verify`: PostHog's own worker as judge of what the simulator says, before anything is deployed.
import { writeFile } from "node:fs/promises";
import { packageVersion } from "../../definition/package";
import { oneLine } from "../../definition/plain-text";
import { readTextFile } from "../../definition/text-file";
import { nearest } from "../../definition/schema/names";
import { OperateError } from "../../operate/errors";
import { masked } from "../../operate/mask";
import type { KeptPerson } from "../../operate/people/kept";
import type { ProjectFlow } from "../../operate/project-flows";
import { parsePreview } from "../../operate/review/preview";
import type { VerifiedFlow } from "../../operate/verify/verify";
import type { StepWords } from "../../operate/verify/words";
import { defineCommand, flowsOrFiles, option, parsed, repeated, type Context } from "../define";
import { DONE, FAILED, FOUND, type ExitCode } from "../exit-codes";
import { Misuse } from "../failure";
import { namedFlows } from "../named-flow";
import { allFlows } from "../program-flows";
import type { Io, Style } from "../io";
import { counted } from "../texts";
import { wholeNumber } from "../values";

export const verify = defineCommand({
  name: "verify",
  summary: "ask PostHog's own worker whether flows do what the simulator says, before they are deployed",
  description:
    "Sends each step that sample people come to, with what they bring to it, to PostHog's test runs, and compares what PostHog's worker does with what `hogflow simulate` says: subject and body, requests, branches, waits, failures and exits. Prints each step with its verdict, and both stories where they differ.\n\n" +
    "Nothing is stored, and nothing is sent: a test run takes a flow that is in no project, and outgoing calls are always mocked. Steps of kinds that hogflow does not know are not sent, because PostHog may run them for real. Secrets are left out on both sides. The properties of the sample people are sent to PostHog, as those of the flow's texts.\n\n" +
    "By default all flows of the program are verified, which is run as `hogflow validate` does; where it cannot be run, those of the stack. Sample people are the files of `people` in the project, or of --people; where there are none, they are made up from the flows' own filters. The key needs the scopes hog_flow:write and group:read; a project secret API key has no test runs.",
  arguments: {
    flows: flowsOrFiles("; default: all flows of the program"),
  },
  options: {
    preview: option(
      "<file>",
      "verify the flows that this output of `pulumi preview --json --show-sames` makes; - is standard input",
    ),
    people: option(
      "<folder>",
      "folder with sample people, one JSON file for each (default: people in the project, where it exists)",
    ),
    only: repeated("<person>", "only for this sample person; may be repeated"),
    most: parsed(
      "<n>",
      "send this many requests at most; each step first, then it again for others",
      wholeNumber(1, 4000),
      300,
    ),
    report: option(
      "<file>",
      "also write what differs into this JSON file, without names, texts, people and ids: to attach to an issue",
    ),
  },
  needs: ["posthog"],
  json: "{agrees, differs, untested, unreached, requests, flows: [{key, name, title, definition, steps: [{id, title, type, verdict, people, differences, untested, open}], unreached, doubts}]}; verdict is agrees, differs or untested",
  exitCodes: {
    0: "every step that was tested agrees",
    1: "nothing was tested: the key was refused, PostHog has no test runs or did not answer, or there is no such flow; or the program stopped early",
    2: "a step differs, or PostHog refuses a flow",
  },
  examples: [
    { command: "hogflow verify", does: "verifies every flow of the program" },
    { command: 'hogflow verify onboarding --only "free plan"', does: "verifies one flow for one sample person" },
    {
      command: "pulumi preview --json --show-sames | hogflow verify --preview -",
      does: "verifies the flows as the stack's configuration makes them",
    },
    { command: "hogflow verify --report verify.json", does: "also writes a file for an issue" },
  ],
  async run(context, { flows: named, preview, people: folder, only, most, report }): Promise<ExitCode> {
    const { io, signal, clock, workspace } = context;
    if (preview !== undefined && named.length > 0)
      throw new Misuse({ what: "--preview already says which flows", fix: "Leave out the names, or --preview" });
    // Before the program is run: whoever has no key need not wait for it.
    const client = await context.connect();
    const { flows, isWhole } = await flowsToVerify(context, named, preview);
    const { samplePeople } = await import("../../operate/simulate-all.js");
    const sample = samplePeople(flows, { folder, workspace: workspace() });
    if (sample.folder === undefined && flows.length > 0)
      io.note("The project has no folder people with sample people, so they are made up from the flows' own filters.");
    const operate = await import("../../operate/verify/verify.js");
    const words = await import("../../operate/verify/words.js");
    const verification = await operate.verify({
      flows,
      people: chosen(sample.people, only),
      client,
      clock,
      most,
      signal,
      onRequest: (done, all) => io.progress(`Asking PostHog's worker, ${done} of ${all} …`),
    });
    if (report !== undefined) {
      const { reportFile } = await import("../../operate/verify/report-file.js");
      const data = reportFile(verification, { version: packageVersion(), host: client.host });
      await writeFile(report, `${JSON.stringify(data, null, 2)}\n`);
      io.note(`Wrote ${report}: it has no names, texts, people or ids.`);
    }
    const { flows: verified, ...counts } = verification;
    context.print({ ...counts, flows: verified }, () =>
      flows.length === 0
        ? "There are no flows."
        : verified.map((flow) => flowText(flow, words.stepWords(flow), io)).join("\n\n"),
    );
    if (flows.length === 0) return isWhole ? DONE : FAILED;
    io.note(`${words.verdictWords(verification)}, in ${counted(verification.requests, "request")}.`);
    if (verification.differs > 0) return FOUND;
    io.note(words.LIMITS);
    return isWhole && verification.agrees > 0 ? DONE : FAILED;
  },
});

interface FlowsToVerify {
  flows: ProjectFlow[];
  isWhole: boolean;
}

async function flowsToVerify(
  context: Context,
  named: readonly string[],
  preview: string | undefined,
): Promise<FlowsToVerify> {
  const { io } = context;
  if (preview !== undefined) {
    const { flowsOfPreview } = await import("../../operate/project-flows.js");
    const { flows, unread } = flowsOfPreview(
      parsePreview(preview === "-" ? await io.readAll() : readTextFile(preview)),
    );
    for (const { title, why } of unread) io.note(`“${title}” could not be read: ${why}`);
    return { flows, isWhole: unread.length === 0 };
  }
  if (named.length === 0) return allFlows(context);
  const find = namedFlows(context);
  const flows: ProjectFlow[] = [];
  for (const name of named) {
    const found = await find(name);
    if ("program" in found) flows.push(found.program);
    else
      flows.push({
        key: name,
        name: found.found.title,
        title: found.found.title,
        // As those of a program come: people who are made up from it must fit what is sent.
        side: { definition: masked(found.found.definition), schedules: [] },
      });
  }
  return { flows, isWhole: true };
}

/** The people whom --only names. */
function chosen(people: readonly KeptPerson[], only: readonly string[]): readonly KeptPerson[] {
  const names = people.map(({ name }) => name);
  for (const name of only) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    throw new OperateError({
      what: `There is no sample person named "${name}"`,
      why: `Sample people are ${names.map((other) => `"${other}"`).join(", ") || "none"}`,
      fix: near === undefined ? "Name one of these with --only" : `Did you mean "${near}"?`,
    });
  }
  return only.length === 0 ? people : people.filter(({ name }) => only.includes(name));
}

const SIGNS: Readonly<Record<StepWords["verdict"], { text: string; style: Style }>> = {
  agrees: { text: "agrees", style: "green" },
  differs: { text: "differs", style: "red" },
  untested: { text: "not tested", style: "yellow" },
  "not reached": { text: "not tested", style: "dim" },
};
const WIDTH = 11;

function flowText({ title, name, doubts }: VerifiedFlow, steps: readonly StepWords[], io: Io): string {
  return [
    `${io.style(oneLine(title), "bold")}${title === name ? "" : ` ${io.style(`(${oneLine(name)})`, "dim")}`}`,
    ...steps.flatMap(({ verdict, head, lines }) => {
      const { text, style } = SIGNS[verdict];
      return [
        `  ${io.style(text.padEnd(WIDTH), style)} ${oneLine(head)}`,
        ...lines.map((line) => `  ${" ".repeat(WIDTH + 1)}${io.style(oneLine(line), "dim")}`),
      ];
    }),
    ...doubts.map((doubt) => `  ${io.style("not known".padEnd(WIDTH), "yellow")} ${oneLine(doubt)}`),
  ].join("\n");
}
