// The pages that are made from the code.
import { commandsPage } from "./commands.mjs";
import { referencePages } from "./reference.mjs";
import { REFERENCE_PAGES } from "./reference-pages.mjs";
import { rulesPage } from "./rules.mjs";

/** Every page: its file, relative to the repository, and its text. Needs the built package. */
export async function pages() {
  return [commandsPage(), rulesPage(), ...referencePages(REFERENCE_PAGES)];
}
