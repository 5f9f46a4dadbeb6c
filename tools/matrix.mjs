// `npm run matrix`: sets the project up where that has not been done, then tries every edit that somebody can make in PostHog's editor, and says
// whether a refresh sees it. `npm run matrix -- --only "delay: config"` tries those whose field, kind or note holds the text.
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { REPOSITORY, setUp } from "./setup.mjs";

try {
  await setUp();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const tsx = import.meta.resolve("tsx");
const main = fileURLToPath(new URL("../test/matrix/main.ts", import.meta.url));
const child = spawn(process.execPath, ["--import", tsx, path.relative(REPOSITORY, main), ...process.argv.slice(2)], {
  cwd: REPOSITORY,
  stdio: "inherit",
});
// A terminal sends its interrupt to all processes; this one waits for the others' end.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
