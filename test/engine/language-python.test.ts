// A program in Python, from its first preview to its end.
import { describeProgramsIn } from "../support/language-scenario";
import { pythonLanguage } from "../support/languages";

await describeProgramsIn(pythonLanguage);
