// The command: flows that exist become programs, the plugin imports them, PostHog's own worker and schema agree.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Broken, Untried, type Promised } from "../promise";
import { isWrite, lineOf, writesOf } from "../world";
import { contentOf, flow, madeByHand, program } from "./programs";

const VERIFIED = ["onboarding", "win-back", "webhook-to-slack"];

export const COMMAND_PROMISES: readonly Promised[] = [
  {
    id: "pull",
    says: "hogflow pull writes the program of a live flow, whose up changes nothing but the marker",
    page: "docs/commands.md",
    async keeps(world) {
      const id = await madeByHand(world, "pulled");
      const before = contentOf(await world.posthog.read(id));
      const stack = await world.stack({ program: program() });
      const pulled = await world.hogflow(stack, "pull", id, "--out", ".", "--json", "--yes");
      if (pulled.code !== 0) throw new Broken(`hogflow pull ended with exit code ${pulled.code}: ${pulled.stderr}`);
      const [{ files }] = JSON.parse(pulled.stdout) as [{ files: string[] }];
      const file = files.find((name) => name.endsWith(".ts") && !name.endsWith("index.ts"))!;
      const module = path.relative(stack.dir, path.resolve(stack.dir, file)).replace(/\.ts$/, "");
      await writeFile(path.join(stack.dir, "index.ts"), `import "./${module}";\n`);
      const { passed } = await world.during(() => world.succeeds("pulumi up of the pulled program", () => stack.up()));
      const writes = writesOf(passed);
      world.holds(
        writes.length === 1,
        `it wrote ${writes.map(lineOf).join(", ") || "nothing"}, and not the marker alone`,
      );
      const live = await world.flow("pulled");
      world.holds(live["id"] === id && contentOf(live) === before, `the content changed: ${contentOf(live)}`);
      await world.succeeds("a refresh", () => stack.refresh(["--preview-only", "--expect-no-changes"]));
    },
  },
  {
    id: "import",
    says: "pulumi import takes a live flow into the state of the plugin, writes nothing, and a program that says the same changes nothing",
    page: "docs/plugin.md",
    async keeps(world) {
      const id = await madeByHand(world, "imported");
      const stack = await world.stack({ transport: "plugin", program: program() });
      const { passed } = await world.during(async () => {
        await world.succeeds("pulumi import", () =>
          stack.run([
            ...["import", "hogflow:index:HogFlow", "imported", id],
            ...["--yes", "--skip-preview", "--protect=false", "--generate-code=false"],
            ...["--stack", stack.stack, "--non-interactive", "--color", "never"],
          ]),
        );
        const { deployment } = await stack.exportState();
        const { inputs } = deployment.resources.find((one: { id?: string }) => one.id === id);
        const { name, actions, status } = inputs;
        await stack.writeProgram(program(flow("imported", { name, actions, status })));
        await world.succeeds("pulumi up of the same program", () => stack.up(["--expect-no-changes"]));
      });
      for (const one of passed.filter(isWrite)) world.differs(`it wrote: ${lineOf(one)}`);
    },
  },
  {
    id: "verify",
    says: "PostHog's own worker does with each step of the examples what hogflow simulate says",
    page: "docs/verify.md",
    async keeps(world) {
      for (const name of VERIFIED) {
        const stack = await world.stack({
          copyOf: `examples/${name}`,
          config: { "posthog:host": world.gate.url, "posthog:projectId": world.target.projectId },
        });
        const { code, stdout, stderr } = await world.hogflow(stack, "verify", "--json");
        if (code === 1) throw new Untried(`hogflow verify could test nothing: ${stderr.trim()}`);
        const { agrees, differs, untested, flows } = JSON.parse(stdout);
        world.note(`${name}: ${agrees} steps agree, ${differs} differ, ${untested} not tested`);
        for (const { steps } of flows)
          for (const step of steps.filter((one: { verdict: string }) => one.verdict === "differs"))
            world.differs(`${name}, step ${step.id}: ${JSON.stringify(step.differences)}`);
      }
    },
  },
  {
    id: "contract",
    says: "The schema that PostHog publishes has all that this version uses",
    page: "docs/commands.md",
    async keeps(world) {
      const stack = await world.stack({ program: program() });
      const { code, stdout, stderr } = await world.hogflow(stack, "doctor", "--contract", "--json");
      if (stdout.trim() === "") throw new Untried(`hogflow doctor --contract ended with ${code}: ${stderr.trim()}`);
      const { findings, compared } = JSON.parse(stdout) as {
        compared: number;
        findings: { weight: string; what: string }[];
      };
      world.note(`${compared} fields, values and end points were compared`);
      for (const { weight, what } of findings)
        if (weight === "breaks") world.differs(what);
        else world.note(what);
    },
  },
];
