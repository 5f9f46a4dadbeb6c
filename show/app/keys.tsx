// The keys of the page: `/` searches, `g` and a letter go to a section, `?` shows them. Whoever dictates or has other uses for single keys switches them off.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { go } from "./navigation";
import { SEARCH_ID } from "./search-box";
import type { Section } from "./sections";

/** How long `g` waits for its letter. */
const PAUSE_MS = 1_500;

export function Keys({ sections }: { sections: readonly Section[] }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [areOn, setOn] = useState(true);
  // Before anything else can be pressed.
  useLayoutEffect(() => {
    let goesAt = -Infinity;
    const pressed = (event: KeyboardEvent): void => {
      if (!areOn || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const goes = event.timeStamp - goesAt < PAUSE_MS;
      goesAt = -Infinity;
      if (event.key === "/") document.getElementById(SEARCH_ID)?.focus();
      else if (event.key === "?") dialog.current?.showModal();
      else if (event.key === "g") goesAt = event.timeStamp;
      else {
        const section = sections.find(({ key }) => goes && key === event.key)?.section;
        if (section === undefined) return;
        go({ section });
      }
      event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [areOn, sections]);
  const keys: [string[], string][] = [
    [["/"], "Search"],
    ...sections.map(({ key, title }): [string[], string] => [["g", key], title]),
    [["←", "→", "↑", "↓"], "In a drawing: go along the edges"],
    [["+", "−", "0"], "In a drawing: zoom, and see all of it"],
    [["?"], "Show these keys"],
    [["Esc"], "Leave the search, close this"],
  ];
  return (
    <>
      <button type="button" class="button quiet keys-button" onClick={() => dialog.current?.showModal()}>
        <kbd aria-hidden="true">?</kbd> <span class="button-word">Keys</span>
      </button>
      <dialog ref={dialog} class="keys" aria-labelledby="keys-heading">
        <h2 id="keys-heading">Keys</h2>
        <dl>
          {keys.map(([combination, does]) => (
            <div key={does}>
              <dt>
                {combination.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <label class="keys-on">
          <input type="checkbox" checked={areOn} onChange={({ currentTarget }) => setOn(currentTarget.checked)} /> Use
          single keys
        </label>
        <form method="dialog">
          <button class="button">Close</button>
        </form>
      </dialog>
    </>
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
