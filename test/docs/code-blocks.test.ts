// Every ```ts block of README.md and docs/*.md compiles against the sources, and the flows in them are ones that preview has nothing against.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as sdk from "../../sdk";
import { declaredIn, errorsIn, ROOT } from "../support/compile-modules";

const PAGES = ["README.md", ...readdirSync(path.join(ROOT, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`)];
/** Made from docstrings, whose examples docstrings.test.ts compiles where they stand. */
const REFERENCE = /^docs\/reference/;

/** What blocks without an import of their own may use, besides everything that the package exports. The guide says so in its first lines. */
const PRELUDE = `
import * as pulumi from "@pulumi/pulumi";
import { liquid, type HogFlow } from "pulumi-hogflow";
export * from "pulumi-hogflow";
export { pulumi };
export const config = new pulumi.Config();
export const team = { integrationId: 7, name: "Example" };
export const footer = liquid\`<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>\`;
export const isProduction: boolean = config.getBoolean("production") ?? false;
export declare const digest: HogFlow;
`;
const GIVEN = ["pulumi", "config", "team", "footer", "isProduction", "digest"];

interface Block {
  /** Page and line. */
  place: string;
  page: string;
  text: string;
}

const all: Block[] = PAGES.flatMap((page) => {
  const text = readFileSync(path.join(ROOT, page), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({ page, text: match[1]!, place: `${page}:${text.slice(0, match.index).split("\n").length + 1}` }));
});
const augments = ({ text }: Block): boolean => /^declare module/m.test(text);
const blocks = all.filter((block) => !REFERENCE.test(block.page) || augments(block));
const isWhole = ({ text }: Block): boolean => /^import /m.test(text);

/** The block as a module: a whole program as it is, a fragment behind an import of the names that it does not declare itself. */
function moduleOf(block: Block): string {
  if (isWhole(block)) return block.text;
  const declared = declaredIn(block.text);
  const names = [...Object.keys(sdk), ...GIVEN].filter((name) => !declared.has(name));
  return `import { ${names.join(", ")}, type Step, type Secret, type DestinationText } from "./prelude"; ${block.text}\nexport {};`;
}

const fileOf = (place: string): string => path.join(ROOT, "test/docs", `${place.replace(/\W/g, "-")}.ts`);

const compile = (modules: ReadonlyMap<string, string>): string[] => errorsIn(new Map([...modules, [path.join(ROOT, "test/docs/prelude.ts"), PRELUDE]]));

/** What preview would say about the flows that a block makes. Files of texts are taken for there. */
function findingsOf(block: Block): string[] {
  const found: string[] = [];
  const schedules = new Set<unknown>();
  const flows: { name: string; args: sdk.HogFlowArgs; flow: unknown }[] = [];
  class HogFlow {
    webhookUrl = pulumi.output("https://webhooks.us.posthog.com/public/webhooks/x");
    status = pulumi.output("draft");
    constructor(name: string, args: sdk.HogFlowArgs) {
      flows.push({ name, args, flow: this });
    }
  }
  class HogFlowSchedule {
    constructor(_name: string, { flow }: sdk.HogFlowScheduleArgs) {
      schedules.add(flow);
    }
  }
  const digest = {};
  const pulumiNames = { ...pulumi, Config: class { requireSecret = (key: string): pulumi.Output<string> => pulumi.secret(key); require = (key: string): string => key; get = (): undefined => undefined; getNumber = (): undefined => undefined; getBoolean = (): undefined => undefined; requireNumber = (): number => 7; } };
  const names: Record<string, unknown> = {
    "@pulumi/pulumi": pulumiNames,
    "pulumi-hogflow": { ...sdk, file: (name: string) => sdk.liquid`<p>${name}</p><a href="{{ unsubscribe_url }}">Unsubscribe</a>`, HogFlow, HogFlowSchedule },
    // The program alone: what the page does with its flows is tested with the page.
    "pulumi-hogflow/testing": { flowsOf: (program: () => unknown) => (program(), new Promise(() => undefined)) },
  };
  names["./prelude"] = { ...(names["pulumi-hogflow"] as object), pulumi: pulumiNames, config: new pulumiNames.Config(), team: { integrationId: 7 }, footer: sdk.liquid`<a href="{{ unsubscribe_url }}">Unsubscribe</a>`, isProduction: true, digest };
  const require = createRequire(import.meta.url);
  const { outputText } = ts.transpileModule(moduleOf(block), { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true } });
  new Function("require", "exports", outputText)((name: string) => names[name] ?? require(name), {});
  for (const { name, args, flow } of flows) {
    // A schedule may stand in another block.
    for (const { rule, path: at, what } of sdk.validate(args, name)) if (rule !== "trigger-schedule" || schedules.has(flow)) found.push(`${name}: ${at}: ${what} [${rule}]`);
  }
  return found;
}

describe("code in the pages", () => {
  it("is there", () => {
    expect(blocks.filter(({ page }) => page === "README.md").length).toBeGreaterThan(2);
    expect(blocks.filter(({ text }) => text.includes("new HogFlow(")).length).toBeGreaterThan(0);
  });

  it("compiles, all of it in one go", () => {
    expect(compile(new Map(blocks.filter((block) => !augments(block)).map((block) => [fileOf(block.place), moduleOf(block)])))).toEqual([]);
  }, 180_000);

  it.each(blocks.filter(augments).map((block) => [block.place, block] as const))("compiles by itself, because it changes what all others see: %s", (place, block) => {
    expect(compile(new Map([[fileOf(place), moduleOf(block)]]))).toEqual([]);
  }, 180_000);

  it.each(blocks.filter(({ text, page }) => text.includes("new HogFlow(") && !REFERENCE.test(page)).map((block) => [block.place, block] as const))("makes flows that preview has nothing against: %s", (_, block) => {
    expect(findingsOf(block)).toEqual([]);
  });
});
