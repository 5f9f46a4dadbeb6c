// Runs `pulumi preview --json` for a review.
import { OperateError } from "../errors";
import { runPulumi, type PulumiOptions } from "../pulumi";
import type { Workspace } from "../workspace";

/** A preview that finds problems ends with a code of its own and prints its JSON all the same; newer engines number their failures. */
const FAILURES: readonly number[] = Array.from({ length: 256 }, (_, code) => code);

/**
 * What `pulumi preview --json --show-sames` prints for the workspace's stack: also what stays, so that a schedule that changes knows its flow. A preview that fails is no error here: its output
 * says why.
 *
 * @throws OperateError without a project or a stack, and when nothing was printed.
 * @example
 * ```ts
 * parsePreview(await runPreview(openWorkspace(), { env: process.env }));
 * ```
 */
export async function runPreview(
  { dir, project, stack }: Workspace,
  { env, signal }: Pick<PulumiOptions, "env" | "signal">,
): Promise<string> {
  if (project === undefined)
    throw new OperateError({
      what: "There is no Pulumi project here",
      fix: "Run this in the folder of the project, name it with --cwd, or give the output of `pulumi preview --json` as a file",
    });
  if (stack === undefined)
    throw new OperateError({ what: "No stack is selected", fix: "Name one with --stack, or run: pulumi stack select" });
  const { stdout, stderr } = await runPulumi(
    ["preview", "--json", "--show-sames", "--non-interactive", "--stack", stack],
    { cwd: dir, env, signal, why: "The preview says what a change would do", accept: FAILURES },
  );
  if (stdout.trim() === "")
    throw new OperateError({
      what: "`pulumi preview --json` printed nothing",
      why: stderr.trim().split("\n").slice(-5).join(" ") || "It printed nothing on standard error either",
      fix: "Run it yourself to see more",
    });
  return stdout;
}
