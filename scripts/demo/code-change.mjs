// The change in code that the demo makes: one step more, in the copy of the program.
import { readFileSync, writeFileSync } from "node:fs";

const CONTEXT_LINES = 1;

/** The step that is inserted, and where: before `tips`, by the text in the example that leads there. */
export const INSERTED = { id: "office_hours", next: "tips" };
const ANCHOR = `next: "${INSERTED.next}" },`;
const REPLACEMENT = `next: "${INSERTED.id}" },
    ${INSERTED.id}: { type: "wait_until_time_window", name: "Office hours", config: { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berlin" }, next: "${INSERTED.next}" },`;

/** Replaces the one place where the anchor stands; returns the change as lines with - and +. */
export function insertStep(file) {
  const before = readFileSync(file, "utf8");
  const places = before.split(ANCHOR).length - 1;
  if (places !== 1) throw new Error(`The demo's code change does not fit ${file}: \`${ANCHOR}\` stands there ${places} times, and not once.`);
  const after = before.replace(ANCHOR, () => REPLACEMENT);
  writeFileSync(file, after);
  return changedLines(before, after);
}

/** Of two texts that differ in one place: that place, with the lines around it. */
export function changedLines(before, after, context = CONTEXT_LINES) {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let tail = 0;
  while (tail < old.length - start && tail < fresh.length - start && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const marked = (mark, lines) => lines.map((line) => `${mark} ${line}`);
  return [
    ...marked(" ", old.slice(Math.max(0, start - context), start)),
    ...marked("-", old.slice(start, old.length - tail)),
    ...marked("+", fresh.slice(start, fresh.length - tail)),
    ...marked(" ", old.slice(old.length - tail, old.length - tail + context)),
  ];
}
