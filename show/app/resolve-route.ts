// What an address shows on this page: what it names, or the list that it would be in, with a word about what is missing.
import type { ShowData } from "../data";
import { lookupIn, stepOf } from "./lookup";
import type { Route } from "./routes";

interface Resolved {
  route: Route;
  /** A sentence about what the address names and the page does not have. */
  notice?: string;
}

export function resolveRoute(data: ShowData, route: Route | undefined): Resolved {
  if (route === undefined) {
    return { route: { section: "flows" }, notice: "This page has nothing at that address. Here are its flows." };
  }
  const lookup = lookupIn(data);
  if (route.section === "change" && data.change === undefined) {
    return { route: { section: "flows" }, notice: "This page shows no change. Here are its flows." };
  }
  if (route.section !== "people" && route.flow !== undefined) {
    const flow = lookup.flow(route.flow);
    if (flow === undefined) {
      return { route: { section: route.section }, notice: `This page has no flow “${route.flow}”.` };
    }
    if (route.section !== "change" && route.step !== undefined && stepOf(flow, route.step) === undefined) {
      return {
        route: { section: route.section, flow: route.flow },
        notice: `The flow “${flow.title}” has no step “${route.step}”.`,
      };
    }
  }
  if (route.section !== "flows" && route.person !== undefined && lookup.person(route.person) === undefined) {
    const { person: _, ...rest } = route;
    return {
      route: rest.section === "people" ? { section: "people" } : rest,
      notice: `This page has no person “${route.person}”.`,
    };
  }
  return { route };
}
