// The section Change: what a change does to flows, messages and people.
import type { ShowData } from "../data";
import type { RouteOf } from "./routes";

export function Change({ data }: { data: ShowData; route: RouteOf<"change"> }) {
  return (
    <>
      <h1 tabIndex={-1}>Change</h1>
      <p>{data.flows.length}</p>
    </>
  );
}
