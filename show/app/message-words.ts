// A message in a few words, where only its subject or the beginning of its text has room.
import type { Delivery, MessageContent, ShowData } from "../data";
import { plainSlack } from "./slack-markup";

const MAX_LENGTH = 90;

/** Whether somebody reads it: a request goes to a machine. */
export const isMessage = (data: ShowData, { content }: Delivery): boolean =>
  data.contents[content]!.channel !== "request";

/** The subject; what has none begins with its text. */
export function messageWords(data: ShowData, { content, title }: Delivery): string {
  return shortened(firstWords(data.contents[content]!) ?? title);
}

function firstWords({ channel, subject, text, request }: MessageContent): string | undefined {
  return [subject, request, channel === "slack" && text !== undefined ? plainSlack(text) : text]
    .map((each) => each?.trim().replace(/\s+/g, " "))
    .find((each) => each);
}

/** Cut between words where there are any; a character is never cut in half. */
export function shortened(text: string, maxLength = MAX_LENGTH): string {
  const characters = [...text.trim()];
  if (characters.length <= maxLength) return text.trim();
  const cut = characters.slice(0, maxLength - 1).join("");
  return `${/\s/.test(cut.slice(maxLength / 2)) ? cut.replace(/\s+\S*$/, "") : cut}…`;
}
