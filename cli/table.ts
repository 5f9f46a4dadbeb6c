// Columns of text, aligned, cut at the width of the terminal.
import { stripVTControlCharacters } from "node:util";
import { oneLine } from "../definition/plain-text";

export interface Column {
  title: string;
  /** Numbers are aligned right. Default left. */
  align?: "left" | "right";
}

const GAP = "  ";

const width = (text: string): number => [...stripVTControlCharacters(text)].length;

/** Width of the columns, with the gap behind each. */
function widthOf(titles: readonly Column[], rows: ReadonlyArray<readonly string[]>): number {
  const cells = [titles.map(({ title }) => title), ...rows];
  return titles.reduce((sum, _, i) => sum + Math.max(...cells.map((row) => width(row[i] ?? ""))) + GAP.length, 0);
}

/** Characters that are left for one more column, such as a chart. */
export const roomBeside = (
  titles: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
  columns: number,
): number => Math.max(columns - widthOf(titles, rows), 10);

/** Whether a table needs no cut. */
export const fits = (titles: readonly Column[], rows: ReadonlyArray<readonly string[]>, columns: number): boolean =>
  widthOf(titles, rows) - GAP.length <= columns;

/** A table with a line of titles. Cells may have styles, and are one line each. The last column is cut where the line would be longer than `columns`. */
export function table(titles: readonly Column[], rows: ReadonlyArray<readonly string[]>, columns = Infinity): string {
  const cells = [titles.map(({ title }) => title), ...rows].map((row) => row.map(cellOf));
  const widths = titles.map((_, i) => Math.max(...cells.map((row) => width(row[i] ?? ""))));
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP.length, 0);
  const last = Math.max(columns - before, 10);
  return cells
    .map((row) =>
      row
        .map((cell, i) =>
          i === titles.length - 1 && titles[i]!.align !== "right"
            ? cut(cell, last)
            : padded(cell, widths[i]!, titles[i]!.align),
        )
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

/** Text of others must not break the line, nor have characters that take no column. The beginnings of styles stay, for the output to recognise ours. */
const cellOf = (text: string): string => text.split("\u001b").map(oneLine).join("\u001b").trim();

const padded = (text: string, to: number, align: Column["align"]): string => {
  const space = " ".repeat(Math.max(0, to - width(text)));
  return align === "right" ? space + text : text + space;
};

function cut(text: string, to: number): string {
  return width(text) <= to ? text : `${[...stripVTControlCharacters(text)].slice(0, to - 1).join("")}…`;
}
