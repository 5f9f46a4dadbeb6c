// Where the plugin of a version is downloaded from, by what package.json says of the repository.
import { expect, it } from "vitest";
import { packageVersion, pluginDownloadUrl } from "../../definition/package";
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
