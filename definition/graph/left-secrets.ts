// Secrets that a program does not have and PostHog keeps all the same: an input that is left out of a write stays as it was (API §2.3.3). No write of
// ours can take one away, so people are told what can.
import { SECRET_INPUTS } from "../schema/templates";
import { formatPath, type Path } from "../canonical/paths";
import { inputItems, isKeptSecret } from "../canonical/secrets";
import { stepTemplate } from "../canonical/step-template";
import { isDict, isUnknown, own, type Dict } from "../canonical/values";

const inputsOf = (definition: Dict, id: string): unknown =>
  own(own(own(definition["actions"], id), "config"), "inputs");

/** Secrets that PostHog has and these inputs of the program leave out, where the step is still there. */
function leftOut(stored: Dict, program: Dict, isSecret: (id: string, key: string, item: unknown) => boolean): Path[] {
  const paths: Path[] = [];
  for (const { id, key, item } of inputItems(stored)) {
    const step = own(program["actions"], id);
    const inputs = inputsOf(program, id);
    if (!isDict(step) || isUnknown(own(step, "config")) || isUnknown(inputs) || own(inputs, key) !== undefined)
      continue;
    if (isSecret(id, key, item)) paths.push(["actions", id, "config", "inputs", key]);
  }
  return paths;
}

/** What a change of the program leaves behind: a secret that somebody added in PostHog and a refresh has seen, or one that the program had. */
export function leftBySwitch(before: Dict, program: Dict): Path[] {
  return leftOut(before, program, (id, key, item) => {
    const template = stepTemplate(own(program["actions"], id));
    return isKeptSecret(item) || (SECRET_INPUTS[String(template)] ?? []).includes(key);
  });
}

/** What only the answer to a write shows: secrets of other templates, and those of a flow that was taken over. Check has told the rest. */
export function leftInAnswer(live: Dict, program: Dict, before: Dict): string[] {
  const told = new Set(leftBySwitch(before, program).map(formatPath));
  return leftOut(live, program, (_id, _key, item) => isKeptSecret(item))
    .map(formatPath)
    .filter((path) => !told.has(path));
}

/** What can be done about it, in words. */
export const LEFT_SECRET = {
  what: "is a secret that PostHog has and the program has not, and that writes leave there",
  why: "PostHog keeps a secret that is left out, by the id of its step",
  fix: 'To empty it, write { value: "" }; to keep it, stored(); a step with another id has none',
} as const;
