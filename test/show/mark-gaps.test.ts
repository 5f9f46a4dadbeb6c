// @vitest-environment happy-dom
// What Liquid could not fill is marked at its place, and nowhere else.
import { describe, expect, it } from "vitest";
import { gapPieces, markGaps, noteGaps, withoutSigns } from "../../show/app/mark-gaps";
import type { Gap } from "../../show/data";

const gap = (shows: string, more: Partial<Gap> = {}): Gap => ({
  where: "text",
  expression: "first_name",
  shows,
  ...more,
});

describe("in a text", () => {
  const marked = (text: string, gaps: Gap[]): string =>
    gapPieces(text, gaps, "text")
      .map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text))
      .join("");

  it.each<[string, string, Gap[], string]>([
    ["the default, if it is there once", "Hi there!", [gap("there")], "Hi [there]!"],
    ["nothing, if it could be meant elsewhere", "there you are, there", [gap("there")], "there you are, there"],
    ["no part of a word", "Hi therefore", [gap("there")], "Hi therefore"],
    ["what is at the index", "there, there", [gap("there", { at: [7] })], "there, [there]"],
    ["the place of what is empty", "Hi , how", [gap("", { at: [3] })], "Hi [], how"],
    ["nothing for an empty one without an index", "Hi , how", [gap("")], "Hi , how"],
    ["what other parts lack is theirs", "Hi there", [gap("there", { where: "subject" })], "Hi there"],
    ["each place of what is there often", "a, b", [gap("", { at: [1, 4] })], "a[], b[]"],
    ["what is sent escaped", "Tom &amp; Co", [gap("Tom & Co", { at: [0] })], "[Tom &amp; Co]"],
    ["several, in any order", "a b c", [gap("c"), gap("a")], "[a] b [c]"],
    ["signs as they are written", "a.*", [gap(".*", { at: [1] })], "a[.*]"],
  ])("marks %s", (_, text, gaps, expected) => {
    expect(marked(text, gaps)).toBe(expected);
  });

  it("says which", () => {
    expect(gapPieces("Hi there", [gap("there")], "text")[1]!.title).toBe("[first_name] is not filled");
  });
});

describe("in a mail", () => {
  const marked = (html: string, gaps: Gap[]): string => {
    const root = document.createElement("div");
    root.innerHTML = noteGaps(html, gaps);
    markGaps(root, html, gaps);
    return root.innerHTML;
  };
  const MARK = 'data-gap="" title="[first_name] is not filled"';

  it("marks what is read, at its index", () => {
    const html = "<p>Hi , <b>there</b></p>";
    const gaps = [gap("", { where: "html", at: [html.indexOf(",")] }), gap("there", { where: "html" })];
    expect(marked(html, gaps)).toBe(`<p>Hi <mark ${MARK}></mark>, <b><mark ${MARK}>there</mark></b></p>`);
  });

  it("leaves attributes and styles as they are", () => {
    const html = '<style>p { color:  }</style><a title="">x</a><img alt="there">';
    const gaps = [
      gap("", { where: "html", at: [html.indexOf(" }")] }),
      gap("", { where: "html", at: [html.indexOf('">x')] }),
      gap("there", { where: "html", at: [html.indexOf("there")] }),
    ];
    expect(marked(html, gaps)).toBe(html);
  });

  it("takes signs that a mail has for itself out, and marks nothing there", () => {
    const html = "<p>\uFDD00\uFDD1Hi\uFDD2 there</p>";
    expect(noteGaps(html, [gap("there", { where: "html" })])).toBe("<p>Hi there</p>");
    expect(withoutSigns("https://a.example/\uFDD012\uFDD1\uFDD2")).toBe("https://a.example/");
  });
});
