// `hogflow pull` through the built command: files, and what it refuses. What the programs mean is test/operate/pull.test.ts'.
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { useProject } from "./support";

const project = useProject();

describe("hogflow pull", () => {
  it("writes files once, and refuses to write over others", async () => {
    const first = await project.run(["pull", project.ids["Nurture"]!, "--out", "pulled"]);
    expect(first.code, first.stderr).toBe(0);
    const [file] = (await project.json(["pull", project.ids["Nurture"]!, "--out", "pulled"]))[0].files;
    const text = readFileSync(path.join(project.dir, file), "utf8");
    expect(text).toContain(`adopt: "${project.ids["Nurture"]}"`);
    project.emulator.ui.edit(project.ids["Nurture"]!, (flow: any) => void (flow.description = "Another one"));
    const second = await project.run(["pull", project.ids["Nurture"]!, "--out", "pulled"]);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining("--overwrite") });
    expect(readFileSync(path.join(project.dir, file), "utf8")).toBe(text);
    expect((await project.run(["pull", project.ids["Nurture"]!, "--out", "pulled", "--overwrite"])).code).toBe(0);
  });

  it.each([
    [[], "--all"],
    [["--all", "01985b7c-0000-4000-8000-000000000001"], "--all"],
    [["not-an-id"], "not-an-id"],
    [["--all", "--out", "../elsewhere"], "--out"],
  ])("refuses %j", async (args, word) => {
    const { code, stderr } = await project.run(["pull", ...(args as string[])]);
    expect(code).toBe(1);
    expect(stderr).toContain(word);
  });
});
