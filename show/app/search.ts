// Searching flows, steps, messages and people by the words in them. The texts of mails are read when somebody first searches, each once.
import type { MessageContent, ShowData } from "../data";
import { messagesOf, type Message } from "./message-list";
import { stepsOf } from "./lookup";
import { shortened } from "./message-words";
import type { Route } from "./routes";

export interface Hit {
  kind: "Flow" | "Step" | "Message" | "Person";
  title: string;
  /** Where it is, or the words around what was found. */
  context: string;
  route: Route;
}

interface Searchable extends Hit {
  /** In lower case: what counts most, and what counts too. */
  name: string;
  words: string;
  /** As it is written. */
  text: string;
}

/** How many hits are shown. */
const MAX_HITS = 24;
/** Characters before and after what was found in a text. */
const AROUND = 30;

const indexes = new WeakMap<ShowData, Searchable[]>();

/** Everything that has each word of the query, best first: names before texts, and of those the ones that begin with the query. */
export function search(data: ShowData, query: string): Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const index = indexes.get(data) ?? makeIndex(data);
  indexes.set(data, index);
  const ranked: { hit: Hit; rank: number }[] = [];
  for (const entry of index) {
    if (!words.every((word) => entry.name.includes(word) || entry.words.includes(word))) continue;
    const inName = words.every((word) => entry.name.includes(word));
    const rank = inName ? (entry.name.startsWith(words[0]!) ? 0 : 1) : 2;
    const { kind, title, context, route } = entry;
    ranked.push({
      hit: { kind, title, context: inName ? context : `${context}: ${around(entry, words)}`, route },
      rank,
    });
  }
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_HITS)
    .map(({ hit }) => hit);
}

/** The part of a text in which the first word that is in it is. */
function around({ words: lower, text }: Searchable, words: readonly string[]): string {
  const word = words.find((each) => lower.includes(each))!;
  const at = lower.indexOf(word);
  const start = Math.max(0, at - AROUND);
  const end = at + word.length + AROUND;
  return `${start > 0 ? "…" : ""}${text.slice(start, end).trim()}${end < text.length ? "…" : ""}`;
}

function makeIndex(data: ShowData): Searchable[] {
  const entries: Searchable[] = [];
  const add = (hit: Hit, name: string, words: string): void => {
    entries.push({ ...hit, name: name.toLowerCase(), words: words.toLowerCase(), text: words });
  };
  for (const flow of data.flows) {
    const version = (flow.after ?? flow.before)!;
    add(
      { kind: "Flow", title: flow.title, context: version.trigger, route: { section: "flows", flow: flow.name } },
      `${flow.title} ${flow.name}`,
      [version.description, version.trigger, version.audience].join(" "),
    );
  }
  for (const person of data.people) {
    add(
      { kind: "Person", title: person.name, context: "", route: { section: "people", person: person.name } },
      person.name,
      person.properties.map(({ value }) => value).join(" "),
    );
  }
  for (const flow of data.flows) {
    for (const step of stepsOf(flow)) {
      add(
        {
          kind: "Step",
          title: step.title,
          context: `${flow.title}, ${step.kind}`,
          route: { section: "flows", flow: flow.name, step: step.id },
        },
        `${step.title} ${step.id}`,
        step.does ?? "",
      );
    }
  }
  for (const message of messagesOf(data)) addMessage(data, message, add);
  return entries;
}

/** A step's message as people get it after the change: one hit, with the words of everybody's. */
function addMessage(
  data: ShowData,
  { flow, step, deliveries, mark }: Message,
  add: (hit: Hit, name: string, words: string) => void,
): void {
  const contents = [...new Set(deliveries.map(({ content }) => content))].map((index) => data.contents[index]!);
  const first = contents[0];
  if (first === undefined) return;
  add(
    {
      kind: "Message",
      title: shortened(first.subject ?? textOf(first)) || step.title,
      context: `${flow.title}, ${step.title}${mark === "removed" ? ", removed" : ""}`,
      route: { section: "messages", flow: flow.name, step: step.id },
    },
    [step.title, step.id, ...contents.map((content) => content.subject ?? "")].join(" "),
    contents.map((content) => `${content.preheader ?? ""} ${content.from ?? ""} ${textOf(content)}`).join(" "),
  );
}

/** The words of a message: of its text part, and of its HTML without tags, styles and scripts. Only searched and shown as text. */
function textOf({ text = "", html = "", request = "" }: MessageContent): string {
  const plain = html.replace(/<(style|script|title)\b[^>]*>[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->|<[^>]*>/gi, " ");
  return `${request} ${plain} ${text}`.replace(/\s+/g, " ").trim();
}
