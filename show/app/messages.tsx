// The section Messages: every message as its recipient sees it.
import type { ShowData } from "../data";
import type { RouteOf } from "./routes";

export function Messages({ data }: { data: ShowData; route: RouteOf<"messages"> }) {
  return (
    <>
      <h1 tabIndex={-1}>Messages</h1>
      <p>{data.deliveries.length}</p>
    </>
  );
}
