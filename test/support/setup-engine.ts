// Before the engine suite: the package is built and the engine known, also when `vitest` was started
// by hand; after it, nothing of it runs any more.
import { randomUUID } from "node:crypto";
import { build } from "../../tools/build.mjs";
import { findEngine } from "../../tools/engine/find.mjs";
import { killMarked } from "../../tools/engine/leftovers.mjs";

const RUN = "HOGFLOW_TEST_RUN";
const ENGINE_DIR = "HOGFLOW_ENGINE_DIR";

export async function setup(): Promise<(() => void) | undefined> {
  await build();
  process.env[ENGINE_DIR] ??= (await findEngine({ languages: true, log: console.log })).folder;
  // tools/test.mjs has a mark of its own, and ends what carries it.
  if (process.env[RUN]) return undefined;
  const run = randomUUID();
  process.env[RUN] = run;
  return () => void killMarked(RUN, run);
}
