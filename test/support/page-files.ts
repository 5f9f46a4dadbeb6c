// Pages of `hogflow show` as files that a browser opens: from any data, with the script that the build made.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import type * as pages from "../../operate/show/page-html";
import type { MessageContent, ShowData } from "../../show/data";

/** Writes pages into a folder that is there as long as the tests of the file. */
export function usePageFiles(): (data: ShowData) => string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-page-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const { pageHtml } = createRequire(__filename)("../../dist/operate/show/page-html.js") as typeof pages;
  let number = 0;
  return (data) => {
    const file = path.join(folder, `page-${++number}.html`);
    writeFileSync(file, pageHtml(data));
    return file;
  };
}

/** A page with one flow of one step, `mail`, which sends these to people of those names; with `before`, what the same people got before a change. */
export function pageOf(
  after: Readonly<Record<string, MessageContent>>,
  before?: Readonly<Record<string, MessageContent>>,
): ShowData {
  const people = Object.keys({ ...before, ...after });
  const sides = [
    { side: "before" as const, contents: before ?? {} },
    { side: "after" as const, contents: after },
  ];
  const deliveries = sides.flatMap(({ side, contents }) =>
    Object.entries(contents).map(([name, content]) => ({ side, name, content })),
  );
  const version = {
    trigger: "an event",
    schedules: [],
    steps: [{ id: "mail", title: "The mail", kind: "e-mail", sends: true }],
    drawing: { width: 0, height: 0, nodes: [], edges: [] },
    findings: [],
  };
  return {
    title: "acme/prod",
    madeAt: "2026-12-07T09:00:00.000Z",
    version: "1.0.0",
    ...(before === undefined ? {} : { change: { before: "main", after: "your program" } }),
    hasDrift: false,
    flows: [
      {
        name: "flow",
        title: "A flow",
        fate: before === undefined ? "same" : "changed",
        ...(before === undefined ? {} : { before: version }),
        after: version,
        changes: [],
      },
    ],
    people: people.map((name) => ({ name, origin: "kept", properties: [] })),
    contents: deliveries.map(({ content }) => content),
    deliveries: deliveries.map(({ side, name }, index) => ({
      side,
      person: people.indexOf(name),
      flow: "flow",
      step: "mail",
      title: "The mail",
      content: index,
      run: 0,
      to: `${name}@example.com`,
      at: "2026-12-07T09:00:00.000Z",
      day: 0,
    })),
    runs: [],
    collisions: [],
    notes: [],
  };
}

/** An e-mail with that HTML, and what else is to be said. */
export const htmlMail = (html: string, more: Partial<MessageContent> = {}): MessageContent => ({
  channel: "email",
  from: "Acme <hello@acme.example>",
  subject: "Hello",
  html,
  links: [],
  gaps: [],
  ...more,
});
