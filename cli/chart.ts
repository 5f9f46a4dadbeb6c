// Small charts of a line's height: a curve over time, and a bar.

/** Widest chart that is still one look, in characters. */
export const WIDEST_CURVE = 60;
export const LONGEST_BAR = 30;

const LEVELS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** A curve, a character a value; nothing at all is a dot, so that one can be told from zero. Values are summed up where there are more than `columns`. */
export function sparkline(values: readonly number[], columns = WIDEST_CURVE): string {
  const summed = values.length <= columns ? values : inGroups(values, columns);
  const most = Math.max(...summed, 0);
  return summed
    .map((value) =>
      value <= 0 ? "·" : LEVELS[Math.min(LEVELS.length - 1, Math.ceil((value / most) * LEVELS.length) - 1)],
    )
    .join("");
}

/** How many values one character of a curve covers. */
export const valuesInMark = (values: number, columns: number): number => Math.ceil(values / columns);

function inGroups(values: readonly number[], groups: number): number[] {
  const size = valuesInMark(values.length, groups);
  const sums: number[] = [];
  values.forEach((value, i) => (sums[Math.floor(i / size)] = (sums[Math.floor(i / size)] ?? 0) + value));
  return sums;
}

/** A bar as long as its share of the largest value; at least one mark for what is above zero. */
export function bar(value: number, most: number, columns = LONGEST_BAR): string {
  return value <= 0 || most <= 0 ? "" : "█".repeat(Math.max(1, Math.round((value / most) * columns)));
}
