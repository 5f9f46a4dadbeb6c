// The data of a page as it is packed: what e-mails have in common is kept once.
import type { Link, MessageContent, ShowData } from "./data";

/** `html`, `text` and `links` of a content are numbers of `pieces` and `links`. */
export interface Packed extends Omit<ShowData, "contents"> {
  contents: (Omit<MessageContent, "html" | "text" | "links"> & { html?: Runs; text?: Runs; links: Runs })[];
  pieces: string[];
  links: Link[];
}

/** Pairs of a number and how many follow each other from it on. */
export type Runs = number[];
