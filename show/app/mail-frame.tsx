// A mail in its frame. Three walls, each enough alone: the sanitiser takes out what acts or loads (sanitise.ts), the sandbox allows no scripts, forms,
// windows or navigation of the page, and a content security policy in the document allows nothing but styles, and images where the reader allows them.
// The sandbox has `allow-same-origin` and must never have `allow-scripts` beside it. Without scripts, an origin gives a mail nothing; the page
// needs it to measure the mail's height and to read which link the reader points at, for which a script inside would be the alternative.
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { frameDocument } from "./frame-document";
import { useMailView, WIDTHS } from "./mail-view";
import type { DarkMode } from "./sanitise";
import { useSeen } from "./seen";
import { standInWords } from "./stand-ins";

interface Props {
  /** For those who cannot see it: whose mail it is. */
  title: string;
  /** A clone of the sanitised mail with the marks that it should have, made when the frame is drawn. */
  marked: () => HTMLElement;
  darkMode: DarkMode;
  /** By `data-link`. */
  links: readonly FrameLink[];
}

export interface FrameLink {
  url: string;
  /** Why it leads nowhere. */
  dead?: string;
}

/** Kept free until the height is known. */
const FIRST_HEIGHT = 480;
/** Longer mails scroll in their frame: a browser draws no surface of any height. */
const MOST_HEIGHT = 16_000;
/** Of the bar that a mail gets which is wider than its window. */
const SCROLLBAR = 16;

export function MailFrame({ title, marked, darkMode, links }: Props) {
  const [{ device, images, ...view }] = useMailView();
  const dark = view.dark && darkMode !== "light-only";
  const [size, setSize] = useState<FrameSize>();
  const [pointed, setPointed] = useState<number>();
  const [failed, setFailed] = useState<{ of?: string; images: readonly FailedImage[] }>({ images: [] });
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const isSeen = useSeen(box);
  const width = WIDTHS[device];
  const scale = useScale(box, width);
  const srcdoc = useMemo(
    () => (isSeen ? frameDocument(markDead(marked(), links), { dark, images }) : undefined),
    [isSeen, marked, dark, images],
  );

  const measure = (): void => {
    if (frame.current?.contentDocument?.body) setSize({ ...measured(frame.current), of: frame.current.srcdoc });
  };
  useLayoutEffect(measure, [width]);

  const loaded = (): void => {
    measure();
    const inside = frame.current!.contentDocument!;
    const { srcdoc: of } = frame.current!;
    const lookForFailed = (): void => {
      const images = failedImages(inside);
      if (images.length === 0) return;
      setFailed((before) => ({ of, images: [...(before.of === of ? before.images : []), ...images] }));
      measure();
    };
    lookForFailed();
    inside.addEventListener("error", lookForFailed, { capture: true });
    // Images arrive after the document, and change its height.
    inside.addEventListener("load", measure, { capture: true });
    const point = ({ target }: Event): void => {
      const link = (target as Element | null)?.closest?.("[data-link]");
      setPointed(link ? Number(link.getAttribute("data-link")) : undefined);
    };
    for (const type of ["mouseover", "focusin", "click"]) inside.addEventListener(type, point);
  };

  const height = size?.height ?? FIRST_HEIGHT;
  const link = pointed === undefined ? undefined : links[pointed];
  return (
    <>
      <div
        class="mail-window"
        data-scheme={dark ? "dark" : "light"}
        data-device={device}
        data-measured={size && srcdoc === size.of ? "" : undefined}
      >
        <div ref={box} class="mail-box" style={{ height: `${Math.ceil(height * scale)}px` }}>
          {srcdoc !== undefined && (
            // Another document is another frame: a frame that navigates would add to the history of the page.
            <iframe
              key={srcdoc}
              ref={frame}
              class="mail-frame"
              sandbox="allow-same-origin"
              title={`${title}, ${width} pixels wide, ${dark ? "dark" : "light"}`}
              srcdoc={srcdoc}
              onLoad={loaded}
              onMouseLeave={() => setPointed(undefined)}
              style={{
                width: `${width}px`,
                height: `${height}px`,
                transform: scale === 1 ? undefined : `scale(${scale})`,
              }}
            />
          )}
        </div>
        <p class="mail-status small" data-dead={link?.dead === undefined ? undefined : ""}>
          {link !== undefined ? (
            <>
              <span class="hidden">Link to </span>
              {link.url === "" ? "(no address)" : (standInWords(link.url) ?? link.url)}
              {link.dead !== undefined && ` – ${link.dead}`}
            </>
          ) : size !== undefined && size.contentWidth > width ? (
            `This mail is ${size.contentWidth} pixels wide: here one scrolls sideways, and some mail apps shrink it.`
          ) : (
            `${width} pixels wide${scale < 1 ? `, shown at ${Math.round(scale * 100)} %` : ""}`
          )}
        </p>
      </div>
      {failed.of === srcdoc && <FailedImages images={failed.images} />}
    </>
  );
}

interface FailedImage {
  url: string;
  /** What is read in its place. */
  alt: string;
}

/** Images of a mail that could not be loaded. Each is then shown as one that may not be loaded: with its alternative text. */
function failedImages(inside: Document): FailedImage[] {
  return [...inside.querySelectorAll<HTMLImageElement>("img[src]")]
    .filter(({ complete, naturalWidth }) => complete && naturalWidth === 0)
    .map((image) => {
      const url = image.getAttribute("src")!;
      image.removeAttribute("src");
      return { url, alt: image.alt };
    });
}

/** Longest address that is shown: images may be in it. */
const LONGEST_ADDRESS = 200;

function FailedImages({ images }: { images: readonly FailedImage[] }) {
  return (
    <div class="mail-about small soft">
      {images.length === 1 ? "This image" : "These images"} could not be loaded, so the alternative text is shown:
      <ul>
        {images.map(({ url, alt }, index) => (
          <li key={index}>
            {alt === "" ? "without alternative text" : `“${alt}”`},{" "}
            <span class="link-address">{url.slice(0, LONGEST_ADDRESS)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function markDead(root: HTMLElement, links: readonly FrameLink[]): HTMLElement {
  for (const link of root.querySelectorAll("[data-link]"))
    if (links[Number(link.getAttribute("data-link"))]?.dead !== undefined) link.setAttribute("data-dead", "");
  return root;
}

interface FrameSize {
  /** The document that it was measured of. */
  of: string;
  height: number;
  contentWidth: number;
}

/** How high a frame must be for its mail. From almost nothing, so that what fills its window does not keep it as high as it was. */
function measured(frame: HTMLIFrameElement): Omit<FrameSize, "of"> {
  const { documentElement, body } = frame.contentDocument!;
  const before = frame.style.height;
  frame.style.height = "1px";
  const contentWidth = Math.max(documentElement.scrollWidth, body.scrollWidth);
  const content = Math.max(documentElement.scrollHeight, body.scrollHeight);
  frame.style.height = before;
  const bar = contentWidth > frame.clientWidth ? SCROLLBAR : 0;
  return { height: Math.min(Math.max(content + bar, 48), MOST_HEIGHT), contentWidth };
}

/** How much a window of that width is made smaller to fit into a box. */
function useScale(box: { current: HTMLElement | null }, width: number): number {
  const [room, setRoom] = useState(width);
  useLayoutEffect(() => {
    const look = (): void => setRoom(box.current!.clientWidth);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  return room >= width || room === 0 ? 1 : room / width;
}
