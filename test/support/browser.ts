// Pages in a real Chromium, as the browser suite looks at them: what they ask the network for, what they write to the console, what axe-core finds,
// and whether something overflows or is cut.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults, RunOptions } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { startChromium } from "../../operate/show/chromium";
import { ROOT } from "./compile-modules";
import { layoutFaults } from "./layout-faults";
import { SCREENSHOTS } from "./screenshots";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HEIGHT = 900;

/** Phone, tablet and desk. */
export const WIDTHS = [390, 768, 1440] as const;
export const SCHEMES = ["light", "dark"] as const;
export type Width = (typeof WIDTHS)[number];
export type Scheme = (typeof SCHEMES)[number];

/** Every width with every colour scheme, for `it.each`. */
export const VIEWS = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ width, scheme })));

export interface View {
  /** Default: 1440. */
  width?: Width;
  /** Default: light. */
  scheme?: Scheme;
}

export interface OpenPage {
  page: Page;
  /** What should not be: errors and warnings of the console, errors of scripts, dialogs, new windows, and requests beyond the page (or the site). */
  complaints: readonly string[];
  /** What axe-core finds that is serious or critical (or of any weight), with the elements. */
  axe(options?: { any?: boolean }): Promise<string[]>;
  /** What overflows, is cut, or lies on top of something else. */
  layout(): Promise<string[]>;
  /** Saves what is seen, or the whole page. */
  shoot(name: string, options?: { whole?: boolean }): Promise<void>;
}

/** Opens files as a person does, by their address on the disk, and what a server of this machine has. */
export function useBrowser(): {
  open(file: string, view?: View & { hash?: string; site?: boolean }): Promise<OpenPage>;
} {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    ({ browser } = await startChromium({ cwd: ROOT, env: process.env }));
  });
  afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())).then(() => undefined));
  afterAll(() => browser?.close());
  return {
    async open(file, { width = 1440, scheme = "light", hash = "", site = false } = {}) {
      const isServed = file.startsWith("http:");
      if (!isServed && !existsSync(file)) throw new Error(`There is no page ${file}.`);
      const context = await browser.newContext({
        viewport: { width, height: HEIGHT },
        colorScheme: scheme,
        reducedMotion: "reduce",
        isMobile: width === 390,
        hasTouch: width === 390,
        deviceScaleFactor: 1,
        timezoneId: "UTC",
        locale: "en-GB",
      });
      contexts.push(context);
      const address = isServed ? file : pathToFileURL(file).href;
      // A page is alone, unless it is one of a site.
      const isOwn = (url: string): boolean =>
        site ? url.startsWith(new URL("/", address).href) : url.split("#")[0] === address;
      const complaints: string[] = [];
      context.on("request", (request) => {
        const url = request.url();
        if (!isOwn(url) && !/^(data|blob|about):/.test(url)) complaints.push(`requests ${url}`);
      });
      const page = await context.newPage();
      context.on("page", (other) => complaints.push(`opens a window: ${other.url()}`));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(`fails: ${error.message}`));
      page.on("dialog", (dialog) => {
        complaints.push(`asks: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(`${address}${hash}`);
      return {
        page,
        complaints,
        axe: ({ any = false } = {}) => axeFaults(page, any),
        layout: () => page.evaluate(layoutFaults),
        async shoot(name, { whole = false } = {}) {
          mkdirSync(SCREENSHOTS, { recursive: true });
          await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-${width}-${scheme}.png`), fullPage: whole });
        },
      };
    },
  };
}

async function axeFaults(page: Page, any: boolean): Promise<string[]> {
  await page.evaluate(AXE);
  // Mails are other people's, in frames where no script runs: they are looked at by what marks their faults.
  const options: RunOptions = { iframes: false, resultTypes: ["violations"] };
  const { violations } = await page
    .evaluate(
      (given) => (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run(document, given),
      options,
    )
    .then((results) => results as unknown as AxeResults);
  return violations
    .filter(({ impact }) => any || impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html.slice(0, 200)} – ${failureSummary ?? ""}`),
    );
}
