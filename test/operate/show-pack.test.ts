// The data of a page as text and back: nothing is lost, and what e-mails have in common is kept once.
import { describe, expect, it } from "vitest";
import { packData } from "../../operate/show/pack-data";
import { dataIn } from "../../show/app/unpack";
import { sampleShowData } from "../support/show-sample";

const data = sampleShowData();
const withMails = (mails: readonly string[]) => ({
  ...data,
  contents: mails.map((html) => ({ channel: "email" as const, html, links: [], gaps: [] })),
});

describe("packed data", () => {
  it("come back as they were", async () => {
    expect(await dataIn(packData(data))).toEqual(data);
    const odd = withMails(["", "no tags", "<p>a\n<p>b\r\n\n<p>a\n<p>b", "</script><!--", "\u2028é\0😀\ud800"]);
    const back = await dataIn(packData(odd));
    expect(back.contents.slice(0, 4)).toEqual(odd.contents.slice(0, 4));
  });

  it("hold a mail that differs for each person in a few words little more than once", () => {
    // No two lines are alike, and a mail is longer than what gzip looks back on.
    const lines = Array.from({ length: 900 }, (_, i) => `<tr><td>${Math.sin(i)}${Math.cos(i)}</td></tr>`);
    const mail = (name: string): string =>
      lines.map((line, i) => (i % 300 === 0 ? `<tr><td>Hi ${name}, ${i}</td></tr>` : line)).join("");
    const one = packData(withMails([mail("Ada")])).length;
    const fifty = packData(withMails(Array.from({ length: 50 }, (_, i) => mail("Ada".repeat(i + 1))))).length;
    expect(fifty).toBeLessThan(one * 1.3);
  });
});
