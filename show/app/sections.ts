// The sections of a page, in the order of their tabs.
import type { ShowData } from "../data";
import { messagesOf } from "./message-list";
import type { Route } from "./routes";

export interface Section {
  section: Route["section"];
  title: string;
  /** The key that opens it, after `g`. */
  key: string;
  count: number;
}

/** Change is there only when something is compared. */
export function sectionsOf(data: ShowData): Section[] {
  const sections: Section[] = [
    { section: "flows", title: "Flows", key: "f", count: data.flows.length },
    { section: "messages", title: "Messages", key: "m", count: messagesOf(data).length },
    { section: "people", title: "People", key: "p", count: data.people.length },
  ];
  if (data.change !== undefined) {
    const changed = data.flows.filter(({ fate }) => fate !== "same").length;
    sections.push({ section: "change", title: "Change", key: "c", count: changed });
  }
  return sections;
}
