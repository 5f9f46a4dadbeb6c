// A rule about keys, tokens and passwords in a program.
import { parsePath, startsWith, type Path } from "../definition/canonical/paths";
import { own } from "../definition/canonical/values";
import type { Credential } from "../definition/schema/credentials";
import { SECRET_INPUTS } from "../definition/schema/templates";
import { secretName } from "../definition/schema/secret-name";
import { credentialTexts } from "../definition/graph/credential-texts";
import { templatedSteps } from "../definition/graph/inputs";
import { rulesOf, type RuleFinding } from "./rule";
import { listOf, type FlowView } from "../definition/graph/view";
import { flowOf, webhook } from "./examples";

const withKey = (key: string) =>
  flowOf({ notify: webhook({ headers: { value: { Authorization: `Bearer ${key}` } } }) });

/** What is found of one text that holds credentials. The values are never part of it. */
export function credentialFound(path: Path, credentials: readonly Credential[], resource: unknown): RuleFinding {
  const [{ what, name }] = credentials as [Credential];
  const key = secretName(
    typeof resource === "string" ? resource : "",
    ...path.filter((part): part is string => typeof part === "string" && !PASSED_OVER.has(part)),
    ...(name === undefined || path.includes(name) ? [] : [name]),
  );
  return {
    path,
    what: `holds ${what} in clear${name === undefined || path.at(-1) === name ? "" : `: \`${name}\``}`,
    fix: `Run \`pulumi config set --secret ${key}\`, which asks for the value, and write config.requireSecret("${key}") instead; inside a text, write pulumi.interpolate\`…\${config.requireSecret("${key}")}…\``,
  };
}
/** Parts of a path that say nothing to people. */
const PASSED_OVER: ReadonlySet<string> = new Set(["actions", "config", "inputs", "value", "default"]);

function* found(flow: FlowView): Generator<RuleFinding> {
  const texts = credentialTexts(flow.definition);
  if (texts.length === 0) return;
  const secret = listOf(flow.inputs["secretPaths"])
    .flatMap((text) => (typeof text === "string" ? [parsePath(text) ?? []] : []))
    .filter((path) => path.length > 0);
  // Inputs that PostHog keeps encrypted are secrets of the stack, too, whoever wrote them.
  const stored = templatedSteps(flow).flatMap(({ at, templateId }) =>
    (SECRET_INPUTS[String(templateId)] ?? []).map((key): Path => [...at, key]),
  );
  const isSecret = (path: Path): boolean => [...secret, ...stored].some((prefix) => startsWith(path, prefix));
  for (const { path, credentials } of texts)
    if (!isSecret(path)) yield credentialFound(path, credentials, own(flow.definition, "name"));
}

export const credentialRules = rulesOf({
  "credential-in-text": {
    severity: "warning",
    refusedBy: "meaning",
    text: "No key, token or password is written in clear in a program.",
    why: "Everybody who can read the repository, the state or the flow in PostHog can see it",
    cites: "design L13",
    fails: withKey("q7Vd2mXk9ZpT4wLs8RnC"),
    passes: withKey("{person.properties.token}"),
    find: found,
  },
});
