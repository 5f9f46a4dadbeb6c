// The head of the page: what it is about, its sections, the search, and switches.
import type { ShowData } from "../data";
import { momentText } from "./dates";
import { Keys } from "./keys";
import { OutLink } from "./parts";
import { hrefOf, type Route } from "./routes";
import { SearchBox } from "./search-box";
import type { Section } from "./sections";
import { ThemeSwitch } from "./theme";

interface Props {
  data: ShowData;
  current: Route["section"];
  sections: readonly Section[];
}

export function Header({ data, current, sections }: Props) {
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <header class="top">
        <div class="top-title">
          <p class="title">{data.title}</p>
          <p class="meta">
            <Target data={data} />
            <span>
              Made <time dateTime={data.madeAt}>{momentText(data.madeAt)}</time>
            </span>
            <span>pulumi-hogflow {data.version}</span>
          </p>
        </div>
        <div class="top-buttons">
          <Keys sections={sections} />
          <ThemeSwitch />
        </div>
      </header>
      <div class="bar">
        <nav class="tabs" aria-label="Sections">
          {sections.map(({ section, title, count }) => (
            <a
              key={section}
              class="tab"
              href={hrefOf({ section })}
              aria-current={section === current ? "page" : undefined}
            >
              {title} <span class="count">{count}</span>
            </a>
          ))}
        </nav>
        <SearchBox data={data} />
      </div>
    </>
  );
}

function Target({ data: { target, change } }: { data: ShowData }) {
  return (
    <>
      {target !== undefined && (
        <span>
          Project {target.projectId} on <OutLink url={target.host}>{target.host.replace(/^https?:\/\//i, "")}</OutLink>
        </span>
      )}
      {change !== undefined && (
        <span>
          Change from {change.before} to {change.after}
        </span>
      )}
    </>
  );
}

/** The address stays: what is after its `#` is the route. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
