// Makes the HTML of a mail harmless before a frame shows it. Mails are hostile input: DOMPurify takes out what could act or lead away, links lose their
// addresses, and what was taken out is counted, so that the page can say it. The frame's sandbox and policy hold even if something slips through.
import createPurifier, { type Config, type DOMPurify } from "dompurify";
import { withoutSigns } from "./mark-gaps";
import { standInWords } from "./stand-ins";

/** A mail as a document of its own that loads nothing and runs nothing. */
export interface SafeMail {
  /** Its `<html>`. Clone it to change it. */
  root: HTMLElement;
  /** Addresses of links, in the order of the document; a link has the index as `data-link`. */
  links: readonly string[];
  /** What is not shown, in words: `2 scripts`. */
  leftOut: readonly string[];
  /** Whether it would load images from elsewhere. */
  hasRemoteImages: boolean;
  darkMode: DarkMode;
}

/** What a mail says about dark mode: it has styles for it, it asks for light colours only, or nothing. */
export type DarkMode = "styled" | "light-only" | "unstyled";

/** The last ones; a mail of 2 MB takes a second. */
const KNOWN = 24;
const known = new Map<string, SafeMail>();

export function sanitise(html: string): SafeMail {
  const before = known.get(html);
  if (before !== undefined) return before;
  const mail = sanitised(html);
  if (known.size >= KNOWN) known.delete(known.keys().next().value!);
  known.set(html, mail);
  return mail;
}

function sanitised(html: string): SafeMail {
  purifier ??= makePurifier();
  const root = purifier.sanitize(quiet(html), OPTIONS) as unknown as HTMLElement;
  const leftOut = countLeftOut(purifier.removed.flatMap((removed) => ("element" in removed ? [removed.element] : [])));
  const links = [...root.querySelectorAll<HTMLElement>("a[href], area[href]")].map(disarmLink);
  return { root, links, leftOut, hasRemoteImages: loadsImages(root), darkMode: darkModeOf(html) };
}

let purifier: DOMPurify | undefined;

const OPTIONS: Config = {
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  USE_PROFILES: { html: true },
  ALLOW_DATA_ATTR: false,
  // What is inside of a form stays, as text.
  FORBID_TAGS: [
    "form",
    "input",
    "button",
    "select",
    "textarea",
    "datalist",
    "audio",
    "video",
    "source",
    "track",
    "dialog",
  ],
  FORBID_ATTR: ["target", "ping", "tabindex", "accesskey", "autofocus", "popover", "popovertarget", "usemap"],
};

function makePurifier(): DOMPurify {
  const made = createPurifier(window);
  made.addHook("beforeSanitizeElements", (node) => {
    // Old mails put comment signs around their styles, for which DOMPurify would drop them.
    if (node.nodeName === "STYLE") {
      node.textContent = node.textContent!.replace(/<!--|-->/g, "").replace(/<(?=[/\w!])/g, "< ");
    }
  });
  return made;
}

/**
 * Browsers report handlers and base addresses against the page's policy as soon as they read them, even in a document that is never shown. So that the
 * console has what the page itself does wrong and nothing else, they get other names before the mail is read, under which they are taken out as well.
 */
function quiet(html: string): string {
  let isInTag = false;
  let at = 0;
  return html
    .replace(/<base(?=[\s/>])/gi, "<link data-base")
    .replace(/([\s"'/])(on[a-z]+)(?=\s*=)/gi, (whole, before: string, name: string, offset: number, all: string) => {
      for (; at < offset; at++) {
        if (all[at] === "<") isInTag = true;
        else if (all[at] === ">") isInTag = false;
      }
      return isInTag && name.toLowerCase() in window ? `${before}data-${name}` : whole;
    });
}

/** A link keeps its look and gets a place in the order of the Tab key, and leads nowhere. */
function disarmLink(link: HTMLElement, index: number): string {
  const address = withoutSigns(link.getAttribute("href")!).trim();
  link.removeAttribute("href");
  link.setAttribute("data-link", String(index));
  link.setAttribute("tabindex", "0");
  link.setAttribute("role", "link");
  link.setAttribute("title", standInWords(address) ?? address);
  return address;
}

/** An address in the net. */
export const REMOTE = /^\s*(?:https?:)?\/\//i;

const loadsImages = (root: HTMLElement): boolean =>
  [...root.querySelectorAll("img")].some((image) => REMOTE.test(image.getAttribute("src") ?? "")) ||
  [...root.querySelectorAll("[background]")].some((element) => REMOTE.test(element.getAttribute("background")!)) ||
  [...root.querySelectorAll("style")].some((style) => /url\(\s*["']?(?:https?:)?\/\//i.test(style.textContent)) ||
  [...root.querySelectorAll("[style]")].some((element) =>
    /url\(\s*["']?(?:https?:)?\/\//i.test(element.getAttribute("style")!),
  );

/** From the source, because its tags of that kind are taken out. */
function darkModeOf(html: string): DarkMode {
  if (/prefers-color-scheme\s*:\s*dark/i.test(html)) return "styled";
  const declared = [
    ...html.matchAll(/<meta\b[^>]*\bname\s*=\s*["']?(?:supported-)?color-schemes?["'\s][^>]*/gi),
    ...html.matchAll(/(?<!prefers-)\bcolor-scheme\s*:[^;}"']*/gi),
  ].join(" ");
  return /\blight\b/i.test(declared) && !/\bdark\b/i.test(declared) ? "light-only" : "unstyled";
}

/** What a recipient would want to know of; the rest, such as comments and `<meta charset>`, was never to be seen. */
const LEFT_OUT: readonly { selector: string; one: string; many: string }[] = [
  { selector: "script", one: "script", many: "scripts" },
  { selector: "form", one: "form", many: "forms" },
  { selector: "input:not([type=hidden]), select, textarea", one: "field", many: "fields" },
  { selector: "iframe, frame, object, embed", one: "embedded page", many: "embedded pages" },
  { selector: "svg", one: "SVG drawing", many: "SVG drawings" },
  { selector: "audio, video", one: "video or sound", many: "videos or sounds" },
  { selector: "link[rel~=stylesheet i]", one: "style sheet from elsewhere", many: "style sheets from elsewhere" },
  { selector: "meta[http-equiv=refresh i]", one: "redirect", many: "redirects" },
  { selector: "link[data-base]", one: "base address", many: "base addresses" },
];

function countLeftOut(removed: readonly Node[]): string[] {
  const elements = removed.filter((node): node is Element => node.nodeType === Node.ELEMENT_NODE);
  return LEFT_OUT.flatMap(({ selector, one, many }) => {
    const count = elements.filter((element) => element.matches(selector)).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
}
