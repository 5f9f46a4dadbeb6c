// `hogflow logs`: log lines of a flow's runs.
import type { LogLevel, WireLogLine } from "../../api";
import { followLogs, readLogs } from "../../operate/logs";
import { choice, defineCommand, flag, flowArgument, option, parsed } from "../define";
import { DONE } from "../exit-codes";
import type { Io, Style } from "../io";
import { moment } from "../texts";
import { since, wholeNumber } from "../values";
import { oneLine } from "../../definition/plain-text";
import { table } from "../../definition/schema/table";

const LEVELS = ["debug", "info", "warn", "error"] as const;
const STYLES = table<Style>({ debug: "dim", warn: "yellow", warning: "yellow", error: "red" });

export const logs = defineCommand({
  name: "logs",
  summary: "log lines of a flow's runs",
  description:
    "Prints log lines of a flow's runs, oldest first: what each run did, step by step, and why it failed. Each line starts with the end of its run's id.",
  arguments: { flow: flowArgument() },
  options: {
    follow: flag("keep printing new lines until Ctrl-C"),
    since: parsed("<span>", "start of the span: how long ago, such as 1h or 7d, or a moment", since),
    until: parsed("<span>", "until then", since),
    level: choice("<level>", "this level and those above it", LEVELS),
    search: option("<text>", "only lines that contain the text"),
    run: option("<id>", "only of this run, as `hogflow runs` shows it"),
    limit: parsed("<n>", "at most this many, the newest ones", wholeNumber(1, 10_000), 100),
  },
  needs: ["posthog"],
  json: "a list of PostHog's log lines; with --follow one line of JSON each",
  examples: [
    { command: "hogflow logs Onboarding --since 1h --level warn", does: "warnings and errors of the last hour" },
    { command: "hogflow logs 0198f3c2-0000-4000-8000-000000000001 --follow", does: "prints lines as they come" },
  ],
  async run({ io, clock, signal, print, printLine, ...context }, { flow, follow, level, ...options }) {
    io.progress("Reading the log …");
    const { client, id: flowId } = await context.flow(flow);
    const where = { client, clock, flowId };
    const wanted = { ...options, level: level && levelsFrom(level) };
    if (!follow) {
      const lines = await readLogs(where, wanted);
      if (lines.length === 0 && !io.json) io.note("There are no log lines.");
      else print(lines, () => lines.map((line) => lineText(line, io)).join("\n"));
      return DONE;
    }
    try {
      await followLogs(where, {
        ...wanted,
        signal,
        onLines: (lines) => lines.forEach((line) => printLine(line, () => lineText(line, io))),
      });
    } catch (error) {
      // Ctrl-C is how one stops to follow.
      if (!signal.aborted) throw error;
    }
    return DONE;
  },
});

const levelsFrom = (level: (typeof LEVELS)[number]): LogLevel[] => LEVELS.slice(LEVELS.indexOf(level));

/** Of a long id the end: runs of one minute begin alike. */
const shortId = (id: string): string => id.slice(-8);

function lineText({ timestamp, level, message, instance_id }: WireLogLine, io: Io): string {
  const name = oneLine(level.toLowerCase());
  const style = STYLES[name];
  return `${io.style(moment(timestamp), "dim")} ${style ? io.style(name.padEnd(5), style) : name.padEnd(5)} ${io.style(oneLine(shortId(instance_id)), "dim")} ${oneLine(message)}`;
}
