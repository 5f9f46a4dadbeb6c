// A program in Go, from its first preview to its end.
import { describeProgramsIn } from "../support/language-scenario";
import { goLanguage } from "../support/languages";

await describeProgramsIn(goLanguage);
