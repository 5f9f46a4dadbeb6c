// The section Flows: the list of flows, and a flow with its drawing and steps.
import type { ShowData } from "../data";
import type { RouteOf } from "./routes";

export function Flows({ data }: { data: ShowData; route: RouteOf<"flows"> }) {
  return (
    <>
      <h1 tabIndex={-1}>Flows</h1>
      <p>{data.flows.length}</p>
    </>
  );
}
