// A step back in the words of composition: each kind by the function that makes it, and what that function cannot say by `action`, which takes the step
// as the API has it.
import { table } from "../../definition/schema/table";
import type { ActionType } from "../../definition/schema/types";
import { isDict } from "../../definition/canonical/values";
import { NotExpressible } from "./conditions";
import { Call } from "./expression";
import { FORKS } from "./forks";
import { MESSAGES } from "./messages";
import { makesStep } from "./proof";
import { withSecrets } from "./step-inputs";
import { pathOf, withResult, type StepOf, type Write } from "./step-options";
import { typed } from "./takes";
import { TIMES } from "./times";
import type { Words } from "./words";

const BY_TYPE = table<Write>({
  ...MESSAGES,
  ...TIMES,
  ...FORKS,
  trigger: () => {
    throw new NotExpressible("a trigger is no step");
  },
} satisfies Record<ActionType, Write>);

/** The call that makes the step. Throws `NotExpressible` where not even `action` can. */
export function stepCall(given: StepOf, words: Words): Call {
  try {
    const write = BY_TYPE[given.step.type];
    if (write === undefined)
      throw new NotExpressible(`${given.step.type} is a type of step that this version does not know`);
    const call = typed(write(given, words));
    // These functions write more than they are told; the others are proved with the whole flow.
    if (Object.hasOwn(MESSAGES, given.step.type) && !makesStep(call, given, words))
      throw new NotExpressible("its function writes it in another way");
    return call;
  } catch (error) {
    if (!(error instanceof NotExpressible)) throw error;
    return asAction(given, words);
  }
}

/** The step as the API has it. What leads on from it without a branch goes behind it. */
function asAction(given: StepOf, words: Words): Call {
  const { step, id, paths } = given;
  if (typeof step.type !== "string" || !isDict(step.config ?? {}))
    throw new NotExpressible(`${id} is no step that \`action\` takes`);
  const rest = paths.find(({ index }) => index === undefined);
  if (step.type === "exit" || (rest !== undefined && rest.items.length > 0) || (paths.length > 0 && rest === undefined))
    throw new NotExpressible(`${id} leads on in a way that \`action\` cannot say`);
  const branches = paths.filter(({ index }) => index !== undefined).map(({ items }) => pathOf(items));
  return typed(
    new Call("action", [
      words.keyOf(id),
      withResult(given, words, {
        type: step.type,
        config: withSecrets(step.config),
        ...(branches.length > 0 ? { branches } : {}),
      }),
    ]),
  );
}
