// Every ```ts block of README.md and docs/*.md compiles against the sources, and the flows in them are ones that preview has nothing
// against and that PostHog's worker can run.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { describe, expect, it, vi } from "vitest";
import { decode } from "../../definition/canonical/decode";
import * as sdk from "../../sdk";
import { convert } from "../../sdk/convert";
import * as policy from "../../policy";
import * as testing from "../../testing";
import { declaredIn, errorsIn, ROOT } from "../support/compile-modules";
import { breaksOf, contractBreaks, recording, wireOf, type Recorded } from "../support/contract";

const PAGES = [
  "README.md",
  ...readdirSync(path.join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
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
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    page,
    text: match[1]!,
    place: `${page}:${text.slice(0, match.index).split("\n").length + 1}`,
  }));
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

const compile = (modules: ReadonlyMap<string, string>): string[] =>
  errorsIn(new Map([...modules, [path.join(ROOT, "test/docs/prelude.ts"), PRELUDE]]));

interface Ran {
  flows: { name: string; args: sdk.HogFlowArgs; flow: unknown }[];
  /** Flows that have a schedule. */
  schedules: Set<unknown>;
  made: Recorded;
}

/** Runs a block, with stand-ins for resources and configuration. Files of texts are taken for there. */
function run(block: Block): Ran {
  const made = recording();
  const ran: Ran = { flows: [], schedules: new Set(), made };
  class HogFlow {
    webhookUrl = pulumi.output("https://webhooks.us.posthog.com/public/webhooks/x");
    status = pulumi.output("draft");
    constructor(name: string, args: sdk.HogFlowArgs) {
      ran.flows.push({ name, args, flow: this });
    }
  }
  class HogFlowSchedule {
    constructor(_name: string, { flow }: sdk.HogFlowScheduleArgs) {
      ran.schedules.add(flow);
    }
  }
  const digest = {};
  const pulumiNames = {
    ...pulumi,
    Config: class {
      requireSecret = (key: string): pulumi.Output<string> => pulumi.secret(key);
      require = (key: string): string => key;
      get = (): undefined => undefined;
      getNumber = (): undefined => undefined;
      getBoolean = (): undefined => undefined;
      requireNumber = (): number => 7;
    },
  };
  const footer = sdk.liquid`<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>`;
  const names: Record<string, unknown> = {
    "@pulumi/pulumi": pulumiNames,
    "pulumi-hogflow": {
      ...made.sdk,
      file: (name: string) => sdk.liquid`<p>${name}</p>${footer}`,
      HogFlow,
      HogFlowSchedule,
    },
    // The program alone: what the page does with its flows is tested with the page.
    "pulumi-hogflow/testing": {
      ...testing,
      flowsOf: (program: () => unknown) => (program(), new Promise(() => undefined)),
    },
    "pulumi-hogflow/testing/vitest": {},
    "pulumi-hogflow/policy": policy,
    // It serves the pack.
    "@pulumi/policy": { PolicyPack: class {} },
    vitest: { expect, describe: (_: string, act: () => void) => act(), it: () => undefined },
  };
  names["./prelude"] = {
    ...(names["pulumi-hogflow"] as object),
    pulumi: pulumiNames,
    config: new pulumiNames.Config(),
    team: { integrationId: 7 },
    footer,
    isProduction: true,
    digest,
  };
  const require = createRequire(import.meta.url);
  const { outputText } = ts.transpileModule(moduleOf(block), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  new Function("require", "exports", outputText)((name: string) => names[name] ?? require(name), {});
  log.mockRestore();
  return ran;
}

/** What preview would say about the flows that a block makes. */
function findingsOf(block: Block): string[] {
  const { flows, schedules } = run(block);
  // A schedule may stand in another block.
  return flows.flatMap(({ name, args, flow }) =>
    sdk
      .validate(args, name)
      .filter(({ rule }) => rule !== "trigger-schedule" || schedules.has(flow))
      .map(({ rule, path: at, what }) => `${name}: ${at}: ${what} [${rule}]`),
  );
}

describe("code in the pages", () => {
  it("is there", () => {
    const on = (name: string): Block[] => blocks.filter(({ page }) => page === name);
    expect(on("README.md").length).toBeGreaterThan(0);
    expect(on("docs/guide.md").length).toBeGreaterThan(19);
    expect(blocks.filter(({ text }) => text.includes("new HogFlow(")).length).toBeGreaterThan(0);
  });

  it("compiles, all of it in one go", () => {
    expect(
      compile(
        new Map(blocks.filter((block) => !augments(block)).map((block) => [fileOf(block.place), moduleOf(block)])),
      ),
    ).toEqual([]);
  }, 180_000);

  it.each(blocks.filter(augments).map((block) => [block.place, block] as const))(
    "compiles by itself, because it changes what all others see: %s",
    (place, block) => {
      expect(compile(new Map([[fileOf(place), moduleOf(block)]]))).toEqual([]);
    },
    180_000,
  );

  it.each(
    blocks
      .filter(({ text, page }) => text.includes("new HogFlow(") && !REFERENCE.test(page))
      .map((block) => [block.place, block] as const),
  )("makes flows that preview has nothing against: %s", (_, block) => {
    expect(findingsOf(block)).toEqual([]);
  });

  it.each(blocks.filter((block) => !augments(block)).map((block) => [block.place, block] as const))(
    "is what PostHog's worker can run: %s",
    (_, block) => {
      const { flows, made } = run(block);
      expect([
        ...breaksOf(made),
        ...flows.flatMap(({ name, args }) =>
          contractBreaks(wireOf(convert(args as object as Record<string, unknown>, name).definition)),
        ),
      ]).toEqual([]);
    },
  );

  it("is run with its steps noted", () => {
    const noted = blocks.filter((block) => !augments(block)).map((block) => run(block).made);
    expect(noted.flatMap(({ steps }) => steps).length).toBeGreaterThan(40);
    expect(noted.flatMap(({ triggers }) => triggers).length).toBeGreaterThan(15);
  });
});

describe("README's first flow", () => {
  // What PostHog's worker made of it, which no code of this package took part in. The case has an HTML body and a sender's name.
  const cases = JSON.parse(readFileSync(path.join(ROOT, "test/simulator/worker-cases/documents.json"), "utf8")) as {
    name: string;
    flow: any;
    cases: { label: string; scenario: testing.Scenario; expected: any }[];
  }[];
  const worker = cases.find(({ name }) => name === "doc-first-flow.mended")!;
  const { args } = run(blocks.find(({ page, text }) => page === "README.md" && text.includes("new HogFlow("))!)
    .flows[0]!;
  const withoutBodies = (wire: any): object => {
    const { name: _, ...flow } = decode(wire) as any;
    for (const step of Object.values<any>(flow.actions)) {
      if (step.type !== "function_email") continue;
      const { value } = step.config.inputs.email;
      expect(value).toMatchObject({ html: expect.any(String), text: expect.stringContaining(" ") });
      Object.assign(value, { html: "", text: "", from: { integrationId: value.from.integrationId } });
    }
    return flow;
  };

  it("is the flow that the worker's logic ran, but for the bodies of its e-mails", () => {
    expect(withoutBodies(wireOf(convert(args as object as Record<string, unknown>, "x").definition))).toEqual(
      withoutBodies(worker.flow),
    );
  });

  it.each(worker.cases.map((one) => [one.label, one] as const))(
    "sends what it sent: %s",
    (_, { scenario, expected }) => {
      const simulation = testing.simulate(args, { until: "+59d", testAccounts: [], ...scenario });
      const sent = simulation.messages.map(({ run: number, at, step, to, subject }) => ({
        run: number,
        at: Math.round((Date.parse(at) - Date.parse(simulation.started)) / 1000),
        step,
        to,
        subject,
      }));
      expect(sent).toEqual(
        (expected.messages ?? []).map(({ run: number, at, step, to, subject }: any) => ({
          run: number,
          at,
          step,
          to,
          subject,
        })),
      );
      for (const { text } of simulation.messages) expect(text).toMatch(/No more e-mails like this: https:/);
    },
  );
});
