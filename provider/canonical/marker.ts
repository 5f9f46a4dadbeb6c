// The owner's mark (design L5): the last line of a flow's description says who manages it. It is for people, for finding what an interrupted
// run left behind, and no part of the canonical form.
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

/** What all marks of one stack have in common, and no other text: the word to search for. */
export const stackToken = (owner: Owner): string => short(`${owner.project}\n${owner.stack}`);
const ownToken = (owner: Owner): string => short(owner.urn);

/** Wherever it stands: somebody may have written below it. */
const LINES = /(?:^|\n+)[^\n]*\[hogflow ([0-9a-f]{12}) ([0-9a-f]{12})\][^\n]*/g;

export const markOf = (owner: Owner): string =>
  `Managed in code by pulumi-hogflow: ${owner.project}/${owner.stack}/${owner.name}. Changes made here are undone. [hogflow ${stackToken(owner)} ${ownToken(owner)}]`;

/** The description as it is sent. */
export function marked(description: string, owner: Owner | undefined): string {
  if (!owner) return description;
  return description === "" ? markOf(owner) : `${description}\n\n${markOf(owner)}`;
}

/** The description without its mark, and without one that came along in a copied text. */
export function unmarked(description: string): string {
  const text = description.replace(LINES, "");
  return text === description ? description : text.trim();
}

/** Whether this text carries the owner's mark. */
export function isMarkedBy(description: unknown, owner: Owner): boolean {
  return typeof description === "string" && [...description.matchAll(LINES)].some(([, stack, own]) => stack === stackToken(owner) && own === ownToken(owner));
}

/** The name of the resource in a mark of the owner's stack, or nothing. */
export function resourceIn(description: unknown, owner: Owner): string | undefined {
  const start = `Managed in code by pulumi-hogflow: ${owner.project}/${owner.stack}/`;
  const line = typeof description === "string" ? [...description.matchAll(LINES)].find(([, stack]) => stack === stackToken(owner))?.[0].trim() : undefined;
  return line?.startsWith(start) ? line.slice(start.length, line.indexOf(". Changes made here are undone.")) : undefined;
}

/** Stack, project, type and name. A name may hold anything. */
const URN = /^urn:pulumi:((?:(?!::).)+)::((?:(?!::).)+)::(?:(?!::).)+::(.+)$/s;

/** The owner behind the text input, which is its URN. */
export function parseOwner(text: unknown): Owner | undefined {
  const [urn, stack, project, name] = (typeof text === "string" && URN.exec(text)) || [];
  return urn === undefined || stack === undefined || project === undefined || name === undefined ? undefined : { project, stack, name, urn };
}

/** The owner's text as states of earlier versions had it, a JSON list that ends with the URN, and as it is now. */
export function currentOwnerText(text: unknown): unknown {
  if (typeof text !== "string" || !text.startsWith("[")) return text;
  try {
    const urn: unknown = (JSON.parse(text) as unknown[]).at(-1);
    return parseOwner(urn) ? urn : text;
  } catch {
    return text;
  }
}
