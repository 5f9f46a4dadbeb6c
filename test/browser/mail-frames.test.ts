// Mails stay in their frames: what is in them neither runs nor loads nor leads away, whatever they hold, and the page around them stays as it is.
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Frame, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useBrowser } from "../support/browser";
import { htmlMail, pageOf, usePageFiles } from "../support/page-files";
import { sampleShowData } from "../support/show-sample";
import { hrefOf } from "../../show/app/routes";

/// <reference lib="dom" />
const { open } = useBrowser();
const pageFile = usePageFiles();
const MAIL = hrefOf({ section: "messages", flow: "flow", step: "mail" });

/** The frame of the mail, once it is as high as it will be. */
async function mailFrame(page: Page): Promise<Frame> {
  const frame = await page.waitForSelector(".mail-frame");
  await page.waitForFunction(() => document.querySelector("[data-measured]") !== null);
  return (await frame.contentFrame())!;
}

const openMail = async (html: string, view: Parameters<typeof open>[1] = {}) => {
  const opened = await open(pageFile(pageOf({ ada: htmlMail(html) })), { hash: MAIL, ...view });
  return { ...opened, frame: await mailFrame(opened.page) };
};

/** Answers everything and remembers what it was asked for. */
const asked: string[] = [];
let server: http.Server;
let origin: string;
beforeAll(async () => {
  server = http.createServer(({ url }, answer) => {
    asked.push(url!);
    answer.writeHead(200, { "content-type": url!.endsWith(".css") ? "text/css" : "image/svg+xml" });
    answer.end(
      url!.endsWith(".css") ? "p { color: red }" : '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="700"/>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const hostile = (): string => `<html><head>
<meta http-equiv="refresh" content="0;url=${origin}/refresh">
<base href="${origin}/">
<link rel="stylesheet" href="${origin}/link.css"><link rel="preconnect" href="${origin}"><link rel="prefetch" href="${origin}/prefetch">
<style>@import url(${origin}/import.css); @import "${origin}/import2.css";
@font-face { font-family: f; src: url(${origin}/font.woff2) } p { font-family: f } td { background: u\\72l(${origin}/escaped.png) }
div { position: fixed; inset: 0; z-index: 999999; background-image: url('${origin}/css.png') }</style></head>
<body onload="parent.owned = 1" background="${origin}/background.png"><script>parent.owned = 2; top.location = "${origin}/top"</script>
<form action="${origin}/form"><input name="password" autofocus><button>Log in</button></form>
<iframe src="${origin}/frame"></iframe><object data="${origin}/object"></object><embed src="${origin}/embed">
<video src="${origin}/video" poster="${origin}/poster"></video><audio src="${origin}/audio" autoplay></audio>
<svg onload="parent.owned = 3"><image href="${origin}/svg.png"/><script>parent.owned = 4</script></svg>
<math><mtext><table><mglyph><style><img src=x onerror="parent.owned = 5"></style></mglyph></table></mtext></math>
<a href="javascript:parent.owned = 6" id="script">script</a> <a href="${origin}/link" target="_top" ping="${origin}/ping" id="link">link</a>
<map><area href="${origin}/area" shape="default"></map><img src="${origin}/image.png" srcset="${origin}/srcset.png 2x" usemap="#m" alt="A picture">
<img src=x onerror="parent.owned = 7"><p style="background:url(${origin}/style.png)">text</p><div>over everything</div>
<table background="${origin}/table.png"><tr><td>cell</td></tr></table>`;

describe("a mail that attacks", () => {
  it("runs nothing, loads nothing, and leads nowhere", async () => {
    asked.length = 0;
    const { page, frame, complaints, shoot } = await openMail(hostile());
    const file = page.url();
    expect(await page.locator(".mail-frame").getAttribute("sandbox")).toBe("allow-same-origin");
    await frame.locator("#link").click({ force: true });
    await frame.locator("#link").click({ force: true, modifiers: ["Control"] });
    await frame.locator("#link").click({ force: true, button: "middle" });
    await frame.locator("#script").click({ force: true });
    await page.getByRole("button", { name: "Dark", exact: true }).last().click();
    await mailFrame(page);
    await shoot("mail-hostile");
    expect(page.url()).toBe(file);
    expect(page.frames().map((each) => each.url())).toEqual([file, "about:srcdoc"]);
    expect(await page.evaluate(() => (window as { owned?: number }).owned)).toBeUndefined();
    expect(complaints).toEqual([]);
    expect(asked).toEqual([]);
    expect(await page.locator(".mail-about").innerText()).toContain(
      "Not shown: 1 script, 1 form, 1 field, 3 embedded pages, 1 SVG drawing, 2 videos or sounds, 1 style sheet from elsewhere, 1 redirect, 1 base address.",
    );
  });

  it("loads its images when the reader asks for them, and nothing else", async () => {
    asked.length = 0;
    const { page, complaints } = await openMail(hostile());
    await page.getByRole("button", { name: "Show images" }).click();
    await expect
      .poll(() => [...new Set(asked)].sort())
      .toEqual(["/background.png", "/css.png", "/escaped.png", "/image.png", "/style.png", "/table.png"]);
    await page.getByRole("button", { name: "Hide images" }).click();
    await mailFrame(page);
    expect(complaints.filter((complaint) => !complaint.startsWith("requests "))).toEqual([]);
  });

  it("is held by the sandbox and the policy alone, should the sanitiser miss something", async () => {
    asked.length = 0;
    const { page } = await openMail("<p>harmless</p>");
    const file = page.url();
    // The same walls, around a mail that nobody has looked at.
    await page.evaluate(
      (raw) => {
        const frame = document.querySelector<HTMLIFrameElement>(".mail-frame")!;
        const policy = /<meta[^>]*Content-Security-Policy[^>]*>/i.exec(frame.srcdoc)![0];
        return new Promise((resolve) => {
          const other = frame.cloneNode() as HTMLIFrameElement;
          other.className = "raw";
          other.onload = resolve;
          other.srcdoc = `<!doctype html><head>${policy}</head>${raw}`;
          document.body.append(other);
        });
      },
      hostile().replace(/<meta http-equiv="refresh"[^>]*>/, ""),
    );
    const raw = (await (await page.$(".raw"))!.contentFrame())!;
    await raw.locator("#script").click({ force: true });
    await raw.locator("button").click({ force: true });
    expect(await page.evaluate(() => (window as { owned?: number }).owned)).toBeUndefined();
    expect(page.url()).toBe(file);
    expect(asked).toEqual([]);
  });
});

describe("a link in a mail", () => {
  const html = `<style>a:link { color: rgb(1, 2, 3) }</style>
<p><a href="https://acme.example/start">Start</a> <a href="#">Prices</a></p>`;
  const links = [
    { url: "https://acme.example/start", text: "Start" },
    { url: "#", text: "Prices", dead: "it leads to the top of the mail" },
  ];

  it("looks as one, and shows its address when one points at it or tabs to it", async () => {
    const { page } = await open(pageFile(pageOf({ ada: htmlMail(html, { links }) })), { hash: MAIL });
    const frame = await mailFrame(page);
    const [start, prices] = [frame.getByRole("link", { name: "Start" }), frame.getByRole("link", { name: "Prices" })];
    expect(await start.evaluate((link) => getComputedStyle(link).color)).toBe("rgb(1, 2, 3)");
    expect(await start.getAttribute("href")).toBeNull();
    await start.hover();
    await expect.poll(() => page.locator(".mail-status").innerText()).toContain("https://acme.example/start");
    await start.focus();
    await page.keyboard.press("Tab");
    expect(await prices.evaluate((link) => link === document.activeElement)).toBe(true);
    await expect.poll(() => page.locator(".mail-status").innerText()).toContain("# – it leads to the top of the mail");
    expect(await prices.evaluate((link) => getComputedStyle(link).outlineStyle)).toBe("solid");
    const listed = page.locator(".fact", { hasText: "Links" });
    expect(await listed.innerText()).toContain("Leads nowhere: it leads to the top of the mail");
  });
});

describe("the size of a frame", () => {
  const heights = (page: Page): Promise<{ frame: number; content: number }> =>
    page.locator(".mail-frame").evaluate((frame: HTMLIFrameElement) => ({
      frame: frame.clientHeight,
      content: frame.contentDocument!.documentElement.scrollHeight,
    }));

  it("is that of its mail, at every width, and does not move what is around it", async () => {
    const { page } = await open(
      pageFile(pageOf({ ada: htmlMail(`<p style="font-size:40px">${"Many words. ".repeat(60)}</p>`) })),
      { hash: MAIL },
    );
    await mailFrame(page);
    const desk = await heights(page);
    expect(desk.frame).toBe(desk.content);
    await page.getByRole("button", { name: /^Phone/ }).click();
    const phone = await heights(page);
    expect(phone.frame).toBe(phone.content);
    expect(phone.frame).toBeGreaterThan(desk.frame * 1.3);
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) =>
            resolve(
              list
                .getEntries()
                .filter((entry) => !(entry as unknown as { hadRecentInput: boolean }).hadRecentInput)
                .reduce((sum, entry) => sum + (entry as unknown as { value: number }).value, 0),
            ),
          ).observe({ type: "layout-shift", buffered: true });
          // The observer is told of what was, or of nothing.
          setTimeout(() => resolve(0), 200);
        }),
    );
    expect(shift).toBe(0);
  });

  it.each([
    ["fills its window", `<body style="margin:0"><div style="height:100vh;background:#eee">full</div><p>end</p>`, 200],
    ["lies over everything", `<div style="position:fixed;inset:0;background:red">over</div><p>text</p>`, 200],
    ["is not closed anywhere", `<table><tr><td><b><i><a href=x>text<div><p>more`, 200],
    ["is empty", "", 60],
  ])("stays sensible for a mail that %s", async (_, html, most) => {
    const { page, complaints, layout } = await openMail(html);
    expect((await heights(page)).frame).toBeLessThanOrEqual(most);
    expect([...complaints, ...(await layout())]).toEqual([]);
  });

  it("is not that of a mail that is too wide, which scrolls inside", async () => {
    const { page, complaints, layout } = await openMail(`<div style="width:5000px">wide</div>`, { width: 390 });
    expect(await page.locator(".mail-status").innerText()).toContain("This mail is 5008 pixels wide");
    expect([...complaints, ...(await layout())]).toEqual([]);
  });

  it("keeps its tools where they are when images are shown", async () => {
    const { page } = await openMail(`<img src="${origin}/high.svg" alt="">`);
    const button = page.getByRole("button", { name: /images$/ });
    const before = await button.boundingBox();
    await button.click();
    await page.getByRole("button", { name: "Hide images" }).waitFor();
    expect(await button.boundingBox()).toEqual(before);
  });

  it("is that of its text where an image cannot be loaded, which is said", async () => {
    const { page, frame } = await openMail(
      `<p><img src="${origin}/broken.css" width="120" height="32" alt="Acme"></p><img src="${origin}/image.svg" alt="A picture">`,
    );
    expect(await frame.locator("img").count()).toBe(2);
    await page.getByRole("button", { name: "Show images" }).click();
    await page.getByText("This image could not be loaded, so the alternative text is shown:").waitFor();
    expect(await page.locator(".mail-about li").allInnerTexts()).toEqual([`“Acme”, ${origin}/broken.css`]);
    const now = (await (await page.$(".mail-frame"))!.contentFrame())!;
    // Not as the sign of a broken image.
    expect(await now.locator("img").evaluateAll((all) => all.map((image) => image.hasAttribute("src")))).toEqual([
      false,
      true,
    ]);
    await page.getByRole("button", { name: "Hide images" }).click();
    await page.getByText("could not be loaded").waitFor({ state: "detached" });
  });

  it("grows with an image that arrives", async () => {
    const { page } = await openMail(`<img src="${origin}/high.svg" alt="">`);
    const before = (await heights(page)).frame;
    await page.getByRole("button", { name: "Show images" }).click();
    await expect.poll(async () => (await heights(page)).frame).toBeGreaterThan(before + 600);
  });
});

it("shows a mail of 2 MB, and the page can be used meanwhile", async () => {
  const line = `<tr><td style="padding:4px"><a href="https://acme.example/x">A line of a long mail</a> & <b>more</b></td></tr>\n`;
  const html = `<table>${line.repeat(Math.ceil(2_000_000 / line.length))}</table>`;
  const { page, complaints } = await open(pageFile(pageOf({ ada: htmlMail(html) })), { hash: MAIL });
  const frame = await mailFrame(page);
  expect(await frame.locator("tr").count()).toBe(Math.ceil(2_000_000 / line.length));
  const started = performance.now();
  await page.getByRole("link", { name: /^People/ }).click();
  await page.getByRole("heading", { level: 1, name: /People|ada/ }).waitFor();
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(complaints).toEqual([]);
});

describe("light and dark", () => {
  const styled = `<meta name="color-scheme" content="light dark"><style>:root { color-scheme: light dark }
p { color: rgb(10, 10, 10) } @media (prefers-color-scheme: dark) { p { color: rgb(240, 240, 240) } }</style><p>text</p>`;
  const look = (frame: Frame): Promise<string[]> =>
    frame.evaluate(() => {
      const style = (element: Element): CSSStyleDeclaration => getComputedStyle(element);
      return [style(document.querySelector("p")!).color, style(document.documentElement).colorScheme];
    });

  it.each(["light", "dark"] as const)("are chosen on the page, whatever the system has: %s", async (scheme) => {
    const { page, frame } = await openMail(styled, { scheme });
    expect(await look(frame)).toEqual(["rgb(10, 10, 10)", "light only"]);
    await page.getByRole("button", { name: "Dark", exact: true }).last().click();
    expect(await look(await mailFrame(page))).toEqual(["rgb(240, 240, 240)", "dark"]);
    expect(await page.locator(".mail-about").innerText()).toContain("with the mail's own styles for dark mode");
  });

  it.each([
    ["no styles for it", "<p>text</p>", "rgb(255, 255, 255)", "has no styles for dark mode"],
    [
      "light colours alone",
      '<meta name="color-scheme" content="only light"><p>text</p>',
      "rgb(0, 0, 0)",
      "asks for light colours",
    ],
  ])("says what dark is of a mail with %s", async (_, html, colour, words) => {
    const { page } = await openMail(html);
    await page.getByRole("button", { name: "Dark", exact: true }).last().click();
    expect((await look(await mailFrame(page)))[0]).toBe(colour);
    expect(await page.locator(".mail-about").innerText()).toContain(words);
  });
});

it("keeps styles that old mails hide from older apps, and comments out", async () => {
  const { frame } = await openMail(
    `<style><!-- p { color: rgb(9, 8, 7) } --></style><!--[if mso]><p>Outlook</p><![endif]--><p>text</p><!--[if !mso]><!--><i>others</i><!--<![endif]-->`,
  );
  expect(await frame.locator("p").evaluate((text) => getComputedStyle(text).color)).toBe("rgb(9, 8, 7)");
  expect((await frame.locator("body").innerText()).replace(/\s+/g, " ").trim()).toBe("text others");
});

it("keeps what a sentence says of handlers", async () => {
  const { frame } = await openMail(`<p onclick="parent.owned = 1">Write onclick="run()" in it, onload = later.</p>`);
  expect(await frame.locator("p").innerText()).toBe(`Write onclick="run()" in it, onload = later.`);
});

it("the sample's hostile mail does no harm", async () => {
  const data = sampleShowData();
  const { name } = data.flows.find(({ fate }) => fate === "removed")!;
  const { page, complaints } = await open(pageFile(data), {
    hash: hrefOf({ section: "messages", flow: name, step: "digest" }),
  });
  await mailFrame(page);
  expect(complaints).toEqual([]);
});
