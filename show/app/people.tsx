// The section People: who gets what on which day.
import type { ShowData } from "../data";
import type { RouteOf } from "./routes";

export function People({ data }: { data: ShowData; route: RouteOf<"people"> }) {
  return (
    <>
      <h1 tabIndex={-1}>People</h1>
      <p>{data.people.length}</p>
    </>
  );
}
