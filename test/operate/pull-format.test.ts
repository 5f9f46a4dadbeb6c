// How pulled programs are laid out: as prettier would in 140 columns, and in a project that uses prettier, by that one.
import { readFileSync } from "node:fs";
import path from "node:path";
import * as prettier from "prettier";
import { describe, expect, it } from "vitest";
import { CODE_WIDTH } from "../../operate/code-layout";
import { formatPulled, pulledFlow, writePulled, type PulledFlow } from "../../operate/pull";
import { encode } from "../../definition/canonical/encode";
import { expectFaithful } from "../support/pulled";
import { projectWith } from "../support/prettier-project";
import { randomComposition } from "../support/random-composition";
import { randomFlow } from "../support/random-flow";
import { REFERENCE_FLOWS } from "../support/reference-flows";

type Json = Record<string, any>;
const live = (json: object, id = "01985b7c-0000-7000-8000-000000000001"): any => ({
  id,
  status: "draft",
  schedules: [
    {
      id: "s",
      rrule: "FREQ=DAILY",
      starts_at: "2099-01-05T09:00:00Z",
      timezone: "UTC",
      status: "active",
      variables: {},
    },
  ],
  ...json,
});

describe("the layout of this package", () => {
  const forms: Record<string, Record<string, Json>> = JSON.parse(
    readFileSync(path.resolve(import.meta.dirname, "../fixtures/examples/keyed-forms.json"), "utf8"),
  );
  const flows: [string, object][] = [
    ...Object.entries(REFERENCE_FLOWS).map(([name, { flow }]): [string, object] => [name, flow]),
    ...Object.values(forms).flatMap((made) =>
      Object.entries(made).map(([name, { editorOwns: _, ...form }]): [string, object] => [name, encode(form)]),
    ),
    ...Array.from({ length: 60 }, (_, i): [string, object] => [
      `random ${i}`,
      i % 2 === 0 ? randomComposition(i + 1) : randomFlow(i + 1),
    ]),
    ["long texts and quotes", longTexts()],
  ];

  it("is what prettier makes of it in lines of that width", async () => {
    for (const [name, json] of flows) {
      const { text } = pulledFlow(live(json)).files[0]!;
      expect(await prettier.format(text, { parser: "typescript", printWidth: CODE_WIDTH }), name).toBe(text);
    }
  });
});

/** What makes prettier break lines in other ways than one member a line. */
function longTexts(): object {
  const words = "many words ".repeat(14).trim();
  const steps = [
    {
      id: "trigger_node",
      type: "trigger",
      name: words,
      config: {
        type: "event",
        filters: {
          events: [{ id: words, name: words, type: "events", order: 0 }],
          properties: [
            {
              key: "plan",
              type: "person",
              operator: "exact",
              value: Array.from({ length: 12 }, (_, i) => `a rather long plan ${i}`),
            },
          ],
        },
      },
    },
    {
      id: "call",
      type: "function",
      name: 'She said "hello", and it\'s "fine"',
      config: {
        template_id: "template-webhook",
        inputs: {
          url: { value: `https://example.com/${"x".repeat(130)}` },
          body: {
            value: {
              numbers: Array.from({ length: 80 }, (_, i) => i * 1000),
              rows: [
                { a: 1, b: 2 },
                { a: 3, b: 4 },
              ],
              pairs: [
                [1, 2],
                [3, 4],
              ],
              one: [{ a: 1, b: 2 }],
              url: words,
              note: words,
              empty: {},
              none: [],
            },
          },
        },
      },
    },
    { id: "exit_node", type: "exit", name: "Exit", config: {} },
  ];
  return {
    name: "Long",
    actions: steps,
    edges: [
      { from: "trigger_node", to: "call", type: "continue" },
      { from: "call", to: "exit_node", type: "continue" },
    ],
  };
}

describe("a project that uses prettier", () => {
  const body = `<p>\n\t"kept"   as it is  \n${"x".repeat(100)}</p>\n\n`;
  const flow = live({
    name: "Größe",
    description: "Longer than the eighty characters that prettier has by itself, and shorter than a hundred and forty",
    actions: [
      {
        id: "trigger_node",
        type: "trigger",
        name: "Event",
        config: {
          type: "event",
          filters: { events: [{ id: "signed up", name: "signed up", type: "events", order: 0 }] },
        },
      },
      {
        id: "hello",
        type: "function_email",
        name: "Hello",
        config: {
          template_id: "template-email",
          inputs: {
            email: {
              templating: "liquid",
              value: {
                from: { integrationId: 7 },
                to: { email: "{{ person.properties.email }}" },
                subject: 'It\'s "you"',
                html: body,
                text: "One\n  two `x` ${y}\n",
              },
            },
          },
        },
      },
      { id: "exit_node", type: "exit", name: "Exit", config: {} },
    ],
    edges: [
      { from: "trigger_node", to: "hello", type: "continue" },
      { from: "hello", to: "exit_node", type: "continue" },
    ],
  });
  const own = pulledFlow(flow);
  const inProject = async (files: Record<string, string>, options?: { installed: boolean }) => {
    const dir = projectWith(files, options);
    const {
      flows: [formatted],
      formatter,
      note,
    } = await formatPulled([own], { cwd: dir });
    return { dir, formatted: formatted!, formatter, note, text: formatted!.files[0]!.text };
  };
  const NAMED = { "package.json": '{ "devDependencies": { "prettier": "*" } }' };

  it.each<[string, Record<string, string>, RegExp]>([
    ["a configuration", { ".prettierrc": "semi: false\nsingleQuote: true\ntabWidth: 4\n" }, /^ {8}adopt: '0198/m],
    [
      "a configuration in code, for some files",
      {
        "prettier.config.cjs": 'module.exports = { overrides: [{ files: "flows/*.ts", options: { useTabs: true } }] };',
      },
      /^\t\tadopt: "0198/m,
    ],
    [
      "an .editorconfig",
      { ...NAMED, ".editorconfig": "root = true\n[*.ts]\nindent_style = space\nindent_size = 3\n" },
      /^ {6}adopt: "0198/m,
    ],
    ["its name in package.json alone", NAMED, /^ {4}adopt: "0198/m],
    ["a configuration above", { ...NAMED, "flows/.prettierrc.json": '{ "tabWidth": 5 }' }, /^ {10}adopt: "0198/m],
  ])("gets programs in its format: %s", async (_, files, sign) => {
    const { dir, formatted, formatter, note, text } = await inProject(files);
    expect(formatter).toBe(`prettier ${prettier.version}`);
    expect(note).toBeUndefined();
    expect(text).toMatch(sign);
    expect(text).not.toBe(own.files[0]!.text);
    // Nothing is left to do for the project's own check.
    expect(
      await prettier.check(text, {
        ...(await prettier.resolveConfig(path.join(dir, formatted.files[0]!.path), { editorconfig: true })),
        filepath: path.join(dir, formatted.files[0]!.path),
      }),
    ).toBe(true);
    expectFaithful(flow, formatted);
    expect(formatted.files.slice(1)).toEqual([{ path: "flows/mails/grosse/hello.html", text: body }]);
    // Twice is once.
    await writePulled([formatted], { cwd: dir });
    expect(readFileSync(path.join(dir, "flows/mails/grosse/hello.html"), "utf8")).toBe(body);
    const again = await formatPulled([own], { cwd: dir });
    expect(await writePulled(again.flows, { cwd: dir })).toMatchObject({ written: [] });
  });

  const untouched = (formatted: PulledFlow): void => expect(formatted).toEqual(own);

  it.each<[string, Record<string, string>, { installed: boolean }]>([
    ["has no prettier", { ".prettierrc": "tabWidth: 4\n" }, { installed: false }],
    ["has prettier only because another package brought it along", { "package.json": "{}" }, { installed: true }],
  ])("keeps the layout of this package where it %s", async (_, files, options) => {
    const { formatted, formatter, note } = await inProject(files, options);
    untouched(formatted);
    expect([formatter, note]).toEqual([undefined, undefined]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["cannot be read", { ".prettierrc.json": '{ "tabWidth": ' }, /\.prettierrc\.json/],
    [
      "names what is not there",
      { ".prettierrc.json": '{ "plugins": ["prettier-plugin-of-nobody"] }' },
      /prettier-plugin-of-nobody/,
    ],
    ["throws", { "prettier.config.cjs": 'throw new Error("not today");' }, /not today/],
    ["is in a broken package.json", { "package.json": "{" }, /package\.json|JSON/],
  ])("loses nothing by a configuration that %s", async (_, files, word) => {
    const { formatted, formatter, note } = await inProject(files);
    untouched(formatted);
    expect(formatter).toBeUndefined();
    expect(note).toMatch(/^The project's prettier could not be used, so the programs have the layout of hogflow: /);
    expect(note).toMatch(word);
  });
});
