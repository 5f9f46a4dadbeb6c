// Which messages have a picture, and the names of their files: the same in every run, and safe whatever flows and people are called.
import { describe, expect, it } from "vitest";
import { shotHtml } from "../../operate/show/shot-html";
import { shotsOf } from "../../operate/show/shots";
import type { Delivery, MessageContent, ShowData } from "../../show/data";
import { sampleShowData } from "../support/show-sample";

const people = ["Ada", "Grace"].map((name) => ({ name, origin: "kept" as const, properties: [] }));
const content = (text: string, channel: MessageContent["channel"] = "sms"): MessageContent => ({
  channel,
  text,
  links: [],
  gaps: [],
});

/** A page with these contents and deliveries: side, person, step, content. */
function pageOf(
  contents: MessageContent[],
  deliveries: readonly [Delivery["side"], number, string, number][],
  more: Partial<ShowData> = {},
): ShowData {
  const at = "2026-12-07T09:00:00.000Z";
  return {
    ...sampleShowData(),
    people,
    contents,
    change: undefined,
    deliveries: deliveries.map(([side, person, step, index]) => ({
      side,
      person,
      flow: "welcome",
      step,
      title: step,
      content: index,
      run: 0,
      to: "someone",
      at,
      day: 0,
    })),
    ...more,
  };
}
const files = (data: ShowData): string[] => shotsOf(data).map(({ file }) => file);
const change = { before: "main", after: "your program" };

describe("pictures", () => {
  it("are of each text that a step has for somebody, once", () => {
    const data = pageOf(
      [content("Hello, Ada"), content("Hello, Grace"), content("Bye")],
      [
        ["after", 0, "hello", 0],
        ["after", 1, "hello", 1],
        ["after", 0, "hello", 0],
        ["after", 0, "bye", 2],
        ["after", 1, "bye", 2],
      ],
    );
    expect(files(data)).toEqual(["welcome-hello-ada.png", "welcome-hello-grace.png", "welcome-bye-ada.png"]);
    expect(shotsOf(data)[1]).toEqual({
      file: "welcome-hello-grace.png",
      side: "after",
      flow: "welcome",
      step: "hello",
      title: "hello",
      person: "Grace",
      to: "someone",
      content: 1,
    });
  });

  it("have a number where a step words a message differently the next time", () => {
    const contents = [content("First"), content("Second")];
    const data = pageOf(contents, [
      ["after", 0, "hello", 0],
      ["after", 0, "hello", 1],
    ]);
    expect(files(data)).toEqual(["welcome-hello-ada.png", "welcome-hello-ada-2.png"]);
  });

  it("are not of requests, which nobody reads", () => {
    expect(files(pageOf([content("{}", "request")], [["after", 0, "sync", 0]]))).toEqual([]);
  });

  it("are of what a change adds, removes or words differently, on both sides", () => {
    const contents = [content("Old"), content("New"), content("Same"), content("Gone"), content("Added")];
    const data = pageOf(
      contents,
      [
        ["before", 0, "hello", 0],
        ["before", 0, "same", 2],
        ["before", 0, "gone", 3],
        ["after", 0, "hello", 1],
        ["after", 0, "same", 2],
        ["after", 0, "added", 4],
      ],
      { change },
    );
    expect(shotsOf(data).map(({ file, side, mark }) => [file, side, mark])).toEqual([
      ["welcome-hello-ada-before.png", "before", "changed"],
      ["welcome-hello-ada.png", "after", "changed"],
      ["welcome-gone-ada-before.png", "before", "removed"],
      ["welcome-added-ada.png", "after", "added"],
    ]);
  });

  it("compare the second message of a step with the second one before", () => {
    const contents = [content("One"), content("Two"), content("Two, reworded")];
    const data = pageOf(
      contents,
      [
        ["before", 0, "hello", 0],
        ["before", 0, "hello", 1],
        ["after", 0, "hello", 0],
        ["after", 0, "hello", 2],
      ],
      { change },
    );
    expect(shotsOf(data).map(({ content: index }) => index)).toEqual([1, 2]);
  });
});

describe("names of files", () => {
  const named = (...names: string[]): string[] =>
    files(
      pageOf(
        names.map((name) => content(name)),
        names.map((_, person) => ["after", person, "hello", person]),
        { people: names.map((name) => ({ name, origin: "kept", properties: [] })) },
      ),
    );

  it.each([
    ["../../etc/passwd", "welcome-hello-etc-passwd.png"],
    ["CON\u0000\u202Egnp", "welcome-hello-con-gnp.png"],
    ["Zoë Ünal", "welcome-hello-zoë-ünal.png"],
    ["李雷", "welcome-hello-李雷.png"],
    ["🙂 / <script>", "welcome-hello-script.png"],
    ["…", "welcome-hello-x.png"],
  ])("of %j", (name, file) => {
    expect(named(name)).toEqual([file]);
  });

  it("fit into a file system, and differ where what they are made of differs", () => {
    const long = named("李".repeat(300), `${"李".repeat(300)}!`);
    expect(new Set(long).size).toBe(2);
    for (const file of long) expect(Buffer.byteLength(file)).toBeLessThan(255);
    expect(named("A b", "a-b", "a B")).toEqual([
      "welcome-hello-a-b.png",
      "welcome-hello-a-b-2.png",
      "welcome-hello-a-b-3.png",
    ]);
    expect(new Set(named("x", "x before")).size).toBe(2);
  });
});

it("the document of a picture holds no markup of others but within the frame", () => {
  const evil = `"><script>alert(1)</script>`;
  const email = { ...content(evil, "email"), subject: evil, from: evil, preheader: evil, html: `<b>${evil}</b>` };
  for (const each of [
    email,
    { ...email, html: undefined },
    ...(["sms", "push", "slack"] as const).map((channel) => ({ ...email, channel })),
  ]) {
    const html = shotHtml(each, { to: evil, width: 600 });
    expect(html).not.toContain("<script");
    expect(html).toContain("&quot;&gt;&lt;script");
  }
  expect(shotHtml(email, { to: "ada", width: 600 })).toMatch(/<iframe sandbox width="600"/);
});
