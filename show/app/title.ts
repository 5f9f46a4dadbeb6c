// The title of the document: what is shown first, because tabs of browsers are narrow.
import type { ShowData } from "../data";
import { lookupIn, stepOf } from "./lookup";
import type { Route } from "./routes";
import { sectionsOf } from "./sections";

export function titleOf(data: ShowData, route: Route): string {
  const section = sectionsOf(data).find((each) => each.section === route.section)!.title;
  return [...namesIn(data, route), section, data.title].join(" · ");
}

function namesIn(data: ShowData, route: Route): string[] {
  if (route.section === "people") {
    return [route.day === undefined ? undefined : `Day ${route.day}`, route.person].filter(
      (name) => name !== undefined,
    );
  }
  const flow = route.flow === undefined ? undefined : lookupIn(data).flow(route.flow);
  const step = "step" in route && route.step !== undefined ? stepOf(flow, route.step)?.title : undefined;
  return [step, flow?.title].filter((name) => name !== undefined);
}
