// `hogflow rules`: what the rules of the findings demand, why, and how to fix what breaks them.
import { listRules, ruleNamed, ruleNames, ruleText } from "../../operate/rules";
import { defineCommand, optionalList } from "../define";
import { table } from "../table";

export const rules = defineCommand({
  name: "rules",
  summary: "explain the rules of findings",
  description:
    "Explains the rules that previews, `hogflow validate` and `validate()` hold a program against. The name of a rule is in brackets at the end of its finding. With names, prints what each demands, " +
    "why, how to fix it, who enforces it, and an example; without, lists all. Needs no key and no network.",
  arguments: {
    names: { ...optionalList("names of rules, such as loop (default: all, in short)"), offers: ruleNames },
  },
  json: "a list of {name, severity, text, why, fix, enforcedBy, cites, fails, passes}",
  examples: [
    { command: "hogflow rules loop", does: "says what the rule `loop` demands, and why" },
    { command: "hogflow rules", does: "lists all rules" },
  ],
  async run({ io, print }, { names }) {
    const shown = names.length === 0 ? listRules() : names.map(ruleNamed);
    print(shown, () =>
      names.length > 0
        ? shown.map(ruleText).join("\n\n")
        : table(
            [{ title: "rule" }, { title: "severity" }, { title: "demands" }],
            shown.map(({ name, severity, text }) => [name, severity, text]),
            io.columns,
          ),
    );
  },
});
