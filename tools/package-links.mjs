// `node tools/package-links.mjs [folder]`: before `npm pack` in a workflow, writes where the repository is into package.json (npm compares it with the
// repository that a package with provenance is built in), and makes the links of README.md lead there, because the package holds neither docs nor examples.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileAddress, repositoryAddress } from "./repository-address.mjs";

const root = path.resolve(process.argv[2] ?? ".");
const file = (name) => path.join(root, name);

try {
  const manifest = JSON.parse(readFileSync(file("package.json"), "utf8"));
  const address = repositoryAddress({ manifest, env: process.env });
  if (address === undefined)
    throw new Error(
      'Where is this repository? Set GITHUB_SERVER_URL and GITHUB_REPOSITORY, or write "repository" into package.json.',
    );
  const { repository, bugs, homepage } = manifest;
  Object.assign(manifest, {
    repository: repository ?? { type: "git", url: `git+${address}.git` },
    bugs: bugs ?? { url: `${address}/issues` },
    homepage: homepage ?? `${address}#readme`,
  });
  const readme = readFileSync(file("README.md"), "utf8");
  const changed = withLinks(readme, (target, raw) =>
    fileAddress(address, { root, file: target, ref: `v${manifest.version}`, raw }),
  );
  writeFileSync(file("package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(file("README.md"), changed);
  console.log(
    `package.json and README.md lead to ${address}. Next: npm pack. In a checkout of your own, afterwards: git checkout package.json README.md`,
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** Links and pictures that are relative, outside of code. */
function withLinks(markdown, addressOf) {
  return markdown
    .split(/(^```.*?^```$)/ms)
    .map((part) =>
      part.startsWith("```")
        ? part
        : part
            .replace(/(\]\()(?!\w+:|#)([^)#\s]+)/g, (_, before, target) => before + addressOf(target, false))
            .replace(/(<img src=")(?!\w+:)([^"]+)/g, (_, before, target) => before + addressOf(target, true)),
    )
    .join("");
}
