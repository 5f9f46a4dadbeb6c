// Moving between addresses: back and forward work, each entry of the history keeps its scroll position, and the focus moves to the heading of what is new.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { hrefOf, parseRoute, type Route } from "./routes";

/** The route of the address; undefined when it is none. */
export function useRoute(): Route | undefined {
  const [hash, setHash] = useState(location.hash);
  const arrival = useRef<Arrival>({});
  useEffect(() => {
    const scrolls = keepScrolls();
    const moved = (): void => {
      arrival.current = scrolls.arrive();
      setHash(location.hash);
    };
    window.addEventListener("hashchange", moved);
    return () => {
      window.removeEventListener("hashchange", moved);
      scrolls.stop();
    };
  }, []);
  const last = useRef(hash);
  useLayoutEffect(() => {
    if (last.current === hash) return;
    const isNewPage = pageOf(last.current) !== pageOf(hash);
    last.current = hash;
    if (!isNewPage) return;
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    window.scrollTo({ top: arrival.current.top ?? 0, behavior: "instant" });
  }, [hash]);
  return parseRoute(hash);
}

export function go(route: Route): void {
  location.hash = hrefOf(route);
}

/** Steps and days are within a page: going to one moves neither focus nor scroll by itself. */
function pageOf(hash: string): string {
  const route = parseRoute(hash);
  if (route === undefined) return "";
  switch (route.section) {
    case "flows":
    case "change":
      return hrefOf({ section: route.section, flow: route.flow });
    case "messages":
      return hrefOf({ section: "messages", flow: route.flow, step: route.step });
    case "people":
      return hrefOf({ section: "people", person: route.person });
  }
}

interface Arrival {
  /** Where this entry was scrolled to; absent when it is new. */
  top?: number;
}

/** Remembers how far each entry of the history was scrolled. The browser's own memory restores before the section is drawn. */
function keepScrolls(): { arrive(): Arrival; stop(): void } {
  history.scrollRestoration = "manual";
  const tops = new Map<number, number>();
  let next = Date.now();
  const name = (): number => {
    history.replaceState({ entry: ++next }, "");
    return next;
  };
  const known = (): number | undefined => (history.state as { entry?: number } | null)?.entry;
  let current = known() ?? name();
  const scrolled = (): void => {
    // Between the address's change and the drawing, the position is of neither.
    if (known() === current) tops.set(current, window.scrollY);
  };
  window.addEventListener("scroll", scrolled, { passive: true });
  return {
    arrive() {
      const entry = known();
      current = entry ?? name();
      return entry === undefined ? {} : { top: tops.get(entry) };
    },
    stop: () => window.removeEventListener("scroll", scrolled),
  };
}
