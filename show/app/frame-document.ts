// The document of a mail's frame: the sanitised mail, its styles adapted, under a content security policy that allows styles and nothing else.
import { adaptMedia, adaptStyleAttribute, mailStyles, type MailLook } from "./mail-css";
import { REMOTE } from "./sanitise";

/** Text of a document. `root` is of a sanitised mail, and is changed: give a clone. */
export function frameDocument(root: HTMLElement, look: MailLook): string {
  for (const style of root.querySelectorAll("style")) {
    style.textContent = mailStyles(style.textContent, look);
    if (style.media !== "") style.media = adaptMedia(style.media, look);
  }
  for (const element of root.querySelectorAll<HTMLElement>("[style]")) adaptStyleAttribute(element, look);
  settleImages(root, look);
  const head =
    root.querySelector("head") ?? root.insertBefore(root.ownerDocument.createElement("head"), root.firstChild);
  head.prepend(...policyAndStyle(root.ownerDocument, look));
  return `<!doctype html>${root.outerHTML}`;
}

function policyAndStyle(document: Document, look: MailLook): HTMLElement[] {
  const charset = document.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = framePolicy(look);
  const referrer = document.createElement("meta");
  referrer.name = "referrer";
  referrer.content = "no-referrer";
  const style = document.createElement("style");
  style.textContent = frameStyle(look);
  return [charset, policy, referrer, style];
}

/** Also stops what the sanitiser would miss. The page's own policy applies in the frame, too, and cannot be loosened here. */
const framePolicy = ({ images }: MailLook): string =>
  [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src data:${images ? " https: http:" : ""}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

/** Images that may not be loaded leave their place and their alternative text, as in a mail app that blocks them. So do those without an address in the net. */
function settleImages(root: HTMLElement, { images }: MailLook): void {
  for (const image of root.querySelectorAll("img")) {
    const source = settledAddress(image.getAttribute("src"), images);
    if (source === undefined) image.removeAttribute("src");
    else image.setAttribute("src", source);
    image.removeAttribute("srcset");
  }
  for (const element of root.querySelectorAll("[background]")) {
    const source = settledAddress(element.getAttribute("background"), images);
    if (source === undefined) element.removeAttribute("background");
    else element.setAttribute("background", source);
  }
}

function settledAddress(address: string | null, images: boolean): string | undefined {
  const source = address?.trim() ?? "";
  if (/^data:image\//i.test(source)) return source;
  if (images && REMOTE.test(source)) return source.replace(/^\/\//, "https://");
  return undefined;
}

/**
 * What a browser does for links and images that still have their addresses, and the marks of this page. Rules in `:where` yield to any rule of the mail;
 * the marks must be seen whatever the mail says.
 */
const frameStyle = ({ dark }: MailLook): string => `
:root { color-scheme: ${dark ? "dark" : "only light"} !important; }
:where(html) { font: 16px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
:where(a[data-link]) { color: ${dark ? "#9db7ff" : "#1a4fc4"}; text-decoration: underline; cursor: pointer; }
:where(img:not([src])) { display: inline-block; min-width: 1px; min-height: 1px; overflow: hidden; background: #8882; outline: 1px dashed #8888; outline-offset: -1px; font-size: 12px; }
a[data-link]:focus { outline: 3px solid #3540b8 !important; outline-offset: 1px !important; box-shadow: 0 0 0 1px #fff !important; }
a[data-dead] { outline: 2px solid #c62f26 !important; outline-offset: 1px !important; }
mark[data-gap] { background: #ffe08a !important; color: #3d2a00 !important; outline: 1px dashed #8a6100 !important; }
mark[data-gap]:empty { display: inline-block !important; width: 0.8em !important; height: 0.9em !important; vertical-align: baseline !important; }
ins[data-changed] { background: #c9f0d5 !important; color: #0b4a25 !important; text-decoration: underline 2px !important; }
del[data-changed] { background: #fbd5d1 !important; color: #8a1711 !important; text-decoration: line-through 2px !important; }
img[data-changed] { outline: 3px dashed #3540b8 !important; outline-offset: 2px !important; }
`;
