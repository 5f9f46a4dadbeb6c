// Takes the pictures of `hogflow show --shots` with a Chromium. The same message gives the same picture on the same machine: fixed width, one pixel for one CSS
// pixel, light, no animation. Nothing in a message runs, and no request leaves the browser.
import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import type { MessageContent, ShowData } from "../../show/data";
import { FRAME_HEIGHT, shotHtml } from "./shot-html";
import { SHOTS_FILE, shotsOf, type Shot } from "./shots";

/** Width of a mail on a desk and on a phone, in CSS pixels. */
const WIDTHS = { desk: 600, phone: 390 };
/** A mail that is wider than its window is shown as wide as it is, up to here. */
const MOST_WIDTH = 1000;
/** What is below is cut: browsers take no higher pictures. */
const MOST_HEIGHT = 8000;
const LIMIT_MS = 30_000;
/** Pictures in a row that have to be the same, the pause between two, and how many are taken at most. */
const STEADY = 3;
const SETTLING_MS = 60;
const MOST_TRIES = 20;
const MOST_PAGES = 4;

/** Pictures that were taken, and those that were not, with the reason. */
export interface TakenShots {
  shots: Shot[];
  failures: { file: string; why: string }[];
}

/**
 * Writes the pictures and `shots.json`, the list of them, into `folder`, which is made.
 *
 * @param view `desk`: mails are 600 px wide. `phone`: 390 px.
 */
export async function takeShots(
  data: ShowData,
  { browser, folder, view, signal }: { browser: Browser; folder: string; view: "desk" | "phone"; signal: AbortSignal },
): Promise<TakenShots> {
  const width = WIDTHS[view];
  const context = await browser.newContext({
    javaScriptEnabled: false,
    offline: true,
    acceptDownloads: false,
    serviceWorkers: "block",
    viewport: { width, height: 800 },
    deviceScaleFactor: 1,
    colorScheme: "light",
    reducedMotion: "reduce",
    locale: "en",
    timezoneId: "UTC",
  });
  try {
    await context.route("**/*", (route) => route.abort());
    context.setDefaultTimeout(LIMIT_MS);
    await mkdir(folder, { recursive: true });
    const wanted = shotsOf(data);
    const shots: Shot[] = [];
    const failures: TakenShots["failures"] = [];
    const queue = [...wanted];
    const work = async (): Promise<void> => {
      const page = await context.newPage();
      for (let shot = queue.shift(); shot !== undefined; shot = queue.shift()) {
        signal.throwIfAborted();
        try {
          await writeFile(
            path.join(folder, shot.file),
            await picture(page, data.contents[shot.content]!, { to: shot.to, width }),
          );
          shots.push(shot);
        } catch (error) {
          failures.push({
            file: shot.file,
            why: (error instanceof Error ? error.message : String(error)).split("\n")[0]!,
          });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(MOST_PAGES, os.availableParallelism(), wanted.length) }, work));
    const inOrder = wanted.filter((shot) => shots.includes(shot));
    await writeFile(path.join(folder, SHOTS_FILE), `${JSON.stringify(inOrder, null, 2)}\n`);
    return { shots: inOrder, failures };
  } finally {
    await context.close();
  }
}

async function picture(page: Page, content: MessageContent, given: { to: string; width: number }): Promise<Buffer> {
  await page.setContent(shotHtml(content, given), { waitUntil: "load" });
  if (content.channel === "email" && content.html !== undefined) await fitFrame(page, given.width);
  const [width, height] = await page.evaluate<[number, number]>(
    "[document.body.offsetWidth, document.body.offsetHeight]",
  );
  const options = {
    clip: { x: 0, y: 0, width, height },
    fullPage: true,
    animations: "disabled",
    caret: "hide",
  } as const;
  let taken = await page.screenshot(options);
  // What may not be loaded is drawn as broken a moment after the rest.
  for (let same = 1, tries = 0; same < STEADY && tries < MOST_TRIES; tries += 1) {
    await page.waitForTimeout(SETTLING_MS);
    const next = await page.screenshot(options);
    same = next.equals(taken) ? same + 1 : 1;
    taken = next;
  }
  return taken;
}

/** Gives the frame the size of the mail in it, and says what is cut off. */
async function fitFrame(page: Page, width: number): Promise<void> {
  // Not from the page's list of frames, which may still have the one of the picture before.
  const frame = await page.locator("body > iframe").elementHandle();
  const mail = await frame?.contentFrame();
  if (!frame || !mail) throw new Error("the mail has no frame");
  const size = async (side: "Width" | "Height"): Promise<number> =>
    mail.evaluate<number>(`Math.max(document.documentElement.scroll${side}, document.body?.scroll${side} ?? 0)`);
  const set = (attribute: "width" | "height", pixels: number): Promise<void> =>
    frame.evaluate((element, [name, value]) => element.setAttribute(name, value), [attribute, String(pixels)] as const);
  await set("width", Math.min(Math.max(width, await size("Width")), MOST_WIDTH));
  const height = await size("Height");
  await set("height", Math.min(Math.max(height, FRAME_HEIGHT), MOST_HEIGHT));
  const rest = height - MOST_HEIGHT;
  if (rest > 0)
    await frame.evaluate((element, text) => {
      const footer = element.ownerDocument.createElement("footer");
      footer.textContent = text;
      element.after(footer);
    }, `The mail goes on for ${rest} px.`);
}
