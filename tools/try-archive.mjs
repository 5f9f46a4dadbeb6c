// `node tools/try-archive.mjs <archive>`: tries the archive of a release on the platform that it is for. Unpacks it, starts the plugin as the engine does, on a
// machine without Node as far as the plugin can see, and asks it for its version over gRPC. Needs only Node, and tar.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, rmSync } from "node:fs";
import { connect } from "node:http2";
import os from "node:os";
import path from "node:path";

const USAGE_ERROR = 2;
const LIMIT_MS = 60_000;
const IS_WINDOWS = process.platform === "win32";
const PLUGIN = IS_WINDOWS ? "pulumi-resource-hogflow.cmd" : "pulumi-resource-hogflow";

const [archive] = process.argv.slice(2);
const [, version] = /-v(\d[^/\\]*)-\w+-\w+\.tar\.gz$/.exec(archive ?? "") ?? [];
if (version === undefined) {
  console.error("Usage: node tools/try-archive.mjs pulumi-resource-hogflow-v<version>-<system>-<architecture>.tar.gz");
  process.exit(USAGE_ERROR);
}

// With a space, as in many a user's name.
const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow try archive "));
process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
const unpacked = spawnSync("tar", ["xzf", "-"], { cwd: folder, stdio: [openSync(archive, "r"), "inherit", "inherit"] });
if (unpacked.status !== 0) throw new Error(`tar could not unpack ${archive}.`);

const started = Date.now();
const { PATH: _, Path: __, ...env } = process.env;
const file = path.join(folder, PLUGIN);
// A batch file is started by a shell only.
const plugin = spawn(IS_WINDOWS ? `"${file}"` : file, [], {
  cwd: folder,
  env: { ...env, PATH: "" },
  stdio: ["ignore", "pipe", "inherit"],
  shell: IS_WINDOWS,
});
const limit = setTimeout(() => {
  stop();
  throw new Error(`The plugin of ${archive} did not answer within ${LIMIT_MS / 1000} s.`);
}, LIMIT_MS);
let isStopped = false;
plugin.on("exit", (code, signal) => {
  if (!isStopped) throw new Error(`The plugin of ${archive} ended with ${signal ?? code}.`);
});
const [port] = String((await once(plugin.stdout, "data"))[0]).split("\n");
const startedMs = Date.now() - started;
const said = await versionOf(port);
clearTimeout(limit);
stop();
if (said !== version) throw new Error(`The plugin of ${archive} says that it is ${said}.`);
console.log(`${path.basename(archive)} starts without Node on PATH, in ${startedMs} ms, and says that it is ${said}.`);

/** Calls GetPluginInfo: an empty message there, one with the version as its first field back. A frame begins with a flag and four bytes of length. */
async function versionOf(at) {
  const session = connect(`http://127.0.0.1:${at}`);
  const call = session.request({
    ":method": "POST",
    ":path": "/pulumirpc.ResourceProvider/GetPluginInfo",
    "content-type": "application/grpc",
    te: "trailers",
  });
  call.end(Buffer.alloc(5));
  const answer = Buffer.concat(await call.toArray());
  session.close();
  return answer.subarray(7, 7 + answer[6]).toString();
}

/** On Windows, the plugin is a child of the shell, and the shell's end would not be its end. */
function stop() {
  isStopped = true;
  if (IS_WINDOWS) spawnSync("taskkill", ["/pid", String(plugin.pid), "/t", "/f"]);
  else plugin.kill();
}
