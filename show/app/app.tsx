// The shell of the page: its sections, and which of them is shown.
import type { ShowData } from "../data";

export function App({ data }: { data: ShowData }) {
  return (
    <main>
      <h1>{data.title}</h1>
    </main>
  );
}
