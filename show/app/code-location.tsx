// A line of the program, as text that one copies and opens in an editor.
import { useRef, useState } from "preact/hooks";
import type { Location } from "../data";

export const locationText = ({ file, line }: Location): string => `${file}:${line}`;

export function CodeLocation({ location }: { location: Location }) {
  const code = useRef<HTMLElement>(null);
  const [isCopied, setCopied] = useState(false);
  const text = locationText(location);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Where the browser does not let a page copy, it is selected for whoever reads to do so.
      getSelection()?.selectAllChildren(code.current!);
    }
  };
  return (
    <span class="location">
      <code ref={code}>{text}</code>
      <button type="button" class="copy" aria-label={`Copy ${text}`} title="Copy" onClick={() => void copy()}>
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d={isCopied ? "M3 8.5l3.5 3.5L13 4.5" : "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"} />
        </svg>
      </button>
      <span class="hidden" role="status">
        {isCopied ? "Copied" : ""}
      </span>
    </span>
  );
}
