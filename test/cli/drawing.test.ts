// Tables and small charts.
import { describe, expect, it } from "vitest";
import { bar, sparkline } from "../../cli/chart";
import { table } from "../../cli/table";
import { since, wholeNumber } from "../../cli/values";

describe("a table", () => {
  it("aligns columns by what is seen, numbers at the right", () => {
    const text = table(
      [{ title: "name" }, { title: "total", align: "right" }, { title: "" }],
      [
        ["\u001b[31mäöü\u001b[39m", "7", "x"],
        ["sent", "1,200", ""],
      ],
    );
    expect(text).toBe("name  total\n\u001b[31mäöü\u001b[39m       7  x\nsent  1,200");
  });

  it("keeps a cell on its line, and cuts the last column at the width", () => {
    expect(table([{ title: "a" }, { title: "b" }], [["x", "one\ntwo\u0007 three four"]], 16)).toBe(
      "a  b\nx  one two thre…",
    );
  });
});

describe("a curve", () => {
  it("goes from nothing to the largest value", () => {
    expect(sparkline([0, 1, 4, 8])).toBe("·▁▄█");
    expect(sparkline([0, 0])).toBe("··");
    // One of a thousand is seen, too.
    expect(sparkline([1, 1000])).toBe("▁█");
  });

  it("sums up what does not fit", () => {
    expect(sparkline([1, 1, 2, 2, 4, 4], 3)).toBe("▂▄█");
    expect(sparkline(Array(1000).fill(1), 60).length).toBeLessThanOrEqual(60);
  });
});

it("a bar is as long as its share, and never nothing for something", () => {
  expect([bar(30, 30), bar(15, 30), bar(1, 30_000), bar(0, 30)].map((text) => text.length)).toEqual([30, 15, 1, 0]);
});

describe("values", () => {
  it("reads spans in either spelling, and moments", () => {
    expect(["7d", "-24h", "30m", "2w", "2026-12-01T09:00:00Z", "2026-12-01"].map(since)).toEqual([
      "-7d",
      "-24h",
      "-30m",
      "-2w",
      "2026-12-01T09:00:00Z",
      "2026-12-01",
    ]);
    for (const wrong of ["", "7", "d", "7y", "yesterday", "2026-13-01"])
      expect(() => since(wrong)).toThrow(/must be a span/);
  });

  it("takes whole numbers within their limits", () => {
    const read = wholeNumber(1, 500);
    expect([read("1"), read("500")]).toEqual([1, 500]);
    for (const wrong of ["0", "501", "1.5", "1e2", "", "x", "0x10"])
      expect(() => read(wrong)).toThrow(/whole number from 1 to 500/);
  });
});
