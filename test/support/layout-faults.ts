// Looks over a page for what a person would call broken: wider than its window, text that is cut or leaves its box, controls on top of each other.
// Runs in the page, so it uses nothing from outside of itself.

/// <reference lib="dom" />
/** One line for each fault, with the element. What is cut on purpose shows an ellipsis, is clamped to lines, or scrolls. */
export function layoutFaults(): string[] {
  /** Rounding of what lies between two pixels. */
  const SLACK = 1;
  const faults: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + SLACK)
    faults.push(`the page is ${root.scrollWidth} px wide in a window of ${root.clientWidth} px`);

  const name = (element: Element): string => {
    const text = (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
    const classes = typeof element.className === "string" ? element.className.trim().split(/\s+/).filter(Boolean) : [];
    return `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}${classes.map((one) => `.${one}`).join("")} "${text}"`;
  };
  const isShown = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  /** For readers of the screen alone: a box of a pixel. */
  const isForScreenReaders = (element: Element): boolean => {
    for (let at: Element | null = element; at; at = at.parentElement) {
      const { width, height } = at.getBoundingClientRect();
      if (width <= 1 && height <= 1 && getComputedStyle(at).position === "absolute") return true;
    }
    return false;
  };
  const hasText = (element: Element): boolean =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "");

  const elements = [...document.body.querySelectorAll<HTMLElement>("*")].filter(
    (element) => element instanceof HTMLElement && isShown(element) && !isForScreenReaders(element),
  );
  for (const element of elements) {
    const style = getComputedStyle(element);
    if (style.display === "inline" || !hasText(element) || ["SELECT", "OPTION", "TEXTAREA"].includes(element.tagName))
      continue;
    const isWide = element.scrollWidth > element.clientWidth + SLACK;
    const isHigh = element.scrollHeight > element.clientHeight + SLACK;
    if (isWide && style.overflowX === "visible") faults.push(`leaves its box: ${name(element)}`);
    if (
      isWide &&
      ["hidden", "clip"].includes(style.overflowX) &&
      style.textOverflow !== "ellipsis" &&
      style.webkitLineClamp === "none"
    )
      faults.push(`is cut at its side: ${name(element)}`);
    if (
      isHigh &&
      ["hidden", "clip"].includes(style.overflowY) &&
      style.webkitLineClamp === "none" &&
      style.textOverflow !== "ellipsis"
    )
      faults.push(`is cut at its bottom: ${name(element)}`);
  }

  const controls = elements.filter((element) => element.matches("button, input, select, textarea, summary, a[href]"));
  const boxes = controls.map((element) => ({ element, box: element.getBoundingClientRect() }));
  for (const [i, one] of boxes.entries())
    for (const other of boxes.slice(i + 1)) {
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      // Links in lines of text may touch.
      if (across > 2 && down > 4 && isSeen(one) && isSeen(other))
        faults.push(`lies on top of each other: ${name(one.element)} and ${name(other.element)}`);
    }
  return faults;

  /** Not what has been scrolled away, nor what is covered on purpose by something that stays in its place. */
  function isSeen({ element, box }: { element: Element; box: DOMRect }): boolean {
    for (let at: Element | null = element; at; at = at.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return false;
      const around = at.parentElement?.getBoundingClientRect();
      const clips = at.parentElement && getComputedStyle(at.parentElement).overflow !== "visible";
      if (
        clips &&
        around &&
        (box.bottom <= around.top || box.top >= around.bottom || box.right <= around.left || box.left >= around.right)
      )
        return false;
    }
    return true;
  }
}
