// `hogflow metrics totals`: sums of a flow's numbers.
import { readMetricTotals } from "../../operate/metrics";
import { defineCommand, flowArgument } from "../define";
import { bar, LONGEST_BAR } from "../chart";
import { roomBeside, table, type Column } from "../table";
import { metricOptions, seriesWanted } from "./metric-options";

export const metricsTotals = defineCommand({
  name: "metrics totals",
  summary: "sums of a flow's numbers",
  description: "Shows how often things happened in a flow, summed over the span.",
  arguments: { flow: flowArgument() },
  options: metricOptions,
  needs: ["posthog"],
  json: "a list of {name, total}, the largest first",
  examples: [
    { command: "hogflow metrics totals Onboarding --since 30d", does: "sums of the last thirty days" },
    { command: "hogflow metrics totals Onboarding --kind failure --json", does: "what failed, as JSON" },
  ],
  async run({ io, print, ...context }, { flow, ...options }) {
    io.progress("Reading numbers …");
    const { client, id } = await context.flow(flow);
    const totals = await readMetricTotals(client, id, seriesWanted(options));
    if (totals.length === 0 && !io.json) return io.note("Nothing happened in that time.");
    const most = totals[0]?.total ?? 0;
    const titles: Column[] = [{ title: options.by }, { title: "total", align: "right" }];
    const rows = totals.map(({ name, total }) => [name, total.toLocaleString("en")]);
    const room = Math.min(LONGEST_BAR, roomBeside(titles, rows, io.columns));
    const charts = totals.map(({ total }, i) => [...rows[i]!, io.style(bar(total, most, room), "cyan")]);
    print(totals, () => table([...titles, { title: "" }], charts, io.columns));
  },
});
