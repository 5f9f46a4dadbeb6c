// The recipes for CI as a project needs them: its stack, its package manager, and its folder in the repository.
import { pipelineLines, type PackageManager } from "./package-managers";

/** Where a pipeline runs. */
export const CI_SYSTEMS = ["github", "gitlab", "none"] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

/** What a recipe is fitted to. */
export interface RecipeTarget {
  stack: string;
  packageManager: PackageManager;
  /** Version of the package manager on this machine; absent where it is not known. */
  managerVersion?: string | undefined;
  /** Folder of the project in its repository, with slashes; empty for the root. */
  folder: string;
}

/** Recipes for one stack. Promotion is between two. */
const OF_ONE_STACK = ["preview.yml", "deploy.yml", "drift.yml", "contract.yml"];
/** On GitLab, one file has all jobs. */
const GITLAB_JOBS_OF_TWO = ["promote-review", "promote"];

/**
 * Paths in the repository, and texts.
 *
 * @param files The recipes as the package has them.
 */
export function recipesFor(
  system: "github" | "gitlab",
  files: Readonly<Record<string, string>>,
  target: RecipeTarget,
): Record<string, string> {
  const fit = (text: string): string => inFolder(installedBy(ofStack(text, target), target), target);
  if (system === "gitlab")
    return Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, fit(withoutJobs(text, GITLAB_JOBS_OF_TWO))]),
    );
  return Object.fromEntries(
    OF_ONE_STACK.filter((name) => files[name] !== undefined).map((name) => [
      `.github/workflows/hogflow-${name}`,
      fit(files[name]!),
    ]),
  );
}

/** The recipes deploy to `staging` and watch `production`: here both are the one stack of the project, and what is named after it has its short name. */
const ofStack = (text: string, { stack }: RecipeTarget): string =>
  text
    .replace(/^(\s+STACK: )(?:staging|production)$/gm, `$1${stack}`)
    .replace(/\b(?:staging|production)\b/g, stack.split("/").at(-1)!);

/** `npm ci` becomes what the project's package manager does; setup-node caches for npm alone, as the others are not there yet when it runs. */
function installedBy(text: string, { packageManager, managerVersion, folder }: RecipeTarget): string {
  const lines = pipelineLines(packageManager, managerVersion);
  const cached = packageManager === "npm" && folder === "";
  return text
    .split("\n")
    .filter((line) => cached || !/^\s+cache: npm$/.test(line))
    .flatMap((line) => {
      const [, indent, dash = ""] = /^(\s+)(- )?npm ci$/.exec(line) ?? [];
      return indent === undefined ? [line] : lines.map((command) => `${indent}${dash}${command}`);
    })
    .join("\n");
}

/** Jobs of GitLab are blocks between empty lines, each with the comment above it. */
const withoutJobs = (text: string, jobs: readonly string[]): string =>
  text
    .split(/\n\n(?=#|\w)/)
    .filter((block) => !jobs.some((job) => new RegExp(`^${job}:$`, "m").test(block)))
    .join("\n\n")
    .replace(/^stages: .*$/m, (line) => line.replace(" promote,", ""));

/** Every step runs in the project's folder. */
function inFolder(text: string, { folder }: RecipeTarget): string {
  if (folder === "") return text;
  return text
    .replace(/^ {2}FOLDER: \.$/m, `  FOLDER: ${folder}`)
    .replace(/^defaults:\n {2}run:\n/m, (head) => `${head}    working-directory: ${folder}\n`);
}
