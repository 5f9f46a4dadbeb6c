// The styles of a mail as its frame gets them: without what would be loaded from elsewhere, and in light or dark as the reader chose on this page, not as
// their system has it. The browser parses them; the frame's policy stops what a rule here misses.

export interface MailLook {
  dark: boolean;
  /** Whether images may be loaded from elsewhere. */
  images: boolean;
}

/** A style sheet. */
export function mailStyles(css: string, look: MailLook): string {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css.replace(/@import\b[^;]*(?:;|$)/gi, ""));
  return [...sheet.cssRules]
    .filter((rule) => !(rule instanceof CSSFontFaceRule))
    .map((rule) => adapted(rule.cssText, look))
    .join("\n");
}

/** The style of one element. */
export function adaptStyleAttribute(element: HTMLElement, look: MailLook): void {
  if (/url|image-set|color-scheme/i.test(element.getAttribute("style")!)) {
    element.setAttribute("style", adapted(element.style.cssText, look));
  }
}

/** The condition of a `media` attribute. */
export const adaptMedia = (media: string, { dark }: MailLook): string =>
  media.replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_, scheme: string) =>
    (scheme.toLowerCase() === "dark") === dark ? "(min-width: 0px)" : "(max-width: 0px)",
  );

/** Of text that the browser wrote: addresses are in quotes. Links have lost their addresses, and still look as links. */
const adapted = (css: string, look: MailLook): string =>
  adaptMedia(css, look)
    .replace(/(?<!prefers-)color-scheme\s*:[^;}]*;?/gi, "")
    .replace(/url\("(?!data:)(?:[^"\\]|\\.)*"\)/gi, (address) => (look.images ? address : "none"))
    .replace(/:(?:any-)?link\b/gi, "[data-link]")
    .replace(/:visited\b/gi, ":not(*)");
