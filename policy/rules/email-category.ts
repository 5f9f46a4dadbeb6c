// Every e-mail has a way out for whoever gets it: a category that people can opt out of, or a link to unsubscribe.
import { isDict, type Dict } from "../../definition/canonical/values";
import { textOf } from "../../definition/graph/view";
import { UNSUBSCRIBES } from "../../rules/emails";
import { email, flowOf } from "../../rules/examples";
import type { PolicyFinding } from "../finding";
import type { PolicyFlow, PolicyStep } from "../resources";
import { policyRule } from "../rule";
import { EXCEPT, oneOf, texts, yesOrNo, type SettingsOf } from "../settings";

const SETTINGS = {
  require: oneOf(
    "either",
    ["either", "both", "category", "link"],
    "What an e-mail must have: a category, an unsubscribe link, either or both.",
  ),
  categories: texts([], "Ids of the message categories that are allowed; none: every category."),
  sparesTransactional: yesOrNo(true, "Leaves e-mails alone that the program calls transactional."),
  ...EXCEPT,
} as const;
type Settings = SettingsOf<typeof SETTINGS>;

export const emailCategory = policyRule({
  title: "A way out of e-mails",
  text: "Every e-mail has a message category that people can opt out of, or an unsubscribe link.",
  why: "Laws and mailbox providers ask for a way to get no more mail of this kind",
  severity: "high",
  settings: SETTINGS,
  fails: { flows: { welcome: flowOf({ mail: email() }).flow! }, settings: {} },
  passes: {
    flows: {
      welcome: flowOf({ mail: email({ html: '<a href="{{ unsubscribe_url }}">Unsubscribe</a>' }) }).flow!,
    },
    settings: {},
  },
  *flow(flow, settings) {
    for (const step of flow.steps) if (step.channel === "email") yield* lacks(flow, step, settings);
  },
});

function* lacks(flow: PolicyFlow, { path, config }: PolicyStep, settings: Settings): Generator<PolicyFinding> {
  const { require: demand, categories, sparesTransactional } = settings;
  const at = [...path, "config"];
  const unknown = ["messageCategoryId", "messageCategoryType", "inputs"].filter((key) => flow.isUnknown([...at, key]));
  if (sparesTransactional) {
    if (unknown.includes("messageCategoryType")) return void flow.known([...at, "messageCategoryType"]);
    if (config["messageCategoryType"] === "transactional") return;
  }
  const category = textOf(config["messageCategoryId"]);
  if (category !== undefined && categories.length > 0 && !categories.includes(category))
    yield {
      path: [...at, "messageCategoryId"],
      what: "the message category is not one of those that are allowed",
      why: `Allowed are ${categories.join(", ")}`,
      fix: "Use one of them",
    };
  const link = hasLink(config);
  const missing = {
    category: category === undefined,
    link: !link,
    either: category === undefined && !link,
    both: category === undefined || !link,
  }[demand];
  if (!missing) return;
  // What is not known yet may be what is missing.
  const open = unknown.filter((key) => key !== "messageCategoryType");
  const decides = open.filter((key) => demand !== (key === "inputs" ? "category" : "link"));
  for (const key of decides) flow.known([...at, key]);
  if (decides.length > 0) return;
  yield { path, ...WORDS[demand], ...(config["templateUuid"] !== undefined && !link ? { why: SAVED } : {}) };
}

const SAVED = "Its text is saved in PostHog, so a link in it cannot be seen here";
const CATEGORY = "set `messageCategoryId` to a category of the project";
const LINK = "add {{ unsubscribe_url }} to its text";
const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;
const WORDS: Readonly<Record<Settings["require"], { what: string; fix: string }>> = {
  category: { what: "the e-mail has no message category", fix: capital(CATEGORY) },
  link: { what: "the e-mail has no unsubscribe link", fix: capital(LINK) },
  either: {
    what: "the e-mail has neither a message category nor an unsubscribe link",
    fix: `${capital(CATEGORY)}, or ${LINK}`,
  },
  both: {
    what: "the e-mail needs a message category and an unsubscribe link",
    fix: `${capital(CATEGORY)}, and ${LINK}`,
  },
};

function hasLink({ inputs }: Readonly<Dict>): boolean {
  const item = isDict(inputs) ? inputs["email"] : undefined;
  const value = isDict(item) ? item["value"] : undefined;
  if (!isDict(value)) return false;
  return UNSUBSCRIBES.test(`${textOf(value["html"]) ?? ""} ${textOf(value["text"]) ?? ""}`);
}
