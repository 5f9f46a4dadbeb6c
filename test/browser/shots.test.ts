// Pictures of messages: of the size of the message, the same in each run, and taken without a script, a request or a file, whatever is in the mail.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { startChromium } from "../../operate/show/chromium";
import { SHOTS_FILE } from "../../operate/show/shots";
import { takeShots } from "../../operate/show/take-shots";
import type { MessageContent, ShowData } from "../../show/data";
import { ROOT } from "../support/compile-modules";
import { sampleShowData } from "../support/show-sample";

const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-shots-"));
let browser: Browser;
beforeAll(async () => ({ browser } = await startChromium({ cwd: ROOT, env: process.env })));
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const { signal } = new AbortController();
let runs = 0;
const take = (data: ShowData, view: "desk" | "phone" = "desk") => {
  const target = path.join(folder, String((runs += 1)));
  return takeShots(data, { browser, folder: target, view, signal }).then((taken) => ({ ...taken, target }));
};

/** The sample with one message, an e-mail of this HTML. */
function withMail(html: string, more: Partial<MessageContent> = {}): ShowData {
  const sample = sampleShowData();
  const content: MessageContent = { channel: "email", subject: "A mail", html, links: [], gaps: [], ...more };
  return {
    ...sample,
    change: undefined,
    contents: [content],
    deliveries: [{ ...sample.deliveries[0]!, side: "after", content: 0 }],
  };
}
async function pictureOf(data: ShowData, view: "desk" | "phone" = "desk"): Promise<Buffer> {
  const { shots, failures, target } = await take(data, view);
  expect(failures).toEqual([]);
  return readFileSync(path.join(target, shots[0]!.file));
}
/** As its header has it. */
const sizeOf = (png: Buffer): { width: number; height: number } => ({
  width: png.readUInt32BE(16),
  height: png.readUInt32BE(20),
});

describe("pictures", () => {
  it("are made of each message of a page, before and after, and listed", async () => {
    const { shots, failures, target } = await take(sampleShowData());
    expect(failures).toEqual([]);
    expect(readdirSync(target).sort()).toEqual([...shots.map(({ file }) => file), SHOTS_FILE].sort());
    expect(JSON.parse(readFileSync(path.join(target, SHOTS_FILE), "utf8"))).toEqual(shots);
    expect(new Set(shots.map(({ side }) => side))).toEqual(new Set(["before", "after"]));
    for (const { file } of shots) expect(sizeOf(readFileSync(path.join(target, file))).width).toBe(600);
  });

  it("are the same in the next run", async () => {
    const [one, two] = [await take(sampleShowData()), await take(sampleShowData())];
    for (const { file } of one.shots)
      expect(readFileSync(path.join(one.target, file)).equals(readFileSync(path.join(two.target, file))), file).toBe(
        true,
      );
  });

  it("are as wide as a mailbox on a desk or a phone, and as high as the mail", async () => {
    const high = `<body style="margin:0"><p style="height:1500px;margin:0">A high mail</p>`;
    const desk = sizeOf(await pictureOf(withMail(high)));
    expect(desk.width).toBe(600);
    expect(desk.height).toBeGreaterThan(1500);
    expect(desk.height).toBeLessThan(1650);
    expect(sizeOf(await pictureOf(withMail(high), "phone")).width).toBe(390);
    const wide = `<body style="margin:0"><table width="700"><tr><td>A wide mail</td></tr></table>`;
    expect(sizeOf(await pictureOf(withMail(wide))).width).toBe(700);
  });

  it("stop at what a browser can take, with a word about the rest", async () => {
    const mail = (paragraphs: number): string => `<p>${"All work and no play. ".repeat(100)}</p>`.repeat(paragraphs);
    const large = mail(1000);
    expect(large.length).toBeGreaterThan(2_000_000);
    const { height } = sizeOf(await pictureOf(withMail(large)));
    expect(height).toBeGreaterThan(8000);
    expect(height).toBeLessThan(8200);
  });

  it("end when the command is interrupted", async () => {
    const interrupted = AbortSignal.abort(new Error("interrupted"));
    const target = path.join(folder, "interrupted");
    await expect(
      takeShots(sampleShowData(), { browser, folder: target, view: "desk", signal: interrupted }),
    ).rejects.toThrow("interrupted");
    expect(readdirSync(target)).toEqual([]);
  });
});

describe("a hostile mail", () => {
  it("sends no request", async () => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await pictureOf(
        withMail(
          `<html><head><base href="${url}/"><meta http-equiv="refresh" content="0;url=${url}/refresh"><link rel="stylesheet" href="${url}/link.css">
          <link rel="preload" as="image" href="${url}/preload"><link rel="preconnect" href="${url}"><link rel="icon" href="${url}/icon">
          <style>@import url(${url}/import.css); @font-face { font-family: x; src: url(${url}/font) } body { background: url(${url}/background); font-family: x }</style>
          <script src="${url}/script.js"></script><script>fetch("${url}/fetch"); location = "${url}/location"; top.location = "${url}/top"</script></head>
          <body onload="fetch('${url}/onload')" background="${url}/body"><img src="${url}/img" srcset="${url}/srcset 2x"><img src="relative.png">
          <picture><source srcset="${url}/source"><img src=x></picture><video poster="${url}/poster" src="${url}/video" autoplay></video><audio src="${url}/audio" autoplay></audio>
          <iframe src="${url}/iframe"></iframe><iframe srcdoc="<img src='${url}/srcdoc'>"></iframe><object data="${url}/object"></object><embed src="${url}/embed">
          <svg><image href="${url}/svg"/><use href="${url}/use#x"/></svg><form action="${url}/form"><input autofocus onfocus="this.form.submit()"><input type="image" src="${url}/input"></form>
          <table background="${url}/table"><tr><td>A mail</td></tr></table></body></html>`,
        ),
      );
      expect(requests).toEqual([]);
    } finally {
      server.close();
    }
  });

  it("shows no file", async () => {
    const red = path.join(folder, "red.html");
    writeFileSync(red, `<body style="background:red">secret</body>`);
    const svg = path.join(folder, "red.svg");
    writeFileSync(
      svg,
      `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="150"><rect width="150" height="150" fill="red"/></svg>`,
    );
    const mail = (page: string, image: string): string =>
      `<meta http-equiv="refresh" content="0;url=${page}"><iframe src="${page}"></iframe><object data="${page}" width="150" height="150"></object><img src="${image}" width="150" height="150">
      <div style="width:150px;height:150px;background:url(${image})"></div>`;
    const there = await pictureOf(withMail(mail(pathToFileURL(red).href, pathToFileURL(svg).href)));
    const missing = await pictureOf(withMail(mail(`${pathToFileURL(red).href}x`, `${pathToFileURL(svg).href}x`)));
    expect(there.equals(missing)).toBe(true);
  });

  it("runs no script", async () => {
    const mail = (script: string): string =>
      `<body>A mail<script>${script}</script><img src=x onerror="${script}"></body>`;
    const body = "document.body.textContent";
    const [with_, without] = [
      await pictureOf(withMail(mail(`${body} = 1`))),
      await pictureOf(withMail(mail(`${body} + 1`))),
    ];
    expect(with_.equals(without)).toBe(true);
  });

  it("does not keep the others from their pictures", async () => {
    const sample = sampleShowData();
    const data = withMail("<p>Fine</p>");
    const evil: MessageContent = {
      channel: "email",
      html: `<plaintext>`,
      subject: "</iframe></body>",
      links: [],
      gaps: [],
    };
    data.contents.unshift(evil);
    data.deliveries = [0, 1].map((content) => ({
      ...sample.deliveries[0]!,
      side: "after",
      step: `step_${content}`,
      content,
    }));
    const { shots, failures } = await take(data);
    expect([shots.length, failures]).toEqual([2, []]);
  });
});
