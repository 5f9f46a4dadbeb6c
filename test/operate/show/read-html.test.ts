// What a mailbox makes of the HTML of an e-mail.
import { describe, expect, it } from "vitest";
import { readHtml } from "../../../operate/show/read-html";

describe("links", () => {
  it.each([
    ['<a href="https://acme.com/?a=1&amp;b=2">Go <b>on</b>\n now</a>', [["https://acme.com/?a=1&b=2", "Go on now"]]],
    [
      "<a href='x'>one</a><A HREF=y>two</A>",
      [
        ["x", "one"],
        ["y", "two"],
      ],
    ],
    ['<a href="">none</a>', [["", "none"]]],
    ['<a name="top">no link</a>', []],
    ['<a href="x"><img src="i.png" alt="A button"></a>', [["x", "A button"]]],
    ['<map><area href="x" alt="North"></map>', [["x", "North"]]],
    ["<!-- <a href='x'>commented out</a> -->", []],
    ['<a href="x">never closed <p>text', [["x", "never closed text"]]],
    ['<style>a::after { content: "<a href=x>" }</style>', []],
  ])("%s", (html, expected) => {
    expect(readHtml(html).links.map(({ url, text }) => [url, text])).toEqual(expected);
  });
});

describe("the text beside the subject", () => {
  it.each([
    ['<div style="display:none">Soon</div><p>Hello</p>', "Soon", "Hello"],
    [
      '<span style="DISPLAY : NONE; max-height:0">So</span><span style="display:none">on</span><p>Hello</p>',
      "Soon",
      "Hello",
    ],
    ['<div style="max-height:0px;overflow:hidden">Soon &zwnj;&nbsp;&zwnj;&nbsp;</div>Hello', "Soon", "Hello"],
    ['<div style="opacity:0">Soon</div>Hello', "Soon", "Hello"],
    ['<div style="opacity:0.9">Hello</div>', "", "Hello"],
    ['<div style="font-size:1px">Soon</div><p style="font-size:14px">Hello</p>', "Soon", "Hello"],
    ['<div style="max-height:0.5em">Hello</div>', "", "Hello"],
    ["<p hidden>Soon</p>Hello", "Soon", "Hello"],
    ['<span class="mail-preheader">Soon</span>Hello', "Soon", "Hello"],
    ['<p>Hello</p><div style="display:none">Too late</div>', "", "Hello"],
    ["<head><title>Title</title><style>p{}</style></head><script>x()</script><p>Hello\n\n  you</p>", "", "Hello you"],
    [
      "<p>Use <b>bold</b><i>ly</i>, <a href=x>now</a>.</p><p>Then</p>stop<br>here<td>cell</td><td>cell</td>",
      "",
      "Use boldly, now. Then stop here cell cell",
    ],
    ["", "", ""],
  ])("%s", (html, hidden, visible) => {
    expect(readHtml(html)).toMatchObject({ hidden, visible });
  });

  it("is as long as a mailbox shows", () => {
    const { visible, hidden } = readHtml(`<p style="display:none">${"a".repeat(5_000)}</p><p>${"b".repeat(5_000)}</p>`);
    expect([visible.length, hidden.length]).toEqual([200, 200]);
  });
});

it("reads what is broken, deep or large", () => {
  expect(readHtml("</p></table><a href=x>still").links).toEqual([{ url: "x", text: "still" }]);
  expect(readHtml(`${"<div>".repeat(20_000)}deep`).visible).toBe("deep");
  const started = process.cpuUsage();
  expect(
    readHtml(`<table>${"<tr><td><a href='https://acme.com'>x</a></td></tr>".repeat(40_000)}</table>`).links,
  ).toHaveLength(40_000);
  expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
});
