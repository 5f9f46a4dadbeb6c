// Runs the emulator; builds the project first when that has not been done.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const main = fileURLToPath(new URL("../dist/emulator/main.js", import.meta.url));

if (!existsSync(main)) {
  const build = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (build.status !== 0) {
    console.error("The build failed, so there is no emulator to run.");
    process.exit(build.status ?? 1);
  }
}

const child = spawn(process.execPath, [main, ...process.argv.slice(2)], { stdio: "inherit" });
// A terminal sends its interrupt to both processes; this one waits for the other's clean end.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
