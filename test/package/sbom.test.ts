// The bill of materials of a release: what a user installs, whose code is in the files, and nothing else.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { build } from "../../tools/build.mjs";
import { ROOT } from "../support/compile-modules";

const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-sbom-test-"));
beforeAll(() => build(), 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const refs = (list: { "bom-ref": string }[]): string[] => list.map((one) => one["bom-ref"]);

it("has the dependencies with their own, each with version, licence and hash, and marks what is bundled", () => {
  const file = path.join(folder, "sbom.json");
  const { status, stderr } = spawnSync(process.execPath, ["tools/sbom.mjs", file], { cwd: ROOT, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const bill = JSON.parse(readFileSync(file, "utf8"));
  const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const lock = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"));
  expect(bill).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: {
      component: {
        name: manifest.name,
        version: manifest.version,
        purl: `pkg:npm/${manifest.name}@${manifest.version}`,
      },
    },
  });
  const versioned = (name: string): string => `${name}@${lock.packages[`node_modules/${name}`].version}`;
  const direct = Object.keys(manifest.dependencies).map(versioned);
  // What the hogvm needs, and what is in the plugin, the page and the inlined files.
  const bundled = ["zod", "preact", "@dagrejs/dagre", "htmlparser2", "@grpc/grpc-js"].map(versioned);
  expect(refs(bill.components)).toEqual(expect.arrayContaining([...direct, versioned("luxon"), ...bundled]));
  for (const name of ["vitest", "typescript", "esbuild", "playwright-core", "mjml"])
    expect(refs(bill.components)).not.toContain(versioned(name));
  const marked = bill.components.filter(({ properties }: any) => properties.length > 0);
  expect(refs(marked)).toEqual(expect.arrayContaining(bundled));
  expect(refs(marked)).not.toContain(versioned("luxon"));
  for (const component of bill.components) {
    expect(component.purl).toMatch(/^pkg:npm\//);
    expect(component.licenses).not.toEqual([]);
    expect(component.hashes[0].alg).toBe("SHA-512");
  }
  // Every reference leads to a component.
  const known = new Set([...refs(bill.components), bill.metadata.component["bom-ref"]]);
  for (const { ref, dependsOn } of bill.dependencies)
    for (const one of [ref, ...dependsOn]) expect(known).toContain(one);
});
