// The files that `hogflow init` writes: the template of `pulumi new`, and the recipes for CI. The build puts them beside the compiled code.
import { readFileSync } from "node:fs";
import path from "node:path";

/** Texts by path. */
type Texts = Readonly<Record<string, string>>;

/** What there is to write. */
export interface ProjectFiles {
  /** A new project, with `${PROJECT}` and `${DESCRIPTION}`. */
  template: Texts;
  /** Workflows of GitHub Actions, by file name. */
  github: Texts;
  /** Files for GitLab CI. */
  gitlab: Texts;
}

const FILE = path.join(__dirname, "..", "..", "project-files.json");

/** The files of this package. */
export const readProjectFiles = (): ProjectFiles => JSON.parse(readFileSync(FILE, "utf8")) as ProjectFiles;
