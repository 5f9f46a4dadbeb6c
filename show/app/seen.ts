// Draws what is costly when one scrolls to it, a little before.
import { useEffect, useState } from "preact/hooks";
import { usePrinting } from "./printing";

/** How far away something may be, so that it is there when one arrives. */
const AHEAD = "800px";

/** Whether an element is, or has been, near what one sees. */
export function useSeen(element: { current: HTMLElement | null }): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  // On paper, nobody scrolls.
  const printing = usePrinting();
  return isSeen || printing;
}
