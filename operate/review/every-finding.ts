// A preview ends at the first resource that fails, so it holds the findings of that one and not those of the next. Of a preview that failed, the program is
// therefore run once more without an engine, and the list of problems is whole.
import type { Dict } from "../../definition/canonical/values";
import { partsText } from "../findings/sentences";
import type { LocatedFinding, ProgramReport } from "../program/validate-program";
import { openWorkspace } from "../workspace";
import type { Preview } from "./preview";
import { reasonOf } from "./undescribed";

export interface EveryFindingOptions {
  /** Folder of the Pulumi project. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
  /** Says why the program could not be run; the preview then stays as it is. */
  onFailure(why: string): void;
}

/** The same preview where it went through, or where the folder is not that of its project. */
export async function withEveryFinding(
  preview: Preview,
  { cwd, env, signal, onFailure }: EveryFindingOptions,
): Promise<Preview> {
  if (preview.problems.length === 0) return preview;
  try {
    const here = openWorkspace({ cwd, env, signal });
    const [project, stack = here.stack] = preview.stack?.split("/") ?? [here.project];
    if (here.project === undefined || here.project !== project) return preview;
    // Not before it is needed: it brings the life-cycle along.
    const { validateProgram } = await import("../program/validate-program.js");
    const known = preview.resources.filter(({ fate, before }) => before !== undefined || fate === "create");
    const report = await validateProgram(openWorkspace({ cwd, env, signal, stack }), {
      env,
      signal,
      state: new Map(known.map(({ urn, before }): [string, Dict] => [urn, before ?? {}])),
    });
    return merged(preview, report);
  } catch (error) {
    onFailure(reasonOf(error));
    return preview;
  }
}

/** Adds what the preview does not say itself. */
function merged(preview: Preview, { findings, texts }: ProgramReport): Preview {
  const said = [...preview.problems, ...preview.warnings];
  const more = findings.flatMap((finding, i) => {
    const text = texts[i] || partsText(finding);
    return said.some((message) => message.includes(texts[i] || finding.what)) ? [] : [{ finding, text }];
  });
  return {
    ...preview,
    problems: [
      ...preview.problems,
      ...more.filter(({ finding }) => finding.severity === "error").map(({ finding, text }) => problem(finding, text)),
    ],
    warnings: [
      ...preview.warnings,
      ...more.filter(({ finding }) => finding.severity === "warning").map(({ text }) => text),
    ],
  };
}

const problem = ({ resource }: LocatedFinding, text: string): string =>
  resource === undefined ? text : `${resource}: ${text}`;
