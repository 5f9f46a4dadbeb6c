// A command that the scripts of a recipe find on their PATH.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Writes the shell script `name` into the folder `bin`, which is made. */
export async function shellCommand(bin: string, name: string, script: string): Promise<void> {
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
