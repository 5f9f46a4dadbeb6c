// The page about policies has every rule with what it demands, and every setting with its default and meaning, as the table has them.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import type { PolicyRule } from "../../policy/rule";
import { POLICY_RULES } from "../../policy/rules";
import { EXCEPT, UNSTATED, type SettingTable } from "../../policy/settings";

const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/policy.md"), "utf8");
const COMMON: SettingTable = { ...UNSTATED, ...EXCEPT };

const rowsOf = (table: SettingTable): string[] =>
  Object.entries(table).map(
    ([key, { schema }]) => `| \`${key}\` | \`${JSON.stringify(schema.default)}\` | ${schema.description} |`,
  );
const tableIn = (section: string): string[] => section.split("\n").filter((line) => line.startsWith("| `"));

const start = page.indexOf("## The policies\n");
const [common = "", ...sections] = page.slice(start, page.indexOf("\n## ", start + 1)).split(/^### /m);

it("has the settings that policies share", () => {
  expect(tableIn(common)).toEqual(rowsOf(COMMON));
});

it("has a section for each rule, in their order", () => {
  expect(sections.map((section) => section.split("\n")[0])).toEqual(Object.keys(POLICY_RULES));
});

it.each(Object.entries(POLICY_RULES) as [string, PolicyRule][])("has %s as it is", (name, { text, settings }) => {
  const section = sections.find((one) => one.startsWith(`${name}\n`))!;
  expect(section).toContain(`\n\n${text} `);
  const own = Object.entries(settings).filter(([key]) => !Object.hasOwn(COMMON, key));
  expect(tableIn(section)).toEqual(rowsOf(Object.fromEntries(own)));
});
