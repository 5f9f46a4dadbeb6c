// A part that opens. What is in it is drawn when it is first opened, and for paper, where everything is open.
import { options, type ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

interface Props {
  summary: ComponentChildren;
  children: () => ComponentChildren;
  isOpen?: boolean;
  class?: string;
  id?: string;
}

export function Fold({ summary, children, isOpen = false, class: className = "", id }: Props) {
  const [open, setOpen] = useState(isOpen);
  const printing = usePrinting();
  useEffect(() => {
    if (isOpen) setOpen(true);
  }, [isOpen]);
  return (
    <details
      id={id}
      class={`fold ${className}`}
      open={open || printing}
      onToggle={({ currentTarget }) => {
        if (!printing) setOpen(currentTarget.open);
      }}
    >
      <summary>{summary}</summary>
      {(open || printing) && <div class="fold-body">{children()}</div>}
    </details>
  );
}

/** Whether the page is being printed. Drawn at once: the browser takes what is there when the listener returns. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const set = (value: boolean) => (): void => {
      const debounce = options.debounceRendering;
      options.debounceRendering = (draw) => draw();
      setPrinting(value);
      options.debounceRendering = debounce;
    };
    const [before, after] = [set(true), set(false)];
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
  return printing;
}
