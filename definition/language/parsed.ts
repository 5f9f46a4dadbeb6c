// What reading a Liquid or Hog text yields: what it refers to, what it calls, and what is wrong with it.

/** Where something is in a text. */
export interface TextLocation {
  /** Characters before it, in the text as it was given. */
  offset: number;
  /** Line, the first is 1. */
  line: number;
}

/** Something that the text reads, such as `person.properties.plan`: root `person`, path `["properties", "plan"]`. */
export interface Reference extends TextLocation {
  root: string;
  /** Keys after the root, as far as they are written out. */
  path: string[];
}

/** A function, filter or tag that the text uses. */
export interface Use extends TextLocation {
  name: string;
  /** Functions only: how many arguments it is given. */
  arguments?: number;
}

/** What kind of mistake it is, for whoever words or silences it. */
export type LanguageFindingKind =
  | "syntax"
  /** Correct, but not for the language that this text is in. */
  | "otherLanguage"
  | "unknownFilter"
  | "unknownTag"
  | "unknownFunction"
  | "argumentCount"
  | "tooLong"
  /** Valid perhaps, but beyond what is read here; nothing further is known about the text. */
  | "notRead";

/** A finding about a text, without the path of the text. */
export interface LanguageFinding extends TextLocation {
  kind: LanguageFindingKind;
  severity: "error" | "warning";
  what: string;
  why?: string;
  fix?: string;
}

/** Common to all languages. */
export interface Parsed {
  references: readonly Reference[];
  findings: readonly LanguageFinding[];
}

/** The line of an offset; the starts of lines are found once per text. */
export function lineFinder(text: string): (offset: number) => number {
  let starts: number[] | undefined;
  return (offset) => {
    if (!starts) {
      starts = [0];
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    }
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
