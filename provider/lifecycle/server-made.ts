// Which differences between what we sent and what is live can only be PostHog's own doing (API §2.3). Asked when an answer was lost, so that
// nothing but the live flow tells whether the write arrived.
import { createHash } from "node:crypto";
import { differences, type Difference } from "../canonical/compare";
import { copy, isDict, own, put, stableText, type Dict } from "../canonical/values";
import { inputItems } from "../canonical/secrets";

interface ServerMade {
  row: string;
  matches(difference: Difference, sent: Dict): boolean;
}

const underConfig = ({ path }: Difference, ...keys: string[]): boolean => path[0] === "actions" && path[2] === "config" && keys.every((key, i) => path[3 + i] === key);

const RULES: readonly ServerMade[] = [
  { row: "2.3.1: an input with a default", matches: (d) => d.kind === "added" && underConfig(d, "inputs") && d.path.length <= 5 },
  { row: "2.3.1: the template's own language", matches: (d) => underConfig(d, "inputs") && d.path.length === 6 && d.path[5] === "templating" && d.kind !== "removed" },
  { row: "2.3.1: an input that the template does not have", matches: (d) => d.kind === "removed" && underConfig(d, "inputs") && d.path.length === 5 },
  { row: "13: the body of a saved template", matches: (d, sent) => underConfig(d, "inputs", "email", "value") && d.kind === "added" && own(own(own(sent["actions"], String(d.path[1])), "config"), "templateUuid") !== undefined },
  { row: "14: a generated design", matches: (d) => underConfig(d, "inputs", "email", "value", "design") && d.kind === "added" },
  { row: "7: an unknown key of a filter", matches: (d) => d.kind === "removed" && d.path.includes("filters") && !d.path.includes("properties") && !d.path.includes("events") },
  { row: "24: an unknown key", matches: (d) => d.kind === "removed" && d.path.includes("extra") },
  { row: "25: link tags by the team's defaults", matches: (d) => d.kind === "added" && d.path.length === 4 && ["utm_tags_enabled", "utm_params", "utm_params_from_default"].includes(String(d.path[3])) },
];

/** Whether live is what PostHog makes of this content. */
export function isWhatWeSent(sent: Dict, live: Dict): boolean {
  return differences(sent, live).every((difference) => RULES.some((rule) => rule.matches(difference, sent)));
}

/** A hash of content that is the same for what was sent and for what PostHog made of it, given the names of the inputs that were sent. */
export function attemptHash(content: Dict, like: Dict = content): string {
  const reduced = copy(content);
  const sent = new Map([...inputItems(like)].map(({ id, key, item }) => [`${id}\n${key}`, item]));
  for (const { id, key, item, inputs } of [...inputItems(reduced)]) {
    const ours = sent.get(`${id}\n${key}`);
    if (ours === undefined) delete inputs[key];
    else if (isDict(item) && own(ours, "templating") === undefined) {
      const { templating: _, ...rest } = item;
      put(inputs, key, rest);
    }
  }
  return createHash("sha256").update(stableText(reduced)).digest("hex").slice(0, 32);
}
