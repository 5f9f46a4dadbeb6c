// What `hogflow init` adds to files that are there: nothing that was written changes.
import { describe, expect, it } from "vitest";
import { addToPackage, addToYaml, readJsonc, setInJson } from "../../operate/init/edits";

const WANTED = {
  main: "index.ts",
  dependencies: { "@pulumi/pulumi": "^3.216.0", "pulumi-hogflow": "^0.1.0" },
  devDependencies: { "@types/node": "^20.19.0", typescript: "^5.9.3" },
};

describe("package.json", () => {
  it("gets what it lacks, wherever the rest is, in its own layout", () => {
    const text = `{\n\t"name": "shop",\n\t"devDependencies": {\n\t\t"@pulumi/pulumi": "3.300.0"\n\t},\n\t"dependencies": {\n\t\t"typescript": "5.4.5"\n\t}\n}\n`;
    expect(addToPackage(text, WANTED, { hasMain: true })).toEqual({
      text: `{\n\t"name": "shop",\n\t"devDependencies": {\n\t\t"@pulumi/pulumi": "3.300.0",\n\t\t"@types/node": "^20.19.0"\n\t},\n\t"dependencies": {\n\t\t"typescript": "5.4.5",\n\t\t"pulumi-hogflow": "^0.1.0"\n\t}\n}\n`,
      changes: ["dependencies: pulumi-hogflow", "devDependencies: @types/node"],
    });
  });

  it("stays as it is where nothing is missing, line ends included", () => {
    const text = `{\r\n    "main": "src/app.ts",\r\n    "dependencies": ${JSON.stringify({ ...WANTED.dependencies, ...WANTED.devDependencies })}\r\n}`;
    expect(addToPackage(text, WANTED, { hasMain: true })).toEqual({ text, changes: [] });
  });

  it("names a main file that is there, as some package managers name one that is not", () => {
    const text = `{\n  "main": "index.js"\n}\n`;
    const { text: after, changes } = addToPackage(text, { main: "index.ts" }, { hasMain: false });
    expect([after, changes]).toEqual([`{\n  "main": "index.ts"\n}\n`, ["main: index.ts"]]);
    expect(addToPackage("{}", { main: "index.ts" }, { hasMain: false }).text).toMatch(/"main": "index.ts"/);
  });
});

describe("tsconfig.json", () => {
  it("keeps its comments, and may have commas at its ends", () => {
    const text = `{\n    // ours\n    "compilerOptions": {\n        "strict": true, /* yes */\n    },\n}\n`;
    expect(readJsonc(text)).toEqual({ compilerOptions: { strict: true } });
    const after = setInJson(text, ["compilerOptions", "rootDir"], ".");
    expect(after).toContain("// ours");
    expect(after).toContain("/* yes */");
    expect(readJsonc(after)).toEqual({ compilerOptions: { strict: true, rootDir: "." } });
  });

  it("is not guessed at", () => expect(readJsonc("{ no")).toBeUndefined());
});

describe("YAML", () => {
  const values = [
    { at: ["config", "posthog:projectId"], value: "1" },
    { at: ["config", "posthog:host"], value: "https://eu.posthog.com" },
  ];

  it("keeps what is there, with comments and encrypted values", () => {
    const text = `# stack\nencryptionsalt: v1:abc=\nconfig:\n  posthog:projectId: "77" # ours\n  posthog:apiKey:\n    secure: v1:xyz\n`;
    expect(addToYaml(text, values)).toEqual({
      text: `${text}  posthog:host: https://eu.posthog.com\n`,
      changes: ["posthog:host"],
    });
    expect(addToYaml(text, values.slice(0, 1))).toEqual({ text, changes: [] });
  });

  it("begins where there is nothing, or an empty section", () => {
    for (const text of ["", "config:\n"])
      expect(addToYaml(text, values)!.text).toBe(
        `config:\n  posthog:projectId: "1"\n  posthog:host: https://eu.posthog.com\n`,
      );
  });

  it("is not written where it cannot be read", () => expect(addToYaml("a: [", values)).toBeUndefined());
});
