// The parts of a finding as sentences.
import type { Finding } from "../../rules/finding";
import { oneLine } from "../../definition/plain-text";

/** What, why and how to fix it, in one line. */
export const partsText = ({ what, why, fix }: Finding): string =>
  oneLine(
    [what, why, fix]
      .filter((part) => part !== undefined && part !== "")
      .map((part) => sentence(part!))
      .join(" "),
  );

export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
