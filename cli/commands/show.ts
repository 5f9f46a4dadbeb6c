// `hogflow show`: a page on which people see what they will get, as a file, or served and live.
import { writeFile } from "node:fs/promises";
import { readPeople } from "../../operate/people/kept";
import type { WarmPrograms } from "../../operate/program/warm-programs";
import { liveStatuses } from "../../operate/review/live-status";
import { parsePreview } from "../../operate/review/preview";
import { isFileName } from "../../operate/flow-source";
import { openWorkspace, type Workspace } from "../../operate/workspace";
import { peopleFolder } from "../../operate/people/kept";
import type { Asked, MadePage } from "../../operate/show/make-page";
import type { TakenShots } from "../../operate/show/take-shots";
import type { Base, ShowSource } from "../../operate/show/source";
import { readTextFile } from "../../definition/text-file";
import { shownOfProgram } from "../../operate/findings/shown";
import { defineCommand, flag, option, optionalList, parsed, type Context } from "../define";
import { DONE, FAILED, FOUND, type ExitCode } from "../exit-codes";
import { Misuse } from "../failure";
import { findingLines } from "../findings-text";
import { whileProgramRuns } from "../program-check";
import { readStateOf, stateOption } from "../read-state";
import { counted } from "../texts";
import { wholeNumber } from "../values";

const DEFAULT_FILE = "hogflow.html";

/** What decides what is on the page. */
interface PageOptions {
  /** Names of flows, or files. */
  flows: readonly string[];
  preview?: string | undefined;
  base?: string | undefined;
  drift: boolean;
  /** A file with the state. */
  state?: string | undefined;
  people?: string | undefined;
  perWeek?: number | undefined;
}

export const show = defineCommand({
  name: "show",
  summary: "write a page that shows people what they will get: flows, messages, calendars, changes",
  description:
    "Writes one HTML file that needs nothing else: every flow with its drawing, schedule and findings, every message as its recipient sees it, and a calendar for each sample person, over all flows of the stack. It opens from disk and as an artifact of CI, and asks nobody for anything.\n\n" +
    "By default it runs the program of the Pulumi project, as `hogflow validate` does: without an engine, a key or a login. With --base it also runs the program as a branch, tag or commit has it, and shows what changes, before and after; with --preview both sides come from `pulumi preview --json --show-sames`. JSON files with flows, as PostHog's API returns them, work without a project. " +
    "With --drift it asks PostHog what was changed there.\n\n" +
    "Sample people are the files of `people` in the project, or of --people; where there are none, they are made up from the flows' own filters.\n\n" +
    "With --shots it also writes a picture of each message, before and after where something changes; --base and --preview leave out what stays the same. That needs a Chromium, Chrome or Edge, and the package playwright-core in the project.\n\n" +
    "With --serve the page is served on this machine alone, until Ctrl-C, and follows the program: a change in it, or in a file that it reads, shows at once. What keeps the program from running shows above the page, which stays as it was.",
  arguments: {
    flows: optionalList(
      `flows to show, each by its resource's name or its title; or JSON files with flows (\`-\` is standard input) (default: all flows of the program)`,
    ),
  },
  options: {
    out: option("<file>", `write the page to this file (default: "${DEFAULT_FILE}")`),
    preview: option(
      "<file>",
      "show the change in this output of `pulumi preview --json --show-sames`; - is standard input",
    ),
    base: option(
      "<ref>",
      "show what changed since the current branch left this branch, tag or commit, by running the program there too",
    ),
    drift: flag("show what was changed in PostHog since the last up or refresh; needs a key and the stack's state"),
    state: stateOption("with --drift, "),
    people: option(
      "<folder>",
      "folder with sample people, one JSON file for each (default: people in the project, where it exists)",
    ),
    perWeek: parsed(
      "<n>",
      "e-mails in seven days that are not too many for a person (default: 3)",
      wholeNumber(1, 1000),
    ),
    shots: option(
      "<folder>",
      "also render each message to a PNG in this folder, with the Chromium of this machine; with a change, those that change, before and after",
    ),
    phone: flag("with --shots, pictures at the width of a phone (390 pixels) instead of a desk (600)"),
    serve: flag("serve the page on this machine until Ctrl-C, and update it when a file changes"),
    port: parsed("<n>", "with --serve, port to listen on (default: any free one)", wholeNumber(0, 65_535)),
    open: flag("with --serve, open the page in the browser"),
  },
  needs: ["stack"],
  json: "the data of the page; a file is written only with --out. With --serve: {url} once it serves",
  exitCodes: {
    0: "the page is written",
    1: "there is no page: no project, no such flow, preview or commit; or a picture could not be taken, and the others are",
    2: "the page is written, and the program has errors: it stops early, does not compile, or configuration is missing",
  },
  examples: [
    { command: "hogflow show", does: `writes ${DEFAULT_FILE} with all flows of the program in the current folder` },
    {
      command: "hogflow show --serve --open",
      does: "opens the page in the browser, and keeps it up to date while you write",
    },
    { command: "hogflow show --base main", does: "shows what your branch changes for people" },
    {
      command: "pulumi preview --json --show-sames | hogflow show --preview - --out change.html",
      does: "shows what an `up` would change",
    },
    { command: "hogflow show onboarding win-back --drift", does: "shows two flows, with what was changed in PostHog" },
  ],
  async run(context, { out, serve, port, open, shots, phone, ...given }): Promise<ExitCode> {
    refuseMixed({ out, serve, port, open, shots, phone, ...given });
    const pages = await openPages(context, given);
    if (serve) {
      const { serveShow } = await import("../show-server.js");
      return serveShow(context, pages, { port: port ?? 0, open });
    }
    const camera = shots === undefined ? undefined : await openCamera(context, { folder: shots, phone });
    try {
      const { data, source } = await pages.make({ isQuick: false, signal: context.signal });
      const pictures = await camera?.take(data);
      await printPage(context, data, { out, pictures });
      const code = reportProblems(context, source);
      return pictures !== undefined && pictures.failures.length > 0 ? FAILED : code;
    } finally {
      await camera?.close();
    }
  },
});

function refuseMixed({
  flows,
  preview,
  base,
  drift,
  state,
  serve,
  out,
  port,
  open,
  shots,
  phone,
}: PageOptions & {
  serve: boolean;
  out?: string;
  port?: number;
  open: boolean;
  shots?: string;
  phone: boolean;
}): void {
  const files = flows.filter(isFileName);
  const conflict = (what: string, fix: string): Misuse => new Misuse({ what, fix });
  if (preview !== undefined && base !== undefined)
    throw conflict("--preview and --base each say what to compare with", "Give one of them");
  if (files.length > 0 && files.length < flows.length)
    throw conflict(
      `${files[0]} is a file, and ${flows.find((name) => !isFileName(name))} is a flow of the program`,
      "Name files alone, or flows alone",
    );
  if (files.length > 0 && (preview !== undefined || base !== undefined || drift))
    throw conflict(
      "Flows in files have no program to compare with, and no state",
      "Leave out --preview, --base and --drift, or the files",
    );
  if (state !== undefined && !drift) throw conflict("--state is what --drift compares PostHog with", "Add --drift");
  if (!serve && (port !== undefined || open))
    throw conflict(`${open ? "--open" : "--port"} is about a page that is served`, "Add --serve");
  if (serve && out !== undefined)
    throw conflict("--out writes a file, and --serve serves the page", "Give one of them");
  if (serve && shots !== undefined)
    throw conflict("--shots writes pictures, and --serve serves the page", "Give one of them");
  if (phone && shots === undefined) throw conflict("--phone is about pictures", "Add --shots <folder>");
  if (serve && (preview === "-" || flows.includes("-")))
    throw conflict("Standard input can't be read again when it changes", "Give a file with --serve");
}

interface MakeOptions {
  /** Leaves out the type check of the program. */
  isQuick: boolean;
  signal: AbortSignal;
  /** Processes for quick runs. */
  warm?: WarmPrograms;
}

/** Pages of the same flows, as often as they are wanted. */
export interface Pages {
  make(options: MakeOptions): Promise<MadePage>;
  /** The project as it is now. */
  workspace(): Workspace;
  /** Folder with sample people. */
  people?: string | undefined;
  /** Whether there is a program, in a folder that is to be watched. */
  hasProgram: boolean;
}

/** Reads what does not change while a page is served: a base, and what PostHog says. */
async function openPages(context: Context, options: PageOptions): Promise<Pages> {
  const { io, clock, signal } = context;
  const { env } = io;
  const { flows, preview: previewFile, base: ref, drift, perWeek } = options;
  const sources = await import("../../operate/show/source.js");
  const { makePage } = await import("../../operate/show/make-page.js");
  const files = flows.filter(isFileName);
  const first = context.workspace();
  const people = options.people ?? peopleFolder(first);
  // What is wrong with them is said at once, not after the program.
  if (people !== undefined) readPeople(people);
  const open = (dir: string): Workspace => openWorkspace({ cwd: dir, stack: first.stack, env, signal });
  const workspace = (): Workspace => (first.project === undefined ? first : open(first.dir));
  const asked = drift ? await askPostHog(context, options.state) : undefined;
  let base: Base | undefined;
  if (ref !== undefined) {
    io.progress(`Running the program of ${ref} …`);
    base = await sources.readBase(first, ref, open, { env, signal, clock });
    for (const note of base.notes) io.note(note);
  }
  const read = async (file: string): Promise<string> => (file === "-" ? io.readAll() : readTextFile(file));
  const ofProgram = async (
    at: Workspace,
    { isQuick, signal: ends, warm }: MakeOptions,
    onResource?: (made: number) => void,
  ): Promise<ShowSource> => {
    const run = { env, signal: ends, clock, onResource, transpileOnly: isQuick, warm };
    if (previewFile === undefined) return sources.programSource(at, { ...run, base });
    const file = previewFile === "-" ? {} : { file: previewFile };
    return sources.previewSource(parsePreview(await read(previewFile)), at, { ...run, ...file });
  };
  const ofFiles = async (): Promise<ShowSource> =>
    sources.fileSource(await Promise.all(files.map(async (name) => ({ name, text: await read(name) }))));
  let isFirst = true;
  let now = clock.now();
  return {
    workspace,
    people,
    hasProgram: files.length === 0 && first.project !== undefined,
    async make(how) {
      // The one with everything is of the same moment as the quick one before it.
      if (how.isQuick) now = clock.now();
      const at = workspace();
      const source =
        files.length > 0
          ? await ofFiles()
          : isFirst
            ? await whileProgramRuns(context, "ends it", (onResource) => ofProgram(at, how, onResource))
            : await ofProgram(at, how);
      isFirst = false;
      const chosen = sources.withFlows(source, files.length > 0 ? [] : flows);
      return { source: chosen, data: makePage(chosen, { now, people, perWeek, asked, workspace: at }) };
    },
  };
}

async function askPostHog(context: Context, file: string | undefined): Promise<Asked> {
  const { io, clock, workspace } = context;
  const state = await readStateOf(context, file);
  const { findDrift } = await import("../../operate/drift/drift.js");
  const client = await context.connect();
  const drift = await findDrift(state, {
    settings: await workspace().settings(),
    clock,
    warn: (text) => io.note(text),
    note: (text) => io.meanwhile(text),
    progress: (text) => io.progress(text),
  });
  const resources = state.resources.map(({ kind, id }) => ({ kind, id }));
  const { statuses, missing } = await liveStatuses({ resources }, client);
  if (missing.length > 0) io.note(`Without the statuses that PostHog has now: ${missing.join(" ")}`);
  return { state, drift, statuses };
}

/** What takes pictures. There is one before the page is made: without a browser, nobody waits for nothing. */
interface Camera {
  take(data: MadePage["data"]): Promise<TakenShots & { folder: string }>;
  close(): Promise<void>;
}

async function openCamera(
  { io, signal, workspace }: Context,
  { folder, phone }: { folder: string; phone: boolean },
): Promise<Camera> {
  const { startChromium } = await import("../../operate/show/chromium.js");
  const { takeShots } = await import("../../operate/show/take-shots.js");
  const { browser } = await startChromium({ cwd: workspace().dir, env: io.env });
  return {
    async take(data) {
      io.progress("Taking pictures …");
      const taken = await takeShots(data, { browser, folder, view: phone ? "phone" : "desk", signal });
      for (const { file, why } of taken.failures) io.note(`${file} could not be taken: ${why}`);
      return { ...taken, folder };
    },
    close: () => browser.close(),
  };
}

async function printPage(
  { io, print }: Context,
  data: MadePage["data"],
  { out, pictures }: { out?: string; pictures?: Awaited<ReturnType<Camera["take"]>> },
): Promise<void> {
  const file = out ?? (io.json ? undefined : DEFAULT_FILE);
  let size = 0;
  if (file !== undefined) {
    const { fitted } = await import("../../operate/show/fit-page.js");
    const { pageHtml } = await import("../../operate/show/page-html.js");
    const fit = fitted(data);
    const html = pageHtml(fit.data, { packed: fit.packed });
    size = Buffer.byteLength(html);
    await writeFile(file, html);
  }
  print(data, () =>
    [
      `Wrote ${file} (${(size / 1_000_000).toFixed(1)} MB): ${[
        counted(data.flows.length, "flow"),
        counted(new Set(data.deliveries.map(({ flow, step }) => `${flow} ${step}`)).size, "message"),
        counted(data.people.length, "person", "people"),
      ].join(", ")}.`,
      "Open it in a browser. It needs nothing else, so you can attach it anywhere.",
      ...(pictures === undefined ? [] : [`Wrote ${counted(pictures.shots.length, "picture")} to ${pictures.folder}.`]),
    ].join("\n"),
  );
}

/** Says what is wrong with the program itself. */
function reportProblems({ io, workspace }: Context, { problems }: ShowSource): ExitCode {
  if (problems.length === 0) return DONE;
  const { programDir } = workspace();
  const shown = shownOfProgram({ findings: problems }, programDir, process.cwd());
  for (const line of findingLines(shown, io)) io.note(line);
  return problems.some(({ severity }) => severity === "error") ? FOUND : DONE;
}
