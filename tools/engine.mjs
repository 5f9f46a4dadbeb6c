// `npm run engine`: makes the Pulumi engine ready, for programs in every language of the tests, and says which folder to
// put on PATH.
import { findEngine } from "./engine/find.mjs";
import { checkNode, installPackages } from "./setup.mjs";

const ORIGIN = {
  path: "found on PATH",
  cache: "made earlier",
  download: "downloaded",
  go: "built from Go modules",
};

try {
  checkNode();
  const engine = await findEngine({
    languages: true,
    log: (line) => console.error(line),
    beforeDownload: async () => {
      try {
        await installPackages({ log: (line) => console.error(line) });
      } catch (error) {
        // Only the download needs the packages; a build from Go modules may still work.
        console.error(error.message);
      }
    },
  });
  console.log(`Pulumi engine ${engine.version}, ${ORIGIN[engine.how]}.`);
  console.log(engine.folder);
  console.log(
    engine.how === "path"
      ? "It is on PATH already: run pulumi in a folder that has a Pulumi.yaml."
      : `Next: export PATH="${engine.folder}:$PATH"`,
  );
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
