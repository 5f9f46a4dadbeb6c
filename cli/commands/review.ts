// `hogflow review`: a pull request comment from a preview.
import { writeFile } from "node:fs/promises";
import type { PostHogClient } from "../../api";
import { maskText } from "../../operate/mask";
import { pageAddress, pictureAddress, readShots } from "../../operate/review/addresses";
import { factsFor } from "../../operate/review/facts";
import { KINDS, kindsIn, REVIEW_KINDS, type ReviewKind } from "../../operate/review/kinds";
import type { Behaviour, behaviourOf as BehaviourOf } from "../../operate/review/behaviour";
import { highlightsOf } from "../../operate/review/highlights";
import { findLeftBehind, type LeftBehind } from "../../operate/left-behind/find";
import { knownFromPreview } from "../../operate/left-behind/known";
import { readPeople } from "../../operate/people/kept";
import { liveStatuses } from "../../operate/review/live-status";
import { parsePreview, type Preview } from "../../operate/review/preview";
import { renderReview } from "../../operate/review/render";
import { reviewOf } from "../../operate/review/review";
import { withEveryFinding } from "../../operate/review/every-finding";
import { stackFlows } from "../../operate/review/stack-flows";
import type { Review } from "../../operate/review/review";
import { parseVerified, verifiedOf } from "../../operate/review/verified";
import type { Verification } from "../../operate/verify/verify";
import { runPreview } from "../../operate/review/run-preview";
import { oneLine } from "../../definition/plain-text";
import { readTextFile } from "../../definition/text-file";
import { defineCommand, flag, option, optionalArgument, parsed, type Context, type Parse } from "../define";
import { DONE, FAILED, FOUND, type ExitCode } from "../exit-codes";
import { Misuse } from "../failure";

const kinds: Parse<ReviewKind[]> = (text) =>
  text.split(",").map((word) => {
    const kind = word.trim() as ReviewKind;
    if (!REVIEW_KINDS.includes(kind))
      throw new Error(`must be kinds of change, separated by commas: ${REVIEW_KINDS.join(", ")}; not "${word}"`);
    return kind;
  });

export const review = defineCommand({
  name: "review",
  summary: "write a pull request comment that says what a change means for people",
  description:
    "Reads what `pulumi preview --json` printed, or runs the preview itself, and writes one Markdown comment: a verdict, what goes live, stops, doubles another flow or was switched off in PostHog, and flow by flow what changes for people, with " +
    "drawings before and after. With --people, sample people go through all flows of the stack, before and after, and the comment says who gets what and when. With a key it reads which flows are active now, and adds how many people came by the steps that change, and how many a batch audience has, and which flows and schedules carry this stack's marker and are in no state. Without one, a flow whose status the program does not state counts as possibly active. Secrets are never printed. With --show-sames a preview also holds what stays, so that a schedule that changes is shown with the title of its flow, and what is in no state is found. A resource that looks renamed without an alias is named, with the alias that keeps its flow.\n\n" +
    `Kinds for --fail-on:\n${REVIEW_KINDS.map((kind) => `  ${kind.padEnd(12)}${KINDS[kind].means}`).join("\n")}`,
  arguments: {
    preview: optionalArgument(
      "file with the output of `pulumi preview --json --show-sames`, or - for standard input (default: run the preview)",
    ),
  },
  options: {
    failOn: {
      ...parsed("<kinds>", "exit with code 2 when the change is of one of these kinds, separated by commas", kinds),
      offers: REVIEW_KINDS,
    },
    people: option(
      "<folder>",
      "folder with sample people, one JSON file for each: the comment says what they get, and when, before and after",
    ),
    link: parsed(
      "<address>",
      "address at which CI shows the page of `hogflow show --preview` for this change: the comment links to it, and to each flow on it",
      pageAddress,
    ),
    verify: flag(
      "have PostHog's own worker check the flows that change, as `hogflow verify` does; needs a key with hog_flow:write and group:read",
    ),
    verified: option("<file>", "take the answer of `hogflow verify --preview … --json` from this file instead"),
    shots: option(
      "<folder>",
      "folder that `hogflow show --shots` wrote: the comment shows its pictures, before and after",
    ),
    shotsLink: parsed(
      "<address>",
      "with --shots, address at which CI serves the folder; {file} is where the name of a picture goes (default: the end)",
      pictureAddress,
    ),
    out: option("<file>", "write the comment to this file instead of standard output"),
    offline: flag("send no requests to PostHog, even with a key"),
    whole: flag("write the whole comment, even if it is longer than GitHub allows"),
  },
  needs: ["posthog"],
  json: "{verdict, kinds, failedOn, highlights, people, verified, review, markdown}",
  exitCodes: {
    0: "reviewed",
    1: "the preview itself failed, or a flow or schedule could not be described and the others are (the comment says why), or there is no preview",
    2: "the change is of a kind that --fail-on names, or something of this stack is in no state",
  },
  examples: [
    { command: "hogflow review", does: "runs `pulumi preview` and writes the comment" },
    {
      command: "pulumi preview --json --show-sames | hogflow review - --out comment.md",
      does: "reads the preview from standard input",
    },
    {
      command: "hogflow review preview.json --fail-on deletes,ejects",
      does: "stops the pipeline when a flow is deleted or people leave one",
    },
  ],
  async run(
    context,
    { preview, failOn, people, link, verify, verified: verifiedFile, shots, shotsLink, out, offline, whole, ...given },
  ): Promise<ExitCode> {
    const { io, clock } = context;
    if ((shots === undefined) !== (shotsLink === undefined))
      throw new Misuse({
        what: "--shots and --shots-link belong together",
        why: "The comment links to pictures, and can't hold them",
        fix: shots === undefined ? "Add --shots <folder>" : "Add --shots-link <address>",
      });
    if (verify && (verifiedFile !== undefined || offline))
      throw new Misuse({
        what: `--verify asks PostHog, and ${offline ? "--offline asks nobody" : "--verified has its answer already"}`,
        fix: "Give one of the two",
      });
    const pictures = shots === undefined ? undefined : { shots: readShots(shots), address: shotsLink! };
    const text =
      preview === undefined
        ? await runPreview(context.workspace(), { env: io.env, signal: context.signal })
        : preview === "-"
          ? await io.readAll()
          : readTextFile(preview);
    const previewed = await withEveryFinding(parsePreview(text), {
      cwd: context.cwd,
      env: io.env,
      signal: context.signal,
      onFailure: (why) => io.note(`Without the findings of flows that the preview did not come to: ${why}`),
    });
    const client = offline ? undefined : await clientOf(context);
    const { statuses, missing } = client ? await liveStatuses(previewed, client) : { statuses: new Map(), missing: [] };
    if (missing.length > 0) io.note(`Without the statuses that PostHog has now: ${missing.join(" ")}`);
    const unasked =
      client === undefined
        ? offline
          ? "--offline"
          : "no key that works here, or no project"
        : missing.length > 0
          ? "it did not answer with their statuses"
          : undefined;
    const leftBehind = client ? await leftBehindIn(context, previewed, given) : [];
    const found = reviewOf(previewed, {
      now: clock.now(),
      statuses,
      leftBehind,
      asked: unasked === undefined ? client : undefined,
      unasked,
    });
    if (client) io.progress("Reading counts from PostHog …");
    const facts = client ? await factsFor(found, client) : undefined;
    const behaviour =
      people === undefined
        ? undefined
        : await simulated(found, { flows: stackFlows(previewed, statuses), people: readPeople(people) });
    const verified =
      verifiedFile !== undefined
        ? parseVerified(readTextFile(verifiedFile), verifiedFile)
        : verify && client
          ? await verifiedBy(client, context, { previewed, people })
          : undefined;
    const failures: { name: string; error: string }[] = [];
    const markdown = maskText(
      renderReview(found, {
        onFailure: (failure) => failures.push(failure),
        ...(facts ? { facts } : {}),
        ...(behaviour ? { behaviour } : {}),
        ...(link === undefined ? {} : { page: link }),
        ...(pictures === undefined ? {} : { pictures }),
        ...(verified === undefined ? {} : { verified: verifiedOf(verified, changing(found)) }),
        ...(whole ? { limit: Number.POSITIVE_INFINITY } : {}),
      }),
    );
    const failedOn = kindsIn(found, failOn ?? []);
    if (out !== undefined) await writeFile(out, markdown);
    context.print(
      {
        verdict: markdown.split("\n")[0]!.replace(/^#+ /, ""),
        kinds: kindsIn(found, REVIEW_KINDS),
        failedOn,
        highlights: highlightsOf(found, behaviour),
        ...(behaviour ? { people: behaviour } : {}),
        ...(verified ? { verified: verifiedOf(verified, changing(found)) } : {}),
        review: found,
        markdown,
      },
      () => (out === undefined ? markdown.trimEnd() : `Wrote ${out}.`),
    );
    if (failedOn.length > 0)
      io.note(
        `The change ${failedOn.map((kind) => `${kind} (${KINDS[kind].means})`).join(", ")}: --fail-on stops here.`,
      );
    for (const { name, error } of failures) io.note(`${oneLine(name)} could not be described: ${error}`);
    // Whoever wants to be stopped is stopped when nobody can say; --offline says that PostHog is not to be asked.
    const isUncertain = found.unasked !== undefined && !offline && (failOn ?? []).includes("resumes");
    if (isUncertain)
      io.note(
        "--fail-on resumes: PostHog has to say which flows are switched off. Give a key that may read flows, or --offline.",
      );
    return found.problems.length > 0 || failures.length > 0 || isUncertain
      ? FAILED
      : failedOn.length > 0 || leftBehind.length > 0
        ? FOUND
        : DONE;
  },
});

/** Flows of which something is left to verify. */
const changing = ({ flows }: Review): ReadonlySet<string> =>
  new Set(flows.filter(({ fate }) => fate !== "delete").map(({ resource }) => resource.urn));

/** What PostHog's worker says; undefined, and said, where it cannot be asked. */
async function verifiedBy(
  client: PostHogClient,
  { io, clock, signal, workspace }: Context,
  { previewed, people: folder }: { previewed: Preview; people: string | undefined },
): Promise<Verification | undefined> {
  const { flowsOfPreview } = await import("../../operate/project-flows.js");
  const { samplePeople } = await import("../../operate/simulate-all.js");
  const { verify } = await import("../../operate/verify/verify.js");
  const changed = new Set(
    previewed.resources.flatMap(({ kind, fate, urn }) => (kind === "flow" && fate !== "same" ? [urn] : [])),
  );
  const flows = flowsOfPreview(previewed).flows.filter(({ key }) => changed.has(key));
  const { people } = samplePeople(flows, { folder, workspace: workspace() });
  try {
    return await verify({
      flows,
      people,
      client,
      clock,
      signal,
      onRequest: (done, all) => io.progress(`Asking PostHog's worker, ${done} of ${all} …`),
    });
  } catch (error) {
    signal.throwIfAborted();
    io.note(`Without PostHog's own worker: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Only now: the simulator takes a while to load, and most commands do not need it. */
async function simulated(...given: Parameters<typeof BehaviourOf>): Promise<Behaviour> {
  const { behaviourOf } = await import("../../operate/review/behaviour.js");
  return behaviourOf(...given);
}

/** Most flows that are asked for their schedules, so that a large stack leaves the key's hourly limit to others. */
const MOST_FLOWS = 60;

async function leftBehindIn(
  { io, clock, workspace }: Context,
  previewed: Preview,
  { host, project }: { host?: string; project?: string },
): Promise<readonly LeftBehind[]> {
  const known = knownFromPreview(previewed);
  if (known === undefined) {
    if (previewed.problems.length === 0)
      io.note(
        "Without what is in no state: the preview does not hold what stays (--show-sames), or there is no state yet.",
      );
    return [];
  }
  const { found, unread } = await findLeftBehind(known, {
    settings: await workspace().settings(),
    host,
    projectId: project,
    clock,
    note: (text) => io.meanwhile(text),
    progress: (text) => io.progress(text),
    mostFlows: MOST_FLOWS,
  });
  for (const why of unread) io.note(why);
  return found;
}

/** Without a key, or a project, a review goes without what only PostHog knows: pull requests from forks have none. */
async function clientOf(context: Context): Promise<PostHogClient | undefined> {
  try {
    return await context.connect();
  } catch (error) {
    context.io.note(
      `Without counts and statuses from PostHog: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
