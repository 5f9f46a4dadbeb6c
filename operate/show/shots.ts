// Which pictures `hogflow show --shots` makes, and what their files are called. Names depend on flow, step and person alone, so that the picture of a
// message has the same name in every run.
import type { Mark, ShowData, Side } from "../../show/data";
import { pairsOf } from "../../show/pairs";

/** A picture of a message. */
export interface Shot {
  /** Its file in the folder: `onboarding-welcome-ada.png`, `onboarding-welcome-ada-before.png`. */
  file: string;
  side: Side;
  /** Name of the flow. */
  flow: string;
  /** Id and title of the step. */
  step: string;
  title: string;
  /** Name of the person. */
  person: string;
  /** Whom it goes to. */
  to: string;
  /** Index in the page's `contents`. */
  content: number;
  /** What a change does to the message. Absent: nothing is compared. */
  mark?: Mark;
}

/** The list of the pictures, in their folder. */
export const SHOTS_FILE = "shots.json";

/** Of a name in a file's name, in bytes: file systems take 255 for all. */
const MOST_BYTES = 60;

/**
 * One picture of each message and of each text that a step has for somebody, by the first person who gets it. With a change, only what the change
 * adds, removes or words differently, each side by itself.
 */
export function shotsOf({ change, contents, deliveries, people }: ShowData): Shot[] {
  const seen = new Set<string>();
  const taken = new Set<string>();
  return pairsOf(deliveries).flatMap((sides) => {
    const { before, after } = sides;
    const any = (after ?? before)!;
    if (contents[any.content]?.channel === "request") return [];
    const wanted = change === undefined ? after !== undefined : before?.content !== after?.content;
    const texts = JSON.stringify([any.flow, any.step, before?.content, after?.content]);
    if (!wanted || seen.has(texts)) return [];
    seen.add(texts);
    const person = people[any.person]?.name ?? "";
    const name = unused([any.flow, any.step, person].map(fileName).join("-"), taken);
    const mark = before === undefined ? "added" : after === undefined ? "removed" : "changed";
    return [before, after].flatMap((delivery) => {
      if (delivery === undefined || (change === undefined && delivery.side === "before")) return [];
      const { side, flow, step, title, to, content } = delivery;
      const file = `${name}${side === "before" ? "-before" : ""}.png`;
      return [{ file, side, flow, step, title, person, to, content, ...(change === undefined ? {} : { mark }) }];
    });
  });
}

/** What every file system and every address takes: letters, digits, hyphens and underscores. */
function fileName(name: string): string {
  const plain = name.normalize("NFC").replace(/[^\p{L}\p{N}_]+/gu, "-");
  let short = plain;
  while (Buffer.byteLength(short) > MOST_BYTES) short = [...short].slice(0, -1).join("");
  return short.replace(/^-+|-+$/g, "").toLowerCase() || "x";
}

function unused(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  taken.add(free);
  // What is the picture before of one must not be the picture of another.
  taken.add(`${free}-before`);
  return free;
}
