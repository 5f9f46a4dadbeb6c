// A review as one Markdown comment for a pull request: the verdict first, then flow by flow what changes for people, in their words.
import { describeChange } from "../change/describe";
import type { StepChange } from "../change/changes";
import { triggerWords } from "../words/steps";
import { triggerOf } from "../../definition/canonical/canonical";
import { counted } from "../words/values";
import type { Dict } from "../../definition/canonical/values";
import { RESOURCE_KINDS } from "../../definition/resource-types";
import { partOfPage } from "./addresses";
import type { Behaviour, MessageExample } from "./behaviour";
import { changeItem, exampleWords, stepItem } from "./change-markdown";
import { drawings } from "./drawings";
import { type AudienceSize, type Facts } from "./facts";
import { fit, type Part } from "./fit";
import { highlightsOf, type Highlight } from "./highlights";
import { leftBehindLines, leftBehindTitle } from "../left-behind/text";
import type { LeftBehind } from "../left-behind/find";
import { renameSentence, type Rename } from "./renames";
import { codeSpan, details, escapeText, fenced } from "./markdown";
import { pictureParts, type Pictures } from "./pictures";
import type { FlowReview, Review, ScheduleReview } from "./review";
import { reasonOf, undescribedWords } from "./undescribed";
import { verdict } from "./verdict";
import { verifiedParts, type Verified } from "./verified";

/** A comment that begins so is hogflow's own, to be replaced by the next. It stands at the end, so that the first line is the verdict. */
export const COMMENT_MARK = "<!-- hogflow review";

/** What goes into the comment besides the review itself. */
export interface RenderOptions {
  /** What PostHog knows, where there was a key. */
  facts?: Facts;
  /** What the change means for the people that the project keeps. */
  behaviour?: Behaviour;
  /** Address of the page of `hogflow show` that shows this change. */
  page?: string;
  /** Pictures of the messages, of `hogflow show --shots`. */
  pictures?: Pictures;
  /** What PostHog's own worker says of the flows that change. */
  verified?: Verified;
  /** Longest comment, in characters. Default: GitHub's 65,536. */
  limit?: number;
  /** Told of a flow or schedule that is not in the comment but for its name, with the reason. */
  onFailure?: (failure: { name: string; error: string }) => void;
}

/**
 * The comment.
 *
 * @example
 * ```ts
 * const review = reviewOf(parsePreview(readFileSync("preview.json", "utf8")), { now: Date.now() });
 * renderReview(review).split("\n")[0]; // ### ℹ️ 1 workflow changed. …
 * ```
 */
export function renderReview(
  review: Review,
  { facts, behaviour, page, pictures, verified, limit, onFailure = () => {} }: RenderOptions = {},
): string {
  const failed = new Map<object, string>();
  const fail: Fail = (entry, error) => {
    failed.set(entry, error);
    onFailure({ name: entry.resource.name, error });
  };
  const flows = review.flows.flatMap((flow) =>
    orUndescribed(
      flow,
      () => flowParts(flow, { facts, behaviour, page, pictures }),
      (text) => [{ text: `#### ${escapeText(flow.resource.name)}\n\n${text}`, rank: 0 }, ...peopleParts(flow.people)],
      fail,
    ),
  );
  const schedules = scheduleParts(review.schedules, fail);
  const withErrors = <T extends object>(entries: readonly T[]): T[] =>
    entries.map((entry) => (failed.has(entry) ? { ...entry, error: failed.get(entry)! } : entry));
  const parts: Part[] = [
    {
      text: `### ${escapeText(verdict({ ...review, flows: withErrors(review.flows), schedules: withErrors(review.schedules) }, behaviour))}`,
      rank: 0,
    },
    ...highlightParts(highlightsOf(review, behaviour)),
    ...(page === undefined
      ? []
      : [
          {
            text: `[See what people will get](${partOfPage(page, { section: "change" })}): each message, drawing and calendar, before and after.`,
            rank: 0,
          },
        ]),
    ...timelineParts(behaviour),
    ...verifiedParts(verified),
    ...problemParts(review.problems),
    ...renameParts(review.renames),
    ...warningParts(review.warnings),
    ...flows,
    ...schedules,
    ...(facts && facts.missing.length > 0
      ? [{ text: `Some counts are missing: ${facts.missing.map(escapeText).join(" ")}`, rank: 0 }]
      : []),
    ...leftBehindParts(review.leftBehind),
    ...standingParts(review.standing),
    ...(review.otherChanges > 0
      ? [
          {
            text: `${counted(review.otherChanges, "other resource")} of the stack also ${review.otherChanges === 1 ? "changes" : "change"}; see the preview itself.`,
            rank: 0,
          },
        ]
      : []),
    // With the stack, so that the comments of several on one pull request are told apart.
    {
      text: `${COMMENT_MARK}${review.stack === undefined ? "" : ` ${review.stack.replace(/[^\w./-]/g, "")}`} -->`,
      rank: 0,
    },
  ];
  const note = (cut: readonly string[]): string =>
    `✂️ This comment is longer than GitHub allows. Left out: ${cut.join(", ")}. Run ${codeSpan("hogflow review --whole")} for the full text.`;
  return `${fit(parts, { ...(limit === undefined ? {} : { limit }), note }).text}\n`;
}

function highlightParts(highlights: readonly Highlight[]): Part[] {
  if (highlights.length === 0) return [];
  const item = ({ level, text }: Highlight): string => `- ${level === "warning" ? "⚠️ " : ""}${escapeText(text)}`;
  return [{ text: highlights.map(item).join("\n"), rank: 0 }];
}

/** Few enough to be read before the rest. */
const MOST_PEOPLE = 10;

/** Who gets what and when, and what that rests on. */
function timelineParts(behaviour: Behaviour | undefined): Part[] {
  if (behaviour === undefined || behaviour.count === 0) return [];
  const { people, doubts, assumptions, count } = behaviour;
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${escapeText(line)}`).join("\n");
  const rest = people.slice(MOST_PEOPLE);
  return [
    ...(people.length > 0
      ? [
          {
            text: `**What your ${counted(count, "sample person", "sample people")} will get**\n\n${list(people.slice(0, MOST_PEOPLE))}`,
            rank: 1,
            what: ["list of what people will get", "lists of what people will get"] as const,
          },
          ...(rest.length > 0
            ? [
                {
                  text: details(`${counted(rest.length, "more line")} about what people will get`, list(rest)),
                  rank: 2,
                  what: ["list of what people will get", "lists of what people will get"] as const,
                },
              ]
            : []),
        ]
      : []),
    {
      text: details(
        "How this was simulated",
        [list(assumptions), ...(doubts.length > 0 ? [`Not covered:\n\n${list(doubts)}`] : [])].join("\n\n"),
      ),
      rank: 3,
      what: ["note on the simulation", "notes on the simulation"],
    },
  ];
}

type Fail = (entry: FlowReview | ScheduleReview, error: string) => void;

/** Its description, or why there is none. */
function orUndescribed<T>(
  entry: FlowReview | ScheduleReview,
  describe: () => T,
  instead: (text: string) => T,
  fail: Fail,
): T {
  let reason = entry.error;
  try {
    if (reason === undefined) return describe();
  } catch (thrown) {
    reason = reasonOf(thrown);
  }
  fail(entry, reason);
  return instead(`⚠️ ${escapeText(undescribedWords(reason))}`);
}

const LONGEST_MESSAGE = 3_000;

const AROUND_FAILURE = /([\w:/-]+) resource '([^']*)' has a problem: /g;

/** The engine's words around a failure say the type of the resource; people want its name. */
const engineMessageText = (message: string): string => {
  const plain = message.replace(AROUND_FAILURE, (words, type: string, name: string) =>
    RESOURCE_KINDS[type] === undefined ? words : `${name}: `,
  );
  return plain.length > LONGEST_MESSAGE ? `${plain.slice(0, LONGEST_MESSAGE)}…` : plain;
};

const problemParts = (problems: readonly string[]): Part[] =>
  problems.map((problem) => ({
    text: fenced("text", engineMessageText(problem)),
    rank: 2,
    what: ["problem", "problems"],
  }));

function renameParts(renames: Review["renames"] = []): Part[] {
  if (renames.length === 0) return [];
  const item = (rename: Rename): string =>
    `- ${escapeText(renameSentence({ ...rename, aliases: "" }).trimEnd())} ${codeSpan(rename.aliases)}`;
  return [{ text: `**Renamed without an alias?**\n\n${renames.map(item).join("\n")}`, rank: 0 }];
}

function leftBehindParts(found: Review["leftBehind"] = []): Part[] {
  if (found.length === 0) return [];
  const item = (left: LeftBehind): string =>
    [
      `- **${escapeText(leftBehindTitle(left))}** ${codeSpan(left.id)}`,
      ...leftBehindLines(left).map((line) => `  - ${escapeText(line)}`),
    ].join("\n");
  return [
    {
      text: "#### In no state\n\nThis is in PostHog with this stack's marker, but neither in the state nor in this change:",
      rank: 0,
    },
    ...found.map((left): Part => ({
      text: item(left),
      short: `- **${escapeText(leftBehindTitle(left))}** ${codeSpan(left.id)}`,
      rank: 2,
      what: ["description of what is in no state", "descriptions of what is in no state"],
    })),
  ];
}

function warningParts(warnings: readonly string[]): Part[] {
  if (warnings.length === 0) return [];
  return [
    { text: "**Warnings**", rank: 0 },
    ...warnings.map((warning): Part => ({
      text: fenced("text", engineMessageText(warning)),
      rank: 2,
      what: ["warning", "warnings"],
    })),
  ];
}

/** What was so before this change, and is no reason to look at it more closely. */
function standingParts(warnings: readonly string[]): Part[] {
  if (warnings.length === 0) return [];
  const body = warnings.map((warning) => fenced("text", engineMessageText(warning))).join("\n\n");
  return [
    {
      text: details(`${counted(warnings.length, "warning")} about workflows that do not change`, body),
      rank: 4,
      what: ["list of warnings about other workflows", "lists of warnings about other workflows"],
    },
  ];
}

/** `Active · changed`: what it is now, and what happens to it. */
function headOf({ resource, title, ...flow }: FlowReview, page: string | undefined): string {
  const facts = [
    ...statusFacts({ resource, ...flow }),
    title === resource.name ? "" : codeSpan(resource.name),
    resource.url && /^https?:\/\/[\w.:/#?=&%@+,~-]+$/.test(resource.url) ? `[open in PostHog](${resource.url})` : "",
    page === undefined ? "" : `[before and after](${partOfPage(page, { section: "change", flow: resource.name })})`,
  ];
  return `#### ${escapeText(title)}\n\n${facts.filter((fact) => fact !== "").join(" · ")}`;
}

const NOW: Readonly<Record<string, string>> = {
  active: "Active",
  draft: "Draft: no one enters",
  archived: "Archived: no one enters",
};
const BECOMES: Readonly<Record<string, string>> = {
  active: "⚠️ goes live",
  draft: "goes back to draft",
  archived: "will be archived",
};
const ENDS: Readonly<Record<NonNullable<FlowReview["resource"]["end"]>, string>> = {
  deleted: "Will be deleted",
  archived: "Will be removed from the program and archived in PostHog",
  kept: "Will be removed from the program; stays in PostHog unchanged",
};

export function statusFacts({ resource, fate, status, resumes }: Omit<FlowReview, "title">): string[] {
  const { before, after } = status;
  const now = before === undefined ? "Status is set in PostHog and may be active" : NOW[before]!;
  const currently = before === undefined ? "its status is set in PostHog and may be active" : `currently ${before}`;
  if (fate === "delete") return [`${ENDS[resource.end ?? "deleted"]} (${currently})`];
  if (fate === "replace") return [`Will be replaced (${currently})`];
  const becomes =
    before === after || after === undefined
      ? []
      : [resumes === undefined ? BECOMES[after]! : "⚠️ switched off in PostHog, would run again"];
  if (resource.adopts) return ["Taken over from PostHog", now, ...becomes];
  if (fate === "create") return ["New", after === undefined ? "status is not known yet" : CREATED[after]!];
  return [now, ...becomes, "changed"];
}

const CREATED: Readonly<Record<string, string>> = {
  active: "⚠️ goes live as soon as it is created",
  draft: "will be created as a draft; no one enters",
  archived: "will be created archived; no one enters",
};

const peopleParts = (people: FlowReview["people"]): Part[] =>
  people.length === 0
    ? []
    : [
        {
          text: `**People in flight**\n\n${people.map(({ words }) => `- ${escapeText(words)}`).join("\n")}`,
          rank: 1,
          what: ["list of people in flight", "lists of people in flight"],
        },
      ];

type Examples = Readonly<Record<string, MessageExample>>;

type FlowOptions = Pick<RenderOptions, "facts" | "behaviour" | "page" | "pictures">;

function flowParts(flow: FlowReview, { facts, behaviour, page, pictures }: FlowOptions): Part[] {
  const { resource, fate, change, people } = flow;
  const examples = behaviour?.examples[resource.urn] ?? {};
  const notices = behaviour?.flows[resource.urn] ?? [];
  const counts = facts?.traffic.get(resource.urn);
  const parts: Part[] = [{ text: headOf(flow, page), rank: 0 }];
  if (flow.move !== undefined)
    parts.push({
      text: `It moves ${escapeText(flow.move)}. The new flow has another id, address in the editor and webhook address; runs, logs and metrics stay behind.`,
      rank: 0,
    });
  if (flow.goes === "starts") parts.push(...liveFlow(flow, examples));
  parts.push(...peopleParts(people));
  if (notices.length > 0)
    parts.push({
      text: `**What your sample people will notice**\n\n${notices.map((sentence) => `- ${escapeText(sentence)}`).join("\n")}`,
      rank: 1,
      what: ["list of people who notice", "lists of people who notice"],
    });
  if (pictures !== undefined) parts.push(...pictureParts(resource.name, pictures));
  const size = facts?.audiences.get(resource.urn);
  if (size) parts.push({ text: audienceWords(size), rank: 0 });
  if (fate === "create" && flow.goes !== "starts") parts.push(...newFlow(flow, examples));
  if (change.flow.length > 0) {
    const list = (short: boolean): string => change.flow.map((item) => changeItem(item, { short })).join("\n");
    parts.push(
      { text: "**Settings**", rank: 0 },
      { text: list(false), short: list(true), rank: 3, what: ["text of settings", "texts of settings"] },
    );
  }
  const step = (item: StepChange, short: boolean): string =>
    stepItem(item, {
      short,
      ...(counts?.has(item.id) ? { traffic: counts.get(item.id)! } : {}),
      ...exampleOf(item, examples),
    });
  if (change.steps.length > 0)
    parts.push({
      text: `**${counted(change.steps.length, "step")} changed**`,
      rank: 0,
    });
  for (const item of change.steps)
    parts.push({
      text: step(item, false),
      short: step(item, true),
      rank: 3,
      what: ["line diff of a step", "line diffs of steps"],
    });
  if (fate === "create" || flow.goes === "starts" || change.steps.length > 0)
    parts.push(...drawingParts(flow, examples));
  return parts;
}

/** What is removed sends nothing. */
const exampleOf = ({ id, kind }: StepChange, examples: Examples): { example?: MessageExample } =>
  kind !== "removed" && Object.hasOwn(examples, id) ? { example: examples[id]! } : {};

/** A new flow has nothing to compare with: what starts it, and its texts to be read in full. */
function newFlow({ resource }: FlowReview, examples: Examples): Part[] {
  const { count, starts, texts } = contents(resource.after ?? {}, examples);
  return [
    { text: `${count}${starts === undefined ? "" : `; it starts ${starts}`}.`, rank: 0 },
    ...(texts.length > 0
      ? [
          {
            text: details(`What it says and sends (${counted(texts.length, "step")})`, texts.join("\n")),
            rank: 3,
            what: ["set of new messages", "sets of new messages"] as const,
          },
        ]
      : []),
  ];
}

/** Nobody has had anything of a flow that goes live: all of it is read, whatever of it changes. */
function liveFlow({ resource, status, fate }: FlowReview, examples: Examples): Part[] {
  const { count, starts, texts } = contents(resource.after ?? {}, examples);
  const maybe = fate !== "create" && status.before === undefined ? ", unless it is active already" : "";
  return [
    {
      text: `⚠️ **This flow goes live${maybe}.** ${count}${starts === undefined ? "" : `; it starts ${starts}`}.`,
      rank: 0,
    },
    ...(texts.length > 0
      ? [
          { text: "**What it says and sends**", rank: 0 },
          { text: texts.join("\n"), rank: 2, what: ["set of new messages", "sets of new messages"] as const },
        ]
      : []),
  ];
}

function contents(
  definition: Dict,
  examples: Examples,
): { count: string; starts: string | undefined; texts: string[] } {
  const { steps } = describeChange({ actions: {} }, definition);
  const trigger = triggerOf(definition["actions"]);
  return {
    count: counted(steps.length, "step"),
    starts: trigger && escapeText(triggerWords(trigger.step["config"])),
    texts: steps
      .map((step) => ({ ...step, changes: step.changes.filter(({ after }) => after !== '""') }))
      .filter(({ changes }) => changes.length > 0)
      .map((step) => stepItem(step, { isAlone: true, ...exampleOf(step, examples) })),
  };
}

function audienceWords({ before, after = 0, total, limit }: AudienceSize): string {
  const of = !total ? "" : ` of ${total.toLocaleString("en-US")}`;
  const was = before === undefined ? "" : `${counted(before, "person", "people")} now, `;
  const is = before === undefined ? counted(after, "person", "people") : after.toLocaleString("en-US");
  const over =
    limit !== undefined && after > limit
      ? ` ⚠️ PostHog refuses a batch of more than ${limit.toLocaleString("en-US")}.`
      : "";
  return `**Audience:** ${was}${is}${of} after this change.${over}`;
}

function drawingParts({ resource, change, fate, goes }: FlowReview, examples: Examples): Part[] {
  const { before, after } = drawings({
    before: fate === "create" ? undefined : resource.before,
    after: resource.after,
    change,
    examples: new Map(Object.entries(examples).map(([id, example]) => [id, exampleWords(example)])),
  });
  const parts: Part[] = [];
  if (after !== undefined) {
    const drawing = fenced("mermaid", after);
    // Where no step and no way changes, the drawing is only there to find one's way.
    parts.push({
      text:
        before !== undefined
          ? `**After**\n\n${drawing}`
          : goes === "starts"
            ? `**All of it**\n\n${drawing}`
            : details("Drawing", drawing),
      rank: 4,
      what: ["drawing", "drawings"],
    });
  }
  if (before !== undefined)
    parts.push({
      text: details("Before", fenced("mermaid", before)),
      rank: 5,
      what: ["drawing of the flow before", "drawings of flows before"],
    });
  return parts;
}

const SCHEDULE_FATES: Readonly<Record<ScheduleReview["fate"], string>> = {
  create: "➕",
  update: "✏️",
  replace: "🔁",
  delete: "➖",
};

const SCHEDULE_WORDS: Readonly<Record<ScheduleReview["fate"], string>> = {
  create: "is new; it runs",
  update: "runs",
  replace: "is recreated; it runs",
  delete: "will be deleted; it ran",
};

function scheduleParts(schedules: readonly ScheduleReview[], fail: Fail): Part[] {
  if (schedules.length === 0) return [];
  return [
    { text: "#### Schedules", rank: 0 },
    {
      text: schedules
        .map((schedule) =>
          orUndescribed(
            schedule,
            () => scheduleItem(schedule),
            (text) => `- ${SCHEDULE_FATES[schedule.fate]} **${escapeText(schedule.resource.name)}** ${text}`,
            fail,
          ),
        )
        .join("\n"),
      rank: 0,
    },
  ];
}

function scheduleItem({ resource, fate, flow, runs, next, skipped, changes, because }: ScheduleReview): string {
  const changesTimes = fate === "update" && changes.some(({ aspect }) => aspect === "timing");
  const what = changesTimes ? "runs at other times" : `${SCHEDULE_WORDS[fate]} ${escapeText(runs)}`;
  const head = `- ${SCHEDULE_FATES[fate]} **${escapeText(resource.name)}**${flow === undefined ? "" : ` of “${escapeText(flow)}”`} ${what}.${because === undefined ? "" : ` ${escapeText(because)}`}`;
  return [
    head,
    ...changes.map((change) => changeItem(change, { indent: "  " })),
    ...(next.length > 0 ? [`  - next: ${next.map(escapeText).join(", ")}`] : []),
    ...(skipped === undefined ? [] : [`  - ⚠️ ${escapeText(skipped)}`]),
  ].join("\n");
}
