// `npm run archive`: makes the archive of the plugin for one platform, as the engine downloads it from a release. The plugin is inside with Node itself, so that
// it starts on a machine that has none: Node's own executable, unchanged, with the signature of those who made it. From the same files comes the same archive,
// byte for byte. Needs no packages but for a build, so that a release makes each archive on a runner of its platform, with the Node there.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const USAGE_ERROR = 2;
const REPOSITORY = path.dirname(import.meta.dirname);
const PLUGIN = "pulumi-resource-hogflow";
const SCRIPT = "plugin.cjs";

/** As the engine calls them (workspace/plugins.go), by the names that Node has for them. */
const SYSTEMS = { linux: "linux", darwin: "darwin", win32: "windows" };
const ARCHITECTURES = { x64: "amd64", arm64: "arm64" };
export const PLATFORMS = Object.values(SYSTEMS).flatMap((system) =>
  Object.values(ARCHITECTURES).map((architecture) => `${system}-${architecture}`),
);

export const archiveName = (version, platform) => `${PLUGIN}-v${version}-${platform}.tar.gz`;

/** What the engine starts. On Windows it looks for `.exe`, then for `.cmd`. */
const LAUNCHERS = {
  sh: {
    name: PLUGIN,
    text: `#!/bin/sh\n# Starts the plugin with the Node beside it.\nexec "\${0%/*}/node" "\${0%/*}/${SCRIPT}" "$@"\n`,
  },
  cmd: { name: `${PLUGIN}.cmd`, text: `@"%~dp0node.exe" "%~dp0${SCRIPT}" %*\r\n` },
};

/**
 * The files of an archive, in the order in which they are in it.
 * @param {{ platform: string, folder: string, node: string, license: string }} source The folder of the package, built; an executable of Node for this platform, and
 *   the file with its licence.
 * @returns {{ name: string, content: Buffer, isExecutable?: boolean }[]}
 */
export function archiveFiles({ platform, folder, node, license }) {
  const isWindows = platform.startsWith("windows-");
  const { name, text } = LAUNCHERS[isWindows ? "cmd" : "sh"];
  const inPackage = (...file) => readFileSync(path.join(folder, ...file));
  const licenses = [
    inPackage("dist", "plugin", "LICENSES.txt").toString().trim(),
    `Node.js\n\n${readFileSync(license, "utf8").trim()}`,
  ];
  return [
    { name, content: Buffer.from(text), isExecutable: true },
    { name: SCRIPT, content: inPackage("dist", "plugin", PLUGIN) },
    { name: isWindows ? "node.exe" : "node", content: readFileSync(node), isExecutable: true },
    { name: "LICENSE", content: inPackage("LICENSE") },
    { name: "LICENSES.txt", content: Buffer.from(`${licenses.join(`\n\n${"-".repeat(80)}\n\n`)}\n`) },
  ];
}

const BLOCK = 512;
/** The time that npm gives to the files of a package. */
const MODIFIED = Date.UTC(1985, 9, 26, 8, 15) / 1000;
/** Where gzip names the system that it ran on, and the value for none. */
const GZIP_SYSTEM = 9;
const UNKNOWN_SYSTEM = 255;

/** These files as .tar.gz, without anything of this machine: owner, times, system. */
export function tarball(files) {
  const blocks = files.flatMap(({ name, content, isExecutable }) => [
    header(name, content.length, isExecutable ? 0o755 : 0o644),
    content,
    Buffer.alloc(-content.length & (BLOCK - 1)),
  ]);
  const zipped = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
  zipped[GZIP_SYSTEM] = UNKNOWN_SYSTEM;
  return zipped;
}

/** Of a file in a tar archive, in the format ustar of POSIX. */
function header(name, size, mode) {
  const block = Buffer.alloc(BLOCK);
  const octal = (value, digits) => `${value.toString(8).padStart(digits, "0")}\0`;
  const fields = [
    [0, name],
    [100, octal(mode, 7)],
    [108, octal(0, 7)],
    [116, octal(0, 7)],
    [124, octal(size, 11)],
    [136, octal(MODIFIED, 11)],
    // The sum of all bytes, with spaces where it is itself.
    [148, " ".repeat(8)],
    [156, "0"],
    [257, "ustar\u000000"],
  ];
  for (const [at, text] of fields) block.write(text, at, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)} `, 148, "latin1");
  return block;
}

/** The licence of this Node, by where it is installed: an archive of nodejs.org (on Windows, in the same folder), or a package of a Linux distribution. */
function nodeLicense(node) {
  const folder = path.dirname(node);
  const places = [
    path.join(folder, "..", "LICENSE"),
    path.join(folder, "LICENSE"),
    path.join(folder, "..", "share", "doc", "nodejs", "LICENSE"),
    path.join(folder, "..", "share", "doc", "nodejs", "copyright"),
  ];
  return (
    places.find((file) => existsSync(file)) ??
    end(1, `There is no licence of Node beside ${node}, and the archive must have it. Give its file with --license.`)
  );
}

async function main() {
  const own = `${SYSTEMS[process.platform]}-${ARCHITECTURES[process.arch]}`;
  const { values } = parseArgs({
    options: {
      /** The folder of a package that is built. Default: this repository, after a build. */
      package: { type: "string" },
      platform: { type: "string", default: own },
      node: { type: "string" },
      license: { type: "string" },
      out: { type: "string", default: "archives" },
    },
  });
  const { platform } = values;
  if (!PLATFORMS.includes(platform))
    end(USAGE_ERROR, `There is no archive for ${platform}: Pulumi downloads plugins for ${PLATFORMS.join(", ")}.`);
  if (values.node === undefined && platform !== own)
    end(USAGE_ERROR, `This Node is for ${own}. Give an executable of Node for ${platform} with --node.`);
  const node = values.node ?? realpathSync(process.execPath);
  const license = values.license ?? nodeLicense(node);
  // Not at the top: a package that is built already needs no packages.
  if (values.package === undefined) await (await import("./build.mjs")).build();
  const folder = values.package ?? REPOSITORY;
  const { version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const content = tarball(archiveFiles({ platform, folder, node, license }));
  const file = path.join(values.out, archiveName(version, platform));
  mkdirSync(values.out, { recursive: true });
  writeFileSync(file, content);
  console.log(
    `${file}, ${(content.length / 1e6).toFixed(1)} MB, SHA-256 ${createHash("sha256").update(content).digest("hex")}`,
  );
  console.log(`Install it: pulumi plugin install resource hogflow ${version} --file ${file}`);
}

function end(code, message) {
  console.error(message);
  process.exit(code);
}

if (realpathSync(process.argv[1] ?? ".") === fileURLToPath(import.meta.url)) await main();
