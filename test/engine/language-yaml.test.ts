// A program in YAML, from its first preview to its end.
import { describeProgramsIn } from "../support/language-scenario";
import { yamlLanguage } from "../support/languages";

await describeProgramsIn(yamlLanguage);
