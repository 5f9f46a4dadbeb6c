// How the reader looks at mails: the same for all of them, as long as the page is open.
import { useEffect, useState } from "preact/hooks";
import type { MailLook } from "./mail-css";

/** Widths of a mail's window, in CSS pixels: a desk's usual column, and a phone. */
export const WIDTHS = { desk: 600, phone: 375 } as const;

export interface MailView extends MailLook {
  device: keyof typeof WIDTHS;
}

/** On a phone, a phone's width is the one that can be read. */
const isPhone = matchMedia("(max-width: 600px)").matches;

let view: MailView = { device: isPhone ? "phone" : "desk", dark: false, images: false };
const listeners = new Set<() => void>();

/** The view, and how to change parts of it. */
export function useMailView(): [MailView, (change: Partial<MailView>) => void] {
  const [, redraw] = useState(view);
  useEffect(() => {
    const changed = (): void => redraw(view);
    listeners.add(changed);
    return () => void listeners.delete(changed);
  }, []);
  return [view, changeView];
}

function changeView(change: Partial<MailView>): void {
  view = { ...view, ...change };
  for (const listener of listeners) listener();
}
