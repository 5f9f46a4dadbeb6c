// The page of `hogflow show` as one HTML file: script, style and data are in it, and a content security policy keeps it from asking anybody for anything.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ShowData } from "../../show/data";
import { escapeHtml } from "./escape-html";
import { packData } from "./pack-data";

/** What the build made of show/app. */
const BUILT = path.join(__dirname, "..", "..", "show");

/** A page that is served, and asks its server for what changes. */
export interface ServedPage {
  /** Number of this state of the page: another one is fetched. */
  version: number;
}

/**
 * The whole document.
 *
 * @param packed The data as `packData` has them. Default: made of `data`.
 * @param served Absent: a file, which asks nobody for anything.
 */
export function pageHtml(
  data: ShowData,
  { packed = packData(data), served }: { packed?: string; served?: ServedPage } = {},
): string {
  const script = readFileSync(path.join(BUILT, "page.js"), "utf8");
  const style = readFileSync(path.join(BUILT, "style.css"), "utf8");
  // The script of the page itself may run, and nothing else: what is inside of mails and names is text. Nothing is loaded from anywhere but images of mails,
  // once the reader asks for them: the frames of mails are under this policy, too, and until then under a stricter one of their own.
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    "style-src 'unsafe-inline'",
    "img-src data: blob: https: http:",
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    ...(served ? ["connect-src 'self'"] : []),
  ].join("; ");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    ...(served ? [`<meta name="hogflow-version" content="${served.version}">`] : []),
    `<link rel="icon" href="${ICON}">`,
    `<title>${escapeHtml(data.title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    '<div id="app"></div>',
    "<noscript>This page shows its flows with JavaScript, which is switched off.</noscript>",
    `<script type="application/octet-stream" id="data">${packed}</script>`,
    `<script>${script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** In the page, so that no browser asks for one. */
const ICON = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#3540b8"/><path d="M3.5 5h9v6.5h-9zM3.5 5.5 8 9l4.5-3.5" fill="none" stroke="#fff" stroke-width="1.4" stroke-linejoin="round"/></svg>')}`;

const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
