// The official download, by the installer that the Automation API has. It runs in a process of its
// own, because it has no time limit, and a network that swallows packets would hang it.
import { existsSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./process.mjs";
import { ENGINE_VERSION, REPOSITORY } from "./recipe.mjs";

const INSTALLER_URL = "https://get.pulumi.com/install.sh";
const REACHABLE_MS = 10_000;
const LIMIT_MS = 5 * 60_000;

// Takes the SDK's folder, the version, and where to install. semver is the SDK's own dependency.
const INSTALL = `
  const [sdk, version, root] = process.argv.slice(-3);
  const semver = require(require.resolve("semver", { paths: [sdk] }));
  require(sdk + "/automation").PulumiCommand.install({ version: new semver.SemVer(version), root })
    .catch((error) => { console.error(String(error.message ?? error)); process.exit(1); });
`;

/**
 * Installs the engine into `root` (executables in `root`/bin), or throws with the reason.
 * @param {{ root: string, env: NodeJS.ProcessEnv, log: (line: string) => void }} options
 */
export async function downloadEngine({ root, env, log }) {
  const sdk = path.join(REPOSITORY, "node_modules", "@pulumi", "pulumi");
  if (!existsSync(sdk)) throw new Error("the installer is in @pulumi/pulumi, which is not installed (npm ci)");
  try {
    const answer = await fetch(INSTALLER_URL, { method: "HEAD", signal: AbortSignal.timeout(REACHABLE_MS) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
  } catch (error) {
    throw new Error(
      `${INSTALLER_URL} cannot be reached (${error.cause?.code ?? error.cause?.message ?? error.message})`,
    );
  }
  log(`Downloading the Pulumi engine ${ENGINE_VERSION} from get.pulumi.com: once for this machine.`);
  const result = await runCommand(process.execPath, ["-e", INSTALL, "--", sdk, ENGINE_VERSION, root], {
    env,
    timeoutMs: LIMIT_MS,
    heartbeat: (seconds) => log(`  downloading … ${seconds} s`),
  });
  if (result.timedOut) throw new Error(`the download took more than ${LIMIT_MS / 60_000} minutes`);
  if (result.code !== 0) throw new Error(`the installer failed: ${result.stderr.trim().slice(-500)}`);
}
