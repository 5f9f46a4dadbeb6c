// Light or dark: as the system has it, until somebody presses the switch. The choice lives as long as the page is open.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

type Theme = "light" | "dark";

const SYSTEM = "(prefers-color-scheme: dark)";

export function ThemeSwitch() {
  const [chosen, setChosen] = useState<Theme>();
  const [system, setSystem] = useState<Theme>(() => (matchMedia(SYSTEM).matches ? "dark" : "light"));
  useEffect(() => {
    const query = matchMedia(SYSTEM);
    const changed = (): void => setSystem(query.matches ? "dark" : "light");
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  const theme = chosen ?? system;
  useLayoutEffect(() => {
    if (chosen === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
  }, [chosen]);
  const other = theme === "dark" ? "light" : "dark";
  return (
    <button type="button" class="button quiet" aria-label={`Use ${other} colours`} onClick={() => setChosen(other)}>
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="5.5" />
        <path d="M8 2.5v11a5.5 5.5 0 0 0 0-11z" class="filled" />
      </svg>
      <span class="button-word">{other === "dark" ? "Dark" : "Light"}</span>
    </button>
  );
}
