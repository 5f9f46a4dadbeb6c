// A comment that links to the page of `hogflow show` and shows its pictures: addresses that Markdown takes whole, and texts of others that stay text.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import MarkdownIt from "markdown-it";
import { afterAll, describe, expect, it } from "vitest";
import { pageAddress, partOfPage, pictureAddress, readShots } from "../../operate/review/addresses";
import { pictureParts } from "../../operate/review/pictures";
import { parsePreview } from "../../operate/review/preview";
import { renderReview, type RenderOptions } from "../../operate/review/render";
import { reviewOf } from "../../operate/review/review";
import { shotsOf, type Shot } from "../../operate/show/shots";
import { parseRoute } from "../../show/app/routes";
import { sampleShowData } from "../support/show-sample";

const FIXTURE = path.join(import.meta.dirname, "fixtures", "rich-preview.json");
const found = reviewOf(parsePreview(readFileSync(FIXTURE, "utf8")), { now: Date.parse("2026-12-01T00:00:00Z") });
const comment = (options: RenderOptions): string => renderReview(found, options);

/** Addresses of links and images, as a reader of Markdown takes them. */
function addressesOf(markdown: string, kind: "link_open" | "image"): string[] {
  const tokens = new MarkdownIt().parse(markdown, {}).flatMap(({ children }) => children ?? []);
  return tokens.flatMap((token) =>
    token.type === kind ? [String(token.attrGet(kind === "image" ? "src" : "href"))] : [],
  );
}

describe("a comment with a page", () => {
  const page = pageAddress("https://ci.example/runs/7 (a)/page.html?x=1");
  const text = comment({ page });

  it("links to it, and each flow to its own part", () => {
    const links = addressesOf(text, "link_open").filter((link) => link.startsWith("https://ci.example"));
    expect(links[0]).toBe(`${page}#/change`);
    const flows = links.slice(1).map((link) => parseRoute(new URL(link).hash));
    expect(flows).toEqual(found.flows.map(({ resource }) => ({ section: "change", flow: resource.name })));
    expect(flows.length).toBeGreaterThan(3);
  });

  it("has no link without one", () => {
    expect(comment({})).not.toContain("See what people will get");
  });

  it("keeps its links when it is cut", () => {
    const short = comment({ page, limit: 4_000 });
    expect(addressesOf(short, "link_open")).toContain(`${page}#/change`);
  });
});

describe("addresses", () => {
  it.each(["page.html", "file:///tmp/page.html", "javascript:alert(1)", "//ci.example/x", ""])("%j is none", (text) => {
    expect(() => pageAddress(text)).toThrow(/must be an address that begins with https/);
    expect(() => pictureAddress(text)).toThrow(/must be an address that begins with https/);
  });

  it("of a page is of the whole page", () => {
    expect(() => pageAddress("https://ci.example/page.html#/flows")).toThrow(/without #/);
  });

  it("of a flow can be found again, whatever it is called", () => {
    const page = pageAddress("https://ci.example/page.html");
    for (const flow of ["a) [x](javascript:alert(1))", "|", "<b>", "ü/#?%"]) {
      const link = partOfPage(page, { section: "change", flow });
      expect(link).not.toMatch(/[()<>|\s[\]]/);
      expect(parseRoute(new URL(link).hash)).toEqual({ section: "change", flow });
    }
  });

  it("of pictures have the file where it belongs", () => {
    expect(pictureAddress("https://ci.example/shots")("a-b.png")).toBe("https://ci.example/shots/a-b.png");
    expect(pictureAddress("https://ci.example/shots/")("zoë.png")).toBe("https://ci.example/shots/zo%C3%AB.png");
    expect(pictureAddress("https://github.com/o/r/blob/x/{file}?raw=true")("a.png")).toBe(
      "https://github.com/o/r/blob/x/a.png?raw=true",
    );
    expect(pictureAddress("https://ci.example/x")("../$&) ![](x")).toBe(
      "https://ci.example/x/..%2F%24%26%29%20!%5B%5D%28x",
    );
  });
});

describe("pictures in a comment", () => {
  const shots = shotsOf(sampleShowData());
  const address = pictureAddress("https://ci.example/shots");
  const textOf = (flow: string, given: readonly Shot[] = shots): string =>
    pictureParts(flow, { shots: given, address })
      .map(({ text }) => text)
      .join("\n\n");

  it("show each message of the flow before and after, beside each other", () => {
    const lines = textOf("welcome").split("\n");
    expect(lines).toContain(
      "| Welcome, for ada on the free plan | ![Welcome, before](https://ci.example/shots/welcome-welcome-ada-on-the-free-plan-before.png) | ![Welcome, after](https://ci.example/shots/welcome-welcome-ada-on-the-free-plan.png) |",
    );
    expect(lines.find((line) => line.startsWith("| Tips for free users"))).toContain("| – | ![");
    expect(lines.find((line) => line.startsWith("| Checklist"))).toMatch(/\) \| – \|$/);
    const files = shots.filter(({ flow }) => flow === "welcome").map(({ file }) => file);
    const shown = new MarkdownIt().render(textOf("welcome")).match(/src="[^"]*/g)!;
    expect(shown.map((src) => path.posix.basename(src)).sort()).toEqual([...files].sort());
  });

  it("are few at first, and the others are there to be opened", () => {
    const [first] = textOf("welcome").split("<details>");
    expect(addressesOf(first!, "image").length).toBeLessThanOrEqual(6);
    expect(textOf("welcome")).toMatch(/<summary>\d+ more messages<\/summary>/);
  });

  it("are none for a flow whose messages stay", () => {
    expect(pictureParts("other", { shots, address })).toEqual([]);
  });

  it("stand in the part of their flow", () => {
    const [flow] = found.flows;
    const own = shots.slice(0, 2).map((shot) => ({ ...shot, flow: flow!.resource.name }));
    const text = comment({ pictures: { shots: own, address } });
    const part = text.split(/^#### /m)[1]!;
    expect(addressesOf(part, "image")).toHaveLength(2);
    expect(addressesOf(text, "image")).toHaveLength(2);
  });

  it("keep the texts of others texts", () => {
    const evil = "x](y) | <img src=x onerror=alert(1)> @team #1 ![z](https://evil.example/a.png)";
    const text = textOf("welcome", [{ ...shots[0]!, title: evil, person: evil, file: "a.png" }]);
    const html = new MarkdownIt({ html: true }).render(text);
    expect(html.match(/<img [^>]*>/g)).toHaveLength(1);
    expect(html).not.toContain('evil.example/a.png"');
    expect(
      text
        .split("\n")
        .at(-1)!
        .match(/(?<!\\)\|/g),
    ).toHaveLength(4);
  });
});

describe("a folder with pictures", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-shots-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    [undefined, /does not exist\..*Run: hogflow show --shots/],
    ["{}", /is not the list that hogflow show --shots writes/],
    ["no", /is not the list/],
    ['[{"file": "a.png"}]', /is not the list/],
  ])("with the list %j is none", (text, message) => {
    if (text !== undefined) writeFileSync(path.join(folder, "shots.json"), text);
    expect(() => readShots(folder)).toThrow(message);
  });

  it("is read as it was written", () => {
    const shots = shotsOf(sampleShowData());
    writeFileSync(path.join(folder, "shots.json"), JSON.stringify(shots));
    expect(readShots(folder)).toEqual(shots);
  });
});
