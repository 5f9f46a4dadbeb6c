// `hogflow runs`: which people went through a flow, and how they ended.
import type { WireRun } from "../../api";
import { listRuns } from "../../operate/runs";
import { defineCommand, flowArgument, option, optionalArgument, parsed } from "../define";
import type { Io, Style } from "../io";
import { fits, table, type Column } from "../table";
import { counted, moment } from "../texts";
import { since, wholeNumber } from "../values";
import { oneLine } from "../../definition/plain-text";
import { table as lookUp } from "../../definition/schema/table";

const STYLES = lookUp<Style>({
  succeeded: "green",
  success: "green",
  failed: "red",
  error: "red",
  canceled: "yellow",
  cancelled: "yellow",
});

export const runs = defineCommand({
  name: "runs",
  summary: "runs of a flow and how they ended",
  description:
    "Lists the runs of a flow, newest first, or shows one run with the data that it started with. The key needs the scope person:read.",
  arguments: {
    flow: flowArgument(),
    run: optionalArgument("id of a run, to show everything about it"),
  },
  options: {
    since: parsed("<span>", "start of the span: how long ago, such as 24h or 30d, or a moment (default: 7d)", since),
    until: parsed("<span>", "until then", since),
    status: option("<status>", "only runs with this status, such as failed"),
    person: option("<distinct-id>", "only runs of this person"),
    error: option("<text>", "only runs with this text in their error"),
    limit: parsed("<n>", "at most this many", wholeNumber(1, 500), 50),
  },
  needs: ["posthog"],
  json: "{runs, count}; count is how many there are, shown or not. With a run: that run",
  examples: [
    { command: "hogflow runs Onboarding --status failed --since 24h", does: "what failed since yesterday" },
    { command: "hogflow runs Onboarding --person user-17", does: "what happened to one person" },
  ],
  async run({ io, print, ...context }, { flow, run, ...options }) {
    io.progress("Reading runs …");
    const { client, id: flowId } = await context.flow(flow);
    if (run !== undefined) {
      const found = await client.getRun(flowId, run);
      print(found, () =>
        Object.entries(found)
          .map(
            ([key, value]) =>
              `${oneLine(key).padEnd(20)} ${typeof value === "object" ? JSON.stringify(value, null, 2) : oneLine(String(value))}`,
          )
          .join("\n"),
      );
      return;
    }
    const found = await listRuns(client, flowId, options);
    if (found.runs.length === 0 && !io.json) return io.note("There are no such runs.");
    print(found, () => text(found.runs, found.count, io));
  },
});

const HEAD: readonly Column[] = [{ title: "started (UTC)" }, { title: "status" }, { title: "took", align: "right" }];
const RUN: Column = { title: "run" };

/** A line a run; where the terminal is too narrow for that, who it was and what went wrong in a second line. */
function text(list: readonly WireRun[], count: number, io: Io): string {
  const shownRuns = list.map((run) => {
    const style = STYLES[run.status];
    const attempts = run.attempts > 1 ? ` (attempt ${run.attempts})` : "";
    const head = [
      moment(run.started_at ?? run.scheduled_at),
      style ? io.style(run.status, style) : run.status,
      duration(run.duration_ms),
    ];
    return {
      head,
      run: run.invocation_id,
      person: run.distinct_id ?? "–",
      error: `${run.error_message ?? ""}${attempts}`.trim(),
    };
  });
  const shown =
    count > list.length
      ? `\n${io.style(`${list.length} of ${counted(count, "run")}; --limit and --since show others`, "dim")}`
      : "";
  const titles = [...HEAD, { title: "person" }, RUN, { title: "" }];
  const rows = shownRuns.map(({ head, person, run, error }) => [...head, person, run, error]);
  if (fits(titles, rows, io.columns)) return `${table(titles, rows)}${shown}`;
  const [first, ...lines] = table(
    [...HEAD, RUN],
    shownRuns.map(({ head, run }) => [...head, run]),
  ).split("\n");
  const second = ({ person, error }: (typeof shownRuns)[number]): string =>
    oneLine(`    ${person}${error === "" ? "" : `: ${error}`}`);
  return `${[first, ...lines.flatMap((line, i) => [line, second(shownRuns[i]!)])].join("\n")}${shown}`;
}

function duration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
