// Prints the promises, for `npm run acceptance -- --list`.
import { PROMISES } from "./promises";

const width = Math.max(...PROMISES.map(({ id }) => id.length));
for (const { id, says, live } of PROMISES)
  process.stdout.write(`${id.padEnd(width)}  ${says}${live ? " (with --live)" : ""}\n`);
