// `hogflow pull` through the built command: files, where they go, and what it refuses. What the programs mean is test/operate/pull.test.ts'.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../support/compile-modules";
import { hogflow } from "../support/command";
import { EMAIL_FLOW, KEY, SECRET_KEY, useProject } from "./support";

const project = useProject();
const nurture = (): string => project.ids["Nurture"]!;
let count = 0;
/** A folder of each test's own, below the project's. */
let out: string;
beforeEach(() => void (out = `pulled-${(count += 1)}`));
const read = (file: string): string => readFileSync(path.join(project.dir, file), "utf8");

describe("hogflow pull", () => {
  it("writes files, the same ones the second time, and says what to do next", async () => {
    const first = await project.run(["pull", nurture(), "--out", out]);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(new RegExp(`^Nurture: ${out}/nurture\\.ts`));
    expect(first.stdout).toMatch(
      /\n\d files? written\.\n[\s\S]*Next: import it in your program, and run pulumi up, which adds the line with the marker to its description and changes nothing else\.\n {2}import "\.\/pulled-\d+\/nurture";\n$/,
    );
    expect(read(`${out}/nurture.ts`)).toContain(`adopt: "${nurture()}"`);
    const [flow] = await project.json(["pull", nurture(), "--out", out]);
    expect(flow).toMatchObject({
      id: nurture(),
      title: "Nurture",
      name: "nurture",
      form: "composition",
      leftOut: [],
      secrets: [],
    });
    for (const file of flow.files) expect(existsSync(path.join(project.dir, file))).toBe(true);
    expect((await project.run(["pull", nurture(), "--out", out])).stdout).toContain("All files are up to date.");
    // With the others it is the same.
    expect((await project.run(["pull", "--all", "--out", out])).code).toBe(0);
    expect((await project.run(["pull", "--all", "--out", out])).stdout).toContain("All files are up to date.");
  });

  it("goes with a project secret API key", async () => {
    const pulled = await project.run(["pull", "--all", "--out", out], { POSTHOG_API_KEY: SECRET_KEY });
    expect([pulled.code, pulled.stderr]).toEqual([0, ""]);
    expect(read(`${out}/nurture.ts`)).toContain(`adopt: "${nurture()}"`);
  });

  it("says which flows cannot work, and that up changes nothing", async () => {
    const flow = {
      name: "Odd goal",
      conversion: { filters: ["plan"] },
      actions: [
        {
          id: "trigger_node",
          name: "T",
          type: "trigger",
          config: { type: "event", filters: { events: [{ id: "a" }] } },
        },
        { id: "exit_node", name: "Exit", type: "exit", config: {} },
      ],
      edges: [{ from: "trigger_node", to: "exit_node", type: "continue" }],
    };
    const { id } = project.emulator.ui.create("1", flow);
    const { stdout } = await project.run(["pull", id, "--out", out]);
    expect(stdout).toContain(
      `1 flow cannot work as PostHog has it, and preview says so until it is fixed. The comment above the flow in its program says where and how:\n  ${out}/odd-goal.ts\nNext: import it in your program, and run pulumi up, which adds the line with the marker to its description and changes nothing else.\n`,
    );
    expect(read(`${out}/odd-goal.ts`)).toContain("// - conversion.filters[0]: expected an object, got text.");
    const [{ remarks }] = await project.json(["pull", id, "--out", out, "--dry-run"]);
    expect(remarks).toEqual([expect.stringContaining("[unchecked-shape]")]);
    project.emulator.ui.remove(id);
  });

  it("keeps what somebody edited, unless told otherwise; then nothing at all is written", async () => {
    expect((await project.run(["pull", nurture(), "--out", out])).code).toBe(0);
    const edited = `${read(`${out}/nurture.ts`)}// mine\n`;
    writeFileSync(path.join(project.dir, out, "nurture.ts"), edited);
    const before = readdirSync(path.join(project.dir, out));
    const refused = await project.run(["pull", "--all", "--out", out]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(
      `A file is there already, with other content, and will be overwritten:\n  ${out}/nurture.ts\n`,
    );
    expect(refused.stderr).toContain("Pass --yes");
    expect(readdirSync(path.join(project.dir, out))).toEqual(before);
    expect(read(`${out}/nurture.ts`)).toBe(edited);
    expect((await project.run(["pull", "--all", "--out", out, "--yes"])).code).toBe(0);
    expect(read(`${out}/nurture.ts`)).not.toContain("// mine");
  });

  it("never writes over a file that it did not write, such as the user's own entry, also with --yes", async () => {
    const { id } = project.emulator.ui.create("1", { ...EMAIL_FLOW, name: "Index" });
    const dir = path.join(project.dir, out);
    mkdirSync(dir);
    writeFileSync(path.join(dir, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(path.join(dir, "index.ts"), 'import "./flows";\n');
    writeFileSync(path.join(dir, "nurture.ts"), "// theirs\n");
    const pull = (...args: string[]) => project.run(["pull", ...args, "--cwd", dir, "--out", dir, "--yes"]);
    const pulled = await pull(id);
    expect(pulled.code, pulled.stderr).toBe(0);
    expect(read(`${out}/index.ts`)).toBe('import "./flows";\n');
    expect(read(`${out}/index-flow.ts`)).toContain(`adopt: "${id}"`);
    const refused = await pull(nurture());
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toContain(
      "A file is there already that `hogflow pull` did not write: nurture.ts. Nothing was written.",
    );
    expect(read(`${out}/nurture.ts`)).toBe("// theirs\n");
    project.emulator.ui.remove(id);
  });

  it("says how code for another language is made", async () => {
    const dir = path.join(project.dir, out);
    mkdirSync(dir);
    writeFileSync(path.join(dir, "Pulumi.yaml"), "name: shop\nruntime: python\n");
    const { code, stderr } = await project.run(["pull", nurture(), "--cwd", dir, "--dry-run"]);
    expect(code).toBe(0);
    expect(stderr).toContain(
      "the runtime of this project is python. For code in its language, run: pulumi import hogflow:index:HogFlow <name> <id>",
    );
  });

  it("imports the programs of a folder in its index, adds to it, and leaves one alone that it did not write", async () => {
    const index = `${out}/index.ts`;
    const ofAll = ["pull", "--all", "--out", out];
    expect((await project.run(["pull", nurture(), "--out", out])).code).toBe(0);
    expect(existsSync(path.join(project.dir, index))).toBe(false);
    const all = await project.run(ofAll);
    expect(all.stdout).toContain(`import them in your program`);
    expect(all.stdout.endsWith(`\n  import "./${out}";\n`)).toBe(true);
    const programs = readdirSync(path.join(project.dir, out)).filter((file) =>
      /^(?!index|pulled-senders).*\.ts$/.test(file),
    );
    const imports = (text: string): string[] => text.match(/^import .*$/gm) ?? [];
    expect(imports(read(index))).toEqual(programs.sort().map((file) => `import "./${file.slice(0, -3)}";`));
    expect((await project.run(ofAll)).stdout).toContain("All files are up to date.");

    const without = read(index).replace('import "./nurture";\n', "// not now\n");
    writeFileSync(path.join(project.dir, index), without);
    expect((await project.run(ofAll)).stdout).toContain("1 file written.");
    expect(read(index)).toBe(`${without}import "./nurture";\n`);

    writeFileSync(path.join(project.dir, index), 'import "./newsletter.js";\n');
    const foreign = await project.run(ofAll);
    expect(read(index)).toBe('import "./newsletter.js";\n');
    expect(foreign.stdout).toContain(`\n  import "./${out}/nurture";\n`);
    expect(foreign.stdout).not.toContain(`import "./${out}/newsletter"`);
  });

  it("imports files by their full names in an ES module", async () => {
    const dir = path.join(project.dir, out);
    mkdirSync(dir);
    writeFileSync(path.join(dir, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(path.join(dir, "package.json"), '{ "type": "module" }\n');
    const pulled = await project.run(["pull", "--all", "--cwd", dir]);
    expect(pulled.stdout.endsWith('\n  import "./flows/index.js";\n')).toBe(true);
    expect(read(`${out}/flows/index.ts`)).toContain('\nimport "./nurture.js";\n');
    const alone = await project.run(["pull", nurture(), "--cwd", dir, "--out", path.join(dir, "alone")]);
    expect(alone.stdout.endsWith('\n  import "./alone/nurture.js";\n')).toBe(true);
  });

  it("says what it would write, and writes nothing", async () => {
    const ran = await project.run(["pull", "--all", "--out", out, "--dry-run"]);
    expect(ran.stdout).toContain("Nothing was written.");
    expect(existsSync(path.join(project.dir, out))).toBe(false);
  });

  it("takes archived flows where they are asked for", async () => {
    const titles = async (...args: string[]): Promise<string[]> =>
      (await project.json(["pull", ...args, "--dry-run"])).map(({ title }: any) => title).sort();
    expect(await titles("--all")).not.toContain("Old");
    expect(await titles("--all", "--archived")).toContain("Old");
    expect(await titles(project.ids["Old"]!)).toEqual(["Old"]);
  });

  it("says why a folder cannot be written, and loses nothing that is there", async () => {
    writeFileSync(path.join(project.dir, out), "no folder\n");
    const { code, stderr } = await project.run(["pull", nurture(), "--out", out]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${out}/nurture.ts could not be written`);
    expect(stderr).toContain("0 of ");
    expect(stderr).not.toContain("inside of hogflow");
    expect(read(out)).toBe("no folder\n");
    // A folder stands where a file should go: what was written before it stays, and no other trace does.
    mkdirSync(path.join(project.dir, `${out}-half/nurture.ts`), { recursive: true });
    const half = await project.run(["pull", "--all", "--out", `${out}-half`]);
    expect(half.code).toBe(1);
    expect(half.stderr).toContain("nurture.ts could not be");
    expect(readdirSync(path.join(project.dir, `${out}-half`)).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("writes below the folder in which the program runs, also when it is called from elsewhere in the project", async () => {
    const dir = path.join(project.dir, out);
    mkdirSync(path.join(dir, "src/deep"), { recursive: true });
    writeFileSync(path.join(dir, "Pulumi.yaml"), "name: elsewhere\nruntime: nodejs\nmain: src/\n");
    const env = {
      POSTHOG_API_KEY: KEY,
      POSTHOG_HOST: project.emulator.url,
      POSTHOG_PROJECT_ID: "1",
      HOME: project.dir,
    };
    const pull = (cwd: string, ...args: string[]) => hogflow(["pull", "--all", ...args], { cwd, env });
    const ran = await pull(path.join(dir, "src/deep"));
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain("Nurture: ../flows/nurture.ts");
    expect(ran.stdout).toContain('\n  import "./flows";\n');
    // What it reads is found from where it runs.
    const bodies = [...readFileSync(path.join(dir, "src/flows/nurture.ts"), "utf8").matchAll(/file\("([^"]+)"\)/g)].map(
      ([, file]) => file!,
    );
    for (const file of bodies) expect(existsSync(path.join(dir, "src", file))).toBe(true);
    expect((await pull(path.join(dir, "src"), "--out", "flows")).stdout).toContain("All files are up to date.");
    expect((await pull(dir, "--out", "src/flows")).stdout).toContain("All files are up to date.");
    const outside = await pull(dir, "--out", "flows");
    expect([outside.code, outside.stderr]).toEqual([
      3,
      expect.stringContaining("--out flows is outside the Pulumi program"),
    ]);
  });

  it("formats programs as the project does, and says so when its configuration is broken", async () => {
    const dir = path.join(project.dir, out);
    mkdirSync(path.join(dir, "node_modules"), { recursive: true });
    symlinkSync(path.join(ROOT, "node_modules/prettier"), path.join(dir, "node_modules/prettier"), "junction");
    writeFileSync(path.join(dir, ".prettierrc"), "tabWidth: 6\n");
    const done = await project.run(["pull", nurture(), "--cwd", dir]);
    expect(done.stdout).toMatch(/formatted by the project's prettier \d/);
    expect(read(`${out}/flows/nurture.ts`)).toMatch(/^ {12}adopt: "/m);
    // The project's own check agrees.
    execFileSync(
      process.execPath,
      [path.join(ROOT, "node_modules/prettier/bin/prettier.cjs"), "--check", "flows/*.ts"],
      { cwd: dir, stdio: "pipe" },
    );
    writeFileSync(path.join(dir, ".prettierrc"), "tabWidth: [\n");
    const broken = await project.run(["pull", nurture(), "--cwd", dir, "--yes"]);
    expect(broken.code).toBe(0);
    expect(broken.stderr).toContain("The project's prettier could not be used");
    expect(read(`${out}/flows/nurture.ts`)).toMatch(/^ {4}adopt: "/m);
  });

  it.each<[string[], string, string]>([
    [[], "No flow is named", "Name flows, or give --all"],
    [["--all", "01985b7c-0000-4000-8000-000000000001"], "Flows and --all were given", "Name flows"],
    [["--archived", "01985b7c-0000-4000-8000-000000000001"], "--archived was given without --all", "remove --archived"],
    [["--all", "--out", "../elsewhere"], "--out ../elsewhere is outside", "Name a folder inside it"],
  ])("is wrongly used with %j", async (args, what, fix) => {
    const { code, stderr, stdout } = await project.run(["pull", ...args]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain(what);
    expect(stderr).toContain(fix);
  });

  it("names all ids that are no flows, without a word about files", async () => {
    const unknown = ["01985b7c-0000-4000-8000-000000000001", "01985b7c-0000-4000-8000-000000000002"];
    const { code, stderr } = await project.run(["pull", nurture(), ...unknown, "--out", out]);
    expect(code).toBe(1);
    for (const id of unknown) expect(stderr).toContain(id);
    expect(existsSync(path.join(project.dir, out))).toBe(false);
  });
});
