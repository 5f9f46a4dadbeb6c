// The search of the page: what is typed finds flows, steps, messages and people; arrows choose, Enter goes there, Escape leaves.
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { ShowData } from "../data";
import { go } from "./navigation";
import { hrefOf } from "./routes";
import { search } from "./search";

export const SEARCH_ID = "search";

export function SearchBox({ data }: { data: ShowData }) {
  const [query, setQuery] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const hits = useMemo(() => (isOpen ? search(data, query) : []), [data, query, isOpen]);
  const isListed = isOpen && query.trim() !== "";

  useEffect(() => {
    document.getElementById(`${listId}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const leave = (): void => {
    setOpen(false);
    setQuery("");
    setChosen(0);
  };
  const keyed = (event: KeyboardEvent): void => {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        setOpen(true);
        if (hits.length > 0) setChosen((chosen + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % hits.length);
        break;
      case "Enter": {
        const hit = hits[chosen];
        if (hit === undefined) break;
        event.preventDefault();
        leave();
        input.current?.blur();
        go(hit.route);
        break;
      }
      case "Escape":
        event.preventDefault();
        if (query === "") input.current?.blur();
        leave();
        break;
    }
  };
  return (
    <div
      class="search"
      role="search"
      ref={box}
      onFocusOut={({ relatedTarget }) => {
        if (!box.current?.contains(relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <label class="hidden" for={SEARCH_ID}>
        Search flows, steps, messages and people
      </label>
      <svg class="icon search-icon" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="7" cy="7" r="4.5" />
        <path d="m10.5 10.5 3.5 3.5" />
      </svg>
      <input
        id={SEARCH_ID}
        ref={input}
        type="text"
        placeholder="Search"
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="go"
        role="combobox"
        aria-expanded={isListed}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isListed && hits.length > 0 ? `${listId}-${chosen}` : undefined}
        value={query}
        onFocus={() => setOpen(true)}
        onInput={({ currentTarget }) => {
          setQuery(currentTarget.value);
          setChosen(0);
          setOpen(true);
        }}
        onKeyDown={keyed}
      />
      <kbd class="search-key" aria-hidden="true">
        /
      </kbd>
      <div id={listId} class="hits" role="listbox" aria-label="Found" hidden={!isListed || hits.length === 0}>
        {hits.map((hit, i) => (
          <a
            key={i}
            id={`${listId}-${i}`}
            role="option"
            aria-selected={i === chosen}
            tabIndex={-1}
            class="hit"
            href={hrefOf(hit.route)}
            onClick={leave}
          >
            <span class="hit-kind">{hit.kind}</span>
            <span class="hit-title">{hit.title}</span>
            {hit.context !== "" && <span class="hit-context">{hit.context}</span>}
          </a>
        ))}
      </div>
      {isListed && hits.length === 0 && <p class="hits hits-none">Nothing has these words.</p>}
      <p class="hidden" role="status">
        {isListed && (hits.length === 0 ? "Nothing has these words." : `${hits.length} found.`)}
      </p>
    </div>
  );
}
