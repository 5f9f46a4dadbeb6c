// How large a drawing is shown. It is as wide as its place, but neither larger than it is nor too small to read, until somebody zooms: by button, key, wheel or
// with two fingers. What does not fit is scrolled, which every device can.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Scales of 1 are the drawing's own pixels. */
const SMALLEST = 0.2;
const LARGEST = 3;
const STEP = 1.25;
/** Text is still read at that scale. */
const READABLE = 0.75;

export interface Zoom {
  /** The `width` of the drawing. */
  width: string;
  in(): void;
  out(): void;
  /** All of its width is seen. */
  fit(): void;
}

/**
 * @param view What scrolls.
 * @param size Width of the drawing.
 */
export function useZoom(view: RefObject<HTMLElement | null>, size: number): Zoom {
  const [width, setWidth] = useState(`clamp(${Math.round(size * READABLE)}px, 100%, ${size}px)`);
  const current = useRef({ size, setWidth });
  current.current = { size, setWidth };

  /** Zooms by a factor. The point of the window that is given stays where it is, or the middle of the view. */
  const zoom = (factor: number, at?: { x: number; y: number }): void => {
    const box = view.current;
    const svg = box?.querySelector("svg");
    if (!box || !svg) return;
    const was = svg.getBoundingClientRect();
    const outer = box.getBoundingClientRect();
    const { x, y } = at ?? { x: outer.left + box.clientWidth / 2, y: outer.top + box.clientHeight / 2 };
    const scale = Math.min(LARGEST, Math.max(SMALLEST, (was.width / current.current.size) * factor));
    const fresh = `${Math.round(scale * current.current.size)}px`;
    const [shareX, shareY] = [(x - was.left) / was.width, (y - was.top) / was.height];
    // At once, so that the scroll position is one of the new size.
    svg.style.width = fresh;
    const is = svg.getBoundingClientRect();
    box.scrollLeft += is.left + shareX * is.width - x;
    box.scrollTop += is.top + shareY * is.height - y;
    current.current.setWidth(fresh);
  };

  useEffect(() => {
    const box = view.current!;
    const wheel = (event: WheelEvent): void => {
      // Two fingers on a touch pad come as a wheel with Ctrl.
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.005 : 0.1)), { x: event.clientX, y: event.clientY });
    };
    let apart = 0;
    const touch = (event: TouchEvent): void => {
      const [a, b] = [event.touches[0], event.touches[1]];
      if (!a || !b) {
        apart = 0;
        return;
      }
      const distance = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      if (event.type === "touchmove" && apart > 0) {
        event.preventDefault();
        zoom(distance / apart, { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 });
      }
      apart = distance;
    };
    box.addEventListener("wheel", wheel, { passive: false });
    const touches = ["touchstart", "touchmove", "touchend", "touchcancel"] as const;
    for (const name of touches) box.addEventListener(name, touch, { passive: false });
    return () => {
      box.removeEventListener("wheel", wheel);
      for (const name of touches) box.removeEventListener(name, touch);
    };
  }, []);

  return {
    width,
    in: () => zoom(STEP),
    out: () => zoom(1 / STEP),
    fit: () => setWidth(`min(100%, ${size}px)`),
  };
}

/** A mouse draws what it scrolls. Fingers do so by themselves. */
export function usePan(view: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const box = view.current!;
    let from: { x: number; y: number; left: number; top: number } | undefined;
    const down = (event: PointerEvent): void => {
      const isLink = event.target instanceof Element && event.target.closest("a") !== null;
      if (event.pointerType !== "mouse" || event.button !== 0 || isLink) return;
      from = { x: event.clientX, y: event.clientY, left: box.scrollLeft, top: box.scrollTop };
      box.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent): void => {
      if (from) box.scrollTo(from.left + from.x - event.clientX, from.top + from.y - event.clientY);
    };
    const up = (): void => {
      from = undefined;
    };
    box.addEventListener("pointerdown", down);
    box.addEventListener("pointermove", move);
    box.addEventListener("pointerup", up);
    box.addEventListener("pointercancel", up);
    return () => {
      box.removeEventListener("pointerdown", down);
      box.removeEventListener("pointermove", move);
      box.removeEventListener("pointerup", up);
      box.removeEventListener("pointercancel", up);
    };
  }, []);
}
