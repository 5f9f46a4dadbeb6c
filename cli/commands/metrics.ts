// `hogflow metrics`: numbers of a flow over time, with a small chart.
import { readMetrics } from "../../operate/metrics";
import { choice, defineCommand, flowArgument } from "../define";
import { sparkline, valuesInMark, WIDEST_CURVE } from "../chart";
import { roomBeside, table, type Column } from "../table";
import { metricOptions, seriesWanted } from "./metric-options";

export const metrics = defineCommand({
  name: "metrics",
  summary: "numbers of a flow over time",
  description:
    "Shows how often things happened in a flow, over time: runs that succeeded or failed, e-mails that were sent, opened and bounced.",
  arguments: { flow: flowArgument() },
  options: {
    ...metricOptions,
    interval: choice("<interval>", "length of an interval", ["hour", "day", "week"], "day"),
  },
  needs: ["posthog"],
  json: "{labels, series: [{name, values, total}]}, the largest series first",
  examples: [
    { command: "hogflow metrics Onboarding", does: "the last seven days, by day" },
    { command: "hogflow metrics Onboarding --since 30d --kind email", does: "what happened to its e-mails" },
    {
      command: "hogflow metrics Onboarding --step welcome --since 24h --interval hour",
      does: "one step of it, by hour",
    },
  ],
  async run({ io, print, ...context }, { flow, interval, ...options }) {
    io.progress("Reading numbers …");
    const { client, id } = await context.flow(flow);
    const found = await readMetrics(client, id, { ...seriesWanted(options), interval });
    const { labels, series } = found;
    if (series.length === 0 && !io.json) return io.note("Nothing happened in that time.");
    const titles: Column[] = [{ title: options.by }, { title: "total", align: "right" }];
    const rows = series.map(({ name, total }) => [name, total.toLocaleString("en")]);
    const room = Math.min(WIDEST_CURVE, roomBeside(titles, rows, io.columns));
    const inMark = valuesInMark(labels.length, room);
    const charts = series.map(({ values }, i) => [...rows[i]!, io.style(sparkline(values, room), "cyan")]);
    print(found, () =>
      table(
        [
          ...titles,
          {
            title: `${labels[0] ?? ""} – ${labels.at(-1) ?? ""}, by ${interval}${inMark > 1 ? `, ${inMark} in a mark` : ""}`,
          },
        ],
        charts,
        io.columns,
      ),
    );
  },
});
