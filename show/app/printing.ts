// Whether the page is being printed. What is drawn for paper is drawn at once: the browser takes what is there when the listener returns.
import { options } from "preact";
import { useEffect, useState } from "preact/hooks";

let isPrinting = false;
const listeners = new Set<(value: boolean) => void>();

function set(value: boolean): void {
  isPrinting = value;
  const debounce = options.debounceRendering;
  options.debounceRendering = (draw) => draw();
  for (const listener of [...listeners]) listener(value);
  options.debounceRendering = debounce;
}

window.addEventListener("beforeprint", () => set(true));
window.addEventListener("afterprint", () => set(false));

export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(isPrinting);
  useEffect(() => {
    listeners.add(setPrinting);
    setPrinting(isPrinting);
    return () => {
      listeners.delete(setPrinting);
    };
  }, []);
  return printing;
}
