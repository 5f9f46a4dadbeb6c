// The proof that an expression says what is live: it is run, and what it makes is compared.
import * as pulumi from "@pulumi/pulumi";
import { canonical, definitionOf } from "../../definition/canonical/canonical";
import { inputItems, isKeptSecret } from "../../definition/canonical/secrets";
import { copy, isDict, own, put, same, type Dict } from "../../definition/canonical/values";
import * as sdk from "../../sdk/index";
import { convert } from "../../sdk/internal";
import { run, type Call, type Scope } from "./expression";
import type { StepOf } from "./step-options";
import type { Words } from "./words";

/** What the expression is in a program with these constants. */
export const expressed = (expression: unknown, constants: Scope = {}): unknown =>
  run(expression, { ...sdk, ...constants });

/** What a flow with these arguments is, in canonical form, or where it is wrong. */
export function madeBy(args: Dict, name: string): { definition: Dict; problem?: string } {
  const { definition, findings: problems } = convert(args, name);
  return {
    definition: canonical(definitionOf(plain(definition) as Dict)),
    ...(problems.length > 0 ? { problem: problems[0]!.path.join(".") } : {}),
  };
}

/** Whether the call of a step without paths makes the step, wiring aside. */
export function makesStep(call: Call, { id, step }: StepOf, words: Words): boolean {
  const { definition, problem } = madeBy(
    {
      trigger: sdk.on.event("any"),
      steps: [expressed(call, { vars: sdk.variables(Object.fromEntries(words.declared) as Record<string, "string">) })],
    },
    "any",
  );
  const wanted = { actions: { [id]: bare(step as unknown as Dict) } };
  return (
    problem === undefined &&
    same(withKeptSecrets(wanted), withKeptSecrets({ actions: { [id]: bare(own(definition["actions"], id) as Dict) } }))
  );
}

const bare = ({ next: _, branches: __, ...step }: Dict): Dict => step;

/** A value that no flow holds by chance. */
const OUTPUT = "an output";

/** Outputs are secrets in clear here, which no program is written with. */
function plain(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) return OUTPUT;
  if (Array.isArray(value)) return value.map(plain);
  if (!isDict(value)) return value;
  const out: Dict = {};
  for (const [key, item] of Object.entries(value)) put(out, key, plain(item));
  return out;
}

/** The definition with the same mark wherever PostHog keeps a secret. */
export function withKeptSecrets(definition: Dict): Dict {
  const out = copy(definition);
  for (const { key, item, inputs } of inputItems(out)) if (isKeptSecret(item)) put(inputs, key, { secret: true });
  return out;
}
