// Numbers of a flow over a span of time: what ran, failed, was sent and opened (run time §8).
import type { MetricQuery, PostHogClient, WireMetrics } from "../api";

/** Which numbers. */
export interface MetricsOptions {
  /** A span or a moment; default: the last seven days. */
  since?: string;
  until?: string;
  /** Default day. */
  interval?: MetricQuery["interval"];
  /** Whether there is one series a name (`succeeded`, `email_sent`) or one a kind (`success`, `email`). Default name. */
  by?: "name" | "kind";
  /** Only these names. */
  names?: readonly string[];
  /** Only these kinds. */
  kinds?: readonly string[];
  /** Id of a step. */
  step?: string;
}

/** One series, with its sum. */
interface Series {
  name: string;
  values: number[];
  total: number;
}

/** Numbers over time. */
export interface FlowMetrics {
  /** The moments at which the intervals begin, as PostHog writes them. */
  labels: string[];
  /** Largest sum first. */
  series: Series[];
}

/**
 * Numbers over time.
 *
 * @example
 * const { labels, series } = await readMetrics(client, flowId, { since: "-30d", names: ["email_sent", "email_opened"] });
 */
export async function readMetrics(
  client: PostHogClient,
  flowId: string,
  options: MetricsOptions = {},
): Promise<FlowMetrics> {
  const { labels, series }: WireMetrics = await client.getMetrics(flowId, {
    ...queryOf(options),
    interval: options.interval,
  });
  return {
    labels,
    series: series
      .map(({ name, values }) => ({ name, values, total: values.reduce((sum, value) => sum + value, 0) }))
      .sort(byTotal),
  };
}

/**
 * Sums over the span, largest first.
 *
 * @example
 * const [most] = await readMetricTotals(client, flowId, { since: "-1d", kinds: ["failure"] });
 */
export async function readMetricTotals(
  client: PostHogClient,
  flowId: string,
  options: Omit<MetricsOptions, "interval"> = {},
): Promise<Array<{ name: string; total: number }>> {
  const { totals } = await client.getMetricTotals(flowId, queryOf(options));
  return Object.entries(totals)
    .map(([name, total]) => ({ name, total }))
    .sort(byTotal);
}

const byTotal = (a: { name: string; total: number }, b: { name: string; total: number }): number =>
  b.total - a.total || (a.name < b.name ? -1 : 1);

function queryOf({ since, until, by = "name", names = [], kinds = [], step }: MetricsOptions): MetricQuery {
  return {
    after: since,
    before: until,
    breakdown_by: by,
    name: names.length > 0 ? names.join(",") : undefined,
    kind: kinds.length > 0 ? kinds.join(",") : undefined,
    instance_id: step,
  };
}
