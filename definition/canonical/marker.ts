// The marker (design L5): the last line of a flow's description says who manages it. It is for people and for finding what an interrupted run left
// behind; the canonical form does not contain it.
import { createHash } from "node:crypto";

/** Who a flow belongs to. */
export interface Owner {
  project: string;
  stack: string;
  /** Logical name of the resource. */
  name: string;
  /** The resource's URN: unlike its name, it is unique in a stack. */
  urn: string;
}

const short = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** What all markers of one stack have in common, and no other text: the word to search for. */
export const stackToken = ({ project, stack }: Pick<Owner, "project" | "stack">): string =>
  short(`${project}\n${stack}`);
const ownToken = (owner: Owner): string => short(owner.urn);

const START = "Managed in code by pulumi-hogflow: ";
const END = ". Edit in Git; edits here are reported as drift. ";
/** Sentences that markers in PostHog may end with: ours, and those of earlier versions. A marker with an older one is as good; no write is made for it. */
const ENDS = [END, ". Changes made here are undone. "];
const TOKENS = String.raw`\[hogflow ([0-9a-f]{12}) ([0-9a-f]{12})\]`;
const literal = (text: string): string => text.replace(/[.]/g, "\\$&");

/**
 * A marker with the blanks behind it. Its sentence counts as part of it only as we write it or once wrote it: what somebody typed into it, before it or
 * behind it is their text, which must be seen.
 */
const MARKER = new RegExp(
  String.raw`(?:${literal(START)}([^\n]{0,2000}?)(?:${ENDS.map(literal).join("|")}))?${TOKENS}[^\S\n]*(\n|$)?`,
  "g",
);

/** What would break the marker's line or turn its text around, and what would be taken for its end. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]|\[(?=hogflow )/gu;
const escaped = (character: string): string =>
  character === "[" ? "(" : character === "\n" ? "\\n" : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
const LONGEST = 200;

/** The name as the marker has it: on one line, as a program would write it between quotes. The hash tells names apart, so a long one may be cut. */
function shownName(name: string): string {
  const characters = [...name];
  return (characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : name).replace(UNFIT, escaped);
}

export const markOf = (owner: Owner): string =>
  `${START}${owner.project}/${owner.stack}/${shownName(owner.name)}${END}[hogflow ${stackToken(owner)} ${ownToken(owner)}]`;

/** The description as it is sent. */
export function marked(description: string, owner: Owner | undefined): string {
  if (!owner) return description;
  return description === "" ? markOf(owner) : `${description}\n\n${markOf(owner)}`;
}

/** The description without its marker, and without one that came along in a copied text. */
export function unmarked(description: string): string {
  let out = "";
  let at = 0;
  for (const { 0: marker, 4: end, index } of description.matchAll(MARKER)) {
    let until = index;
    while (until > at && description[until - 1] === "\n") until -= 1;
    // Text behind the marker gets the line to itself.
    out += description.slice(at, until) + (end ?? (until < index ? "\n" : ""));
    at = index + marker.length;
  }
  return at === 0 ? description : (out + description.slice(at)).trim();
}

/** What a marker says. */
export interface Marker {
  /** Token of the stack. */
  stack: string;
  /** Token of the resource. */
  own: string;
  /** `<project>/<stack>/<name>`, where the sentence is one of ours. It is for people: the tokens decide. */
  says?: string;
}

/** The marker that decides who owns a flow: the last one. Those above it came along in copied texts. */
export function markerOf(description: unknown): Marker | undefined {
  if (typeof description !== "string" || !description.includes("[hogflow ")) return undefined;
  const [, says, stack, own] = [...description.matchAll(MARKER)].at(-1) ?? [];
  return stack === undefined || own === undefined ? undefined : { stack, own, ...(says === undefined ? {} : { says }) };
}

/** Both tokens, as a state keeps them: they stay what they are when names in it are rewritten. */
export const tokensOf = (marker: Pick<Marker, "stack" | "own"> | undefined): string | undefined =>
  marker && `${marker.stack} ${marker.own}`;
export const tokensOfOwner = (owner: Owner): string => `${stackToken(owner)} ${ownToken(owner)}`;

/** Whether two descriptions have the same text and the same marker. The sentence of the marker is no difference. */
export const isSameDescription = (a = "", b = ""): boolean =>
  unmarked(a) === unmarked(b) && tokensOf(markerOf(a)) === tokensOf(markerOf(b));

/** Whether the marker of this text is the owner's. */
export const isMarkedBy = (description: unknown, owner: Owner): boolean =>
  tokensOf(markerOf(description)) === tokensOfOwner(owner);

/** The name of the resource in a marker of the owner's stack, or nothing. */
export function resourceIn(description: unknown, owner: Owner): string | undefined {
  const start = `${owner.project}/${owner.stack}/`;
  const marker = markerOf(description);
  return marker?.stack === stackToken(owner) && marker.says?.startsWith(start)
    ? marker.says.slice(start.length)
    : undefined;
}

/** Stack, project, type and name. A name may hold anything. */
const URN = /^urn:pulumi:((?:(?!::).)+)::((?:(?!::).)+)::(?:(?!::).)+::(.+)$/s;

/** The owner behind the text input, which is its URN. */
export function parseOwner(text: unknown): Owner | undefined {
  const [urn, stack, project, name] = (typeof text === "string" && URN.exec(text)) || [];
  return urn === undefined || stack === undefined || project === undefined || name === undefined
    ? undefined
    : { project, stack, name, urn };
}

/** The owner's text as states of earlier versions had it, a JSON list that ends with the URN, and as it is now. */
export function currentOwnerText(text: string): string {
  if (!text.startsWith("[")) return text;
  try {
    const urn: unknown = (JSON.parse(text) as unknown[]).at(-1);
    return typeof urn === "string" && parseOwner(urn) ? urn : text;
  } catch {
    return text;
  }
}
