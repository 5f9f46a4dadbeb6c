// A part that opens. What is in it is drawn when it is first opened, and for paper, where everything is open.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { usePrinting } from "./printing";

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
