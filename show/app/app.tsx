// The shell of the page: its sections, and which of them is shown.
import { useEffect, useMemo } from "preact/hooks";
import type { ShowData } from "../data";
import { Change } from "./change";
import { Flows } from "./flows";
import { Header } from "./header";
import type { Following } from "./live";
import { LiveBanner } from "./live-banner";
import { Messages } from "./messages";
import { useRoute } from "./navigation";
import { People } from "./people";
import { resolveRoute } from "./resolve-route";
import type { Route } from "./routes";
import { sectionsOf } from "./sections";
import { titleOf } from "./title";

export function App({ data, following }: { data: ShowData; following?: Following }) {
  const { route, notice } = resolveRoute(data, useRoute());
  const sections = useMemo(() => sectionsOf(data), [data]);
  useEffect(() => {
    document.title = titleOf(data, route);
  }, [data, route]);
  return (
    <>
      <Header data={data} current={route.section} sections={sections} />
      {following !== undefined && <LiveBanner following={following} madeAt={data.madeAt} />}
      <main id="main" tabIndex={-1}>
        {notice !== undefined && (
          <p class="notice" role="status">
            {notice}
          </p>
        )}
        <Section data={data} route={route} />
      </main>
      {data.notes.length > 0 && (
        <aside class="notes" aria-labelledby="notes-heading">
          <h2 id="notes-heading">What this page cannot show</h2>
          <ul>
            {data.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </aside>
      )}
    </>
  );
}

function Section({ data, route }: { data: ShowData; route: Route }) {
  switch (route.section) {
    case "flows":
      return <Flows data={data} route={route} />;
    case "messages":
      return <Messages data={data} route={route} />;
    case "people":
      return <People data={data} route={route} />;
    case "change":
      return <Change data={data} route={route} />;
  }
}
