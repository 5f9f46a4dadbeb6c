// Where the plugin and the pages of a version are, by what package.json says of the repository.
import { expect, it } from "vitest";
import { packageVersion, pageOf, pluginDownloadUrl } from "../../definition/package";
import manifest from "../../package.json";

const RELEASE = "https://github.com/acme/hog.flow/releases/download/v1.2.3-rc.1";

it.each([
  [{ type: "git", url: "git+https://github.com/acme/hog.flow.git" }, RELEASE],
  [{ type: "git", url: "https://github.com/acme/hog.flow" }, RELEASE],
  ["https://github.com/acme/hog.flow.git", RELEASE],
  [{ type: "git", url: "git+https://git.example.com/acme/hogflow.git" }, undefined],
  [{ type: "git", url: "git+https://github.com/acme.git" }, undefined],
  [undefined, undefined],
])("with %j is %s", (repository, url) => {
  expect(pluginDownloadUrl({ version: "1.2.3-rc.1", repository })).toBe(url);
});

it("is that of package.json, which has no address in a checkout: it is written there when the package is packed", () => {
  expect([packageVersion(), pluginDownloadUrl()]).toEqual([manifest.version, pluginDownloadUrl(manifest)]);
});

it.each([
  ["git+https://git.example.com/acme/hogflow.git", "https://git.example.com/acme/hogflow/blob/v1.2.3/docs/rules.md"],
  ["https://github.com/acme/hog.flow/", "https://github.com/acme/hog.flow/blob/v1.2.3/docs/rules.md"],
  ["github:acme/hogflow", "docs/rules.md in the repository of pulumi-hogflow"],
  [undefined, "docs/rules.md in the repository of pulumi-hogflow"],
])("a page of the documentation is, with %j, %s", (repository, page) => {
  expect(pageOf("docs/rules.md", { version: "1.2.3", repository })).toBe(page);
});
