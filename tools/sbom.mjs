// `node tools/sbom.mjs <file>`: the bill of materials of the package (CycloneDX): what it is installed with, and whose code is in its files. npm knows the
// first, from package-lock.json; the build noted the second. Peers are the user's own, and what only contributors need is not in it. Needs the build.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { BUNDLED } from "./build.mjs";
import { REPOSITORY } from "./setup.mjs";

const USAGE_ERROR = 2;
const [target] = process.argv.slice(2);
if (target === undefined) {
  console.error("Usage: node tools/sbom.mjs <file>");
  process.exit(USAGE_ERROR);
}
try {
  if (!existsSync(BUNDLED)) throw new Error("Nobody has noted what is bundled: run npm run build first.");
  const bill = ofPackage(everything());
  writeFileSync(target, `${JSON.stringify(bill, null, 2)}\n`);
  console.log(`${target}: ${bill.components.length} packages. Next: keep it with the package that it is about.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** What npm says of this checkout, contributors' packages included. Without the workspaces, which depend on the package itself: npm goes round in circles. */
function everything() {
  const read = (name) => JSON.parse(readFileSync(path.join(REPOSITORY, name), "utf8"));
  const [{ workspaces: _, ...manifest }, lock] = [read("package.json"), read("package-lock.json")];
  const { workspaces: __, ...root } = lock.packages[""];
  const installed = Object.entries(lock.packages).filter(
    ([place, { link }]) => place.startsWith("node_modules/") && !link,
  );
  const parent = mkdtempSync(path.join(os.tmpdir(), "hogflow-sbom-"));
  try {
    // npm calls the root by its folder's name.
    writeFileSync(path.join(parent, "package.json"), JSON.stringify(manifest));
    writeFileSync(
      path.join(parent, "package-lock.json"),
      JSON.stringify({ ...lock, packages: { "": root, ...Object.fromEntries(installed) } }),
    );
    const { status, stdout, stderr } = spawnSync("npm", ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"], {
      cwd: parent,
      encoding: "utf8",
      maxBuffer: 1 << 27,
      shell: process.platform === "win32",
    });
    if (status !== 0) throw new Error(`npm sbom failed, which npm has since version 10: ${stderr}`);
    const bill = JSON.parse(stdout);
    bill.metadata.component.name = manifest.name;
    return { bill, manifest };
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** Of a bill, what the package is installed with, and what is in its files, marked as such. */
function ofPackage({ bill, manifest }) {
  const component = new Map(bill.components.map((one) => [one["bom-ref"], one]));
  const needs = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const own = bill.metadata.component["bom-ref"];
  const direct = needs.get(own).filter((ref) => manifest.dependencies[component.get(ref).name] !== undefined);
  const installed = new Set();
  const visit = (ref) => {
    if (installed.has(ref)) return;
    installed.add(ref);
    needs.get(ref)?.forEach(visit);
  };
  direct.forEach(visit);
  const bundled = new Set(JSON.parse(readFileSync(BUNDLED, "utf8")).map(({ name, version }) => `${name}@${version}`));
  const missing = [...bundled].filter((ref) => !component.has(ref));
  if (missing.length > 0)
    throw new Error(`In the build, and not in package-lock.json: ${missing.join(", ")}. Run npm ci.`);
  const kept = new Set([...installed, ...bundled]);
  return {
    ...bill,
    components: bill.components
      .filter((one) => kept.has(one["bom-ref"]))
      .map((one) => ({
        ...one,
        properties: bundled.has(one["bom-ref"]) ? [{ name: "cdx:npm:package:bundled", value: "true" }] : [],
      })),
    dependencies: [
      { ref: own, dependsOn: [...new Set([...direct, ...bundled])] },
      ...[...kept].map((ref) => ({ ref, dependsOn: installed.has(ref) ? (needs.get(ref) ?? []) : [] })),
    ],
  };
}
