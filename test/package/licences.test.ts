// The packages whose code the build puts into its files: the notice names each with its licence, and the build refuses what it must not hold.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { build, BUNDLED } from "../../tools/build.mjs";
import { noticeOf, packagesOf } from "../../tools/licences.mjs";
import { ROOT } from "../support/compile-modules";

const DIST = path.join(ROOT, "dist");
interface Bundled {
  name: string;
  version: string;
  licence: string;
  files: string[];
}

describe("what was built", () => {
  let bundled: Bundled[];
  beforeAll(async () => {
    await build();
    bundled = JSON.parse(readFileSync(BUNDLED, "utf8"));
  }, 180_000);

  it("names what is known to be in the plugin, the page and the inlined files", () => {
    const filesOf = (name: string): string[] | undefined => bundled.find((one) => one.name === name)?.files;
    expect(filesOf("zod")).toEqual(["definition/schema/zod.js", "plugin/pulumi-resource-hogflow"]);
    expect(filesOf("@grpc/grpc-js")).toEqual(["plugin/pulumi-resource-hogflow"]);
    expect(filesOf("preact")).toEqual(["show/page.js"]);
    expect(filesOf("htmlparser2")).toEqual(["operate/show/html-parser.js"]);
    // A tool of the tests is in no file.
    expect(filesOf("vitest")).toBeUndefined();
    for (const { files } of bundled) for (const file of files) expect(existsSync(path.join(DIST, file))).toBe(true);
  });

  it("has the text of each licence in the notice of the package, and of the plugin's beside it", () => {
    const notice = readFileSync(path.join(DIST, "THIRD-PARTY-NOTICES.txt"), "utf8");
    const plugins = readFileSync(path.join(DIST, "plugin/LICENSES.txt"), "utf8");
    for (const { name, version, licence, files } of bundled) {
      const [one] = packagesOf([path.join(ROOT, "node_modules", name, "package.json")]);
      const inPlugin = files.includes("plugin/pulumi-resource-hogflow");
      for (const text of inPlugin ? [notice, plugins] : [notice]) {
        expect(text).toContain(`- ${name} ${version}, ${licence}: in `);
        for (const own of one!.texts) expect(text).toContain(own);
      }
      if (!inPlugin) expect(plugins).not.toContain(`- ${name} `);
    }
    // Of two licences, the one that is kept to.
    expect(notice).not.toContain("Mozilla Public License");
  });
});

describe("a package that would be bundled", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), "hogflow-licences-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function made(
    name: string,
    license: string | undefined,
    files: Record<string, string> = { LICENSE: "The text." },
  ): string {
    const folder = path.join(root, "node_modules", name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries({
      "package.json": JSON.stringify({ name, version: "1.0.0", license }),
      ...files,
    }))
      writeFileSync(path.join(folder, file), text);
    return path.join(folder, "dist", "index.js");
  }

  it.each([
    ["copyleft", "GPL-3.0-only"],
    ["copyleft of its files", "MPL-2.0"],
    ["or later", "GPL-2.0+"],
    ["one of two that both hold", "MIT AND AGPL-3.0-only"],
    ["unknown words", "SEE LICENSE IN LICENSE.txt"],
    ["none", undefined],
    ["one that nobody has decided about", "WTFPL"],
  ])("is refused: %s", (_, license) => {
    expect(() => packagesOf([made("made-up", license)])).toThrow(/made-up 1\.0\.0 would be bundled/);
  });

  it("is refused without a text", () => {
    expect(() => packagesOf([made("made-up", "MIT", { "README.md": "MIT" })])).toThrow(/no file with its licence/);
  });

  it("has the texts of the licences that are kept to, and its notice", () => {
    const file = made("@made/up", "(MPL-2.0 OR (MIT AND Apache-2.0))", {
      "LICENSE-MIT.txt": "M",
      "LICENSE-APACHE": "A",
      "LICENSE-MPL": "not kept to",
      NOTICE: "N",
      "LICENSE-asserts.md": "B",
    });
    expect(packagesOf([file, file])).toEqual([
      { name: "@made/up", version: "1.0.0", licence: "MIT AND Apache-2.0", texts: ["A", "M", "B", "N"] },
    ]);
  });

  it("is named beside others that have the same text", () => {
    const packages = packagesOf([made("b", "MIT"), made("a", "ISC")]).map((one) => ({ ...one, files: ["x.js"] }));
    const notice = noticeOf(packages);
    expect(notice).toContain("- a 1.0.0, ISC: in x.js\n- b 1.0.0, MIT: in x.js\n");
    expect(notice).toContain("a 1.0.0, b 1.0.0\n\nThe text.\n");
  });
});
