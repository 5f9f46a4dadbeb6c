// The section Messages: each message as a chosen person gets it, what is not filled and what leads nowhere, and what a change does to it.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useBrowser, VIEWS } from "../support/browser";
import { htmlMail, pageOf, usePageFiles } from "../support/page-files";
import { sampleShowData } from "../support/show-sample";
import { hrefOf } from "../../show/app/routes";

/// <reference lib="dom" />
const { open } = useBrowser();
const pageFile = usePageFiles();
const data = sampleShowData();
const file = pageFile(data);
const GRACE = "grace on the pro plan";
const hrefOfMail = (flow: string, step: string, person?: string): string =>
  hrefOf({ section: "messages", flow, step, person });
const MAIL = hrefOfMail("flow", "mail");

const measured = (page: Page, frames = 1) =>
  page.waitForFunction((count) => document.querySelectorAll("[data-measured]").length === count, frames);
const main = (page: Page): Promise<string> => page.locator("main").innerText();
const headlines = (page: Page): Promise<string[]> => page.locator("main .message-row-headline").allInnerTexts();

describe("the list", () => {
  it("has every message by flow and step, and says what is wrong with each", async () => {
    const { page, complaints } = await open(file, { hash: "#/messages" });
    const rows = await page.locator("main .message-row").allInnerTexts();
    expect(rows.map((row) => row.split("\n")[0])).toEqual([
      "Your trial ends on",
      "Two days left",
      "Welcome, Ada!",
      "Get more out of Acme",
      expect.stringContaining("shall we call?"),
      "Three things to try",
      expect.stringContaining("alert(11)"),
      "📊 12 sign-ups last week See the insight",
      "POST https://crm.example/api/v2/sync",
    ]);
    expect(rows[3]).toContain("no unsubscribe link");
    expect(rows[3]).toContain("2 dead links");
    expect(rows[3]).toContain("not filled for ada on the free plan");
    expect(rows[5]).toContain("removed");
    expect(rows[0]).toMatch(/draft: not sent\s+transactional/);
    expect(rows[6]).not.toMatch(/unsubscribe|dead link|not filled/);
    expect(complaints).toEqual([]);
  });

  it("shows those alone that a reader looks for", async () => {
    const { page } = await open(file, { hash: "#/messages" });
    await page.getByRole("button", { name: /^No unsubscribe link/ }).click();
    // What the change removes is nobody's to fix.
    expect(await headlines(page)).toEqual(["Get more out of Acme"]);
    expect(await main(page)).toContain(
      "“Reminder” has no unsubscribe link either, and needs none: it is transactional.",
    );
    await page.getByRole("button", { name: "Dead links 3 in 2 messages" }).click();
    expect(await headlines(page)).toEqual(["Your trial ends on", "Get more out of Acme"]);
    expect(await page.locator(".message-row-links li").allInnerTexts()).toEqual([
      "Choose a plan: it is empty",
      "see prices: `#` is a placeholder #",
      "Upgrade: it is a placeholder http://example.com/TODO",
    ]);
    await page.getByRole("button", { name: /^All/ }).click();
    expect(await headlines(page)).toHaveLength(9);
  });

  it("has its dead links on the page of their flow, too", async () => {
    const { page, complaints, axe } = await open(file, { hash: "#/flows/welcome" });
    const finding = page.locator(".finding", { hasText: "2 dead links" });
    expect(await finding.innerText()).toMatch(
      /Tips for free users\s+“see prices”: `#` is a placeholder #\s+“Upgrade”: it is a placeholder http:\/\/example\.com\/TODO/,
    );
    await finding.getByRole("link", { name: "Tips for free users" }).click();
    await page.getByRole("heading", { level: 1, name: "Tips for free users" }).waitFor();
    expect([...complaints, ...(await axe())]).toEqual([]);
  });

  it("of a flow has its messages alone", async () => {
    const { page } = await open(file, { hash: "#/messages/trial_ending" });
    expect(await headlines(page)).toEqual(["Your trial ends on", "Two days left"]);
    expect(await page.locator("h1").innerText()).toBe("Messages of “Trial ending”");
  });
});

describe("the recipient", () => {
  it("is chosen, is part of the address, and stays while one moves on", async () => {
    const { page } = await open(file, { hash: hrefOfMail("welcome", "welcome") });
    expect(await page.locator(".mail-subject").innerText()).toBe("Welcome, Ada!");
    await page.getByLabel("As seen by").selectOption(GRACE);
    await page.locator(".mail-subject", { hasText: "Welcome, there!" }).waitFor();
    expect(page.url()).toContain(hrefOfMail("welcome", "welcome", GRACE));
    expect(await page.locator(".mail-subject mark").innerText()).toBe("there");
    await measured(page);
    const frame = (await (await page.$(".mail-frame"))!.contentFrame())!;
    expect(await frame.locator("h1 mark").innerText()).toBe("there");
    await page.getByRole("link", { name: /^People/ }).click();
    await page.getByRole("link", { name: /^Messages/ }).click();
    await page.getByRole("link", { name: /Your trial ends on/ }).click();
    await page.locator(".mail-subject", { hasText: "Your trial ends on 21 December" }).waitFor();
    expect(await page.getByLabel("As seen by").inputValue()).toBe(GRACE);
  });

  it("who does not get a message is told so, and who gets it", async () => {
    const { page } = await open(file, { hash: hrefOfMail("welcome", "tips", GRACE) });
    expect(await main(page)).toContain(`${GRACE} does not get this message. ada on the free plan does.`);
  });
});

describe("an e-mail", () => {
  it("has its head, its parts, and when it comes", async () => {
    const { page } = await open(file, { hash: hrefOfMail("trial_ending", "reminder", GRACE) });
    await measured(page);
    const head = await page.locator(".mail-head").innerText();
    for (const part of [
      "Your trial ends on 21 December",
      "Acme Billing <billing@acme.example>",
      "grace@example.com",
      "sales@acme.example",
      "archive@acme.example",
    ])
      expect(head).toContain(part);
    expect(await main(page)).toContain("Day 2, Wed 9 Dec at 09:30 UTC");
    expect(await main(page)).toContain("the flow is a draft");
    expect(await main(page)).toContain("Transactional");
    expect(await page.locator(".section-head").innerText()).toContain("draft: not sent");
    expect(head).toMatch(/Reply to\s+not set: replies go to the sender/);
    const neighbours = await page.getByRole("navigation", { name: "Other messages" }).innerText();
    expect(neighbours).toMatch(/^Next in the list\s+Nudge$/);
    const frame = (await (await page.$(".mail-frame"))!.contentFrame())!;
    expect(await frame.locator("body").innerText()).toContain("It ends on 21 December.");
    await page.getByRole("button", { name: "Text", exact: true }).click();
    expect(await page.locator("pre.text-part").innerText()).toBe("Your trial ends on 21 December.");
    expect(await page.locator(".mail-frame").count()).toBe(0);
  });

  it("says what is not filled of a person, and shows where", async () => {
    const html = "<p>Hi , good to see you at Acme.</p>";
    const gaps = [
      { where: "html", expression: "first_name", shows: "", at: [html.indexOf(",")] },
      { where: "html", expression: 'company or "Acme"', shows: "Acme" },
    ];
    const { page } = await open(pageFile(pageOf({ ada: htmlMail(html, { gaps }) })), { hash: MAIL });
    await measured(page);
    const frame = (await (await page.$(".mail-frame"))!.contentFrame())!;
    expect(await frame.locator("mark").evaluateAll((marks) => marks.map((mark) => mark.getAttribute("title")))).toEqual(
      ["[first_name] is not filled", '[company or "Acme"] is not filled'],
    );
    const facts = await page.locator(".fact", { hasText: "Not filled for this person" }).innerText();
    expect(facts).toContain("[first_name] in the mail\nNothing is sent in its place.");
    expect(facts).toContain('[company or "Acme"] in the mail\nSent in its place: Acme');
  });

  it("says which of its parts there are, and where its preheader comes from", async () => {
    const text = htmlMail("", { html: undefined, text: "Hello", preheader: "Hello", preheaderFrom: "text" });
    const { page } = await open(
      pageFile(pageOf({ ada: { ...text, isHtmlLeftOut: true }, bob: text, cy: htmlMail("<p>Hi</p>") })),
      { hash: MAIL },
    );
    const tools = (): Promise<string> => page.locator(".mail-tools").innerText();
    expect(await tools()).toBe("Its HTML is not here: with it, this page would be too large.");
    expect(await page.locator(".mail-head").innerText()).toContain("none: mailboxes show how the mail begins, “Hello”");
    await page.getByLabel("As seen by").selectOption("bob");
    await expect.poll(tools).toBe("Text only");
    await page.getByLabel("As seen by").selectOption("cy");
    await expect.poll(tools).toContain("No text part");
  });

  it("has the address that PostHog puts in place of one that nobody knows here in words", async () => {
    const { page } = await open(file, { hash: hrefOfMail("welcome", "welcome") });
    await measured(page);
    const words = "PostHog puts each recipient's own unsubscribe link here";
    expect(await page.locator(".fact", { hasText: "Links" }).innerText()).toContain(`Unsubscribe\n${words}.`);
    const frame = (await (await page.$(".mail-frame"))!.contentFrame())!;
    await frame.getByRole("link", { name: "Unsubscribe" }).hover();
    await expect.poll(() => page.locator(".mail-status").innerText()).toContain(words);
    expect(await main(page)).not.toContain("unsubscribe.invalid");
    const text = htmlMail("", { html: undefined, text: "Stop: https://unsubscribe.invalid/" });
    const other = await open(pageFile(pageOf({ ada: text })), { hash: MAIL });
    expect(await main(other.page)).toContain(`https://unsubscribe.invalid/: ${words}.`);
  });

  it("says which part has no unsubscribe link", async () => {
    const { page } = await open(file, { hash: hrefOfMail("welcome", "welcome") });
    expect(await main(page)).toContain("Its HTML has an unsubscribe link; its text part has none.");
  });

  it("of marketing without a link to unsubscribe is said to have none", async () => {
    const { page } = await open(file, { hash: hrefOfMail("welcome", "tips") });
    expect(await main(page)).toContain("It has no unsubscribe link.");
  });
});

it("other channels are shown as what they are", async () => {
  const { page } = await open(file, { hash: hrefOfMail("welcome", "call") });
  expect(await page.locator(".phone").innerText()).toMatch(/\+4930123456\s+Hi , shall we call\?/);
  await page.goto(`${page.url().split("#")[0]}${hrefOfMail("trial_ending", "nudge")}`);
  await page.locator(".push-title", { hasText: "Two days left" }).waitFor();
  await page.goto(`${page.url().split("#")[0]}${hrefOfMail("weekly_report", "report")}`);
  await page.locator(".slack-text strong", { hasText: "12" }).waitFor();
  expect(await page.locator(".slack-text").innerText()).toMatch(/^📊 12 sign-ups last week\s+See the insight$/);
  await page.goto(`${page.url().split("#")[0]}${hrefOfMail("weekly_report", "sync")}`);
  await page.locator(".request", { hasText: "POST https://crm.example/api/v2/sync" }).waitFor();
  expect(await page.locator(".request pre").innerText()).toContain('"token": "[secret]"');
});

describe("a change", () => {
  const marks = async (page: Page, side: number, tag: string): Promise<string[]> => {
    const frame = (await page.locator(".mail-frame").nth(side).elementHandle())!;
    return (await frame.contentFrame())!.locator(tag).allInnerTexts();
  };

  it("shows both sides with the words that differ", async () => {
    const { page, complaints } = await open(file, { hash: hrefOfMail("welcome", "welcome") });
    await page.getByRole("button", { name: "What changes" }).click();
    await measured(page, 2);
    expect(await page.locator(".changed-side").first().locator("dd").first().innerHTML()).toBe(
      "Welcome <del>to Acme</del>!",
    );
    expect(await page.locator(".changed-side").last().locator("dd").first().innerHTML()).toBe(
      "Welcome<ins>, Ada</ins>!",
    );
    expect(await marks(page, 0, "del")).toContain("to Acme");
    expect(await marks(page, 1, "ins")).toContain("Here are three things that people try first:");
    expect([...(await marks(page, 0, "ins")), ...(await marks(page, 1, "del"))]).toEqual([]);
    expect(complaints).toEqual([]);
  });

  const before = htmlMail('<p>Hello <a href="https://a.example/1">you</a></p>', {
    links: [{ url: "https://a.example/1", text: "you" }],
    text: "Hello you",
  });

  it("says when it is not in the words, and lists addresses that differ", async () => {
    const after = htmlMail('<p>Hello <a href="https://a.example/2">you</a></p>', {
      links: [{ url: "https://a.example/2", text: "you" }],
      text: "Hello you",
      replyTo: "help@acme.example",
    });
    const { page } = await open(pageFile(pageOf({ ada: after }, { ada: before })), { hash: MAIL });
    await page.getByRole("button", { name: "What changes" }).click();
    await measured(page, 2);
    const text = await main(page);
    expect(text).toContain("In the HTML, no words differ");
    expect(text).toMatch(/Reply to\s+none/);
    expect(text).toContain("help@acme.example");
    expect(await page.locator("del.link-address").allInnerTexts()).toEqual(["https://a.example/1"]);
    expect(await page.locator("ins.link-address").allInnerTexts()).toEqual(["https://a.example/2"]);
    // The text part is the same on both sides.
    expect(await page.locator("pre.text-part").count()).toBe(0);
  });

  it("marks what differs in a text part", async () => {
    const { page } = await open(pageFile(pageOf({ ada: { ...before, text: "Hello Ada" } }, { ada: before })), {
      hash: MAIL,
    });
    await page.getByRole("button", { name: "What changes" }).click();
    await measured(page, 2);
    expect(await page.locator("pre.text-part del").allInnerTexts()).toEqual(["you"]);
    expect(await page.locator("pre.text-part ins").allInnerTexts()).toEqual(["Ada"]);
  });

  it("that adds or removes a message says so on the other side", async () => {
    const { page } = await open(file, { hash: hrefOf({ section: "change", flow: "welcome" }) });
    await page.locator("summary", { hasText: "Tips for free users" }).click();
    await page.getByText("There is no such message yet.").waitFor();
    await page.locator("summary", { hasText: "Checklist" }).click();
    await page.getByText("This message is no longer sent.").waitFor();
  });
});

it("makes frames when they are come to, not before", async () => {
  const { page } = await open(file, { hash: "#/change" });
  await page.addStyleTag({ content: ".changed { margin-top: 5000px }" });
  await page.getByRole("link", { name: "Welcome series" }).first().click();
  await page.locator(".changed").first().waitFor({ state: "attached" });
  expect(await page.locator(".mail-frame").count()).toBe(0);
  await page.locator(".changed").first().scrollIntoViewIfNeeded();
  await measured(page, 2);
});

describe.each(VIEWS)("at $width px, $scheme", (view) => {
  it.each([
    ["list", "#/messages", 0],
    ["mail", hrefOfMail("welcome", "tips"), 1],
    ["sms", hrefOfMail("welcome", "call"), 0],
    ["slack", hrefOfMail("weekly_report", "report"), 0],
    ["request", hrefOfMail("weekly_report", "sync"), 0],
    ["hostile", hrefOfMail(data.flows.find(({ fate }) => fate === "removed")!.name, "digest"), 1],
  ])("the page of the %s is whole, and accessible", async (name, hash, frames) => {
    const { page, complaints, layout, axe, shoot } = await open(file, { hash, ...view });
    await measured(page, frames);
    await shoot(`messages-${name}`, { whole: true });
    expect([...complaints, ...(await layout()), ...(await axe())]).toEqual([]);
  });

  it("so is a change", async () => {
    const { page, complaints, layout, axe, shoot } = await open(file, {
      hash: hrefOfMail("welcome", "welcome"),
      ...view,
    });
    await page.getByRole("button", { name: "What changes" }).click();
    await measured(page, 2);
    await shoot("messages-change", { whole: true });
    expect([...complaints, ...(await layout()), ...(await axe())]).toEqual([]);
  });
});
