// Addresses within the page, in the part after `#`: each section, flow, step, message, person and day has one that can be sent to a colleague.

export type Route =
  | { section: "flows"; flow?: string; step?: string }
  | { section: "messages"; flow?: string; step?: string; person?: string }
  | { section: "people"; person?: string; day?: number }
  | { section: "change"; flow?: string; person?: string };

/** A section's own part of the routes. */
export type RouteOf<S extends Route["section"]> = Extract<Route, { section: S }>;

/** Absent: no address of this page. An empty one is the list of flows. */
export function parseRoute(hash: string): Route | undefined {
  const [path, query] = splitOnce(hash.replace(/^#?\/?/, ""), "?");
  const parts = path.split("/").map(decoded);
  if (parts.at(-1) === "") parts.pop();
  if (parts.some((part) => part === undefined || part === "")) return undefined;
  const person = new URLSearchParams(query).get("person") || undefined;
  const [section = "flows", ...rest] = parts as string[];
  switch (section) {
    case "flows": {
      const [flow, steps, step] = rest;
      if (rest.length <= 1) return { section, flow };
      return rest.length === 3 && steps === "steps" ? { section, flow, step } : undefined;
    }
    case "messages":
      return rest.length <= 2 ? { section, flow: rest[0], step: rest[1], person } : undefined;
    case "people": {
      const [person, word, day] = rest;
      if (rest.length <= 1) return { section, person };
      return rest.length === 3 && word === "day" && /^\d{1,6}$/.test(day!)
        ? { section, person, day: Number(day) }
        : undefined;
    }
    case "change":
      return rest.length <= 1 ? { section, flow: rest[0], person } : undefined;
    default:
      return undefined;
  }
}

/** The address of a route, with its `#`. */
export function hrefOf(route: Route): string {
  switch (route.section) {
    case "flows":
      return joined("flows", route.flow, ...(route.step === undefined ? [] : ["steps", route.step]));
    case "messages":
      return joined("messages", route.flow, route.step) + personQuery(route);
    case "people":
      return joined("people", route.person, ...(route.day === undefined ? [] : ["day", String(route.day)]));
    case "change":
      return joined("change", route.flow) + personQuery(route);
  }
}

const joined = (...parts: (string | undefined)[]): string =>
  `#/${parts
    .filter((part) => part !== undefined)
    .map(encoded)
    .join("/")}`;

const personQuery = ({ person }: { person?: string }): string =>
  person === undefined ? "" : `?person=${encoded(person)}`;

/** Half of a surrogate pair, which a hostile name may have, is no text that an address can hold. */
const encoded = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"));

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
