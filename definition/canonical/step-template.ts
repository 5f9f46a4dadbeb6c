// Which template a step or a trigger is made from, also where it is not stated.
import { MESSAGE_TEMPLATES, TRIGGER_TEMPLATES } from "../schema/templates";
import { own } from "./values";

/** Id of the template as the step has it, which may be unknown; undefined where it has none. */
export function stepTemplate(step: unknown): unknown {
  const config = own(step, "config");
  const type = String(own(step, "type"));
  return (
    own(config, "templateId") ??
    (type === "trigger" ? TRIGGER_TEMPLATES[String(own(config, "type"))] : MESSAGE_TEMPLATES[type])
  );
}
