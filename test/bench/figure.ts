// What a figure of the benchmark is: a piece of work measured beside its floor, in rounds that take turns, and the goal for it.

export interface Context {
  /** Rounds that were asked for, or the figure's own number. */
  rounds(own: number): number;
  /** Says what goes on. */
  progress(text: string): void;
}

export interface PluginRow {
  ours: number[];
  /** A plugin that does nothing. */
  floor?: number[];
  /** The largest share of ours on the dynamic provider that reaches the goal. */
  limit: number;
}

/** One line of the table. */
export interface Row {
  name: string;
  unit: string;
  /** One value a round, in the order of the rounds. */
  ours: number[];
  /** The floor of the same rounds. Absent where the goal is a plain number. */
  floor?: number[];
  /** The same on the plugin, in the same rounds. */
  plugin?: PluginRow;
  /** In words. */
  goal: string;
  /** The largest value that reaches the goal: of the ratio of the medians where there is a floor, else of our median. */
  limit: number;
  /** Requests that the API got in one round, and how many the goal allows. */
  requests?: { ours: number; limit: number };
  note?: string;
}

export interface Figure {
  name: string;
  /** In one line, for `--list`. */
  what: string;
  measure(context: Context): Promise<Row[]>;
}

export interface Verdict {
  ours: number;
  floor?: number;
  /** Half the distance between the fastest and the slowest round of ours, as a share of the median. */
  spread: number;
  ratio?: number;
  /** Of the plugin: its medians, the ratio to its floor, and the ratio to the dynamic provider. */
  plugin?: { ours: number; floor?: number; ratio?: number; share: number };
  reached: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function verdict(row: Row): Verdict {
  const ours = median(row.ours);
  const floor = row.floor && median(row.floor);
  const ratio = floor === undefined ? undefined : ours / floor;
  const spread = ours === 0 ? 0 : (Math.max(...row.ours) - Math.min(...row.ours)) / 2 / ours;
  const plugin = row.plugin && pluginVerdict(row.plugin, ours);
  const requestsOk = row.requests === undefined || row.requests.ours <= row.requests.limit;
  return {
    ours,
    ...(floor === undefined ? {} : { floor, ratio: ratio! }),
    spread,
    ...(plugin ? { plugin } : {}),
    reached: (ratio ?? ours) <= row.limit && requestsOk && (plugin?.share ?? 0) <= (row.plugin?.limit ?? 0),
  };
}

function pluginVerdict(row: PluginRow, dynamic: number): NonNullable<Verdict["plugin"]> {
  const ours = median(row.ours);
  const floor = row.floor && median(row.floor);
  return { ours, ...(floor === undefined ? {} : { floor, ratio: ours / floor }), share: ours / dynamic };
}

/** Runs the works in turns, forwards and then backwards, so that a drift of the machine hits them alike. One list of results for each. */
export async function interleaved<T>(rounds: number, works: readonly (() => Promise<T>)[]): Promise<T[][]> {
  const results: T[][] = works.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    const order = works.map((_, i) => i);
    if (round % 2 === 1) order.reverse();
    for (const i of order) results[i]!.push(await works[i]!());
  }
  return results;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
