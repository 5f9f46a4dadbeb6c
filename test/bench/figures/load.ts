// What importing the package costs a program beyond @pulumi/pulumi.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { REPOSITORY } from "../canonical";
import { interleaved, type Figure } from "../figure";

const LIMIT_MS = 100;
const run = promisify(execFile);

async function load(...modules: string[]): Promise<number> {
  const code = `const started = performance.now(); ${modules.map((name) => `require(${JSON.stringify(name)});`).join(" ")} console.log(performance.now() - started)`;
  const { stdout } = await run(process.execPath, ["-e", code], { cwd: REPOSITORY });
  return Number(stdout);
}

export const importing: Figure = {
  name: "import",
  what: "import of the package in a program, beyond @pulumi/pulumi",
  async measure({ rounds }) {
    const [both, pulumi] = await interleaved(rounds(9), [
      () => load("@pulumi/pulumi", "./dist/sdk/index.js"),
      () => load("@pulumi/pulumi"),
    ]);
    return [
      {
        name: "import of the package",
        unit: "ms",
        ours: both!.map((ms, i) => ms - pulumi![i]!),
        goal: `< ${LIMIT_MS} ms beyond @pulumi/pulumi`,
        limit: LIMIT_MS,
      },
    ];
  },
};
