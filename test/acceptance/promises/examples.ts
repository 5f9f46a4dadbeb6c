// Each example goes up, stays silent, shows no drift, and leaves nothing. As drafts, with titles of this run: a file before the program's own says so to Pulumi.
import { readdirSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { StackOptions } from "../../support/engine";
import { Broken, type Promised } from "../promise";
import type { World } from "../world";

const FOLDER = path.resolve(import.meta.dirname, "../../../examples");
const SECRET = "acceptance-s3cr3t-value";

/** What an example asks for besides where PostHog is. */
const OPTIONS: Readonly<Record<string, Pick<StackOptions, "stack" | "config">>> = {
  onboarding: { config: { "onboarding:crmSigningSecret": { secret: SECRET } } },
  "pasted-json": { config: { "pasted-json:crmSigningSecret": { secret: SECRET } } },
  "webhook-to-slack": { config: { "webhook-to-slack:ticketToken": { secret: SECRET } } },
  environments: { stack: "staging", config: { "environments:senderIntegration": "7" } },
};

/** Pulumi's own way to change what a program registers. */
const MARKING = (mark: string) => `import * as pulumi from "@pulumi/pulumi";
pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) =>
  type.endsWith(":HogFlow") ? { props: { ...props, name: \`\${props.name ?? name} · ${mark}\`, status: undefined }, opts } : undefined,
);
`;

const names = readdirSync(FOLDER).filter((name) => existsSync(path.join(FOLDER, name, "behaviour.test.ts")));

export const EXAMPLES: readonly Promised[] = names.map((name) => ({
  id: `example-${name}`,
  says: `The example ${name} goes up, a second up asks nothing, nothing is drift, and destroy leaves nothing`,
  page: `examples/${name}`,
  keeps: (world) => lives(world, name),
}));

async function lives(world: World, name: string): Promise<void> {
  const { config, ...options } = OPTIONS[name] ?? {};
  const stack = await world.stack({
    copyOf: `examples/${name}`,
    ...options,
    config: { ...config, "posthog:host": world.gate.url, "posthog:projectId": world.target.projectId },
  });
  markProgram(stack.dir, world.mark);
  await world.succeeds("pulumi up", () => stack.up());
  const made = (await world.posthog.list()).filter((row) => String(row["name"]).includes(world.mark));
  if (made.length === 0) throw new Broken("PostHog has none of the example's flows");
  for (const row of made)
    world.holds(row["status"] === "draft", `"${row["name"]}" is ${row["status"]}, and should be a draft`);

  await world.isSilent(stack);
  const text = `${await stack.stateText()}\n${stack.log}`;
  for (const secret of [SECRET, world.target.key])
    world.holds(!text.includes(secret), `a secret shows in the state or in the output`);

  await world.succeeds("pulumi refresh, which should find no drift,", () =>
    stack.refresh(["--preview-only", "--expect-no-changes"]),
  );
  await world.succeeds("pulumi destroy", () => stack.destroy());
  const left = (await world.posthog.list()).filter((row) => String(row["name"]).includes(world.mark));
  world.holds(left.length === 0, `destroy left ${left.map((row) => row["name"]).join(", ")}`);
}

/** Puts a main file before the program's own. */
function markProgram(dir: string, mark: string): void {
  const file = path.join(dir, "package.json");
  const settings = JSON.parse(readFileSync(file, "utf8"));
  const main = path.basename(settings.main, ".ts");
  writeFileSync(path.join(dir, "marking.ts"), MARKING(mark));
  writeFileSync(path.join(dir, "marked.ts"), `import "./marking";\nexport * from "./${main}";\n`);
  writeFileSync(file, JSON.stringify({ ...settings, main: "marked.ts" }));
}
