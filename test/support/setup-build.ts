// Before a suite that runs the built package: builds it when `vitest` was started by hand.
import { build } from "../../tools/build.mjs";

export async function setup(): Promise<void> {
  await build();
}
