// The change in code that the demo makes: one step more, in the copy of the program, and its import.
import { readFileSync, writeFileSync } from "node:fs";

const CONTEXT_LINES = 1;

/** The step that is inserted, and before which one. */
export const INSERTED = { id: "office_hours", next: "tips" };

/** The places that change, each by its text in the example. */
const EDITS = [
  { anchor: "on, person }", replacement: "on, person, timeWindow }" },
  {
    anchor: `    email("${INSERTED.next}", {`,
    replacement: `    timeWindow("${INSERTED.id}", { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berlin" }),
    email("${INSERTED.next}", {`,
  },
];

/** Another subject, for the page of `--show`. */
const SUBJECT_EDITS = [{ anchor: 'subject: "Three tips"', replacement: 'subject: "Three tips to begin with"' }];

/** Inserts the step; returns the changes as lines with - and +. */
export const insertStep = (file) => change(file, EDITS);

/** Changes the subject; returns the change as lines with - and +. */
export const changeSubject = (file) => change(file, SUBJECT_EDITS);

/** Replaces each anchor where it stands. */
function change(file, edits) {
  let text = readFileSync(file, "utf8");
  const lines = [];
  for (const { anchor, replacement } of edits) {
    const places = text.split(anchor).length - 1;
    if (places !== 1)
      throw new Error(
        `The demo's code change does not fit ${file}: \`${anchor.trim()}\` stands there ${places} times, and not once.`,
      );
    const after = text.replace(anchor, () => replacement);
    lines.push(...changedLines(text, after));
    text = after;
  }
  writeFileSync(file, text);
  return lines;
}

/** Of two texts that differ in one place: that place, with the lines around it. */
export function changedLines(before, after, context = CONTEXT_LINES) {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let tail = 0;
  while (tail < old.length - start && tail < fresh.length - start && old.at(-1 - tail) === fresh.at(-1 - tail))
    tail += 1;
  const marked = (mark, lines) => lines.map((line) => `${mark} ${line}`);
  return [
    ...marked(" ", old.slice(Math.max(0, start - context), start)),
    ...marked("-", old.slice(start, old.length - tail)),
    ...marked("+", fresh.slice(start, fresh.length - tail)),
    ...marked(" ", old.slice(old.length - tail, old.length - tail + context)),
  ];
}
