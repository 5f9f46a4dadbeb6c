// What `metrics` and `metrics totals` can be asked for.
import type { MetricsOptions } from "../../operate/metrics";
import { choice, option, parsed, repeated } from "../define";
import { since } from "../values";

export const metricOptions = {
  since: parsed("<span>", "start of the span: how long ago, such as 24h or 30d, or a moment (default: 7d)", since),
  until: parsed("<span>", "until then", since),
  by: choice(
    "<what>",
    "one row for each name (succeeded, email_sent) or each kind (success, email)",
    ["name", "kind"],
    "name",
  ),
  name: repeated("<name>", "only this metric; may be repeated"),
  kind: repeated("<kind>", "only this kind; may be repeated"),
  step: option("<id>", "only of this step"),
};

interface Given {
  since?: string;
  until?: string;
  by: "name" | "kind";
  name: string[];
  kind: string[];
  step?: string;
}

export const seriesWanted = ({ since, until, by, name, kind, step }: Given): MetricsOptions => ({
  since,
  until,
  by,
  names: name,
  kinds: kind,
  step,
});
