// `hogflow metrics totals`: sums of a flow's numbers.
import { findFlow } from "../../operate/find-flow";
import { readMetricTotals } from "../../operate/metrics";
import { argument, defineCommand } from "../define";
import { bar, LONGEST_BAR } from "../chart";
import { roomBeside, table, type Column } from "../table";
import { metricOptions, seriesWanted } from "./metric-options";

export const metricsTotals = defineCommand({
  name: "metrics totals",
  summary: "sums of a flow's numbers",
  description: "Shows how often things happened in a flow, summed over the span.",
  arguments: { flow: argument("id of the flow, or its exact name") },
  options: metricOptions,
  needs: ["posthog"],
  json: "a list of {name, total}, the largest first",
  examples: [
    { command: "hogflow metrics totals Onboarding --since 30d", does: "sums of the last thirty days" },
    { command: "hogflow metrics totals Onboarding --kind failure --json", does: "what failed, as JSON" },
  ],
  async run({ io, connect, print }, { flow, ...options }) {
    const client = await connect();
    io.progress("Reading numbers …");
    const totals = await readMetricTotals(client, await findFlow(client, flow), seriesWanted(options));
    if (totals.length === 0 && !io.json) return io.note("Nothing happened in that time.");
    const most = totals[0]?.total ?? 0;
    const titles: Column[] = [{ title: options.by }, { title: "total", align: "right" }];
    const rows = totals.map(({ name, total }) => [name, total.toLocaleString("en")]);
    const room = Math.min(LONGEST_BAR, roomBeside(titles, rows, io.columns));
    const charts = totals.map(({ total }, i) => [...rows[i]!, io.style(bar(total, most, room), "cyan")]);
    print(totals, () => table([...titles, { title: "" }], charts, io.columns));
  },
});
