// `npm run emulator`: sets the project up where that has not been done, then runs the emulator until it is interrupted.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

try {
  await setUp();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const main = fileURLToPath(new URL("../dist/emulator/main.js", import.meta.url));
const child = spawn(process.execPath, [main, ...process.argv.slice(2)], { stdio: "inherit" });
// A terminal sends its interrupt to both processes; this one waits for the other's clean end.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
